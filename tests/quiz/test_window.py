"""When a test may be begun: held, at its hour, until its end, and always where nobody said anything."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.quiz.window import Window, state_of

NOW = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("window", "state"),
    [
        (None, "terbuka"),
        (Window(), "ditahan"),
        (Window(None, LATER), "ditahan"),
        (Window(LATER), "dijadwalkan"),
        (Window(NOW), "terbuka"),
        (Window(EARLIER, LATER), "terbuka"),
        (Window(EARLIER, NOW), "ditutup"),
        (Window(None, EARLIER), "ditutup"),
    ],
)
def test_how_a_window_stands(window: Window | None, state: str) -> None:
    assert state_of(window, NOW) == state

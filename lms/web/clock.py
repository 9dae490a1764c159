"""The one place that knows what time it is; tests set another `source`."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from lms.web.dates import WIB


class Clock:
    """Gives aware moments; `source` is replaced by tests."""

    source: Callable[[], datetime] = staticmethod(lambda: datetime.now(UTC))


def now() -> datetime:
    """The present moment in UTC."""
    return Clock.source()


def today() -> date:
    """Today's date in Wonogiri."""
    return now().astimezone(WIB).date()

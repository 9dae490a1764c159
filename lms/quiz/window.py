"""When a test of a cohort may be begun and answered, as its trainer set it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["ditahan", "dijadwalkan", "terbuka", "ditutup"]


@dataclass(frozen=True, slots=True)
class Window:
    """Held back until somebody sets `opens_at`; from `closes_at` on answers are late, without it there is no end."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """How it stands at this moment; it opens and closes by itself."""
        if self.closes_at is not None and self.closes_at <= now:
            return "ditutup"
        if self.opens_at is None:
            return "ditahan"
        return "dijadwalkan" if now < self.opens_at else "terbuka"


def state_of(window: Window | None, now: datetime) -> State:
    """A test that nobody set a window for is open."""
    return window.state(now) if window else "terbuka"

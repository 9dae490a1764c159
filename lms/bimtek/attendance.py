"""Rules of presence: a code that changes every half minute, when coming counts as late, what share was attended."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.web import crockford
from lms.web.dates import WIB

SECONDS = 30
"""How long one code is shown."""

AROUND = 2
"""A code is taken so many windows before and after its own: phones are slow, and clocks differ."""

LETTERS = 6
EARLY = timedelta(hours=1)
AFTER = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=15)


def code_at(key: bytes, meeting_id: int, moment: datetime, shift: int = 0) -> str:
    """The code of a meeting in the window of this moment, or so many windows later."""
    window = int(moment.timestamp()) // SECONDS + shift
    return crockford.encode(hmac.digest(key, f"hadir:{meeting_id}:{window}".encode(), "sha256"), LETTERS)


def showing(key: bytes, meetings: Iterable[int], typed: str, moment: datetime) -> int | None:
    """Which of these meetings shows this code now, or did or will within two windows."""
    code = crockford.normalise(typed, LETTERS)
    if code is None:
        return None
    for meeting in meetings:
        around = (code_at(key, meeting, moment, shift) for shift in range(-AROUND, AROUND + 1))
        if any(hmac.compare_digest(code, each) for each in around):
            return meeting
    return None


def seconds_left(moment: datetime) -> int:
    """Until the code changes: 1 to 30."""
    return SECONDS - int(moment.timestamp()) % SECONDS


def state_at(starts_at: datetime, moment: datetime) -> str:
    """Return the state that coming at this moment is noted as."""
    return "terlambat" if moment > starts_at + LATE_AFTER else "hadir"


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One item of the day."""

    id: int
    cohort_id: int
    starts_at: datetime
    ends_at: datetime
    subject: str
    module: str
    speaker: str
    jp: int
    cancelled_at: datetime | None

    @property
    def day(self) -> date:
        """Its day in Wonogiri."""
        return self.starts_at.astimezone(WIB).date()

    @property
    def hours(self) -> str:
        """07.30–09.00"""
        return f"{self.starts_at.astimezone(WIB):%H.%M}–{self.ends_at.astimezone(WIB):%H.%M}"

    def is_on(self, moment: datetime) -> bool:
        """Whether somebody may say now that they are there."""
        return self.cancelled_at is None and self.starts_at - EARLY <= moment <= self.ends_at + AFTER

"""How often a PIN, password or code may be guessed: counted before anything slow is worked out, and in the database.

Per account and device the wait grows: after 5 tries the rest of five minutes, after 10 the rest of the hour. In a day
at most 50 tries are worked out for an account by all ways together: 40 from devices that have never signed in to it and
10 from each that has, so that nobody who fails on purpose keeps the owner out.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lms.web.limits import count_try, tried, tried_since

HOUR, DAY = 3_600, 86_400
STEPS = ((300, 5), (HOUR, 10))
ALL_A_DAY, UNKNOWN_A_DAY, KNOWN_A_DAY = 50, 40, 10
# A day of any 24 hours is counted in the windows of an hour that it touches.
A_DAY_OF_HOURS = timedelta(hours=25)
PIN_FAILURES_A_DAY = 500
NEW_PINS_A_DAY = 5
CODE_FAILURES_AN_HOUR = 1_000


@dataclass(frozen=True, slots=True)
class Guess:
    """A try at an account; `device` is one that has signed in to it before, else "". It counts for each hash tried."""

    account: str
    device: str = ""
    hashes: int = 1

    @property
    def steps(self) -> list[tuple[str, int, int]]:
        """(key, seconds, most) by which the wait grows."""
        return [(f"tebak-{seconds}:{self.account}:{self.device}", seconds, most) for seconds, most in STEPS]

    @property
    def day(self) -> list[tuple[str, int]]:
        """(key, most) in a day: of this known device, or of what unknown ones share, and of all together."""
        own = (f"kenal:{self.account}:{self.device}", KNOWN_A_DAY)
        return [own if self.device else (f"asing:{self.account}", UNKNOWN_A_DAY), (f"semua:{self.account}", ALL_A_DAY)]


def guess_at(person_id: int, device: str = "", hashes: int = 1) -> Guess:
    """A try at somebody's account, by whatever way."""
    return Guess(f"orang:{person_id}", device, hashes)


def guess_at_nobody(typed: str) -> Guess:
    """A try at an account that is not there, which is told the same; what was typed is not kept."""
    return Guess(hashlib.sha256(typed.encode()).hexdigest()[:32])


def take(guess: Guess, now: datetime) -> datetime | None:
    """Count a try; the moment to wait for when it is one too many, which is then neither counted nor worked out."""
    for key, seconds, most in guess.steps:
        if tried(key, seconds, now) > most - guess.hashes:
            return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)
    for key, most in guess.day:
        count, first = tried_since(key, now - A_DAY_OF_HOURS)
        if count > most - guess.hashes:
            return (first or now) + A_DAY_OF_HOURS
    _count(guess, now, guess.hashes)
    return None


def give_back(guesses: Sequence[Guess], now: datetime) -> None:
    """Take these tries back, since the owner made them."""
    for guess in guesses:
        _count(guess, now, -guess.hashes)


def _count(guess: Guess, now: datetime, amount: int) -> None:
    for key, seconds, _ in guess.steps:
        count_try(key, seconds, now, amount)
    for key, _ in guess.day:
        count_try(key, HOUR, now, amount)


def too_many_pins(now: datetime) -> bool:
    """Whether so many PINs failed today that only known devices may still try one."""
    return tried("pin-gagal", DAY, now) >= PIN_FAILURES_A_DAY


def count_pin(now: datetime, amount: int = 1) -> None:
    """A PIN is worked out, -1 when it was right."""
    count_try("pin-gagal", DAY, now, amount)


def too_many_new_pins(person_id: int, now: datetime) -> bool:
    """Count a PIN that this person chooses; True when it is one too many."""
    return count_try(f"pin-baru:{person_id}", DAY, now) > NEW_PINS_A_DAY


def too_many_codes(now: datetime) -> bool:
    """Whether so many codes failed this hour that only the other way round is open."""
    return tried("kode-gagal", HOUR, now) >= CODE_FAILURES_AN_HOUR


def count_wrong_code(now: datetime) -> None:
    """Count eight digits that open nothing."""
    count_try("kode-gagal", HOUR, now)

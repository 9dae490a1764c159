"""Which six digits are too easy to guess for somebody who knows the person, or knows people."""

import re
from datetime import date

DIGITS = 6
_UP, _DOWN = "01234567890", "09876543210"
_YEAR = re.compile(r"(19[3-9]|20[0-3])\d")
# Positions of day, month and year: ddmmyy, mmddyy, yymmdd, and what software writes, yyddmm.
_DATES = ((0, 2, 4), (2, 0, 4), (4, 2, 0), (2, 4, 0))


def is_pin(text: str) -> bool:
    """Six digits, and nothing else."""
    return len(text) == DIGITS and text.isascii() and text.isdecimal()


def is_weak(pin: str, phone: str = "") -> bool:
    """Whether six digits repeat, count up or down, look like a date or a year, or end the person's own phone."""
    return (
        len(set(pin)) < 3
        or pin[:3] == pin[3:]
        or pin[:2] == pin[2:4] == pin[4:]
        or all(pin[place] == pin[place + 1] for place in (0, 2, 4))
        or any(pin in run or _counts(pin, run) for run in (_UP, _DOWN))
        or any(_YEAR.fullmatch(pin[place : place + 4]) for place in (0, 2))
        or any(_is_date(*(int(pin[place : place + 2]) for place in places)) for places in _DATES)
        or (phone != "" and phone.endswith(pin))
    )


def _counts(pin: str, run: str) -> bool:
    """123123 is caught elsewhere; this is 123234 and 321210: both halves count the same way."""
    return pin[:3] in run and pin[3:] in run


def _is_date(day: int, month: int, year: int) -> bool:
    try:
        date(2000 + year % 4, month, day)  # Only whether 29 February was there matters.
    except ValueError:
        return False
    return True

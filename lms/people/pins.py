"""Which PINs and passwords are too easy to guess for somebody who knows the person, or knows people."""

import re
from datetime import date
from functools import cache
from pathlib import Path

PIN_DIGITS = 6
_UP, _DOWN = "01234567890", "09876543210"
_YEAR = re.compile(r"(19[3-9]|20[0-3])\d")
# Positions of day, month and year: ddmmyy, mmddyy, yymmdd, and what software writes, yyddmm.
_DATES = ((0, 2, 4), (2, 0, 4), (4, 2, 0), (2, 4, 0))


def is_pin(text: str) -> bool:
    """Six digits, and nothing else."""
    return len(text) == PIN_DIGITS and text.isascii() and text.isdecimal()


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


SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5
SHORTEST_NAME = 4
_LEET = str.maketrans("013457@$!", "oieastasi")
_EDGES = re.compile(r"^[^a-z]+|[^a-z]+$")
_NO_LETTER = re.compile(r"[^a-z]+")


def password_fault(password: str, login: str = "", name: str = "") -> str:
    """Return what to do about a password that can't be taken, in words for the person; "" when it can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Pakai paling sedikit {SHORTEST} huruf; beberapa kata lebih mudah diingat."
    folded = password.casefold()
    own = [login.casefold(), *(part for part in re.findall(r"\w+", name.casefold()) if len(part) >= SHORTEST_NAME)]
    if any(word and word in folded for word in own):
        return "Jangan memakai nama Anda di dalam sandi."
    if is_common(folded):
        return "Sandi ini mudah ditebak orang. Pakai beberapa kata yang tidak biasa bersama-sama."
    return ""


def is_common(folded: str) -> bool:
    """Whether nothing is in it but digits, a few signs over and over, or words that everybody takes."""
    if len(set(folded)) < FEWEST_SIGNS:
        return True
    plain = _NO_LETTER.sub("", folded)
    spelled = _NO_LETTER.sub("", _EDGES.sub("", folded).translate(_LEET))
    return _is_made_of_words(plain) or _is_made_of_words(spelled)


def _is_made_of_words(letters: str) -> bool:
    """Whether the common words, one after the other, give these letters; so do no letters at all."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _common_words() for start in ends):
            ends.add(end)
    return len(letters) in ends


@cache
def _common_words() -> frozenset[str]:
    """Our own list: keyboards, what a password is called, what is loved, believed and cheered, and where we are."""
    text = (Path(__file__).parent / "data" / "sandi-umum.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())

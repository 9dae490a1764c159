"""When a written answer is right: texts are compared without their dress, numbers as numbers."""

import re
import unicodedata
from decimal import Decimal

QUOTES_AND_DASHES = str.maketrans("‘’ʼ`“”‐‑‒–—−", "''''\"\"------")
THOUSANDS = re.compile(r"\.(?=[0-9]{3}(?![0-9]))")
WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def accepts(wanted: str, answer: str) -> bool:
    """True when the answer is what the author wrote: a text, a number, or a range `58..60`."""
    number = as_number(answer)
    limits = as_range(wanted)
    if limits and number is not None:
        return limits[0] <= number <= limits[1]
    wanted_number = as_number(wanted)
    if wanted_number is not None and number is not None:
        return wanted_number == number
    return bare(wanted) == bare(answer)


def as_range(text: str) -> tuple[Decimal, Decimal] | None:
    """The limits of `58..60`, both included."""
    low, dots, high = text.partition("..")
    limits = (as_number(low), as_number(high)) if dots else (None, None)
    return (limits[0], limits[1]) if limits[0] is not None and limits[1] is not None else None


def reversed_range(text: str) -> bool:
    """True for a range no number lies in."""
    limits = as_range(text)
    return limits is not None and limits[0] > limits[1]


def as_number(text: str) -> Decimal | None:
    """The number an Indonesian means: "1.500" is 1500, "3,5" and "3.5" are three and a half."""
    plain = _folded(text).replace("rp.", "").replace("rp", "").replace("%", "")
    plain = "".join(plain.split()).rstrip(".,;:!?-'\")").lstrip("'\"(")
    whole, comma, decimals = plain.partition(",")
    whole = THOUSANDS.sub("", whole)
    if comma and ("." in whole or not decimals.isdigit()):
        return None
    plain = f"{whole or '0'}.{decimals}" if comma else whole
    return Decimal(plain) if NUMBER.fullmatch(plain) else None


def bare(text: str) -> str:
    """Text without case, accents, punctuation at its ends and repeated spaces.

    What is nothing but punctuation keeps it, so that "?" is not the same answer as "!".
    """
    folded = " ".join(_folded(text).split())
    start, end = 0, len(folded)
    while start < end and _is_edge(folded[start]):
        start += 1
    while end > start and _is_edge(folded[end - 1]):
        end -= 1
    return folded[start:end] or folded


def words_of(text: str) -> list[str]:
    """The runs of letters and digits, without case and accents: "09.40" and "09:40" are the same two words."""
    return WORD.findall(_folded(text))


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(QUOTES_AND_DASHES)).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _is_edge(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter).startswith("P")

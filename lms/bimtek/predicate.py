"""The predicate of a certificate, where the office gives one: a word for the score of the test after learning."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from lms.people.names import clean_name

Bands = Sequence[Sequence[int | str]]
"""(score from which on, word), each score once."""

OFFERED: Bands = ((70, "CUKUP"), (80, "BAIK"), (90, "SANGAT BAIK"))
"""Nothing in law asks for a predicate or says where one begins: words and bounds are the office's to choose."""
MOST, LONGEST = 5, 30


def predicate(bands: Bands, score: Fraction | None) -> str:
    """The word of the highest bound that a score reaches; "" below all of them, and without a test."""
    reached = [(int(least), str(word)) for least, word in bands if score is not None and score >= int(least)]
    return max(reached, default=(0, ""))[1]


def read_bands(rows: Iterable[tuple[str, str]]) -> list[tuple[int, str]] | None:
    """Read the typed bands, by score; an empty row is none. None for one unreadable, two alike, or none at all."""
    found: dict[int, str] = {}
    for least, word in rows:
        if not (least.strip() or word.strip()):
            continue
        score, name = least.strip(), clean_name(word, LONGEST)
        if not (score.isascii() and score.isdigit() and len(score) < 4 and int(score) <= 100) or name is None:
            return None
        if int(score) in found or name in found.values():
            return None
        found[int(score)] = name
    return sorted(found.items()) or None

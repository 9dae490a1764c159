"""Who may be one person found twice: only looks at what is said of people, and only says that a look is worth it.

Names are compared as they sound on the list: without titles, accents, signs, spaces and old spelling. Two people are
likely doubles when

- the same name is from the same village, in whatever order of its words,
- a long name is one letter off another from the same village (left out, added, moved, or another one),
- the same phone has the same name, or one that is a letter off or lacks a word: families share a phone.

Everybody leaves marks and meets only who left the same, so the work grows with the people and not with their pairs.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

LONG, LONG_WITH_PHONE = 10, 6
"""Letters from which on one letter may differ: short names that do are two people's."""

TITLES = """
almarhum alm bapak bpk pak ibu bu sdr sdri saudara saudari mas mbak tn ny nyonya tuan haji hajah hj kh kyai kiai nyai
dr dra drs drg drh ir prof rr rm ust ustadz
"""
_TITLES = frozenset(TITLES.split())
_DEGREE = re.compile(r"\b[asm]\.[a-z]{1,4}\b(?:\.[a-z]{1,3}\b)*|,.*")
_LETTERS = re.compile(r"[^\W\d_]+")
# Old spelling and the letters that one clerk writes and another leaves out; the order matters.
_SPELLINGS = tuple(
    (re.compile(old), new)
    for old, new in (
        ("^m[ou]c?h(?:am?m[ae]d|d)?$", "muhamad"),
        ("oe", "u"),
        ("tj", "c"),
        ("dj", "j"),
        ("nj", "ny"),
        ("sj", "sy"),
        ("[ck]h", "h"),
        ("([dt])h", r"\1"),
        ("v", "f"),
        ("y$", "i"),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Someone:
    """The values that are compared of a person; region, phone and L/P are "" where they are not known.

    The same name with another L/P is no less worth a look, since it may be a slip: it is only never taken for granted.
    """

    id: int
    name: str
    region: str
    phone: str
    sex: str = ""


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they sound."""
    return tuple(_spelt(word) for word in plain_words(name))


@lru_cache(4_096)
def plain_words(name: str) -> tuple[str, ...]:
    """The words of a name without titles; single letters are left out when anything else is there."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(sign))
    plain = plain.replace("'", "").replace("’", "")
    words = _LETTERS.findall(_DEGREE.sub(" ", plain)) or _LETTERS.findall(plain)
    return tuple([word for word in words if word not in _TITLES and len(word) > 1] or words)


@lru_cache(4_096)  # Few names are nobody else's.
def _spelt(word: str) -> str:
    for old, new in _SPELLINGS:
        word = old.sub(new, word)
    return word


def likely_doubles(people: Iterable[Someone]) -> set[frozenset[int]]:
    """Groups of two and more ids that look like one person each; nobody is in two groups."""
    group: dict[int, set[int]] = {}
    first: dict[tuple[str, ...], int] = {}
    words_of = {who: name_words(who.name) for who in people}
    for who, words in words_of.items():
        group[who.id] = {who.id}
        for mark in _marks(who, words):
            _join(group, first.setdefault(mark, who.id), who.id)
    for who, words in words_of.items():
        for shorter in _with_a_word_less(words) if who.phone else ():
            if other := first.get((who.phone, "", shorter)):
                _join(group, other, who.id)
    return {frozenset(found) for found in group.values() if len(found) > 1}


def _marks(who: Someone, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """(place, how the name is seen, the name): the same mark is a likely double. A whole name is seen as it is."""
    name = "".join(words)
    for place, long in ((who.region, LONG), (who.phone, LONG_WITH_PHONE)):
        if not place:
            continue
        yield place, "", name
        yield place, "sorted", "".join(sorted(words))
        if len(name) >= long - 1:  # It may be a longer one that lost a letter.
            yield place, "*", name
        if len(name) >= long:
            for at in range(len(name)):
                yield place, "*", name[:at] + name[at + 1 :]


def _with_a_word_less(words: tuple[str, ...]) -> Iterator[str]:
    if len(words) > 1:
        for at in range(len(words)):
            yield "".join(words[:at] + words[at + 1 :])


def _join(group: dict[int, set[int]], one: int, other: int) -> None:
    """Make one group of two, moving the smaller."""
    small, large = sorted((group[one], group[other]), key=len)
    if small is not large:
        large |= small
        group.update(dict.fromkeys(small, large))

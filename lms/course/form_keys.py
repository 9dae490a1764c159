"""What a field of a case should hold, and what another answer is worth: from 0 to 1, in exact fractions."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar, Literal

from lms.course.legal import read_any_date
from lms.course.questions.answers import as_number, words_of
from lms.course.questions.base import Value
from lms.web.dates import tanggal

FORBIDDEN = Fraction(1, 2)
BESIDE = Fraction(1, 4)
"""What a forbidden choice and one that is merely beside the point take off."""
ChoiceStanding = Literal["expected", "allowed", "forbidden", "beside"]


@dataclass(frozen=True, kw_only=True)
class Key(ABC):
    """The key of one field in one case; it is the model answer too.

    `critical`: worth nothing here fails the whole. `critical_forbidden`: choosing one of these does.
    """

    field: str
    because: str
    weight: int = 1
    critical: bool = False
    critical_forbidden: frozenset[str] = frozenset()
    line: int = 0
    source: str = ""

    match: ClassVar[str]
    counted: ClassVar[bool] = True

    @property
    @abstractmethod
    def answer(self) -> Value:
        """The model answer, as a person would give it."""

    @abstractmethod
    def score(self, value: Value) -> Fraction:
        """What an answer is worth, 0 to 1; it is not empty."""

    def fails(self, value: Value, score: Fraction) -> bool:
        """Whether this answer fails the whole, whatever the sum."""
        return (self.critical and not score) or not self.critical_forbidden.isdisjoint(value)


@dataclass(frozen=True, kw_only=True)
class ExactKey(Key):
    """One choice is right; others may be worth a part."""

    expected: str
    parts: Mapping[str, Fraction]

    match: ClassVar[str] = "tepat"

    @property
    def answer(self) -> Value:
        return (self.expected,)

    def score(self, value: Value) -> Fraction:
        return Fraction(1) if value == self.answer else self.parts.get(value[0], Fraction(0))


@dataclass(frozen=True, kw_only=True)
class SetKey(Key):
    """Several choices are right; allowed ones count neither way, all others take something off."""

    expected: tuple[str, ...]
    allowed: frozenset[str]
    forbidden: frozenset[str]

    match: ClassVar[str] = "himpunan"

    @property
    def answer(self) -> Value:
        return self.expected

    def standing(self, choice: str) -> ChoiceStanding:
        """What choosing this does to the score."""
        if choice in self.expected:
            return "expected"
        if choice in self.allowed:
            return "allowed"
        return "forbidden" if choice in self.forbidden else "beside"

    def score(self, value: Value) -> Fraction:
        found = Counter(map(self.standing, set(value)))
        right = Fraction(found["expected"], max(1, len(self.expected)))
        return max(Fraction(0), right - FORBIDDEN * found["forbidden"] - BESIDE * found["beside"])


@dataclass(frozen=True, kw_only=True)
class NumberKey(Key):
    """A number, right within a tolerance."""

    expected: int
    tolerance: int = 0

    match: ClassVar[str] = "angka"

    @property
    def answer(self) -> Value:
        return (str(self.expected),)

    def score(self, value: Value) -> Fraction:
        number = as_number(value[0])
        return Fraction(number is not None and abs(Fraction(number) - self.expected) <= self.tolerance)


@dataclass(frozen=True, kw_only=True)
class DateKey(Key):
    """A day, right from `first` to `last`."""

    expected: date
    first: date
    last: date

    match: ClassVar[str] = "tanggal"

    @property
    def answer(self) -> Value:
        return (tanggal(self.expected),)

    def score(self, value: Value) -> Fraction:
        day = read_any_date(value[0])
        return Fraction(day is not None and self.first <= day <= self.last)


@dataclass(frozen=True, kw_only=True)
class WordsKey(Key):
    """A written answer is worth the groups of words in it: each group once, `least` of them are enough."""

    groups: tuple[tuple[str, ...], ...]
    least: int
    model: str

    match: ClassVar[str] = "kata"

    @property
    def answer(self) -> Value:
        return (self.model,)

    def found(self, value: Value) -> int:
        """How many groups are in it."""
        text = _spaced(value[0])
        return sum(any(_spaced(phrase) in text for phrase in group) for group in self.groups)

    def score(self, value: Value) -> Fraction:
        return min(Fraction(1), Fraction(self.found(value), max(1, self.least)))


@dataclass(frozen=True, kw_only=True)
class FreeKey(Key):
    """A reflection for the trainer: kept, read, never counted."""

    model: str

    match: ClassVar[str] = "bebas"
    counted: ClassVar[bool] = False

    @property
    def answer(self) -> Value:
        return (self.model,)

    def score(self, value: Value) -> Fraction:
        return Fraction(0)


def _spaced(text: str) -> str:
    """Whole words with a blank on either side, so that one run of words is found in another."""
    return f" {' '.join(words_of(text))} "

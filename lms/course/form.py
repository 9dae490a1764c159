"""A practice form as its author wrote it: its fields, its cases, and what the key of each field is worth."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from lms.course.drawing import Sheet, SheetItem
from lms.course.lesson import LegalBasis
from lms.course.lines import Passage
from lms.course.questions.base import Value, digest
from lms.course.questions.written import accepts, as_number, clean_text, words_of
from lms.web.dates import read_any_date, tanggal

RANGE = re.compile(r"(-?[0-9]{1,15})?\.\.(-?[0-9]{1,15})?")
LONGEST_NUMBER = 15
KINDS = ("teks", "uraian", "angka", "tanggal", "pilihan", "pilihan-ganda", "ya-tidak")
YES_NO = {"ya": "Ya", "tidak": "Tidak"}


class Limits(NamedTuple):
    """A range of whole numbers, both ends included; None is open."""

    low: int | None
    high: int | None

    @property
    def reversed(self) -> bool:
        """True for a range no number lies in."""
        return self.low is not None and self.high is not None and self.low > self.high

    def holds(self, number: Decimal) -> bool:
        """Tell whether a number lies in the range."""
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    @property
    def words(self) -> str:
        """5 sampai 10, paling sedikit 60, paling banyak 5."""
        if self.low is not None and self.high is not None:
            return f"{self.low} sampai {self.high}"
        return f"paling sedikit {self.low}" if self.low is not None else f"paling banyak {self.high}"


def read_limits(text: str) -> Limits | None:
    """The limits in "5..10", "60.." or "..5"; None when it is none of these."""
    match = RANGE.fullmatch(text.strip())
    if not match or match[1] is match[2]:
        return None
    return Limits(*(None if end is None else int(end) for end in match.groups()))


@dataclass(frozen=True, slots=True)
class Condition:
    """A field shows only when an earlier one has one of these values, or a number within these limits."""

    field: str
    values: tuple[str, ...] = ()
    limits: Limits | None = None

    def holds(self, value: Value) -> bool:
        """Tell whether the earlier field's value lets this one show."""
        if self.limits is None:
            return any(part in self.values for part in value)
        number = as_number(value[0]) if value else None
        return number is not None and self.limits.holds(number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field as its author wrote it; `choices` is value -> label, `source` all that its table says."""

    name: str
    label: str
    kind: str
    required: bool = False
    hint: str = ""
    choices: Mapping[str, str]
    unit: str = ""
    limits: Limits | None = None
    conditions: tuple[Condition, ...] = ()
    line: int = 0
    source: str = ""

    def clean(self, value: Sequence[str]) -> Value:
        """Clean an answer that comes from a client: known choices stay, or one text."""
        if not self.choices:
            return clean_text(value)
        known = tuple(dict.fromkeys(part for part in value if part in self.choices))
        return known if self.kind == "pilihan-ganda" else known[:1]

    def fault(self, value: Value) -> str:
        """Return the fault that keeps this from being sent, in words for the person; "" when there is none."""
        if not value:
            missing = "Pilih dulu jawabannya." if self.choices else "Isian ini perlu diisi."
            return missing if self.required else ""
        if self.kind == "angka":
            number = as_number(value[0])
            if number is None:
                return "Tulis angkanya saja, misalnya 12 atau 300.000."
            if self.limits and not self.limits.holds(number):
                return f"Periksa lagi angkanya: {self.limits.words}."
        if self.kind == "tanggal" and read_any_date(value[0]) is None:
            return "Tulis tanggalnya seperti 12 Oktober 2026."
        return ""

    def same(self, value: Value, other: Value) -> bool:
        """Tell whether two answers say the same: choices in any order, a day or a number however it is written."""
        if self.choices or not (value and other):
            return set(value) == set(other)
        day = read_any_date(value[0]) if self.kind == "tanggal" else None
        return day == read_any_date(other[0]) if day else accepts(other[0], value[0])

    def in_words(self, value: Value) -> list[str]:
        """The value as a reader says it: labels in the author's order, a date written out."""
        if self.choices:
            return [label for key, label in self.choices.items() if key in value]
        if self.kind == "tanggal" and value and (day := read_any_date(value[0])):
            return [tanggal(day)]
        if self.kind == "angka" and value and value[0].isdecimal() and len(value[0]) < LONGEST_NUMBER:
            value = (f"{int(value[0]):,}".replace(",", "."),)
        return [f"{text} {self.unit}".strip() for text in value]


FORBIDDEN = Fraction(1, 2)
BESIDE = Fraction(1, 4)
"""What a forbidden choice and one that is merely beside the point take off."""
ChoiceStanding = Literal["expected", "allowed", "forbidden", "beside"]


@dataclass(frozen=True, kw_only=True)
class Key(ABC):
    """The key of one field in one case; `answer` is the model answer, as a person would give it.

    `critical`: worth nothing here fails the whole. `critical_forbidden`: choosing one of these does.
    """

    field: str
    answer: Value
    because: str
    weight: int = 1
    critical: bool = False
    critical_forbidden: frozenset[str] = frozenset()
    line: int = 0
    source: str = ""

    counted: ClassVar[bool] = True

    @abstractmethod
    def score(self, value: Value) -> Fraction:
        """Return the worth of an answer that is not empty, 0 to 1."""

    def fails(self, value: Value, score: Fraction) -> bool:
        """Tell whether this answer fails the whole, whatever the sum."""
        return (self.critical and not score) or not self.critical_forbidden.isdisjoint(value)


@dataclass(frozen=True, kw_only=True)
class ExactKey(Key):
    """One choice is right; others may be worth a part."""

    parts: Mapping[str, Fraction]

    def score(self, value: Value) -> Fraction:
        return Fraction(1) if value == self.answer else self.parts.get(value[0], Fraction(0))


@dataclass(frozen=True, kw_only=True)
class SetKey(Key):
    """Several choices are right; allowed ones count neither way, all others take something off."""

    allowed: frozenset[str]
    forbidden: frozenset[str]

    def standing(self, choice: str) -> ChoiceStanding:
        """Return the effect of choosing this on the score."""
        if choice in self.answer:
            return "expected"
        if choice in self.allowed:
            return "allowed"
        return "forbidden" if choice in self.forbidden else "beside"

    def score(self, value: Value) -> Fraction:
        found = Counter(map(self.standing, set(value)))
        right = Fraction(found["expected"], max(1, len(self.answer)))
        return max(Fraction(0), right - FORBIDDEN * found["forbidden"] - BESIDE * found["beside"])


@dataclass(frozen=True, kw_only=True)
class NumberKey(Key):
    """A number, right within a tolerance."""

    expected: int
    tolerance: int = 0

    def score(self, value: Value) -> Fraction:
        number = as_number(value[0])
        return Fraction(number is not None and abs(Fraction(number) - self.expected) <= self.tolerance)


@dataclass(frozen=True, kw_only=True)
class DateKey(Key):
    """A day, right from `first` to `last`."""

    first: date
    last: date

    def score(self, value: Value) -> Fraction:
        day = read_any_date(value[0])
        return Fraction(day is not None and self.first <= day <= self.last)


@dataclass(frozen=True, kw_only=True)
class WordsKey(Key):
    """A written answer is worth the groups of words in it: each group once, `least` of them are enough."""

    groups: tuple[tuple[str, ...], ...]
    least: int

    def found(self, value: Value) -> int:
        """Count the groups that are in it."""
        text = _spaced(value[0])
        return sum(any(_spaced(phrase) in text for phrase in group) for group in self.groups)

    def score(self, value: Value) -> Fraction:
        return min(Fraction(1), Fraction(self.found(value), max(1, self.least)))


@dataclass(frozen=True, kw_only=True)
class FreeKey(Key):
    """A reflection for the trainer: kept, read, never counted."""

    counted: ClassVar[bool] = False

    def score(self, value: Value) -> Fraction:
        return Fraction(0)


def _spaced(text: str) -> str:
    """Whole words with a blank on either side, so that one run of words is found in another."""
    return f" {' '.join(words_of(text))} "


Stage = Literal["contoh", "rumpang", "sendiri"]
STAGES: tuple[Stage, ...] = ("contoh", "rumpang", "sendiri")

SECONDS_A_STORY = 120
SECONDS_AN_ASKED_FIELD = 60
SECONDS_A_FILLED_IN_FIELD = 15
FIVE_MINUTES = 300


@dataclass(frozen=True)
class FormSection:
    """A section of the form; the introduction is Markdown."""

    title: str
    intro: str
    fields: tuple[Field, ...]
    line: int = 0


@dataclass(frozen=True)
class Case:
    """A case to fill the form in for; `story` is a course path, `blanks` are the fields asked where gaps are left."""

    slug: str
    title: str
    stage: Stage
    blanks: tuple[tuple[str, int], ...]
    story: str
    warning: str
    discussion: tuple[str, ...]
    keys: Mapping[str, Key]
    line: int = 0
    story_line: int = 0

    @property
    def model(self) -> dict[str, Value]:
        """The model answer: field name -> value."""
        return {name: key.answer for name, key in self.keys.items()}


@dataclass(frozen=True)
class CaseItem:
    """A field that a case asks, with its key if it has one: to an attempt what a question is to a quiz."""

    field: Field
    key: Key | None

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what field and key say: no later parser changes it."""
        return digest(f"{self.field.source}\n{self.key.source if self.key else ''}")

    @property
    def title(self) -> str:
        """The question it asks."""
        return self.field.label

    @property
    def items(self) -> Mapping[str, str]:
        """Key -> words of what can be chosen; nothing where one writes."""
        return self.field.choices

    @property
    def counted(self) -> bool:
        """Tell whether the field adds to the score."""
        return self.key is not None and self.key.counted

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        """Clean an answer that comes from a client."""
        return self.field.clean(value)


@dataclass(frozen=True)
class Form:
    """A form with its cases; `path` is its file, which is its identity too."""

    path: str
    title: str
    intro: str
    pass_mark: int
    legal: LegalBasis
    parts: tuple[FormSection, ...]
    cases: tuple[Case, ...]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Its fields by name, in order."""
        return {each.name: each for part in self.parts for each in part.fields}

    @property
    def markdown(self) -> list[tuple[int, str]]:
        """(line, text) of all that is written in Markdown: introductions and the legal basis."""
        parts = [(part.line, part.intro) for part in self.parts]
        return [(1, self.intro), *parts, *((self.legal.line or 1, rule) for rule in self.legal.rules)]

    @property
    def reading(self) -> list[Passage]:
        """Its texts for readers, each piece with its line: introductions, hints and reasons."""
        texts = [(1, self.intro)]
        for part in self.parts:
            texts += [(part.line, part.intro), *((field.line, field.hint) for field in part.fields)]
        texts += [(key.line, key.because) for case in self.cases for key in case.keys.values()]
        return [Passage(line, text) for line, text in texts if text]

    def case(self, slug: str) -> Case | None:
        """The case of this name."""
        return next((case for case in self.cases if case.slug == slug), None)

    def asked(self, case: Case) -> tuple[CaseItem, ...]:
        """Return the fields a person fills in for this case, in the order of the form; none where all is filled in."""
        blanks = {name for name, _ in case.blanks}
        return tuple(
            CaseItem(each, case.keys.get(each.name))
            for each in self.fields.values()
            if case.stage == "sendiri" or (case.stage == "rumpang" and each.name in blanks)
        )

    def sheet(self, case: Case) -> Sheet:
        """Return the sheet that an attempt at this case freezes."""
        items = (
            SheetItem(f"{self.path}#{case.slug}/{item.field.name}", item.hash, tuple(item.field.choices))
            for item in self.asked(case)
        )
        return Sheet(self.pass_mark, tuple(items))

    def shown(self, values: Mapping[str, Value]) -> frozenset[str]:
        """Names of the fields that show when the form holds these values; what does not show has no value."""
        shown: set[str] = set()
        for name, field in self.fields.items():
            if all(each.field in shown and each.holds(values.get(each.field, ())) for each in field.conditions):
                shown.add(name)
        return frozenset(shown)

    def minutes_of(self, case: Case) -> int:
        """Estimate the minutes of a case in steps of five: its story, fields asked and fields filled in."""
        asked = {item.field.name for item in self.asked(case)}
        filled_in = 0 if case.stage == "sendiri" else len(case.keys.keys() - asked)
        seconds = SECONDS_A_STORY + SECONDS_AN_ASKED_FIELD * len(asked) + SECONDS_A_FILLED_IN_FIELD * filled_in
        return 5 * max(1, round(seconds / FIVE_MINUTES))

    @property
    def minutes(self) -> int:
        """The minutes of practising: the longest case of each stage."""
        stages = {case.stage for case in self.cases}
        return sum(max(self.minutes_of(case) for case in self.cases if case.stage == stage) for stage in stages)

    @property
    def is_graded(self) -> bool:
        """Tell whether there is a case to pass."""
        return any(case.stage == "sendiri" for case in self.cases)

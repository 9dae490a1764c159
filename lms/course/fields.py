"""The fields of a practice form: what they ask, how what was typed is read, and when they show."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from lms.course.legal import read_any_date
from lms.course.questions.answers import accepts, as_number
from lms.course.questions.base import Value
from lms.course.questions.written import clean_text
from lms.web.dates import tanggal

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
        """Whether a number lies in the range."""
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
        """Whether the earlier field's value lets this one show."""
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
        """What is left of an answer that comes from a client: known choices, or one text."""
        if not self.choices:
            return clean_text(value)
        known = tuple(dict.fromkeys(part for part in value if part in self.choices))
        return known if self.kind == "pilihan-ganda" else known[:1]

    def fault(self, value: Value) -> str:
        """What keeps this from being sent, in words for the person; "" when nothing does."""
        if not value:
            return self._missing if self.required else ""
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
        """Whether two answers say the same: choices in any order, a day or a number however it is written."""
        if self.choices or not (value and other):
            return set(value) == set(other)
        day = read_any_date(value[0]) if self.kind == "tanggal" else None
        return day == read_any_date(other[0]) if day else accepts(other[0], value[0])

    @property
    def _missing(self) -> str:
        return "Pilih dulu jawabannya." if self.choices else "Isian ini perlu diisi."

    def in_words(self, value: Value) -> list[str]:
        """The value as a reader says it: labels in the author's order, a date written out."""
        if self.choices:
            return [label for key, label in self.choices.items() if key in value]
        if self.kind == "tanggal" and value and (day := read_any_date(value[0])):
            return [tanggal(day)]
        if self.kind == "angka" and value and value[0].isdecimal() and len(value[0]) < LONGEST_NUMBER:
            value = (f"{int(value[0]):,}".replace(",", "."),)
        return [f"{text} {self.unit}".strip() for text in value]


def visible(fields: Iterable[Field], values: Mapping[str, Value]) -> frozenset[str]:
    """The names of the fields that show, given what stands in them; what does not show has no value."""
    shown: set[str] = set()
    for field in fields:
        if all(each.field in shown and each.holds(values.get(each.field, ())) for each in field.conditions):
            shown.add(field.name)
    return frozenset(shown)

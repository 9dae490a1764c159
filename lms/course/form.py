"""A practice form as its author wrote it: sections of fields, and cases with the key of each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lms.course.drawing import Item, Sheet
from lms.course.fields import Field, visible
from lms.course.form_keys import Key
from lms.course.legal import LegalBasis
from lms.course.questions.base import Value, digest

Stage = Literal["contoh", "rumpang", "sendiri"]
STAGES: tuple[Stage, ...] = ("contoh", "rumpang", "sendiri")

SECONDS_A_STORY = 120
SECONDS_AN_ASKED_FIELD = 60
SECONDS_A_FILLED_IN_FIELD = 15
FIVE_MINUTES = 300


@dataclass(frozen=True)
class Part:
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
        """What it asks."""
        return self.field.label

    @property
    def items(self) -> Mapping[str, str]:
        """Key -> words of what can be chosen; nothing where one writes."""
        return self.field.choices

    @property
    def counted(self) -> bool:
        """Whether the field adds to the score."""
        return self.key is not None and self.key.counted

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        """What is left of an answer from a client."""
        return self.field.clean(value)


@dataclass(frozen=True)
class Form:
    """A form with its cases; `path` is its file, which is its identity too."""

    path: str
    title: str
    intro: str
    pass_mark: int
    legal: LegalBasis
    parts: tuple[Part, ...]
    cases: tuple[Case, ...]
    fields: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", {each.name: each for part in self.parts for each in part.fields})

    @property
    def markdown(self) -> list[tuple[int, str]]:
        """(line, text) of all that is written in Markdown: introductions and the legal basis."""
        parts = [(part.line, part.intro) for part in self.parts]
        return [(1, self.intro), *parts, *((self.legal.line or 1, rule) for rule in self.legal.rules)]

    def case(self, slug: str) -> Case | None:
        """The case of this name."""
        return next((case for case in self.cases if case.slug == slug), None)

    def asked(self, case: Case) -> tuple[CaseItem, ...]:
        """What a person fills in for this case, in the order of the form; nothing where all is filled in."""
        blanks = {name for name, _ in case.blanks}
        return tuple(
            CaseItem(each, case.keys.get(each.name))
            for each in self.fields.values()
            if case.stage == "sendiri" or (case.stage == "rumpang" and each.name in blanks)
        )

    def sheet(self, case: Case) -> Sheet:
        """What an attempt at this case freezes."""
        items = (
            Item(f"{self.path}#{case.slug}/{item.field.name}", item.hash, tuple(item.field.choices))
            for item in self.asked(case)
        )
        return Sheet(self.pass_mark, tuple(items))

    def shown(self, values: Mapping[str, Value]) -> frozenset[str]:
        """Names of the fields that show when the form holds these values."""
        return visible(self.fields.values(), values)

    def minutes_of(self, case: Case) -> int:
        """What a case takes, about, in steps of five: its story, the fields it asks and those it shows filled in."""
        asked = {item.field.name for item in self.asked(case)}
        filled_in = 0 if case.stage == "sendiri" else len(case.keys.keys() - asked)
        seconds = SECONDS_A_STORY + SECONDS_AN_ASKED_FIELD * len(asked) + SECONDS_A_FILLED_IN_FIELD * filled_in
        return 5 * max(1, round(seconds / FIVE_MINUTES))

    @property
    def minutes(self) -> int:
        """What practising takes: the longest case of each stage."""
        stages = {case.stage for case in self.cases}
        return sum(max(self.minutes_of(case) for case in self.cases if case.stage == stage) for stage in stages)

    @property
    def is_graded(self) -> bool:
        """Whether there is a case to pass."""
        return any(case.stage == "sendiri" for case in self.cases)

"""The survey of a bimtek: what is asked, how a sent form is read, and what may be told without telling whose it is.

An index is the mean of a part's question means times 25, its bands those that public service uses by custom
(Permenpan-RB 14/2017). A mean of fewer than five answers is told to nobody, and enters no other figure, from which it
could be reckoned back.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from lms.course.privacy import fault_of_text
from lms.web.rounding import rounded

ASKED = tomllib.loads(Path(__file__).with_name("survey.toml").read_text(encoding="utf-8"))
WRITTEN_FIELDS: Mapping[str, str] = {f"tulis-{name}": words for name, words in ASKED["written"].items()}
"""Name of a field -> the open question."""

FEWEST = 5
LONGEST = 1_000
BANDS = (
    (Decimal("88.31"), "A", "sangat baik"),
    (Decimal("76.61"), "B", "baik"),
    (Decimal("65.00"), "C", "kurang baik"),
    (Decimal("25.00"), "D", "tidak baik"),
)
"""Lowest index of a band, its letter, its words."""

NOTHING = "Belum ada yang diisi. Isi yang Anda ketahui, lalu kirim."

Answers = Mapping[str, int | str]
"""Name of a field -> 1 to 4, or what was written."""


class Speaker(NamedTuple):
    """A speaker and their subject; `id` stays when a name is mended."""

    id: int
    name: str
    subjects: tuple[str, ...]


class SurveyPart(NamedTuple):
    """Questions that are answered on one scale; `banded` where their mean says how good something was."""

    key: str
    title: str
    questions: Mapping[str, str]
    about: str = ""
    scale: Sequence[str] = ASKED["scale"]
    banded: bool = True

    @property
    def fields(self) -> dict[str, str]:
        """Name of a field -> the question."""
        return {f"{self.key}-{name}": words for name, words in self.questions.items()}


def parts_for(speakers: Sequence[Speaker]) -> tuple[SurveyPart, ...]:
    """All that is answered on a scale, in order."""
    title, questions = ASKED["speaker"]["title"], ASKED["speaker"]["questions"]
    return (
        *(SurveyPart(**part) for part in ASKED["before"]),
        *(SurveyPart(f"n{who.id}", f"{title}: {who.name}", questions, "; ".join(who.subjects)) for who in speakers),
        *(SurveyPart(**part) for part in ASKED["after"]),
    )


class SentSurvey(NamedTuple):
    """A form that was sent; `faults` is name of a field ("" for the whole) -> what to do about it.

    `left_out` are the questions on a scale that were not answered: perhaps on purpose.
    """

    answers: Answers
    left_out: tuple[str, ...]
    faults: Mapping[str, str]


def read(parts: Sequence[SurveyPart], form: Mapping[str, str]) -> SentSurvey:
    """Read the answers in the order of the questions, whatever order they came in; others are left out."""
    answers: dict[str, int | str] = {}
    asked = [name for part in parts for name in part.fields]
    for name in asked:
        if form.get(name) in ("1", "2", "3", "4"):
            answers[name] = int(form[name])
    left_out = tuple(name for name in asked if name not in answers)
    faults = {}
    for name in WRITTEN_FIELDS:
        if text := form.get(name, "").replace("\r\n", "\n").strip():
            answers[name] = text
            if fault := fault_of_text(text, LONGEST):
                faults[name] = fault
    return SentSurvey(answers, left_out, faults if answers else {"": NOTHING})


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A question with the mean of its answers, None while they are too few to be told."""

    question: str
    mean: Fraction | None
    count: int


@dataclass(frozen=True, slots=True)
class PartTold:
    """A part with what may be told of it; `mean` is that of the questions that are told."""

    part: SurveyPart
    questions: tuple[ToldItem, ...]

    @property
    def mean(self) -> Fraction | None:
        """The mean of the question means, each of equal weight."""
        means = [told.mean for told in self.questions if told.mean is not None]
        return sum(means, Fraction()) / len(means) if means else None

    @property
    def index(self) -> Fraction | None:
        """The mean times 25."""
        return None if self.mean is None else self.mean * 25

    @property
    def band(self) -> tuple[str, str] | None:
        """Letter and words, for what has a band at all."""
        return None if self.index is None or not self.part.banded else band(self.index)


class Summary(NamedTuple):
    """The figures of a survey: how many sent it, each part, and the answers to each open question, None for too few."""

    sent: int
    parts: tuple[PartTold, ...]
    written: Mapping[str, tuple[str, ...] | None]


def band(index: Fraction) -> tuple[str, str]:
    """Letter and words of an index as it is written."""
    return next((letter, words) for lowest, letter, words in BANDS if rounded(index, 2) >= lowest)


def summarise(parts: Sequence[SurveyPart], responses: Sequence[Answers]) -> Summary:
    """Tell what may be told.

    Written answers are sorted by their own words, so that nobody sees which of them one person wrote.
    """
    told = [PartTold(part, tuple(_told(responses, *each) for each in part.fields.items())) for part in parts]
    written = {}
    for name, words in WRITTEN_FIELDS.items():
        texts = sorted(str(each[name]) for each in responses if each.get(name))
        written[words] = tuple(texts) if len(texts) >= FEWEST else None
    return Summary(len(responses), tuple(told), written)


def _told(responses: Sequence[Answers], name: str, words: str) -> ToldItem:
    values = [int(each[name]) for each in responses if name in each]
    return ToldItem(words, Fraction(sum(values), len(values)) if len(values) >= FEWEST else None, len(values))

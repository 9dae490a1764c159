"""Item analysis: how hard each question was, what was chosen, and whether it tells the strong from the weak.

Difficulty is the share that was right; below 0.30 an item is called hard, above 0.70 easy, as is usual. An item tells
apart by r, the correlation of being right in it with the share right in the rest of the same sheet, so that the item
does not count on both sides and sheets drawn from one pool can be compared. Around nought r strays by 1/√n, so it is
told from 30 people on, and called something only beyond 2/√n.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import sqrt
from statistics import StatisticsError, correlation
from typing import Literal

from lms.course.questions.base import Question, Value
from lms.course.questions.choice import Choice, MultipleChoice, SingleChoice

HARD, EASY = Fraction(30, 100), Fraction(70, 100)
KNOWN = Fraction(95, 100)
MANY = 30
"""From so many answers on it is told how an item tells people apart, and that an option was taken by nobody."""

ENOUGH = 10
"""From so many people on a group is called something; of fewer there are figures only."""

Difficulty = Literal["sukar", "sedang", "mudah"]
Fault = Literal["kunci", "terbalik", "menganggur", "sukar", "terlalu mudah"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One question of somebody's sheet as it was graded; `hash` is that of its source."""

    hash: str
    subject: str
    right: bool
    value: Value = ()


@dataclass(frozen=True)
class Sitting:
    """One person's first attempt at a test: its questions that count, voided ones left out; passed from `mark` on."""

    who: int
    replies: tuple[Reply, ...]
    after_learning: bool = False
    mark: int = 0

    @cached_property
    def right(self) -> int:
        """How many of its questions were right."""
        return sum(reply.right for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Item:
    """The figures of one question: right of asked, left blank, how often each part of an answer was given, and r."""

    hash: str
    subject: str
    asked: int
    right: int
    blank: int
    taken: Mapping[str, int] = field(default_factory=dict)
    r: float | None = None

    @property
    def missed(self) -> int:
        """How many were not right."""
        return self.asked - self.right

    @property
    def share(self) -> Fraction:
        """0 to 1, of those who were asked."""
        return Fraction(self.right, self.asked)

    @property
    def difficulty(self) -> Difficulty | None:
        """In a word; None of fewer than ENOUGH answers."""
        if self.asked < ENOUGH:
            return None
        return "sukar" if self.share < HARD else "mudah" if self.share > EASY else "sedang"

    @property
    def tells_apart(self) -> Literal["ya", "terbalik", "belum jelas"] | None:
        """Whether who knew the rest knew this too; None where it can't be told."""
        if self.r is None:
            return None
        sure = 2 / sqrt(self.asked)
        return "ya" if self.r > sure else "terbalik" if self.r < -sure else "belum jelas"


def analyse(sittings: Iterable[Sitting]) -> list[Item]:
    """Every question that was asked, in the order it was met first; one pass over the sheets."""
    met: dict[str, list[tuple[Sitting, Reply]]] = {}
    for sitting in sittings:
        for reply in sitting.replies:
            met.setdefault(reply.hash, []).append((sitting, reply))
    return [_item(question_hash, found) for question_hash, found in met.items()]


def _item(question_hash: str, met: Sequence[tuple[Sitting, Reply]]) -> Item:
    values = [reply.value for _, reply in met]
    taken = Counter(part for value in values for part in value)
    right = sum(reply.right for _, reply in met)
    blank = sum(not any(part.strip() for part in value) for value in values)
    return Item(question_hash, met[0][1].subject, len(met), right, blank, taken, _telling(met))


def _telling(met: Sequence[tuple[Sitting, Reply]]) -> float | None:
    rests = [
        (float(reply.right), (sitting.right - reply.right) / (len(sitting.replies) - 1))
        for sitting, reply in met
        if len(sitting.replies) > 1
    ]
    if len(rests) < MANY:
        return None
    try:
        return correlation(*zip(*rests, strict=True))
    except StatisticsError:  # All were right, all were wrong, or all knew as much of the rest.
        return None


def most_missed(items: Iterable[Item], count: int = 5) -> list[Item]:
    """The items that most people missed of those asked; what fewer than ENOUGH were asked only where all were few."""
    missed = [item for item in items if item.missed]
    enough = [item for item in missed if item.asked >= ENOUGH]
    return sorted(enough or missed, key=lambda item: (item.share, -item.missed, item.hash))[:count]


def misled(item: Item, question: Question) -> tuple[int, Choice] | None:
    """The wrong option that most took, and how many; None where nobody took one or none can be taken."""
    options = question.options if isinstance(question, SingleChoice) else ()
    wrong = [(item.taken.get(option.key, 0), option) for option in options if not option.right]
    count, option = max(wrong, key=lambda found: found[0], default=(0, None))
    return (count, option) if option and count else None


def faults(item: Item, question: Question, *, learned: bool) -> list[Fault]:
    """Return the faults of the item, the most pressing first; before learning nobody is expected to know."""
    found: list[Fault] = []
    most = misled(item, question)
    if learned and item.asked >= ENOUGH and most and most[0] > item.right and not isinstance(question, MultipleChoice):
        found.append("kunci")
    if item.tells_apart == "terbalik":
        found.append("terbalik")
    if learned and item.difficulty == "sukar":
        found.append("sukar")
    if item.asked >= MANY and item.share >= KNOWN:
        found.append("terlalu mudah")
    elif item.asked >= MANY and idle(item, question):
        found.append("menganggur")
    return found


def idle(item: Item, question: Question) -> list[Choice]:
    """The wrong options that nobody took."""
    options = question.options if isinstance(question, SingleChoice) else ()
    return [option for option in options if not option.right and not item.taken.get(option.key)]

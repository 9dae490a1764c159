"""What an attempt is worth. Each counted question is 0 or 1; passed means 100·right ≥ pass mark·asked, in integers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.course.drawing import Sheet
from lms.course.questions.base import Question, Value

RulingKind = Literal["batal", "terima", "kunci", "dicabut"]


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved answer as it arrived; `arrival` grows with every answer of the attempt."""

    number: int
    value: Value
    counter: int
    arrival: int


@dataclass(frozen=True, slots=True)
class RulingFact:
    """A trainer's decision on a question: batal (void), terima (accept a value too), kunci (a new key instead), or
    dicabut, whose value is the id of the decision that holds no more. One that is only planned has no id."""

    question_hash: str
    kind: RulingKind
    value: Value = ()
    id: int | None = None


def standing(rulings: Sequence[RulingFact]) -> list[RulingFact]:
    """Those that were not withdrawn, in their order."""
    gone = {name for each in rulings if each.kind == "dicabut" for name in each.value}
    return [each for each in rulings if each.kind != "dicabut" and str(each.id) not in gone]


@dataclass(frozen=True, slots=True)
class Grade:
    """`outcomes` has one entry a question of the sheet: right, wrong, or None where it does not count."""

    right: int
    asked: int
    passed: bool
    outcomes: tuple[bool | None, ...]

    @property
    def score(self) -> int:
        """0 to 100."""
        return score_of(self.right, self.asked)


def score_of(right: int, asked: int) -> int:
    """0 to 100, rounded down, so that 70 on the screen always means passed at 70; nothing asked is 100."""
    return 100 * right // asked if asked else 100


def latest(saved: Iterable[Saved]) -> dict[int, Saved]:
    """Question number -> the answer that counts: the highest counter wins, ties go to the later arrival."""
    winners: dict[int, Saved] = {}
    for answer in saved:
        held = winners.get(answer.number)
        if held is None or (answer.counter, answer.arrival) > (held.counter, held.arrival):
            winners[answer.number] = answer
    return winners


def grade(
    sheet: Sheet,
    questions: Mapping[str, Question],
    answers: Mapping[int, Saved],
    rulings: Sequence[RulingFact] = (),
) -> Grade:
    """Grade a sheet; `questions` is by hash, `answers` by number. Rulings apply in the order they were made."""
    decided = standing(rulings)
    outcomes = tuple(
        _outcome(questions[item.hash], answers[number].value if number in answers else (), decided)
        for number, item in enumerate(sheet.items, start=1)
    )
    counted = [outcome for outcome in outcomes if outcome is not None]
    right = sum(counted)
    return Grade(right, len(counted), 100 * right >= sheet.pass_mark * len(counted), outcomes)


def _outcome(question: Question, value: Value, rulings: Sequence[RulingFact]) -> bool | None:
    if not question.counted:
        return None
    right = question.is_right(value)
    for ruling in rulings:
        if ruling.question_hash == question.hash:
            right = _RULED[ruling.kind](right, question.same(value, ruling.value))
    return right


# What a ruling makes of an outcome, given whether the person's value is the one the ruling names.
_RULED: dict[RulingKind, Callable[[bool, bool], bool]] = {
    "batal": lambda right, named: True,
    "terima": lambda right, named: right or named,
    "kunci": lambda right, named: named,
}

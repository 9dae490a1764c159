"""The worth of an attempt. Each counted question is 0 or 1; passed means 100·right ≥ pass mark·asked, in integers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from lms.course.drawing import Sheet
from lms.course.form import Case, CaseItem, Form
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
    def score(self) -> Fraction:
        """0 to 100."""
        return score_of(self.right, self.asked)


@lru_cache(4096)
def score_of(right: int, asked: int) -> Fraction:
    """0 to 100, exactly; nothing asked is 100."""
    return Fraction(100 * right, asked) if asked else Fraction(100)


def latest(saved: Iterable[Saved]) -> dict[int, Saved]:
    """Question number -> the answer that counts: the highest counter wins, ties go to the later arrival."""
    winners: dict[int, Saved] = {}
    for answer in saved:
        held = winners.get(answer.number)
        if held is None or (answer.counter, answer.arrival) > (held.counter, held.arrival):
            winners[answer.number] = answer
    return winners


def grade(
    sheet: Sheet, questions: Mapping[str, Question], answers: Mapping[int, Saved], rulings: Sequence[RulingFact] = ()
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
            score, _ = _ruled(ruling.kind, Fraction(right), False, question.same(value, ruling.value))
            right = score == 1
    return right


LARGEST = 2**31 - 1
"""What a column of the database holds."""
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class JudgedField:
    """An asked field with what was answered; `score` is None where it does not count, `shown` False where the
    person's own answers hid it. `fatal` fails the whole."""

    item: CaseItem
    value: Value
    shown: bool
    score: Fraction | None
    fatal: bool

    @property
    def most(self) -> int:
        """The points it can bring: its weight, or 0 where it does not count."""
        return self.item.key.weight if self.item.key and self.score is not None else 0

    @property
    def points(self) -> Fraction:
        """The points it brings."""
        return self.most * (self.score or NOTHING)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """All asked fields in the order of the form."""

    fields: tuple[JudgedField, ...]

    @property
    def most(self) -> int:
        """The points all of them can bring."""
        return sum(each.most for each in self.fields)

    @property
    def points(self) -> Fraction:
        """The points all of them bring."""
        return sum((each.points for each in self.fields), NOTHING)

    @property
    def share(self) -> Fraction:
        """0 to 1; a case in which nothing counts is 1."""
        return self.points / self.most if self.most else Fraction(1)

    @property
    def fatal(self) -> tuple[JudgedField, ...]:
        """The fields that fail the whole."""
        return tuple(each for each in self.fields if each.fatal)

    def passes(self, pass_mark: int) -> bool:
        """Enough without rounding, and nothing that fails the whole."""
        return 100 * self.share >= pass_mark and not self.fatal


def judge_case(form: Form, case: Case, given: Mapping[str, Value], rulings: Sequence[RulingFact] = ()) -> CaseResult:
    """Judge what a person gave, by field name. What shows follows from their answers and the filled-in fields."""
    asked = form.asked(case)
    names = {item.field.name for item in asked}
    filled = {} if case.stage == "sendiri" else {n: value for n, value in case.model.items() if n not in names}
    own = {item.field.name: given.get(item.field.name, ()) for item in asked}
    shown = form.shown({**filled, **own})
    decided = standing(rulings)
    return CaseResult(tuple(_judge(item, own[item.field.name], item.field.name in shown, decided) for item in asked))


def _judge(item: CaseItem, value: Value, shown: bool, rulings: Sequence[RulingFact]) -> JudgedField:
    value = value if shown else ()
    if item.key is None or not item.key.counted:
        return JudgedField(item, value, shown, None, False)
    score = item.key.score(value) if value else NOTHING
    fatal = item.key.fails(value, score)
    for ruling in rulings:
        if ruling.question_hash == item.hash:
            score, fatal = _ruled(ruling.kind, score, fatal, item.field.same(value, ruling.value))
    return JudgedField(item, value, shown, score, fatal)


def _ruled(kind: RulingKind, score: Fraction, fatal: bool, named: bool) -> tuple[Fraction, bool]:
    """Apply a trainer's ruling to a score and to a fatal answer; `named`: it names the person's value."""
    if kind == "batal" or (kind == "terima" and named):
        return Fraction(1), False
    return (score, fatal) if kind == "terima" else (Fraction(named), fatal and not named)


def given_of(form: Form, case: Case, sheet: Sheet, answers: Mapping[int, Saved]) -> dict[str, Value]:
    """Field name -> value of the answers that count."""
    names = {item.hash: item.field.name for item in form.asked(case)}
    numbered = enumerate(sheet.items, start=1)
    return {names[item.hash]: answers[number].value for number, item in numbered if number in answers}


def grade_case(
    form: Form, case: Case, sheet: Sheet, answers: Mapping[int, Saved], rulings: Sequence[RulingFact] = ()
) -> Grade:
    """Grade a sheet of a form. `right` of `asked` are the share in lowest terms, so that a quiz's arithmetic holds;
    only a case filled in alone can be passed."""
    result = judge_case(form, case, given_of(form, case, sheet, answers), rulings)
    right, asked = _in_integers(result.share)
    outcomes = {each.item.hash: None if each.score is None else each.score == 1 for each in result.fields}
    passed = case.stage == "sendiri" and result.passes(sheet.pass_mark)
    return Grade(right, asked, passed, tuple(outcomes[item.hash] for item in sheet.items))


def _in_integers(share: Fraction) -> tuple[int, int]:
    """Numerator and denominator; rounded down to a thousand-millionth where they would be too large to keep."""
    if share.denominator <= LARGEST:
        return share.numerator, share.denominator
    return share.numerator * 10**9 // share.denominator, 10**9


def faults_of(form: Form, case: Case, given: Mapping[str, Value]) -> dict[str, str]:
    """Field name -> what keeps the form from being sent; only what is asked and shows."""
    result = judge_case(form, case, given)
    faults = ((each.item.field.name, each.item.field.fault(each.value)) for each in result.fields if each.shown)
    return {name: fault for name, fault in faults if fault}

"""What a filled-in form is worth: 100 × Σ(weight × score) ÷ Σ weight in exact fractions, and what fails the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.course.drawing import Sheet
from lms.course.form import Case, CaseItem, Form
from lms.course.grading import Grade, RulingFact, RulingKind, Saved, standing
from lms.course.questions.base import Value

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
        """What fails the whole."""
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
    """What a trainer's ruling makes of a score and of a fatal answer; `named`: it names the person's value."""
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

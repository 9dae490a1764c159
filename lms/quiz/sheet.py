"""Questions and forms on a page: as asked, as an example with every reason, and, where that may be told, as judged."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from lms.course import form as forms
from lms.course import load
from lms.course.grading import CaseResult, JudgedField, Saved, given_of, judge_case, latest
from lms.course.load import EditionView, Surroundings, filled
from lms.course.markup import inline
from lms.course.questions.arranging import Matching
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import SingleChoice
from lms.quiz import queries
from lms.quiz.queries import AttemptFacts
from lms.web.dates import read_any_date, rentang


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with what the person answered so far; holds nothing that tells the key.

    `name` is the name of its fields in the form; `choices` are (key, text) in the order shown; `rows` are the left
    side of a matching question; `counter` is that of the answer shown.
    """

    name: str
    kind: str
    label: str
    title: Markup
    prompt: Markup
    choices: Sequence[tuple[str, Markup]]
    rows: Sequence[Markup]
    value: Value = ()
    counter: int = 0


@dataclass(frozen=True, slots=True)
class JudgedChoice:
    """A choice with whether it is right and why."""

    key: str
    text: Markup
    right: bool
    feedback: Markup


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with its truth: for practice, and for a result after grading."""

    shown: ShownQuestion
    outcome: bool | None
    choices: Sequence[JudgedChoice]
    answer: Markup
    explanation: Markup


def show(
    question: Question, path: str, around: Surroundings, name: str, order: Sequence[str], saved: Saved | None = None
) -> ShownQuestion:
    """One question in the order its sheet froze, with the addresses of this edition or draft."""
    rendered = load.rendered_question(question, path)
    rows = [pair.left for pair in question.pairs] if isinstance(question, Matching) else []
    return ShownQuestion(
        name,
        question.kind,
        question.label,
        filled(around, rendered.title),
        filled(around, rendered.prompt),
        [(key, filled(around, rendered.items[key])) for key in order],
        [filled(around, inline(row, path)) for row in rows],
        saved.value if saved else (),
        saved.counter if saved else 0,
    )


def judge(
    question: Question,
    path: str,
    around: Surroundings,
    name: str,
    order: Sequence[str],
    saved: Saved | None = None,
    outcome: bool | None = None,
) -> JudgedQuestion:
    """The question as `show` shows it, with its truth."""
    shown, told = show(question, path, around, name, order, saved), load.rendered_question(question, path)
    options = question.options if isinstance(question, SingleChoice) else ()
    right, texts = {option.key: option.right for option in options}, dict(shown.choices)
    choices = [
        JudgedChoice(key, texts[key], right[key], filled(around, told.feedback[key])) for key in order if key in right
    ]
    return JudgedQuestion(shown, outcome, choices, filled(around, told.answer), filled(around, told.explanation))


OnSheet = tuple[Question, str, EditionView, str, Sequence[str], Saved | None]
"""What `show` and `judge` want to know of a question of a sheet."""


def _asked(attempt: AttemptFacts, saved: Sequence[Saved]) -> Iterator[OnSheet]:
    """Yield the questions of a sheet; question n has the fields `q{n}`."""
    questions, answers = queries.questions_of(attempt), latest(saved)
    for number, item in enumerate(attempt.sheet.items, start=1):
        yield questions[item.hash], item.path, attempt.edition, f"q{number}", item.shown, answers.get(number)


def shown_questions(attempt: AttemptFacts, saved: Sequence[Saved]) -> list[ShownQuestion]:
    """The sheet as the quiz page shows it."""
    return [show(*each) for each in _asked(attempt, saved)]


def judged_questions(
    attempt: AttemptFacts, saved: Sequence[Saved], outcomes: Sequence[bool | None]
) -> list[JudgedQuestion]:
    """The sheet as the result page shows it."""
    return [judge(*each, outcome) for each, outcome in zip(_asked(attempt, saved), outcomes, strict=True)]


def filling(attempt: AttemptFacts, *, checked: bool) -> dict[str, Any]:
    """Return what the page of an open attempt shows, as a quiz or as a form; with `checked` also what is missing.

    A filled-in field that does not show yet is left out, for it may hang on an answer that is asked.
    """
    saved = queries.saved_answers(attempt.id)
    shown = {
        "attempt": attempt,
        # Late answers don't count, but a new one must still come after them.
        "counter": max((entry.counter for entry in queries.saved_answers(attempt.id, late=True)), default=0),
        "form_id": secrets.token_urlsafe(16),
    }
    if not attempt.is_form:
        questions = queries.questions_of(attempt)
        missing = queries.open_questions(attempt, questions) if checked else None
        return shown | {"questions": shown_questions(attempt, saved), "missing": missing}
    form, case = queries.case_of(attempt)
    parts = _asked_parts(attempt, saved, queries.faults(attempt) if checked else {})
    return shown | {"form": form, "case": case, "story": story_of(attempt.edition, case), "parts": parts}


def story_of(edition: EditionView, case: forms.Case) -> Markup:
    """The story of a case, with the addresses of an edition."""
    return filled(edition, load.rendered_story(edition, case.story))


def answer_in_words(shown: ShownQuestion) -> list[Markup]:
    """Return the answer as the person saw it; empty parts are left out."""
    texts = dict(shown.choices)
    parts = [texts.get(part, escape(part)) for part in shown.value]
    if shown.rows:
        parts = [row + ": " + part for row, part in zip(shown.rows, parts, strict=False)]
    return [part for part, value in zip(parts, shown.value, strict=False) if value.strip()]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with what stands in it. Asked, it has a number, the counter of the answer shown, and maybe a fault;
    filled in, number 0. `reason` is empty until it may be told."""

    field: forms.Field
    value: Value
    visible: bool
    number: int = 0
    counter: int = 0
    fault: str = ""
    reason: str = ""
    is_free: bool = False

    @property
    def words(self) -> list[str]:
        """The content of the field, as a reader says it."""
        return self.field.in_words(self.value)

    @property
    def text(self) -> str:
        """The content of the field's box: a day as browsers want it."""
        text = self.value[0] if self.value else ""
        day = read_any_date(text) if self.field.kind == "tanggal" else None
        return day.isoformat() if day else text

    @property
    def input_type(self) -> str:
        """A day that can't be read is shown as it was typed."""
        is_day = self.field.kind == "tanggal" and (not self.value or read_any_date(self.value[0]))
        return "date" if is_day else "text"

    @property
    def given(self) -> str:
        """Its value as JSON for the script."""
        return json.dumps(self.value)

    @property
    def conditions(self) -> str:
        """When it shows, as JSON for the script: field name -> values, or lowest and highest number."""
        return json.dumps({each.field: _told(each) for each in self.field.conditions})


def _told(condition: forms.Condition) -> list[str] | dict[str, int | None]:
    limits = condition.limits
    return list(condition.values) if limits is None else {"low": limits.low, "high": limits.high}


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A section of the form."""

    title: str
    intro: Markup
    fields: list[ShownField]

    @property
    def visible(self) -> bool:
        """Whether any field of it shows."""
        return any(field.visible for field in self.fields)


def example_parts(edition: EditionView, form: forms.Form, case: forms.Case) -> list[ShownPart]:
    """The form as its key fills it in, with every reason."""
    return _in_parts(edition, form, example_fields(form, case))


def example_fields(form: forms.Form, case: forms.Case) -> dict[str, ShownField]:
    """The fields that show in an example, as its key fills them in."""
    shown = form.shown(case.model)
    return {
        name: ShownField(field, case.model.get(name, ()), True, reason=_reason(case.keys.get(name)))
        for name, field in form.fields.items()
        if name in shown
    }


def _reason(key: forms.Key | None) -> str:
    return key.because if key else ""


def _asked_parts(attempt: AttemptFacts, saved: Sequence[Saved], faults: Mapping[str, str]) -> list[ShownPart]:
    """The form as it is being filled in: nothing in it tells a key."""
    form, case = queries.case_of(attempt)
    answers, asked = latest(saved), {item.field.name: item for item in form.asked(case)}
    numbers = {item.hash: number for number, item in enumerate(attempt.sheet.items, start=1)}
    given = given_of(form, case, attempt.sheet, answers)
    filled_in = {} if case.stage == "sendiri" else {n: v for n, v in case.model.items() if n not in asked}
    shown = form.shown({**filled_in, **given})
    fields = {}
    for name, field in form.fields.items():
        if name in asked:
            number, value, fault = numbers[asked[name].hash], given.get(name, ()), faults.get(name, "")
            counter = answers[number].counter if number in answers else 0
            is_free = isinstance(asked[name].key, forms.FreeKey)
            fields[name] = ShownField(field, value, name in shown, number, counter, fault, is_free=is_free)
        elif name in shown:
            fields[name] = ShownField(field, filled_in.get(name, ()), True)
    return _in_parts(attempt.edition, form, fields)


def _in_parts(edition: EditionView, form: forms.Form, fields: Mapping[str, ShownField]) -> list[ShownPart]:
    parts = []
    for part, intro in zip(form.parts, load.rendered_form(edition, form).parts, strict=True):
        if own := [fields[each.name] for each in part.fields if each.name in fields]:
            parts.append(ShownPart(part.title, filled(edition, intro), own))
    return parts


JudgedLine = tuple[str, forms.ChoiceStanding | Literal["chosen", "missing", ""]]
"""One line of an answer, and of several choices how each stands."""


@dataclass(frozen=True, slots=True)
class ToldField:
    """A judged field in words: how it went, what was answered, what was expected, and why.

    Where `is_sample`, what was expected is one good text of many, and the reason speaks of that text.
    """

    judged: JudgedField
    verdict: str
    yours: list[JudgedLine]
    expected: list[JudgedLine]
    reason: str
    is_free: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ToldPart:
    """A section as judged, and its share of the result."""

    title: str
    fields: list[ToldField]
    result: CaseResult


@dataclass(frozen=True, slots=True)
class Told:
    """The whole result; `fatal` are the fields that fail the whole."""

    parts: list[ToldPart]
    fatal: list[ToldField]
    result: CaseResult


def told(attempt: AttemptFacts, saved: Sequence[Saved]) -> Told:
    """The result of an attempt that was graded, under all rulings."""
    form, case = queries.case_of(attempt)
    given = given_of(form, case, attempt.sheet, latest(saved))
    decided = queries.rulings(attempt.course_id, [item.hash for item in attempt.sheet.items])
    result = judge_case(form, case, given, decided)
    # What nobody answered and no key expects has nothing to tell.
    fields = {each.item.field.name: _tell(each) for each in result.fields if each.item.key or each.value}
    parts = []
    for part in form.parts:
        if own := [fields[each.name] for each in part.fields if each.name in fields]:
            parts.append(ToldPart(part.title, own, CaseResult(tuple(each.judged for each in own))))
    return Told(parts, [fields[each.item.field.name] for each in result.fatal], result)


def _tell(judged: JudgedField) -> ToldField:
    key = judged.item.key
    is_free, is_sample = isinstance(key, forms.FreeKey), isinstance(key, forms.WordsKey | forms.FreeKey)
    return ToldField(judged, _verdict(judged), _yours(judged), _expected(judged), _reason(key), is_free, is_sample)


def _verdict(judged: JudgedField) -> str:
    key = judged.item.key
    if judged.score is None:
        return "tidak dinilai"
    if judged.score == 1:
        return "✓ Tepat"
    if not judged.shown:
        return "tidak tampil"
    if isinstance(key, forms.WordsKey) and judged.score:
        return f"Sebagian tepat: {key.found(judged.value)} dari {key.least} pokok"
    return "Sebagian tepat" if judged.score else "✗ Belum tepat"


def _yours(judged: JudgedField) -> list[JudgedLine]:
    field, key = judged.item.field, judged.item.key
    # A ruling may have made right what the key calls wrong.
    if isinstance(key, forms.SetKey) and judged.value and judged.score == key.score(judged.value):
        chosen = ((each, label) for each, label in field.choices.items() if each in judged.value)
        return [(label, key.standing(each)) for each, label in chosen]
    return [(words, "") for words in field.in_words(judged.value)]


def _expected(judged: JudgedField) -> list[JudgedLine]:
    field, key = judged.item.field, judged.item.key
    if isinstance(key, forms.SetKey) and judged.value:
        wanted = ((each, label) for each, label in field.choices.items() if each in key.answer)
        return [(label, "chosen" if each in judged.value else "missing") for each, label in wanted]
    return [(words, "") for words in expected_words(field, key)] if key else []


def expected_words(field: forms.Field, key: forms.Key) -> list[str]:
    """The model answer, with how far another may lie from it."""
    words = field.in_words(key.answer)
    if isinstance(key, forms.NumberKey) and key.tolerance:
        return [f"{words[0]} (selisih {key.tolerance} masih tepat)"]
    if isinstance(key, forms.DateKey) and key.first != key.last:
        return [rentang(key.first, key.last)]
    return words

"""Questions on a page: as asked, and, where that may be told, as judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.course.grading import Saved, latest
from lms.course.load import Surroundings, filled, rendered_question, rendered_truth
from lms.course.markup import inline
from lms.course.questions.arranging import Matching
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import SingleChoice
from lms.quiz import queries
from lms.quiz.queries import AttemptFacts


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
    rendered = rendered_question(question, path)
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
    shown: ShownQuestion, question: Question, path: str, around: Surroundings, outcome: bool | None = None
) -> JudgedQuestion:
    """The question with its truth."""
    right = {option.key: option.right for option in question.options} if isinstance(question, SingleChoice) else {}
    told = rendered_truth(question, path)
    return JudgedQuestion(
        shown,
        outcome,
        [
            JudgedChoice(key, text, right[key], filled(around, told.feedback[key]))
            for key, text in shown.choices
            if key in right
        ],
        filled(around, told.answer),
        filled(around, told.explanation),
    )


def shown_questions(attempt: AttemptFacts, saved: Sequence[Saved]) -> list[ShownQuestion]:
    """The sheet as the quiz page shows it; question n has the fields `q{n}`."""
    questions, answers = queries.questions_of(attempt), latest(saved)
    return [
        show(questions[item.hash], item.path, attempt.edition, f"q{number}", item.shown, answers.get(number))
        for number, item in enumerate(attempt.sheet.items, start=1)
    ]


def judged_questions(
    attempt: AttemptFacts, saved: Sequence[Saved], outcomes: Sequence[bool | None]
) -> list[JudgedQuestion]:
    """The sheet as the result page shows it."""
    questions = queries.questions_of(attempt)
    return [
        judge(shown, questions[item.hash], item.path, attempt.edition, outcome)
        for shown, item, outcome in zip(shown_questions(attempt, saved), attempt.sheet.items, outcomes, strict=True)
    ]


def answer_in_words(shown: ShownQuestion) -> list[Markup]:
    """What the person answered, as they saw it; empty parts are left out."""
    texts = dict(shown.choices)
    parts = [texts.get(part, escape(part)) for part in shown.value]
    if shown.rows:
        parts = [row + ": " + part for row, part in zip(shown.rows, parts, strict=False)]
    return [part for part, value in zip(parts, shown.value, strict=False) if value.strip()]

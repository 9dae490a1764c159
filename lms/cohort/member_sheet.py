"""A member's attempt as it was asked and answered: every question with its options in the order shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.course.drawing import SheetItem
from lms.course.form import CaseItem
from lms.course.grading import Saved, latest
from lms.course.load import EditionView, filled, form_of, questions_in, rendered_question
from lms.quiz import queries
from lms.quiz.queries import AttemptFacts
from lms.quiz.sheet import (
    JudgedQuestion,
    ShownQuestion,
    ToldField,
    answer_in_words,
    judged_questions,
    shown_questions,
    told,
)

Words = Sequence[Markup | str]
Outcomes = Sequence[bool | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One question, or one field of a form: what was answered, and what came too late and does not count.

    `options` are those to choose, order or match, as they were shown. `key` and `told` are there only once the attempt
    is graded.
    """

    title: Markup | str
    words: Words
    late: Words
    options: Words
    question: ShownQuestion | None = None
    key: JudgedQuestion | None = None
    told: ToldField | None = None


def lines_of(attempt: AttemptFacts, outcomes: Outcomes | None) -> list[Line]:
    """The whole sheet in its order; without `outcomes` it was not graded, and nothing tells a key."""
    counted = queries.saved_answers(attempt.id)
    arrived = {saved.arrival for saved in counted}
    late = [saved for saved in queries.saved_answers(attempt.id, late=True) if saved.arrival not in arrived]
    return (_fields if attempt.is_form else _questions)(attempt, counted, late, outcomes)


def _questions(
    attempt: AttemptFacts, counted: Sequence[Saved], late: Sequence[Saved], outcomes: Outcomes | None
) -> list[Line]:
    shown, after = shown_questions(attempt, counted), shown_questions(attempt, late)
    keys = [None] * len(shown) if outcomes is None else judged_questions(attempt, counted, outcomes)
    return [
        Line(
            question.title,
            answer_in_words(question),
            answer_in_words(too_late),
            [text for _, text in question.choices],
            question,
            key,
        )
        for question, too_late, key in zip(shown, after, keys, strict=True)
    ]


def _fields(
    attempt: AttemptFacts, counted: Sequence[Saved], late: Sequence[Saved], outcomes: Outcomes | None
) -> list[Line]:
    form, case = queries.case_of(attempt)
    items = {item.hash: item for item in form.asked(case)}
    answered, after = latest(counted), latest(late)
    parts = told(attempt, counted).parts if outcomes is not None else []
    judged = {field.judged.item.field.name: field for part in parts for field in part.fields}
    found = []
    for number, each in enumerate(attempt.sheet.items, start=1):
        item = items[each.hash]
        words, too_late = _words(item, answered.get(number)), _words(item, after.get(number))
        found.append(
            Line(item.field.label, words, too_late, list(item.field.choices.values()), told=judged.get(item.field.name))
        )
    return found


def _words(item: CaseItem, saved: Saved | None) -> Words:
    return item.field.in_words(saved.value) if saved else []


def asked_in(edition: EditionView, quiz: str, item: SheetItem) -> Markup | str:
    """What one question or field asks."""
    lesson, _, slug = quiz.partition("#")
    form = form_of(edition, lesson)
    case = form.case(slug) if form else None
    if form and case:
        return next((each.field.label for each in form.asked(case) if each.hash == item.hash), "")
    rendered = rendered_question(questions_in(edition, item.path)[item.hash], item.path)
    return filled(edition, rendered.prompt or rendered.title)


def written_in(attempt: AttemptFacts) -> set[int]:
    """The numbers of what a person wrote in their own words, for a trainer to answer."""
    if attempt.is_test:
        return set()
    places = attempt.edition.lessons[attempt.lesson].written
    return {number for quiz, number in places if quiz == attempt.quiz}

"""A member's attempt as it was asked and answered: every question with its options in the order shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.core.form import CaseItem
from lms.core.grading import Saved, latest
from lms.forms.sheet import ToldField, told
from lms.quizzes import queries
from lms.quizzes.queries import AttemptFacts
from lms.quizzes.sheet import JudgedQuestion, ShownQuestion, answer_in_words, judged_questions, shown_questions

Words = Sequence[Markup | str]
Outcomes = Sequence[bool | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One question, or one field of a form: what was answered, and what came too late and does not count.

    `key` and `told` are there only once the attempt is graded.
    """

    title: Markup | str
    words: Words
    late: Words
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
        Line(question.title, answer_in_words(question), answer_in_words(too_late), question, key)
        for question, too_late, key in zip(shown, after, keys, strict=True)
    ]


def _fields(
    attempt: AttemptFacts, counted: Sequence[Saved], late: Sequence[Saved], outcomes: Outcomes | None
) -> list[Line]:
    form, case = queries.case_of(attempt)
    items = {item.hash: item for item in form.asked(case)}
    answered, after = latest(counted), latest(late)
    parts = told(attempt, counted).parts if outcomes is not None else []
    judged = {field.number: field for part in parts for field in part.fields}
    return [
        Line(item.field.label, _words(item, answered.get(number)), _words(item, after.get(number)), None, None, field)
        for number, item in enumerate((items[each.hash] for each in attempt.sheet.items), start=1)
        for field in [judged.get(number)]
    ]


def _words(item: CaseItem, saved: Saved | None) -> Words:
    return item.field.in_words(saved.value) if saved else []


def written_in(attempt: AttemptFacts) -> set[int]:
    """The numbers of what a person wrote in their own words, for a trainer to answer."""
    if attempt.is_test:
        return set()
    places = attempt.edition.lessons[attempt.lesson].written
    return {number for quiz, number in places if quiz == attempt.quiz}

"""A hall full of people who took both tests, written straight into the tables: real sheets, answers and gradings."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from lms.course.drawing import Sheet, draw_test
from lms.course.grading import Saved, grade
from lms.course.load import bank_of, edition_view
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import SingleChoice
from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt, Cohort, Enrolment, Grading, Membership, Person
from lms.quiz.queries import POSTTEST, PRETEST
from tests.conftest import SLUG, START

Knows = Callable[[int, str, Question], bool]
"""Whether somebody, by number, is right in a question of a test."""


def fill(
    cohort_id: int, edition_id: int, count: int, knows: Knows, tests: tuple[str, ...] = (PRETEST, POSTTEST)
) -> None:
    """So many people named Orang 000 and on; who is wrong takes the first wrong choice."""
    with writing():
        course_id = db.session.get_one(Cohort, cohort_id).course_id
        people = [
            Person(name=f"Orang {number:03}", region="33.12.01.2001", created_at=START) for number in range(count)
        ]
        db.session.add_all(people)
        db.session.flush()
        parts = [Membership(person_id=each.id, cohort_id=cohort_id, role="peserta", joined_at=START) for each in people]
        db.session.add_all([Enrolment(person_id=each.id, course_id=course_id, created_at=START) for each in people])
        db.session.add_all(parts)
        db.session.flush()
        for number, part in enumerate(parts):
            for order, test in enumerate(tests):
                _sit(number, part.id, edition_id, test, START - timedelta(hours=2 - order), knows)


def _sit(number: int, part: int, edition_id: int, test: str, at: datetime, knows: Knows) -> None:
    bank = bank_of(edition_view(edition_id, SLUG))
    assert bank
    sheet = _sheet(edition_id, number)
    values = {
        place: _value(bank.questions[item.hash], right=knows(number, test, bank.questions[item.hash]))
        for place, item in enumerate(sheet.items, start=1)
    }
    found = grade(sheet, bank.questions, {place: Saved(place, value, 1, 1) for place, value in values.items()})
    attempt = Attempt(
        id=secrets.token_urlsafe(16),
        membership_id=part,
        edition_id=edition_id,
        quiz=test,
        ordinal=1,
        sheet=sheet.to_json(),
        opened_at=at,
        submitted_at=at + timedelta(minutes=20),
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.add_all(
        Answer(attempt_id=attempt.id, client_id=f"c{place}", number=place, value=list(value), counter=1, at=at)
        for place, value in values.items()
    )
    db.session.add(
        Grading(
            attempt_id=attempt.id,
            right=found.right,
            asked=found.asked,
            passed=found.passed,
            outcomes=list(found.outcomes),
            reason="kirim",
            at=at,
        )
    )


def _sheet(edition_id: int, number: int) -> Sheet:
    edition = edition_view(edition_id, SLUG)
    bank = bank_of(edition)
    assert bank
    return draw_test(bank.path, bank.pools_for(edition.course), 70, [], random.Random(number))


def _value(question: Question, *, right: bool) -> Value:
    assert isinstance(question, SingleChoice)
    return question.key if right else tuple(option.key for option in question.options if not option.right)[:1]

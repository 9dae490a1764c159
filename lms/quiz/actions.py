"""Writes about attempts, tests and rulings. Nothing here commits, and everything may be repeated."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true, update

from lms.course.bank import Bank
from lms.course.drawing import Sheet, draw_sheet, draw_test
from lms.course.grading import Grade, RulingFact, latest
from lms.course.load import EditionView, rendered_lesson
from lms.course.outline import file_of
from lms.course.questions.base import Question, Value
from lms.db.engine import db, insert_missing, read, writer
from lms.db.labels import ERASED
from lms.db.tables import Answer, Attempt, Cohort, Enrolment, Grading, Membership, Period, Ruling
from lms.people.actions import note
from lms.quiz import exam_queries, queries
from lms.quiz.queries import LATE_ACCEPTED, POSTTEST, PRETEST, AttemptFacts, is_or_absorbed_by
from lms.quiz.window import Window
from lms.web import crockford
from lms.web.above import above

MOST_ANSWERS = 2_000
RECEIPT_LETTERS = 8


class TooManyAnswers(Exception):
    """More answers than any person gives; nothing was kept."""


class Entry(NamedTuple):
    """One answer from a client: its own random id, question number, counter and cleaned value."""

    client_id: str
    number: int
    counter: int
    value: Value


def draw(edition: EditionView, identity: str) -> Sheet:
    """Draw what a new attempt at the quiz of a lesson of this edition asks."""
    found = rendered_lesson(edition, identity)
    if found is None:
        raise LookupError(identity)
    rng = random.Random(secrets.randbits(128))
    return draw_sheet(file_of(identity), found.lesson.quiz, edition.course.quiz.pass_mark, rng)


def open_attempt(
    owner: int,
    edition_id: int,
    names: Sequence[str],
    ordinal: int,
    sheet: Sheet,
    now: datetime,
    *,
    table: type[Enrolment | Membership] = Enrolment,
    closes_at: datetime | None = None,
) -> str:
    """The id of the attempt at this place in the history, or of the one still open; made when there is neither.

    It hangs on a row of `table`: a test on a membership. `names` is what the quiz is called now, then what it was
    called before; answers after `closes_at` are late. Of two people who are one, each goes on counting its own.
    """
    hangs_on = {f"{table.__tablename__}_id": owner}
    held = db.session.execute(
        select(Attempt.id, Attempt.submitted_at, Attempt.ordinal, table.id)
        .join(table, table.id == getattr(Attempt, f"{table.__tablename__}_id"))
        .where(is_or_absorbed_by(table, owner), Attempt.quiz.in_(names))
        .order_by(Attempt.opened_at, Attempt.ordinal)
    ).all()
    for place, (attempt_id, submitted_at, _, _) in enumerate(held, start=1):
        if place == ordinal or submitted_at is None:
            return attempt_id
    attempt = Attempt(
        **hangs_on,
        id=secrets.token_urlsafe(16),
        edition_id=edition_id,
        quiz=names[0],
        ordinal=max((number for _, _, number, whose in held if whose == owner), default=0) + 1,
        trial=_is_trial(table, owner),
        sheet=sheet.to_json(),
        opened_at=now,
        closes_at=closes_at,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def _is_trial(table: type[Enrolment | Membership], owner: int) -> bool:
    """Whether this is somebody of the staff: a participant nowhere, or only to try the course."""
    if table is Membership:
        return db.session.scalars(select(Membership.trial).where(Membership.id == owner)).one()
    kinds = db.session.scalars(
        select(Membership.trial)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Enrolment, Enrolment.person_id == Membership.person_id)
        .where(Enrolment.id == owner, Cohort.course_id == Enrolment.course_id, Membership.role == "peserta")
    ).all()
    return all(kinds)


# Every tap asks this, so it is built once: whether the attempt is closed, its highest counter, how much it holds.
_STATE = (
    select(
        Attempt.submitted_at,
        Attempt.closes_at,
        select(func.coalesce(func.max(Answer.counter), 0))
        .where(Answer.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery(),
        select(func.count(Answer.id)).where(Answer.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery(),
    )
    .where(Attempt.id == bindparam("attempt"))
    .with_for_update(of=Attempt)
)


def save_answers(
    attempt_id: str, entries: Sequence[Entry], now: datetime, *, by: int | None = None
) -> tuple[int, bool]:
    """Append answers, and return (the highest counter of the attempt, whether they are late).

    An id seen before is left as it is. After submitting or closing they are kept as late. `by` is the trainer who
    writes them down for somebody who cannot.
    """
    submitted_at, closes_at, highest, count = read(_STATE, {"attempt": attempt_id}).one()
    if count + len(entries) > MOST_ANSWERS:
        raise TooManyAnswers
    late = submitted_at is not None or (closes_at is not None and now > closes_at)
    if entries:
        common = {"attempt_id": attempt_id, "late": late, "entered_by_id": by, "at": now}
        rows = [common | entry._asdict() for entry in entries]
        writer().execute(insert_missing(Answer, "attempt_id", "client_id"), rows)
    return max([highest, *(entry.counter for entry in entries)]), late


def submit(attempt: AttemptFacts, questions: Mapping[str, Question], now: datetime, reason: str = "kirim") -> None:
    """Close the attempt and grade what counts; one that was submitted keeps its grading and receipt.

    A form is a lesson too, finished by sending a case of it; it has no questions. With the reason CLOSED nobody sent
    it: the test was closed, and what was saved is graded.
    """
    closing = update(Attempt).where(Attempt.id == attempt.id, Attempt.submitted_at.is_(None)).returning(Attempt.id)
    receipt = crockford.encode(secrets.token_bytes(5), RECEIPT_LETTERS)
    if db.session.execute(closing.values(submitted_at=now, receipt=receipt)).first() is None:
        return
    if attempt.is_form and attempt.enrolment_id is not None:
        above("finish_lesson", attempt.enrolment_id, attempt.lesson, attempt.edition_id, now)
    add_grading(attempt, questions, reason, now)


def send(attempt: AttemptFacts, questions: Mapping[str, Question], wanted: str, now: datetime) -> bool:
    """Submit what a plain form asks to send, “kirim” when nothing is missing, “pasti” a quiz as it is. False else."""
    lacking = queries.faults(attempt) if attempt.is_form else queries.open_questions(attempt, questions)
    is_sent = (wanted == "kirim" and not lacking) or (wanted == "pasti" and not attempt.is_form)
    if is_sent:
        submit(attempt, questions, now)
    return is_sent


def add_grading(attempt: AttemptFacts, questions: Mapping[str, Question], reason: str, now: datetime) -> Grade:
    """Grade the attempt under all rulings and append the result; gradings before it stay.

    The reason LATE_ACCEPTED lets the late answers count that are there now, in this grading and all after it.
    """
    answers = latest(queries.saved_answers(attempt.id, late=reason == LATE_ACCEPTED))
    gone = any(answer.value == (ERASED,) for answer in answers.values())
    if gone and (stands := queries.newest_grading(attempt.id)):
        # What was written is gone by its retention or with its person; the score it was given stands.
        return Grade(stands[0], stands[1], stands[2], tuple(stands[3]))
    decided = queries.rulings(attempt.course_id, [item.hash for item in attempt.sheet.items])
    result = queries.worth(attempt, questions, answers, decided)
    db.session.add(Grading(attempt_id=attempt.id, **asdict(result), reason=reason, at=now))
    db.session.flush()
    return result


def decide(course_id: int, planned: RulingFact, reason: str, by: int, now: datetime) -> None:
    """Append the ruling, unless it is the newest on its question already, or withdraws what was withdrawn: pressed
    twice it is one. Attempts are graded again by `add_grading`."""
    question, kind, value = planned.question_hash, planned.kind, planned.value
    made = [(each.kind, each.value) for each in queries.rulings(course_id, [question])]
    if (kind, value) in (made if kind == "dicabut" else made[-1:]):
        return
    ruling = {"question_hash": question, "kind": kind, "value": list(value), "reason": reason}
    db.session.add(Ruling(course_id=course_id, person_id=by, at=now, **ruling))
    db.session.flush()
    note(by, f"putusan soal: {kind}", f"question:{question[:16]}", now, [f"course:{course_id}"], reason)


def open_test(
    membership_id: int, edition: EditionView, bank: Bank, name: str, ordinal: int, rng: random.Random, now: datetime
) -> str | None:
    """The id of the attempt; None where its cohort does not let the test be taken, but for a try that a trainer gave
    of what is over.

    What this person met before is read here, so that two tests opened at once ask different things. The cohort is held
    fast first, for what a statement that waits for it reads beside it is from before it waited.
    """
    person_id, course_id = db.session.execute(
        select(Membership.person_id, Cohort.course_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.id == membership_id)
        .with_for_update(of=Cohort)
    ).one()
    standing = replace(exam_queries.standing_of(membership_id), at=now)
    is_open, window = standing.state(name) == "terbuka", standing.windows.get(name)
    if not (is_open or (name == POSTTEST and standing.posttest_offered)):
        return None
    closes_at = window.closes_at if window and is_open else None
    pass_mark = edition.course.test.pass_mark if edition.course.test else 0
    known = exam_queries.met(person_id, course_id)
    sheet = draw_test(bank.path, bank.pools_for(edition.course), pass_mark, known, rng)
    return open_attempt(membership_id, edition.id, (name,), ordinal, sheet, now, table=Membership, closes_at=closes_at)


def close_tests(cohort_id: int, now: datetime) -> bool:
    """Close both tests of a cohort: its members see the keys, and what they send from now on is late.

    False when they were closed before: one more try that a trainer gave since goes on.
    """
    closing = update(Cohort).where(Cohort.id == cohort_id, Cohort.posttest_closed_at.is_(None))
    closed = db.session.execute(closing.values(posttest_closed_at=now).returning(Cohort.id)).first() is not None
    if closed:
        _end(cohort_id, (PRETEST, POSTTEST), or_(Attempt.closes_at.is_(None), Attempt.closes_at > now), now)
    return closed


def set_window(cohort_id: int, name: str, window: Window) -> bool:
    """Set when the members of a cohort may take a test, and when what they have open ends.

    False where nothing is to be set any more: the cohort or both its tests were closed.
    """
    going_on = Cohort.id == cohort_id, Cohort.closed_at.is_(None), Cohort.posttest_closed_at.is_(None)
    if db.session.scalar(select(Cohort.id).where(*going_on).with_for_update()) is None:
        return False
    db.session.merge(Period(cohort_id=cohort_id, what=name, opens_at=window.opens_at, closes_at=window.closes_at))
    db.session.flush()
    _end(cohort_id, (name,), true(), window.closes_at)
    return True


def _end(cohort_id: int, names: Sequence[str], which: ColumnElement[bool], closes_at: datetime | None) -> None:
    """End then what is still open of these tests."""
    members = select(Membership.id).where(Membership.cohort_id == cohort_id)
    unsent = Attempt.membership_id.in_(members), Attempt.quiz.in_(names), Attempt.submitted_at.is_(None)
    ending = update(Attempt).where(*unsent, which).values(closes_at=closes_at)
    db.session.execute(ending.execution_options(synchronize_session=False))

"""Writes about both tests: open one, close them for a cohort. Nothing here commits, and everything may be repeated."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update

from lms.content.load import EditionView
from lms.core.bank import Bank
from lms.core.draw import draw_test
from lms.database import db
from lms.exams import queries
from lms.models import Attempt, Cohort, ExtraTry, Membership
from lms.quizzes.actions import open_test as open_attempt
from lms.quizzes.queries import POSTTEST, PRETEST, is_or_absorbed_by


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opens which test of which edition, and the ordinal the page named."""

    person_id: int
    course_id: int
    membership_id: int
    edition: EditionView
    bank: Bank
    name: str
    ordinal: int


def open_test(wanted: Opening, rng: random.Random, now: datetime) -> str | None:
    """The id of the attempt; None when the tests of the cohort are closed, but for a try that a trainer gave.

    What this person met before is read here, so that two tests opened at once ask different things.
    """
    closed = (
        select(Cohort.posttest_closed_at)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.id == wanted.membership_id)
        .with_for_update(of=Cohort)
    )
    if db.session.scalars(closed).one() is not None and not (wanted.name == POSTTEST and _extra_try(wanted)):
        return None
    course = wanted.edition.course
    pass_mark = course.test.pass_mark if course.test else 0
    known = queries.met(wanted.person_id, wanted.course_id)
    sheet = draw_test(wanted.bank.path, wanted.bank.pools_for(course), pass_mark, known, rng)
    return open_attempt(wanted.membership_id, wanted.edition.id, wanted.name, wanted.ordinal, sheet, now)


def _extra_try(wanted: Opening) -> bool:
    """Whether a trainer gave one more try since the post-test was opened last; the page of an open one leads on."""
    parts = select(Membership.id).where(is_or_absorbed_by(Membership, wanted.membership_id))
    given, opened = (
        db.session.scalar(select(func.max(moment)).where(table.membership_id.in_(parts), table.quiz == POSTTEST))
        for table, moment in ((ExtraTry, ExtraTry.at), (Attempt, Attempt.opened_at))
    )
    return given is not None and (opened is None or opened < given)


def close_tests(cohort_id: int, now: datetime) -> bool:
    """Close both tests of a cohort: its members see the keys, and what they send from now on is late.

    False when they were closed before.
    """
    closing = update(Cohort).where(Cohort.id == cohort_id, Cohort.posttest_closed_at.is_(None))
    closed = db.session.execute(closing.values(posttest_closed_at=now).returning(Cohort.id)).first() is not None
    members = select(Membership.id).where(Membership.cohort_id == cohort_id)
    db.session.execute(
        update(Attempt)
        .where(
            Attempt.membership_id.in_(members),
            Attempt.quiz.in_((PRETEST, POSTTEST)),
            Attempt.submitted_at.is_(None),
            or_(Attempt.closes_at.is_(None), Attempt.closes_at > now),
        )
        .values(closes_at=now)
        .execution_options(synchronize_session=False)
    )
    return closed

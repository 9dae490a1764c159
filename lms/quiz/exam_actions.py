"""Writes about both tests: open one, let a cohort take one, close them. Nothing here commits, and everything may be
repeated."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true, update

from lms.course.bank import Bank
from lms.course.drawing import draw_test
from lms.course.load import EditionView
from lms.db.engine import db
from lms.db.tables import Attempt, Cohort, ExtraTry, Membership, Period
from lms.quiz import exam_queries as queries
from lms.quiz.actions import open_on
from lms.quiz.queries import POSTTEST, PRETEST, is_or_absorbed_by
from lms.quiz.window import Window, state_of


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
    """The id of the attempt; None where its cohort does not let the test be taken, but for a try that a trainer gave
    of what is over.

    What this person met before is read here, so that two tests opened at once ask different things.
    """
    window = _window(wanted)
    state = state_of(window, now)
    if state != "terbuka" and not (state == "ditutup" and wanted.name == POSTTEST and _extra_try(wanted)):
        return None
    closes_at = window.closes_at if window and state == "terbuka" else None
    course = wanted.edition.course
    pass_mark = course.test.pass_mark if course.test else 0
    known = queries.met(wanted.person_id, wanted.course_id)
    sheet = draw_test(wanted.bank.path, wanted.bank.pools_for(course), pass_mark, known, rng)
    names, seat = (wanted.name,), wanted.membership_id
    return open_on(Membership, seat, wanted.edition.id, names, wanted.ordinal, sheet, now, closes_at)


def _window(wanted: Opening) -> Window | None:
    """When the test may be taken. The cohort is held fast first, for what a statement that waits for it reads beside it
    is from before it waited."""
    cohort = db.session.execute(
        select(Cohort.id, Cohort.posttest_closed_at, Cohort.closed_at)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.id == wanted.membership_id)
        .with_for_update(of=Cohort)
    ).one()
    if over := cohort.posttest_closed_at or cohort.closed_at:
        return Window(None, over)
    held = select(Period.opens_at, Period.closes_at).where(Period.cohort_id == cohort.id, Period.what == wanted.name)
    found = db.session.execute(held).first()
    return Window(*found) if found else None


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
    going_on = select(Cohort.id).where(
        Cohort.id == cohort_id, Cohort.closed_at.is_(None), Cohort.posttest_closed_at.is_(None)
    )
    if db.session.scalar(going_on.with_for_update()) is None:
        return False
    db.session.merge(Period(cohort_id=cohort_id, what=name, opens_at=window.opens_at, closes_at=window.closes_at))
    db.session.flush()
    _end(cohort_id, (name,), true(), window.closes_at)
    return True


def _end(cohort_id: int, names: Sequence[str], which: ColumnElement[bool], closes_at: datetime | None) -> None:
    """What is still open of these tests ends then."""
    members = select(Membership.id).where(Membership.cohort_id == cohort_id)
    db.session.execute(
        update(Attempt)
        .where(Attempt.membership_id.in_(members), Attempt.quiz.in_(names), Attempt.submitted_at.is_(None), which)
        .values(closes_at=closes_at)
        .execution_options(synchronize_session=False)
    )

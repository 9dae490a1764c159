"""Writes that make two people one, and two again. Nothing here commits, and everything may be repeated.

No row of what was learned moves: the enrolments and memberships of who is gone say by which they were absorbed, so that
completion reads both, and clearing that undoes it.
"""

from datetime import datetime

from sqlalchemy import String, cast, exists, literal, or_, select, update
from sqlalchemy.orm import aliased

from lms.db.engine import db, insert_missing
from lms.db.tables import (
    ActionPlan,
    Attempt,
    Attendance,
    AuditEntry,
    Certificate,
    Enrolment,
    ErasureRequest,
    ExtraTry,
    Membership,
    Person,
    SurveyTicket,
)
from lms.people.actions import end_devices, enrol, note
from lms.people.queries import participates_only

MADE_ONE = "masuk angkatan karena digabung"


def merge(stays: int, gone: int, by: int, now: datetime) -> bool:
    """Let one person be known as another; False when one of them is merged already, or no longer just a participant.

    So it is for who asked to be erased, with whom the other would go, and for one who goes and was made one with others
    before: those could not be told apart again. Whoever had signed in as the one who goes signs in anew.
    """
    both = select(Person).where(Person.id.in_((stays, gone)), Person.merged_into_id.is_(None), MAY_BE_ONE)
    if stays == gone or len(db.session.scalars(both.order_by(Person.id).with_for_update(of=Person)).all()) < 2:
        return False
    if db.session.scalar(
        select(Person.id)
        .where(or_(Person.id.in_((stays, gone)) & ASKS_ERASURE, Person.merged_into_id == gone))
        .limit(1)
    ):
        return False
    for learned in db.session.scalars(select(Enrolment).where(Enrolment.person_id == gone)).all():
        _absorb(Enrolment, learned.id, enrol(stays, learned.course_id, now))
    for part in db.session.scalars(select(Membership).where(Membership.person_id == gone)).all():
        _absorb(Membership, part.id, _same_part(stays, part, by, now))
    db.session.execute(update(Person).where(Person.id == gone).values(merged_into_id=stays))
    end_devices(gone, now)
    _note("orang digabung", stays, gone, by, now)
    return True


MAY_BE_ONE = participates_only() & Person.erased_at.is_(None) & Person.deactivated_at.is_(None)
"""Whether a person of the statement may be merged: not staff, whose rights would come along, and no tombstone."""


ASKS_ERASURE = exists().where(
    ErasureRequest.person_id == Person.id, ErasureRequest.withdrawn_at.is_(None), ErasureRequest.done_at.is_(None)
)
"""Whether a person of the statement waits to be erased."""

_OTHER = aliased(Person)
HAS_OTHERS = exists().where(_OTHER.merged_into_id == Person.id)
"""Whether somebody was merged into a person of the statement."""


def _absorb(table: type[Enrolment | Membership], row_id: int, by: int) -> None:
    found = or_(table.id == row_id, table.absorbed_by_id == row_id)
    db.session.execute(update(table).where(found).values(absorbed_by_id=by))


def _same_part(person_id: int, part: Membership, by: int, now: datetime) -> int:
    """The membership of this person that is like the other's, made when there is none; one of both in is in."""
    row = {
        "person_id": person_id,
        "cohort_id": part.cohort_id,
        "role": part.role,
        "trial": part.trial,
        "joined_at": part.joined_at,
        "left_at": part.left_at,
    }
    own = select(Membership).filter_by(person_id=person_id, cohort_id=part.cohort_id, role=part.role)
    before = db.session.scalars(own).first()
    was_out = before is not None and before.left_at is not None
    db.session.execute(insert_missing(Membership, "person_id", "cohort_id", "role"), row)
    found = db.session.scalars(own).one()
    if part.left_at is None:
        found.left_at = None
    if part.left_at is None and (before is None or was_out):
        note(by, MADE_ONE, f"membership:{found.id}", now)
    return found.id


def separate(gone: int, by: int, now: datetime) -> bool:
    """Let a person be themself again; False when they are. What was done meanwhile stays where it was done.

    Both sign in anew, each with what is theirs: nobody knows who of them signed in with which card.
    """
    person = db.session.get_one(Person, gone, with_for_update=True)
    stays, person.merged_into_id = person.merged_into_id, None
    if stays is None:
        return False
    _leave_what_was_made(gone, now)
    for table in (Enrolment, Membership):
        db.session.execute(update(table).where(table.person_id == gone).values(absorbed_by_id=None))
    end_devices(stays, now)
    _note("orang dipisah", stays, gone, by, now)
    return True


def _leave_what_was_made(gone: int, now: datetime) -> None:
    """Out of the cohorts in which only the other was, unless something was done there since."""
    absorbed = select(Membership.absorbed_by_id).where(Membership.person_id == gone)
    named = literal("membership:").concat(cast(Membership.id, String))
    made = exists().where(AuditEntry.object == named, AuditEntry.action == MADE_ONE)
    used = [
        exists().where(table.membership_id == Membership.id)
        for table in (ActionPlan, Attempt, Attendance, Certificate, ExtraTry, SurveyTicket)
    ]
    found = db.session.scalars(
        select(Membership.id).where(Membership.id.in_(absorbed), Membership.left_at.is_(None), made, ~or_(*used))
    ).all()
    db.session.execute(update(Membership).where(Membership.id.in_(found)).values(left_at=now))


def _note(action: str, stays: int, gone: int, by: int, now: datetime) -> None:
    """A line for each of both; the ids in the reason are no values of theirs."""
    note(by, action, f"person:{gone}", now, ["merged_into_id"], f"tetap sebagai orang nomor {stays}")
    note(by, action, f"person:{stays}", now, [], f"dengan orang nomor {gone}")

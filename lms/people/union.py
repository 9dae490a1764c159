"""People who may be one, made one, and made two again: always within what the viewer trains. Nothing here commits.

No row of what was learned moves: the enrolments and memberships of who is gone say by which they were absorbed, so that
completion reads both, and clearing that undoes it. Everything may be repeated.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, String, cast, distinct, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from lms.db.engine import db, insert_missing, read
from lms.db.tables.certificates import Certificate
from lms.db.tables.cohorts import ActionPlan, Attendance, Cohort, Membership, SurveyTicket
from lms.db.tables.learning import Attempt, Enrolment, ExtraTry, Reading
from lms.db.tables.people import AuditEntry, Device, ErasureRequest, Person
from lms.people.access import Training, trained_by
from lms.people.actions import end_devices, enrol, note
from lms.people.doubles import Someone, likely_doubles
from lms.people.held import IS_OPEN
from lms.people.queries import ONLY_LEARNS

MADE_ONE = "masuk angkatan karena digabung"

ASKS_ERASURE = exists().where(ErasureRequest.person_id == Person.id, IS_OPEN)
"""Whether a person of the statement waits to be erased."""

_OTHER = aliased(Person)
HAS_OTHERS = exists().where(_OTHER.merged_into_id == Person.id)
"""Whether somebody was merged into a person of the statement."""

WAS_USED = or_(
    *(
        exists().where(table.membership_id == Membership.id)
        for table in (ActionPlan, Attempt, Attendance, Certificate, ExtraTry, SurveyTicket)
    )
)
"""Whether anything was done under a membership of the statement."""

Found = Row[Membership, Person, str, bool, bool, bool]
"""(Membership, Person, cohort, may_be_one, asks_erasure, has_others) of a participant of some cohort of the viewer."""


def _found(trained: Training) -> Select[Membership, Person, str, bool, bool, bool]:
    flags = ONLY_LEARNS.label("may_be_one"), ASKS_ERASURE.label("asks_erasure"), HAS_OTHERS.label("has_others")
    return (
        select(Membership, Person, Cohort.name.label("cohort"), *flags)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(
            Membership.cohort_id.in_(trained_by(trained.viewer.person_id)),
            Membership.role == "peserta",
            Membership.trial.is_(False),
            Person.erased_at.is_(None),
        )
        # Of several memberships of one person, that of the cohort which is looked at is taken, else the newest.
        .order_by(Membership.cohort_id == trained.cohort_id, Membership.id)
    )


def likely(trained: Training) -> list[list[Found]]:
    """Return groups that may be one person each: somebody of this cohort is in each and in front; by name."""

    def here_first(who: Found) -> tuple[bool, datetime, int]:
        return who.Membership.cohort_id != trained.cohort_id, who.Membership.joined_at, who.Membership.id

    rows = db.session.execute(_found(trained).where(Person.merged_into_id.is_(None), ONLY_LEARNS))
    people = {row.Person.id: row for row in rows}
    groups = likely_doubles(
        Someone(key, who.Person.name, who.Person.region or "", who.Person.phone) for key, who in people.items()
    )
    found = [sorted((people[who] for who in group), key=here_first) for group in groups]
    return sorted(
        (group for group in found if group[0].Membership.cohort_id == trained.cohort_id),
        key=lambda group: (group[0].Person.name.casefold(), group[0].Membership.id),
    )


def pair(trained: Training, membership_id: int, other_id: int) -> tuple[Found, Found] | None:
    """Return a participant of this cohort and one of any cohort of the viewer, who are one or may become one."""
    rows = db.session.execute(_found(trained).where(Membership.id.in_((membership_id, other_id))))
    people = {row.Membership.id: row for row in rows}
    one, other = people.get(membership_id), people.get(other_id)
    if one is None or other is None or one.Person is other.Person or one.Membership.cohort_id != trained.cohort_id:
        return None
    free = all(who.may_be_one and who.Person.merged_into_id is None for who in (one, other))
    return (one, other) if free or gone_of(one, other) else None


def gone_of(one: Found, other: Found) -> Found | None:
    """Return which of both was merged into the other."""
    for gone, stays in ((one, other), (other, one)):
        if gone.Person.merged_into_id == stays.Person.id:
            return gone
    return None


def merged(trained: Training) -> list[tuple[Found, Found]]:
    """Return (who stays, who was merged into them) in this cohort; only those that the viewer may separate."""
    held, gone = aliased(Membership), aliased(Person)
    here = select(held.person_id).where(held.cohort_id == trained.cohort_id, held.role == "peserta")
    stays = select(gone.merged_into_id).where(gone.merged_into_id.in_(here))
    rows = db.session.execute(_found(trained).where(or_(Person.merged_into_id.in_(here), Person.id.in_(stays))))
    people = {row.Person.id: row for row in rows}
    return [
        (people[who.Person.merged_into_id], who)
        for who in sorted(people.values(), key=lambda who: who.Person.name.casefold())
        if who.Person.merged_into_id in people
    ]


def weights(people: Iterable[Found], now: datetime) -> dict[int, Row[Any]]:
    """Person -> (id, lessons, attempts, certificates, devices): what hangs on them in all courses and cohorts.

    What they absorbed is not counted.
    """
    learned, part = Enrolment.person_id == Person.id, Membership.person_id == Person.id
    tried = or_(
        Attempt.enrolment_id.in_(select(Enrolment.id).where(learned).correlate(Person)),
        Attempt.membership_id.in_(select(Membership.id).where(part).correlate(Person)),
    )
    real = Certificate.membership_id == Membership.id, part, Certificate.sample.is_(False)
    signed_in = Device.person_id == Person.id, Device.ended_at.is_(None), Device.expires_at > now
    lessons = distinct(cast(Reading.enrolment_id, String).concat(Reading.lesson))
    counts = {
        "lessons": select(func.count(lessons)).where(Enrolment.id == Reading.enrolment_id, learned),
        "attempts": select(func.count(Attempt.id)).where(tried),
        "certificates": select(func.count(Certificate.id)).where(*real),
        "devices": select(func.count(Device.id)).where(*signed_in),
    }
    columns = [count.correlate(Person).scalar_subquery().label(name) for name, count in counts.items()]
    rows = read(select(Person.id, *columns).where(Person.id.in_([who.Person.id for who in people])))
    return {row.id: row for row in rows}


def merge(stays: int, gone: int, by: int, now: datetime) -> bool:
    """Let one person be known as another; False when one of them is merged already, or no longer just a participant.

    So it is for who asked to be erased, with whom the other would go, and for one who goes and was made one with others
    before: those could not be told apart again. Whoever had signed in as the one who goes signs in anew.
    """
    both = select(Person).where(Person.id.in_((stays, gone)), Person.merged_into_id.is_(None), ONLY_LEARNS)
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


def _absorb(table: type[Enrolment | Membership], row_id: int, by: int) -> None:
    found = or_(table.id == row_id, table.absorbed_by_id == row_id)
    db.session.execute(update(table).where(found).values(absorbed_by_id=by))


def _same_part(person_id: int, part: Membership, by: int, now: datetime) -> int:
    """The membership of this person that is like the other's, made when there is none; one of both in is in."""
    row = {name: getattr(part, name) for name in ("cohort_id", "role", "trial", "joined_at", "left_at")}
    own = select(Membership).filter_by(person_id=person_id, cohort_id=part.cohort_id, role=part.role)
    before = db.session.scalars(own).first()
    was_in = before is not None and before.left_at is None
    db.session.execute(insert_missing(Membership, "person_id", "cohort_id", "role"), row | {"person_id": person_id})
    found = db.session.scalars(own).one()
    if part.left_at is None and not was_in:
        found.left_at = None
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
    found = db.session.scalars(
        select(Membership.id).where(Membership.id.in_(absorbed), Membership.left_at.is_(None), made, ~WAS_USED)
    ).all()
    db.session.execute(update(Membership).where(Membership.id.in_(found)).values(left_at=now))


def _note(action: str, stays: int, gone: int, by: int, now: datetime) -> None:
    """A line for each of both; the ids in the reason are no values of theirs."""
    note(by, action, f"person:{gone}", now, ["merged_into_id"], f"tetap sebagai orang nomor {stays}")
    note(by, action, f"person:{stays}", now, [], f"dengan orang nomor {gone}")

"""Writes of a bimtek: its plan and meetings, its closing, and who came. Nothing here commits, and everything may be
repeated. That nothing is written into a closed bimtek is the views' to ask first (`still_open`)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, insert, literal, select, update

from lms.bimtek.attendance import state_at
from lms.bimtek.queries import MeetingFacts, meetings
from lms.db.engine import db, insert_for, writer
from lms.db.tables import Attendance, Cohort, Meeting, Membership, SurveyResponse
from lms.db.words import PRESENT
from lms.people.actions import note, random_id
from lms.quiz.actions import close_tests
from lms.quiz.presence import IS_NEWEST
from lms.quiz.queries import is_or_absorbed_by

COPIED = ("map_link", "bring", "basis", "quota", "committee", "predicates", "prints_scores")


def keep_details(cohort_id: int, values: Mapping[str, Any], by: int, now: datetime) -> None:
    """Change what the plan says."""
    cohort = db.session.get_one(Cohort, cohort_id)
    changed = [name for name, value in values.items() if getattr(cohort, name) != value]
    for name in changed:
        setattr(cohort, name, values[name])
    if changed:
        note(by, "acara diubah", f"cohort:{cohort_id}", now, changed)


def keep_meeting(cohort_id: int, meeting_id: int | None, values: Mapping[str, Any]) -> bool:
    """Change a meeting, or add one; the very same one at the same time is the one that is there.

    False for another speaker where somebody sent the survey: what was said of the one would be read of the other.
    """
    if meeting_id is not None:
        answered = db.session.scalar(select(SurveyResponse.id).filter_by(cohort_id=cohort_id).limit(1)) is not None
        speaker = db.session.scalar(select(Meeting.speaker).where(_own(cohort_id, meeting_id)))
        if answered and speaker != values["speaker"]:
            return False
        db.session.execute(update(Meeting).where(_own(cohort_id, meeting_id)).values(**values))
    elif db.session.scalar(select(Meeting.id).filter_by(cohort_id=cohort_id, **values)) is None:
        db.session.add(Meeting(cohort_id=cohort_id, **values))
    return True


def set_cancelled(cohort_id: int, meeting_id: int, now: datetime, *, cancelled: bool) -> None:
    """A meeting that does not take place after all, or does."""
    db.session.execute(
        update(Meeting).where(_own(cohort_id, meeting_id)).values(cancelled_at=now if cancelled else None)
    )


def _own(cohort_id: int, meeting_id: int) -> Any:
    return (Meeting.id == meeting_id) & (Meeting.cohort_id == cohort_id)


def close(cohort_id: int, by: int, now: datetime) -> None:
    """Close a bimtek: nobody joins, its tests end, and nothing of it changes any more."""
    closing = update(Cohort).where(Cohort.id == cohort_id, Cohort.closed_at.is_(None))
    if db.session.execute(closing.values(closed_at=now, is_open=False).returning(Cohort.id)).first() is not None:
        close_tests(cohort_id, now)
        note(by, "bimtek ditutup", f"cohort:{cohort_id}", now, ["closed_at", "is_open", "posttest_closed_at"])


def reopen(cohort_id: int, reason: str, by: int, now: datetime) -> None:
    """Let it be changed again; who joined, and the tests, stay as they are."""
    opening = update(Cohort).where(Cohort.id == cohort_id, Cohort.closed_at.is_not(None))
    if db.session.execute(opening.values(closed_at=None).returning(Cohort.id)).first() is not None:
        note(by, "bimtek dibuka lagi", f"cohort:{cohort_id}", now, ["closed_at"], reason)


def copy_plan(source_id: int, code: str) -> None:
    """Give a new cohort, which has no meetings yet, the plan and meetings of another, moved to its own days."""
    source = db.session.get_one(Cohort, source_id)
    target = db.session.scalars(select(Cohort).filter_by(code=code)).one()
    if db.session.scalar(select(Meeting.id).filter_by(cohort_id=target.id).limit(1)) is not None:
        return
    for name in COPIED:
        setattr(target, name, getattr(source, name))
    later = (target.starts_on or date.min) - (source.starts_on or date.min)
    target.online_from = source.online_from + later if source.online_from else None
    target.online_until = source.online_until + later if source.online_until else None
    for each in meetings(source_id):
        if each.cancelled_at is None:
            values = {name: getattr(each, name) for name in ("subject", "module", "speaker", "jp")}
            moved = {"starts_at": each.starts_at + later, "ends_at": each.ends_at + later}
            db.session.add(Meeting(cohort_id=target.id, **values, **moved))


def come(meeting: MeetingFacts, member: int, way: str, moment: datetime, mark: str, by: int | None) -> bool:
    """Note that somebody was there at this moment, in one statement; False where it was noted already.

    Who was noted as present stays so, under an absorbed membership too, and what somebody noted after that moment
    stands: a phone may have been without signal meanwhile.
    """
    seats = select(Membership.id).where(is_or_absorbed_by(Membership, member))
    stands = Attendance.state.in_(PRESENT) | ((Attendance.membership_id == member) & (Attendance.noted_at >= moment))
    here = Attendance.meeting_id == meeting.id, Attendance.membership_id.in_(seats)
    held = exists().where(*here, stands, IS_NEWEST)
    row = {
        "meeting_id": meeting.id,
        "membership_id": member,
        "mark": mark,
        "state": state_at(meeting.starts_at, moment),
        "way": way,
        "noted_at": moment,
        "by_id": by,
        "reason": "",
    }
    columns = Attendance.__table__.c
    values = select(*(literal(value, columns[name].type) for name, value in row.items())).where(~held)
    made = insert_for(Attendance).from_select(list(row), values).on_conflict_do_nothing(index_elements=["mark"])
    return writer().execute(made.returning(Attendance.id)).first() is not None


def tick(meeting_id: int, members: Iterable[int], state: str, reason: str, by: int, now: datetime) -> int:
    """Note these people by hand, whatever was noted before, of memberships they absorbed too: the best would count."""
    wanted = list(members)
    absorbed = select(Membership.id).where(
        Membership.absorbed_by_id.in_(wanted),
        exists().where(Attendance.meeting_id == meeting_id, Attendance.membership_id == Membership.id),
    )
    rows = [
        {
            "meeting_id": meeting_id,
            "membership_id": each,
            "mark": random_id(),
            "state": state,
            "way": "daftar",
            "noted_at": now,
            "by_id": by,
            "reason": reason,
        }
        for each in [*wanted, *db.session.scalars(absorbed)]
    ]
    if rows:
        db.session.execute(insert(Attendance), rows)
    return len(wanted)

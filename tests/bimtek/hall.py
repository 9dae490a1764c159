"""A bimtek with meetings, and who was noted at which."""

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.bimtek.attendance import code_at
from lms.db.engine import db, writing
from lms.db.tables import Attendance, Cohort, Meeting, Membership
from tests.conftest import KEY, START, Client

HUB = "/pelatih/B1MTEK"


def add_meeting(cohort_id: int, hours: float = 0, subject: str = "Praktik asesmen", *, jp: int = 2) -> int:
    """A meeting of two hours that begins so many hours after the start of the test."""
    starts = START + timedelta(hours=hours)
    with writing():
        meeting = Meeting(
            cohort_id=cohort_id, starts_at=starts, ends_at=starts + timedelta(hours=2), subject=subject, jp=jp
        )
        db.session.add(meeting)
        db.session.flush()
        return meeting.id


def note(meeting_id: int, membership_id: int, state: str, at: datetime = START) -> None:
    """Append how somebody was noted."""
    with writing():
        count = db.session.query(Attendance).count()
        db.session.add(
            Attendance(
                meeting_id=meeting_id,
                membership_id=membership_id,
                mark=f"tes{count}",
                state=state,
                way="daftar",
                noted_at=at,
            )
        )


def noted(meeting_id: int) -> list[tuple[int, str, str]]:
    """(membership, state, way) of all that was noted at a meeting, in the order of hearing of it."""
    db.session.rollback()
    rows = select(Attendance.membership_id, Attendance.state, Attendance.way).where(Attendance.meeting_id == meeting_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows.order_by(Attendance.id))]


def part_of(person_id: int, cohort_id: int) -> int:
    """The id of somebody's membership as a participant."""
    rows = select(Membership.id).filter_by(person_id=person_id, cohort_id=cohort_id, role="peserta")
    return db.session.scalars(rows).one()


def close(cohort_id: int, at: datetime = START) -> None:
    """As “Tutup bimtek” does, without its page."""
    with writing():
        cohort = db.session.get_one(Cohort, cohort_id)
        cohort.closed_at, cohort.is_open = at, False


def code_now(meeting_id: int, moment: datetime) -> str:
    """What the screen in the hall shows."""
    return code_at(KEY, meeting_id, moment)


def scan(client: Client, meeting_id: int, moment: datetime) -> str:
    """The address of the receipt that a camera is led to."""
    response = client.get(f"/h/{code_now(meeting_id, moment)}")
    assert response.status_code == 303
    return str(response.location)

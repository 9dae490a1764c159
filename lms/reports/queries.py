"""Reads for the report of a bimtek: the event, its people, who came, its certificates, and what was gathered last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.certificates.queries import issuer, office_name
from lms.content.load import edition_view
from lms.core.certificate import number_line, signer_lines, snapshot_of, state
from lms.core.dates import WIB, tanggal
from lms.core.event_texts import Event, Session, Someone
from lms.core.regions import villages
from lms.database import read
from lms.jobs.queries import JobFacts
from lms.models import (
    ActionPlan,
    Attempt,
    Attendance,
    Certificate,
    CertificateEvent,
    Cohort,
    Job,
    Meeting,
    Membership,
    Period,
    Person,
    SurveyResponse,
)
from lms.models.cohorts import is_participant
from lms.quizzes.queries import POSTTEST, PRETEST
from lms.web.access import COHORTS, CohortFacts

KIND = "laporan"
PRESENT = ("hadir", "terlambat")
_seat = aliased(Membership)
_OWNER = func.coalesce(_seat.absorbed_by_id, _seat.id)


def cohort_facts(cohort_id: int) -> CohortFacts:
    """A cohort by its id."""
    return CohortFacts(*read(COHORTS.where(Cohort.id == cohort_id)).one())


def texts_of(cohort_id: int) -> dict[str, str]:
    """What was written for the report: key -> text."""
    return dict(read(select(Cohort.report).where(Cohort.id == cohort_id)).scalar_one())


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is to report on; `survey_over` is None in a cohort without a survey."""

    people: int
    noted: int
    pre: int
    post: int
    surveys: int
    survey_over: bool | None
    plans: int
    certificates: int


def counts(cohort_id: int, now: datetime) -> Counts:
    """In one statement."""
    part = takes_part(cohort_id)
    mine = _seat.cohort_id == cohort_id, is_participant(_seat)

    def of(column: Any, model: Any, *which: Any) -> Any:
        found = (
            select(func.count(func.distinct(column))).select_from(_seat).join(model, model.membership_id == _seat.id)
        )
        return found.where(*mine, *which).scalar_subquery()

    sent = Attempt.submitted_at.is_not(None)
    ends = select(func.coalesce(Period.closes_at <= now, False)).where(
        Period.cohort_id == cohort_id, Period.what == "survei"
    )
    row = read(
        select(
            select(func.count()).select_from(Membership).where(part).scalar_subquery(),
            of(_OWNER, Attendance),
            of(_OWNER, Attempt, sent, Attempt.quiz == PRETEST),
            of(_OWNER, Attempt, sent, Attempt.quiz == POSTTEST),
            select(func.count()).where(SurveyResponse.cohort_id == cohort_id).scalar_subquery(),
            ends.scalar_subquery(),
            of(ActionPlan.id, ActionPlan),
            of(Certificate.id, Certificate, Certificate.sample.is_(False)),
        )
    ).one()
    return Counts(*row)


def event(held: CohortFacts) -> Event:
    """The bimtek with its meetings, and the office that holds it."""
    course = edition_view(held.edition_id, held.slug).course
    columns = Cohort.basis, Cohort.online_from, Cohort.online_until
    basis, online_from, online_until = read(select(*columns).where(Cohort.id == held.cohort_id)).one()
    who = issuer(held.kind)
    office = {"town": who.office.place, "organiser": who.organiser} if who else {"organiser": office_name()}
    return Event(
        name=held.name,
        course=course.title,
        audience=course.audience,
        modules=[(each.title, each.online_jp, each.hall_jp, each.goals) for each in course.modules],
        basis=basis,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        online_from=online_from,
        online_until=online_until,
        place=held.place,
        sessions=list(sessions(held.cohort_id).values()),
        asked_share=course.certificate.attendance,
        head=[who.office.government, who.office.name, who.office.address] if who else [],
        signer=_signer(who.signer) if who else {},
        **office,
    )


def _signer(signer: Any) -> dict[str, Any]:
    below = [line for line in (signer.rank, signer.nip and f"NIP {signer.nip}") if line]
    return {"above": signer_lines(signer), "name": signer.name, "below": below}


def sessions(cohort_id: int) -> dict[int, Session]:
    """Meeting -> what it was, in the order of the day."""
    said = Meeting.subject, Meeting.speaker, Meeting.jp, Meeting.cancelled_at
    rows = read(
        select(Meeting.id, Meeting.starts_at, Meeting.ends_at, *said)
        .where(Meeting.cohort_id == cohort_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    found = {}
    for meeting, begins, ends, subject, speaker, jp, cancelled_at in rows:
        hours = f"{_local(begins):%H.%M}–{_local(ends):%H.%M}"
        found[meeting] = Session(_local(begins).date(), hours, subject, speaker, jp, cancelled_at is not None)
    return found


def _local(moment: datetime) -> datetime:
    return moment.astimezone(WIB)


def takes_part(cohort_id: int) -> Any:
    """The memberships of a cohort that count."""
    return (Membership.cohort_id == cohort_id) & is_participant(Membership) & Membership.absorbed_by_id.is_(None)


def people(cohort_id: int) -> dict[int, Someone]:
    """Membership -> who takes part, by kecamatan, village and name; whoever was erased is left out."""
    rows = read(
        select(Membership.id, Person.name, Person.sex, Person.region, Person.position)
        .join(Person, Person.id == Membership.person_id)
        .where(takes_part(cohort_id), Person.erased_at.is_(None))
    )
    found: dict[int, Someone] = {}
    for member, name, sex, region, position in rows:
        village = villages().get(region or "")
        lives = (village.name, village.district) if village else ("", "")
        found[member] = Someone(name, sex, *lives, position)

    def place(member: int) -> tuple[str, str, str, int]:
        who = found[member]
        return who.district or "\uffff", who.village, who.name.casefold(), member

    return {member: found[member] for member in sorted(found, key=place)}


def phones(cohort_id: int) -> dict[int, str]:
    """Membership -> phone number of who takes part."""
    rows = read(
        select(Membership.id, Person.phone)
        .join(Person, Person.id == Membership.person_id)
        .where(takes_part(cohort_id), Person.erased_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Roll:
    """Who was noted how: membership -> meeting -> state, of meetings that were not cancelled."""

    meetings: tuple[int, ...]
    states: Mapping[int, Mapping[int, str]]

    @property
    def held(self) -> frozenset[int]:
        """The meetings at which anybody was noted as present."""
        noted = (mine.items() for mine in self.states.values())
        return frozenset(meeting for each in noted for meeting, state in each if state in PRESENT)

    def shares(self) -> dict[int, int | None]:
        """Membership -> percent of the meetings held that it came to, late or not, rounded down; None without any."""
        if not self.meetings:
            return dict.fromkeys(self.states)
        held = self.held
        return {
            member: sum(mine.get(each) in PRESENT for each in held) * 100 // len(held) if held else 0
            for member, mine in self.states.items()
        }


def roll(cohort_id: int, members: Mapping[int, Any]) -> Roll:
    """The newest that was noted of each of these at each meeting, also under another account of theirs."""
    rows = read(
        select(Attendance.meeting_id, _OWNER, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .join(_seat, _seat.id == Attendance.membership_id)
        .where(Meeting.cohort_id == cohort_id)
        .order_by(Attendance.id)
    )
    meetings = tuple(each for each, what in sessions(cohort_id).items() if not what.cancelled)
    states: dict[int, dict[int, str]] = {member: {} for member in members}
    for meeting, member, word in rows:
        if member in states and meeting in meetings:
            states[member][meeting] = word
    return Roll(meetings, states)


def certificates(cohort_id: int) -> list[list[Any]]:
    """[membership, number, day of issue, state] of every certificate of a cohort, by number; samples are none."""
    rows = read(
        select(Certificate.id, _OWNER, Certificate.payload, CertificateEvent.kind)
        .join(_seat, _seat.id == Certificate.membership_id)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(_seat.cohort_id == cohort_id, Certificate.sample.is_(False))
        .order_by(Certificate.year, Certificate.sequence, Certificate.revision, CertificateEvent.id)
    )
    held: dict[str, tuple[int, bytes, list[str]]] = {}
    for each, member, payload, kind in rows:
        held.setdefault(each, (member, payload, []))[2].append(kind)
    found = []
    for member, payload, kinds in held.values():
        sheet = snapshot_of(payload)
        found.append([member, number_line(sheet), tanggal(sheet.issued_on), state(False, kinds)])
    return found


def newest(cohort_id: int) -> JobFacts | None:
    """What was gathered last for the report of a cohort, by whichever of its trainers."""
    columns = (getattr(Job, name) for name in JobFacts.__slots__)
    done = Job.cohort_id == cohort_id, Job.kind == KIND, Job.ended_at.is_not(None), Job.fault == ""
    row = read(select(*columns).where(*done).order_by(Job.ended_at.desc(), Job.id).limit(1)).first()
    return JobFacts(*row) if row else None

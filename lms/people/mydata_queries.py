"""Reads about what is held of a person, in the order in which they would ask; and the office's requests to erase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import aliased

from lms.db.engine import read
from lms.db.tables import (
    Answer,
    AuditEntry,
    Cohort,
    Course,
    Enrolment,
    ErasureRequest,
    Inquiry,
    InquiryReply,
    Membership,
    NoticeAgreement,
    Person,
    PersonChange,
    Reading,
)
from lms.people import held
from lms.people.actions import NOTICE_VERSION
from lms.people.regions import Villager

SHOWN = 10
"""Of each history the page shows the newest; all of it is in the copy."""

HOURS = 72


def ways_in(person_id: int) -> Row[datetime, str | None]:
    """(since when there is this account, with which name staff signs in)."""
    return read(select(Person.created_at, Person.login).where(Person.id == person_id)).one()


def parts(person_id: int) -> Sequence[Row[str, str, str, bool, datetime, datetime | None]]:
    """(name, course, role, whether it is a trial, joined, left) of the cohorts somebody is or was in, newest first."""
    return read(
        select(Cohort.name, Course.slug, Membership.role, Membership.trial, Membership.joined_at, Membership.left_at)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Membership.person_id.in_(held.accounts(person_id)))
        .order_by(Membership.joined_at.desc(), Membership.id.desc())
    ).all()


def counts(person_id: int) -> tuple[int, int, int]:
    """How many lessons were finished, attempts begun and answers given."""
    mine = select(Enrolment.id).where(Enrolment.person_id.in_(held.accounts(person_id)))
    tried = held.attempts(person_id)
    lessons = select(func.count(func.distinct(Reading.lesson))).where(Reading.enrolment_id.in_(mine))
    answers = select(func.count(Answer.id)).where(Answer.attempt_id.in_(tried))
    attempts = select(func.count()).select_from(tried.subquery())
    row = read(select(lessons.scalar_subquery(), attempts.scalar_subquery(), answers.scalar_subquery())).one()
    return row[0], row[1], row[2]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The notice that was shown last."""

    version: str
    at: datetime

    @property
    def is_old(self) -> bool:
        """Whether the notice has changed since."""
        return self.version != NOTICE_VERSION


def agreement(person_id: int) -> Agreement | None:
    """The newest notice this person was shown; None when that was never kept."""
    row = read(
        select(NoticeAgreement.version, NoticeAgreement.at)
        .where(NoticeAgreement.person_id == person_id)
        .order_by(NoticeAgreement.id.desc())
        .limit(1)
    ).first()
    return Agreement(*row) if row else None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A correction: what the field held before, and whose name stands for who mended it, "" for oneself."""

    label: str
    old: str
    at: datetime
    by: str


def changes(person_id: int) -> list[FieldChange]:
    """The newest corrections."""
    rows = read(
        select(PersonChange.field, PersonChange.old, PersonChange.at, PersonChange.by_id, Person.name)
        .join(Person, Person.id == PersonChange.by_id)
        .where(PersonChange.person_id.in_(held.accounts(person_id)))
        .order_by(PersonChange.id.desc())
        .limit(SHOWN)
    )
    return [
        FieldChange(held.field_word(field), held.said(old), at, "" if by_id == person_id else by)
        for field, old, at, by_id, by in rows
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the audit log in words: the act, the fields it touched, who did it, "" for oneself."""

    action: str
    fields: Sequence[str]
    at: datetime
    by: str


def acts(person_id: int) -> list[Act]:
    """The newest acts about this person, their own and others'."""
    rows = read(
        select(AuditEntry.action, AuditEntry.fields, AuditEntry.at, AuditEntry.actor_id, Person.name)
        .join(Person, Person.id == AuditEntry.actor_id, isouter=True)
        .where(held.objects(person_id))
        .order_by(AuditEntry.id.desc())
        .limit(SHOWN)
    )
    return [
        Act(
            action,
            [held.field_word(field) for field in fields],
            at,
            "" if actor == person_id else name or "pengurus situs",
        )
        for action, fields, at, actor, name in rows
    ]


def inquiries(person_id: int) -> Sequence[Row[str, str, datetime, bool]]:
    """(kind, text, when, answered) of the newest questions and doubts somebody sent."""
    answered = exists().where(InquiryReply.inquiry_id == Inquiry.id)
    return read(
        select(Inquiry.kind, Inquiry.text, Inquiry.at, answered)
        .where(Inquiry.person_id.in_(held.accounts(person_id)))
        .order_by(Inquiry.id.desc())
        .limit(SHOWN)
    ).all()


@dataclass(frozen=True, slots=True)
class Request(Villager):
    """A request to be erased that is neither withdrawn nor carried out."""

    id: int
    person_id: int
    name: str
    region: str | None
    keep_certificates: bool
    asked_at: datetime
    accounts: int

    @property
    def due_at(self) -> datetime:
        """When 72 hours are over."""
        return self.asked_at + timedelta(hours=HOURS)

    def is_late(self, now: datetime) -> bool:
        """Whether the 72 hours are over."""
        return now > self.due_at

    def clock(self, now: datetime) -> str:
        """ "tinggal 12 jam", "kurang dari 1 jam lagi", or "terlambat 2 hari 3 jam"."""
        hours = int(abs(self.due_at - now) / timedelta(hours=1))
        days, rest = divmod(hours, 24)
        said = " ".join(f"{count} {unit}" for count, unit in ((days, "hari"), (rest, "jam")) if count)
        if self.is_late(now):
            return f"terlambat {said}" if said else "baru saja lewat waktunya"
        return f"tinggal {said}" if said else "kurang dari 1 jam lagi"


_merged = aliased(Person)
_OPEN = (
    select(
        ErasureRequest.id,
        ErasureRequest.person_id,
        Person.name,
        Person.region,
        ErasureRequest.keep_certificates,
        ErasureRequest.asked_at,
        # Nobody who was merged is merged into, so all of a person's accounts are one step away.
        select(1 + func.count()).where(_merged.merged_into_id == ErasureRequest.person_id).scalar_subquery(),
    )
    .join(Person, Person.id == ErasureRequest.person_id)
    .where(ErasureRequest.withdrawn_at.is_(None), ErasureRequest.done_at.is_(None))
    .order_by(ErasureRequest.asked_at, ErasureRequest.id)
)


def open_requests() -> list[Request]:
    """What the office has to carry out, the oldest first."""
    return [Request(*row) for row in read(_OPEN)]


def waiting_words(now: datetime) -> str:
    """ "1 menunggu, tinggal 2 hari 23 jam": how many requests are open and the clock of the oldest; "" without."""
    found = open_requests()
    return f"{len(found)} menunggu, {found[0].clock(now)}" if found else ""


def open_request(person_id: int) -> Request | None:
    """The person's own request while it is open."""
    row = read(_OPEN.where(ErasureRequest.person_id == person_id)).first()
    return Request(*row) if row else None


def request_exists(request_id: int) -> bool:
    """Whether there ever was this request."""
    return read(select(ErasureRequest.id).where(ErasureRequest.id == request_id)).scalar() is not None


def carried_out() -> Sequence[Row[datetime, datetime | None, bool]]:
    """(asked, done, certificates kept) of the requests carried out last."""
    return read(
        select(ErasureRequest.asked_at, ErasureRequest.done_at, ErasureRequest.keep_certificates)
        .where(ErasureRequest.done_at.is_not(None))
        .order_by(ErasureRequest.done_at.desc())
        .limit(SHOWN)
    ).all()

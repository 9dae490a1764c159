"""Reads about what is held of a person, in the order in which they would ask; and the office's requests to erase."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import aliased

from lms.db.engine import db, read
from lms.db.tables.cohorts import Cohort, Membership
from lms.db.tables.courses import Course
from lms.db.tables.learning import Answer, Enrolment, Inquiry, InquiryReply, Reading
from lms.db.tables.people import AuditEntry, ErasureRequest, NoticeAgreement, Person, PersonChange
from lms.people import held

SHOWN = 10
"""Of each history the page shows the newest; all of it is in the copy."""

HOURS = 72


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
    """Return the counts of lessons finished, attempts begun and answers given."""
    tried, learned = held.attempts(person_id), held.own(Enrolment, person_id)
    lessons = select(func.count(func.distinct(Reading.lesson))).where(Reading.enrolment_id.in_(learned))
    answers = select(func.count(Answer.id)).where(Answer.attempt_id.in_(tried))
    attempts = select(func.count()).select_from(tried.subquery())
    row = read(select(lessons.scalar_subquery(), attempts.scalar_subquery(), answers.scalar_subquery())).one()
    return row[0], row[1], row[2]


def agreement(person_id: int) -> NoticeAgreement | None:
    """Return the notice that this person was shown last; None when that was never kept."""
    shown = select(NoticeAgreement).where(NoticeAgreement.person_id == person_id)
    return db.session.scalar(shown.order_by(NoticeAgreement.id.desc()).limit(1))


def changes(person_id: int) -> list[tuple[str, str, datetime, str]]:
    """Return (field, what it held before, when, who mended it, "" for oneself) of the newest corrections."""
    rows = read(
        select(PersonChange.field, PersonChange.old, PersonChange.at, PersonChange.by_id, Person.name)
        .join(Person, Person.id == PersonChange.by_id)
        .where(PersonChange.person_id.in_(held.accounts(person_id)))
        .order_by(PersonChange.id.desc())
        .limit(SHOWN)
    )
    return [
        (held.field_word(field), held.said(old), at, "" if by == person_id else name)
        for field, old, at, by, name in rows
    ]


def acts(person_id: int) -> list[tuple[str, list[str], datetime, str]]:
    """Return (act, its fields, when, who did it, "" for oneself) of the newest acts about this person."""
    rows = read(
        select(AuditEntry.action, AuditEntry.fields, AuditEntry.at, AuditEntry.actor_id, Person.name)
        .join(Person, Person.id == AuditEntry.actor_id, isouter=True)
        .where(held.objects(person_id))
        .order_by(AuditEntry.id.desc())
        .limit(SHOWN)
    )
    return [
        (action, [held.field_word(each) for each in fields], at, "" if by == person_id else name or "pengurus situs")
        for action, fields, at, by, name in rows
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


def due_at(asked_at: datetime) -> datetime:
    """Return when the 72 hours of a request are over."""
    return asked_at + timedelta(hours=HOURS)


def clock(asked_at: datetime, now: datetime) -> str:
    """Return "tinggal 12 jam", "kurang dari 1 jam lagi", or "terlambat 2 hari 3 jam"."""
    left = due_at(asked_at) - now
    days, rest = divmod(int(abs(left) / timedelta(hours=1)), 24)
    said = " ".join(f"{count} {unit}" for count, unit in ((days, "hari"), (rest, "jam")) if count)
    if left < timedelta(0):
        return f"terlambat {said}" if said else "baru saja lewat waktunya"
    return f"tinggal {said}" if said else "kurang dari 1 jam lagi"


IS_OPEN = ErasureRequest.withdrawn_at.is_(None) & ErasureRequest.done_at.is_(None)
"""Whether a request of the statement is neither withdrawn nor carried out."""


def open_requests() -> Sequence[Row[ErasureRequest, Person, int]]:
    """Return (request, who asks, how many accounts are theirs) that the office has to carry out, oldest first."""
    merged = aliased(Person)
    # Nobody who was merged is merged into, so all of a person's accounts are one step away.
    accounts = select(1 + func.count()).where(merged.merged_into_id == Person.id).correlate(Person).scalar_subquery()
    listed = select(ErasureRequest, Person, accounts).join(Person, Person.id == ErasureRequest.person_id)
    return db.session.execute(listed.where(IS_OPEN).order_by(ErasureRequest.asked_at, ErasureRequest.id)).all()


def waiting_words(now: datetime) -> str:
    """Return "1 menunggu, tinggal 2 hari 23 jam": the open requests, and the clock of the oldest; "" without."""
    found = open_requests()
    return f"{len(found)} menunggu, {clock(found[0].ErasureRequest.asked_at, now)}" if found else ""


def open_request(person_id: int) -> ErasureRequest | None:
    """Return the person's own request while it is open."""
    return db.session.scalar(select(ErasureRequest).where(ErasureRequest.person_id == person_id, IS_OPEN))


def carried_out() -> Sequence[ErasureRequest]:
    """Return the requests that were carried out last."""
    done = select(ErasureRequest).where(ErasureRequest.done_at.is_not(None))
    return db.session.scalars(done.order_by(ErasureRequest.done_at.desc()).limit(SHOWN)).all()

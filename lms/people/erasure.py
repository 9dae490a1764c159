"""Writes about what is held of a person: asking to be erased, and being erased. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy import CursorResult, delete, select, update

from lms.course.drawing import Sheet
from lms.db.engine import db, writer
from lms.db.labels import ERASED
from lms.db.tables.certificates import Certificate, CertificateEvent, SignedSheet
from lms.db.tables.cohorts import ActionPlan, Attendance, Membership, is_trainer
from lms.db.tables.courses import CourseEditor
from lms.db.tables.learning import Answer, Attempt, Inquiry, InquiryReply, ReflectionReply
from lms.db.tables.people import (
    Device,
    ErasureRequest,
    ImportRow,
    Joining,
    NoticeAgreement,
    OneTimeCode,
    Person,
    PersonChange,
)
from lms.people import held
from lms.people.actions import note
from lms.people.staff import keep_an_admin
from lms.web.above import above

MANY = 500
REVOKED = "Dicabut atas permintaan pemiliknya"


def agree(person_id: int, version: str, now: datetime) -> None:
    """Keep that the person read this notice; read again it is kept once."""
    newest = select(NoticeAgreement.version).where(NoticeAgreement.person_id == person_id)
    if db.session.scalar(newest.order_by(NoticeAgreement.id.desc()).limit(1)) != version:
        db.session.add(NoticeAgreement(person_id=person_id, version=version, at=now))


def ask_erasure(person_id: int, now: datetime, *, keep_certificates: bool) -> None:
    """A request starts its 72 hours; while one is open, another changes nothing."""
    db.session.get_one(Person, person_id, with_for_update=True)
    if db.session.scalar(select(ErasureRequest.id).where(ErasureRequest.person_id == person_id, held.IS_OPEN)) is None:
        db.session.add(ErasureRequest(person_id=person_id, keep_certificates=keep_certificates, asked_at=now))
        note(person_id, "penghapusan diminta", f"person:{person_id}", now)


def withdraw_erasure(person_id: int, now: datetime) -> None:
    """The person stays after all; too late once it was carried out."""
    if _changed(
        update(ErasureRequest).where(ErasureRequest.person_id == person_id, held.IS_OPEN).values(withdrawn_at=now)
    ):
        note(person_id, "permintaan penghapusan dibatalkan", f"person:{person_id}", now)


def carry_out(request_id: int, by: int, now: datetime) -> bool:
    """Make the person a tombstone; False for a request that is withdrawn or done, 404 for one that never was.

    Raises LastAdmin where nobody would be left to run the site.
    What they wrote and by what they could be known is gone; that somebody learned, passed and was graded stays.
    """
    request = db.session.get(ErasureRequest, request_id, with_for_update=True) or abort(404)
    if request.withdrawn_at is not None or request.done_at is not None:
        return False
    people = list(db.session.scalars(held.accounts(request.person_id)))
    ran_the_site = db.session.scalar(select(Person.id).where(Person.id.in_(people), Person.is_admin).limit(1))
    gone = {
        "sertifikat dicabut": 0 if request.keep_certificates else _revoke(request.person_id, by, now),
        "contoh sertifikat": _drop_samples(request.person_id),
        "jawaban tertulis": _blank_answers(request.person_id),
        "tulisan": _blank_texts(request.person_id),
    }
    for word, model in (
        ("perangkat", Device),
        ("kode", OneTimeCode),
        ("formulir", Joining),
        ("perbaikan", PersonChange),
        ("hak menyunting", CourseEditor),
        ("baris daftar", ImportRow),
    ):
        gone[word] = _changed(delete(model).where(model.person_id.in_(people)))
    gone["baris daftar yang menunggu"] = above("blank_rows", people)
    bury(people, now)
    if ran_the_site is not None:
        keep_an_admin()
    request.done_at, request.done_by_id = now, by
    said = ", ".join(f"{word} {count}" for word, count in gone.items())
    note(by, "data dihapus", f"person:{request.person_id}", now, reason=said)
    return True


def _changed(statement: Any) -> int:
    """Run a statement and say how many rows it changed."""
    result: CursorResult[Any] = db.session.execute(statement)  # type: ignore[assignment] # DML gives a CursorResult.
    return result.rowcount


def bury(people: Sequence[int], now: datetime) -> None:
    """Nothing by which these people could be known is left, and nobody signs in as them."""
    nothing = dict.fromkeys(
        ("title_before", "title_after", "phone", "sex", "position", "password_hash", "pin_hash"), ""
    )
    db.session.execute(
        update(Person)
        .where(Person.id.in_(people))
        .values(name=ERASED, region=None, login=None, card_hash=None, is_admin=False, is_trainer=False, **nothing)
        .values(card_since=None, deactivated_at=now, erased_at=now)
    )
    theirs = update(Membership).where(Membership.person_id.in_(people), is_trainer(Membership))
    db.session.execute(theirs.values(left_at=now))


def _revoke(person_id: int, by: int, now: datetime) -> int:
    """Withdraw every sheet, those replaced before too, since each names its owner, and drop the PDFs that came back
    signed; how many were withdrawn.
    """
    rows = db.session.execute(
        select(Certificate.id, CertificateEvent.kind)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(Certificate.id.in_(held.certificates(person_id)), Certificate.sample.is_(False))
        .order_by(CertificateEvent.id)
    )
    kinds: dict[str, list[str]] = {}
    for certificate_id, kind in rows:
        kinds.setdefault(certificate_id, []).append(kind)
    standing = [
        certificate_id
        for certificate_id, found in kinds.items()
        if above("certificate_state", False, found) != "dicabut"
    ]
    ended: dict[str, Any] = {"kind": "revoked", "reason": REVOKED, "person_id": by, "at": now}
    db.session.add_all(CertificateEvent(certificate_id=each, **ended) for each in standing)
    db.session.execute(delete(SignedSheet).where(SignedSheet.certificate_id.in_(kinds)))
    return len(standing)


def _drop_samples(person_id: int) -> int:
    """A sample proves nothing, so nothing of it is kept."""
    samples = held.certificates(person_id).where(Certificate.sample)
    db.session.execute(delete(CertificateEvent).where(CertificateEvent.certificate_id.in_(samples)))
    return _changed(delete(Certificate).where(Certificate.id.in_(samples)))


def _blank_answers(person_id: int) -> int:
    """Blank every answer in own words; what was chosen from a sheet's own choices tells nothing of a person."""
    sheets = db.session.execute(select(Attempt.id, Attempt.sheet).where(Attempt.id.in_(held.attempts(person_id))))
    choices = {attempt_id: [set(item.shown) for item in Sheet.from_json(sheet).items] for attempt_id, sheet in sheets}
    rows = db.session.execute(
        select(Answer.id, Answer.attempt_id, Answer.number, Answer.value).where(
            Answer.attempt_id.in_(held.attempts(person_id))
        )
    )
    written = [
        answer_id
        for answer_id, attempt_id, number, value in rows
        if value and not (number <= len(choices[attempt_id]) and choices[attempt_id][number - 1].issuperset(value))
    ]
    for start in range(0, len(written), MANY):
        part = written[start : start + MANY]
        writer().execute(update(Answer).where(Answer.id.in_(part)).values(value=[ERASED]))
    return len(written)


def _blank_texts(person_id: int) -> int:
    """Blank what they asked, planned and were answered, and why they were away: it may tell who they were."""
    asked, parts = held.own(Inquiry, person_id), held.own(Membership, person_id)
    return sum(
        _changed(update(model).where(whose).values(dict.fromkeys(columns.split(), ERASED)))
        for model, whose, columns in (
            (InquiryReply, InquiryReply.inquiry_id.in_(asked), "text"),
            (Inquiry, Inquiry.id.in_(asked), "text"),
            (ReflectionReply, ReflectionReply.attempt_id.in_(held.attempts(person_id)), "text"),
            (ActionPlan, ActionPlan.membership_id.in_(parts), "occasion action partner told"),
            (Attendance, Attendance.membership_id.in_(parts) & (Attendance.reason != ""), "reason"),
        )
    )

"""Writes with which a trainer helps a member: each is audited, may be repeated, and commits nothing itself."""

from datetime import datetime

from sqlalchemy import select, update

from lms.cohort.actions import take_part
from lms.cohort.member_queries import OtherCohort, was_closed_unsent
from lms.course.questions.base import Question
from lms.db.engine import db
from lms.db.tables import Attempt, ExtraTry, Membership, ReflectionReply
from lms.people.access import Member, still_open
from lms.people.actions import note
from lms.quiz.actions import add_grading
from lms.quiz.queries import LATE_ACCEPTED, POSTTEST, AttemptFacts, has_uncounted_answers


def tell(member: Member, action: str, by: int, now: datetime, fields: list[str] | None = None) -> None:
    """Append to the audit log what was done for a member."""
    note(by, action, f"membership:{member.membership_id}", now, fields)


def give_try(member: Member, quiz: str, by: int, now: datetime) -> None:
    """One more try at a quiz, or at the post-test; whether one is left is the caller's to know."""
    is_test = quiz == POSTTEST
    owner = {"membership_id": member.membership_id} if is_test else {"enrolment_id": member.enrolment_id}
    db.session.add(ExtraTry(**owner, quiz=quiz, by_id=by, at=now))
    tell(member, "kesempatan ditambah", by, now)


def reopen(member: Member, attempt_id: str, by: int, now: datetime) -> bool:
    """Let an attempt go on that was closed before it was sent; False where its result was seen or nothing closed it."""
    opened = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, was_closed_unsent(now))
        .values(closes_at=None)
        .execution_options(synchronize_session=False)
        .returning(Attempt.id)
    ).first()
    if opened is not None:
        tell(member, "percobaan dibuka lagi", by, now)
    return opened is not None


def accept_late(member: Member, attempt: AttemptFacts, questions: dict[str, Question], by: int, now: datetime) -> None:
    """Let the answers count that came too late; nothing happens where there are none or nothing was graded."""
    if attempt.submitted_at is not None and has_uncounted_answers(attempt.id):
        add_grading(attempt, questions, LATE_ACCEPTED, now)
        tell(member, "jawaban terlambat diterima", by, now)


def reply(member: Member, attempt_id: str, number: int, text: str, by: int, now: datetime) -> None:
    """Append a short note on what a member wrote; the same words again are one note."""
    mine = select(ReflectionReply.text).where(ReflectionReply.attempt_id == attempt_id)
    newest = db.session.scalar(mine.where(ReflectionReply.number == number).order_by(ReflectionReply.id.desc()))
    if newest != text:
        db.session.add(ReflectionReply(attempt_id=attempt_id, number=number, text=text, by_id=by, at=now))
        tell(member, "catatan dijawab", by, now)


def leave(member: Member, by: int, now: datetime) -> None:
    """Out of the cohort; what was learned stays with the person."""
    part = _part(member)
    if part.left_at is None:
        part.left_at = now
        tell(member, "keluar angkatan", by, now, ["left_at"])


def come_back(member: Member, by: int, now: datetime) -> None:
    """Back into the cohort."""
    part = _part(member)
    if part.left_at is not None:
        part.left_at = None
        tell(member, "kembali ke angkatan", by, now, ["left_at"])


def _part(member: Member) -> Membership:
    """Their membership, to be changed unless its bimtek was closed."""
    part = db.session.get_one(Membership, member.membership_id)
    still_open(part.cohort_id)
    db.session.refresh(part)
    return part


def bring_into(member: Member, cohort: OtherCohort, by: int, now: datetime) -> None:
    """Into another cohort of this trainer too, unless that was closed."""
    still_open(cohort.cohort_id)
    part = take_part(member.person_id, cohort.cohort_id, cohort.course_id, now)
    part.left_at = None
    note(by, "masuk angkatan", f"membership:{part.id}", now)

"""What people learned: lessons finished, attempts with their answers, and every grading. Appended, never rewritten."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Model, UtcTime
from lms.models.content import HASH, PATH
from lms.models.people import RANDOM_ID


class Enrolment(Model):
    """A person in a course: what was finished hangs on it and outlives every cohort.

    When the same person was found twice, one enrolment is absorbed by the other, which then reads both.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    absorbed_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)

    __table_args__ = (UniqueConstraint("person_id", "course_id"),)


class Reading(Model):
    """A lesson finished, in the edition that was read; finished again in another edition adds a row."""

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(PATH, primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "enrolment_id", "at"),)


def _unique_where(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Attempt(Model):
    """One try at a quiz (on the enrolment) or a test (on the membership), with the sheet frozen when it opened.

    `sheet` is `{"lulus": int, "soal": [{"soal": "path#slug", "hash": sha256, "urutan": [keys as shown]}]}`.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    quiz: Mapped[str] = mapped_column(String(240))
    ordinal: Mapped[int]
    trial: Mapped[bool] = mapped_column(default=False)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    receipt: Mapped[str | None] = mapped_column(String(12), unique=True)

    __table_args__ = (
        CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),
        _unique_where("uq_attempt_enrolment", "enrolment_id", "quiz", "ordinal", where="enrolment_id is not null"),
        _unique_where("uq_attempt_membership", "membership_id", "quiz", "ordinal", where="membership_id is not null"),
        _unique_where(
            "uq_attempt_open_enrolment",
            "enrolment_id",
            "quiz",
            where="enrolment_id is not null and submitted_at is null",
        ),
        _unique_where(
            "uq_attempt_open_membership",
            "membership_id",
            "quiz",
            where="membership_id is not null and submitted_at is null",
        ),
        Index(None, "enrolment_id", "submitted_at"),
    )


class Answer(Model):
    """One saved answer. Per question the highest counter wins, ties go to the later arrival; all are kept.

    `entered_by_id` is the trainer who wrote it down for somebody who could not.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    value: Mapped[list[str]] = mapped_column(JSON)
    counter: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (UniqueConstraint("attempt_id", "client_id"),)


class Grading(Model):
    """What an attempt was worth at one moment; the newest of an attempt counts. `outcomes` is one bool a question."""

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    right: Mapped[int]
    asked: Mapped[int]
    passed: Mapped[bool]
    outcomes: Mapped[list[bool | None]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcTime)


class ExtraTry(Model):
    """A trainer gave one more try at a quiz (on the enrolment) or a test (on the membership)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    quiz: Mapped[str] = mapped_column(String(240))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),)


class ReflectionReply(Model):
    """A trainer's short note on what somebody wrote in an attempt; the newest is shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Inquiry(Model):
    """Something a person sends to the desk from a place in a course: a doubt about it (keliru) or a question (tanya).

    `form_id` makes sending it twice the same; `question_hash` is "" for a lesson.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(RANDOM_ID, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    lesson: Mapped[str] = mapped_column(PATH)
    question_hash: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("kind in ('keliru', 'tanya')", name="kind"),)


class InquiryReply(Model):
    """What the desk answered."""

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), index=True)
    text: Mapped[str] = mapped_column(String(2000))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Ruling(Model):
    """A decision about a question, by its hash; it holds for every grading of that question, past and future."""

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question_hash: Mapped[str] = mapped_column(HASH)
    kind: Mapped[Literal["batal", "terima", "kunci"]] = mapped_column(String(10))
    value: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("kind in ('batal', 'terima', 'kunci')", name="kind"),)

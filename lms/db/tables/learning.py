"""Tables of learning: lessons finished, attempts with their answers, and every grading. Appended, never rewritten."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model, unique_where
from lms.db.labels import ASKED, PART, PROGRESS, STAFF, WRITTEN
from lms.db.tables.courses import HASH, PATH
from lms.db.tables.people import RANDOM_ID


class Enrolment(Model):
    """A person in a course: what was finished hangs on it and outlives every cohort.

    When the same person was found twice, one enrolment is absorbed by the other, which then reads both.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True, info=PROGRESS("Kursus"))
    created_at: Mapped[datetime] = mapped_column(info=PROGRESS("Sejak"))
    absorbed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrolment.id"), index=True, info=PROGRESS("Digabung ke")
    )

    __table_args__ = (UniqueConstraint("person_id", "course_id"),)


class Reading(Model):
    """A lesson finished, in the edition that was read; finished again in another edition adds a row."""

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(PATH, primary_key=True, info=PROGRESS("Pelajaran"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(info=PROGRESS("Selesai"))

    __table_args__ = (Index(None, "enrolment_id", "at"),)


OPEN = "is not null and submitted_at is null"


class Attempt(Model):
    """One try at a quiz (on the enrolment) or a test (on the membership), with the sheet frozen when it opened.

    `sheet` is `{"lulus": int, "soal": [{"soal": "path#slug", "hash": sha256, "urutan": [keys as shown]}]}`.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True, info=PROGRESS("Nomor"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    quiz: Mapped[str] = mapped_column(String(240), info=PROGRESS("Kuis, tes, atau formulir"))
    ordinal: Mapped[int] = mapped_column(info=PROGRESS("Percobaan ke-"))
    trial: Mapped[bool] = mapped_column(default=False, info=PROGRESS("Uji coba"))
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON, info=PROGRESS("Lembar soal"))
    opened_at: Mapped[datetime] = mapped_column(info=PROGRESS("Dibuka"))
    closes_at: Mapped[datetime | None] = mapped_column(info=PROGRESS("Ditutup"))
    submitted_at: Mapped[datetime | None] = mapped_column(info=PROGRESS("Dikirim"))
    receipt: Mapped[str | None] = mapped_column(String(12), unique=True, info=PROGRESS("Tanda terima"))

    __table_args__ = (
        CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),
        unique_where("uq_attempt_enrolment", "enrolment_id", "quiz", "ordinal", where="enrolment_id is not null"),
        unique_where("uq_attempt_membership", "membership_id", "quiz", "ordinal", where="membership_id is not null"),
        unique_where("uq_attempt_open_enrolment", "enrolment_id", "quiz", where=f"enrolment_id {OPEN}"),
        unique_where("uq_attempt_open_membership", "membership_id", "quiz", where=f"membership_id {OPEN}"),
        Index(None, "enrolment_id", "submitted_at"),
    )


class Answer(Model):
    """One saved answer. Per question the highest counter wins, ties go to the later arrival; all are kept.

    `entered_by_id` is the trainer who wrote it down for somebody who could not.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), info=PROGRESS("Percobaan"))
    client_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(info=PROGRESS("Soal ke-"))
    value: Mapped[list[str]] = mapped_column(JSON, info=WRITTEN("Jawaban"))
    counter: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False, info=PROGRESS("Terlambat"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PROGRESS("Diisikan oleh"))
    at: Mapped[datetime] = mapped_column(info=PROGRESS("Waktu"))

    __table_args__ = (UniqueConstraint("attempt_id", "client_id"),)


class Grading(Model):
    """The worth of an attempt at one moment; the newest of an attempt counts. `outcomes` is one bool a question."""

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True, info=PROGRESS("Percobaan"))
    right: Mapped[int] = mapped_column(info=PROGRESS("Benar"))
    asked: Mapped[int] = mapped_column(info=PROGRESS("Ditanyakan"))
    passed: Mapped[bool] = mapped_column(info=PROGRESS("Lulus"))
    outcomes: Mapped[list[bool | None]] = mapped_column(JSON, info=PROGRESS("Benar atau salah tiap soal"))
    reason: Mapped[str] = mapped_column(String(20), info=PROGRESS("Sebab dinilai"))
    at: Mapped[datetime] = mapped_column(info=PROGRESS("Waktu"))


class ExtraTry(Model):
    """A trainer gave one more try at a quiz (on the enrolment) or a test (on the membership)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    quiz: Mapped[str] = mapped_column(String(240), info=PROGRESS("Kuis atau tes"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PROGRESS("Diberi oleh"))
    at: Mapped[datetime] = mapped_column(info=PROGRESS("Waktu"))

    __table_args__ = (CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),)


class ReflectionReply(Model):
    """A trainer's short note on what somebody wrote in an attempt; the newest is shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True, info=PROGRESS("Percobaan"))
    number: Mapped[int] = mapped_column(info=PROGRESS("Soal ke-"))
    text: Mapped[str] = mapped_column(String(1000), info=WRITTEN("Tanggapan"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PROGRESS("Ditulis oleh"))
    at: Mapped[datetime] = mapped_column(info=PROGRESS("Waktu"))


class Inquiry(Model):
    """Something a person sends to the desk from a place in a course: a doubt about it (keliru) or a question (tanya).

    `form_id` makes sending it twice the same; `question_hash` is "" for a lesson.
    """

    id: Mapped[int] = mapped_column(primary_key=True, info=PART("Nomor"))
    form_id: Mapped[str] = mapped_column(RANDOM_ID, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True, info=PART("Angkatan"))
    kind: Mapped[str] = mapped_column(String(10), info=PART("Jenis"))
    lesson: Mapped[str] = mapped_column(PATH, info=PART("Pelajaran"))
    question_hash: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(String(2000), info=ASKED("Tulisan"))
    at: Mapped[datetime] = mapped_column(info=PART("Waktu"))

    __table_args__ = (CheckConstraint("kind in ('keliru', 'tanya')", name="kind"),)


class InquiryReply(Model):
    """The answer of the desk."""

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), index=True, info=PART("Pertanyaan nomor"))
    text: Mapped[str] = mapped_column(String(2000), info=ASKED("Balasan"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PART("Ditulis oleh"))
    at: Mapped[datetime] = mapped_column(info=PART("Waktu"))


class Ruling(Model):
    """A decision about a question, by its hash; it holds for every grading of that question, past and future."""

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question_hash: Mapped[str] = mapped_column(HASH)
    kind: Mapped[Literal["batal", "terima", "kunci", "dicabut"]] = mapped_column(String(10))
    value: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Diputuskan oleh"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("kind in ('batal', 'terima', 'kunci', 'dicabut')", name="kind"),)

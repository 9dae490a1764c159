"""A bimtek as an event: its meetings and who came, when its tests and survey are open, what was said and planned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import ATTENDED, FOLLOWED, PLANNED, SPEAKING, STAFF, SURVEYED
from lms.db.tables.people import RANDOM_ID


class Meeting(Model):
    """One item of the day: when, what about, who speaks, how many JP; `module` names the materi it is part of.

    A cancelled meeting stays, counts nowhere and gives no JP.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(String(200))
    module: Mapped[str] = mapped_column(String(120), default="")
    speaker: Mapped[str] = mapped_column(String(160), default="", info=SPEAKING("Narasumber"))
    jp: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_later"),)


class Attendance(Model):
    """A note on somebody at a meeting, appended: the newest row counts, and a correction carries its reason.

    `mark` is made where it was noted (a phone without signal sends later), so that sending again notes nothing twice.
    `noted_at` is when the person was there, `id` the order in which the server heard of it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    mark: Mapped[str] = mapped_column(RANDOM_ID, unique=True)
    state: Mapped[str] = mapped_column(String(10), info=ATTENDED("Kehadiran"))
    way: Mapped[str] = mapped_column(String(10), info=ATTENDED("Cara mencatat"))
    noted_at: Mapped[datetime] = mapped_column(info=ATTENDED("Waktu"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Dicatat oleh"))
    reason: Mapped[str] = mapped_column(String(200), default="", info=ATTENDED("Alasan"))

    __table_args__ = (
        CheckConstraint("state in ('hadir', 'terlambat', 'izin', 'tidak')", name="state"),
        CheckConstraint("way in ('kode', 'kartu', 'daftar')", name="way"),
        Index(None, "meeting_id", "membership_id", "id"),
    )


class Period(Model):
    """When a test or the survey of a cohort may be answered; without a row a test is open whenever its rules say so.

    Without `opens_at` it is held back until the trainer opens it; from `closes_at` on, answers count as late.
    """

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("what in ('tes:awal', 'tes:akhir', 'survei')", name="what"),)


class SurveyTicket(Model):
    """Proof that a member sent the survey, and nothing of when or what: one each."""

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), primary_key=True, info=SURVEYED("Terkirim"))


class SurveyResponse(Model):
    """One answered survey without time or person; `boxed` until it was moved among others in shuffled order."""

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    boxed: Mapped[bool] = mapped_column(default=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class ActionPlan(Model):
    """The plan of a member: "Bila …, maka saya akan …", by when, with whom; and, asked back, what came of it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    number: Mapped[int]
    occasion: Mapped[str] = mapped_column(String(300), info=PLANNED("Bila"))
    action: Mapped[str] = mapped_column(String(300), info=PLANNED("Maka saya akan"))
    due_on: Mapped[date | None] = mapped_column(info=FOLLOWED("Paling lambat"))
    partner: Mapped[str] = mapped_column(String(120), default="", info=PLANNED("Bersama"))
    at: Mapped[datetime] = mapped_column(info=FOLLOWED("Ditulis"))
    done: Mapped[str] = mapped_column(String(10), default="", info=FOLLOWED("Terlaksana"))
    told: Mapped[str] = mapped_column(Text, default="", info=PLANNED("Ceritanya"))
    told_at: Mapped[datetime | None] = mapped_column(info=FOLLOWED("Diceritakan"))

    __table_args__ = (
        UniqueConstraint("membership_id", "number"),
        CheckConstraint("done in ('', 'ya', 'sebagian', 'belum')", name="done"),
    )

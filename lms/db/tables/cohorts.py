"""Runs of a course, who takes part in them, and a bimtek as an event: its days, who came, what was said and planned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model, unique_where
from lms.db.labels import ATTENDED, FOLLOWED, PART, PLANNED, SPEAKING, STAFF, SURVEYED
from lms.db.tables.people import RANDOM_ID


class Cohort(Model):
    """A run of a course: self-study (always open, follows the newest edition) or a bimtek with dates and a place.

    A bimtek is planned until its first day, running until it is closed: from then on nothing done in it changes. Its
    online period lies around its days; `quota` bounds who joins; `committee` names who holds it, a line each. An
    archived cohort is off the desk; what was done in it stays. `report` holds what a person writes for the report, by
    section. `predicates` are the bands of `core.predicate`, where one is given; certificates have `prints_scores` and,
    in place of the bimtek's, `prints_own_days`: those that a participant came. `signing` is how the certificates that
    are issued next are signed. `dropped`: the requirements, by their keys in kursus.toml, that it asks nobody; what its
    edition does not let go is asked all the same.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    map_link: Mapped[str] = mapped_column(String(300), default="")
    bring: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    committee: Mapped[str] = mapped_column(Text, default="", info=SPEAKING("Panitia"))
    quota: Mapped[int | None]
    online_from: Mapped[date | None]
    online_until: Mapped[date | None]
    report: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    predicates: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    prints_scores: Mapped[bool] = mapped_column(default=False)
    prints_own_days: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)
    self_issue: Mapped[bool] = mapped_column(default=False)
    signing: Mapped[str] = mapped_column(String(10), default="basah")
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list)
    posttest_closed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind in ('mandiri', 'bimtek')", name="kind"),
        CheckConstraint("kind = 'mandiri' or edition_id is not null", name="pins_edition"),
        CheckConstraint("signing in ('basah', 'tte')", name="signing"),
        unique_where("uq_cohort_selfstudy", "course_id", where="kind = 'mandiri'"),
    )


class Membership(Model):
    """A person's part in a cohort; `trial` marks a trainer who tries things and counts nowhere.

    Who has left has no part in it any more, and gets it back by joining again. `name_confirmed_at` is when they
    said that their name is right as a certificate would print it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True, info=PART("Angkatan"))
    role: Mapped[str] = mapped_column(String(12), info=PART("Peran"))
    trial: Mapped[bool] = mapped_column(default=False, info=PART("Uji coba"))
    joined_at: Mapped[datetime] = mapped_column(info=PART("Bergabung"))
    left_at: Mapped[datetime | None] = mapped_column(info=PART("Keluar"))
    name_confirmed_at: Mapped[datetime | None] = mapped_column(info=PART("Nama dibenarkan"))
    absorbed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("membership.id"), index=True, info=PART("Digabung ke keanggotaan")
    )

    __table_args__ = (
        UniqueConstraint("person_id", "cohort_id", "role"),
        CheckConstraint("role in ('peserta', 'pelatih', 'narasumber', 'panitia')", name="role"),
    )


CREW = ("narasumber", "panitia")
"""Roles that belong to a bimtek without taking part: they read its page, count nowhere and see no desk."""


def is_trainer(part: type[Membership]) -> ColumnElement[bool]:
    """Whether a membership of the statement is that of a trainer who did not leave."""
    return and_(part.role == "pelatih", part.left_at.is_(None))


def is_participant(part: type[Membership]) -> ColumnElement[bool]:
    """Whether it is that of a participant who did not leave and does not just try the course."""
    return and_(part.role == "peserta", part.trial.is_(False), part.left_at.is_(None))


def counts_in(part: type[Membership]) -> ColumnElement[bool]:
    """Whether it is one of those that count: of a participant, and nobody twice."""
    return and_(is_participant(part), part.absorbed_by_id.is_(None))


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

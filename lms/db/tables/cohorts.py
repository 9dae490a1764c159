"""Runs of a course and who takes part in them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model, unique_where
from lms.db.labels import PART, SPEAKING


class Cohort(Model):
    """A run of a course: self-study (always open, follows the newest edition) or a bimtek with dates and a place.

    A bimtek is planned until its first day, running until it is closed: from then on nothing done in it changes. Its
    online period lies around its days; `quota` bounds who joins; `committee` names who holds it, a line each. An
    archived cohort is off the desk; what was done in it stays. `report` holds what a person writes for the report, by
    section. `predicates` are the bands of `core.predicate`, where one is given; `prints_scores`: on certificates.
    `signing` is how the certificates that are issued next are signed.
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
    is_open: Mapped[bool] = mapped_column(default=True)
    self_issue: Mapped[bool] = mapped_column(default=False)
    signing: Mapped[str] = mapped_column(String(10), default="basah")
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

"""Writes about cohorts and memberships. Nothing here commits."""

import secrets
from datetime import date, datetime

from sqlalchemy import select

from lms.core import crockford
from lms.database import db, insert_missing
from lms.models import Cohort, Enrolment, Joining, Membership

CODE_LETTERS = 6


def open_selfstudy(course_id: int, name: str, *, self_issue: bool) -> Cohort | None:
    """The course's self-study cohort; None when it already has one."""
    held = select(Cohort.id).where(Cohort.course_id == course_id, Cohort.kind == "mandiri")
    if db.session.scalar(held) is not None:
        return None
    cohort = Cohort(course_id=course_id, kind="mandiri", name=name, code=new_code(), self_issue=self_issue)
    db.session.add(cohort)
    db.session.flush()
    return cohort


def open_bimtek(course_id: int, edition_id: int, name: str, starts_on: date, ends_on: date, place: str) -> Cohort:
    """A bimtek that reads this edition from its first day to its last."""
    cohort = Cohort(
        course_id=course_id,
        kind="bimtek",
        name=name,
        code=new_code(),
        edition_id=edition_id,
        starts_on=starts_on,
        ends_on=ends_on,
        place=place,
    )
    db.session.add(cohort)
    db.session.flush()
    return cohort


def close(cohort_id: int) -> None:
    """Nobody joins any more; who is in it goes on as before."""
    db.session.get_one(Cohort, cohort_id).is_open = False


def new_code() -> str:
    """A join code that can be read aloud: 6 Crockford letters."""
    return crockford.encode(secrets.token_bytes(4), CODE_LETTERS)


def take_part(person_id: int, cohort_id: int, course_id: int, now: datetime, role: str = "peserta") -> Membership:
    """Membership and enrolment of a person; both stay what they are when they exist, and who had left is back.

    A trainer who takes part in the own cohort only tries it: that membership counts nowhere.
    """
    enrol(person_id, course_id, now)
    mine = select(Membership).where(Membership.person_id == person_id, Membership.cohort_id == cohort_id)
    trains = db.session.scalar(mine.where(Membership.role == "pelatih", Membership.left_at.is_(None))) is not None
    row = {
        "person_id": person_id,
        "cohort_id": cohort_id,
        "role": role,
        "trial": role == "peserta" and trains,
        "joined_at": now,
    }
    db.session.execute(insert_missing(Membership, "person_id", "cohort_id", "role"), row)
    held = db.session.scalars(mine.where(Membership.role == role)).one()
    held.left_at = None
    return held


def enrol(person_id: int, course_id: int, now: datetime) -> int:
    """The id of the person's enrolment in the course, made when it is not there."""
    row = {"person_id": person_id, "course_id": course_id, "created_at": now}
    db.session.execute(insert_missing(Enrolment, "person_id", "course_id"), row)
    held = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)
    return db.session.scalars(held).one()


def remember_form(form_id: str, person_id: int, cohort_id: int, now: datetime) -> None:
    """Keep which person came out of a join form, so that sending it again makes nobody new."""
    db.session.add(Joining(form_id=form_id, person_id=person_id, cohort_id=cohort_id, at=now))

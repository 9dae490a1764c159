"""Writes of who runs the site. Nothing here commits; every one is in the audit log."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Update, delete, select, update

from lms.db.engine import db, insert_missing
from lms.db.tables import Blob, Course, CourseEditor, Membership, Office, Person
from lms.people.actions import note
from lms.people.staff_forms import OfficeForm


class LastAdmin(Exception):
    """Nobody would be left to run the site; nothing was changed."""


def set_admin(person_id: int, *, is_admin: bool, by: int, now: datetime) -> None:
    """Let somebody run the site, or no longer."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.is_admin == is_admin:
        return
    person.is_admin = is_admin
    keep_an_admin()
    note(
        by, "hak pengelola diberikan" if is_admin else "hak pengelola dicabut", f"person:{person_id}", now, ["is_admin"]
    )


def keep_an_admin() -> None:
    """Raises LastAdmin when, after what this write did so far, nobody could run the site.

    Who never set a password can't sign in, so they don't count.
    """
    db.session.flush()
    left = select(Person.id).where(Person.is_admin, Person.password_hash != "", Person.deactivated_at.is_(None))
    if db.session.scalar(left.limit(1)) is None:
        raise LastAdmin


def set_editor_of(person_id: int, wanted: Collection[int], by: int, now: datetime) -> None:
    """Give the right to edit exactly these courses."""
    held = set(db.session.scalars(select(CourseEditor.course_id).where(CourseEditor.person_id == person_id)))
    known = set(db.session.scalars(select(Course.id).where(Course.id.in_(wanted))))
    for course_id in sorted(known - held):
        row = {"course_id": course_id, "person_id": person_id, "at": now}
        db.session.execute(insert_missing(CourseEditor, "course_id", "person_id"), row)
        note(by, "hak menyunting diberikan", f"person:{person_id}", now, [f"course:{course_id}"])
    for course_id in sorted(held - known):
        db.session.execute(
            delete(CourseEditor).where(CourseEditor.course_id == course_id, CourseEditor.person_id == person_id)
        )
        note(by, "hak menyunting dicabut", f"person:{person_id}", now, [f"course:{course_id}"])


def add_trainer_to(cohort_id: int, person_id: int, reason: str, by: int, now: datetime) -> None:
    """Let somebody train a cohort; from then on they see its people."""
    row = {"person_id": person_id, "cohort_id": cohort_id, "role": "pelatih", "trial": False, "joined_at": now}
    db.session.execute(insert_missing(Membership, "person_id", "cohort_id", "role"), row)
    db.session.execute(_training(cohort_id, person_id).values(left_at=None))
    note(by, "pelatih ditambahkan", f"cohort:{cohort_id}", now, [f"person:{person_id}"], reason)


def remove_trainer_from(cohort_id: int, person_id: int, by: int, now: datetime) -> None:
    """Let somebody train a cohort no longer."""
    held = _training(cohort_id, person_id).where(Membership.left_at.is_(None)).values(left_at=now)
    if db.session.execute(held.returning(Membership.id)).first():
        note(by, "pelatih dilepas", f"cohort:{cohort_id}", now, [f"person:{person_id}"])


def _training(cohort_id: int, person_id: int) -> Update:
    return update(Membership).where(
        Membership.cohort_id == cohort_id, Membership.person_id == person_id, Membership.role == "pelatih"
    )


def set_identity(form: OfficeForm, by: int, now: datetime) -> None:
    """Keep what the office is called and its emblem; sheets that were issued stay as they are."""
    office = db.session.scalar(select(Office).limit(1)) or Office()
    changed = [name for name, value in form.values.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, form.values[name])
    db.session.add(office)
    if form.emblem or form.without_emblem:
        office.emblem_hash = _keep_emblem(form.emblem) if form.emblem else None
        changed.append("emblem_hash")
    if changed:
        note(by, "kantor diatur", "office", now, changed)
    db.session.flush()


def _keep_emblem(picture: bytes) -> str:
    name = hashlib.sha256(picture).hexdigest()
    db.session.execute(insert_missing(Blob, "hash"), {"hash": name, "data": picture})
    return name

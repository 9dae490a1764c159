"""Who runs the site and works here: staff, cohorts without their people, the office's identity, the audit log.

Nothing here commits; every write is in the audit log.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from flask import abort
from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from lms.course.load import edition_view
from lms.db.engine import db, insert_missing, read
from lms.db.tables import AuditEntry, Blob, CertificateEvent, Cohort, Course, CourseEditor, Membership, Office, Person
from lms.db.tables.cohorts import counts_in, is_trainer
from lms.people.actions import note
from lms.people.office import our_office
from lms.web.above import above
from lms.web.dates import WIB

PAGE = 50

_TRAINS = (
    select(func.count(Membership.id))
    .where(Membership.person_id == Person.id, is_trainer(Membership))
    .correlate(Person)
    .scalar_subquery()
)
_STAFF = select(Person, _TRAINS.label("trains")).where(Person.login.is_not(None))


class LastAdmin(Exception):
    """Nobody would be left to run the site; nothing was changed."""


def staff() -> Sequence[Row[Person, int]]:
    """Return (member of staff, how many cohorts they train) by name; those who may no longer come in are last."""
    return db.session.execute(_STAFF.order_by(Person.deactivated_at.is_not(None), Person.name)).all()


def member_of_staff(person_id: int) -> Row[Person, int]:
    """Return one member of staff; 404 for a participant, whom an admin sees through a membership only."""
    found = db.session.execute(_STAFF.where(Person.id == person_id)).first()
    return found or abort(404)


def courses_edited(person_id: int) -> list[tuple[int, str, bool]]:
    """(id, title, whether this person may edit it) of every course; one that was never published has its slug only."""
    mine = and_(CourseEditor.course_id == Course.id, CourseEditor.person_id == person_id)
    rows = read(
        select(Course.id, Course.slug, Course.current_edition_id, CourseEditor.person_id.is_not(None))
        .join(CourseEditor, mine, isouter=True)
        .order_by(Course.slug)
    )
    return [
        (course, edition_view(edition, slug).course.title if edition else slug, held)
        for course, slug, edition, held in rows
    ]


def cohorts() -> Sequence[Row[Cohort, int]]:
    """(cohort, how many take part) of every cohort, newest first."""
    joined = and_(Membership.cohort_id == Cohort.id, counts_in(Membership))
    return db.session.execute(
        select(Cohort, func.count(Membership.id))
        .join(Membership, joined, isouter=True)
        .group_by(Cohort.id)
        .order_by(Cohort.archived_at.is_not(None), Cohort.id.desc())
    ).all()


def cohort_id(code: str) -> int:
    """The cohort with this join code; 404 for any other."""
    return read(select(Cohort.id).where(Cohort.code == code)).scalar() or abort(404)


def trainers() -> dict[int, list[Row[int, int, str]]]:
    """Cohort -> (cohort, person id, name) of each of its trainers, by name."""
    found: dict[int, list[Row[int, int, str]]] = {}
    for row in read(
        select(Membership.cohort_id, Person.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(is_trainer(Membership))
        .order_by(Person.name)
    ):
        found.setdefault(row.cohort_id, []).append(row)
    return found


def emblem() -> bytes | None:
    """The picture of the office's emblem."""
    return read(select(Blob.data).join(Office, Office.emblem_hash == Blob.hash)).scalar()


RIGHTS = {"pengelola": "is_admin", "pelatih": "is_trainer"}
"""What somebody may be -> the column that says so."""


def set_rights(person_id: int, wanted: Collection[str], by: int, now: datetime) -> None:
    """Let somebody run the site and be a trainer, or no longer; who trains a cohort goes on training it."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    for word, column in RIGHTS.items():
        if getattr(person, column) != (word in wanted):
            setattr(person, column, word in wanted)
            act = f"hak {word} {'diberikan' if word in wanted else 'dicabut'}"
            note(by, act, f"person:{person_id}", now, [column])
    keep_an_admin()


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
        db.session.execute(delete(CourseEditor).filter_by(course_id=course_id, person_id=person_id))
        note(by, "hak menyunting dicabut", f"person:{person_id}", now, [f"course:{course_id}"])


def add_trainer_to(cohort_id: int, person_id: int, reason: str, by: int, now: datetime) -> None:
    """Let somebody train a cohort; from then on they see its people."""
    key = {"person_id": person_id, "cohort_id": cohort_id, "role": "pelatih"}
    db.session.execute(insert_missing(Membership, *key), key | {"trial": False, "joined_at": now})
    db.session.execute(update(Membership).filter_by(**key).values(left_at=None))
    note(by, "pelatih ditambahkan", f"cohort:{cohort_id}", now, [f"person:{person_id}"], reason)


def remove_trainer_from(cohort_id: int, person_id: int, by: int, now: datetime) -> None:
    """Let somebody train a cohort no longer."""
    held = update(Membership).filter_by(cohort_id=cohort_id, person_id=person_id).where(is_trainer(Membership))
    if db.session.execute(held.values(left_at=now).returning(Membership.id)).first():
        note(by, "pelatih dilepas", f"cohort:{cohort_id}", now, [f"person:{person_id}"])


def set_identity(values: Mapping[str, str], by: int, now: datetime, *, emblem: bytes | None = None) -> None:
    """Keep what the office is called, by column, and its emblem: None leaves it as it is, b"" takes it away.

    Sheets that were issued stay as they are.
    """
    office = our_office() or Office()
    changed = [name for name, value in values.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, values[name])
    db.session.add(office)
    if emblem is not None:
        office.emblem_hash = _keep_picture(emblem) if emblem else None
        changed.append("emblem_hash")
    if changed:
        note(by, "kantor diatur", "office", now, changed)
    db.session.flush()


def _keep_picture(picture: bytes) -> str:
    name = hashlib.sha256(picture).hexdigest()
    db.session.execute(insert_missing(Blob, "hash"), {"hash": name, "data": picture})
    return name


def acts(page: int, word: str, since: date | None) -> tuple[list[tuple[AuditEntry, str, str, list[str], str]], int]:
    """Return ([(act, actor, object, fields, reason)] of a page, newest first; the count of all) with this word.

    Looked for in action, object and actor; `since` leaves out what was before that day. Names are told, and actors
    found by theirs, of staff only; everybody else is a number.
    """
    actor = aliased(Person)
    words = [AuditEntry.action, AuditEntry.object]
    named = and_(actor.login.is_not(None), func.lower(actor.name).contains(word.lower(), autoescape=True))
    among = [or_(named, *(column.contains(word, autoescape=True) for column in words))] if word else []
    if since:
        among.append(AuditEntry.at >= datetime.combine(since, time.min, WIB))
    listed = select(AuditEntry, actor).join(actor, actor.id == AuditEntry.actor_id, isouter=True).where(*among)
    count = read(listed.with_only_columns(func.count())).scalar_one()
    shown = listed.order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    rows = db.session.execute(shown).all()
    names = _names({act.object for act, _ in rows})
    reasons = _reasons({act.object.removeprefix("certificate:") for act, _ in rows})
    found = [
        (
            *(act, _actor(act, who), names.get(act.object) or in_words(act.object)),
            *([in_words(each) for each in act.fields], act.reason or reasons.get((act.object, act.at), "")),
        )
        for act, who in rows
    ]
    return found, count


def _reasons(sheets: Collection[str]) -> dict[tuple[str, datetime], str]:
    """Return why sheets were corrected or revoked, by their name in the log and the moment: only their history says."""
    events = select(CertificateEvent.certificate_id, CertificateEvent.at, CertificateEvent.reason)
    ended = CertificateEvent.kind.in_(("replaced", "revoked"))
    found = read(events.where(CertificateEvent.certificate_id.in_(sheets), ended))
    return {(f"certificate:{row.certificate_id}", row.at): row.reason for row in found}


def _names(objects: Collection[str]) -> dict[str, str]:
    """Object of the log -> its name, for staff, cohorts and certificates; three statements."""

    def keys(kind: str) -> list[str]:
        return [each.partition(":")[2] for each in objects if each.startswith(f"{kind}:")]

    def ids(kind: str) -> list[int]:
        return [int(number) for number in keys(kind) if number.isdecimal()]

    people = select(Person.id, Person.name).where(Person.id.in_(ids("person")), Person.login.is_not(None))
    cohorts = select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids("cohort")))
    numbers = above("numbers_of", keys("certificate"))
    return {
        **{f"person:{row[0]}": row[1] for row in read(people)},
        **{f"cohort:{row[0]}": f"angkatan {row[1]}" for row in read(cohorts)},
        **{f"certificate:{each}": f"sertifikat {number}" for each, number in numbers.items()},
    }


@cache
def _words() -> dict[str, str]:
    """Return column or kind in the log -> the word of its reader: from a list, else the column's label."""
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    labels = {column.name: found.label.lower() for column in columns if (found := column.info.get("data"))}
    text = (Path(__file__).parent / "data" / "kata-catatan.txt").read_text(encoding="utf-8")
    return labels | dict(line.split(" ", 1) for line in text.splitlines())


def in_words(name: str) -> str:
    """A kind with its number, or a field, as its reader calls it: orang nomor 3."""
    kind, _, number = name.partition(":")
    return f"{_words().get(kind, kind)} {number}".rstrip()


def _actor(act: AuditEntry, who: Person | None) -> str:
    if act.actor_id is None:
        return "Perintah di server"
    return who.name if who and who.login else f"Orang nomor {act.actor_id}"

"""Reads about people and their devices."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.db.engine import db, read
from lms.db.tables import Cohort, Course, CourseEditor, Device, Membership, OneTimeCode, Person
from lms.db.tables.cohorts import is_participant, is_trainer
from lms.people.cards import card_hash

MOST_MERGES = 5
MOST_ON_A_PHONE = 5
CARD_SINCE = func.coalesce(Person.card_since, Person.created_at).label("card_since")
"""Since when a person of the statement has their card."""


def person_facts(person_id: int) -> Row[Any]:
    """Return the person's own data, with `card_since` of their first card too, and `has_pin` by whichever account."""
    own = aliased(Person)
    columns = ("id", "name", "title_before", "title_after", "region", "phone", "login", "created_at", "card_serial")
    has_pin = exists().where(or_(own.id == person_id, own.merged_into_id == person_id), own.pin_hash != "")
    shown: Select[Any] = select(*(getattr(Person, name) for name in columns), CARD_SINCE, has_pin.label("has_pin"))
    return read(shown.where(Person.id == person_id)).one()


Entrant = Row[int, str, int | None]
"""(id, name, into whom they are merged) of who signs in with something that was shown or typed."""


def entrant(person_id: int | None) -> Entrant | None:
    """Return the account that this person signs in to: after a merge another one, None when it may not be used."""
    here = select(Person.id, Person.name, Person.merged_into_id).where(
        Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    )
    for _ in range(MOST_MERGES):
        row = read(here.where(Person.id == person_id)).first()
        if row is None or row.merged_into_id is None:
            return row
        person_id = row.merged_into_id
    return None


def is_person(person_id: Any) -> ColumnElement[bool]:
    """Whether a person of the statement is this one, or was found to be."""
    return or_(Person.id == person_id, Person.merged_into_id == person_id)


def person_of_card(token: str) -> Row[int, datetime] | None:
    """(id, since when the card is theirs) of whose card this is."""
    return read(select(Person.id, CARD_SINCE).where(Person.card_hash == card_hash(token))).first()


def person_of_login(login: str) -> Row[int, str] | None:
    """(id, password hash) of a member of staff."""
    return read(
        select(Person.id, Person.password_hash).where(
            Person.login == login, Person.password_hash != "", Person.deactivated_at.is_(None)
        )
    ).first()


def staff_named(person_id: int | None) -> Row[int, str | None, str, str] | None:
    """Return (id, login, name, password hash) of who may have a password; None for everybody else."""
    found = Person.id == person_id, Person.login.is_not(None), Person.deactivated_at.is_(None)
    return read(select(Person.id, Person.login, Person.name, Person.password_hash).where(*found)).first()


def pin_holders(phone: str) -> Sequence[Row[int, str, str]]:
    """Return (id, name, PIN hash) of the people who may sign in with this phone and a PIN: five at most.

    Who was merged into another signs in as that one, who then is here with each PIN of theirs.
    """
    holder = aliased(Person)
    return read(
        select(Person.id, Person.name, holder.pin_hash)
        .join(holder, Person.id == func.coalesce(holder.merged_into_id, holder.id))
        .where(holder.phone == phone, holder.pin_hash != "", holder.deactivated_at.is_(None), ONLY_LEARNS)
        .order_by(holder.id)
        .limit(MOST_ON_A_PHONE)
    ).all()


def pin_phones(person_id: int) -> Sequence[str]:
    """The phones with which the person signs in by PIN: their own, or those of accounts merged into theirs."""
    return read(select(Person.phone).where(is_person(person_id), Person.pin_hash != "").distinct()).scalars().all()


def known_devices(device_ids: Sequence[str], person_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Person -> one of these devices that is or was theirs, is younger than 90 days, and that nobody threw out."""
    if not device_ids or not person_ids:
        return {}
    found = select(Device.person_id, Device.id).where(
        Device.id.in_(device_ids), Device.person_id.in_(person_ids), Device.expires_at > now
    )
    return {row[0]: row[1] for row in read(found)}


def participates_only() -> ColumnElement[bool]:
    """Whether a person of the statement neither runs the site, nor edits, trains or signs in with a password.

    Only to such an account a PIN or a trainer's help opens the way: to staff's it would open everybody else's data.
    """
    training = aliased(Membership)
    trains = exists().where(training.person_id == Person.id, is_trainer(training))
    edits = exists().where(CourseEditor.person_id == Person.id)
    return and_(~Person.is_admin, Person.login.is_(None), ~trains, ~edits)


ONLY_LEARNS = participates_only() & Person.erased_at.is_(None) & Person.deactivated_at.is_(None)
"""Whether a person of the statement has such an account, which is neither ended nor a tombstone."""


def may_be_helped(person_id: int) -> bool:
    """Return whether a trainer may print or replace this person's card or give a code: not for staff or the erased."""
    return read(select(Person.id).where(Person.id == person_id, ONLY_LEARNS)).scalar() is not None


def devices(person_id: int, now: datetime) -> Sequence[Row[str, str, datetime, datetime]]:
    """(id, label, when it last sent something, when it signed in) of the browsers signed in, last seen first."""
    last = func.coalesce(Device.last_seen_at, Device.created_at)
    return read(
        select(Device.id, Device.label, last, Device.created_at)
        .where(Device.person_id == person_id, Device.ended_at.is_(None), Device.expires_at > now)
        .order_by(last.desc(), Device.id)
    ).all()


def has_admin() -> bool:
    """Whether anybody runs the site yet."""
    return read(select(Person.id).where(Person.is_admin).limit(1)).scalar() is not None


def is_good(purpose: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a one-time code of the statement is for this, and neither used nor has run out."""
    return OneTimeCode.purpose == purpose, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now


def is_held(purpose: str, secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a one-time code of the statement is good and of this secret: digits, that of a link, or a browser's."""
    if purpose == "tunjuk":
        return OneTimeCode.claim == code_hash(secret), *is_good(purpose, now)
    hashed = digits_hash(purpose, secret) if purpose == "bantu" else code_hash(secret)
    return OneTimeCode.hash == hashed, *is_good(purpose, now)


def good_code(purpose: str, secret: str, now: datetime) -> OneTimeCode | None:
    """Return the one-time code of this secret; None when it was used or has run out."""
    return db.session.scalar(select(OneTimeCode).where(*is_held(purpose, secret, now)))


def code_hash(secret: str) -> str:
    """Return the hash that the database keeps of a one-time secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digits_hash(purpose: str, digits: str) -> str:
    """Return the hash that the database keeps of eight digits, typed with or without spaces between them."""
    return code_hash(f"{purpose}:{''.join(digits.split())}")


def codes_shown(now: datetime) -> int:
    """Return the count of codes that browsers may be showing at this moment."""
    return read(select(func.count()).where(*is_good("tunjuk", now))).scalar_one()


def card_holders(cohort_id: int) -> Sequence[Row[int, str, str | None, int, datetime]]:
    """(id, name, region, serial, since when it is theirs) of whose cards a trainer of the cohort may print.

    Participants who did not leave, and no staff among them.
    """
    return read(
        select(Person.id, Person.name, Person.region, Person.card_serial, CARD_SINCE)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.cohort_id == cohort_id, is_participant(Membership))
        .where(Person.merged_into_id.is_(None), ONLY_LEARNS)
    ).all()


# Every lesson that somebody reads without an account offers this code.
_SELFSTUDY = select(Cohort.code).where(
    Cohort.course_id == bindparam("course"), Cohort.kind == literal_column("'mandiri'"), Cohort.is_open
)


def selfstudy_code(course_id: int) -> str | None:
    """The join code of a course's self-study cohort."""
    return read(_SELFSTUDY, {"course": course_id}).scalar()


# The front page of everybody who is signed in asks this.
_CARED_FOR = union_all(
    select(Cohort.name, Cohort.code, Cohort.id)
    .join(Membership, Membership.cohort_id == Cohort.id)
    .where(Membership.person_id == bindparam("person"), is_trainer(Membership), Cohort.archived_at.is_(None)),
    select(Course.slug, literal(""), literal(0))
    .join(CourseEditor, CourseEditor.course_id == Course.id)
    .where(CourseEditor.person_id == bindparam("person")),
).order_by(literal_column("3").desc())


def cared_for(person_id: int) -> Sequence[Row[str, str, int]]:
    """(name, code, id) of the cohorts somebody trains that are not archived, newest first; then, without a code, the
    courses they may edit."""
    return read(_CARED_FOR, {"person": person_id}).all()

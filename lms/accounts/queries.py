"""Reads about people and their devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, exists, select

from lms.accounts.cards import card_hash
from lms.core.names import with_titles
from lms.database import read
from lms.models import CourseEditor, Device, Membership, OneTimeCode, Person


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a person sees of themself."""

    id: int
    name: str
    title_before: str
    title_after: str
    region: str | None
    phone: str
    card_serial: int

    @property
    def full_name(self) -> str:
        """The name with its titles."""
        return with_titles(self.title_before, self.name, self.title_after)


def person_facts(person_id: int) -> PersonFacts:
    """The person's own data."""
    row = read(
        select(
            Person.id,
            Person.name,
            Person.title_before,
            Person.title_after,
            Person.region,
            Person.phone,
            Person.card_serial,
        ).where(Person.id == person_id)
    ).one()
    return PersonFacts(*row)


def person_of_card(token: str) -> Row[int, str] | None:
    """(id, name) of whose card this is."""
    return read(select(Person.id, Person.name).where(Person.card_hash == card_hash(token))).first()


def person_of_login(login: str) -> Row[int, str] | None:
    """(id, password hash) of a member of staff."""
    return read(
        select(Person.id, Person.password_hash).where(Person.login == login, Person.password_hash != "")
    ).first()


def participates_only() -> ColumnElement[bool]:
    """Whether a person of the statement neither runs the site, nor edits, trains or signs in with a password.

    Only to such an account a PIN or a trainer's help opens the way: to staff's it would open everybody else's data.
    """
    trains = exists().where(
        Membership.person_id == Person.id, Membership.role == "pelatih", Membership.left_at.is_(None)
    )
    edits = exists().where(CourseEditor.person_id == Person.id)
    return and_(~Person.is_admin, Person.login.is_(None), ~trains, ~edits)


def may_be_helped(person_id: int) -> bool:
    """Whether a trainer may print this person's card, replace it or give a code: never that of staff."""
    found = select(Person.id).where(Person.id == person_id, participates_only())
    return read(found).scalar() is not None


def devices(person_id: int, now: datetime) -> Sequence[Row[str, str, datetime]]:
    """(id, label, since) of the browsers signed in, newest first."""
    return read(
        select(Device.id, Device.label, Device.created_at)
        .where(Device.person_id == person_id, Device.ended_at.is_(None), Device.expires_at > now)
        .order_by(Device.created_at.desc())
    ).all()


def is_device_of(person_id: int, device_id: str) -> bool:
    """Whether this browser is, or was, the person's."""
    found = select(Device.id).where(Device.id == device_id, Device.person_id == person_id)
    return read(found).scalar() is not None


def has_admin() -> bool:
    """Whether anybody runs the site yet."""
    return read(select(Person.id).where(Person.is_admin).limit(1)).scalar() is not None


def code_is_usable(code_hash: str, purpose: str, now: datetime) -> bool:
    """Whether this one-time code was neither used nor has run out."""
    found = read(
        select(OneTimeCode.hash).where(
            OneTimeCode.hash == code_hash,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
    ).scalar()
    return found is not None

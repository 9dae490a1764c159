"""Writes about people, cards and devices. Nothing here commits."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from lms.accounts.cards import card_hash, card_token
from lms.database import db
from lms.models import AuditEntry, Device, NoticeAgreement, OneTimeCode, Person

DEVICE_LIFE = timedelta(days=90)
ADMIN_LINK_LIFE = timedelta(days=7)
NOTICE_VERSION = "2026-11"


def random_id() -> str:
    """128 random bits as text that fits a URL."""
    return secrets.token_urlsafe(16)


def add_person(card_key: bytes, name: str, now: datetime, *, region: str | None = None, phone: str = "") -> Person:
    """A new person with a first card; the notice they were shown is kept with its version."""
    person = Person(name=name, region=region, phone=phone, created_at=now)
    db.session.add(person)
    db.session.flush()
    person.card_hash = card_hash(card_token(card_key, person.id, person.card_serial))
    db.session.add(NoticeAgreement(person_id=person.id, version=NOTICE_VERSION, at=now))
    return person


def add_device(person_id: int, label: str, now: datetime) -> Device:
    """A browser that stays signed in for 90 days."""
    device = Device(id=random_id(), person_id=person_id, label=label[:80], created_at=now, expires_at=now + DEVICE_LIFE)
    db.session.add(device)
    return device


def end_device(person_id: int, device_id: str, now: datetime) -> None:
    """Sign a browser of this person out; ended twice is ended once."""
    db.session.execute(
        update(Device)
        .where(Device.id == device_id, Device.person_id == person_id, Device.ended_at.is_(None))
        .values(ended_at=now)
    )


def new_admin_code(now: datetime) -> str:
    """A secret that makes one admin within a week, in place of every unused one; only its hash is kept."""
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.purpose == "admin", OneTimeCode.used_at.is_(None)))
    secret = secrets.token_urlsafe(24)
    db.session.add(
        OneTimeCode(hash=code_hash(secret), purpose="admin", created_at=now, expires_at=now + ADMIN_LINK_LIFE)
    )
    return secret


def code_hash(secret: str) -> str:
    """What the database keeps of a one-time secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def use_code(hashed: str, purpose: str, now: datetime) -> bool:
    """Use a one-time code up; False when it was used or has run out. One statement decides."""
    used = db.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.hash == hashed,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeCode.hash)
    )
    return used.first() is not None


def add_admin(card_key: bytes, name: str, login: str, password_hash: str, now: datetime) -> Person:
    """A new person who runs the site."""
    person = add_person(card_key, name, now)
    person.login, person.password_hash, person.is_admin = login, password_hash, True
    db.session.flush()
    note(person.id, "admin dibuat", f"person:{person.id}", now, ["login", "is_admin"])
    return person


def add_trainer(
    card_key: bytes, name: str, login: str, password_hash: str, now: datetime, *, by: int | None = None
) -> Person:
    """A new person who signs in with a password; their memberships say which cohorts they train."""
    person = add_person(card_key, name, now)
    person.login, person.password_hash = login, password_hash
    db.session.flush()
    note(by, "pelatih dibuat", f"person:{person.id}", now, ["login"])
    return person


def note(
    actor_id: int | None, action: str, object: str, now: datetime, fields: list[str] | None = None, reason: str = ""
) -> None:
    """Append to the audit log: who did what to what; never values."""
    db.session.add(
        AuditEntry(at=now, actor_id=actor_id, action=action, object=object, fields=fields or [], reason=reason)
    )


def rename(person_id: int, name: str, before: str, after: str, now: datetime) -> None:
    """Change a person's name and titles to what they confirmed; nothing is written when nothing changed."""
    person = db.session.get_one(Person, person_id)
    wanted = {"name": name, "title_before": before, "title_after": after}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        note(person_id, "nama diubah", f"person:{person_id}", now, changed)

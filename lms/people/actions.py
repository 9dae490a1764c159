"""Writes about people, cards and devices. Nothing here commits."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import delete, or_, select, update

from lms.db.engine import db, insert_missing
from lms.db.tables.cohorts import Membership
from lms.db.tables.learning import Enrolment
from lms.db.tables.people import AuditEntry, Device, Joining, NoticeAgreement, OneTimeCode, Person, PersonChange
from lms.people.access import Training
from lms.people.cards import card_hash, card_life, token_of
from lms.people.queries import code_hash, digits_hash, is_good, is_held, is_person

DEVICE_LIFE = timedelta(days=90)
ADMIN_LINK_LIFE = timedelta(days=7)
PASSWORD_LINK_LIFE = timedelta(days=1)
DIGITS_LIFE = timedelta(minutes=15)
NOTICE_VERSION = "2026-12"


def random_id() -> str:
    """128 random bits as text that fits a URL."""
    return secrets.token_urlsafe(16)


def add_person(name: str, now: datetime, *, region: str | None = None, phone: str = "") -> Person:
    """A new person with a first card; the notice they were shown is kept with its version."""
    person = name_person(Person(name=name, region=region, phone=phone, created_at=now))
    db.session.add(NoticeAgreement(person_id=person.id, version=NOTICE_VERSION, at=now))
    return person


def name_person(person: Person) -> Person:
    """Keep a person named by somebody else, with a first card. They are shown the notice when they first come in."""
    db.session.add(person)
    db.session.flush()
    person.card_hash = card_hash(token_of(person.id, person.card_serial))
    return person


def add_device(person_id: int, label: str, now: datetime) -> Device:
    """A browser that stays signed in for 90 days."""
    device = Device(id=random_id(), person_id=person_id, label=label[:80], created_at=now, expires_at=now + DEVICE_LIFE)
    db.session.add(device)
    return device


def sign_out(person_id: int, device_id: str, now: datetime) -> None:
    """End a browser of this person from itself: it stays known. Ended twice is ended once."""
    _forget_forms([person_id])
    db.session.execute(
        update(Device)
        .where(Device.id == device_id, Device.person_id == person_id, Device.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_device(person_id: int, device_id: str, now: datetime) -> None:
    """Throw a browser of this person out; from now on it is a stranger's. 404 for one that never was theirs."""
    device = db.session.scalar(select(Device).filter_by(id=device_id, person_id=person_id)) or abort(404)
    sign_out(person_id, device_id, now)
    device.expires_at = min(device.expires_at, now)


def end_devices(person_id: int, now: datetime, *, keep: str = "") -> None:
    """Sign every browser of this person out, but for the one to keep; none of them counts as known any more."""
    ids = [person.id for person in _accounts(person_id)]
    _forget_forms(ids)
    theirs = update(Device).where(Device.person_id.in_(ids), Device.id != keep)
    db.session.execute(theirs.where(Device.ended_at.is_(None)).values(ended_at=now))
    db.session.execute(theirs.where(Device.expires_at > now).values(expires_at=now))


def replace_card(person_id: int, now: datetime, *, by: int | None = None, keep: str = "") -> None:
    """Replace a card, for its owner or by a helper.

    Whoever held the old one may have signed in with it, set a PIN or had a code: all of that ends, but for the browser
    to keep.
    """
    for account in _accounts(person_id):
        _next_card(account, now)
        account.pin_hash = ""
    end_devices(person_id, now, keep=keep)
    _end_codes(person_id)
    note(by or person_id, "kartu diganti", f"person:{person_id}", now, ["card_serial"])


def _accounts(person_id: int) -> Sequence[Person]:
    """The person's own account and those merged into it, whose cards and PINs open it as well."""
    return db.session.scalars(select(Person).where(is_person(person_id))).all()


def _forget_forms(ids: Sequence[int]) -> None:
    """Forget the join forms that were sent: sent again they sign nobody in, not even a sharer of the phone."""
    db.session.execute(delete(Joining).where(Joining.person_id.in_(ids)))


def _next_card(person: Person, now: datetime) -> None:
    person.card_serial += 1
    person.card_since = now
    person.card_hash = card_hash(token_of(person.id, person.card_serial))


def renew_card(person_id: int, now: datetime) -> int:
    """The serial of a card in place of one that has run out: the old one opens nothing, so nothing of it must end.

    One that is still good stays: somebody else may just have renewed and printed it.
    """
    person = db.session.get_one(Person, person_id)
    if (person.card_since or person.created_at) + card_life() <= now:
        _next_card(person, now)
    return person.card_serial


def set_pin(person_id: int, pin_hash: str, now: datetime) -> None:
    """Set the PIN in place of every one of before, or take it away with ""; nothing when there is none to take."""
    accounts = _accounts(person_id)
    if not pin_hash and not any(account.pin_hash for account in accounts):
        return
    for account in accounts:
        account.pin_hash = pin_hash if account.id == person_id else ""
    note(person_id, "PIN dibuat" if pin_hash else "PIN dihapus", f"person:{person_id}", now, ["pin_hash"])


def set_password(person_id: int, password_hash: str, now: datetime, *, keep: str = "") -> None:
    """Set a member of staff's password; what opened the account before, the card too, ends but for the one to keep."""
    person = db.session.get_one(Person, person_id)
    person.password_hash = password_hash
    _next_card(person, now)
    end_devices(person_id, now, keep=keep)
    _end_codes(person_id)
    note(person_id, "sandi diganti", f"person:{person_id}", now, ["password_hash", "card_serial"])


def deactivate(person_id: int, by: int, now: datetime) -> None:
    """Nobody signs in as this person any more, and every browser that had is out; what they did stays."""
    person = db.session.get_one(Person, person_id)
    if person.deactivated_at is not None:
        return
    person.deactivated_at = now
    end_devices(person_id, now)
    _end_codes(person_id)
    note(by, "akun dinonaktifkan", f"person:{person_id}", now, ["deactivated_at"])


def reactivate(person_id: int, by: int, now: datetime) -> None:
    """The PIN and password of before work again, and the card but that of staff; browsers sign in anew."""
    person = db.session.get_one(Person, person_id)
    if person.deactivated_at is None:
        return
    person.deactivated_at = None
    if person.login is not None:
        _next_card(person, now)
    note(by, "akun diaktifkan lagi", f"person:{person_id}", now, ["deactivated_at"])


def new_help_code(person_id: int, by: int, now: datetime) -> str:
    """Eight digits that sign this person in once within 15 minutes, in place of any before.

    They open no account of staff (`queries.may_be_helped`): a trainer would come to more than is theirs.
    """
    _end_codes(person_id, "bantu")
    digits = _new_digits("bantu", now, person_id=person_id, by_id=by)
    note(by, "kode masuk dibuat", f"person:{person_id}", now)
    return digits


def show_code(claim: str, now: datetime) -> str:
    """Eight digits for a browser to show; `claim` is the secret that only this browser has."""
    return _new_digits("tunjuk", now, claim=code_hash(claim))


def confirm_shown_code(digits: str, person_id: int, by: int, now: datetime) -> bool:
    """Let the browser that shows these digits in as this person; False when no browser shows them now."""
    shown = OneTimeCode.hash == digits_hash("tunjuk", digits), OneTimeCode.person_id.is_(None)
    named = update(OneTimeCode).where(*shown, *is_good("tunjuk", now)).values(person_id=person_id, by_id=by)
    if db.session.execute(named.returning(OneTimeCode.hash)).first() is None:
        return False
    note(by, "kode tunjuk dikonfirmasi", f"person:{person_id}", now)
    return True


def use_code(purpose: str, secret: str, now: datetime) -> OneTimeCode | None:
    """Use a one-time code up in one statement, which decides between two browsers that come at once.

    None when it was used or has run out, and for one that a browser shows until a trainer confirmed it.
    """
    named = or_(OneTimeCode.purpose != "tunjuk", OneTimeCode.person_id.is_not(None))
    used = update(OneTimeCode).where(*is_held(purpose, secret, now), named).values(used_at=now)
    return db.session.scalar(used.returning(OneTimeCode))


def _new_digits(purpose: str, now: datetime, **values: object) -> str:
    """Digits that no row holds; what has run out is swept away, so that there is room for ever."""
    old = OneTimeCode.purpose.in_(("bantu", "tunjuk")), OneTimeCode.expires_at <= now
    db.session.execute(delete(OneTimeCode).where(*old))
    while True:
        digits = f"{secrets.randbelow(10**8):08}"
        hashed = digits_hash(purpose, digits)
        if db.session.scalar(select(OneTimeCode.hash).where(OneTimeCode.hash == hashed)) is None:
            break
    db.session.add(OneTimeCode(hash=hashed, purpose=purpose, created_at=now, expires_at=now + DIGITS_LIFE, **values))
    return digits


def _end_codes(person_id: int, *purposes: str) -> None:
    """Unused codes and links of this person are gone."""
    ids = [account.id for account in _accounts(person_id)]
    theirs = delete(OneTimeCode).where(OneTimeCode.person_id.in_(ids), OneTimeCode.used_at.is_(None))
    db.session.execute(theirs.where(OneTimeCode.purpose.in_(purposes)) if purposes else theirs)


def new_password_link(person_id: int, by: int, now: datetime) -> str:
    """The secret of /sandi#…: sets a member of staff's password once within a day, in place of any before."""
    _end_codes(person_id, "sandi")
    secret = _new_secret("sandi", PASSWORD_LINK_LIFE, now, person_id=person_id, by_id=by)
    note(by, "tautan sandi dibuat", f"person:{person_id}", now)
    return secret


def new_admin_code(now: datetime) -> str:
    """A secret that makes one admin within a week, in place of every unused one; only its hash is kept."""
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.purpose == "admin", OneTimeCode.used_at.is_(None)))
    return _new_secret("admin", ADMIN_LINK_LIFE, now)


def _new_secret(purpose: str, life: timedelta, now: datetime, **values: int) -> str:
    secret = secrets.token_urlsafe(24)
    db.session.add(
        OneTimeCode(hash=code_hash(secret), purpose=purpose, created_at=now, expires_at=now + life, **values)
    )
    return secret


def add_staff(
    name: str, login: str, password_hash: str, now: datetime, *, by: int | None = None, is_admin: bool = False
) -> Person:
    """A new person who signs in with a password; their memberships say which cohorts they train."""
    person = add_person(name, now)
    person.login, person.password_hash, person.is_admin = login, password_hash, is_admin
    db.session.flush()
    act, fields = ("admin dibuat", ["login", "is_admin"]) if is_admin else ("pelatih dibuat", ["login"])
    note(by or person.id, act, f"person:{person.id}", now, fields)
    return person


def note(
    actor_id: int | None, action: str, object: str, now: datetime, fields: list[str] | None = None, reason: str = ""
) -> None:
    """Append to the audit log: who did what to what; never values."""
    db.session.add(
        AuditEntry(at=now, actor_id=actor_id, action=action, object=object, fields=fields or [], reason=reason)
    )


def note_in(held: Training, action: str, now: datetime, fields: list[str] | None = None, reason: str = "") -> None:
    """Append what a trainer did in their cohort."""
    note(held.viewer.person_id, action, f"cohort:{held.cohort_id}", now, fields, reason)


def note_shown(held: Training, people: Iterable[int], action: str, fields: list[str], now: datetime) -> None:
    """Append whose data of their cohort a trainer was shown, if anybody's."""
    if whose := ", ".join(map(str, people)):
        note_in(held, action, now, fields, f"orang {whose}"[:1000])


def hold(person_id: int) -> Person:
    """Return the person, locked until the write ends; 409 for one who was erased or merged into another meanwhile."""
    person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.erased_at is not None or person.merged_into_id is not None:
        abort(409)
    return person


def correct(person_id: int, wanted: Mapping[str, str | None], by: int, now: datetime) -> list[str]:
    """Write what differs, keeping what it was; the changed columns, all that is logged. A name is confirmed anew."""
    person = hold(person_id)
    held = {field: getattr(person, field) for field in wanted}
    changed = [field for field, value in wanted.items() if held[field] != value]
    for field in changed:
        db.session.add(PersonChange(person_id=person_id, field=field, old=held[field] or "", by_id=by, at=now))
        setattr(person, field, wanted[field])
    if "phone" in changed:
        # A PIN that comes along to another phone would take one of the five places there, unasked.
        for account in _accounts(person_id):
            account.pin_hash = ""
    if {"name", "title_before", "title_after"} & set(changed):
        theirs = update(Membership).where(Membership.person_id == person_id)
        db.session.execute(theirs.values(name_confirmed_at=None))
    if changed:
        note(by, "data diperbaiki", f"person:{person_id}", now, changed)
    return changed


def enrol(person_id: int, course_id: int, now: datetime) -> int:
    """The id of the person's enrolment in the course, made when it is not there."""
    row = {"person_id": person_id, "course_id": course_id, "created_at": now}
    db.session.execute(insert_missing(Enrolment, "person_id", "course_id"), row)
    held = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)
    return db.session.scalars(held).one()

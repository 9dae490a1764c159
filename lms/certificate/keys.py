"""The keys that sign certificates: the one of today, those before it, and what a leak undoes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from lms.certificate.snapshot import key_id, public_key
from lms.db.engine import db, read
from lms.db.tables import Certificate, SigningKey
from lms.people.actions import note
from lms.people.jobs import NotDoable
from lms.web.dates import WIB

KEY_ENDED = "Sertifikat belum dapat terbit: kunci tanda tangan situs perlu diganti pengelola. Tidak ada yang hilang."


class KeyEnded(NotDoable):
    """The key of the settings was ended: nothing may be signed with it any more."""

    def __init__(self, name: str) -> None:
        super().__init__(KEY_ENDED)
        self.name = name


class StillSigns(Exception):
    """The key of the settings can't be ended: first another one has to take its place."""


def keep(private: bytes, now: datetime) -> str:
    """The id of a key's public half, kept from now on; raises KeyEnded for one that signs no more."""
    public = public_key(private)
    name = key_id(public)
    row = db.session.get(SigningKey, name)
    if row is None:
        db.session.add(SigningKey(id=name, public=public, created_at=now))
        db.session.flush()
    elif row.ended_on or row.leaked_on:
        raise KeyEnded(name)
    return name


def has_ended(private: bytes) -> bool:
    """Whether nothing may be signed with this key any more."""
    row = db.session.get(SigningKey, key_id(public_key(private)))
    return row is not None and bool(row.ended_on or row.leaked_on)


def public_keys(present: bytes) -> list[Sequence[Any]]:
    """(id, public key, last day, leaked on) of every key, the oldest first; the present one too, before it signed."""
    columns = (SigningKey.id, SigningKey.public, SigningKey.ended_on, SigningKey.leaked_on)
    rows: list[Sequence[Any]] = list(read(select(*columns).order_by(SigningKey.created_at, SigningKey.id)))
    public = public_key(present)
    return rows if key_id(public) in [row[0] for row in rows] else [*rows, (key_id(public), public, None, None)]


def every_key() -> Sequence[Row[SigningKey, int]]:
    """(the key, how many certificates it signed) of each, the oldest first."""
    signed = select(func.count()).where(Certificate.key_id == SigningKey.id).correlate(SigningKey).scalar_subquery()
    return db.session.execute(select(SigningKey, signed).order_by(SigningKey.created_at, SigningKey.id)).all()


def end(name: str, leaked_on: date | None, present: bytes, now: datetime) -> int:
    """End a key today, or say since when others may have it; how many certificates no longer hold by that.

    A leak can be dated further back, never forward. Raises LookupError for an unknown key, StillSigns for the present.
    """
    row = db.session.get(SigningKey, name, with_for_update=True)
    if row is None:
        raise LookupError(name)
    if name == key_id(public_key(present)):
        raise StillSigns(name)
    keep(present, now)
    row.ended_on = row.ended_on or now.astimezone(WIB).date()
    if leaked_on is not None:
        row.leaked_on = min(leaked_on, row.leaked_on or leaked_on)
    fields = ["ended_on"] + (["leaked_on"] if leaked_on else [])
    note(None, "kunci tanda tangan diakhiri", f"signing_key:{name}", now, fields)
    db.session.flush()
    return _undone(row)


def _undone(row: SigningKey) -> int:
    """How many real certificates were signed on days for which the key does not vouch."""
    first = min(day for day in (row.leaked_on, row.ended_on and row.ended_on + timedelta(1)) if day)
    start = datetime.combine(first, datetime.min.time(), WIB)
    signed = select(func.count()).where(
        Certificate.key_id == row.id, Certificate.sample.is_(False), Certificate.issued_at >= start
    )
    return db.session.scalar(signed) or 0

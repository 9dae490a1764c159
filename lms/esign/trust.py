"""The certificates that the office trusts when a PDF comes back signed. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.db.engine import db, read
from lms.db.tables import TrustedCertificate
from lms.esign.signing import Trusted
from lms.people.actions import note


def lines() -> Sequence[TrustedCertificate]:
    """Return the certificates believed, then those taken out; the newest first."""
    order = (TrustedCertificate.removed_at.is_not(None), TrustedCertificate.id.desc())
    return db.session.scalars(select(TrustedCertificate).order_by(*order)).all()


def trust(found: Sequence[Trusted], by: int, now: datetime) -> None:
    """Believe these certificates; those that are believed already stay as they are."""
    held = set(read(select(TrustedCertificate.fingerprint).where(TrustedCertificate.removed_at.is_(None))).scalars())
    for each in {each.fingerprint: each for each in found if each.fingerprint not in held}.values():
        row = TrustedCertificate(**{name: getattr(each, name) for name in Trusted.__slots__}, by_id=by, at=now)
        db.session.add(row)
        db.session.flush()
        note(by, "sertifikat elektronik dipercaya", f"trusted_certificate:{row.id}", now, [], each.fingerprint)


def take_out(trust_id: int, reason: str, by: int, now: datetime) -> bool:
    """Believe a certificate no longer; False when there is none. What was accepted by it stays."""
    row = db.session.get(TrustedCertificate, trust_id, with_for_update=True)
    if row is None:
        return False
    if row.removed_at is None:
        row.removed_at, row.removed_by_id, row.reason = now, by, reason
        note(by, "sertifikat elektronik dikeluarkan", f"trusted_certificate:{trust_id}", now, ["removed_at"], reason)
    return True

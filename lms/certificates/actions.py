"""Writes about certificates: who issues, issuing, revoking. Nothing here commits."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.certificates import queries
from lms.certificates.queries import Issuer
from lms.core import certificate as core
from lms.core.certificate import Snapshot
from lms.database import db
from lms.models import Certificate, CertificateEvent, SigningKey

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a certificate will say but its number; `issuer` is None for a sample."""

    membership_id: int
    edition_id: int
    issuer: Issuer | None
    snapshot: Snapshot


def fresh_codes(public_url: str) -> tuple[str, str, str]:
    """(token, short code, check address) of a new certificate."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, core.short_code(secrets.token_bytes(8)), f"{public_url}/cek/{token}"


def numbered(draft: Draft, sequence: int, day: date) -> Snapshot:
    """The snapshot with the number that this place in the series has."""
    if draft.issuer is None:
        return draft.snapshot
    issuer = draft.issuer
    number = core.format_number(issuer.pattern, sequence, issuer.code, issuer.classification, day)
    return replace(draft.snapshot, number=number)


def issue(draft: Draft, signing_key: bytes, now: datetime) -> str:
    """The id of the membership's certificate (or sample): the one it has, else a new one, numbered and signed.

    The number is drawn here, inside the caller's write, so that there are neither gaps nor doubles.
    """
    sample = draft.issuer is None
    if known := queries.held(draft.membership_id, sample=sample):
        return known
    day = draft.snapshot.issued_on
    sequence = None if draft.issuer is None else queries.next_sequence(draft.issuer.series_id, day.year)
    snapshot = numbered(draft, sequence or 0, day)
    payload = core.canonical(snapshot)
    row = Certificate(
        id=secrets.token_urlsafe(16),
        token=snapshot.token,
        short_code=snapshot.short_code,
        membership_id=draft.membership_id,
        edition_id=draft.edition_id,
        sample=sample,
        series_id=draft.issuer.series_id if draft.issuer else None,
        year=None if sample else day.year,
        sequence=sequence,
        payload=payload,
        signature=core.sign(signing_key, payload),
        key_id=_keep_public_key(signing_key, now),
        issued_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _append(row.id, "issued", "", None, now)
    return row.id


def revoke(certificate_id: str, reason: str, now: datetime, *, by: int | None = None) -> None:
    """Append that the certificate no longer holds; its number is not used again."""
    _append(certificate_id, "revoked", reason, by, now)


def _append(certificate_id: str, kind: str, reason: str, by: int | None, now: datetime) -> None:
    db.session.add(CertificateEvent(certificate_id=certificate_id, kind=kind, reason=reason, person_id=by, at=now))
    db.session.flush()


def _keep_public_key(signing_key: bytes, now: datetime) -> str:
    public = core.public_key(signing_key)
    name = core.key_id(public)
    if db.session.get(SigningKey, name) is None:
        db.session.add(SigningKey(id=name, public=public, created_at=now))
        db.session.flush()
    return name

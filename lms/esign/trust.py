"""The certificates that the office trusts when a PDF comes back signed. Never commits."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from lms.db.engine import db, read
from lms.db.tables import TrustedCertificate
from lms.esign.signing import UploadRefused
from lms.people.actions import note

NO_CERTIFICATE = "Berkas ini bukan sertifikat elektronik. Pilih berkas .cer, .crt, .der, atau .pem."


def read_certificates(data: bytes) -> list[TrustedCertificate]:
    """The certificates of a PEM or DER file, not kept yet; raises UploadRefused when it holds none that can be read."""
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
        return [_row(each) for each in found]
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise UploadRefused(NO_CERTIFICATE) from error


def _row(found: x509.Certificate) -> TrustedCertificate:
    is_authority = any(isinstance(each.value, x509.BasicConstraints) and each.value.ca for each in found.extensions)
    data = found.public_bytes(Encoding.DER)
    return TrustedCertificate(
        fingerprint=hashlib.sha256(data).hexdigest(),
        role="pejabat" if not is_authority else "akar" if found.subject == found.issuer else "antara",
        subject="".join(letter for letter in found.subject.rfc4514_string() if letter.isprintable())[:300],
        valid_from=found.not_valid_before_utc,
        valid_to=found.not_valid_after_utc,
        data=data,
    )


def lines() -> Sequence[TrustedCertificate]:
    """Return the certificates believed, then those taken out; the newest first."""
    order = (TrustedCertificate.removed_at.is_not(None), TrustedCertificate.id.desc())
    return db.session.scalars(select(TrustedCertificate).order_by(*order)).all()


def trust(found: Sequence[TrustedCertificate], by: int, now: datetime) -> None:
    """Believe these certificates; those that are believed already stay as they are."""
    held = set(read(select(TrustedCertificate.fingerprint).where(TrustedCertificate.removed_at.is_(None))).scalars())
    for row in {each.fingerprint: each for each in found if each.fingerprint not in held}.values():
        row.by_id, row.at = by, now
        db.session.add(row)
        db.session.flush()
        note(by, "sertifikat elektronik dipercaya", f"trusted_certificate:{row.id}", now, [], row.fingerprint)


def take_out(trust_id: int, reason: str, by: int, now: datetime) -> bool:
    """Believe a certificate no longer; False when there is none. What was accepted by it stays."""
    row = db.session.get(TrustedCertificate, trust_id, with_for_update=True)
    if row is None:
        return False
    if row.removed_at is None:
        row.removed_at, row.removed_by_id, row.reason = now, by, reason
        note(by, "sertifikat elektronik dikeluarkan", f"trusted_certificate:{trust_id}", now, ["removed_at"], reason)
    return True

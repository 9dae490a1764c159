"""Sheets that are signed electronically elsewhere: what was handed out, what came back, and whose word counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, and_, exists
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lms.db.engine import Model
from lms.db.labels import SHEET, SIGNED, STAFF
from lms.db.tables.certificates import CertificateEvent

DIGEST = String(64)


class HandedSheet(Model):
    """The drawing of a certificate's PDF that was handed out to be signed; after a new key or program it may differ."""

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    drawn: Mapped[str] = mapped_column(DIGEST, primary_key=True)


class SignedSheet(Model):
    """The signed PDF of a certificate, byte for byte as it came back; `hash` is its SHA-256."""

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(DIGEST)
    data: Mapped[bytes] = mapped_column(info=SHEET("Berkas PDF"))
    at: Mapped[datetime] = mapped_column(info=SHEET("Diterima"))


class TrustedCertificate(Model):
    """A certificate that the office put its trust in: a root, one in between, or an official's own.

    A row is never deleted: what was accepted by it stays so, and `removed_at` says until when it was believed.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(DIGEST, index=True)
    role: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(300), info=SIGNED("Nama pada sertifikat elektronik"))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    data: Mapped[bytes]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Dipercaya oleh"))
    at: Mapped[datetime]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Dikeluarkan oleh"))
    removed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (CheckConstraint("role in ('akar', 'antara', 'pejabat')", name="role"),)


def is_unsigned(certificate_id: Any) -> ColumnElement[bool]:
    """Whether a certificate of the statement still waits for its electronic signature; what ended waits no more."""
    event = aliased(CertificateEvent)

    def happened(*kinds: str) -> ColumnElement[bool]:
        return exists().where(event.certificate_id == certificate_id, event.kind.in_(kinds))

    return and_(happened("awaiting"), ~happened("signed", "replaced", "revoked"))

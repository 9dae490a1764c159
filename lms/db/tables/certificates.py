"""Issuers, signers, numbers and issued certificates, frozen and signed; sheets of paper, and those signed elsewhere."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, and_, exists, or_
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lms.db.engine import Model, unique_where
from lms.db.labels import PART, SHEET, SIGNED, STAFF
from lms.db.tables.people import RANDOM_ID


class Office(Model):
    """The issuing office as it is printed on top of the sheet, and its name within a sentence; one row.

    `legal_basis` is that of self-study, and of a bimtek whose plan names none.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    government: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(60))
    organiser: Mapped[str] = mapped_column(String(160))
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    emblem_hash: Mapped[str | None] = mapped_column(ForeignKey("blob.hash"))


class Signer(Model):
    """An official whose name stands on a side of the sheet, on the days from `valid_from` to `valid_to`.

    A row is never changed but by its end: a correction is a row of its own, and the old one is active no more.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), info=SIGNED("Nama"))
    title: Mapped[str] = mapped_column(String(160), info=SIGNED("Jabatan"))
    on_behalf: Mapped[str] = mapped_column(String(160), default="", info=SIGNED("Atas nama"))
    rank: Mapped[str] = mapped_column(String(80), default="", info=SIGNED("Pangkat"))
    nip: Mapped[str] = mapped_column(String(30), default="", info=SIGNED("NIP"))
    side: Mapped[str] = mapped_column(String(10), default="depan")
    valid_from: Mapped[date | None] = mapped_column(info=SIGNED("Berlaku mulai"))
    valid_to: Mapped[date | None] = mapped_column(info=SIGNED("Berlaku sampai"))
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (CheckConstraint("side in ('depan', 'belakang')", name="side"),)


def signs_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the rows of those who sign on a day."""
    return (
        Signer.is_active.is_(True),
        or_(Signer.valid_from.is_(None), Signer.valid_from <= day),
        or_(Signer.valid_to.is_(None), Signer.valid_to >= day),
    )


class NumberSeries(Model):
    """How certificate numbers are written and counted, one series for each kind of cohort; counted per year."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), unique=True)
    pattern: Mapped[str] = mapped_column(String(120))
    classification: Mapped[str] = mapped_column(String(20), default="")
    code: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (CheckConstraint("kind in ('mandiri', 'bimtek')", name="kind"),)


class NumberBlock(Model):
    """Numbers of a series and year that the paper agenda has given away already; issuing skips them.

    Where counting begins is such a block too, so that issuing knows one reason to skip and the book shows it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("number_series.id"))
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Oleh"))
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("series_id", "year", "first"),
        CheckConstraint("first > 0 and last >= first", name="in_order"),
    )


class SigningKey(Model):
    """A public key that ever signed; kept for ever so that old sheets stay checkable.

    `ended_on` is its last day; `leaked_on` the first day on which others may have had it. What it signed before holds.
    """

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    public: Mapped[bytes]
    created_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    leaked_on: Mapped[date | None]


class Exemption(Model):
    """A decision that a participant gets a certificate though something is missing: whose, and why."""

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), primary_key=True, info=PART("Pengecualian"))
    reason: Mapped[str] = mapped_column(String(300), info=PART("Alasan"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Oleh"))
    at: Mapped[datetime] = mapped_column(info=PART("Waktu"))


class Certificate(Model):
    """A frozen, signed snapshot; `payload` is its canonical JSON. A sample (CONTOH) has no number.

    `renumbered_at`: since when a sheet under another number stands for this one, which was revoked by mistake.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True, info=SHEET("Nomor dalam situs"))
    token: Mapped[str] = mapped_column(RANDOM_ID, unique=True, info=SHEET("Alamat cek"))
    short_code: Mapped[str] = mapped_column(String(12), unique=True, info=SHEET("Kode cek"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    sample: Mapped[bool] = mapped_column(info=SHEET("Contoh"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("number_series.id"))
    year: Mapped[int | None] = mapped_column(info=SHEET("Tahun"))
    sequence: Mapped[int | None] = mapped_column(info=SHEET("Nomor urut"))
    revision: Mapped[int] = mapped_column(default=0)
    sought: Mapped[str] = mapped_column(String(600), default="", info=SHEET("Untuk mencari"))
    number_key: Mapped[str | None] = mapped_column(String(300), info=SHEET("Untuk membandingkan nomor"))
    payload: Mapped[bytes] = mapped_column(info=SHEET("Yang tercetak"))
    signature: Mapped[bytes]
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    issued_at: Mapped[datetime] = mapped_column(info=SHEET("Terbit"))
    renumbered_at: Mapped[datetime | None] = mapped_column(info=SHEET("Nomor baru sejak"))

    __table_args__ = (
        UniqueConstraint("series_id", "year", "sequence", "revision"),
        CheckConstraint("sample = (sequence is null)", name="sample_has_no_number"),
        unique_where(
            "uq_certificate_real",
            "membership_id",
            where="revision = 0 and sequence is not null and renumbered_at is null",
        ),
        unique_where("uq_certificate_sample", "membership_id", where="sequence is null"),
        unique_where("uq_certificate_number", "number_key", where="revision = 0"),
    )


class CertificateEvent(Model):
    """Issued, awaiting its signature, signed, replaced, revoked: a sheet's state follows from its events alone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), index=True, info=SHEET("Sertifikat"))
    kind: Mapped[str] = mapped_column(String(10), info=SHEET("Kejadian"))
    reason: Mapped[str] = mapped_column(String(500), default="", info=SHEET("Alasan"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=STAFF("Oleh"))
    at: Mapped[datetime] = mapped_column(info=SHEET("Waktu"))

    __table_args__ = (CheckConstraint("kind in ('issued', 'awaiting', 'signed', 'replaced', 'revoked')", name="kind"),)


DIGEST = String(64)


class HandedSheet(Model):
    """The drawing of a certificate's PDF that was handed out to be signed; after a new key or program it may differ."""

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    drawn: Mapped[str] = mapped_column(DIGEST, primary_key=True)


class SignedSheet(Model):
    """The signed PDF of a certificate, byte for byte as it came back; `hash` is its SHA-256.

    The first of several stays, since what was downloaded already must stay the one that holds. It is a row and no blob,
    for it is somebody's: an erasure that withdraws the certificate drops it.
    """

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

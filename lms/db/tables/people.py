"""People, the browsers they signed in with, what keeps sign-in from being guessed; who did what, and long work."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import labels
from lms.db.engine import Model

RANDOM_ID = String(32)


class Person(Model):
    """Somebody who learns, teaches or runs the site. Phones are not unique: families share one.

    `card_since` is when the card of this serial was given, None for the first one. Who is deactivated signs in by no
    way; who is merged into another signs in as that one; who is erased is a tombstone without name, kept so that counts
    and certificates stand.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), info=labels.IDENTITY("Nama"))
    title_before: Mapped[str] = mapped_column(String(40), default="", info=labels.IDENTITY("Gelar di depan nama"))
    title_after: Mapped[str] = mapped_column(String(40), default="", info=labels.IDENTITY("Gelar di belakang nama"))
    region: Mapped[str | None] = mapped_column(String(13), info=labels.IDENTITY("Desa atau kelurahan"))
    phone: Mapped[str] = mapped_column(String(20), default="", info=labels.PHONE("Nomor HP"))
    sex: Mapped[str] = mapped_column(String(1), default="", info=labels.LISTED("L/P"))
    position: Mapped[str] = mapped_column(String(80), default="", info=labels.LISTED("Jabatan"))
    login: Mapped[str | None] = mapped_column(String(60), unique=True, info=labels.ACCESS("Nama masuk"))
    password_hash: Mapped[str] = mapped_column(String(200), default="", info=labels.SECRET("Sandi"))
    pin_hash: Mapped[str] = mapped_column(String(200), default="", info=labels.SECRET("PIN"))
    is_admin: Mapped[bool] = mapped_column(default=False, info=labels.RIGHT("Pengelola situs"))
    is_trainer: Mapped[bool] = mapped_column(default=False, info=labels.RIGHT("Pelatih"))
    card_serial: Mapped[int] = mapped_column(default=1, info=labels.ACCESS("Kartu ke-"))
    card_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=labels.SECRET("Kode kartu"))
    card_since: Mapped[datetime | None] = mapped_column(info=labels.ACCESS("Kartu sejak"))
    created_at: Mapped[datetime] = mapped_column(info=labels.STATE("Terdaftar sejak"))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=labels.STATE("Digabung ke akun")
    )
    deactivated_at: Mapped[datetime | None] = mapped_column(info=labels.STATE("Dinonaktifkan"))
    erased_at: Mapped[datetime | None] = mapped_column(info=labels.STATE("Dihapus"))

    __table_args__ = (CheckConstraint("sex in ('', 'L', 'P')", name="sex"), Index(None, "phone"))


class Device(Model):
    """A signed-in browser; its id is random, and worth nothing outside the signed session cookie.

    `last_seen_at` moves with what its person sends, at most once a day: a page that is only read writes nothing.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(80), default="", info=labels.DEVICE("Perangkat"))
    created_at: Mapped[datetime] = mapped_column(info=labels.DEVICE("Masuk sejak"))
    last_seen_at: Mapped[datetime | None] = mapped_column(info=labels.DEVICE("Terakhir dipakai"))
    expires_at: Mapped[datetime] = mapped_column(info=labels.DEVICE("Berlaku sampai"))
    ended_at: Mapped[datetime | None] = mapped_column(info=labels.DEVICE("Dikeluarkan"))


class NoticeAgreement(Model):
    """Which version of the privacy notice a person was shown, and when."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(String(20), info=labels.NOTICE("Versi"))
    at: Mapped[datetime] = mapped_column(info=labels.NOTICE("Waktu"))


class Joining(Model):
    """A join form that was sent: the same form id again gives the same person."""

    form_id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True, info=labels.JOINING("Angkatan"))
    at: Mapped[datetime] = mapped_column(info=labels.JOINING("Waktu"))


class PersonChange(Model):
    """A person's name, village, phone or post before it was corrected; gone with erasure and retention."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(20), info=labels.CHANGE("Bagian"))
    old: Mapped[str] = mapped_column(String(200), info=labels.CHANGE("Isi sebelumnya"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=labels.CHANGE("Diperbaiki oleh"))
    at: Mapped[datetime] = mapped_column(info=labels.CHANGE("Waktu"))


class ErasureRequest(Model):
    """A person asked to be forgotten; the office has 72 hours. Their certificates stay checkable or are withdrawn."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    keep_certificates: Mapped[bool] = mapped_column(info=labels.ERASURE("Sertifikat tetap dapat diperiksa"))
    asked_at: Mapped[datetime] = mapped_column(info=labels.ERASURE("Diminta"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(info=labels.ERASURE("Dibatalkan"))
    done_at: Mapped[datetime | None] = mapped_column(info=labels.ERASURE("Dilaksanakan"))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=labels.ERASURE("Dilaksanakan oleh"))


class OneTimeCode(Model):
    """A secret that works once; only its hash is kept. Its purpose says what it opens:

    admin: a link that makes the first admin. sandi: a link with which a member of staff sets a new password. bantu:
    eight digits that a trainer shows and that sign their person in. tunjuk: eight digits that a browser shows, which
    a trainer confirms by naming the person; `claim` is the hash of the secret that only that browser has.
    """

    hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=labels.CODE_SECRET("Kode"))
    purpose: Mapped[str] = mapped_column(String(20), info=labels.CODE("Gunanya"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=labels.CODE("Dibuat oleh"))
    claim: Mapped[str] = mapped_column(String(64), default="", info=labels.CODE_SECRET("Pengenal HP"))
    created_at: Mapped[datetime] = mapped_column(info=labels.CODE("Dibuat"))
    expires_at: Mapped[datetime] = mapped_column(info=labels.CODE("Berlaku sampai"))
    used_at: Mapped[datetime | None] = mapped_column(info=labels.CODE("Dipakai"))

    __table_args__ = (CheckConstraint("purpose in ('admin', 'sandi', 'bantu', 'tunjuk')", name="purpose"),)


class LimitCount(Model):
    """How often something was tried in one window of time; `window` is the start, in seconds since 1970."""

    key: Mapped[str] = mapped_column(String(120), primary_key=True, info=labels.LIMIT("Yang dihitung"))
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=labels.LIMIT("Mulai"))
    count: Mapped[int] = mapped_column(default=0, info=labels.LIMIT("Banyaknya"))

    __table_args__ = (Index(None, "window"),)


class AuditEntry(Model):
    """One act. Triggers of the base migration refuse every update, and deletes of rows younger than five years."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(info=labels.AUDIT("Waktu"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, info=labels.AUDIT("Oleh"))
    action: Mapped[str] = mapped_column(String(40), info=labels.AUDIT("Perbuatan"))
    object: Mapped[str] = mapped_column(String(80), index=True, info=labels.AUDIT("Terhadap"))
    fields: Mapped[list[str]] = mapped_column(JSON, default=list, info=labels.AUDIT("Bagian"))
    reason: Mapped[str] = mapped_column(String(500), default="", info=labels.AUDIT("Alasan"))


class Job(Model):
    """Work of `total` units of which `position` are done; `kind` names the function that does the next.

    `told` is what the work needs to know, `outcome` what it leaves for its page; `fault` is why it stopped for good.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=labels.STAFF("Dimulai oleh"))
    title: Mapped[str] = mapped_column(String(200))
    onward: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    fault: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("position >= 0 and position <= total", name="position"),)


class ImportBatch(Model):
    """One file: its headings, each with the field it is taken for, and what was left out of it, by heading.

    It may be looked at from `ready_at` on, when all its rows are kept.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=labels.STAFF("Diunggah oleh"))
    columns: Mapped[list[list[str]]] = mapped_column(JSON)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    job_id: Mapped[str | None] = mapped_column(ForeignKey("job.id"))


class ImportRow(Model):
    """One line of it: its cells under the headings, who is understood to be in it, and the person it became.

    `state` is where it stands before it is written, `outcome` what was done: pages, counts and slices are statements,
    and each row is written once.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(120))
    cells: Mapped[list[str]] = mapped_column(JSON, info=labels.LISTED_ROW("Isi baris"))
    listed: Mapped[dict[str, Any]] = mapped_column(JSON, info=labels.LISTED_ROW("Yang terbaca"))
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(12), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(info=labels.LISTED_ROW("Diunggah"))

    __table_args__ = (
        CheckConstraint("state in ('siap', 'ada', 'ragu', 'tolak', 'lewati')", name="state"),
        CheckConstraint("outcome in ('', 'dibuat', 'ditambahkan', 'sudah', 'batal')", name="outcome"),
        Index(None, "batch_id", "number", unique=True),
        Index(None, "batch_id", "state", "outcome", "number"),
    )

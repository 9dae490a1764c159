"""Certificates that were issued on paper before there was this site, as the office's old lists have them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import SHEET, STAFF
from lms.db.tables.people import RANDOM_ID


class PaperBatch(Model):
    """One file: how many of its rows were known already, and which were refused why. It counts from `written_at` on."""

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Diunggah oleh"))
    at: Mapped[datetime]
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[Any]] = mapped_column(JSON)
    written_at: Mapped[datetime | None]


class PaperCertificate(Model):
    """A line of such a list. `check_key` is the hash of its number and name, `number_key` what numbers compare by."""

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    check_key: Mapped[str] = mapped_column(String(64), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(String(120), info=SHEET("Nomor"))
    name: Mapped[str] = mapped_column(String(120), info=SHEET("Nama"))
    village: Mapped[str] = mapped_column(String(200), info=SHEET("Desa atau kelurahan"))
    activity: Mapped[str] = mapped_column(String(200), info=SHEET("Kegiatan"))
    day: Mapped[date] = mapped_column(info=SHEET("Tanggal"))
    sought: Mapped[str] = mapped_column(String(600), info=SHEET("Untuk mencari"))
    number_key: Mapped[str] = mapped_column(String(300), index=True, info=SHEET("Untuk membandingkan nomor"))

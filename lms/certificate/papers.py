"""Old paper certificates: what a file says, as it is kept, and the public check of one by number and name."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from lms.certificate.numbering import number_key
from lms.certificate.spelling import bare, parted, sought
from lms.db.engine import insert_missing, read, writer
from lms.db.tables import PaperBatch, PaperCertificate
from lms.paper.child import ChildFailed, run
from lms.people.actions import note, random_id

READER = "read_papers"
SECONDS, MEGABYTES = 30.0, 250
MOST_BYTES = 5 * 2**20
MOST_REFUSED = 500
"""Refused rows that are named; more are only counted."""
NO_FILE = "Pilih dulu berkasnya, lalu tekan lagi."
TOO_LARGE = "Berkas ini lebih dari 5 MB. Salin daftarnya saja ke berkas baru."
DISPLACED = (
    "Pengelola lain mengunggah daftarnya pada saat yang sama, jadi daftar Anda tidak tersimpan. Tunggu sampai"
    " daftarnya dimasukkan, lalu unggah lagi."
)
TOO_HEAVY = "Berkas ini terlalu berat untuk dibaca. Salin daftarnya saja ke berkas baru, lalu unggah lagi."
Kept = dict[str, Any]
"""A row as it is kept."""


class NoPaperList(Exception):
    """A file that is no list, or a list that waits no more; the message says why and what to do, in Indonesian."""


def brought(data: bytes) -> tuple[list[Kept], list[list[str]]]:
    """(rows as they are kept, each once; (place, why) of what is refused). Raises NotReadable."""
    if not data or len(data) > MOST_BYTES:
        raise NoPaperList(TOO_LARGE if data else NO_FILE)
    try:
        told = json.loads(run(READER, data, seconds=SECONDS, megabytes=MEGABYTES))
    except ChildFailed as failed:
        raise NoPaperList(TOO_HEAVY) from failed
    if "fault" in told:
        raise NoPaperList(told["fault"])
    rows = {check_key(row["number"], row["name"]): row for row in reversed(told["rows"])}
    kept = [_kept(key, row) for key, row in reversed(rows.items())]
    return kept, told["refused"]


def check_key(number: str, name: str) -> str:
    """Return the key to find a paper by: number and name as on it, but for case, spaces and signs in the number."""
    return hashlib.sha256(f"{parted(number)}\n{bare(name)}".encode()).hexdigest()


def _kept(key: str, row: Mapping[str, str]) -> Kept:
    day = date.fromisoformat(row["day"])
    found = sought(row["name"], row["number"], row["village"])[:600]
    keys = {"check_key": key, "number_key": number_key(row["number"])}
    return {**row, **keys, "day": day, "year": day.year, "sought": found}


def begin(refused: Sequence[Sequence[str]], by: int, now: datetime) -> str:
    """The id of a list whose rows are still to come; one that was never written makes room for it."""
    waiting = select(PaperBatch.id).where(PaperBatch.written_at.is_(None))
    writer().execute(delete(PaperCertificate).where(PaperCertificate.batch_id.in_(waiting)))
    writer().execute(delete(PaperBatch).where(PaperBatch.written_at.is_(None)))
    batch = {"id": random_id(), "by_id": by, "at": now, "known": 0}
    named = [list(each) for each in refused[:MOST_REFUSED]]
    if len(refused) > MOST_REFUSED:
        named.append([f"{len(refused) - MOST_REFUSED} baris lain", "tidak ditampilkan"])
    writer().execute(insert(PaperBatch), batch | {"refused": named})
    return batch["id"]  # type: ignore[return-value] # A dict of many types.


def add(batch_id: str, rows: Sequence[Kept]) -> None:
    """Keep some of its rows; those that the book has are counted. Raises NotReadable once it made room for another."""
    # Held until the write ends, so that a newer list waits instead of taking it away from under its rows.
    if writer().scalar(select(PaperBatch.id).where(PaperBatch.id == batch_id).with_for_update()) is None:
        raise NoPaperList(DISPLACED)
    written = 0
    for row in rows:
        written += (
            writer().execute(insert_missing(PaperCertificate, "check_key"), {**row, "batch_id": batch_id}).rowcount
        )
    known = PaperBatch.known + (len(rows) - written)
    writer().execute(update(PaperBatch).where(PaperBatch.id == batch_id).values(known=known))


def write(batch_id: str, by: int, now: datetime) -> None:
    """Let the rows of a list count; pressed twice it is once."""
    wanted = update(PaperBatch).where(PaperBatch.id == batch_id, PaperBatch.written_at.is_(None))
    if writer().execute(wanted.values(written_at=now)).rowcount:
        count = read(select(func.count()).where(PaperCertificate.batch_id == batch_id)).scalar_one()
        note(by, "sertifikat kertas dimasukkan", f"paper_batch:{batch_id}", now, ["number", "name"], f"{count} baris")


def undo(batch_id: str, why: str, by: int, now: datetime) -> None:
    """Take a list with just its own rows out of the book; pressed twice it is once."""
    rows = writer().execute(delete(PaperCertificate).where(PaperCertificate.batch_id == batch_id)).rowcount
    if writer().execute(delete(PaperBatch).where(PaperBatch.id == batch_id)).rowcount:
        fields = ["number", "name", f"{rows} baris"]
        note(by, "sertifikat kertas dibatalkan", f"paper_batch:{batch_id}", now, fields, why)


_NEW = select(func.count()).where(PaperCertificate.batch_id == PaperBatch.id).correlate(PaperBatch).scalar_subquery()
_BATCH = select(
    *(PaperBatch.id, PaperBatch.at, PaperBatch.known, PaperBatch.refused, PaperBatch.written_at, _NEW.label("new"))
)
"""A list: how many rows are new, how many were known, what was refused, and since when it counts."""


def batch(batch_id: str) -> Row[Any] | None:
    """One list."""
    return read(_BATCH.where(PaperBatch.id == batch_id)).first()


def batches() -> Sequence[Row[Any]]:
    """The lists brought last."""
    return read(_BATCH.order_by(PaperBatch.at.desc()).limit(20)).all()


PAPER = (
    *(PaperCertificate.number, PaperCertificate.name, PaperCertificate.village),
    *(PaperCertificate.activity, PaperCertificate.day),
)
"""What the book says of a paper certificate."""
Paper = Row[str, str, str, str, date]


def first_rows(batch_id: str, most: int) -> Sequence[Paper]:
    """The first rows of a list that are new."""
    return read(
        select(*PAPER).where(PaperCertificate.batch_id == batch_id).order_by(PaperCertificate.id).limit(most)
    ).all()


def paper(number: str, name: str) -> Paper | None:
    """The paper with exactly this number and this name, once its list counts."""
    return read(
        select(*PAPER)
        .join(PaperBatch, PaperBatch.id == PaperCertificate.batch_id)
        .where(PaperCertificate.check_key == check_key(number, name), PaperBatch.written_at.is_not(None))
    ).first()

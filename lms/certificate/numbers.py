"""Number series: as the form is typed, as they are kept, what was drawn, and what the paper agenda took by hand.

Nothing here commits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from lms.certificate.numbering import LARGEST, TWINS, gaps, next_numbers, same_numbers
from lms.certificate.signers import faults_of
from lms.certificate.snapshot import check_pattern
from lms.db.engine import db, read
from lms.db.tables import Certificate, NumberBlock, NumberSeries
from lms.people.actions import note

KINDS = {"bimtek": "Bimtek", "mandiri": "Belajar mandiri"}
SERIES = {"pattern": ("pola", 100), "classification": ("klasifikasi", 20), "code": ("kode", 40)}


def read_series_form(form: Mapping[str, str], other: Mapping[str, str] | None) -> tuple[dict[str, str], dict[str, str]]:
    """Read the typed series: columns, and field -> what to do. `other`: the series that must never write the same."""
    values = {column: " ".join(form.get(name, "").split()) for column, (name, _) in SERIES.items()}
    faults = faults_of(values, SERIES)
    wrong = check_pattern(values["pattern"])
    for column, token in (("classification", "{klasifikasi}"), ("code", "{kode}")):
        if token in values["pattern"] and not values[column]:
            faults[SERIES[column][0]] = f"Pola memakai {token}, jadi bagian ini perlu diisi."
    if not wrong and other and same_numbers(values, other):
        wrong = [TWINS]
    if wrong:
        faults["pola"] = " ".join(wrong)
    return values, faults


def read_number(text: str | None) -> int | None:
    """A number of the agenda, 1 and up; None for anything else."""
    found = re.fullmatch(r"[0-9]{1,6}", (text or "").strip())
    return int(found[0]) if found and 0 < int(found[0]) <= LARGEST else None


@dataclass(frozen=True, slots=True)
class Series:
    """A number series in a year: its columns, what was drawn last, and the blocks taken by hand."""

    id: int
    values: Mapping[str, Any]
    newest: int
    blocks: Sequence[Any]

    def upcoming(self, count: int = 3, without: int | None = None) -> list[int]:
        """The next numbers that issuing draws; those it would draw `without` a block."""
        return next_numbers(self.newest, [block for block in self.blocks if block.id != without], count)


def series(kind: str, year: int) -> Series | None:
    """The series of a kind of cohort, None while nobody set it."""
    columns = (NumberSeries.id, NumberSeries.pattern, NumberSeries.classification, NumberSeries.code)
    row = read(select(*columns).where(NumberSeries.kind == kind)).mappings().first()
    return Series(row["id"], {**row}, *counted(row["id"], year)) if row else None


def next_sequence(series_id: int, year: int) -> int:
    """The next number of a series in a year, past what the paper agenda took; call it inside the issuing write.

    The series stays locked until the write ends.
    """
    return next_numbers(*drawn(series_id, year))[0]


def drawn(series_id: int, year: int) -> tuple[int, Sequence[Any]]:
    """(the newest number of a series in a year, 0 for none; each block taken by hand, in order), locked."""
    read(select(NumberSeries.id).where(NumberSeries.id == series_id).with_for_update())
    return counted(series_id, year)


def counted(series_id: int, year: int) -> tuple[int, Sequence[Any]]:
    """Return the next number without the lock, to tell what will come."""
    newest = read(
        select(func.max(Certificate.sequence)).where(Certificate.series_id == series_id, Certificate.year == year)
    ).scalar()
    blocks = select(NumberBlock.first, NumberBlock.last, NumberBlock.id, NumberBlock.reason).where(
        NumberBlock.series_id == series_id, NumberBlock.year == year
    )
    return newest or 0, read(blocks.order_by(NumberBlock.first)).all()


class NotFree(Exception):
    """Numbers can't be taken or given back; the message says why, in Indonesian, and nothing was changed."""


def set_series(kind: str, values: Mapping[str, str], by: int, now: datetime) -> None:
    """How new numbers are written; counting goes on where it was."""
    row = db.session.query(NumberSeries).filter_by(kind=kind).first() or NumberSeries(kind=kind, pattern="")
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    db.session.add(row)
    db.session.flush()
    if changed:
        note(by, "nomor diatur", f"number_series:{kind}", now, changed)


def take_numbers(series_id: int, first: int, last: int, reason: str, by: int, now: datetime, *, year: int) -> None:
    """Keep that the paper agenda has these numbers; the very same again changes nothing. Raises NotFree."""
    newest, blocks = drawn(series_id, year)
    if any((first, last) == (block.first, block.last) for block in blocks):
        return
    if first <= newest:
        raise NotFree(f"Nomor sampai {newest} sudah terbit dari situs ini. Mulailah dari {newest + 1}.")
    if taken := next((block for block in blocks if block.first <= last and first <= block.last), None):
        raise NotFree(f"Nomor {taken.first} sampai {taken.last} sudah dicatat. Catat sisanya saja.")
    db.session.add(NumberBlock(series_id=series_id, year=year, first=first, last=last, reason=reason, by_id=by, at=now))
    note(by, "nomor diambil manual", f"number_series:{series_id}", now, [f"{first}–{last}/{year}"], reason)
    db.session.flush()


def start_at(series_id: int, number: int, by: int, now: datetime, *, year: int) -> None:
    """Let the next number be this one, since the paper agenda stands just before it. Raises NotFree."""
    newest, blocks = drawn(series_id, year)
    upcoming = next_numbers(newest, blocks)[0]
    if number < upcoming:
        raise NotFree(f"Nomor sampai {upcoming - 1} sudah terpakai. Nomor berikutnya paling kecil {upcoming}.")
    if inside := next((block for block in blocks if block.first <= number <= block.last), None):
        raise NotFree(f"Nomor {inside.first} sampai {inside.last} sudah dicatat. Mulailah dari {inside.last + 1}.")
    for first, last in gaps(upcoming, number, blocks):
        take_numbers(series_id, first, last, f"Agenda sudah sampai nomor {number - 1}", by, now, year=year)


def give_back(block_id: int, series_id: int, by: int, now: datetime, *, year: int) -> None:
    """Undo a block that was noted by mistake. Raises NotFree once a later number was drawn: it would leave a gap."""
    newest, _ = drawn(series_id, year)
    wanted = (NumberBlock.id == block_id, NumberBlock.series_id == series_id, NumberBlock.year == year)
    found = read(select(NumberBlock.first, NumberBlock.last).where(*wanted)).first()
    if found is None:
        return
    if found[0] <= newest:
        raise NotFree("Nomor sesudahnya sudah terbit, jadi catatan ini tidak dapat dihapus lagi.")
    db.session.execute(delete(NumberBlock).where(*wanted))
    note(by, "nomor manual dibatalkan", f"number_series:{series_id}", now, [f"{found[0]}–{found[1]}/{year}"])

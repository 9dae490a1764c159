"""Writes about who signs and under which numbers. Nothing here commits; everything is in the audit log."""

from datetime import date, datetime

from sqlalchemy import delete, select, update

from lms.certificate.numbering import gaps, next_numbers
from lms.certificate.office_forms import SeriesForm, SignerForm
from lms.certificate.queries import drawn
from lms.db.engine import db, read
from lms.db.tables import NumberBlock, NumberSeries, Signer
from lms.people.actions import note


def add_signer(form: SignerForm, by: int, now: datetime, *, instead_of: int | None = None) -> None:
    """A signer; `instead_of` is the row that this one corrects, which then signs nothing any more.

    The same signer again adds nothing, so that a form may be sent twice.
    """
    columns = {**form.values, "side": form.side, "valid_from": form.valid_from, "valid_to": form.valid_to}
    row = db.session.query(Signer).filter_by(**columns, is_active=True).first()
    if row is not None and instead_of in (None, row.id):
        return
    if instead_of is not None:
        db.session.execute(update(Signer).where(Signer.id == instead_of).values(is_active=False))
    row = row or Signer(**columns)
    db.session.add(row)
    db.session.flush()
    done = "penanda tangan dikoreksi" if instead_of else "penanda tangan ditambahkan"
    note(by, done, f"signer:{row.id}", now, [*columns])


def end_signer(signer_id: int, last: date, by: int, now: datetime) -> None:
    """Let somebody sign until this day, and no more after it."""
    db.session.execute(update(Signer).where(Signer.id == signer_id).values(valid_to=last))
    note(by, "penanda tangan diakhiri", f"signer:{signer_id}", now, ["valid_to"])


class NotFree(Exception):
    """Numbers can't be taken or given back; the message says why, in Indonesian, and nothing was changed."""


def set_series(kind: str, form: SeriesForm, by: int, now: datetime) -> None:
    """How new numbers are written; counting goes on where it was."""
    row = db.session.query(NumberSeries).filter_by(kind=kind).first() or NumberSeries(kind=kind, pattern="")
    changed = [name for name, value in form.values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, form.values[name])
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

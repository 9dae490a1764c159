"""Reads about who signs and under which numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lms.certificate.numbering import next_numbers
from lms.certificate.queries import counted
from lms.db.engine import db, read
from lms.db.tables import NumberSeries, Signer

KINDS = {"bimtek": "Bimtek", "mandiri": "Belajar mandiri"}


def signers() -> Sequence[Signer]:
    """Everybody who signs, signed or will sign; the newest first."""
    return db.session.scalars(select(Signer).order_by(Signer.id.desc())).all()


def signer(signer_id: int) -> Signer | None:
    """One of them."""
    return db.session.get(Signer, signer_id)


def stands(signer: Signer, day: date) -> str:
    """Whether their time is there, still to come or over; who was corrected stands under a row of their own."""
    if not signer.is_active:
        return "dikoreksi"
    if signer.valid_to and signer.valid_to < day:
        return "berakhir"
    return "akan datang" if signer.valid_from and signer.valid_from > day else "berlaku"


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

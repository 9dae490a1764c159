"""Reads about who signs and under which numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from lms.certificate.numbering import next_numbers
from lms.db.engine import read
from lms.db.tables import Certificate, NumberBlock, NumberSeries, Signer

KINDS = {"bimtek": "Bimtek", "mandiri": "Belajar mandiri"}


@dataclass(frozen=True, slots=True)
class SignerLine:
    """A signer as the list shows them."""

    id: int
    name: str
    title: str
    on_behalf: str
    rank: str
    nip: str
    side: str
    valid_from: date | None
    valid_to: date | None
    is_active: bool

    def state(self, day: date) -> str:
        """Whether their time is there, still to come or over; who was corrected stands under a row of their own."""
        if not self.is_active:
            return "dikoreksi"
        if self.valid_to and self.valid_to < day:
            return "berakhir"
        return "akan datang" if self.valid_from and self.valid_from > day else "berlaku"


_SIGNERS: Select[*tuple[Any, ...]] = select(
    Signer.id,
    Signer.name,
    Signer.title,
    Signer.on_behalf,
    Signer.rank,
    Signer.nip,
    Signer.side,
    Signer.valid_from,
    Signer.valid_to,
    Signer.is_active,
)


def signers() -> list[SignerLine]:
    """Everybody who signs, signed or will sign; the newest first."""
    return [SignerLine(*row) for row in read(_SIGNERS.order_by(Signer.id.desc()))]


def signer(signer_id: int) -> SignerLine | None:
    """One of them."""
    row = read(_SIGNERS.where(Signer.id == signer_id)).first()
    return SignerLine(*row) if row else None


@dataclass(frozen=True, slots=True)
class TakenNumbers:
    """Numbers taken by hand; `removable` while no later number was drawn."""

    id: int
    first: int
    last: int
    reason: str
    removable: bool


@dataclass(frozen=True, slots=True)
class Series:
    """A number series in a year: its columns, what was drawn last, and what was taken by hand."""

    id: int
    values: dict[str, str]
    newest: int
    blocks: list[TakenNumbers]

    def upcoming(self, count: int = 3, without: int | None = None) -> list[int]:
        """The next numbers that issuing draws; those it would draw `without` a block."""
        held = [(block.first, block.last) for block in self.blocks if block.id != without]
        return next_numbers(self.newest, held, count)


def series(kind: str, year: int) -> Series | None:
    """The series of a kind of cohort, None while nobody set it."""
    columns = (NumberSeries.id, NumberSeries.pattern, NumberSeries.classification, NumberSeries.code)
    row = read(select(*columns).where(NumberSeries.kind == kind)).first()
    if row is None:
        return None
    drawn = select(func.max(Certificate.sequence)).where(Certificate.series_id == row[0], Certificate.year == year)
    newest = read(drawn).scalar() or 0
    found = (NumberBlock.id, NumberBlock.first, NumberBlock.last, NumberBlock.reason)
    held = select(*found).where(NumberBlock.series_id == row[0], NumberBlock.year == year)
    blocks = [TakenNumbers(*block, block[1] > newest) for block in read(held.order_by(NumberBlock.first))]
    return Series(row[0], dict(zip(("pattern", "classification", "code"), row[1:], strict=True)), newest, blocks)

"""The bounds of a list: its heading below titles and logos, its rows, and the signatures below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lms.course.privacy import masked, niks
from lms.paper.packed import Refused
from lms.roster.fields import ADDRESS, LEFT_OUT, NUMBERING, field_of
from lms.roster.places import district_of
from lms.roster.tables import ListTable

DEEPEST_HEADER = 60
FROM_AROUND = "Kecamatan (dari nama lembar atau judul)"
EMPTY = "Berkas ini kosong. Pilih berkas yang berisi daftar nama."
NOBODY = "Tidak ada baris orang di berkas ini. Periksa apakah daftarnya ada di lembar yang terlihat."
MOSTLY = 0.5
_CARD_NUMBER = re.compile(r"\d[,.]?\d*E\+1[4-9]|(?<!\d)[1-9]\d{14,}", re.IGNORECASE)
"""Also with a digit too few or too many, and as a spreadsheet shortens it: no phone is as long."""
_ANNOUNCED = re.compile(r"\W*(?:\b(?:no|nomor|e|nik|ktp|kk|nip)\b\W*)*\0\W*", re.IGNORECASE)
_KEC = re.compile(r"\bkec(?:amatan)?\b\.?\s*:?\s*(.+)", re.IGNORECASE)
_SUMS = re.compile(r"^(jumlah|total|sub ?total|rekap)\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(mengetahui|menyetujui|tertanda|ttd|nip\b|a\.? ?n\b|an\.|plt\b|wonogiri,|kepala|camat|lurah|ketua|sekretaris|"
    r"catatan|keterangan\s*:|\*)|,\s*\d{1,2}\s+[a-z]+\s+20\d\d|,\s*[.…_]{3,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: on which sheet and line it stands, and its cells under the columns of the roster."""

    sheet: str
    line: int
    cells: list[str]


@dataclass(slots=True)
class Roster:
    """A file as understood: headings with the field each is taken for, rows, and what was left out of it."""

    columns: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    hidden_numbers: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """Headings of a sheet, the fields they name, and the row below them."""

    labels: list[str]
    fields: list[str]
    below: int
    deep: int

    @property
    def worth(self) -> tuple[int, int]:
        """How many different things it names; of two that name as many, one row is worth more than two."""
        return len({name for name in self.fields if name}), -self.deep


def read_tables(tables: Sequence[ListTable]) -> Roster:
    """All sheets that list people as one roster. Raises Refused where there are none."""
    tables = [ListTable(_sayable(table.name), table.rows) for table in tables if any(map(any, table.rows))]
    if not tables:
        raise Refused(EMPTY)
    found = [(table, header) for table in tables if (header := find_header(table.rows))]
    roster = Roster(passed_over=[table.name for table in tables if table not in [each for each, _ in found]])
    if not found:
        largest = max(tables, key=lambda table: len(table.rows))
        found, roster.passed_over = [(largest, _bare(largest.rows))], []
    for table, header in found:
        _take(roster, table, header)
    if not roster.rows:
        raise Refused(NOBODY)
    _drop_unneeded(roster)
    return roster


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The row or two rows that name most; None where nothing names a person."""
    best: Header | None = None
    for start in range(min(len(rows), DEEPEST_HEADER)):
        for header in _headers_at(rows, start):
            if "nama" in header.fields and (best is None or header.worth > best.worth):
                best = header
    return best


def _headers_at(rows: Sequence[Sequence[str]], start: int) -> Iterator[Header]:
    top = rows[start]
    yield Header(list(top), [field_of(label) for label in top], start + 1, 1)
    bottom = rows[start + 1] if start + 1 < len(rows) else []
    if not any(map(field_of, bottom)) or any(sum(map(str.isdigit, cell)) > 3 for cell in bottom):
        return
    labels, fields, over = [], [], ""
    for column in range(max(len(top), len(bottom))):
        upper, lower = (row[column] if column < len(row) else "" for row in (top, bottom))
        over = upper or (over if lower else "")
        labels.append(" / ".join(dict.fromkeys(filter(None, (over, lower)))))
        fields.append(field_of(lower) or field_of(labels[-1]))
    yield Header(labels, fields, start + 2, 2)


def _bare(rows: Sequence[Sequence[str]]) -> Header:
    """A list without headings: columns by their letters, to be named by who brought it."""
    width = min(max(map(len, rows)), 26)
    return Header([f"Kolom {chr(65 + column)}" for column in range(width)], [""] * width, 0, 0)


def _take(roster: Roster, table: ListTable, header: Header) -> None:
    """Append the rows of a sheet, each cell under the column of the same heading."""
    places: list[int] = []
    named: set[str] = set()
    for column, (label, name) in enumerate(zip(header.labels, header.fields, strict=True)):
        label = label or f"Kolom {column + 1}"
        if label not in roster.columns or roster.columns.index(label) in places:
            roster.columns.append(label if label not in roster.columns else f"{label} ({column + 1})")
            roster.fields.append("" if name in named else name)
            places.append(len(roster.columns) - 1)
        else:
            places.append(roster.columns.index(label))
        named |= {name} - {LEFT_OUT}
    if FROM_AROUND not in roster.columns:
        roster.columns.append(FROM_AROUND)
        roster.fields.append("kecamatan")
    around = roster.columns.index(FROM_AROUND)
    above = ""
    for line, cells, district in _lines(table, header):
        spread = [""] * len(roster.columns)
        for place, cell in zip(places, cells, strict=False):
            spread[place] = cell
        spread[around] = above = next(
            filter(None, map(district_of, _of(spread, roster, "kecamatan"))), district or above
        )
        roster.rows.append(Row(table.name, line, spread))


def _of(cells: Sequence[str], roster: Roster, name: str) -> Iterator[str]:
    """Yield the texts of a row in the columns of this field."""
    return (cell for cell, each in zip(cells, roster.fields, strict=True) if each == name)


def _lines(table: ListTable, header: Header) -> Iterator[tuple[int, list[str], str]]:
    """(line, cells, kecamatan that a title or the sheet's name says) of everybody on a sheet."""
    district, signing = district_of(table.name), False
    for row in table.rows[: header.below]:
        district = _titled(row) or district
    number = header.fields.index(NUMBERING) if NUMBERING in header.fields else -1
    for at, cells in enumerate(table.rows[header.below :], start=header.below):
        said = [cell for cell in cells if cell]
        if not said or _is_numbering(said):
            continue
        if sum(1 for cell, name in zip(cells, header.fields, strict=False) if name and field_of(cell) == name) > 1:
            signing = False  # The heading again, as on every printed page.
            continue
        if len(said) <= 2 and _KEC.match(said[0]) and (section := _titled(cells)):
            district, signing = section, False
            continue
        counted = number >= 0 and number < len(cells) and cells[number][:1].isdigit()
        if not counted and len(said) <= 3 and any(map(_SUMS.match, said)):
            continue
        signing = signing or (not counted and len(said) <= 2 and any(map(_SIGNED.search, said)))
        if not signing and any(cell for column, cell in enumerate(cells) if column != number):
            yield at + 1, cells, district


def _titled(cells: Sequence[str]) -> str:
    """The kecamatan that a line above a list names, or ""."""
    words = " ".join(cell for cell in cells if cell)
    found = _KEC.search(words) if len(words) <= 100 else None
    return district_of(found[1]) if found else ""


def _is_numbering(said: Sequence[str]) -> bool:
    """The line 1, 2, 3 … that offices put below a heading."""
    numbers = [cell.strip("(). ") for cell in said]
    return len(said) > 2 and numbers == [str(number) for number in range(int(numbers[0] == "1"), len(said) + 1)]


def _drop_unneeded(roster: Roster) -> None:
    """Leave out what nobody needs, by its heading or by what stands in it; a NIK anywhere else is cut out."""
    drop = set()
    for column, (label, name) in enumerate(zip(roster.columns, roster.fields, strict=True)):
        cells = [row.cells[column] for row in roster.rows if column < len(row.cells) and row.cells[column]]
        cut = [without_nik(cell) for cell in cells]
        if name == LEFT_OUT or cut.count("") > MOSTLY * len(cells):
            roster.left_out.append(_sayable(label))
            drop.add(column)
        elif not cells or name == NUMBERING or _adds_nothing(roster, column):
            drop.add(column)
        else:
            roster.hidden_numbers += sum(map(str.__ne__, cells, cut))
    kept = [column for column in range(len(roster.columns)) if column not in drop]
    for each in roster.rows:
        cells = each.cells + [""] * (len(roster.columns) - len(each.cells))
        each.cells[:] = [without_nik(cells[column]) for column in kept]
    roster.columns = [_sayable(roster.columns[column]) for column in kept]
    roster.fields = [roster.fields[column].replace(ADDRESS, "desa") for column in kept]


def _adds_nothing(roster: Roster, column: int) -> bool:
    """An address beside a village, or a kecamatan from around where every row says its own."""
    if roster.fields[column] == ADDRESS:
        return "desa" in roster.fields
    own = [at for at, name in enumerate(roster.fields) if name == "kecamatan" and roster.columns[at] != FROM_AROUND]
    rows = roster.rows if roster.columns[column] == FROM_AROUND else []
    return bool(rows) and all(any(row.cells[at] for at in own if at < len(row.cells)) for row in rows)


def without_nik(cell: str) -> str:
    """The cell without what looks like the number of a card, and without the words before it that say so."""
    if sum(map(str.isdigit, cell)) < 3:
        return cell
    found = [*niks(cell), *_CARD_NUMBER.findall(cell)]
    for number in found:
        cell = cell.replace(number, "\0")
    return " ".join(_ANNOUNCED.sub(" ", cell).split()) if found else cell


def _sayable(heading: str) -> str:
    return masked(without_nik(heading))

"""The bounds of a list: its heading below titles and logos, its rows, and the signatures below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lms.course.privacy import masked, niks
from lms.paper.packed import FARTHEST_COLUMN, Refused
from lms.roster.fields import ADDRESS, FIELDS, LEFT_OUT, NUMBERING, field_of
from lms.roster.places import district_of, find_villages
from lms.roster.spelling import FROM_ABOVE, is_ditto
from lms.roster.tables import HIDDEN, ListTable

DEEPEST_HEADER = 60
AROUND = {
    "kecamatan": "Kecamatan (dari judul, nama lembar, atau baris di atasnya)",
    "desa": "Desa (dari judul atau baris di atasnya)",
}
"""Field -> the column for what a row leaves to the lines above it."""
ABOVE, HEADING, SECTION, NUMBERS = "kop", "judul kolom", "judul bagian", "nomor tanpa isi"
SUM, NOTE, SIGNED = "jumlah", "catatan", "tanda tangan"
"""Lines of a list that are nobody."""
EMPTY = "Berkas ini kosong. Pilih berkas yang berisi daftar nama."
NOBODY = "Tidak ada baris orang di berkas ini. Periksa apakah daftarnya ada di lembar yang terlihat."
CUT_OUT = "angka seperti NIK dibuang"
MOSTLY = 0.5
_CARD_NUMBER = re.compile(r"\d[,.]?\d*E\+1[4-9]|(?<!\d)[1-9]\d{14,}", re.IGNORECASE)
"""Also with a digit too few or too many, and as a spreadsheet shortens it: no phone is as long."""
_ANNOUNCED = re.compile(r"\W*(?:\b(?:no|nomor|e|nik|ktp|kk|nip)\b\W*)*\0\W*", re.IGNORECASE)
_KEC = re.compile(r"\bkec(?:amatan)?\b\.?\s*:?\s*([^():,]+?)(?=\s+kab|[():,]|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(jl|jln|jalan|telp|telepon|fax|email|kode pos|alamat)\b", re.IGNORECASE)
_DESA = re.compile(r"\b(?:desa|ds|kelurahan|kel)\b\W*([^\W\d][^():]+)", re.IGNORECASE)
_SECTION = re.compile(
    r"^(?:[a-z0-9]{1,4}[.)]\s*)?(?:kec(?:amatan)?|desa|ds|kel(?:urahan)?|(?:nama )?peserta|panitia|narasumber|kelompok|"
    r"unsur|wilayah|angkatan|gelombang|daftar|lanjutan)\b",
    re.IGNORECASE,
)
_SUMS = re.compile(r"(jumlah|total|sub ?total|rekap|laki-?laki|perempuan)\b.*|\d{1,5}( orang)?", re.IGNORECASE)
_NOTES = re.compile(r"^(catatan|keterangan|ket|nb|perhatian)\b\W*[:.]|^(catatan|keterangan|nb)$|^\*", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(mengetahui|menyetujui|tertanda|ttd|nip\b|a\.? ?n\b|an\.|plt\b|wonogiri,|kepala|camat|lurah|ketua|sekretaris)|"
    r",\s*\d{1,2}\s+[a-z]+\s+20\d\d|,\s*[.…_]{3,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: on which sheet and line it stands, and its cells under the columns of the roster.

    Of a line that is nobody only its text is kept, with the kind it is; `notes` tell what cannot be seen in the cells.
    """

    sheet: str
    line: int
    cells: list[str]
    nobody: str = ""
    notes: list[str] = field(default_factory=list)


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
    """Headings of a list, the fields they name, the row where they begin and the one below them."""

    labels: list[str]
    fields: list[str]
    start: int
    below: int

    @property
    def worth(self) -> tuple[int, int]:
        """How many different things it names; of two that name as many, one row is worth more than two."""
        return len({name for name in self.fields if name}), self.start - self.below

    def cell(self, cells: Sequence[str], name: str) -> str:
        """The text under the first heading of a field; "" where there is none."""
        at = self.fields.index(name) if name in self.fields else len(cells)
        return cells[at] if at < len(cells) else ""


def read_tables(tables: Sequence[ListTable]) -> Roster:
    """All sheets that list people as one roster. Raises Refused where there are none."""
    hidden = [f"{_sayable(table.name)} ({HIDDEN})" for table in tables if table.hidden]
    tables = [replace(table, name=_sayable(table.name)) for table in tables if any(map(any, table.rows))]
    if not tables:
        raise Refused(EMPTY)
    found = [(table, header) for table in tables if (header := find_header(table.rows))]
    roster = Roster(passed_over=[table.name for table in tables if table not in [each for each, _ in found]] + hidden)
    if not found:
        largest = max(tables, key=lambda table: len(table.rows))
        found, roster.passed_over = [(largest, _bare(largest.rows))], hidden
    for each in found:
        for table, header in _side_by_side(*each):
            _take(roster, table, header)
    if all(row.nobody for row in roster.rows):
        raise Refused(NOBODY)
    _drop_unneeded(roster)
    return roster


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The first headings that name about as much as any; None where nothing names a person."""
    found = [best for start in range(min(len(rows), DEEPEST_HEADER)) if (best := _header_at(rows, start))]
    best = max(found, key=lambda header: header.worth, default=None)
    before = (
        each for each in found if best and each.below <= best.start and each.worth[0] >= max(3, best.worth[0] - 1)
    )
    return next(before, best)


def _header_at(rows: Sequence[Sequence[str]], start: int) -> Header | None:
    """The headings that begin in this row, and end in it or in the next; None where they name no person."""
    top, bottom = rows[start], rows[start + 1] if start + 1 < len(rows) else []
    one = Header(list(top), [field_of(label) for label in top], start, start + 1)
    somebody = one.cell(bottom, "nama")
    digits = max((sum(map(str.isdigit, cell)) for cell in bottom), default=0)
    labels, fields, over = [], [], ""
    for column in range(max(len(top), len(bottom))):
        upper, lower = (row[column] if column < len(row) else "" for row in (top, bottom))
        over = upper or (over if lower else "")
        labels.append(" / ".join(dict.fromkeys(filter(None, (over, lower)))))
        fields.append(field_of(lower) or field_of(labels[-1]))
    two = Header(labels, fields, start, start + 2)
    parted = any(map(field_of, bottom)) and digits <= 3 and (not somebody or field_of(somebody) == "nama")
    found = max(one, two, key=lambda header: header.worth) if parted else one
    return found if "nama" in found.fields else None


def _bare(rows: Sequence[Sequence[str]]) -> Header:
    """A list without headings: columns by their letters, to be named by who brought it."""
    width = min(max(map(len, rows)), 26)
    return Header([f"Kolom {chr(65 + column)}" for column in range(width)], [""] * width, 0, 0)


def _side_by_side(table: ListTable, header: Header) -> Iterator[tuple[ListTable, Header]]:
    """Yield the lists that stand beside one another under the same headings: mostly only one."""
    lead = header.labels[: header.fields.index("nama") + 1] if "nama" in header.fields else []
    again = [at for at in range(1, len(header.labels)) if lead and header.labels[at : at + len(lead)] == lead]
    for left, right in pairwise([0, *again, FARTHEST_COLUMN]):
        part = replace(header, labels=header.labels[left:right], fields=header.fields[left:right])
        yield replace(table, rows=[row[left:right] for row in table.rows]), part


def _take(roster: Roster, table: ListTable, header: Header) -> None:
    """Append the lines of a sheet, each cell under the column of the same heading."""
    labels: list[str] | None = None
    places, above = list[int](), list[str]()
    for line, cells, nobody, around, under in _lines(table, header):
        notes = table.notes.get(line - 1, [])
        if nobody:
            roster.rows.append(Row(table.name, line, [without_nik(" ".join(filter(None, cells)))], nobody, notes))
            above = [] if nobody == SECTION else above
            continue
        if under.labels != labels:
            labels, places = under.labels, _places(roster, under)
        spread = [""] * len(roster.columns)
        for place, cell in zip(places, cells, strict=False):
            spread[place] = cell
        _fill_down(roster, spread, above + [""] * (len(spread) - len(above)), around)
        above = [cell.removeprefix(FROM_ABOVE) for cell in spread]
        roster.rows.append(Row(table.name, line, spread, notes=notes))


def _places(roster: Roster, header: Header) -> list[int]:
    """Return the columns of the roster under which these headings stand; new ones come behind the others."""
    named: dict[str, str] = {}
    for column, (label, name) in enumerate(zip(header.labels, header.fields, strict=True)):
        label = label or f"Kolom {column + 1}"
        label = f"{label} ({column + 1})" if label in named else label
        named[label] = "" if name in named.values() and name != LEFT_OUT else name
    for label, name in (named | {label: name for name, label in AROUND.items()}).items():
        if label not in roster.columns:
            roster.columns.append(label)
            roster.fields.append(name)
    return [roster.columns.index(label) for label in named]


def _fill_down(roster: Roster, cells: list[str], above: Sequence[str], around: dict[str, str]) -> None:
    """Say the village and kecamatan that a row leaves to the lines above it; what the row above says is marked."""
    for column, name in enumerate(roster.fields):
        if above[column] and name not in ("nama", "gelar") and is_ditto(cells[column]):
            cells[column] = FROM_ABOVE + above[column]
    for name, label in AROUND.items():
        before = _said(above, roster, name)
        moved = name == "desa" and _said(cells, roster, "kecamatan") != _said(above, roster, "kecamatan")
        if not _said(cells, roster, name):
            cells[roster.columns.index(label)] = around[name] or (FROM_ABOVE + before if before and not moved else "")


def _said(cells: Sequence[str], roster: Roster, name: str) -> str:
    """What a row says first in the columns of this field."""
    found = (cell.removeprefix(FROM_ABOVE) for cell, each in zip(cells, roster.fields, strict=False) if each == name)
    return next(filter(None, found), "")


def _lines(table: ListTable, header: Header) -> Iterator[tuple[int, Sequence[str], str, dict[str, str], Header]]:
    """Yield (line, cells, why it is nobody, the place that titles tell of, headings) of each line with anything in it.

    Below a note or a signature nobody is expected, until the numbers go on or a line has as much to say as a person.
    """
    around = {"desa": "", "kecamatan": district_of(table.name)}
    first, ending, last = header.start, "", 0
    for at, cells in enumerate(table.rows):
        if not any(cells):
            continue
        if at >= header.below and "nama" in header.fields:
            header = _heading_again(table.rows, at, header)
        kind = ABOVE if at < first else HEADING if at < header.below else _kind(cells, header)
        if kind in (ABOVE, SECTION):
            around = _titled(cells, around)
        found = re.match(r"[0-9]{1,6}", header.cell(cells, NUMBERING))
        count = int(found[0]) if found else 0
        goes_on = not kind and (count == last + 1 or sum(bool(header.cell(cells, name)) for name in FIELDS) > 2)
        if kind in (NOTE, SIGNED):
            ending = kind
        elif kind in (HEADING, SECTION) or goes_on:
            ending = ""
        last = last if kind or ending else count
        yield at + 1, cells, kind or ending, around, header


def _heading_again(rows: Sequence[Sequence[str]], at: int, header: Header) -> Header:
    """The headings where they are printed again, or others below which another list begins; else those of before."""
    again, printed = (
        {column: re.sub(r"\W", "", cell).casefold() for column, cell in enumerate(row) if cell}
        for row in (rows[at], rows[header.start])
    )
    if again == printed:
        return replace(header, start=at, below=at + header.below - header.start)
    names = field_of(header.cell(rows[at], "nama")) == "nama"
    return (_header_at(rows, at) if names else None) or header


def _kind(cells: Sequence[str], header: Header) -> str:
    """Why a line below the headings is nobody, as far as it tells by itself; "" for a person."""
    said = [cell for cell in cells if cell]
    number, name = header.cell(cells, NUMBERING), header.cell(cells, "nama")
    if _is_numbering(said) or (said == [number] and number[:1].isdigit()):
        return NUMBERS
    if number[:1].isdigit() or len(said) > 3:
        return ""
    in_place = "nama" not in header.fields or said[0] in (header.cell(cells, "desa"), header.cell(cells, "kecamatan"))
    titled = len(said) == 1 or (len(said) == 2 and not in_place and any(_titled(said, {}).values()))
    if titled and _SECTION.match(said[0]):
        return SECTION
    if all(map(_SUMS.fullmatch, said)):
        return SUM
    for kind, pattern in ((NOTE, _NOTES), (SIGNED, _SIGNED)):
        if len(said) < 3 and any(map(pattern.search, [name] if name else said)):
            return kind
    return SECTION if said == [number] else ""


def _titled(cells: Sequence[str], before: dict[str, str]) -> dict[str, str]:
    """The village and kecamatan of a title, and of the titles before it where it names none; an address names none."""
    words = " ".join(filter(None, cells))[:100]
    if _ADDRESS.search(words):
        return before
    kec, desa = _KEC.search(words), _DESA.search(words)
    district = district_of(kec[1]) if kec else ""
    if kec and (district or not kec.start()):
        before = {"desa": "", "kecamatan": district}
    codes, sure = find_villages(desa[1], before.get("kecamatan", "")) if desa else ((), False)
    return before | {"desa": desa[1]} if desa and (sure or (codes and not desa.start())) else before


def _is_numbering(said: Sequence[str]) -> bool:
    """The line 1, 2, 3 … that offices put below a heading."""
    numbers = [cell.strip("(). ") for cell in said]
    return len(said) > 2 and numbers == [str(number) for number in range(int(numbers[0] == "1"), len(said) + 1)]


def _drop_unneeded(roster: Roster) -> None:
    """Leave out what nobody needs, by its heading or by what stands in it; a NIK anywhere else is cut out."""
    drop = set()
    people = [row for row in roster.rows if not row.nobody]
    placed = any(_said(row.cells, roster, "desa") for row in people)
    for column, (label, name) in enumerate(zip(roster.columns, roster.fields, strict=True)):
        cells = [row.cells[column] for row in people if column < len(row.cells) and row.cells[column]]
        if name == LEFT_OUT or [without_nik(cell) for cell in cells].count("") > MOSTLY * len(cells):
            roster.left_out.append(_sayable(label))
            drop.add(column)
        elif not cells or name == NUMBERING or (name == ADDRESS and placed):
            drop.add(column)
    kept = [column for column in range(len(roster.columns)) if column not in drop]
    for each in people:
        cells = each.cells + [""] * (len(roster.columns) - len(each.cells))
        whole = [cells[column] for column in kept]
        each.cells[:] = map(without_nik, whole)
        if cut := sum(map(str.__ne__, whole, each.cells)):
            roster.hidden_numbers += cut
            each.notes.append(CUT_OUT)
    roster.columns = [_sayable(roster.columns[column]) for column in kept]
    roster.fields = [roster.fields[column].replace(ADDRESS, "desa") for column in kept]


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

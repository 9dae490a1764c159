"""A list of people as an office has it: from the bytes of a file to rows under headings; in a child process only.

What a file is, is seen from its first bytes, since offices rename them. Columns of numbers that nobody needs (NIK,
KK, accounts) are left out here, so that they never reach the server itself.
"""

import csv
import io
import posixpath
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from string import ascii_uppercase
from typing import Any

from lxml import etree, html
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from lms.paper.packed import FARTHEST_COLUMN, FARTHEST_ROW, Refused, Words, decoded, look, told
from lms.roster.header import read_tables
from lms.roster.tables import HIDDEN, TOO_FAR, ListTable, clean, number, opendocument, repeats

ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SAVE_AS = "Buka di Excel atau LibreOffice, pilih “Simpan sebagai”, “Excel Workbook (.xlsx)”, lalu unggah lagi."
WORDS = Words(
    too_large="Berkas ini terlalu besar. Salin daftarnya saja ke berkas baru, lalu unggah lagi.",
    broken=f"Berkas ini tidak utuh atau bukan daftar. {SAVE_AS}",
    too_far=TOO_FAR,
)
TOO_MANY = "Lembar-lembar berkas ini bersama-sama lebih dari 20.000 baris. Bagi menjadi beberapa berkas."
RELATIONS = "xl/_rels/workbook.xml.rels"
LOCKED = f"Berkas ini dikunci dengan sandi, atau bukan daftar Excel. {SAVE_AS}"
NOT_A_LIST = "Berkas ini bukan daftar. Yang dapat dibaca: .xlsx, .xlsm, .xls, .ods, .csv, dan .tsv."


def read_roster(data: bytes) -> bytes:
    """JSON of `header.Roster`, or `{"fault": why}`: a broken file is told, never raised."""
    return told(lambda: asdict(read_tables(tables_of(data))), WORDS.broken)


def tables_of(data: bytes) -> list[ListTable]:
    """The visible sheets of a file of any kind. Raises Refused, and whatever a library trips over."""
    if data.startswith(COMPOUND):
        found: Iterable[ListTable] = _workbook(data)
    elif data.startswith(ZIPPED):
        look(data, WORDS)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = set(book.namelist())
        if "xl/workbook.xml" not in names and "content.xml" not in names:
            raise Refused(NOT_A_LIST)
        found = opendocument(data) if "content.xml" in names else _workbook(data)
    elif not data.strip():
        raise Refused(NOT_A_LIST)
    else:
        text = decoded(data, NOT_A_LIST)
        found = _marked(text) if re.match(r"\s*<", text) else [_separated(text)]
    return _counted(found)


def _counted(tables: Iterable[ListTable]) -> list[ListTable]:
    found = []
    left = FARTHEST_ROW
    for table in tables:
        left -= len(table.rows)
        if left < 0:
            raise Refused(TOO_MANY)
        found.append(table.spread())
    return found


def _workbook(data: bytes) -> Iterator[ListTable]:
    """The sheets of an .xlsx, or of an .xls as Excel wrote it until 2003."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise Refused(LOCKED if data.startswith(COMPOUND) else WORDS.broken) from error
    notes = {} if data.startswith(COMPOUND) else _notes(data)
    for known in book.sheets_metadata:
        if known.typ != SheetTypeEnum.WorkSheet:
            continue
        table = ListTable(clean(known.name), notes=notes.get(known.name, {}))
        table.hidden = known.visible != SheetVisibleEnum.Visible
        if not table.hidden:
            sheet = book.get_sheet_by_name(known.name)
            for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
                table.put(row, [_text(value) for value in values])
            merged = sheet.merged_cell_ranges or ()
            table.spans = [(top, left, below - top + 1) for (top, left), (below, _) in merged if below > top]
        yield table


def _notes(data: bytes) -> dict[str, dict[int, list[str]]]:
    """Name of a sheet -> row -> that it is hidden, or where its formulas are broken: the library tells of neither."""
    found: dict[str, dict[int, list[str]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {each.get("Id"): each.get("Target", "") for each in etree.fromstring(book.read(RELATIONS))}
        for sheet in etree.fromstring(book.read("xl/workbook.xml")).iter("{*}sheet"):
            told = found[sheet.get("name", "")] = defaultdict[int, list[str]](list)
            target = next(parts[value] for name, value in sheet.items() if name.endswith("}id"))
            part = book.read(posixpath.join("/xl", target)[1:])
            for _, element in etree.iterparse(io.BytesIO(part), tag=("{*}row", "{*}c")):
                place = element.get("r") or "0"
                row = int(place.lstrip(ascii_uppercase)) - 1
                if element.get("hidden") in ("1", "true"):
                    told[row].append(HIDDEN)
                if element.get("t") == "e":
                    told[row].append(f"rumus rusak di {place} ({''.join(element.itertext())[:10]})")
                element.clear()
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    return clean(str(value))


def _separated(text: str) -> ListTable:
    """Text parted by whichever of ; , and tab parts most of its first lines alike."""
    first = text.splitlines()[:50]
    if first and first[0].lower().startswith("sep="):
        text = text.partition("\n")[2]
    alike = {sign: Counter(line.count(sign) for line in first if sign in line) for sign in ";\t,|"}
    sign = max(alike, key=lambda each: max(alike[each].values(), default=0))
    table, lines = ListTable(""), list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    if any(cell.startswith(sign) and "\n" in cell for cells in lines for cell in cells):  # A ditto mark, no quotes.
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, quoting=csv.QUOTE_NONE))
    for row, cells in enumerate(lines):
        table.put(row, [clean(cell) for cell in cells])
    return table


def _marked(text: str) -> list[ListTable]:
    """The tables of HTML, or of the XML that Excel 2003 wrote, whose elements are named otherwise."""
    page = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    etree.strip_elements(page, "style", "script", "title", with_tail=False)
    for line_break in page.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    found = []
    for element in reversed(list(page.iter("table"))):
        named = element.getparent() if element.getparent().tag == "worksheet" else element
        table, row, covered = ListTable(clean(named.get("ss:name", ""))), 0, dict[int, int]()
        for line in list(element.iter("tr", "row")) or [element]:
            row = max(row, repeats(line.attrib, "ss:index") - 1)
            cells = _marked_cells(table, row, line, covered)
            table.put(row, cells)
            row += bool(cells)
        found.append(table)
        element.drop_tree()  # What stands in it is no text of the cell that it stands in.
    return found[::-1]


def _marked_cells(table: ListTable, row: int, line: Any, covered: dict[int, int]) -> list[str]:
    """Return the texts of a row; `covered` says of each column down to which row a cell above reaches into it."""
    cells: list[str] = []
    for cell in line.iterchildren("td", "th", "cell"):
        if "ss:index" in cell.attrib:
            cells += [""] * min(repeats(cell.attrib, "ss:index") - 1 - len(cells), FARTHEST_COLUMN)
        while "ss:index" not in cell.attrib and covered.get(len(cells), 0) > row:
            cells.append("")
        merged = repeats(cell.attrib, "ss:mergedown") + ("ss:mergedown" in cell.attrib)
        height = max(repeats(cell.attrib, "rowspan"), merged)
        if height > 1:
            table.spans.append((row, len(cells), height))
            covered[len(cells)] = row + height
        if len(cells) <= FARTHEST_COLUMN:
            wide = min(repeats(cell.attrib, "colspan"), FARTHEST_COLUMN)
            cells += [clean(cell.text_content()), *[""] * (wide - 1)]
    return cells

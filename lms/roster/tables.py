"""Sheets as rows of texts, whatever file they came in; and those of OpenDocument."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, iterparse

from lms.paper.packed import FARTHEST_COLUMN, FARTHEST_ROW, Refused

LONGEST_CELL = 200
HIDDEN = "tersembunyi"
TOO_FAR = (
    "Ada isi di bawah baris ke-20.000 atau di kanan kolom ke-100. Bila daftarnya memang sebesar itu, bagi menjadi "
    "beberapa berkas, misalnya per kecamatan; bila tidak, salin daftarnya saja ke berkas baru, lalu unggah lagi."
)
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


@dataclass(slots=True)
class ListTable:
    """A sheet: its name, its rows from the first on, and which cells reach down over how many rows (row, column).

    `notes` tell of a row what is not in its cells. A hidden sheet is not read: it has no rows.
    """

    name: str
    rows: list[list[str]] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    notes: dict[int, list[str]] = field(default_factory=dict)
    hidden: bool = False

    def put(self, row: int, cells: list[str]) -> None:
        """Set a row at its place; rows between are empty. Raises Refused for one too far out."""
        while cells and not cells[-1]:
            cells.pop()
        if row >= FARTHEST_ROW or len(cells) > FARTHEST_COLUMN:
            raise Refused(TOO_FAR)
        if cells:
            self.rows.extend([] for _ in range(row - len(self.rows)))
            self.rows.append(cells)

    def spread(self) -> "ListTable":
        """Return the table with every cell that reaches over several rows said in each of them."""
        for row, column, height in self.spans:
            value = self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""
            for below in self.rows[row + 1 : row + height] if value else ():
                below.extend([""] * (column + 1 - len(below)))
                below[column] = below[column] or value
        return self


def clean(text: str) -> str:
    """The text of a cell on one line."""
    return " ".join(_UNSEEN.sub("", text).split())[:LONGEST_CELL]


def number(value: float) -> str:
    """A number as somebody would write it: a phone or a NIK keeps its digits."""
    return f"{value:.0f}" if value == int(value) else f"{value:.10g}".replace(".", ",")


def opendocument(data: bytes) -> Iterator[ListTable]:
    """The sheets of an .ods that was looked at before."""
    with zipfile.ZipFile(io.BytesIO(data)) as book, book.open("content.xml") as source:
        table, row = ListTable(""), 0
        for event, element in iterparse(source, ("start", "end")):  # noqa: S314 No entity without DOCTYPE, in a child.
            if event == "start" and element.tag == f"{_TABLE}table":
                table, row = ListTable(clean(element.get(f"{_TABLE}name", ""))), 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                row = _put_row(table, row, element)
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table":
                yield table
                element.clear()


def _put_row(table: ListTable, row: int, element: Element) -> int:
    """Return the place of the next row; an empty row that is repeated a million times costs nothing."""
    cells: list[str] = []
    for cell in element:
        if not cell.tag.endswith("table-cell"):
            continue
        if (height := repeats(cell.attrib, f"{_TABLE}number-rows-spanned")) > 1:
            table.spans.append((row, len(cells), height))
        repeated = min(repeats(cell.attrib, f"{_TABLE}number-columns-repeated"), FARTHEST_COLUMN)
        cells += [_said(cell)] * repeated
    repeated = repeats(element.attrib, f"{_TABLE}number-rows-repeated")
    for each in range(repeated if any(cells) else 0):
        table.put(row + each, list(cells))
        if element.get(f"{_TABLE}visibility", "visible") != "visible":
            table.notes[row + each] = [HIDDEN]
    return row + repeated


def repeats(attributes: Mapping[str, str], name: str) -> int:
    """The number that an attribute says, 1 where it says none."""
    text = attributes.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _said(cell: Element) -> str:
    value = cell.get(f"{_OFFICE}value", "")
    if cell.get(f"{_OFFICE}value-type") == "float" and value:
        return number(float(value))
    return clean(" ".join("".join(line.itertext()) for line in cell.findall(f"{_TEXT}p")))

"""The rows of a spreadsheet that anybody may have made: looked at before it is read, and read in a child process only.

A sheet of a few KB may say that it has a cell at XFD1048576, unpack to gigabytes or name itself in entities; what is
refused here never reaches the library, and what still does is bounded by the limits of the child.
"""

import io
import json
import re
import zipfile
import zlib
from datetime import date, datetime

from openpyxl import load_workbook

SHEET = "soal"
MOST_PARTS = 200
MOST_BYTES = 30 * 2**20
MOST_ROWS = 2_000
MOST_COLUMNS = 40
LONGEST_CELL = 3_000
STEP = 2**16
OVERLAP = 64
DOCTYPE = b"<!DOCTYPE"
FAR_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
FARTHEST_ROW, FARTHEST_COLUMN = 20_000, 100
ANOTHER_FORMAT = "Berkas ini bukan .xlsx yang utuh. Simpan sebagai “Excel Workbook (.xlsx)”, lalu unggah lagi."


class _Refused(Exception):
    """The sheet is not read; the text says why and what to do, in Indonesian."""


def rows_of(data: bytes) -> bytes:
    """JSON: `{"rows": [[text, …], …]}` of the sheet “Soal”, else of the first one, or `{"fault": why}`."""
    try:
        _look(data)
        answer: dict[str, object] = {"rows": _rows(data)}
    except _Refused as refused:
        answer = {"fault": str(refused)}
    except MemoryError:
        raise
    # A broken file makes the library raise whatever it happens to trip over.
    except Exception:
        answer = {"fault": ANOTHER_FORMAT}
    return json.dumps(answer).encode()


def _look(data: bytes) -> None:
    """Everything is unpacked once, a piece at a time, and nothing of it kept."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise _Refused("Berkas ini terlalu besar. Salin soal-soalnya saja ke templat dari halaman ini.")
            left = MOST_BYTES
            for part in parts:
                left = _look_at(book, part, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise _Refused(ANOTHER_FORMAT) from error


def _look_at(book: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Look through one part; how many bytes may still come."""
    tail = b""
    with book.open(part) as source:
        while piece := source.read(STEP):
            left -= len(piece)
            if left < 0:
                raise _Refused("Berkas ini terlalu besar. Salin soal-soalnya saja ke templat dari halaman ini.")
            text = tail + piece
            if DOCTYPE in text.upper():
                raise _Refused(ANOTHER_FORMAT)
            if part.filename.lower().endswith(".xml") and any(map(_is_far, FAR_CELL.finditer(text))):
                raise _Refused("Ada isi sangat jauh di kanan atau di bawah. Salin soalnya ke templat yang baru.")
            tail = text[-OVERLAP:]
    return left


def _is_far(cell: re.Match[bytes]) -> bool:
    column = 0
    for letter in cell[1]:
        column = 26 * column + letter - 64
    return int(cell[2]) > FARTHEST_ROW or column > FARTHEST_COLUMN


def _rows(data: bytes) -> list[list[str]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    if not sheets:
        raise _Refused("Berkas ini tidak punya lembar. Pakai templat dari halaman ini.")
    sheet = next((sheet for sheet in sheets if str(sheet.title).strip().casefold() == SHEET), sheets[0])
    rows: list[list[str]] = []
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True):
        if len(rows) == MOST_ROWS:
            raise _Refused("Lembar ini lebih dari 2.000 baris. Bagi menjadi beberapa berkas.")
        rows.append([_text(value) for value in row])
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    """A cell as its author sees it: 60 and not 60.0, a comma for decimals, WAHR as "benar"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "benar" if value else "salah"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    return str(value)[:LONGEST_CELL]

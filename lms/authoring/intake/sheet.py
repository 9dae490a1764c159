"""The rows of a spreadsheet of questions that anybody may have made: read in a child process only."""

import io
from datetime import date, datetime

from python_calamine import CalamineWorkbook, SheetTypeEnum

from lms.paper.packed import Refused, Words, look, told

SHEET = "soal"
MOST_ROWS = 2_000
MOST_COLUMNS = 40
LONGEST_CELL = 3_000
WORDS = Words(
    too_large="Berkas ini terlalu besar. Salin soal-soalnya saja ke templat dari halaman ini.",
    broken="Berkas ini bukan .xlsx yang utuh. Simpan sebagai “Excel Workbook (.xlsx)”, lalu unggah lagi.",
    too_far="Ada isi sangat jauh di kanan atau di bawah. Salin soalnya ke templat yang baru.",
)


def rows_of(data: bytes) -> bytes:
    """JSON: `{"rows": [[text, …], …]}` of the sheet “Soal”, else of the first one, or `{"fault": why}`."""
    return told(lambda: {"rows": _rows(data)}, WORDS.broken)


def _rows(data: bytes) -> list[list[str]]:
    look(data, WORDS)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if not names:
        raise Refused("Berkas ini tidak punya lembar. Pakai templat dari halaman ini.")
    sheet = book.get_sheet_by_name(next((name for name in names if name.strip().casefold() == SHEET), names[0]))
    rows: list[list[str]] = []
    for row in sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1):
        if len(rows) == MOST_ROWS:
            raise Refused("Lembar ini lebih dari 2.000 baris. Bagi menjadi beberapa berkas.")
        rows.append([_text(value) for value in row[:MOST_COLUMNS]])
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    """A cell as its author sees it: 60 and not 60.0, a comma for decimals, WAHR as "benar"."""
    if isinstance(value, bool):
        return "benar" if value else "salah"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    return str(value)[:LONGEST_CELL]

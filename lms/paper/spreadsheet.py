"""Rows as a spreadsheet that opens right in an office program; long ones are written in a child process."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

TITLE_ROWS = 2
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(payload: bytes) -> bytes:
    """The file of sheets told as JSON: `title`, `made` (a moment), and `sheets`, each with `name`, `title`, `heading`
    (words and width of each column), `rows` and perhaps `dated` (the numbers of columns that hold moments or days).

    A moment is ISO 8601 without zone, a day has no hour; what is empty or null stays an empty cell.
    """
    told = json.loads(payload)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"title": told["title"], "created": datetime.fromisoformat(told["made"])})
    day, moment = (book.add_format({"num_format": f"dd/mm/yyyy{hour}"}) for hour in ("", " hh:mm"))
    for each in told["sheets"]:
        _fill(_sheet(book, each), each, day, moment)
    book.close()
    return target.getvalue()


def _sheet(book: Any, told: Mapping[str, Any]) -> Any:
    """A sheet with its title, its header row, which stays in sight and can be filtered, and the widths of columns."""
    sheet = book.add_worksheet(told["name"])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4F0EA", "bottom": 1})
    sheet.write_string(0, 0, plain(told["title"]), book.add_format({"bold": True, "font_size": 13}))
    for column, (words, width) in enumerate(told["heading"]):
        sheet.set_column(column, column, width)
        sheet.write_string(TITLE_ROWS, column, plain(words), head)
    sheet.set_row(TITLE_ROWS, 48)
    sheet.freeze_panes(TITLE_ROWS + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROWS)
    return sheet


def _fill(sheet: Any, told: Mapping[str, Any], day: Any, moment: Any) -> None:
    dated = set(told.get("dated", ()))
    rows: Sequence[Sequence[str | float | None]] = told["rows"]
    for row, values in enumerate(rows, start=TITLE_ROWS + 1):
        for column, value in enumerate(values):
            if isinstance(value, int | float):
                sheet.write_number(row, column, value)
            elif value and column in dated:
                sheet.write_datetime(row, column, datetime.fromisoformat(value), moment if "T" in value else day)
            elif value:
                sheet.write_string(row, column, plain(value))


def plain(text: str) -> str:
    """Text that no program takes for a formula, wherever the sheet is copied to."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

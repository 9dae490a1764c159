"""Everybody of a cohort as a spreadsheet that opens right in an office program."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from lms.content.load import EditionView
from lms.core.completion import Completion
from lms.core.dates import WIB, waktu
from lms.database import not_while_writing
from lms.desk.queries import Line
from lms.web.access import CohortFacts

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATED = (5, 6)
"""The columns of the first sheet that hold moments."""
LACKS = {"pelajaran": "pelajaran", "kuis": "kuis", "tes_akhir": "tes akhir", "kehadiran": "kehadiran"}
TITLE_ROWS = 2


def workbook(held: CohortFacts, edition: EditionView, lines: Iterable[Line], now: datetime) -> bytes:
    """Two sheets: everybody with their progress, and their best score in each quiz."""
    not_while_writing("spreadsheet")
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": held.name, "created": now.replace(tzinfo=None)})
    title = f"{held.name} ({edition.course.title}), {waktu(now)}"
    people = _sheet(book, "Peserta", title, _heading(edition))
    scores = _sheet(book, "Nilai kuis", title, [*QUIZ_HEADING, *_quiz_titles(edition)])
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for row, line in enumerate(lines, start=TITLE_ROWS + 1):
        for column, value in enumerate(_person(row - TITLE_ROWS, line)):
            _write(people, row, column, value, day)
        for column, value in enumerate(_bests(row - TITLE_ROWS, line, edition)):
            _write(scores, row, column, value)
    book.close()
    return target.getvalue()


def _sheet(book: Any, name: str, title: str, heading: Sequence[tuple[str, int]]) -> Any:
    """A sheet with its title, its header row, which stays in sight and can be filtered, and the widths of columns."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4F0EA", "bottom": 1})
    sheet.write_string(0, 0, plain(title), book.add_format({"bold": True, "font_size": 13}))
    for column, (words, width) in enumerate(heading):
        sheet.set_column(column, column, width)
        sheet.write_string(TITLE_ROWS, column, plain(words), head)
    sheet.set_row(TITLE_ROWS, 48)
    sheet.freeze_panes(TITLE_ROWS + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROWS)
    return sheet


def _write(sheet: Any, row: int, column: int, value: object, day: Any = None) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(WIB).replace(tzinfo=None), day)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif isinstance(value, str) and value:
        sheet.write_string(row, column, plain(value))


def plain(text: str) -> str:
    """Text that no program takes for a formula, wherever the sheet is copied to."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


QUIZ_HEADING = [("No.", 5), ("Nama", 28), ("Desa atau kelurahan", 22)]


def _heading(edition: EditionView) -> list[tuple[str, int]]:
    modules = [
        (f"{number}. {module.title} (dari {len(module.lessons)})", 13)
        for number, module in enumerate(edition.modules, start=1)
    ]
    return [
        *QUIZ_HEADING,
        ("Kecamatan", 16),
        ("Nomor HP", 16),
        ("Ikut sejak (WIB)", 17),
        ("Terakhir aktif (WIB)", 17),
        ("Keadaan", 16),
        (f"Pelajaran selesai (dari {len(edition.order)})", 11),
        *modules,
        (f"Kuis lulus (dari {len(edition.quizzes)})", 9),
        ("Tes awal", 8),
        ("Tes akhir terbaik", 9),
        ("Yang kurang untuk sertifikat", 34),
    ]


def _person(number: int, line: Line) -> list[object]:
    who, exams = line.who, line.progress.exams
    village = who.village
    best = exams.best if exams else None
    return [
        number,
        who.name,
        village.name if village else "",
        village.district if village else "",
        who.phone,
        who.joined_at,
        who.since if who.begun else "",
        state(line),
        sum(module.done for module in line.modules),
        *(module.done for module in line.modules),
        line.passed,
        exams.pretest.score if exams and exams.pretest else "",
        best.score if best else "",
        _lacks(line.completion),
    ]


def state(line: Line) -> str:
    """Where somebody is on the way to the certificate."""
    if line.who.certified:
        return "Sertifikat terbit"
    if line.ready:
        return "Siap sertifikat"
    return "Sedang belajar" if line.who.begun else "Belum mulai"


def _lacks(completion: Completion) -> str:
    counted = [(len(part.missing), LACKS.get(part.kind, part.kind)) for part in completion.missing]
    return ", ".join(f"{count} {word}" if count else word for count, word in counted)


def _quiz_titles(edition: EditionView) -> list[tuple[str, int]]:
    return [(edition.lessons[identity].title, 12) for identity in edition.quizzes]


def _bests(number: int, line: Line, edition: EditionView) -> list[object]:
    village = line.who.village
    bests = [line.progress.standing(identity).best for identity in edition.quizzes]
    return [number, line.who.name, village.name if village else "", *bests]

"""The spreadsheet that questions are written into: an empty sheet, examples of every kind, what each column means."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from lms.authoring.intake.rows import COLUMNS, KINDS
from lms.db.engine import not_while_writing

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 # A workbook knows no zones.
ROWS = 500
WIDTHS = {"soal": 44, "jenis": 14, "kunci": 18, "penjelasan": 44}
USUAL_WIDTH = 26
EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "soal": "Tetangga bertanya tentang utang Bu Sari. Apa jawaban Anda?",
        "jenis": "pilihan",
        "pilihan a": "Menceritakan garis besarnya saja.",
        "umpan balik a": "Garis besar pun membuka rahasia.",
        "pilihan b": "Menolak dengan sopan.",
        "umpan balik b": "Betul. Anda tidak membenarkan dan tidak membantah.",
        "kunci": "B",
        "penjelasan": "Cerita warga hanya dibuka bila ada ancaman keselamatan.",
    },
    {
        "soal": "Kapan cerita warga boleh dibagikan? Pilih semua yang benar.",
        "jenis": "pilihan",
        "pilihan a": "Seorang anak terancam dipukul.",
        "pilihan b": "Warga menyetujui rujukan secara tertulis.",
        "pilihan c": "Kepala dusun penasaran.",
        "umpan balik c": "Jabatan saja tidak cukup.",
        "kunci": "A, B",
    },
    {"soal": "PSM boleh menerima upah dari warga yang didampingi.", "jenis": "benar-salah", "kunci": "salah"},
    {"soal": "Berapa batas umur termuda lanjut usia?", "jenis": "isian", "kunci": "60 | enam puluh"},
    {
        "soal": "Susun langkah pendekatan awal.",
        "jenis": "urutan",
        "pilihan a": "Menjelaskan tujuan kunjungan",
        "pilihan b": "Meminta persetujuan",
        "pilihan c": "Mengisi formulir",
    },
    {
        "soal": "Pasangkan peran dan contohnya.",
        "jenis": "jodoh",
        "pilihan a": "Identifikator = Mendata warga yang belum terlayani",
        "pilihan b": "Penghubung = Mengantar warga ke puskesmas",
    },
    {"soal": "Ceritakan satu pengalaman menjaga rahasia.", "jenis": "bebas", "kunci": "bebas"},
)
MEANINGS = (
    ("soal", "Pertanyaannya. Satu baris, satu soal."),
    ("jenis", f"Salah satu: {', '.join(KINDS)}. Boleh kosong: ditebak dari isinya."),
    ("pilihan a–f", "Pilihan jawaban. Untuk urutan: langkah menurut urutan yang benar. Untuk jodoh: kiri = kanan."),
    ("umpan balik a–f", "Kalimat yang dibaca orang yang memilihnya. Paling berguna pada pilihan yang salah."),
    ("kunci", "Huruf pilihan yang benar, misalnya B atau A, C. Untuk isian: jawaban yang diterima, dipisah tanda |."),
    ("penjelasan", "Dibaca setelah soal dinilai. Boleh kosong."),
    ("", "Tulis soal Anda di lembar Soal. Lembar Contoh dan Petunjuk tidak dibaca."),
)


def template() -> bytes:
    """The workbook; the same bytes each time."""
    not_while_writing("spreadsheet")
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": "Templat soal Sinau PSM", "created": MADE})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    kind = COLUMNS.index("jenis")
    sheet = _sheet(book, "Soal", (), wrap)
    sheet.data_validation(1, kind, ROWS, kind, {"validate": "list", "source": list(KINDS)})
    _sheet(book, "Contoh", EXAMPLES, wrap)
    meanings = book.add_worksheet("Petunjuk")
    meanings.set_column(0, 0, 20, book.add_format({"bold": True, "valign": "top"}))
    meanings.set_column(1, 1, 90, wrap)
    for row, texts in enumerate(MEANINGS):
        for column, text in enumerate(texts):
            meanings.write_string(row, column, text)
    book.close()
    return target.getvalue()


def _sheet(book: Any, name: str, rows: Sequence[Mapping[str, str]], wrap: Any) -> Any:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "valign": "top", "bg_color": "#E4F0EA", "bottom": 1})
    for column, title in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDTHS.get(title, USUAL_WIDTH), wrap)
        sheet.write_string(0, column, title, head)
        for row, cells in enumerate(rows, start=1):
            if cells.get(title):
                sheet.write_string(row, column, cells[title], wrap)
    sheet.freeze_panes(1, 1)
    return sheet

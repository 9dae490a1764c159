"""Lists of old paper as an office has them, and what they become."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from werkzeug.test import TestResponse

from tests.conftest import Client

HEADING = ["No", "Nomor Sertifikat", "Nama", "Desa", "Kecamatan", "Kegiatan", "Tanggal"]
SITI = ["1", "800/12/PSM/2019", "SITI AMINAH, S.Pd.", "Sumberagung", "Pracimantoro", "Bimtek Dasar PSM"]
ROWS = [
    [*SITI, "9 s.d. 11 Juni 2019"],
    ["2", "800/13/PSM/2019", "Sugeng", "", "", "Bimtek Dasar PSM", "11/6/2019"],
    ["3", "", "Tanpa Nomor", "Baturetno", "", "Bimtek", "11/6/2019"],
    ["4", "800/15/PSM/2019", "Wulan", "Baturetno", "", "Bimtek", "kapan-kapan"],
    ["5", "800/16/PSM/2019", "3312010101700001", "Baturetno", "", "Bimtek", "11/6/2019"],
]


def sheet(rows: Sequence[Sequence[str]], title: str = "DAFTAR SERTIFIKAT BIMTEK 2019") -> bytes:
    """The list as .xlsx below a title."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in ([title], [], HEADING, *rows):
        page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def separated(rows: Sequence[Sequence[str]]) -> bytes:
    """The list as .csv."""
    return "\n".join(";".join(row) for row in (HEADING, *rows)).encode()


def bring(boss: Client, data: bytes, name: str = "lama.xlsx") -> TestResponse:
    """Send the file."""
    fields = {"csrf_token": boss.token(), "berkas": (io.BytesIO(data), name)}
    return boss.post("/kelola/kertas", data=fields, content_type="multipart/form-data")


def written(boss: Client, data: bytes) -> str:
    """Bring it and let it count; the address of the list."""
    place = str(bring(boss, data).location)
    assert boss.send(place).status_code == 303
    return place

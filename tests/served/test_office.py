"""What an office program reads in the files that we write: LibreOffice without a window."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import Client
from tests.quiz.conftest import exams as exams
from tests.report.conftest import FORMULA, PAGE, PEOPLE, Event
from tests.report.conftest import event as event

pytestmark = pytest.mark.served

OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def convert(data: bytes, name: str, to: str, folder: Path) -> Path:
    """The folder with what LibreOffice makes of a file, by a profile of its own."""
    (folder / name).write_bytes(data)
    words = [OFFICE, f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--convert-to", to]
    done = subprocess.run(
        [*words, "--outdir", str(folder / "hasil"), str(folder / name)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder / "hasil"


def sent(client: Client, path: str) -> bytes:
    response = client.send(path)
    assert response.status_code == 200
    return response.get_data()


def test_the_report_opens_with_its_table_of_people_its_picture_and_its_numbers(event: Event, tmp_path: Path) -> None:
    event.gather()
    made = convert(sent(event.client, f"{PAGE}.docx"), "laporan.docx", "pdf", tmp_path) / "laporan.pdf"
    pages = PdfReader(made).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "LAPORAN KEGIATAN",
        "K. Penutup",
        "Drs. H. Contoh, M.Si.",
        f"Halaman 1 dari {len(pages)}",
        "– Saran 3",
    ):
        assert words in text
    for at in range(PEOPLE):
        assert at == 2 or f"Orang {at:03}" in text
    assert "gain rata-rata kelas 0,50 (sedang), rata-rata gain perorangan 0,75 dari 4 orang" in text
    assert len({image.data for page in pages for image in page.images}) == 1


def test_what_is_no_document_is_seen(tmp_path: Path) -> None:
    with pytest.raises((AssertionError, FileNotFoundError)):
        PdfReader(convert(b"PK\x03\x04 bukan dokumen", "rusak.docx", "pdf", tmp_path) / "rusak.pdf")


def test_the_workbook_opens_with_every_sheet_and_formulas_are_text(event: Event, tmp_path: Path) -> None:
    data = sent(event.client, "/pelatih/B1MTEK/semua.xlsx")
    made = convert(data, "semua.xlsx", ALL_SHEETS, tmp_path)
    sheets = {
        path.stem.removeprefix("semua-"): list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        for path in made.glob("*.csv")
    }
    assert len(sheets) == 7
    people = {row[1]: row for row in sheets["Peserta"][3:]}
    assert people["Orang 001"][2:] == ["Sumberagung", "Pracimantoro", "P", "Ketua PSM", "081234567801"]
    assert f"'{FORMULA}" in people
    assert ["Orang 001", "Sumberagung", "0", "5", "0", "5", "5", "100", "1"] in [row[1:] for row in sheets["Nilai tes"]]
    assert sheets["Survei"][3] == ["Penyelenggaraan", "Kejelasan undangan", "3.5", "6"]

"""The evening before: the office's spreadsheet is dropped in, settled on a phone, written, and everybody is invited."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from lms.db.engine import db, writing
from lms.db.tables import Person
from lms.people import actions as accounts
from lms.web.clock import now
from tests.browser.conftest import Site
from tests.browser.looking import faults
from tests.browser.quiz import give_session
from tests.conftest import Cast
from tests.roster.ugly import book

pytestmark = pytest.mark.browser

HOME = "/pelatih/B1MTEK/impor"
ROWS: list[list[object]] = [
    ["DAFTAR PESERTA BIMTEK"],
    ["KECAMATAN SELOGIRI"],
    ["No", "Nama", "L/P", "Desa", "No HP", "NIK"],
    [1, "HJ. SUMINAH, S.Sos", "P", "Pule", 81234567890, 3312010101800001],
    [2, "Sugeng Riyadi", "L", "Ds. Pule", None, 3312010101800002],
    [3, "Slamet", "L", "Desa Antah Berantah", None, None],
    [4, "Siti Aminah", "P", "Sumberagung Kec. Pracimantoro", None, None],
    [5, None, "P", "Pule", None, None],
    [None, "Mengetahui, Camat Selogiri"],
]


@pytest.fixture
def trainer(site: Site) -> str:
    """The device of the trainer of a cohort with one Wagiyem in it."""
    with site.app.app_context():
        cast = Cast()
        with writing():
            db.session.get_one(Person, cast.participant).name = "Wagiyem"
            return accounts.add_device(cast.trainer, "Android, Chrome", now()).id


def drop(page: Page, site: Site) -> None:
    page.goto(site.url + HOME)
    page.get_by_label("Berkas daftar").set_input_files(
        {"name": "Daftar FIX (2).xls", "mimeType": "application/vnd.ms-excel", "buffer": book({"Sheet1": ROWS})}
    )
    page.get_by_role("button", name="Baca daftar ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Daftar yang dibaca")


def test_from_the_spreadsheet_to_the_invitation(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    phone = new_phone(permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    give_session(phone, site, trainer)
    page = phone.new_page()
    drop(page, site)
    here = page.url
    expect(page.get_by_text("Sengaja tidak diambil: NIK.")).to_be_visible()
    assert list(faults(page)) == []
    page.set_viewport_size({"width": 360, "height": 740})
    card = page.get_by_role("region", name="Slamet")
    expect(card).to_contain_text("Desa tidak dikenal “Desa Antah Berantah”")
    card.get_by_label("Desa lain").fill("Desa Pule, Kecamatan Selogiri")
    page.get_by_role("button", name="Simpan pilihan").click()
    for address in (site.url + HOME, f"{here}?bagian=tidak", f"{site.url}/pelatih/B1MTEK/undangan"):
        page.goto(address)
        assert list(faults(page)) == []
    page.goto(f"{here}?bagian=jelas")
    assert list(faults(page)) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Masukkan 4 orang").click()
    expect(page.get_by_role("status")).to_contain_text("Sudah dimasukkan: 4 orang baru")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Unduh laporan").click()
    coming.value.save_as(tmp_path / "laporan.xlsx")
    sheet = load_workbook(tmp_path / "laporan.xlsx").active
    assert sheet is not None
    told = {row[2]: row[4] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert told["Suminah"] == told["Slamet"] == "orang baru"
    assert told[None] == "tidak dapat dimasukkan"
    page.get_by_role("link", name="Lanjut ke kartu dan undangan").click()
    page.get_by_role("button", name="Tampilkan nomor dan pesan").click()
    expect(page.get_by_role("status")).to_contain_text("sudah ditampilkan")
    assert list(faults(page)) == []
    page.set_viewport_size({"width": 360, "height": 740})
    mine = page.get_by_role("region", name="Suminah")
    expect(mine.get_by_role("link", name="Kirim lewat WhatsApp ke 081234567890")).to_be_visible()
    mine.get_by_role("button", name="Salin pesan").click()
    expect(page.get_by_role("status")).to_have_text("Sudah disalin. Tempelkan di WhatsApp.")
    link = page.evaluate("navigator.clipboard.readText()").partition("/kartu#")[2][:24]
    theirs = new_phone().new_page()
    theirs.goto(f"{site.url}/kartu#{link}")
    theirs.get_by_role("button", name="Masuk").first.click()
    expect(theirs.get_by_text("Suminah").first).to_be_visible()


def test_without_script_the_work_goes_on_by_a_button(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext]
) -> None:
    phone = new_phone(java_script_enabled=False)
    give_session(phone, site, trainer)
    page = phone.new_page()
    drop(page, site)
    page.get_by_role("button", name="Masukkan 3 yang jelas").click()
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_role("status")).to_contain_text("Sudah dimasukkan: 3 orang baru")
    page.get_by_label("Ya, keluarkan lagi mereka.").check()
    page.get_by_role("button", name="Batalkan impor ini").click()
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_text("3 orang sudah dikeluarkan lagi.")).to_be_visible()

"""A trainer makes the report after the day: sees what there is, writes, waits for the bar, takes both files."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_survey import Hall, Phones
from tests.browser.test_survey import hall as hall
from tests.report.conftest import PAGE

pytestmark = pytest.mark.browser


def taken(page: Page, button: str) -> bytes:
    """The file that a button gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def test_the_report_is_written_made_and_taken(hall: Hall, new_phone: Phones) -> None:
    page = hall.page(new_phone, hall.trainer, PAGE)
    expect(page.get_by_role("link", name="Lengkapi survei")).to_be_visible()
    page.get_by_text("Yang Anda tulis dalam laporan").click()
    page.get_by_label("Hambatan").fill("Listrik padam satu jam.")
    page.get_by_role("button", name="Buat laporan").click()
    expect(page.get_by_role("heading", name="Laporannya siap")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Hambatan")).to_have_value("Listrik padam satu jam.")
    assert taken(page, "Unduh untuk dicetak").startswith(b"%PDF")
    with zipfile.ZipFile(BytesIO(taken(page, "Unduh untuk Word"))) as book:
        assert "Listrik padam satu jam." in book.read("word/document.xml").decode()


def test_without_script_the_work_is_done_by_pressing(hall: Hall, new_phone: Phones) -> None:
    page = hall.page(new_phone, hall.trainer, PAGE, java_script_enabled=False)
    page.get_by_role("button", name="Buat laporan").click()
    for _ in range(10):
        if page.get_by_role("heading", name="Laporannya siap").count():
            break
        page.get_by_role("button", name="Mulai").or_(page.get_by_role("button", name="Lanjutkan")).click()
    expect(page.get_by_role("heading", name="Laporannya siap")).to_be_visible()

"""The office's afternoon after a bimtek: a dry run, an exception, a batch, a print file, a correction, a check."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Meeting, Person
from tests.browser.looking import faults
from tests.browser.test_survey import Hall, Phones
from tests.browser.test_survey import hall as hall
from tests.report.conftest import add_office

pytestmark = pytest.mark.browser

PAGE = "/pelatih/B1MTEK/sertifikat"
HOURS = timedelta(minutes=90)


@pytest.fixture
def office(hall: Hall) -> Hall:
    """The bimtek is over, it had a meeting of two hours, and there is an office that issues."""
    with hall.site.app.app_context():
        hall.site.app.config["IS_HTTPS"] = True
        add_office()
        with writing():
            cohort = db.session.query(Cohort).filter_by(code="B1MTEK").one()
            cohort.starts_on = cohort.ends_on = date(2026, 11, 24)
            begins = datetime(2026, 11, 24, 2, tzinfo=UTC)
            meeting = Meeting(cohort_id=cohort.id, subject="Asesmen", jp=2, starts_at=begins, ends_at=begins + HOURS)
            db.session.add(meeting)
    return hall


def let_all_have_one(page: Page) -> None:
    """The course asks for lessons that nobody of this hall has read."""
    while (link := page.get_by_role("link", name="Kecualikan")).count():
        link.first.click()
        page.get_by_label("Mengapa ia tetap").fill("Diuji di kertas.")
        page.get_by_role("button", name="Simpan pengecualian").click()
        page.wait_for_url(f"**{PAGE}")


def test_certificates_are_issued_printed_corrected_and_revoked(office: Hall, new_phone: Phones) -> None:
    page = office.page(new_phone, office.trainer, PAGE)
    page.get_by_role("link", name="Kecualikan").first.click()
    page.get_by_role("button", name="Simpan pengecualian").click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis alasannya")
    assert list(faults(page)) == []
    page.goto(office.site.url + PAGE)
    let_all_have_one(page)
    assert list(faults(page)) == []
    page.get_by_role("button", name="Terbitkan 5 sertifikat").click()
    expect(page.get_by_role("heading", name="Sudah terbit")).to_be_visible(timeout=30_000)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Cetak semua").click()
    assert len(PdfReader(BytesIO(Path(waiting.value.path()).read_bytes())).pages) == 10
    with office.site.app.app_context(), writing():
        db.session.query(Person).filter_by(name="Peserta 1").one().name = "Peserta Satu"
    page.get_by_role("link", name="Peserta 1", exact=True).click()
    expect(page.locator("ins")).to_have_text("Peserta Satu")
    page.get_by_label("Apa yang keliru?").fill("Nama salah eja.")
    assert list(faults(page)) == []
    page.get_by_role("button", name="Terbitkan revisi").click()
    expect(page.get_by_role("heading", name="Sertifikat Peserta Satu")).to_be_visible()
    expect(page.get_by_text("(revisi 1)")).to_be_visible()
    page.get_by_label("Mengapa dicabut?").fill("Keliru orang.")
    page.get_by_role("button", name="Cabut sertifikat").click()
    expect(page.get_by_text("✗ Dicabut")).to_be_visible()
    assert list(faults(page)) == []


def test_without_script_the_batch_is_worked_off_by_pressing(office: Hall, new_phone: Phones) -> None:
    page = office.page(new_phone, office.trainer, PAGE, java_script_enabled=False)
    let_all_have_one(page)
    page.get_by_role("button", name="Terbitkan 5 sertifikat").click()
    for _ in range(10):
        if page.get_by_role("heading", name="Sudah terbit").count():
            break
        page.get_by_role("button", name="Mulai").or_(page.get_by_role("button", name="Lanjutkan")).click()
    expect(page.get_by_role("heading", name="Sudah terbit")).to_be_visible()
    expect(page.get_by_text("005/2026", exact=True)).to_be_visible()

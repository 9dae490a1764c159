"""From choosing the electronic way to the learner's download: the files leave, are signed elsewhere, and come back."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.db.engine import db, writing
from lms.db.tables import Certificate, Membership, Person, SignedSheet
from tests.browser.looking import faults
from tests.browser.test_certificates import PAGE, let_all_have_one
from tests.browser.test_certificates import office as office
from tests.browser.test_survey import Hall, Phones
from tests.browser.test_survey import hall as hall
from tests.esign.signed import chain, sign
from tests.esign.trusting import believe

pytestmark = pytest.mark.browser


def download(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def own_sheet(office: Hall) -> tuple[str, str, bytes]:
    """(id, token, signed PDF) of the first participant's certificate."""
    with office.site.app.app_context():
        db.session.rollback()
        row = db.session.query(Certificate).join(Membership).join(Person).filter(Person.name == "Siti Aminah").one()
        return row.id, row.token, db.session.get_one(SignedSheet, row.id).data


def test_sheets_go_out_unsigned_come_back_signed_and_are_the_learners_very_file(
    office: Hall, new_phone: Phones, tmp_path: Path
) -> None:
    official = chain("Drs. H. CONTOH, M.Si.", around=datetime.now(UTC))
    with office.site.app.app_context():
        believe(1, official.root.pem)
    page = office.page(new_phone, office.trainer, PAGE)
    let_all_have_one(page)
    page.get_by_label("Tanda tangan elektronik (TTE)").check()
    assert list(faults(page)) == []
    page.get_by_role("button", name="Terbitkan 5 sertifikat").click()
    expect(page.get_by_text("5 sertifikat menunggu tanda tangan elektronik")).to_be_visible(timeout=30_000)
    learner = office.page(new_phone, office.participants[0], "/acara/B1MTEK")
    expect(learner.get_by_text("Menunggu tanda tangan")).to_be_visible()
    page.get_by_role("link", name="Unduh, lalu unggah").click()
    assert list(faults(page)) == []
    signed = []
    with zipfile.ZipFile(io.BytesIO(download(page, "Unduh PDF untuk TTE"))) as packed:
        for number, name in enumerate(packed.namelist()):
            signed.append(tmp_path / f"{number}.pdf")
            signed[-1].write_bytes(sign(packed.read(name), official))
    assert len(signed) == 5
    forged = tmp_path / "palsu.pdf"
    forged.write_bytes(signed[0].read_bytes()[:-400])
    page.get_by_label("Berkas PDF").set_input_files([forged, *signed])
    page.get_by_role("button", name="Periksa dan simpan").click()
    expect(page.get_by_role("heading", name="5 dari 6 berkas cocok")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("PDF ini rusak")).to_be_visible()
    assert list(faults(page)) == []
    certificate_id, token, kept = own_sheet(office)
    assert kept in [path.read_bytes() for path in signed]
    learner.goto(f"{office.site.url}/sertifikat/{certificate_id}")
    expect(learner.get_by_text("✓ Berlaku")).to_be_visible()
    assert learner.context.request.get(f"{office.site.url}/sertifikat/{certificate_id}/pdf").body() == kept
    stranger = new_phone().new_page()
    stranger.goto(f"{office.site.url}/cek/{token}")
    expect(stranger.get_by_text("✓ Berlaku")).to_be_visible()
    expect(stranger.get_by_text("PDF-nya sudah ditandatangani secara elektronik")).to_be_visible()
    assert list(faults(stranger)) == []


def test_who_gives_up_waiting_says_why_and_all_are_for_ink(office: Hall, new_phone: Phones) -> None:
    page = office.page(new_phone, office.trainer, PAGE)
    let_all_have_one(page)
    page.get_by_label("Tanda tangan elektronik (TTE)").check()
    page.get_by_role("button", name="Terbitkan 5 sertifikat").click()
    page.get_by_role("link", name="Unduh, lalu unggah").click(timeout=30_000)
    page.get_by_role("link", name="Terbitkan ulang untuk tanda tangan basah").click()
    again = page.get_by_role("button", name="Terbitkan ulang yang dicentang")
    again.click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis alasannya")
    assert list(faults(page)) == []
    page.get_by_label("Mengapa terbit ulang?").fill("Pejabatnya belum punya sertifikat elektronik.")
    again.click()
    expect(page.get_by_text("Terakhir: 5 lembar terbit ulang.")).to_be_visible(timeout=30_000)
    assert list(faults(page)) == []
    page.get_by_role("button", name="Cetak yang terbit ulang").click()
    expect(page.get_by_role("button", name="Ambil berkas cetak")).to_be_visible(timeout=30_000)
    assert download(page, "Ambil berkas cetak").startswith(b"%PDF")


def test_wrong_names_are_mended_in_bulk_by_single_boxes(office: Hall, new_phone: Phones) -> None:
    page = office.page(new_phone, office.trainer, PAGE)
    let_all_have_one(page)
    page.get_by_role("button", name="Terbitkan 5 sertifikat").click()
    expect(page.get_by_role("heading", name="Sudah terbit")).to_be_visible(timeout=30_000)
    with office.site.app.app_context(), writing():
        for person in db.session.query(Person).join(Membership).join(Certificate).limit(3):
            person.title_after = "S.Sos."
    page.get_by_role("link", name="Terbitkan ulang beberapa").click()
    boxes = page.get_by_role("checkbox")
    found = boxes.count()
    assert found > 1
    expect(page.get_by_role("link", name=f"Salah isi ({found})")).to_be_visible()
    boxes.first.uncheck()
    page.get_by_label("Mengapa terbit ulang?").fill("Gelarnya belum tercetak.")
    page.get_by_role("button", name="Terbitkan ulang yang dicentang").click()
    expect(page.get_by_text(f"Terakhir: {found - 1} lembar terbit ulang.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Salah isi (1)")).to_be_visible()
    assert list(faults(page)) == []

"""A form on a phone: a section at a time, every field kept, fields that come and go, sent when nothing is missing."""

import pytest
from playwright.sync_api import Locator, Page, expect

from lms.database import db
from lms.models import Person
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import SAVED, answers, cut_line, enter, expect_news, gradings, until_saved
from tests.conftest import forget_editions
from tests.core.forms import PATH
from tests.forms.filling import SLUG, publish, take_part

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, new_phone: Phones) -> Page:
    """A page of somebody who has joined the form's course."""
    with site.app.app_context():
        publish()
        forget_editions()
    found = enter(new_phone(), site)
    with site.app.app_context():
        take_part(db.session.query(Person.id).filter_by(name="Siti Aminah").scalar())
    return found


def begin(page: Page, site: Site, case: str = "bu-tuti") -> str:
    page.goto(f"{site.url}/mulai-formulir/{SLUG}/{case}/{PATH}")
    page.get_by_role("button", name="Mulai mengisi").click()
    page.wait_for_url("**/formulir/*")
    expect(page.locator("#langkah")).to_be_visible()
    return page.url.rpartition("/")[2].partition("#")[0]


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[data-isian={name}]")


def fill_first_section(page: Page) -> None:
    field(page, "tanggal").locator("input.text").fill("2026-10-14")
    field(page, "persetujuan").get_by_label("Lisan").check()


def fill_second_section(page: Page) -> None:
    field(page, "anak").get_by_label("Jumlah anak").fill("2")
    field(page, "sekolah").get_by_label("Tidak").check()
    field(page, "kebutuhan").get_by_label("Obat").check()
    field(page, "kebutuhan").get_by_label("Akta").check()
    field(page, "rencana").get_by_label("Rencana").fill("Ke puskesmas, lalu mengurus akta.")


def test_a_section_is_filled_reloaded_and_all_is_still_there_until_it_is_sent(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    expect(page.locator("#nomor")).to_have_text("Bagian 1 dari 2")
    expect_news(page, "Setiap isian tersimpan sendiri")
    fill_first_section(page)
    expect_news(page, SAVED)
    until_saved(page, site, attempt, 2)
    page.reload()
    expect(field(page, "tanggal").locator("input.text")).to_have_value("2026-10-14")
    expect(field(page, "persetujuan").get_by_label("Lisan")).to_be_checked()
    page.get_by_role("button", name="Bagian berikutnya").click()
    expect(page.locator("#nomor")).to_have_text("Bagian 2 dari 2")
    fill_second_section(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.reload()
    expect(field(page, "rencana").get_by_label("Rencana")).to_have_value("Ke puskesmas, lalu mengurus akta.")
    assert gradings(site, attempt) == []
    page.get_by_role("button", name="Kirim formulir").click()
    page.wait_for_url("**/hasil")
    expect(page.locator("h1")).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]


def test_fields_come_and_go_with_the_answers_they_hang_on(site: Site, page: Page) -> None:
    begin(page, site)
    expect(field(page, "alasan")).to_be_hidden()
    field(page, "persetujuan").get_by_label("Menolak").check()
    expect(field(page, "alasan")).to_be_visible()
    field(page, "persetujuan").get_by_label("Tertulis").check()
    expect(field(page, "alasan")).to_be_hidden()
    page.get_by_role("button", name="Bagian berikutnya").click()
    number = field(page, "anak").get_by_label("Jumlah anak")
    for text, is_shown in (("0", False), ("2", True), ("dua", False), ("1.000", True), ("", False)):
        number.fill(text)
        expect(field(page, "sekolah")).to_be_visible(visible=is_shown)


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    page.get_by_role("button", name="Bagian berikutnya").click()
    field(page, "anak").get_by_label("Jumlah anak").fill("99")
    page.get_by_role("button", name="Kirim formulir").click()
    expect(page.locator("#nomor")).to_have_text("Bagian 1 dari 2")
    expect(field(page, "tanggal").locator(".fault")).to_have_text("Isian ini perlu diisi.")
    expect(field(page, "persetujuan").locator(".fault")).to_have_text("Pilih dulu jawabannya.")
    fill_first_section(page)
    expect(field(page, "tanggal").locator(".fault")).to_be_hidden()
    page.get_by_role("button", name="Bagian berikutnya").click()
    expect(field(page, "anak").locator(".fault")).to_contain_text("salah ketik")
    field(page, "anak").get_by_label("Jumlah anak").fill("2")
    page.get_by_role("button", name="Kirim formulir").click()
    page.wait_for_url("**/hasil")
    assert len(gradings(site, attempt)) == 1


def test_without_signal_it_waits_on_the_phone_and_is_sent_by_itself(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    with cut_line(page.context):
        fill_first_section(page)
        page.get_by_role("button", name="Bagian berikutnya").click()
        fill_second_section(page)
        page.get_by_role("button", name="Kirim formulir").click()
        expect_news(page, "Kiriman Anda menunggu sinyal")
        assert answers(site, attempt) == []
    page.wait_for_url("**/hasil")
    expect(page.locator("h1")).to_have_text("Nilai Anda 100")


def test_gaps_are_asked_among_what_is_filled_in(site: Site, page: Page) -> None:
    begin(page, site, "pak-min")
    expect(page.get_by_text("Lisan, disaksikan")).to_be_visible()
    page.get_by_role("button", name="Bagian berikutnya").click()
    expect(field(page, "sekolah")).to_be_hidden()
    field(page, "anak").get_by_label("Jumlah anak").fill("2")
    field(page, "sekolah").get_by_label("Ya").check()
    page.get_by_role("link", name="Lihat cerita").click()
    expect(page.get_by_text("Anda menemui Pak Min.")).to_be_in_viewport()
    page.get_by_role("button", name="Kirim formulir").click()
    page.wait_for_url("**/hasil")
    expect(page.locator("h1")).to_have_text("Nilai Anda 100")


def test_no_key_is_on_the_phone_before_it_is_graded(site: Site, page: Page) -> None:
    told: list[str] = []
    page.on("response", lambda reply: told.append(reply.text()) if "/hasil" not in reply.url and reply.ok else None)
    begin(page, site)
    fill_first_section(page)
    expect_news(page, SAVED)
    assert told
    assert [text for text in told if "KUNCI-" in text or "alasan-" in text] == []

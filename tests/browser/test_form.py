"""A form on a phone: a section at a time, every field kept, fields that come and go, sent when nothing is missing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lms.db.engine import db
from lms.db.tables import Person
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import SAVED, answers, cut_line, enter, expect_news, gradings, until_saved
from tests.conftest import forget_editions
from tests.course.form_texts import PATH
from tests.quiz.filling import SLUG, publish, take_part

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


def send(page: Page) -> None:
    """From the last section past the last look to the server."""
    page.get_by_role("button", name="Periksa isian").click()
    expect(page.locator("#periksa-penuh")).to_be_visible()
    page.get_by_role("button", name="Kirim formulir").click()


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
    send(page)
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


def test_what_is_missing_is_listed_before_sending_and_each_line_leads_to_its_field(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    page.get_by_role("button", name="Bagian berikutnya").click()
    field(page, "anak").get_by_label("Jumlah anak").fill("99")
    page.get_by_role("button", name="Periksa isian").click()
    expect(page.locator("#nomor")).to_have_text("Hampir selesai")
    expect(page.get_by_role("heading", name="Periksa sebelum mengirim")).to_be_in_viewport()
    expect(page.locator("#periksa-daftar li")).to_have_text(
        [
            re.compile("Tanggal kunjungan.*A. Persetujuan · Isian ini perlu diisi."),
            re.compile("Bentuk persetujuan.*A. Persetujuan · Pilih dulu jawabannya."),
            re.compile("Jumlah anak.*B. Keluarga · .*salah ketik"),
        ]
    )
    expect(page.get_by_role("button", name="Kirim formulir")).to_be_hidden()
    page.get_by_role("link", name="Bentuk persetujuan").click()
    expect(page.locator("#nomor")).to_have_text("Bagian 1 dari 2")
    expect(field(page, "persetujuan").get_by_label("Tertulis")).to_be_focused()
    expect(field(page, "persetujuan").locator(".fault")).to_have_text("Pilih dulu jawabannya.")
    fill_first_section(page)
    expect(field(page, "tanggal").locator(".fault")).to_be_hidden()
    page.get_by_role("button", name="Periksa isian").click()
    expect(page.locator("#periksa-daftar li")).to_have_count(1)
    page.get_by_role("button", name="Lengkapi isian").click()
    field(page, "anak").get_by_label("Jumlah anak").fill("2")
    assert gradings(site, attempt) == []
    send(page)
    page.wait_for_url("**/hasil")
    assert len(gradings(site, attempt)) == 1


def test_what_the_server_holds_back_is_listed_as_it_said_it(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    field(page, "persetujuan").get_by_label("Lisan").check()
    until_saved(page, site, attempt, 1)
    page.goto(f"{site.url}/formulir/{attempt}/periksa")
    expect(page.locator("#nomor")).to_have_text("Hampir selesai")
    expect(page.locator("#periksa-daftar li")).to_have_count(2)
    page.get_by_role("link", name="Jumlah anak").click()
    expect(field(page, "anak").get_by_label("Jumlah anak")).to_be_focused()


@pytest.mark.parametrize("leave", ["button", "way back", "Esc"])
def test_the_story_opens_over_the_form_and_closes_to_the_same_place(site: Site, page: Page, leave: str) -> None:
    begin(page, site)
    page.get_by_role("button", name="Bagian berikutnya").click()
    field(page, "rencana").get_by_label("Rencana").fill("Ke puskesmas")
    expect_news(page, SAVED)
    field(page, "rencana").scroll_into_view_if_needed()
    page.get_by_role("link", name="Baca kasusnya").click()
    story = page.get_by_role("dialog", name="Bu Tuti dan dua anak")
    expect(story.get_by_text("Bu Tuti mengangguk")).to_be_in_viewport()
    before = page.evaluate("scrollY")
    if leave == "button":
        story.get_by_role("button", name="Kembali ke isian").click()
    elif leave == "Esc":
        page.keyboard.press("Escape")
    else:
        page.go_back()
    expect(story).to_be_hidden()
    page.wait_for_function("() => location.hash === '#2'")
    assert page.evaluate("scrollY") == before > 300
    expect(field(page, "rencana").get_by_label("Rencana")).to_be_in_viewport()
    expect(field(page, "rencana").get_by_label("Rencana")).to_have_value("Ke puskesmas")
    page.get_by_role("link", name="Baca kasusnya").click()
    expect(story.get_by_text("Bu Tuti mengangguk")).to_be_in_viewport()


def test_without_script_the_story_and_its_sections_lead_to_each_other(
    site: Site, page: Page, new_phone: Phones
) -> None:
    attempt = begin(page, site)
    plain = new_phone(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(f"{site.url}/formulir/{attempt}")
    plain.locator("#bagian-2").get_by_role("link", name="Baca kasusnya").click()
    plain.get_by_text("Cerita: Bu Tuti").click()  # It warns before it opens.
    expect(plain.get_by_text("Bu Tuti mengangguk")).to_be_in_viewport()
    plain.get_by_role("navigation", name="Kembali ke isian").get_by_role("link", name="B. Keluarga").click()
    expect(plain.get_by_role("heading", name="B. Keluarga")).to_be_in_viewport()
    plain.get_by_role("button", name="Kirim formulir").click()
    expect(plain.get_by_role("heading", name="Periksa sebelum mengirim")).to_be_in_viewport()
    plain.get_by_role("link", name="Jumlah anak").click()
    expect(field(plain, "anak").get_by_label("Jumlah anak")).to_be_in_viewport()


def test_without_signal_it_waits_on_the_phone_and_is_sent_by_itself(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    with cut_line(page.context):
        fill_first_section(page)
        page.get_by_role("button", name="Bagian berikutnya").click()
        fill_second_section(page)
        send(page)
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
    send(page)
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

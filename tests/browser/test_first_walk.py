"""The shortest whole walk: read, join, finish, answer, pass, take the certificate, have it checked."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones, Site
from tests.browser.quiz import (
    ORDER,
    SAVED,
    begin,
    choose,
    counting,
    cut_line,
    enter,
    expect_news,
    put_in_order,
    renew_session,
    turn_to,
    turn_to_review,
)

pytestmark = pytest.mark.browser

EXAMPLES = "Mendata warga", "Mengantar warga"


def answer_everything(page: Page) -> None:
    """Answer the small course's second quiz rightly, in one page, whatever order it is shown in."""
    for text in ("Mangga", "Jambu"):
        page.get_by_label(text).check()
    page.locator("input.text").fill("enam puluh")
    for place, step in enumerate(ORDER):
        page.locator(".order select").nth(place).select_option(label=step)
    for place, example in enumerate(EXAMPLES):
        page.locator(".match select").nth(place).select_option(label=example)
    page.locator("textarea").fill("Pernah menemani tetangga.")
    page.get_by_role("button", name="Kirim jawaban").click()


def answer_while_the_line_is_cut(page: Page) -> None:
    """The same one question at a time; the signal goes after the first tap and comes back on the last screen."""
    choose(page, "Mana buah?", "Mangga")
    expect_news(page, SAVED)
    with cut_line(page.context):
        page.get_by_label("Jambu").check()
        turn_to(page, "Umur termuda lansia?")
        page.get_by_label("Jawaban Anda").fill("enam puluh")
        turn_to(page, "Urutan pendekatan awal")
        put_in_order(page)
        turn_to(page, "Pasangkan peran")
        for role, example in zip(("Identifikator", "Penghubung"), EXAMPLES, strict=True):
            page.get_by_label(role).select_option(label=example)
        turn_to(page, "Pengalaman sendiri")
        page.get_by_label("Tulisan Anda").fill("Pernah menemani tetangga.")
        turn_to_review(page)
        expect_news(page, "menunggu sinyal")
    expect_news(page, SAVED)
    page.get_by_role("button", name="Kirim jawaban").click()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with the line cut in a quiz"])
def test_a_learner_reads_joins_passes_and_holds_a_checkable_certificate(
    site: Site, new_phone: Phones, script: bool
) -> None:
    page = new_phone(java_script_enabled=script).new_page()
    page.goto(f"{site.url}/belajar/kursus/dasar/satu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran satu")
    page.get_by_role("link", name="Ikut belajar").click()
    page.fill("#nama", "Siti Aminah")
    if script:
        page.get_by_label("Desa atau kelurahan").fill("Sumberagung")
        page.get_by_role("option").first.click()
    else:
        page.select_option("#desa", "33.12.01.2001")
    page.get_by_role("button", name="Ikut dan buat kartu saya").click()
    page.get_by_role("link", name="mulai belajar").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran satu")
    page.get_by_role("button", name="Selesai, lanjut ke kuis").click()
    page.get_by_role("button", name="Mulai kuis").click()
    page.get_by_label("KUNCI-BENAR Wonogiri").check()
    if script:
        turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")

    page.get_by_role("link", name="Lanjut: Pelajaran dua").click()
    page.get_by_role("button", name="Selesai, lanjut ke kuis").click()
    page.get_by_role("button", name="Mulai kuis").click()
    (answer_while_the_line_is_cut if script else answer_everything)(page)
    expect(page.get_by_text("4 dari 4 soal benar")).to_be_visible()

    page.get_by_role("link", name="Ambil sertifikat").click()
    page.get_by_role("button", name="Ya, benar. Ambil sertifikat").click()
    link = page.get_by_role("link", name="/cek/")
    page.goto(link.get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lembar ini contoh, tidak berlaku")
    expect(page.get_by_text("Siti Aminah")).to_be_visible()


def test_what_was_written_without_script_outlives_a_new_sign_in(site: Site, new_phone: Phones) -> None:
    page = enter(new_phone(java_script_enabled=False), site)
    attempt = begin(page, site)
    page.locator("textarea").fill("Pernah menemani tetangga.")
    renew_session(page.context, site)
    page.get_by_role("button", name="Simpan dulu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirim sekali lagi")
    expect(page.get_by_text("Pernah menemani")).to_be_visible()
    assert counting(site, attempt) == {}
    page.get_by_role("button", name="Kirim sekali lagi").click()
    expect(page.locator("textarea")).to_have_value("Pernah menemani tetangga.")
    assert ("Pernah menemani tetangga.",) in counting(site, attempt).values()

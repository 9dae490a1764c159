"""The shortest whole walk: read, join, finish, answer, pass, take the certificate, have it checked."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones, Site

pytestmark = pytest.mark.browser


def answer_everything(page: Page) -> None:
    """Answer the small course's second quiz rightly, whatever order it is shown in."""
    for text in ("Mangga", "Jambu"):
        page.get_by_label(text).check()
    page.locator("input.text").fill("enam puluh")
    for place, step in enumerate(("Salam pembuka", "Menjelaskan tujuan", "Meminta persetujuan")):
        page.locator(".order select").nth(place).select_option(label=step)
    for place, example in enumerate(("Mendata warga", "Mengantar warga")):
        page.locator(".match select").nth(place).select_option(label=example)
    page.locator("textarea").fill("Pernah menemani tetangga.")


def test_a_learner_reads_joins_passes_and_holds_a_checkable_certificate(site: Site, new_phone: Phones) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/belajar/kursus/dasar/satu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran satu")
    page.get_by_role("link", name="Ikut belajar").click()
    page.fill("#nama", "Siti Aminah")
    page.select_option("#desa", "33.12.01.2001")
    page.get_by_role("button", name="Ikut dan buat kartu saya").click()
    page.get_by_role("link", name="mulai belajar").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran satu")
    page.get_by_role("button", name="Selesai, lanjut ke kuis").click()
    page.get_by_role("button", name="Mulai kuis").click()
    page.get_by_label("KUNCI-BENAR Wonogiri").check()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")

    page.get_by_role("link", name="Lanjut: Pelajaran dua").click()
    page.get_by_role("button", name="Selesai, lanjut ke kuis").click()
    page.get_by_role("button", name="Mulai kuis").click()
    answer_everything(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("4 dari 4 soal benar")).to_be_visible()

    page.get_by_role("link", name="Ambil sertifikat").click()
    page.get_by_role("button", name="Ya, benar. Ambil sertifikat").click()
    link = page.get_by_role("link", name="/cek/")
    page.goto(link.get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lembar ini contoh, tidak berlaku")
    expect(page.get_by_text("Siti Aminah")).to_be_visible()

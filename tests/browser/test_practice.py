"""Practice in a lesson: judged at once on the page, in words, and never sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lms.course.folder import read_folder
from tests.browser.conftest import Site
from tests.conftest import COURSE, SLUG, publish_course

pytestmark = pytest.mark.browser


@pytest.fixture
def lesson(site: Site, phone: Page) -> Page:
    """A lesson whose practice has every kind: what the quiz of the second lesson asks, as practice."""
    files = read_folder(COURSE)
    files["dasar/dua.md"] = files["dasar/dua.md"].replace(b"## Kuis: utama (ambil 4, urutan tetap)", b"## Latihan")
    with site.app.app_context():
        publish_course(SLUG, files)
    phone.on("request", lambda request: None if request.method == "GET" else pytest.fail(request.url))
    phone.goto(f"{site.url}/belajar/{SLUG}/dasar/dua")
    return phone


def practice(page: Page, title: str) -> Locator:
    return page.locator("[data-latihan]", has_text=title)


def test_a_tap_shows_its_own_feedback_and_says_in_words_whether_it_is_right(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}/belajar/{SLUG}/dasar/satu")
    verdict = phone.locator(".verdict")
    phone.get_by_label("Merah latihan").check()
    expect(verdict).to_contain_text("✗ Belum tepat: Merah latihan Merah itu warna cabai.")
    expect(verdict).not_to_contain_text("Betul, karena klorofil.")
    phone.get_by_label("Hijau latihan").check()
    expect(verdict).to_contain_text("✓ Benar: Hijau latihan Betul, karena klorofil.")
    expect(verdict).not_to_contain_text("Merah itu warna cabai.")
    expect(phone.get_by_text("Penjelasan latihan.")).to_be_hidden()


def test_several_choices_are_judged_together(lesson: Page) -> None:
    found = practice(lesson, "Mana buah?")
    check, verdict = found.get_by_role("button", name="Periksa"), found.locator(".verdict")
    check.click()
    expect(verdict).to_have_text("Jawab dulu, lalu tekan Periksa.")
    found.get_by_label("Mangga").check()
    check.click()
    expect(verdict).to_contain_text("✗ Belum tepat. Masih ada pilihan benar yang terlewat.")
    found.get_by_label("Jambu").check()
    expect(verdict).to_be_empty()
    found.get_by_label("Bayam").check()
    check.click()
    expect(verdict).to_contain_text("✗ Belum tepat.")
    expect(verdict).to_contain_text("Bayam itu sayur.")
    found.get_by_label("Bayam").uncheck()
    check.click()
    expect(verdict).to_contain_text("✓ Benar.")


def test_an_order_is_judged_and_its_answer_opened(lesson: Page) -> None:
    found = practice(lesson, "Urutan pendekatan awal")
    found.get_by_role("button", name="Pakai urutan ini").click()
    found.get_by_role("button", name="Periksa").click()
    expect(found.locator(".verdict")).to_have_text("✗ Belum tepat.")
    expect(found.locator("details.answer ol")).to_be_visible()
    steps = ("Salam pembuka", "Menjelaskan tujuan", "Meminta persetujuan")
    for step in reversed(steps):
        while found.get_by_role("button", name=f"Naik: {step}").is_enabled():
            found.get_by_role("button", name=f"Naik: {step}").press("Enter")
    found.get_by_role("button", name="Periksa").click()
    expect(found.locator(".verdict")).to_have_text("✓ Benar.")


def test_pairs_are_judged_when_all_are_chosen(lesson: Page) -> None:
    found = practice(lesson, "Pasangkan peran")
    found.get_by_label("Identifikator").select_option(label="Mendata warga")
    found.get_by_role("button", name="Periksa").click()
    expect(found.locator(".verdict")).to_have_text("Jawab dulu, lalu tekan Periksa.")
    found.get_by_label("Penghubung").select_option(label="Mengantar warga")
    found.get_by_role("button", name="Periksa").click()
    expect(found.locator(".verdict")).to_have_text("✓ Benar.")


def test_a_short_answer_is_compared_by_its_person(lesson: Page) -> None:
    found = practice(lesson, "Umur termuda lansia?")
    found.get_by_label("Jawaban Anda").fill("55")
    found.get_by_role("button", name="Bandingkan dengan jawaban").click()
    expect(found.get_by_text("enam puluh")).to_be_visible()
    expect(found.get_by_label("Jawaban Anda")).to_have_value("55")


def test_without_script_the_answer_opens_by_itself(site: Site, new_phone: Callable[..., BrowserContext]) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/belajar/{SLUG}/dasar/satu")
    page.get_by_text("Lihat jawaban").click()
    expect(page.get_by_text("Betul, karena klorofil.")).to_be_visible()
    expect(page.get_by_role("button", name="Periksa")).to_have_count(0)

"""Who never saw the format mends a lesson, adds a question with a picture and publishes: on a phone, by buttons."""

import re

import pytest
from playwright.sync_api import Page, expect

from lms.db.settings import ROOT
from tests.browser.conftest import Phones, Site
from tests.browser.test_authoring_editor import area, enter, put_caret, seen
from tests.bundled import MANUAL
from tests.conftest import SLUG, publish_course

pytestmark = pytest.mark.browser

LESSON = f"/belajar/{SLUG}/dasar/satu"
EXAMPLES = (
    ("Judul soal", "Rumah Bu Sari"),
    ("Apa yang Anda lakukan?", "Apa yang terlihat di gambar?"),
    ("Jawaban yang benar", "Sebuah rumah"),
    ("Mengapa ini benar.", "Betul."),
    ("Jawaban yang keliru", "Sebuah sekolah"),
    ("Mengapa ini belum tepat.", "Lihat sekali lagi."),
    ("Jawaban keliru lainnya", "Sebuah sawah"),
    ("Mengapa ini belum tepat.", "Tidak ada sawah di sana."),
)


def write_over(page: Page, words: str, new: str) -> None:
    """Select words of the text and type others."""
    put_caret(page, words)
    area(page).evaluate("(area, length) => { area.selectionEnd = area.selectionStart + length; }", len(words))
    page.keyboard.insert_text(new)


def test_a_sentence_a_question_and_a_picture_from_reading_to_published(site: Site, new_phone: Phones) -> None:
    page = new_phone().new_page()
    enter(page.context, site)
    page.goto(site.url + LESSON)
    page.get_by_role("link", name="Sunting pelajaran ini").click()
    expect(seen(page).locator("h1")).to_have_text("Pelajaran satu")
    write_over(page, "Kalimat pembuka", "Kalimat yang lebih mudah")
    page.locator("summary", has_text="Soal").first.click()
    page.get_by_role("group", name="latihan").get_by_role("button", name="Satu jawaban").click()
    expect(page.locator("#saran")).to_contain_text('"Judul soal" belum diganti')
    for words, new in EXAMPLES:
        write_over(page, words, new)
    put_caret(page, "\n\n- [x] Sebuah rumah")
    page.locator("summary", has_text="Gambar").first.click()
    page.locator("[data-gambar] input[type=file]").first.set_input_files(ROOT / "docs" / "layar.png")
    page.get_by_label("Apa yang terlihat?").fill("Rumah kayu di tepi jalan.")
    page.get_by_role("button", name="Sisipkan", exact=True).click()
    expect(seen(page).get_by_role("img", name="Rumah kayu di tepi jalan.")).to_be_visible()
    expect(page.locator("#saran")).not_to_contain_text(re.compile("Judul soal|Jawaban"))
    expect(page.locator("#harus")).to_be_empty()
    page.get_by_role("button", name="Simpan rancangan").click()
    page.get_by_role("link", name="Terbitkan").click()
    page.get_by_label("Mengapa?").fill("Satu soal bergambar ditambah.")
    page.get_by_role("button", name="Terbitkan 2 berkas").click()
    expect(page.get_by_role("status")).to_contain_text("Sudah terbit")
    reader = new_phone().new_page()
    reader.goto(site.url + LESSON)
    expect(reader.locator("article")).to_contain_text("Kalimat yang lebih mudah")
    question = reader.locator("fieldset, section, .question", has_text="Rumah Bu Sari").last
    picture = question.get_by_role("img", name="Rumah kayu di tepi jalan.")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("found => found.decode().then(() => found.naturalWidth)") > 0
    question.get_by_label("Sebuah sekolah").check()
    expect(reader.locator(".verdict", has_text="Lihat sekali lagi.")).to_be_visible()


def test_the_manual_is_one_press_away_from_where_one_writes(site: Site, new_phone: Phones) -> None:
    with site.app.app_context():
        publish_course(MANUAL.slug, dict(MANUAL.files))
    page = new_phone().new_page()
    enter(page.context, site)
    home = f"/pelatih/kursus/{SLUG}"
    for address in (home, f"{home}/sunting/dasar/satu.md", f"{home}/terbitkan", f"{home}/soal", f"{home}/terbitan/1"):
        page.goto(site.url + address)
        page.locator(".crumb").get_by_role("link", name="Bantuan").click()
        expect(page).to_have_url(re.compile(f"/belajar/{MANUAL.slug}/"))
        assert page.locator("h1").inner_text() in {lesson.title for lesson in MANUAL.lessons}

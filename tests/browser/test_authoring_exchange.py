"""A trainer brings questions from a word processor, takes the course home, and brings it back, on a phone."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from lms.content import queries
from lms.core.archive import pack, unpack
from lms.database import end_reading
from tests.browser.conftest import Site
from tests.browser.test_authoring_editor import enter
from tests.conftest import SLUG

pytestmark = pytest.mark.browser

HOME = f"/pelatih/kursus/{SLUG}"
WORD = """1. Tetangga bertanya tentang utang Bu Sari. Apa jawaban Anda?
a. Menceritakan garis besarnya saja
b. Menolak dengan sopan
   dan mengalihkan pembicaraan

2. Berapa batas umur termuda lanjut usia?

Kunci jawaban: 1. B
2. 60 | enam puluh"""


@pytest.fixture
def desk(site: Site, phone: Page) -> Page:
    """The desk of the course, for somebody who may edit it."""
    enter(phone.context, site)
    phone.goto(f"{site.url}{HOME}")
    phone.click("text=Pengaturan, gambar, soal, unduh, terbitan")
    return phone


def draft(site: Site, slug: str = SLUG) -> dict[str, bytes]:
    with site.app.app_context():
        course = queries.course_by_slug(slug)
        assert course is not None
        held = queries.files_of(queries.draft_hashes(course.id))
        end_reading()
        return held


def archive(data: bytes) -> FilePayload:
    return {"name": "kursus.zip", "mimeType": "application/zip", "buffer": data}


def test_questions_pasted_from_a_word_processor_are_mended_and_come_in(site: Site, desk: Page) -> None:
    desk.click("text=Masukkan soal")
    desk.select_option("#pelajaran", "dasar/dua.md")
    desk.check("[name=bagian][value=latihan]")
    desk.fill("#teks", WORD)
    before = draft(site)
    desk.click("button[value=lihat]")
    expect(desk.locator("h1")).to_contain_text("2 soal untuk")
    expect(desk.locator(".feedback .right")).to_contain_text("Menolak dengan sopan dan mengalihkan pembicaraan")
    expect(desk.locator(".catatan")).to_contain_text("belum punya umpan balik")
    assert draft(site) == before
    text = desk.input_value("#soal")
    desk.fill(
        "#soal", text.replace("garis besarnya saja\n", "garis besarnya saja\n  > Garis besar pun membuka rahasia.\n")
    )
    desk.click("text=Periksa lagi")
    expect(desk.locator("main")).to_contain_text("Tidak ada yang perlu dibetulkan")
    desk.click("text=Masukkan 2 soal")
    desk.wait_for_url("**/sunting/dasar/dua.md")
    assert "### Berapa batas umur termuda lanjut usia?" in desk.input_value("#teks")


def test_a_course_goes_home_and_comes_back(site: Site, desk: Page) -> None:
    desk.click("text=Unduh dan unggah")
    with desk.expect_download() as started:
        desk.click("text=Unduh kursus (.zip)")
    data = started.value.path().read_bytes()
    files = unpack(data).files
    assert files == draft(site)
    changed = {**files, "dasar/dua.md": files["dasar/dua.md"] + b"\n## Tambahan\n\nDitulis di komputer.\n"}
    desk.set_input_files("#zip", archive(pack(changed, "apa-saja")))
    desk.click("button[value=lihat-zip]")
    expect(desk.locator("main")).to_contain_text("Berubah (1)")
    assert draft(site) == files
    desk.click("text=Ganti rancangan dengan isi zip")
    desk.wait_for_url(f"**{HOME}")
    expect(desk.locator("[id='p-dasar/dua.md']")).to_contain_text("berubah sejak terbitan 1")
    assert draft(site) == changed


def test_a_course_from_a_zip_is_a_course_of_ones_own(site: Site, desk: Page) -> None:
    files = draft(site)
    desk.goto(f"{site.url}/pelatih/kursus")
    desk.click("text=Kursus dari zip")
    desk.set_input_files("#zip", archive(b"bukan zip"))
    desk.click("button[value=lihat-zip]")
    expect(desk.locator("#zip-salah")).to_contain_text("bukan zip yang utuh")
    desk.set_input_files("#zip", archive(pack(files, "k")))
    desk.click("button[value=lihat-zip]")
    desk.click("text=Buat kursus ini")
    desk.wait_for_url("**/pelatih/kursus/kursus-kecil")
    expect(desk.locator("h1")).to_have_text("Kursus kecil")
    assert draft(site, "kursus-kecil") == files

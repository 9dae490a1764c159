"""A trainer brings questions from a word processor, takes the course home, and brings it back, on a phone."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from lms.authoring.archive import pack, unpack
from lms.course import queries
from lms.course.check import LONGEST_FILE
from lms.db.engine import end_reading
from tests.browser.conftest import Site
from tests.browser.test_authoring_editor import enter
from tests.conftest import SLUG
from tests.course.test_hostile import LESSONS

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


GIFT = (
    "::Warna daun::Apa warna daun sehat? {=Hijau#Betul, karena klorofil. ~Biru#Daun tidak biru. ~Merah#Belum tepat.}\n"
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled_in(template: Path) -> bytes:
    """The template with one question in it, as somebody saves it."""
    book, out = load_workbook(io.BytesIO(template.read_bytes())), io.BytesIO()
    question = {"soal": "Siapa yang memutuskan?", "pilihan a": "PSM", "pilihan b": "Dinas Sosial", "kunci": "B"}
    book["Soal"].append([question.get(str(cell.value)) for cell in book["Soal"][1]])
    book.save(out)
    return out.getvalue()


def brought(desk: Page, name: str, mime: str, data: bytes) -> None:
    """Choose a file of questions for the second lesson's practice, and look at what comes of it."""
    desk.select_option("#pelajaran", "dasar/dua.md")
    desk.check("[name=bagian][value=latihan]")
    desk.set_input_files("#berkas", {"name": name, "mimeType": mime, "buffer": data})
    desk.click("button[value=lihat]")


def test_questions_come_from_the_spreadsheet_and_from_moodle_after_a_look(site: Site, desk: Page) -> None:
    desk.click("text=Masukkan soal")
    address = desk.url
    with desk.expect_download() as started:
        desk.click("text=Unduh templat Excel")
    before = draft(site)
    brought(desk, "templat.xlsx", XLSX, filled_in(started.value.path()))
    expect(desk.locator("h1")).to_contain_text("1 soal untuk")
    expect(desk.locator(".feedback .right")).to_contain_text("Dinas Sosial")
    assert draft(site) == before
    desk.goto(address)
    brought(desk, "soal.gift", "text/plain", GIFT.encode())
    expect(desk.locator("h1")).to_contain_text("1 soal untuk")
    expect(desk.locator(".feedback .right")).to_contain_text("Hijau")
    assert draft(site) == before
    desk.click("text=Masukkan 1 soal")
    desk.wait_for_url("**/sunting/dasar/dua.md")
    text = desk.input_value("#teks")
    assert "- [x] Hijau\n  > Betul, karena klorofil.\n" in text
    assert text.index("## Latihan") < text.index("- [x] Hijau")


def test_one_lesson_goes_home_and_comes_back_byte_for_byte(site: Site, desk: Page) -> None:
    desk.click("text=Unduh dan unggah")
    desk.click("text=Satu pelajaran saja (.md)")
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Pelajaran dua").click()
    data = started.value.path().read_bytes()
    assert data == draft(site)["dasar/dua.md"]
    changed = data.replace(b"\n", b"\r\n") + b"Ditulis di komputer."
    desk.set_input_files("#md", {"name": "apa saja.md", "mimeType": "text/markdown", "buffer": changed})
    desk.select_option("#tujuan", "ganti:dasar/dua.md")
    desk.click("button[value=lihat-md]")
    expect(desk.locator("h1")).to_have_text("Ganti pelajaran")
    assert draft(site)["dasar/dua.md"] == data
    desk.click("text=Ganti dengan berkas ini")
    desk.wait_for_url(re.compile(r"/(sunting|kursus)/"))
    expect(desk.locator("h1")).not_to_have_text("Ganti pelajaran")
    assert draft(site)["dasar/dua.md"] == changed


NAMES = ("NUL", "open brackets", "backticks of every length", "questions", "a deep list", "rows", "a huge draw")


def test_hostile_files_break_no_page_and_are_refused_or_told_of(site: Site, desk: Page) -> None:
    before = draft(site)
    way = f"{site.url}{HOME}/bawa"
    refused = {
        "gambar.md": b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        "besar.md": b"# Besar\n" + b"kata " * (LONGEST_FILE // 5),
        "latin.md": "# Judul\n\nd\xe9sa".encode("latin-1"),
        "kosong.md": b"",
    }
    for name, data in refused.items():
        desk.goto(way)
        desk.set_input_files("#md", {"name": name, "mimeType": "text/markdown", "buffer": data})
        desk.select_option("#tujuan", "ganti:dasar/dua.md")
        desk.click("button[value=lihat-md]")
        expect(desk.locator("#md-salah"), name).to_be_visible()
    for name in NAMES:
        files = {**before, "dasar/dua.md": LESSONS[name].encode("utf-8", "replace")[: LONGEST_FILE // 4]}
        desk.goto(way)
        desk.set_input_files("#zip", archive(pack(files, "k")))
        desk.click("button[value=lihat-zip]")
        expect(desk.locator("h1"), name).to_be_visible()
        expect(desk.locator(".catatan .galat, .catatan .peringatan, #zip-salah").first, name).to_be_visible()
    assert draft(site) == before
    desk.goto(f"{site.url}{HOME}")
    expect(desk.locator("h1")).to_have_text("Kursus kecil")

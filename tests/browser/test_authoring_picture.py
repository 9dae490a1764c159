"""Pictures on a phone: chosen, pasted or dropped, made small before they cross the line, told in words, put in."""

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from lms.course import queries
from lms.db.engine import db
from tests.browser.conftest import Site
from tests.browser.test_authoring_editor import HOME, SATU, area, enter, put_caret
from tests.course.test_redraw import drawing, photo, talkative_exif, told, written

pytestmark = pytest.mark.browser

SENDS = "**/gambar/**"
WORDS = "Dua orang di teras"
NAME = "media/dua-orang-di-teras.jpg"
GIVE = """([kind, type, data, withText]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    if (type) transfer.items.add(new File([bytes], 'foto', {type}));
    if (withText) transfer.setData('text/plain', 'Teks dari Word');
    const options = {bubbles: true, cancelable: true};
    const event = kind === 'paste' ? new ClipboardEvent('paste', {...options, clipboardData: transfer})
        : new DragEvent(kind, {...options, dataTransfer: transfer});
    document.getElementById('teks').dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture
def editor(site: Site, phone: Page) -> Page:
    enter(phone.context, site)
    phone.goto(f"{site.url}{HOME}/sunting/{SATU}")
    expect(phone.locator("#alat")).to_be_visible()
    return phone


def chooser(page: Page) -> Locator:
    """The field for files; what asks for them comes when its menu is opened."""
    field = page.locator("[data-gambar] input[type=file]").first
    if not field.count():
        page.locator("summary", has_text="Gambar").first.click()
    return field


def choose(page: Page, data: bytes, name: str = "IMG_0001.JPG", kind: str = "image/jpeg") -> None:
    chooser(page).set_input_files({"name": name, "mimeType": kind, "buffer": data})
    expect(page.locator("#gambar-teks")).to_be_visible()


def tell_and_send(page: Page, words: str = WORDS) -> None:
    page.fill("#gambar-teks", words)
    page.get_by_role("button", name="Sisipkan", exact=True).click()


def has(page: Page, part: str) -> None:
    """Wait until this stands in the text."""
    page.wait_for_function("part => document.getElementById('teks').value.includes(part)", arg=part)


def give(page: Page, kind: str, data: bytes, *, type: str = "image/png", with_text: bool = False) -> bool:
    """Paste or drop a file onto the text; whether the page took it."""
    taken: bool = page.evaluate(GIVE, [kind, type, base64.b64encode(data).decode(), with_text])
    return taken


def kept(site: Site, name: str = NAME) -> bytes:
    with site.app.app_context():
        db.session.rollback()
        blob = queries.draft_hash(1, f"dasar/{name}")
        return queries.blobs({blob})[blob] if blob else b""


def test_a_photograph_is_shrunk_sent_and_put_in_at_the_caret(editor: Page, site: Site) -> None:
    data = written(photo(2600, 1900), "JPEG", quality=97, exif=talkative_exif(6))
    assert len(data) > 1_000_000
    put_caret(editor, "pembuka tentang desa")
    choose(editor, data)
    shown = editor.locator("[data-gambar] canvas")
    assert shown.evaluate("canvas => canvas.width < canvas.height")  # Turned as its EXIF says.
    expect(editor.locator("[data-gambar] .quiet")).to_have_text(re.compile(r"^\d+ KB, tadinya [\d.]+ KB$"))
    tell_and_send(editor)
    has(editor, f"dua](dua.md).\n\n![{WORDS}]({NAME})\n\n![Sebuah")
    expect(editor.locator(".kirim-gambar")).to_have_text(re.compile(r"^Gambar disisipkan: \d+ KB\.$"))
    arrived = kept(site)
    picture = Image.open(io.BytesIO(arrived))
    assert (picture.height > picture.width, max(picture.size) <= 1280, len(arrived) <= 100 * 1024) == (True, True, True)
    assert told(arrived) == []
    expect(editor.frame_locator("#layar iframe").locator(f"img[alt='{WORDS}']")).to_be_visible()
    editor.keyboard.press("Control+z")
    assert WORDS not in area(editor).input_value()


def test_where_nobody_has_put_the_caret_it_goes_below_the_title(editor: Page) -> None:
    choose(editor, written(drawing(), "PNG"))
    tell_and_send(editor)
    put = f"# Pelajaran satu\n\n![{WORDS}](media/dua-orang-di-teras.png)\n\nSetelah"
    has(editor, put)
    assert area(editor).input_value().startswith(put)


def test_what_crosses_the_line_is_small(editor: Page) -> None:
    sizes: list[int] = []
    editor.route(SENDS, lambda route: (sizes.append(len(route.request.post_data_buffer or b"")), route.continue_()))
    data = written(photo(2600, 1900), "JPEG", quality=97)
    choose(editor, data)
    with editor.expect_response(SENDS):
        tell_and_send(editor)
    assert 0 < sizes[0] < len(data) / 3


def test_without_words_nothing_is_sent_and_the_field_says_so(editor: Page) -> None:
    choose(editor, written(drawing(), "PNG"), "alur.png", "image/png")
    editor.get_by_role("button", name="Sisipkan", exact=True).click()
    expect(editor.locator("#gambar-salah")).to_contain_text("Tulis apa yang terlihat")
    expect(editor.locator("#gambar-teks")).to_be_focused()
    editor.keyboard.type("Alur rujukan")
    editor.keyboard.press("Enter")
    has(editor, "![Alur rujukan](media/alur-rujukan.png)")
    assert "/sunting/" in editor.url


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped(editor: Page, kind: str) -> None:
    assert give(editor, kind, written(drawing(), "PNG"))
    expect(editor.locator("#gambar-teks")).to_be_visible()
    tell_and_send(editor)
    has(editor, f"![{WORDS}](media/dua-orang-di-teras.png)")


def test_text_that_is_pasted_with_its_picture_stays_text(editor: Page) -> None:
    give(editor, "paste", written(drawing(), "PNG"), with_text=True)
    expect(editor.locator("#gambar-teks")).to_be_hidden()


def test_a_file_that_is_no_picture_does_not_take_the_place_of_the_page(editor: Page) -> None:
    assert give(editor, "drop", b"%PDF-1.7", type="application/pdf")
    expect(editor.locator(".kirim-gambar")).to_contain_text("bukan gambar")


def test_a_picture_waits_for_the_signal_and_is_sent_again_by_its_button(editor: Page, site: Site) -> None:
    choose(editor, written(photo(), "JPEG"))
    editor.route(SENDS, lambda route: route.abort())
    tell_and_send(editor)
    expect(editor.locator("#gambar-salah")).to_contain_text("Belum terkirim")
    assert kept(site) == b""
    editor.unroute(SENDS)
    expect(editor.locator("#gambar-teks")).to_have_value(WORDS)
    editor.get_by_role("button", name="Kirim lagi").click()
    has(editor, f"![{WORDS}]({NAME})")


def test_a_reply_that_is_lost_makes_no_second_picture(editor: Page, site: Site) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    choose(editor, written(photo(), "JPEG"))
    editor.route(SENDS, lose)
    tell_and_send(editor)
    expect(editor.locator("#gambar-salah")).to_contain_text("Belum terkirim")
    editor.unroute(SENDS)
    editor.get_by_role("button", name="Kirim lagi").click()
    has(editor, f"![{WORDS}]({NAME})")
    assert kept(site, "media/dua-orang-di-teras-2.jpg") == b""


def test_a_stale_form_token_is_renewed(editor: Page, site: Site) -> None:
    editor.evaluate("document.querySelector('input[name=csrf_token]').value = 'basi'")
    choose(editor, written(photo(), "JPEG"))
    tell_and_send(editor)
    has(editor, f"![{WORDS}]({NAME})")
    assert kept(site) != b""


def test_what_the_server_refuses_is_said_and_can_be_dropped(editor: Page) -> None:
    choose(editor, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_0001.HEIC", "image/heic")
    tell_and_send(editor)
    expect(editor.locator("#gambar-salah")).to_contain_text("HEIC")
    editor.get_by_role("button", name="Batal").click()
    expect(editor.locator("#gambar-teks")).to_be_hidden()


def test_several_are_asked_about_one_after_the_other(editor: Page, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.png").write_bytes(written(drawing(200 + number), "PNG"))
    chooser(editor).set_input_files(sorted(tmp_path.glob("*.png")))
    for words in ("Gambar pertama", "Gambar kedua"):
        expect(editor.locator("#gambar-teks")).to_have_value("")
        tell_and_send(editor, words)
        has(editor, f"![{words}]")
    expect(editor.locator("#gambar-teks")).to_be_hidden()


def test_without_script_a_page_does_the_same(site: Site, new_phone: Any) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    enter(page.context, site)
    page.goto(f"{site.url}{HOME}/gambar?pelajaran={SATU}")
    page.set_input_files("#gambar", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": written(photo(), "JPEG")})
    page.fill("#teks", WORDS)
    page.click("text=Simpan gambar")
    expect(page.locator("#baris")).to_have_value(f"![{WORDS}]({NAME})")
    page.click("text=Kembali ke pelajaran")
    expect(page.locator("#teks")).to_be_visible()

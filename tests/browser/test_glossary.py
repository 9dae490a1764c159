"""A term opens its explanation where it stands, for fingers, keys and screen readers; without script it is a link."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.course.folder import read_folder
from tests.browser.conftest import Site
from tests.browser.looking import cut, judged, make_ready
from tests.conftest import COURSE, SLUG, publish_course

pytestmark = pytest.mark.browser

GLOSSARY = "## Desa | kelurahan\n\nTempat tinggal [warga](dasar/dua.md).\n\n## Kota\n\n" + "Tempat yang ramai. " * 15
PROSE = "Orang juga tinggal di kota. Kalimat pembuka tentang **desa**."


@pytest.fixture
def address(site: Site) -> str:
    """A lesson with two terms, one of them explained at length."""
    files = read_folder(COURSE)
    files["glosarium.md"] = GLOSSARY.encode()
    files["dasar/satu.md"] = files["dasar/satu.md"].replace(b"Kalimat pembuka tentang desa.", PROSE.encode())
    with site.app.app_context():
        publish_course(SLUG, files)
    return f"{site.url}/belajar/{SLUG}/dasar/satu"


def test_a_tap_opens_the_explanation_and_a_tap_elsewhere_closes_it(address: str, phone: Page) -> None:
    phone.goto(address)
    box = phone.get_by_role("dialog")
    word = phone.get_by_role("link", name="desa", exact=True)
    word.click()
    expect(box).to_contain_text("Desa (kelurahan)")
    expect(box).to_contain_text("Tempat tinggal warga.")
    expect(word).to_have_attribute("aria-expanded", "true")
    assert phone.url == address
    phone.get_by_role("link", name="kota", exact=True).click()
    expect(box).to_have_count(1)
    expect(box).to_contain_text("Tempat yang ramai.")
    phone.locator("h1").click()
    expect(box).to_have_count(0)
    expect(word).to_have_attribute("aria-expanded", "false")
    word.click()
    word.click()
    expect(box).to_have_count(0)


def test_keys_open_it_read_it_and_come_back_to_the_word(address: str, phone: Page) -> None:
    phone.goto(address)
    box = phone.get_by_role("dialog", name="desa")
    word = phone.get_by_role("link", name="desa", exact=True)
    word.press("Enter")
    expect(box).to_be_focused()
    phone.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(word).to_be_focused()
    word.press("Enter")
    phone.keyboard.press("Tab")
    expect(box.get_by_role("link", name="warga")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(word).to_be_focused()
    word.press("Enter")
    for _ in range(3):
        phone.keyboard.press("Tab")
    expect(box).to_have_count(0)
    expect(phone.get_by_role("link", name="pelajaran dua").first).to_be_focused()


@pytest.mark.parametrize(("width", "size"), [(320, "biasa"), (360, "sangat-besar"), (180, "biasa"), (1280, "besar")])
def test_it_fits_every_screen_and_size_of_letters(address: str, phone: Page, width: int, size: str) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(address)
    phone.evaluate(f"document.documentElement.className = 'huruf-{size}'")
    for name in ("desa", "kota"):
        word = phone.get_by_role("link", name=name, exact=True)
        word.click()
        box, place = phone.get_by_role("dialog").bounding_box(), word.bounding_box()
        assert box
        assert place
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert 0 <= box["y"] - place["y"] - place["height"] < 30
        make_ready(phone)
        assert [*cut(phone, name, ""), *judged(phone, name)] == []
        phone.keyboard.press("Escape")


def test_without_script_the_word_leads_to_the_end_of_the_lesson(
    address: str, new_phone: Callable[..., BrowserContext]
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    page.goto(address)
    page.get_by_role("link", name="desa", exact=True).click()
    assert page.url == f"{address}#istilah-desa"
    expect(page.locator("#istilah-desa")).to_be_in_viewport()
    page.get_by_role("link", name="Desa", exact=True).click()
    assert page.url.endswith(f"/istilah/{SLUG}#istilah-desa")
    page.fill("#cari", "ramai")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator("dt")).to_have_text(["Kota"])


def test_with_script_the_list_is_filtered_while_one_types(site: Site, address: str, phone: Page) -> None:
    phone.goto(f"{site.url}/istilah/{SLUG}")
    shown = phone.locator("dt:visible")
    expect(shown).to_have_count(3)
    phone.fill("#cari", "KELURÁHAN")
    expect(shown).to_have_text(["Desa (kelurahan)"])
    expect(phone.get_by_role("status")).to_have_text("1 istilah memuat “KELURÁHAN”.")
    expect(phone.locator("h2:visible")).to_have_text(["D"])
    phone.fill("#cari", "tempatt-tinggal")
    expect(shown).to_have_text(["Desa (kelurahan)"])
    phone.fill("#cari", "xyz")
    expect(shown).to_have_count(0)
    expect(phone.get_by_role("status")).to_contain_text("Tidak ada istilah")
    phone.keyboard.press("Enter")
    phone.fill("#cari", "")
    expect(shown).to_have_count(3)
    assert phone.url == f"{site.url}/istilah/{SLUG}"

"""The desk on a phone: messages that are copied by a button, or by hand where no script runs; cards, not a table."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Membership, Person
from lms.web.clock import now
from tests.browser.conftest import Site
from tests.browser.quiz import give_session
from tests.conftest import Cast, add_member, add_person

pytestmark = pytest.mark.browser

LETTERS = str.maketrans("0123456789", "ghijklmnop")


@pytest.fixture
def trainer(site: Site) -> str:
    """The device of a trainer, one of whose people joined ten days ago and did nothing."""
    from lms.people import actions as accounts

    with site.app.app_context():
        cast = Cast()
        member = add_member(add_person("Wagiyem"), cast.bimtek)
        with writing():
            db.session.get_one(Membership, member).joined_at = now() - timedelta(days=10)
            return accounts.add_device(cast.trainer, "Android, Chrome", now()).id


def test_a_message_is_copied_as_it_stands(site: Site, trainer: str, new_phone: Callable[..., BrowserContext]) -> None:
    phone = new_phone(permissions=["clipboard-read", "clipboard-write"])
    give_session(phone, site, trainer)
    page = phone.new_page()
    page.goto(f"{site.url}/pelatih/B1MTEK/macet")
    page.locator("summary", has_text="Wagiyem").click()
    text = page.get_by_label("Pesan untuk Wagiyem")
    text.fill("Bu Wagiyem, mari kita lanjutkan.")
    page.get_by_role("button", name="Salin pesan", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Sudah disalin. Tempelkan di WhatsApp.")
    assert page.evaluate("navigator.clipboard.readText()") == "Bu Wagiyem, mari kita lanjutkan."


def test_a_new_cohort_says_what_is_missing_and_then_gives_its_link(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext]
) -> None:
    phone = new_phone(permissions=["clipboard-read", "clipboard-write"])
    give_session(phone, site, trainer)
    page = phone.new_page()
    page.goto(f"{site.url}/pelatih/baru")
    page.get_by_label("Nama angkatan").fill("Bimtek Selogiri")
    page.get_by_label("Hari pertama").fill("2026-12-07")
    page.get_by_role("button", name="Buka angkatan").click()
    page.get_by_role("alert").get_by_role("link", name="Hari terakhir").click()
    expect(page.get_by_label("Hari terakhir")).to_be_focused()
    page.get_by_label("Hari terakhir").fill("2026-12-08")
    page.get_by_role("button", name="Buka angkatan").click()
    expect(page.get_by_text("Angkatan sudah dibuka.")).to_be_visible()
    page.get_by_role("button", name="Salin tautan").click()
    expect(page.locator("#kabar-salin")).to_have_text("Sudah disalin. Tempelkan di WhatsApp.")
    link = page.locator("#alamat").inner_text()
    assert "/ikut/" in link
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_whatsapp_is_given_what_was_typed(site: Site, trainer: str, new_phone: Callable[..., BrowserContext]) -> None:
    with site.app.app_context(), writing():
        db.session.query(Person).filter_by(name="Wagiyem").update({"phone": "081234567890"})
    phone = new_phone()
    give_session(phone, site, trainer)
    page = phone.new_page()
    page.goto(f"{site.url}/pelatih/B1MTEK/macet")
    page.get_by_role("button", name="Tampilkan nomor").click()
    expect(page.get_by_role("status")).to_contain_text("Ini tercatat atas nama Anda.")
    expect(page.get_by_role("status")).to_be_in_viewport()
    page.locator("summary", has_text="Wagiyem").click()
    link = page.get_by_role("link", name="Kirim lewat WhatsApp ke 081234567890")
    words = "Bu Wagiyem, $& mari & lanjut?\nBesok #1"
    page.get_by_label("Pesan untuk Wagiyem").fill(words)
    address = urlsplit(link.get_attribute("href") or "")
    assert (address.netloc, address.path) == ("wa.me", "/6281234567890")
    assert parse_qs(address.query) == {"text": [words]}


def test_where_the_clipboard_is_refused_the_text_is_selected_and_copied(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext]
) -> None:
    phone = new_phone()
    phone.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    give_session(phone, site, trainer)
    page = phone.new_page()
    page.goto(f"{site.url}/pelatih/B1MTEK/macet")
    page.get_by_role("button", name="Salin pesan grup").click()
    expect(page.get_by_role("status")).to_have_text("Sudah disalin. Tempelkan di WhatsApp.")
    assert page.evaluate("document.getSelection().toString()").startswith("Salam hormat, Bapak/Ibu peserta")


def test_without_script_the_text_is_there_to_select_and_people_are_cards(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext]
) -> None:
    phone = new_phone(java_script_enabled=False)
    give_session(phone, site, trainer)
    page = phone.new_page()
    page.goto(f"{site.url}/pelatih/B1MTEK/macet")
    page.locator("summary", has_text="Wagiyem").click()
    expect(page.get_by_label("Pesan untuk Wagiyem")).to_be_editable()
    expect(page.get_by_role("button", name="Salin pesan")).to_have_count(0)
    page.goto(f"{site.url}/pelatih/B1MTEK")
    page.get_by_label("Tampilkan").select_option("belum")
    page.get_by_role("button", name="Tampilkan").click()
    card = page.locator(".people tr", has_text="Wagiyem")
    box = card.bounding_box()
    assert box
    assert 250 < box["width"] <= 360
    assert 70 < box["height"] < 200


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_of_fifty_people_is_short_on_a_phone_and_says_all_on_a_screen(
    site: Site, trainer: str, new_phone: Callable[..., BrowserContext], width: int
) -> None:
    with site.app.app_context():
        cohort_id = db.session.query(Cohort.id).filter_by(code="B1MTEK").scalar()
        for number in range(48):  # Names that nobody takes for one another.
            add_member(add_person(hashlib.sha256(bytes([number])).hexdigest().translate(LETTERS)[:16]), cohort_id)
    browser = new_phone()
    give_session(browser, site, trainer)
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{site.url}/pelatih/B1MTEK?urut=lama")
    expect(page.locator(".people tbody tr")).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollHeight") < 3_500
    row = page.locator(".people tr", has_text="Wagiyem")
    phone = width == 360
    expect(row.locator(".standing")).to_be_visible(visible=phone)
    expect(row.get_by_text("0 dari 2 kuis lulus")).to_be_visible(visible=not phone)
    expect(row).to_contain_text("macet 10 hari")
    if phone:
        row.click(position={"x": 300, "y": 20})
        expect(page.get_by_role("heading", level=1)).to_have_text("Wagiyem")

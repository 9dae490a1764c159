"""Joining: one of 294 villages is found by a few letters, and the plain list still carries it."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.db.engine import db, writing
from lms.db.tables import Person
from lms.people.actions import add_device
from lms.web.clock import now
from tests.browser.conftest import Site
from tests.browser.quiz import give_session
from tests.conftest import SLUG, add_person

pytestmark = pytest.mark.browser

SUMBERAGUNG = "Sumberagung – Pracimantoro"


@pytest.fixture
def form(site: Site, phone: Page) -> Page:
    phone.goto(f"{site.url}/ikut/{site.join_code}")
    phone.fill("#nama", "Siti Aminah")
    return phone


def regions(site: Site) -> list[str | None]:
    with site.app.app_context():
        return list(db.session.scalars(select(Person.region)))


def send(page: Page) -> None:
    page.get_by_role("button", name="Ikut dan buat kartu saya").click()


def test_a_village_is_found_and_taken_by_keyboard_alone(site: Site, form: Page) -> None:
    village = form.get_by_role("combobox", name="Desa atau kelurahan")
    village.press_sequentially("SUMBÉRAG")
    options = form.get_by_role("option")
    expect(options.filter(has_text=SUMBERAGUNG)).to_be_visible()
    expect(village).to_have_attribute("aria-expanded", "true")
    names = options.all_inner_texts()
    for _ in range(names.index(SUMBERAGUNG) + 1):
        village.press("ArrowDown")
    chosen = form.locator("[aria-selected=true]")
    expect(chosen).to_have_text(SUMBERAGUNG)
    expect(village).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    village.press("Enter")
    expect(village).to_have_value(SUMBERAGUNG)
    expect(village).to_have_attribute("aria-expanded", "false")
    send(form)
    form.wait_for_url(re.compile("/saya/kartu"))
    assert regions(site) == ["33.12.01.2001"]


def test_a_village_is_found_by_its_kecamatan_and_taken_by_a_tap(site: Site, form: Page) -> None:
    form.get_by_role("combobox").press_sequentially("pracimantoro sumber")
    form.get_by_role("option", name=SUMBERAGUNG).click()
    send(form)
    form.wait_for_url(re.compile("/saya/kartu"))
    assert regions(site) == ["33.12.01.2001"]


def test_at_most_eight_are_offered_and_escape_puts_them_away(form: Page) -> None:
    village = form.get_by_role("combobox")
    village.press_sequentially("a")
    expect(form.get_by_role("option")).to_have_count(8)
    expect(form.locator("#kabar-desa")).to_have_text(re.compile(r"^dan \d+ lagi; ketik lebih lengkap\.$"))
    village.press("Escape")
    expect(form.locator("#kabar-desa")).to_be_empty()
    expect(form.get_by_role("listbox")).to_be_hidden()
    expect(village).to_have_value("a")


def test_letters_that_name_no_village_are_not_sent(site: Site, form: Page) -> None:
    form.get_by_role("combobox").press_sequentially("zzz")
    expect(form.get_by_text("Belum ada yang cocok.")).to_be_visible()
    send(form)
    expect(form.get_by_text("Pilih desa atau kelurahan Anda dari daftar.")).to_be_visible()
    expect(form.get_by_role("combobox")).to_be_focused()
    expect(form.get_by_role("combobox")).to_have_attribute("aria-invalid", "true")
    form.get_by_role("combobox").fill("sumberagung prac")
    form.get_by_role("option", name=SUMBERAGUNG).click()
    assert form.get_by_role("combobox").get_attribute("aria-invalid") is None
    assert regions(site) == []


def test_staff_of_no_village_leave_it_empty_but_send_no_letters_for_one(site: Site, phone: Page) -> None:
    with site.app.app_context():
        person_id = add_person("Agus Prasetyo")
        with writing():
            db.session.get_one(Person, person_id).region = None
            device = add_device(person_id, "Android, Chrome", now()).id
    give_session(phone.context, site, device)
    phone.goto(f"{site.url}/saya/perbaiki")
    phone.get_by_role("combobox").fill("Atlantis")
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.locator("#kabar-desa")).to_have_text("Pilih desa atau kelurahan Anda dari daftar.")
    phone.get_by_role("combobox").fill("")
    phone.get_by_role("button", name="Simpan").click()
    phone.wait_for_url(f"{site.url}/saya?diperbaiki=1")


def test_what_was_chosen_survives_a_page_with_faults(site: Site, form: Page) -> None:
    form.fill("#nama", "ꦱꦶꦠꦶ")
    form.get_by_role("combobox").press_sequentially("sumberagung prac")
    form.get_by_role("option", name=SUMBERAGUNG).click()
    send(form)
    expect(form.get_by_text("Tulis dengan huruf Latin seperti di KTP.")).to_be_visible()
    expect(form.get_by_role("combobox")).to_have_value(SUMBERAGUNG)
    form.fill("#nama", "Siti Aminah")
    send(form)
    form.wait_for_url(re.compile("/saya/kartu"))
    assert regions(site) == ["33.12.01.2001"]


def test_changing_ones_mind_unchooses(site: Site, form: Page) -> None:
    village = form.get_by_role("combobox")
    village.press_sequentially("sumberagung prac")
    form.get_by_role("option", name=SUMBERAGUNG).click()
    village.press("Backspace")
    expect(form.locator("select[name=desa]")).to_have_value("")


def test_the_button_of_a_long_name_in_large_letters_is_whole_and_in_reach(site: Site, phone: Page) -> None:
    with site.app.app_context():
        person_id = add_person("Suryaningratwati Lestariningsih Wahyuningrumdewantari")
        with writing():
            device = add_device(person_id, "Android, Chrome", now()).id
    give_session(phone.context, site, device)
    phone.context.add_cookies([{"name": "huruf", "value": "sangat-besar", "url": site.url}])
    phone.goto(f"{site.url}/ikut/{site.join_code}")
    button = phone.get_by_role("button", name="Ikut sebagai Suryaningratwati")
    assert button.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    phone.wait_for_url(f"{site.url}/belajar/{SLUG}")

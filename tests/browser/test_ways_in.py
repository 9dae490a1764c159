"""The first scene goes on on another phone, by each of the ways in; and a photographed card is worth nothing later."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Person
from lms.people import actions
from lms.web.clock import now
from tests.browser.conftest import Phones, Site, join
from tests.browser.quiz import card_of
from tests.conftest import SLUG, add_member, add_person

pytestmark = pytest.mark.browser

NAME, PHONE, PIN = "Siti Aminah", "0812-3456-7890", "739154"


@pytest.fixture
def walked(site: Site, phone: Page) -> Page:
    """The first phone: joined, and one lesson finished."""
    join(phone, site, NAME)
    phone.goto(f"{site.url}/belajar/{SLUG}/dasar/satu")
    phone.get_by_role("button", name="Selesai, lanjut ke kuis").click()
    expect(phone.get_by_role("button", name="Mulai kuis")).to_be_visible()
    return phone


def person(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalars(select(Person.id).where(Person.name == NAME)).one()


def trainer(site: Site) -> int:
    """A trainer of the participant's cohort."""
    with site.app.app_context():
        cohort = db.session.scalars(select(Cohort.id)).first()
        found = add_person("Retno Wulandari")
        add_member(found, cohort, "pelatih")
        return found


def finished_here(page: Page, site: Site) -> int:
    """How many lessons are finished for who came in, after the page has greeted the participant."""
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Selamat belajar, {NAME}")
    page.goto(f"{site.url}/belajar/{SLUG}")
    return page.locator(".steps .done").count()


def open_way(page: Page, site: Site, title: str) -> None:
    page.goto(f"{site.url}/masuk")
    page.get_by_text(title, exact=True).click()


def test_by_the_card(site: Site, walked: Page, new_phone: Phones) -> None:
    other = new_phone().new_page()
    other.goto(f"{site.url}/masuk")
    other.get_by_label("Kode kartu").fill(card_of(site, NAME).lower())
    other.get_by_role("button", name="Lanjut dengan kartu").click()
    other.get_by_role("button", name="Ya, masuk").click()
    assert finished_here(other, site) == 1


def test_by_phone_and_pin(site: Site, walked: Page, new_phone: Phones) -> None:
    walked.goto(f"{site.url}/saya/kartu")
    walked.get_by_role("link", name="Buat PIN 6 angka").click()
    walked.get_by_label("Nomor HP Anda").fill(PHONE)
    walked.get_by_label("PIN baru, 6 angka").fill("123456")
    walked.get_by_role("button", name="Simpan PIN").click()
    expect(walked.get_by_text("PIN ini mudah ditebak.")).to_be_visible()
    expect(walked.get_by_label("Nomor HP Anda")).to_have_value(PHONE)
    walked.get_by_label("PIN baru, 6 angka").fill(PIN)
    walked.get_by_role("button", name="Simpan PIN").click()
    expect(walked.get_by_text("PIN tersimpan.")).to_be_visible()
    other = new_phone().new_page()
    open_way(other, site, "Pakai nomor HP dan PIN")
    other.get_by_label("Nomor HP").fill("+62 812 3456 7890")
    other.get_by_label("PIN, 6 angka").fill(PIN)
    other.get_by_role("button", name="Masuk dengan PIN").click()
    assert finished_here(other, site) == 1


def test_by_a_code_from_the_trainer(site: Site, walked: Page, new_phone: Phones) -> None:
    by = trainer(site)
    with site.app.app_context(), writing():
        digits = actions.new_help_code(person(site), by, now())
    other = new_phone().new_page()
    open_way(other, site, "Punya kode 8 angka dari pelatih")
    other.get_by_label("Kode dari pelatih, 8 angka").fill(f"{digits[:4]} {digits[4:]}")
    other.get_by_role("button", name="Masuk dengan kode").click()
    assert finished_here(other, site) == 1


@pytest.mark.parametrize("script", [True, False])
def test_by_a_code_shown_to_the_trainer(site: Site, walked: Page, new_phone: Phones, script: bool) -> None:
    by, who = trainer(site), person(site)
    other = new_phone(java_script_enabled=script).new_page()
    open_way(other, site, "Tunjukkan kode kepada pelatih")
    other.get_by_role("button", name="Tampilkan kode di HP ini").click()
    digits = "".join(re.findall(r"\d{4}", other.locator(".digits").inner_text()))
    with site.app.app_context(), writing():
        assert actions.confirm_shown_code(digits, who, by, now())
    if not script:
        other.get_by_role("button", name="Sudah dikonfirmasi").click()
    assert finished_here(other, site) == 1


def test_a_photographed_card_is_worth_nothing_after_it_was_replaced(
    site: Site, walked: Page, new_phone: Phones
) -> None:
    photographed = card_of(site, NAME)
    stranger = new_phone().new_page()
    stranger.goto(f"{site.url}/kartu#{photographed}")
    stranger.get_by_role("button", name="Ya, masuk").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(f"Selamat belajar, {NAME}")
    walked.goto(f"{site.url}/saya/masuk")
    expect(walked.get_by_text("perangkat ini", exact=True)).to_have_count(1)
    walked.get_by_role("link", name="Ganti kartu").click()
    walked.get_by_role("button", name="Ganti kartu sekarang").click()
    expect(walked.get_by_role("heading", level=1)).to_have_text("Ini kartu baru Anda")
    assert photographed not in walked.content().replace("</span> <span>", "")
    for path in ("/saya", "/saya/kartu", "/saya/masuk"):
        stranger.goto(f"{site.url}{path}")
        expect(stranger.get_by_role("heading", level=1)).to_have_text("Masuk")
    stranger.goto(f"{site.url}/kartu#{photographed}")
    expect(stranger.get_by_text("Kode kartu ini tidak kami kenal.")).to_be_visible()
    expect(walked.get_by_role("img", name=f"Kartu {NAME}")).to_be_visible()

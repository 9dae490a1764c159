"""Links whose secret stays behind the #: a card's, which one press signs in with, and those that make a password."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from lms.db.engine import db, writing
from lms.db.tables import Device
from lms.people.actions import new_admin_code
from lms.web.clock import now
from tests.browser.conftest import Phones, Site, join
from tests.browser.quiz import card_of

pytestmark = pytest.mark.browser


def devices(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count(Device.id))) or 0


def test_the_link_asks_who_one_is_and_only_the_press_signs_in(site: Site, phone: Page, new_phone: Phones) -> None:
    join(phone, site)
    letters = card_of(site, "Siti Aminah")
    other = new_phone().new_page()
    seen: list[str] = []
    other.on("request", lambda request: seen.append(request.url))
    other.goto(f"{site.url}/kartu#{letters}")
    expect(other.get_by_role("heading", level=1)).to_have_text("Masuk sebagai Siti Aminah?")
    assert devices(site) == 1
    assert letters not in other.url
    # Browsers report the part behind the # to this test, but send it to nobody.
    assert not any(letters in url.partition("#")[0] for url in seen)
    other.get_by_role("button", name="Ya, masuk").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Selamat belajar, Siti Aminah")
    assert devices(site) == 2


def test_the_way_back_shows_no_letters_and_sends_nothing_again(site: Site, phone: Page, new_phone: Phones) -> None:
    join(phone, site)
    letters = card_of(site, "Siti Aminah")
    other = new_phone().new_page()
    other.goto(f"{site.url}/privasi")
    other.goto(f"{site.url}/kartu#{letters}")
    expect(other.get_by_role("heading", level=1)).to_have_text("Masuk sebagai Siti Aminah?")
    other.go_back()
    # The link itself has left no entry behind.
    expect(other).to_have_url(f"{site.url}/privasi")


def test_a_card_nobody_knows_is_said_once_and_may_be_typed_again(site: Site, phone: Page) -> None:
    posts: list[str] = []
    phone.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    phone.goto(f"{site.url}/kartu#{'7' * 24}")
    expect(phone.get_by_text("Kode kartu ini tidak kami kenal.")).to_be_visible()
    assert len(posts) == 1


def test_a_link_for_a_password_leads_to_its_form_and_no_address_holds_its_secret(site: Site, phone: Page) -> None:
    with site.app.app_context(), writing():
        secret = new_admin_code(now())
    seen: list[str] = []
    phone.on("request", lambda request: seen.append(request.url.partition("#")[0]))
    phone.goto(f"{site.url}/awal#{secret}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Buat akun pengelola")
    assert secret not in " ".join((phone.url, *seen))
    phone.get_by_label("Nama lengkap").fill("Agus Prasetyo")
    phone.get_by_label("Nama masuk").fill("agus.p")
    phone.get_by_label("Sandi").fill("kopi pagi di teras")
    phone.get_by_role("button", name="Buat akun pengelola").click()
    expect(phone).to_have_url(f"{site.url}/")
    phone.goto(f"{site.url}/awal#{secret}")
    expect(phone.get_by_text("Tautan ini sudah dipakai")).to_be_visible()


@pytest.mark.parametrize("fragment", ["", "isi", "<b>", "7K3M"])
def test_other_fragments_do_nothing(site: Site, phone: Page, fragment: str) -> None:
    phone.goto(f"{site.url}/kartu#{fragment}")
    expect(phone.get_by_label("Kode kartu")).to_have_value("")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Masuk dengan kartu")

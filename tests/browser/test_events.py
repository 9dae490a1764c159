"""A morning in the hall: the code on the screen, cards before the camera, and the network gone in the middle."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect
from sqlalchemy import select

from lms.db.engine import db, writing
from lms.db.tables import Attendance, Meeting, Membership, Person
from lms.people import actions as accounts
from lms.people.cards import card_hash, card_link_of, card_token
from lms.web.clock import now
from tests.browser.conftest import Phones, Site
from tests.browser.film import filming
from tests.browser.quiz import card_of, give_session
from tests.conftest import KEY, Cast, add_member, add_person

pytestmark = pytest.mark.browser

HALL = "/pelatih/B1MTEK/hadir/1"


class Hall:
    """A bimtek whose meeting began five minutes ago; the device of its trainer, and two participants with cards."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.app.app_context():
            cast = Cast()
            self.people = [cast.participant, add_person("Wagiyem")]
            add_member(self.people[1], cast.bimtek)
            start = now() - timedelta(minutes=5)
            with writing():
                end = start + timedelta(hours=2)
                db.session.add(Meeting(cohort_id=cast.bimtek, starts_at=start, ends_at=end, subject="Praktik", jp=2))
                self.trainer = accounts.add_device(cast.trainer, "Android, Chrome", now()).id

    def noted(self) -> dict[str, tuple[str, str]]:
        """Name -> (state, way)."""
        with self.site.app.app_context():
            rows = db.session.execute(
                select(Person.name, Attendance.state, Attendance.way)
                .join(Membership, Membership.id == Attendance.membership_id)
                .join(Person, Person.id == Membership.person_id)
            )
            return {name: (state, way) for name, state, way in rows}


@pytest.fixture
def hall(site: Site) -> Hall:
    return Hall(site)


@pytest.fixture
def camera(chromium: Browser, hall: Hall, tmp_path: Path) -> Iterator[BrowserContext]:
    """The trainer's phone, before whose camera both cards are held in turn."""
    links = [card_link_of(card_token(KEY[::-1], person, 1), hall.site.url) for person in hall.people]
    with filming(chromium, links, tmp_path / "kartu.y4m") as context:
        give_session(context, hall.site, hall.trainer)
        yield context


class Line:
    """The hall's network: the first scan gets through, then nothing until it is mended."""

    def __init__(self, page: Page) -> None:
        self.sent: list[dict[str, str]] = []
        self.is_cut = False
        page.route("**/pindai", self._carry)

    def _carry(self, route: Route) -> None:
        if route.request.method == "POST":
            self._note(route.request)
        if self.is_cut and route.request.method == "POST":
            route.abort("internetdisconnected")
            return
        route.continue_()
        self.is_cut = self.is_cut or route.request.method == "POST"

    def _note(self, request: Request) -> None:
        self.sent += json.loads(request.post_data or "{}")["pindaian"]


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(Object.entries(localStorage))"))


def test_cards_are_scanned_while_the_network_is_gone_and_nothing_is_lost(hall: Hall, camera: BrowserContext) -> None:
    page = camera.new_page()
    line = Line(page)
    page.goto(f"{hall.site.url}{HALL}/pindai")
    scans = page.locator("#hasil li")
    expect(scans).to_have_count(2, timeout=30_000)
    expect(page.locator("#antre")).to_contain_text("1 kartu menunggu terkirim. Menunggu sinyal")
    assert len(hall.noted()) == 1
    assert any(card_hash(card_token(KEY[::-1], person, 1)) in kept(page) for person in hall.people)
    for name, person in zip(("Siti Aminah", "Wagiyem"), hall.people, strict=True):
        assert card_token(KEY[::-1], person, 1) not in kept(page)
        assert name not in kept(page)
    line.is_cut = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#antre")).to_have_text("")
    assert sorted(scans.all_inner_texts()) == ["Siti Aminah: hadir", "Wagiyem: hadir"]
    assert hall.noted() == {"Siti Aminah": ("hadir", "kartu"), "Wagiyem": ("hadir", "kartu")}
    assert kept(page) == "[]"
    assert {len(scan["sidik"]) for scan in line.sent} == {64}


def test_what_was_scanned_survives_a_page_that_was_closed(hall: Hall, camera: BrowserContext) -> None:
    page = camera.new_page()
    Line(page).is_cut = True
    page.goto(f"{hall.site.url}{HALL}/pindai")
    expect(page.locator("#antre")).to_contain_text("2 kartu menunggu terkirim", timeout=30_000)
    page.goto(f"{hall.site.url}/keluar")
    expect(page.locator("#kabar")).to_contain_text("Kartu yang dipindai belum semua terkirim.")
    assert hall.noted() == {}
    page.close()
    again = camera.new_page()
    again.goto(f"{hall.site.url}{HALL}/pindai")
    expect(again.locator("#antre")).to_have_text("", timeout=30_000)
    assert set(hall.noted()) == {"Siti Aminah", "Wagiyem"}


def test_a_phone_with_a_reader_of_its_own_loads_none_of_ours(hall: Hall, camera: BrowserContext) -> None:
    text = card_link_of(card_token(KEY[::-1], hall.people[0], 1), hall.site.url)
    camera.add_init_script(
        f"""window.BarcodeDetector = class {{
            static async getSupportedFormats() {{ return ["qr_code"]; }}
            async detect() {{ return [{{ rawValue: "{text}" }}]; }}
        }};"""
    )
    page = camera.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{hall.site.url}{HALL}/pindai")
    expect(page.locator("#hasil li")).to_have_text("Siti Aminah: hadir")
    assert not any("jsQR" in url for url in loaded)


def test_the_code_on_the_screen_leads_through_signing_in_to_the_list(hall: Hall, new_phone: Phones) -> None:
    screen, phone = new_phone(), new_phone().new_page()
    give_session(screen, hall.site, hall.trainer)
    wall = screen.new_page()
    wall.goto(f"{hall.site.url}{HALL}")
    letters = wall.locator("#huruf").inner_text().replace(" ", "")
    phone.goto(f"{hall.site.url}/h/{letters}")
    phone.get_by_role("link", name="Masuk untuk mencatat kehadiran").click()
    phone.get_by_label("Kode kartu").fill(card_of(hall.site, "Siti Aminah"))
    phone.get_by_role("button", name="Lanjut dengan kartu").click()
    phone.get_by_role("button", name="Ya, masuk").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Praktik")
    phone.get_by_role("button", name="Saya hadir").click()
    expect(phone.get_by_text("Kehadiran Anda sudah tercatat")).to_be_visible()
    assert hall.noted() == {"Siti Aminah": ("hadir", "kode")}
    expect(wall.locator("#hadir")).to_have_text("1", timeout=40_000)


def test_the_screen_says_that_its_code_no_longer_changes(hall: Hall, new_phone: Phones) -> None:
    screen = new_phone()
    give_session(screen, hall.site, hall.trainer)
    wall = screen.new_page()
    wall.goto(f"{hall.site.url}{HALL}")
    screen.set_offline(True)
    expect(wall.locator("#kabar")).to_contain_text("Tidak ada sinyal")
    screen.set_offline(False)
    expect(wall.locator("#kabar")).to_contain_text("Kode berganti setiap setengah menit")


def test_without_script_the_code_is_renewed_by_a_link(hall: Hall, new_phone: Callable[..., BrowserContext]) -> None:
    screen = new_phone(java_script_enabled=False)
    give_session(screen, hall.site, hall.trainer)
    wall = screen.new_page()
    wall.goto(f"{hall.site.url}{HALL}")
    wall.get_by_role("link", name="Perbarui kode").click()
    expect(wall.locator("#huruf")).to_be_visible()
    expect(wall.get_by_role("img", name="Kode QR kehadiran")).to_be_visible()

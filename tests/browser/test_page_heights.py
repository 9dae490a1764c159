"""No page of the desks is longer on a phone than one still finds one's way in, with forty people in a bimtek."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from lms.boot.app import create_app
from lms.db.engine import close_all, db
from lms.db.tables import Cohort, Membership, Person
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import give_session
from tests.conftest import Client, add_device, carry, forget_editions, settings_for
from tests.serving import serving
from tests.test_links import links

pytestmark = pytest.mark.browser

TALLEST = 3_500
DESKS = ("/pelatih", "/kelola")
OF_A_KIND = 2
"""So many addresses of each route are measured."""
AS_LONG_AS_WRITTEN = {
    "/kelola/register": "a book of numbers, searched and printed",
    "/pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>": "a sheet as it was answered",
    "/pelatih/<code>/sertifikat": "every sheet of the cohort",
    "/pelatih/kursus/<slug>/atur": "every rule of a course as a field",
    "/pelatih/kursus/<slug>/soal": "the fields of a question",
    "/pelatih/kursus/<slug>/sunting/<path:path>": "the text itself",
}
"""Route -> why its page may be longer."""


@pytest.fixture
def demo(tmp_path: Path, demonstration: Path) -> Iterator[Site]:
    shutil.copytree(demonstration, tmp_path, dirs_exist_ok=True)
    forget_editions()
    settings = settings_for(tmp_path, demo=True, url="")
    app = create_app(settings)
    app.test_client_class = Client
    with serving(app, settings) as url:
        app.config["PUBLIC_URL"] = url
        yield Site(app, url)
    with app.app_context():
        close_all()
    forget_editions()


def device_of(app: Flask, who: str) -> str:
    with app.app_context():
        trains = select(Membership.person_id).join(Cohort).where(Membership.role == "pelatih", Cohort.kind == who)
        found = select(Person.id).where(Person.is_admin) if who == "admin" else trains.order_by(Membership.id)
        person_id = db.session.scalars(found).first() or 0
        db.session.rollback()
        return add_device(person_id)


def desk_pages(app: Flask, device: str) -> list[str]:
    """Addresses of pages of the desks that this browser is led to, some of each route and each part."""
    client, adapter = app.test_client(), app.url_map.bind("sinau.test")
    assert isinstance(client, Client)
    client.lint = False
    found: dict[tuple[str, str], list[str]] = {}
    seen, waiting = set[str](), [*DESKS]
    while waiting:
        link = waiting.pop(0)
        route = adapter.match(link.partition("?")[0], "GET", return_rule=True)[0].rule
        kind = route, re.sub(r"\bhal=\d+", "", link.partition("?")[2])
        if link in seen or len(found.get(kind, [])) >= OF_A_KIND:
            continue
        seen.add(link)
        with app.app_context():
            answer = carry(client, device).get(link, follow_redirects=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.setdefault(kind, []).append(link)
            waiting += [each for each in links(answer.get_data(as_text=True)) if each.startswith(DESKS)]
    return [link for (route, _), each in found.items() if route not in AS_LONG_AS_WRITTEN for link in each]


def too_tall(page: Page, url: str, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(url + address, wait_until="domcontentloaded")
        height = page.evaluate("document.documentElement.scrollHeight")
        if height > TALLEST:
            found.append(f"{address}: {height} px")
    return found


@pytest.mark.parametrize("who", ["bimtek", "mandiri", "admin"])
def test_no_page_of_the_desks_is_too_tall(demo: Site, new_phone: Phones, who: str) -> None:
    device = device_of(demo.app, who)
    context: BrowserContext = new_phone()
    give_session(context, demo, device)
    addresses = desk_pages(demo.app, device)
    assert len(addresses) > 10
    found = too_tall(context.new_page(), demo.url, addresses)
    assert found == [], found


def test_a_page_that_unfolds_everything_is_too_tall(demo: Site, new_phone: Phones) -> None:
    page = new_phone().new_page()
    give_session(page.context, demo, device_of(demo.app, "bimtek"))
    assert too_tall(page, demo.url, ["/pelatih/jangkauan"]) == []
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollHeight") > TALLEST

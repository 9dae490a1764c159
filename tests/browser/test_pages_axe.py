"""Every page at the narrowest phone and at a desk, in normal and very large letters: usable by all, nothing cut."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Site
from tests.browser.looking import faults
from tests.browser.quiz import give_session
from tests.conftest import Cast, Client
from tests.course.form_texts import PATH as FORM
from tests.scene import Scene, build, routes

pytestmark = pytest.mark.browser

HALL = "/pelatih/<code>/hadir/<id:meeting_id>"
PARTS = (
    f"{HALL}?bagian=daftar",
    "/pelatih/<code>?saring=macet",
    "/pelatih/<code>?urut=desa",
    "/pelatih/<code>/kotak?bagian=catatan",
    "/pelatih/<code>/sertifikat?bagian=ulang",
)
"""Pages shown instead of another at its address."""
NO_PAGES = (
    "/static",
    "/media",
    "/token",
    "/sehat",
    "/siap",
    "/saya/kartu.png",
    "/masuk/tunjuk/keadaan",
    f"{HALL}/kode",
)
NO_PAGE = ("/pdf", ".pdf", "/zip", ".xlsx", ".svg", "/bawa/md/<path:path>", "/berkas/<path:path>")
# What tells two pages apart that are the same to whoever looks at them.
OWN = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=[?]ke=)[^"]+')


@pytest.fixture
def played(site: Site) -> Scene:
    """The scene in the served site."""
    with site.app.app_context():
        site.app.test_client_class = Client
        return build(site.app, Cast())


def pages(scene: Scene) -> list[str]:
    """The address of every page, found from the routes, and of what is said when there is none."""
    rules = [rule.rule for method, rule in routes(scene.app) if method == "GET"]
    shown = [rule for rule in rules if not rule.startswith(NO_PAGES) and not rule.endswith(NO_PAGE)]
    return [scene.address(rule) for rule in (*shown, *PARTS)] + [
        "/belajar/kursus/dasar/dua",
        f"/belajar/formulir/{FORM}",
        "/ikut?kode=salah",
        "/cek?kode=salah",
        "/tidak-ada",
    ]


def outside(context: BrowserContext, site: Site) -> list[str]:
    """Fills up with every address asked for that is not the site's."""
    found: list[str] = []
    ours = (site.url + "/", "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(ours) else found.append(request.url))
    return found


def different(scene: Scene, who: str, addresses: list[str]) -> Iterator[str]:
    """Those under which this one of the cast is shown what none before them shows."""
    client, seen = scene.browser(who), set[str]()
    client.lint = False
    for address in addresses:
        with scene.app.app_context():
            answer = client.get(address, follow_redirects=True)
        text, landed = OWN.sub("", answer.get_data(as_text=True)), answer.request.path
        again = {text, landed} & seen if answer.history else {text} & seen
        seen |= {text, landed}
        if not again:
            yield address


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("who", ["nobody", "owner", "trainer", "admin"])
def test_every_page_is_usable_and_asks_nobody_else(
    site: Site, played: Scene, new_phone: Callable[..., BrowserContext], who: str, part: int
) -> None:
    context = new_phone()
    asked = outside(context, site)
    give_session(context, site, "" if who == "nobody" else played.devices[who])
    page = context.new_page()
    found: list[str] = []
    shown = list(different(played, who, pages(played)[part::2]))
    for at, address in enumerate(shown):
        page.goto(site.url + address)
        found += faults(page, at)
    assert found == []
    assert asked == []
    assert len(shown) > (9 if who == "nobody" else 25)


def unsent(page: Page, address: str, **fields: str) -> None:
    """Send a form as it is, past the browser's own checks."""
    page.goto(address)
    send_as_it_is(page, **fields)


def send_as_it_is(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    with page.expect_navigation():
        page.evaluate("[...document.forms].find(form => form.method == 'post').submit()")


def test_a_form_that_comes_back_with_faults_is_usable(
    site: Site, played: Scene, new_phone: Callable[..., BrowserContext]
) -> None:
    page = new_phone().new_page()
    found: list[str] = []
    unsent(page, f"{site.url}/ikut/B1MTEK", nama="अमित", hp="abc")
    found += faults(page)
    unsent(page, f"{site.url}/kartu", kode="salah")
    found += faults(page)
    unsent(page, f"{site.url}/sandi", kode="salah")
    found += faults(page)
    page.goto(f"{site.url}/awal#{played.values['secret']}")
    send_as_it_is(page, nama="Agus", masuk="x", sandi="pendek")
    found += faults(page)
    assert found == []


def test_a_page_with_barriers_is_red(site: Site, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "<!doctype html><title>x</title><body><h1>x</h1><img src='/x.svg' width=900 height=9><input>"
    body += "<main><p class=next>x</p></main>"
    monkeypatch.setitem(site.app.view_functions, "mydata.privacy", lambda: body)
    phone.goto(f"{site.url}/privasi")
    phone.evaluate("document.querySelector('.next').style.cssText = 'position: sticky; height: 130px'")
    found = list(faults(phone))
    assert any("scrolls sideways" in line for line in found)
    assert any("a bar of 130 px" in line for line in found)
    for rule in ("image-alt", "html-has-lang", "label"):
        assert any(f": {rule} " in line for line in found)


def test_a_request_to_another_site_is_red(site: Site, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def calls_out() -> Any:
        return "<!doctype html><title>x</title><a href='http://127.0.0.1:9/x'>x</a>"

    monkeypatch.setitem(site.app.view_functions, "mydata.privacy", calls_out)
    asked = outside(phone.context, site)
    phone.goto(f"{site.url}/privasi")
    assert asked == []
    phone.route("http://127.0.0.1:9/**", lambda route: route.fulfill(body="x"))
    phone.click("a")
    phone.wait_for_url("http://127.0.0.1:9/x")
    assert asked == ["http://127.0.0.1:9/x"]

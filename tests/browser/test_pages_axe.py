"""Every page at the narrowest phone and at a desk, in normal and very large letters: usable by all, nothing cut."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Site
from tests.browser.quiz import give_session
from tests.conftest import Cast, Client
from tests.course.form_texts import PATH as FORM
from tests.effort import often
from tests.scene import Scene, build, routes

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (320, 1280)
SIZES = ("biasa", "sangat-besar")
ENDS = ((320, "sangat-besar"), (1280, "biasa"))
HALL = "/pelatih/<code>/hadir/<id:meeting_id>"
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
OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = f"axe.run({{resultTypes: ['violations'], runOnly: {STANDARDS}}})"
WIDER = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth + 1 && !one.closest('[hidden], .hidden');
}).map(one => one.tagName + '.' + one.className).slice(0, 3)"""
# Very large letters grow by half, the bar by a sixth.
TALL = """() => [...document.querySelectorAll('main .next')].filter(one =>
    getComputedStyle(one).position === 'sticky' && innerWidth < 400
).map(one => Math.round(one.getBoundingClientRect().height)).filter(height =>
    height > (document.documentElement.className === 'huruf-sangat-besar' ? 140 : 120)
)"""
# What a bar that stays in sight happens to cover is a matter of how far one has scrolled; axe judges it at rest.
REST = "where => document.querySelectorAll('main .next').forEach(bar => (bar.style.position = where))"
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


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
    return [scene.address(rule) for rule in shown] + [
        "/belajar/kursus/dasar/dua",
        f"/belajar/formulir/{FORM}",
        "/ikut?kode=salah",
        "/cek?kode=salah",
        "/tidak-ada",
    ]


def faults(page: Page, end: int = 0) -> Iterator[str]:
    """Tell what is wider than the screen at every width and size of letters, and what axe finds on the open page.

    In every run axe looks at one end, the narrowest with the largest letters or the widest with normal ones; in
    `make test-long` at all four.
    """
    page.evaluate(OPEN)
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        for size in SIZES:
            page.evaluate(f"document.documentElement.className = 'huruf-{size}'")
            where = f"{urlsplit(page.url).path} {width} px {size}"
            whole = (width, size) == ENDS[end % len(ENDS)] or often(0, 1)
            yield from faults_here(page, where) if whole else cut(page, where)


def cut(page: Page, where: str) -> Iterator[str]:
    """What does not fit the screen."""
    if page.evaluate(SCROLLS):
        yield f"{where}: scrolls sideways, {page.evaluate(WIDER)}"
    for height in page.evaluate(TALL):
        yield f"{where}: a bar of {height} px"


def faults_here(page: Page, where: str) -> Iterator[str]:
    """What is wrong with the page as it stands, with axe in it."""
    yield from cut(page, where)
    page.evaluate(REST, "static")
    violations = page.evaluate(RULES)["violations"]
    page.evaluate(REST, "")
    for found in violations:
        yield f"{where}: {found['id']} {[node['target'] for node in found['nodes']][:3]}"


def outside(context: BrowserContext, site: Site) -> list[str]:
    """Fills up with every address asked for that is not the site's."""
    found: list[str] = []
    ours = (site.url + "/", "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(ours) else found.append(request.url))
    return found


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("who", ["nobody", "owner", "trainer", "admin"])
def test_every_page_is_usable_and_asks_nobody_else(
    site: Site, played: Scene, new_phone: Callable[..., BrowserContext], who: str, part: int
) -> None:
    context = new_phone()
    asked = outside(context, site)
    give_session(context, site, "" if who == "nobody" else played.devices[who])
    page = context.new_page()
    found: list[str] = []
    seen: set[str] = set()
    for address in pages(played)[part::3]:
        page.goto(site.url + address)
        landed = page.url.partition("?ke=")[0]
        if landed not in seen:
            found += faults(page, len(seen))
        seen.add(landed)
    assert found == []
    assert asked == []
    assert len(seen) > (3 if who == "nobody" else 6)


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

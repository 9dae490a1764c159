"""What a page weighs on the line, compressed, with everything it loads, on a phone that was never here before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from lms.boot.setup import COURSES
from lms.course.folder import read_folder
from tests.browser.conftest import PATIENCE, Site
from tests.browser.quiz import give_session
from tests.conftest import Client, add_member, add_person, carry, forget_editions, publish_course

pytestmark = pytest.mark.browser

KB = 1_000
# Whoever waits for something waits as long; the pause lets what is on the line come.
IDLE = "new Promise(done => requestIdleCallback(() => setTimeout(done, 20), {timeout: 1000}))"
COURSE, MANUAL = "bimtek-dasar-psm", "panduan-pelatih"


@dataclass
class Weight:
    """Bytes on the line, headers included."""

    text: int = 0
    pictures: int = 0

    @property
    def all(self) -> int:
        return self.text + self.pictures


def weigh(page: Page, url: str) -> Weight:
    """Open the page, let every picture come, and count what went over the line."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    weight, asked, pictures, under_way = Weight(), set[str](), set[str](), set[str]()

    def asks(event: dict[str, str]) -> None:
        asked.add(event["requestId"])
        under_way.add(event["requestId"])

    def came(event: dict[str, str]) -> None:
        if event["type"] == "Image":
            pictures.add(event["requestId"])

    def done(event: dict[str, Any]) -> None:
        under_way.discard(event["requestId"])
        if event["requestId"] in pictures:
            weight.pictures += int(event["encodedDataLength"])
        else:
            weight.text += int(event["encodedDataLength"])

    line.on("Network.requestWillBeSent", asks)
    line.on("Network.responseReceived", came)
    line.on("Network.loadingFinished", done)
    line.on("Network.loadingFailed", lambda event: under_way.discard(event["requestId"]))
    page.goto(url)
    page.evaluate("document.querySelectorAll('img').forEach(img => { img.loading = 'eager' })")
    end, before = monotonic() + PATIENCE / 1_000, 0
    while under_way or before != len(asked):  # What came may have asked for more.
        assert monotonic() < end, under_way
        before = len(asked)
        page.evaluate(IDLE)
    line.detach()
    return weight


def always_cold(page: Page) -> Page:
    """A page of a phone that keeps nothing: what it opens comes over the line each time."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return page


@pytest.fixture
def real(site: Site) -> Site:
    """The site with the bundled courses."""
    with site.app.app_context():
        for slug in (COURSE, MANUAL):
            publish_course(slug, read_folder(COURSES / slug))
        forget_editions()
    return site


@pytest.fixture
def cold(new_phone: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """Opens a phone with nothing kept."""
    return lambda: new_phone().new_page()


def lessons(site: Site) -> list[str]:
    """Addresses of the bundled courses' lessons."""
    from lms.course.load import edition_view
    from lms.course.queries import read_editions

    with site.app.app_context():
        views = [edition_view(ref.edition_id, ref.slug) for ref in read_editions(None, date.today())]
        return [
            f"/belajar/{view.slug}/{name}" for view in views if view.slug in (COURSE, MANUAL) for name in view.order
        ]


def requests_to(site: Site) -> list[str]:
    """Fills up with the addresses that reach the server."""
    found: list[str] = []
    answer = site.app.wsgi_app

    def counting(environ: dict[str, str], start: Any) -> Any:
        found.append(environ["PATH_INFO"])
        return answer(environ, start)

    site.app.wsgi_app = counting  # type: ignore[method-assign,assignment] # As Flask documents it.
    return found


def test_the_first_page_comes_in_thirty_kilobytes_and_four_requests(real: Site, cold: Callable[[], Page]) -> None:
    asked = requests_to(real)
    weight = weigh(cold(), f"{real.url}/")
    assert weight.all <= 30 * KB, weight
    assert len(asked) <= 4, asked


def test_signing_in_comes_in_twenty_kilobytes(real: Site, cold: Callable[[], Page]) -> None:
    weight = weigh(cold(), f"{real.url}/masuk")
    assert weight.all <= 20 * KB, weight


@pytest.mark.parametrize("part", range(2))
def test_a_lesson_comes_in_forty_kilobytes_and_a_hundred_with_its_pictures(
    real: Site, cold: Callable[[], Page], part: int
) -> None:
    page = always_cold(cold())
    found = {}
    for address in lessons(real)[part::2]:
        page.context.clear_cookies()  # Who never was here has none, and is given one.
        found[address] = weigh(page, real.url + address)
    assert [address for address, weight in found.items() if weight.text > 40 * KB] == [], found
    assert [address for address, weight in found.items() if weight.all > 100 * KB] == [], found
    assert any(weight.pictures for weight in found.values()), "no picture was measured"


def test_a_quiz_comes_in_forty_kilobytes_and_fifteen_after_the_first_visit(
    site: Site, new_phone: Callable[..., BrowserContext]
) -> None:
    url, context = open_quiz(site, new_phone)
    assert weigh(context.new_page(), url).all <= 40 * KB
    again = weigh(context.new_page(), url)
    assert 0 < again.all <= 15 * KB, again


def open_quiz(site: Site, new_phone: Callable[..., BrowserContext]) -> tuple[str, BrowserContext]:
    """The quiz of the bundled course with the longest page (of the small one while it has none), and a new phone."""
    from lms.course.load import edition_view
    from lms.course.queries import read_editions
    from lms.db.engine import db, writing
    from lms.db.tables import Cohort
    from lms.people import actions as accounts
    from lms.web.clock import now

    with site.app.app_context():
        publish_course(COURSE, read_folder(COURSES / COURSE))
        forget_editions()
        person_id = add_person()
        courses = {ref.slug: edition_view(ref.edition_id, ref.slug) for ref in read_editions(None, date.today())}
        slug = COURSE if courses[COURSE].quizzes else "kursus"
        for cohort_id in db.session.scalars(db.select(Cohort.id)).all():
            add_member(person_id, cohort_id)
        with writing():
            device = accounts.add_device(person_id, "Android, Chrome", now()).id
        quizzes = [quiz for quiz in courses[slug].quizzes if not courses[slug].lessons[quiz].is_form]
        client = carry(Client(site.app), device)
        client.lint = False
        longest = max(
            (begun(client, f"/mulai-kuis/{slug}/{quiz}") for quiz in quizzes), key=lambda path: len(client.page(path))
        )
    fresh = new_phone()
    give_session(fresh, site, device)
    return site.url + longest, fresh


def begun(client: Client, start: str) -> str:
    """The address of a new attempt at a quiz."""
    answer = client.send(start, ke=1)
    assert answer.status_code == 303
    assert "/kuis/" in answer.location
    return answer.location


def test_a_page_that_got_too_heavy_is_red(site: Site, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    from lms.web.assets import Asset

    assets = site.app.extensions["assets"]
    name = "css/sinau.css"
    heavy = Asset(bytes(range(256)) * 200, b"", "text/css", "x")
    monkeypatch.setitem(assets._assets, name, heavy)
    assert weigh(phone, f"{site.url}/masuk").all > 50 * KB

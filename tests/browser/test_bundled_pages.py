"""Every step of both bundled courses on a phone: usable by all, nothing wider than the screen, every picture there."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Site
from tests.browser.looking import cut, judged, make_ready
from tests.bundled import BOTH, Bundled
from tests.conftest import forget_editions, publish_course

pytestmark = pytest.mark.browser

BROKEN = """async () => {
    const pictures = [...document.images];
    pictures.forEach(picture => { picture.loading = 'eager'; });
    await Promise.allSettled(pictures.map(picture => picture.decode()));
    return pictures.filter(picture => !picture.naturalWidth).map(picture => picture.getAttribute('src'));
}"""


def faults_of(page: Page) -> Iterator[str]:
    """What is wrong with the open page; what it writes to the console is told when the test ends.

    The window is as tall as the page: what stands behind the bar at the bottom of a screen is only scrolled away.
    """
    make_ready(page)
    page.set_viewport_size({"width": PHONE["width"], "height": page.evaluate("document.documentElement.scrollHeight")})
    where = urlsplit(page.url).path
    yield from (f"{where}: no picture at {address}" for address in page.evaluate(BROKEN))
    yield from cut(page, where, "")
    yield from judged(page, where)


@pytest.mark.parametrize("course", BOTH, ids=lambda course: course.slug)
def test_every_step_of_a_bundled_course_is_usable(site: Site, phone: Page, course: Bundled) -> None:
    with site.app.app_context():
        publish_course(course.slug, dict(course.files))
    forget_editions()
    found: list[str] = []
    for address in (f"/istilah/{course.slug}", *(f"/belajar/{course.slug}/{step}" for step in course.course.lessons)):
        answer = phone.goto(site.url + address)
        assert answer
        assert answer.status == 200, address
        found += faults_of(phone)
    assert found == []


def test_a_picture_that_does_not_come_is_red(site: Site, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "<!doctype html><html lang=id><title>x</title><main><h1>x</h1><img alt=x src='/media/none.svg'></main>"
    monkeypatch.setitem(site.app.view_functions, "mydata.privacy", lambda: body)
    phone.goto(f"{site.url}/privasi")
    assert list(faults_of(phone)) == ["/privasi: no picture at /media/none.svg"]

"""The real site in a thread on a free port, and Chromium to open it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from lms.boot.app import create_app
from lms.db.engine import close_all
from lms.web.clock import Clock
from tests.baked import Baked
from tests.browser.looking import serve_axe
from tests.browser.watch import Watch
from tests.conftest import SLUG, forget_editions, settings_for
from tests.serving import serving

# The one without windows first: it draws nothing that no test looks at, and takes a fifth less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE: ViewportSize = {"width": 360, "height": 740}

# How long a page takes to say what it must is the machine's affair, which may be busy with other tests.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

Phones = Callable[..., BrowserContext]


class Site:
    """The served site: its address and its app, whose database a test may look into."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app = app
        self.url = url

    @property
    def join_code(self) -> str:
        """The code of the test course's self-study cohort."""
        from lms.course.queries import course_by_slug
        from lms.people.queries import selfstudy_code

        with self.app.app_context():
            course = course_by_slug(SLUG)
            assert course is not None
            return selfstudy_code(course.id) or ""


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser lives in real time."""
    monkeypatch.setattr(Clock, "source", staticmethod(lambda: datetime.now(UTC)))


@pytest.fixture(scope="session")
def baked_site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Baked:
    """The one app of this process that is served without https."""
    folder = tmp_path_factory.mktemp("served")
    settings = settings_for(folder, url="http://127.0.0.1:1")
    app = create_app(settings)
    serve_axe(app)
    return Baked(app, folder / "sinau.db", template)


@pytest.fixture
def site(baked_site: Baked) -> Iterator[Site]:
    """A site with the small test course, served as in life from a database that is new for each test."""
    baked_site.begin()
    app = baked_site.app
    forget_editions()
    with serving(app, settings_for(Path())) as url:
        app.config["PUBLIC_URL"] = url
        yield Site(app, url)
    with app.app_context():
        close_all()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    assert CHROMIUM, "Chromium tidak ditemukan. Debian/Ubuntu: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_phone(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a phone of its own: cookies, storage and line are not shared with another.

    At the end no page of it may have thrown, complained or met the policy.
    """
    opened: list[BrowserContext] = []
    watch = Watch()

    def open_phone(**options: Any) -> BrowserContext:
        context = chromium.new_context(viewport=PHONE, locale="id-ID", **options)
        context.set_default_timeout(PATIENCE)
        watch.on(context)
        opened.append(context)
        return context

    yield open_phone
    for context in opened:
        context.close()
    assert watch.said == []


@pytest.fixture
def phone(new_phone: Callable[..., BrowserContext]) -> Page:
    """A page on a phone 360 px wide."""
    return new_phone().new_page()


def join(page: Page, site: Site, name: str = "Siti Aminah") -> None:
    """Join the self-study cohort as a new person, as scene 1 goes."""
    page.goto(f"{site.url}/ikut/{site.join_code}")
    page.fill("#nama", name)
    page.evaluate("document.querySelector('select[name=desa]').value = '33.12.01.2001'")
    page.click("button.btn")
    page.wait_for_url(re.compile("/saya/kartu"))

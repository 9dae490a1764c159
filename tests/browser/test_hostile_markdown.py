"""Hostile lessons in a real browser: the sanitiser alone and the policy alone must each keep everything quiet.

Every payload is Markdown and gets a document of its own on an origin that exists only here. `jalan` (run) is a function
the browser reports to this test from every frame.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown import markdown
from playwright.sync_api import Browser, Error, Page, Route

from lms.course.markup import fill_in, inline, render
from lms.web.security import POLICY

pytestmark = pytest.mark.browser

ORIGIN = "http://sinau.test"
CORPUS: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "data/payloads.json").read_text())
TOGETHER = 8
PAYLOADS = [(kind, payload) for kind, payloads in CORPUS.items() for payload in payloads]

# A click that would leave for an address outside is the reader's wish; any other link is followed.
STIR = """async () => {
    addEventListener("click", (event) => {
        const link = event.target.closest && event.target.closest("a[href]");
        if (link && /^(https?:|mailto:|tel:)/i.test(link.protocol || "")) event.preventDefault();
    });
    const names = ["click", "mouseover", "mouseenter", "pointerdown", "focus", "blur", "input", "change", "submit",
        "toggle", "beforetoggle", "error", "load", "keydown", "animationstart", "animationend", "begin"];
    for (const element of document.querySelectorAll("*")) {
        for (const name of names) element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
        if (element.matches("a, area, button, input, summary, math *")) element.click?.();
    }
    await new Promise((done) => setTimeout(done, 15));
}"""


@dataclass
class Noise:
    """What a document did: code that ran, and addresses outside that it asked for."""

    ran: int = 0
    # (address, whether it was to replace the page itself)
    outside: list[tuple[str, bool]] = field(default_factory=list)
    # Another document took its place, or it never opened.
    left: bool = False

    def __bool__(self) -> bool:
        return bool(self.ran or self.outside or self.left)


class Stage:
    """One page of one browser, in which documents are opened one after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.noise = Noise()
        self.document, self.headers = "", dict[str, str]()
        page.expose_binding("jalan", self._ran)
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.route("**/*", self._answer)

    def open(self, html: str, policy: str = "") -> Noise:
        noise = self.noise = Noise()
        self.document = f"<!doctype html><html lang=id><meta charset=utf-8><title>a</title><main>{html}</main>"
        self.headers = {"Content-Security-Policy": policy} if policy else {}
        try:
            self.page.goto(f"{ORIGIN}/pelajaran", wait_until="load")
            self.page.evaluate(STIR)
        except Error:
            # The document went elsewhere while it was stirred: what it asked for has been noted.
            noise.left = True
            self._rest()
        return noise

    def _rest(self) -> None:
        """Waits until the browser has given up going where it may not."""
        for _ in range(20):
            try:
                self.page.wait_for_timeout(50)
                self.page.goto("about:blank")
            except Error:
                continue
            return

    def _ran(self, _source: object, *_values: object) -> None:
        self.noise.ran += 1

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.url == f"{ORIGIN}/pelajaran":
            route.fulfill(body=self.document, content_type="text/html; charset=utf-8", headers=self.headers)
        elif urlsplit(request.url).netloc == "sinau.test":
            route.fulfill(status=404, body="")
        else:
            main = request.is_navigation_request() and request.frame == self.page.main_frame
            self.noise.outside.append((request.url, main))
            route.abort()


@pytest.fixture(scope="module")
def stage(chromium: Browser) -> Iterator[Stage]:
    context = chromium.new_context()
    yield Stage(context.new_page())
    context.close()


def as_lesson(payload: str) -> str:
    """The payload in every place where an author's text can stand."""
    line = " ".join(payload.split())
    places = [
        payload,
        f"## {line}",
        f"| {line} |\n|---|\n| {line} |",
        f"> **Ingat.** {line}",
        f"![{line}](media/a.png)",
        f'[{line}](b.md "{line}")',
        f"- [x] {line}",
    ]
    pieces = [render(place, "materi/a.md") for place in places] + [inline(payload, "materi/a.md")]
    return "".join(fill_in(piece, lambda address: f"/{address.partition(':')[2]}") for piece in pieces)


def opened_together(stage: Stage, lessons: list[str], first: int) -> Noise:
    """What some lessons do in one document: what the sanitiser leaves is closed, so none swallows the next."""
    some = lessons[first : first + TOGETHER]
    noise = stage.open("".join(f"<section>{lesson}</section>" for lesson in some))
    assert noise or stage.page.locator("main > section").count() == len(some)
    return noise


def naively(payload: str) -> str:
    """What a page would show without any of this: the control."""
    return markdown(payload, extensions=["tables", "attr_list", "fenced_code"])


def test_the_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


def test_the_sanitiser_alone_keeps_everything_quiet(stage: Stage) -> None:
    lessons = [as_lesson(payload) for _, payload in PAYLOADS]
    loud = {at: noise for at in range(0, len(lessons), TOGETHER) if (noise := opened_together(stage, lessons, at))}
    assert loud == {}


def test_one_that_slipped_through_is_heard_among_the_others(stage: Stage) -> None:
    lessons = [as_lesson(payload) for _, payload in PAYLOADS[: TOGETHER - 1]]
    for loud in ("<img src=x onerror=jalan(1)>", "<img src=http://jahat.test/a.png>"):
        for place in (0, TOGETHER // 2, TOGETHER - 1):
            assert opened_together(stage, [*lessons[:place], loud, *lessons[place:]], 0)


def test_the_policy_alone_lets_nothing_run_or_load(stage: Stage) -> None:
    """No policy can stop a page from sending its reader elsewhere (meta refresh): that is left to the sanitiser."""
    loud = {}
    for kind, payload in PAYLOADS:
        noise = stage.open(naively(payload), POLICY)
        loads = [address for address, leaves in noise.outside if not (leaves and kind == "navigation")]
        if noise.ran or loads:
            loud[payload] = noise
    assert loud == {}


def test_without_both_the_corpus_is_loud(stage: Stage) -> None:
    """The negative control, on every second payload: they do run and do load, so silence above means something."""
    noises = [stage.open(naively(payload)) for _, payload in PAYLOADS[::2]]
    ran, loaded = sum(noise.ran > 0 for noise in noises), sum(bool(noise.outside) for noise in noises)
    print(f"{ran} of {len(noises)} ran, {loaded} asked another origin")
    assert ran >= 40
    assert loaded >= 15


def test_what_runs_under_a_policy_is_reported(stage: Stage) -> None:
    """The policy's negative control: a laxer one is seen through."""
    lax = "script-src 'unsafe-inline'; img-src *"
    assert stage.open("<script>jalan(1)</script>", lax).ran == 1
    assert stage.open("<img src=http://jahat.test/a.png>", lax).outside == [("http://jahat.test/a.png", False)]

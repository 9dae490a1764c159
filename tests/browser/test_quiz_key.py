"""The key of a quiz reaches no phone before grading: every body of the walk is read for planted words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Response, expect

from tests.browser.conftest import Site, join
from tests.browser.quiz import ONE, SAVED, begin, expect_news, turn_to_review
from tests.conftest import SLUG

pytestmark = pytest.mark.browser

SECRETS = ("UMPAN-", "PENJELASAN-RAHASIA")


class Bodies:
    """Everything a page received, by address."""

    def __init__(self, page: Page) -> None:
        self.texts: dict[str, str] = {}
        self.replies: list[Response] = []
        page.on("response", lambda reply: self.replies.append(reply))

    def read(self) -> None:
        """Take in what came since the last time; a redirect or a picture has no text."""
        for reply in self.replies:
            if reply.status not in (301, 302, 303, 304, 204):
                try:
                    self.texts[reply.url] = self.texts.get(reply.url, "") + reply.body().decode("utf-8", "replace")
                except Error:  # The browser keeps no body of a page that was left before it was read.
                    self.texts.setdefault(reply.url, "")
        self.replies.clear()

    def holding(self, *words: str) -> list[str]:
        """The addresses whose bodies hold one of the words."""
        self.read()
        return [url for url, text in self.texts.items() if any(word in text for word in words)]


def test_no_body_before_grading_tells_what_is_right(site: Site, new_phone: Callable[..., BrowserContext]) -> None:
    page = new_phone().new_page()
    bodies = Bodies(page)
    page.goto(f"{site.url}/belajar/{SLUG}/{ONE}")
    assert bodies.holding(*SECRETS) == []
    join(page, site)
    for address in ("/", f"/belajar/{SLUG}", f"/belajar/{SLUG}/dasar/dua", f"/mulai-kuis/{SLUG}/{ONE}", "/saya"):
        page.goto(f"{site.url}{address}")
        assert bodies.holding(*SECRETS) == []
    attempt = begin(page, site, ONE)
    page.get_by_label("Solo").check()
    expect_news(page, SAVED)
    turn_to_review(page)
    assert bodies.holding(*SECRETS) == []
    # The collector did read the quiz page, its replies and its scripts.
    quiz = f"{site.url}/kuis/{attempt}"
    assert "KUNCI-BENAR" in bodies.texts[quiz]
    assert '"saved"' in bodies.texts[f"{quiz}/jawaban"]
    assert any(url.endswith("/kuis.js") and text for url, text in bodies.texts.items())

    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 0")
    # The negative control: after grading the same words are found, on the result page alone.
    assert bodies.holding(*SECRETS) == [f"{quiz}/hasil"]

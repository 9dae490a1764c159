"""Both tests on a phone: every tap saved, the result by subject, and no key in any body until the tests are over."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones, Site
from tests.browser.quiz import enter
from tests.browser.test_quiz_key import Bodies
from tests.conftest import SLUG, forget_editions, publish_course
from tests.quiz.exam_course import ASKED, SECRETS, exam_files

pytestmark = pytest.mark.browser


def take(page: Page, right: int) -> None:
    """Answer the open test tap by tap, the first so many rightly, and send it."""
    for number in range(1, ASKED + 1):
        choice = "Betul" if number <= right else "Keliru"
        page.locator(f"#soal-{number} label", has_text=choice).click()
        page.get_by_role("button", name="Soal berikutnya" if number < ASKED else "Periksa jawaban").click()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.wait_for_url(re.compile("/tes/hasil/"))


def test_from_the_offer_to_the_gain_without_a_key_on_the_way(site: Site, new_phone: Phones) -> None:
    with site.app.app_context():
        publish_course(SLUG, exam_files())
        forget_editions()
    page = enter(new_phone(), site)
    bodies = Bodies(page)
    page.goto(f"{site.url}/belajar/{SLUG}")
    page.get_by_role("link", name="Mulai dengan tes awal").click()
    page.get_by_role("button", name="Mulai tes awal").click()
    page.wait_for_url(re.compile("/kuis/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tes awal")
    take(page, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 20")
    expect(page.locator("main")).to_contain_text("Cari jawabannya di bagian")
    page.goto(f"{site.url}/tes/{SLUG}/akhir")
    page.get_by_role("button", name="Mulai tes akhir").click()
    page.wait_for_url(re.compile("/kuis/"))
    assert bodies.holding(*SECRETS) == []
    take(page, ASKED)
    expect(page.locator("#peningkatan")).to_contain_text("Peningkatan Anda tinggi")
    assert bodies.holding(*SECRETS) == [page.url]

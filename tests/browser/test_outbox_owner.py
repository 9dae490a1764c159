"""Whose answers: kept for their owner, sent for nobody else, and gone or sealed when the owner signs out."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM, FLAGS, Phones, Site
from tests.browser.quiz import (
    ONE,
    REFLECTION,
    SAVED,
    SAVES,
    answer_and_ask_to_submit,
    answers,
    begin,
    card_of,
    choose,
    counting,
    cut_line,
    end_devices,
    enter,
    expect_news,
    gradings,
    key_for,
    refuse,
    sign_in_by_card,
    stored,
    turn_to,
    turn_to_review,
    waiting_in,
)
from tests.conftest import SLUG

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, new_phone: Phones) -> Page:
    return enter(new_phone(), site)


# --- whose answers


def test_a_session_that_ended_keeps_the_answers_until_the_owner_is_back(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    end_devices(site)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "Masuk lagi untuk mengirim. Jawaban tersimpan di HP ini.")
    assert answers(site, attempt) == []
    page.get_by_role("link", name="Masuk lagi").click()
    page.locator("#kode").fill(card_of(site, "Siti Aminah"))
    page.get_by_role("button", name="Lanjut dengan kartu").click()
    page.get_by_role("button", name="Ya, masuk").click()
    expect_news(page, SAVED)
    expect(page.get_by_label("KUNCI-BENAR")).to_be_checked()
    assert len(answers(site, attempt)) == 1


def test_another_person_on_the_same_phone_sends_nothing_and_sees_nothing(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.route(SAVES, refuse(503, error=503))
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "menunggu sinyal")
    end_devices(site)
    page.unroute(SAVES)
    other = enter(page.context, site, "Budi Santoso")
    sent: list[str] = []
    other.on("request", lambda request: sent.append(request.url) if "/jawaban" in request.url else None)
    page.evaluate("dispatchEvent(new Event('online'))")
    # The owner's open page meets the other's session: refused, kept.
    expect_news(page, "Masuk sebagai pemilik untuk mengirim. Jawaban tersimpan di HP ini.")
    page.close()
    for address in ("/", f"/belajar/{SLUG}", f"/mulai-kuis/{SLUG}/{ONE}"):
        other.goto(f"{site.url}{address}")
        expect(other.locator(".saved")).to_have_count(0)
    begin(other, site, ONE)
    expect_news(other, "Setiap jawaban tersimpan sendiri")
    expect(other.locator("input:checked")).to_have_count(0)
    assert sent == []
    assert len(waiting_in(other)) == 1
    assert answers(site, attempt) == []
    end_devices(site)
    sign_in_by_card(other, site, "Siti Aminah")
    expect(other.get_by_role("status")).to_contain_text("Jawaban yang menunggu sudah terkirim.")
    assert len(answers(site, attempt)) == 1


# --- signing out


def test_signing_out_first_sends_what_is_unsent_and_leaves_nothing(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.route(SAVES, refuse(503, error=503))
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "menunggu sinyal")
    page.unroute(SAVES)
    page.goto(f"{site.url}/keluar")
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert len(answers(site, attempt)) == 1
    assert stored(page) == {}


def test_without_signal_one_stays_signed_in_and_is_told(site: Site, page: Page) -> None:
    begin(page, site, ONE)
    page.goto(f"{site.url}/keluar")
    with cut_line(page.context):
        page.get_by_role("button", name="Keluar").click()
        expect(page.get_by_text("Belum ada sinyal, Anda belum keluar.")).to_be_visible()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()


def test_choices_that_stay_unsent_are_sealed_and_go_out_when_the_owner_is_back(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    key = key_for(page, "Ibu kota", "KUNCI-BENAR")
    page.context.route(SAVES, refuse(503, error=503))
    answer_and_ask_to_submit(page)
    expect_news(page, "Kiriman Anda menunggu sinyal")
    page.goto(f"{site.url}/keluar")
    expect(page.get_by_text("Jawaban itu disimpan tanpa nama, dan dikirim setelah Anda masuk lagi.")).to_be_visible()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    sealed = [json.loads(str(text)) for text in stored(page).values()]
    assert {"number": 1, "counter": 1, "value": [key], "text": False, "sent": 1} in sealed
    assert len(sealed) == 2
    assert True in sealed
    assert re.fullmatch(r"[\w:\[\]{}\",.-]*", json.dumps(stored(page)).replace(" ", "").replace("\\", ""))
    assert not re.search("Siti|KUNCI|Ibu", json.dumps(stored(page)))
    page.context.unroute(SAVES)
    sign_in_by_card(page, site, "Siti Aminah")
    expect(page.get_by_role("status")).to_contain_text("Kuis Anda sudah terkirim.")
    assert gradings(site, attempt) == [(1, 1)]


def test_free_text_is_never_left_behind_on_the_phone(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    page.context.route(SAVES, refuse(503, error=503))
    choose(page, "Mana buah?", "Mangga")
    turn_to(page, "Pengalaman sendiri")
    page.get_by_label("Tulisan Anda").fill(REFLECTION)
    number = page.locator("#nomor").inner_text().split()[1]
    turn_to_review(page)
    expect_news(page, "2 jawaban menunggu sinyal")
    page.goto(f"{site.url}/keluar")
    expect(page.get_by_text(f"Tulisan Anda (soal {number}) belum terkirim.")).to_be_visible()
    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
    page.get_by_role("button", name="Tunggu sinyal").click()
    expect(page.get_by_role("button", name="Hapus tulisan yang belum terkirim")).to_be_visible()
    assert any(REFLECTION in value for value in waiting_in(page))
    page.get_by_role("button", name="Hapus tulisan yang belum terkirim").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert REFLECTION not in json.dumps(stored(page))
    assert len(waiting_in(page)) == 1
    page.context.unroute(SAVES)
    sign_in_by_card(page, site, "Siti Aminah")
    expect(page.get_by_role("status")).to_contain_text("Jawaban yang menunggu sudah terkirim.")
    assert [len(value) for _, value, _ in answers(site, attempt)] == [1]


def test_free_text_goes_out_when_the_signal_comes_while_waiting(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    page.context.route(SAVES, refuse(503, error=503))
    turn_to(page, "Pengalaman sendiri")
    page.get_by_label("Tulisan Anda").fill(REFLECTION)
    turn_to_review(page)
    expect_news(page, "1 jawaban menunggu sinyal")
    page.goto(f"{site.url}/keluar")
    expect(page.get_by_text("belum terkirim. Tunggu sinyal")).to_be_visible()
    page.context.unroute(SAVES)
    page.get_by_role("button", name="Tunggu sinyal").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert list(counting(site, attempt).values()) == [(REFLECTION,)]
    assert stored(page) == {}


def test_the_way_back_after_signing_out_shows_nothing_of_the_person(site: Site, chromium: Browser) -> None:
    # Playwright switches the browser's memory of whole pages off; phones have it.
    switched_off = ["--disable-back-forward-cache"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=FLAGS, ignore_default_args=switched_off)
    page = enter(browser.new_context(), site)
    begin(page, site)
    turn_to(page, "Pengalaman sendiri")
    page.get_by_label("Tulisan Anda").fill(REFLECTION)
    turn_to_review(page)
    expect_news(page, SAVED)
    page.goto(f"{site.url}/keluar")
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk")
    browser.close()

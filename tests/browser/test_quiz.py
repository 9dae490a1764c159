"""The quiz page where scripts run: one question at a time, every tap saved, nothing lost and nothing doubled."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lms.course.folder import read_folder
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import (
    ONE,
    ORDER,
    SAVED,
    TWO,
    answers,
    attempt_of,
    begin,
    choose,
    counting,
    enter,
    expect_news,
    gradings,
    key_for,
    put_in_order,
    question,
    sign_in_by_card,
    turn_to,
    turn_to_review,
    until_saved,
)
from tests.browser.watch import Watch
from tests.conftest import COURSE, SLUG, publish_course

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, new_phone: Phones) -> Page:
    return enter(new_phone(), site)


def answer_everything(page: Page) -> None:
    turn_to(page, "Mana buah?")
    for text in ("Mangga", "Jambu"):
        page.get_by_label(text).check()
    turn_to(page, "Umur termuda lansia?")
    page.get_by_label("Jawaban Anda").fill("enam puluh")
    turn_to(page, "Urutan pendekatan awal")
    put_in_order(page)
    turn_to(page, "Pasangkan peran")
    page.get_by_label("Identifikator").select_option(label="Mendata warga")
    page.get_by_label("Penghubung").select_option(label="Mengantar warga")
    turn_to(page, "Pengalaman sendiri")
    page.get_by_label("Tulisan Anda").fill("Pernah menemani tetangga.")


def test_every_kind_is_saved_tap_by_tap_and_submitted_to_its_result(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    expect_news(page, "Setiap jawaban tersimpan sendiri")
    answer_everything(page)
    turn_to_review(page)
    expect(page.locator("#periksa .tag", has_text="✓ dijawab")).to_have_count(5)
    expect_news(page, SAVED)
    saved = answers(site, attempt)
    assert len(counting(site, attempt)) == 5
    # A quick second tap on the same question takes the place of the first while that was not yet sent.
    counters = [counter for _, _, counter in saved]
    assert counters == sorted(set(counters))
    assert gradings(site, attempt) == []
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("4 dari 4 soal benar")).to_be_visible()
    assert gradings(site, attempt) == [(4, 4)]
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(("quiz", "tap"), [(ONE, "KUNCI-BENAR Wonogiri"), (TWO, "Mangga")], ids=["one", "half"])
def test_what_is_tapped_while_the_script_is_still_on_its_way_is_saved(
    site: Site, page: Page, quiz: str, tap: str
) -> None:
    held: list[Route] = []
    page.route("**/kuis.js*", lambda route: held.append(route), times=1)
    page.goto(f"{site.url}/mulai-kuis/{SLUG}/{quiz}")
    with page.expect_request("**/kuis.js*"):
        page.get_by_role("button", name="Mulai kuis").click(no_wait_after=True)
    page.get_by_label(tap).check()
    expect(page.locator("#keadaan")).to_be_hidden()
    held[0].continue_()
    expect_news(page, SAVED)
    # The question that was being answered stays in front; what the browser puts back itself is no answer.
    expect(page.get_by_label(tap)).to_be_checked()
    expect(page.get_by_label(tap)).to_be_visible()
    assert len(counting(site, attempt_of(page))) == 1
    page.reload()
    turn_to_review(page)
    expect_news(page, SAVED)
    assert len(answers(site, attempt_of(page))) == 1


def test_one_question_shows_at_a_time_and_the_phones_back_button_turns_back(site: Site, page: Page) -> None:
    begin(page, site)
    shown = page.locator("section.question:visible")
    expect(shown).to_have_count(1)
    expect(page.locator("#nomor")).to_have_text("Soal 1 dari 5")
    expect(page.locator("#kembali")).to_be_hidden()
    page.get_by_role("button", name="Soal berikutnya").click()
    page.get_by_role("button", name="Soal berikutnya").click()
    expect(page.locator("#nomor")).to_have_text("Soal 3 dari 5")
    expect(shown.locator("legend")).to_be_focused()
    page.go_back()
    expect(page.locator("#nomor")).to_have_text("Soal 2 dari 5")
    expect(shown.locator("legend")).to_be_focused()
    page.get_by_role("button", name="Kembali").click()
    expect(page.locator("#nomor")).to_have_text("Soal 1 dari 5")
    page.go_back()
    expect(page).to_have_url(re.compile("/mulai-kuis/"))


def test_the_last_screen_names_what_is_unanswered_and_leads_there_and_back(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    choose(page, "Mana buah?", "Mangga")
    turn_to_review(page)
    expect(page.get_by_role("heading", name="Periksa sebelum mengirim")).to_be_focused()
    expect(page.get_by_text("4 soal belum dijawab")).to_be_visible()
    page.get_by_role("link", name="Umur termuda lansia?").click()
    page.get_by_label("Jawaban Anda").fill("60")
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_text("3 soal belum dijawab")).to_be_visible()
    expect_news(page, SAVED)
    assert len(counting(site, attempt)) == 2


def test_the_last_screen_tells_half_answered_from_unanswered(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    turn_to(page, "Pasangkan peran")
    question(page, "Pasangkan peran").get_by_label("Identifikator").select_option(label="Mendata warga")
    turn_to_review(page)
    line = page.locator("#periksa-daftar li")
    expect(line.filter(has_text="Pasangkan peran").locator(".tag")).to_have_text("belum lengkap")
    expect(line.filter(has_text="Mana buah?").locator(".tag")).to_have_text("belum dijawab")
    expect(page.get_by_text("5 soal belum dijawab lengkap")).to_be_visible()
    until_saved(page, site, attempt, 1)


def test_what_is_typed_is_saved_while_the_person_still_thinks(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    turn_to(page, "Umur termuda lansia?")
    field = page.get_by_label("Jawaban Anda")
    field.press_sequentially("enam")
    expect(field).to_be_focused()
    expect_news(page, SAVED)
    assert list(counting(site, attempt).values()) == [("enam",)]
    assert len(answers(site, attempt)) == 1


def test_enter_in_a_field_goes_on_and_sends_no_form(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    turn_to(page, "Umur termuda lansia?")
    number = page.locator("#nomor").inner_text()
    page.get_by_label("Jawaban Anda").fill("60")
    page.get_by_label("Jawaban Anda").press("Enter")
    expect(page.locator("#nomor")).not_to_have_text(number)
    expect_news(page, SAVED)
    assert list(counting(site, attempt).values()) == [("60",)]


def test_an_order_may_be_taken_as_it_is_shown(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    turn_to(page, "Urutan pendekatan awal")
    page.get_by_role("button", name="Pakai urutan ini").click()
    expect(page.get_by_role("button", name="Pakai urutan ini")).to_be_hidden()
    expect_news(page, SAVED)
    assert [len(value) for value in counting(site, attempt).values()] == [3]


def test_another_phone_goes_on_where_the_first_stopped(site: Site, new_phone: Phones, page: Page) -> None:
    begin(page, site)
    choose(page, "Mana buah?", "Mangga")
    turn_to(page, "Urutan pendekatan awal")
    put_in_order(page)
    expect_news(page, SAVED)
    other = new_phone().new_page()
    sign_in_by_card(other, site, "Siti Aminah")
    other.goto(page.url.partition("#")[0])
    turn_to(other, "Urutan pendekatan awal")
    steps = question(other, "Urutan pendekatan awal").locator("ol.moves span")
    expect(steps).to_have_text(list(ORDER))
    other.goto(page.url.partition("#")[0] + "#6")
    expect(other.locator("#periksa .tag", has_text="✓ dijawab")).to_have_count(2)


def test_of_two_phones_the_one_that_has_seen_more_wins_and_a_tie_goes_to_the_later(
    site: Site, new_phone: Phones, page: Page
) -> None:
    attempt = begin(page, site, ONE)
    other = new_phone().new_page()
    sign_in_by_card(other, site, "Siti Aminah")
    other.goto(page.url)
    right, wrong = (key_for(page, "Ibu kota", text) for text in ("KUNCI-BENAR", "Solo"))
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    # The other phone has not seen that answer: both say 1, the later one counts.
    other.get_by_label("Solo").check()
    expect_news(other, SAVED)
    assert answers(site, attempt) == [(1, [right], 1), (1, [wrong], 1)]
    assert counting(site, attempt) == {1: (wrong,)}
    # The first phone goes on to 2 and 3; the other, at 2, is stale although it comes later.
    for count, text in ((3, "Solo"), (4, "KUNCI-BENAR")):
        page.get_by_label(text).check()
        until_saved(page, site, attempt, count)
    other.get_by_label("KUNCI-BENAR").check()
    until_saved(other, site, attempt, 5)
    assert [counter for _, _, counter in answers(site, attempt)] == [1, 1, 2, 3, 2]
    # Having heard of 3 by the reply, it goes on with 4.
    expect_news(other, SAVED)
    other.get_by_label("Solo").check()
    until_saved(other, site, attempt, 6)
    assert answers(site, attempt)[-1] == (1, [wrong], 4)
    assert counting(site, attempt) == {1: (wrong,)}


def test_opened_twice_saved_twice_and_submitted_twice_counts_once(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    twin = page.context.new_page()
    twin.goto(page.url)
    for tab in (page, twin):
        tab.get_by_label("KUNCI-BENAR").check()
        expect_news(tab, SAVED)
        turn_to_review(tab)
    assert [counter for _, _, counter in answers(site, attempt)] == [1, 2]
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    twin.get_by_role("button", name="Kirim jawaban").click()
    expect(twin.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]
    assert len(answers(site, attempt)) == 2


def test_the_way_back_after_submitting_leads_to_the_result(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.get_by_label("KUNCI-BENAR").check()
    turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]


def test_a_course_published_in_between_disturbs_nobody(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    files = read_folder(COURSE)
    files["dasar/satu.md"] = (
        files["dasar/satu.md"]
        .replace(b"Ibu kota kabupaten?", b"Soal baru?")
        .replace(b"KUNCI-BENAR Wonogiri", b"Kunci baru")
    )
    with site.app.app_context():
        publish_course(SLUG, files)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    page.reload()
    expect(question(page, "Ibu kota kabupaten?").get_by_label("KUNCI-BENAR")).to_be_checked()
    turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]
    page.goto(f"{site.url}/mulai-kuis/{SLUG}/{ONE}")
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.locator("section.question")).to_contain_text("Soal baru?")


def test_the_watch_notices_errors_and_what_the_policy_stops(site: Site, chromium: Browser) -> None:
    """The negative control of what every test here checks at its end."""
    watch, context = Watch(), chromium.new_context()
    watch.on(context)
    page = context.new_page()
    page.goto(site.url)
    page.evaluate("setTimeout(() => { throw new Error('rusak') }); console.error('keluhan')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'var dalam = 1'}))"
    )
    page.evaluate("fetch('/sehat')")
    context.close()
    assert len(watch.said) == 3
    assert any("Content Security Policy" in said for said in watch.said)

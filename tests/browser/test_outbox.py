"""The outbox: whatever happens to line, session or page, no answer is lost, doubled, or told to the wrong person."""

import json

import pytest
from playwright.sync_api import Page, Request, Route, expect

from lms.quiz import actions
from tests.browser.conftest import Phones, Site
from tests.browser.quiz import (
    ONE,
    REFLECTION,
    SAVED,
    SAVES,
    answer_and_ask_to_submit,
    answers,
    begin,
    choose,
    close_attempt,
    counting,
    cut_line,
    enter,
    expect_news,
    gradings,
    key_for,
    lose_replies,
    refuse,
    renew_session,
    sign_in_by_card,
    stored,
    turn_to,
    turn_to_review,
    until_saved,
    waiting_in,
)
from tests.conftest import SLUG

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, new_phone: Phones) -> Page:
    return enter(new_phone(), site)


# --- the line


def test_a_lost_reply_loses_nothing_and_counts_once(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    lost = lose_replies(page, 1)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "1 jawaban menunggu sinyal. Tersimpan di HP ini; lanjutkan saja.")
    assert len(answers(site, attempt)) == 1
    expect_news(page, SAVED)
    assert lost() == 1
    assert len(answers(site, attempt)) == 1


def test_a_lost_reply_to_submitting_gives_one_receipt(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    lost = lose_replies(page, 2)
    turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert lost() == 2
    assert gradings(site, attempt) == [(1, 1)]


def test_the_line_is_cut_in_the_middle_and_nothing_is_lost(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    choose(page, "Mana buah?", "Mangga")
    expect_news(page, SAVED)
    with cut_line(page.context):
        page.get_by_label("Jambu").check()
        expect_news(page, "1 jawaban menunggu sinyal")
        turn_to(page, "Umur termuda lansia?")
        page.get_by_label("Jawaban Anda").fill("60")
        turn_to(page, "Pasangkan peran")
        page.get_by_label("Identifikator").select_option(label="Mendata warga")
        page.get_by_label("Penghubung").select_option(label="Mengantar warga")
        expect_news(page, "3 jawaban menunggu sinyal")
        assert len(answers(site, attempt)) == 1
    expect_news(page, SAVED)
    assert sorted(len(value) for value in counting(site, attempt).values()) == [1, 2, 2]
    assert stored(page).keys() == {key for key in stored(page) if key.endswith(":terima")}


def test_a_submit_waits_behind_its_answers_and_goes_out_by_itself(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    with cut_line(page.context):
        answer_and_ask_to_submit(page)
        expect_news(page, "Kiriman Anda menunggu sinyal. Biarkan saja; terkirim sendiri begitu ada sinyal.")
        assert answers(site, attempt) == []
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]
    assert stored(page) == {}


def test_a_waiting_submit_also_goes_out_from_another_page(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.context.set_offline(True)
    answer_and_ask_to_submit(page)
    expect_news(page, "Kiriman Anda menunggu sinyal")
    page.context.route(SAVES, refuse(503, error=503))
    page.goto("about:blank")  # What a page sends while it closes knows of no line that is cut.
    page.close()
    course = page.context.new_page()
    page.context.set_offline(False)
    course.goto(f"{site.url}/belajar/{SLUG}")
    expect(course.get_by_role("status")).to_contain_text("Kiriman Anda menunggu sinyal")
    assert gradings(site, attempt) == []
    page.context.unroute(SAVES)
    expect(course.get_by_role("status")).to_contain_text("Kuis Anda sudah terkirim.")
    assert gradings(site, attempt) == [(1, 1)]
    course.get_by_role("link", name="Lihat hasil").click()
    expect(course.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    expect(course.get_by_role("status")).to_have_count(0)


def test_unsent_answers_stand_in_the_page_when_it_is_opened_again(site: Site, page: Page) -> None:
    attempt = begin(page, site)
    page.route(SAVES, refuse(503, error=503))
    choose(page, "Mana buah?", "Jambu")
    turn_to(page, "Pengalaman sendiri")
    page.get_by_label("Tulisan Anda").fill(REFLECTION)
    expect_news(page, "1 jawaban menunggu sinyal")
    page.reload()
    expect_news(page, "2 jawaban menunggu sinyal")
    expect(page.get_by_label("Tulisan Anda")).to_have_value(REFLECTION)
    turn_to_review(page)
    expect(page.locator("#periksa .tag", has_text="✓ dijawab")).to_have_count(2)
    page.unroute(SAVES)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_news(page, SAVED)
    assert (REFLECTION,) in counting(site, attempt).values()


@pytest.mark.parametrize("body", ["<h1>Masuk ke Wi-Fi gratis</h1>", "{}", '{"saved": ["bukan-milik-kita"]}', "null"])
def test_only_a_reply_that_names_its_answers_is_a_receipt(site: Site, page: Page, body: str) -> None:
    attempt = begin(page, site, ONE)
    page.route(SAVES, lambda route: route.fulfill(status=200, body=body))
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "1 jawaban menunggu sinyal")
    assert len(waiting_in(page)) == 1
    page.unroute(SAVES)
    expect_news(page, SAVED)
    assert len(answers(site, attempt)) == 1


# --- what the server says


def test_a_stale_form_token_is_renewed_once_and_the_answer_sent_again(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    renew_session(page.context, site)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    save = f"{site.url}/kuis/{attempt}/jawaban"
    assert asked == [save, f"{site.url}/token", save]
    assert len(answers(site, attempt)) == 1
    page.get_by_label("Solo").check()
    until_saved(page, site, attempt, 2)
    assert len(asked) == 4


def test_a_busy_server_is_asked_again(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    busy: list[int] = []

    def handle(route: Route) -> None:
        busy.append(1)
        if len(busy) > 1:
            route.continue_()
        else:
            route.fulfill(status=503, json={"error": 503}, headers={"Retry-After": "1"})

    page.route(SAVES, handle)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "1 jawaban menunggu sinyal")
    expect_news(page, SAVED)
    assert len(busy) == 2
    assert len(answers(site, attempt)) == 1


def test_answers_after_closing_are_kept_and_called_late(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    close_attempt(site, attempt)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, "Pengerjaan ini sudah ditutup. Jawaban terakhir Anda tercatat sebagai terlambat.")
    assert len(answers(site, attempt, late=True)) == 1


def test_an_answer_after_submitting_elsewhere_is_called_late_and_the_result_is_shown(
    site: Site, new_phone: Phones, page: Page
) -> None:
    attempt = begin(page, site, ONE)
    other = new_phone().new_page()
    sign_in_by_card(other, site, "Siti Aminah")
    other.goto(page.url)
    answer_and_ask_to_submit(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    page.get_by_label("Solo").check()
    expect_news(page, "tercatat sebagai terlambat")
    page.get_by_role("link", name="Lihat hasil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    expect(page.get_by_text("Ada jawaban yang tiba setelah kuis dikirim")).to_be_visible()
    assert gradings(site, attempt) == [(1, 1)]


def plant_unreadable(page: Page, attempt: str, number: int) -> None:
    """An entry no server ever accepts, as a damaged storage could hold it."""
    page.evaluate(
        """([attempt, number]) => {
            const key = `kotak:${document.getElementById("kuis").dataset.owner}:${attempt}:rusak`;
            localStorage.setItem(key, JSON.stringify({number, counter: 1, value: ["a"], text: false}));
        }""",
        [attempt, number],
    )


def test_an_answer_that_can_never_be_accepted_is_said_and_holds_up_no_other(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "/jawaban" in request.url else None)
    plant_unreadable(page, attempt, 7)
    page.get_by_label("Solo").check()
    expect_news(page, "Jawaban soal 7 tidak dapat diterima. Jawab soal itu sekali lagi.")
    until_saved(page, site, attempt, 1)
    assert list(counting(site, attempt)) == [1]
    count = len(sent)
    page.get_by_label("KUNCI-BENAR").check()
    until_saved(page, site, attempt, 2)
    assert len(sent) == count + 1
    assert "rusak" not in sent[-1]


def test_nothing_is_submitted_over_the_head_of_its_person_when_an_answer_was_refused(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    turn_to_review(page)
    plant_unreadable(page, attempt, 7)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect_news(page, "Jawaban soal 7 tidak dapat diterima.")
    assert gradings(site, attempt) == []
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]


def test_more_answers_than_an_attempt_holds_are_said_once_and_what_was_saved_is_sent(
    site: Site, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = begin(page, site, ONE)
    page.get_by_label("KUNCI-BENAR").check()
    expect_news(page, SAVED)
    monkeypatch.setattr(actions, "MOST_ANSWERS", 1)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/jawaban" in request.url else None)
    page.get_by_label("Solo").check()
    expect_news(page, "Jawaban soal 1 tidak tersimpan: kuis ini terlalu sering diubah.")
    page.wait_for_timeout(2_500)
    assert len(sent) == 1
    turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    assert gradings(site, attempt) == [(1, 1)]
    assert [key for key in stored(page) if key.startswith("kotak:")] == []


def test_answering_again_replaces_what_was_refused(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    plant_unreadable(page, attempt, 1)
    page.get_by_label("Solo").check()
    expect_news(page, SAVED)
    assert len(answers(site, attempt)) == 1


def test_a_long_outbox_goes_in_slices_and_the_submit_with_the_last(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    right, wrong = (key_for(page, "Ibu kota", text) for text in ("KUNCI-BENAR", "Solo"))
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "/jawaban" in request.url else None)
    page.evaluate(
        """([attempt, right, wrong]) => {
            const start = `kotak:${document.getElementById("kuis").dataset.owner}:${attempt}`;
            for (let counter = 1; counter <= 230; counter += 1) {
                const value = [counter === 230 ? right : wrong];
                localStorage.setItem(`${start}:entri-panjang-${counter}`, JSON.stringify({number: 1, counter, value}));
            }
            localStorage.setItem(`${start}:kirim`, "true");
        }""",
        [attempt, right, wrong],
    )
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilai Anda 100")
    bodies = [json.loads(request.post_data or "") for request in sent]
    assert [(len(body["entries"]), body["submit"]) for body in bodies] == [(100, False), (100, False), (30, True)]
    assert len(answers(site, attempt)) == 230
    assert gradings(site, attempt) == [(1, 1)]


# --- two tabs


def test_two_tabs_share_one_outbox_without_doubling(site: Site, page: Page) -> None:
    attempt = begin(page, site, ONE)
    twin = page.context.new_page()
    twin.goto(page.url)
    with cut_line(page.context):
        page.get_by_label("Solo").check()
        twin.get_by_label("KUNCI-BENAR").check()
        expect_news(page, "1 jawaban menunggu sinyal")
        expect_news(twin, "1 jawaban menunggu sinyal")
    expect_news(page, SAVED)
    expect_news(twin, SAVED)
    assert counting(site, attempt) == {1: (key_for(page, "Ibu kota", "KUNCI-BENAR"),)}
    assert len(answers(site, attempt)) <= 2


# --- a phone that keeps nothing


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"


@pytest.mark.parametrize("fault", [BLOCKED, FULL], ids=["blocked", "full"])
def test_a_phone_that_keeps_nothing_saves_by_line_and_says_so_without(
    site: Site, new_phone: Phones, fault: str
) -> None:
    context = new_phone()
    context.add_init_script(fault)
    page = enter(context, site)
    attempt = begin(page, site, ONE)
    page.get_by_label("Solo").check()
    expect_news(page, SAVED)
    with cut_line(context):
        page.get_by_label("KUNCI-BENAR").check()
        expect_news(page, "HP ini tidak dapat menyimpan jawaban; jangan tutup halaman ini sampai tersimpan.")
    expect_news(page, SAVED)
    assert [counter for _, _, counter in answers(site, attempt)] == [1, 2]

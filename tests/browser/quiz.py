"""What the browser tests of quiz and outbox share: a walk to the quiz, its answers, its line, and its database."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import func, select, update

from lms.course.grading import Saved, latest
from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt, Device, Grading, Person
from lms.people import actions as accounts
from lms.people.cards import card_token
from lms.web.clock import now
from tests.browser.conftest import Site
from tests.conftest import SLUG, add_member, add_person
from tests.scene import MARK

ONE, TWO = "dasar/satu", "dasar/dua"
REFLECTION = "Tulisan pribadi tentang tetangga"
SAVED = "Tersimpan"
SAVES = "**/jawaban"
ORDER = ("Salam pembuka", "Menjelaskan tujuan", "Meminta persetujuan")


def enter(context: BrowserContext, site: Site, name: str = "Siti Aminah") -> Page:
    """A page of a new participant, signed in without the way there."""
    with site.app.app_context():
        person_id = add_person(name)
        add_member(person_id)
        with writing():
            device = accounts.add_device(person_id, "Android, Chrome", now()).id
    give_session(context, site, device)
    return context.new_page()


def give_session(context: BrowserContext, site: Site, device: str = "") -> None:
    """Put the session cookie of a browser into it, that of a device if one is named."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    signed_in = {"_user_id": device, "_fresh": True} if device else {}
    value = serializer.dumps({"tanda": MARK, "_permanent": True, **signed_in})
    context.add_cookies([{"name": "sinau", "value": str(value), "url": site.url, "httpOnly": True, "sameSite": "Lax"}])


def renew_session(context: BrowserContext, site: Site) -> None:
    """A session of the same device without its form token, as signing in again in another tab makes one."""
    with site.app.app_context():
        device = db.session.scalars(select(Device.id)).one()
    give_session(context, site, device)


def begin(page: Page, site: Site, quiz: str = TWO) -> str:
    """Open an attempt at a quiz of the course one has joined; its id."""
    page.goto(f"{site.url}/mulai-kuis/{SLUG}/{quiz}")
    page.get_by_role("button", name=re.compile("Mulai kuis|Coba lagi")).click()
    page.wait_for_url(re.compile("/kuis/"))
    return attempt_of(page)


def attempt_of(page: Page) -> str:
    """The attempt whose page is open."""
    found = re.search(r"/kuis/([\w-]+)", page.url)
    assert found, page.url
    return found[1]


def question(page: Page, title: str) -> Locator:
    """The section of a question."""
    return page.locator("section.question", has_text=title)


def turn_to(page: Page, title: str) -> None:
    """Go forward until this question shows."""
    for _ in range(8):
        if question(page, title).is_visible():
            return
        page.locator("#lanjut").click()
    raise AssertionError(title)


def choose(page: Page, title: str, text: str) -> None:
    """Tap a choice of a question, wherever it stands."""
    turn_to(page, title)
    question(page, title).get_by_label(text).check()


def put_in_order(page: Page) -> None:
    """Bring the steps into the right order by their buttons, with the keyboard."""
    moves = question(page, "Urutan pendekatan awal").locator("ol.moves")
    for place, step in reversed(list(enumerate(ORDER))):
        for _ in range(len(ORDER)):
            if moves.locator("li").nth(place).locator("span").inner_text() == step:
                break
            moves.get_by_role("button", name=f"Turun: {step}").press("Enter")


def turn_to_review(page: Page) -> None:
    """Go forward to the last screen."""
    for _ in range(8):
        if page.locator("#periksa").is_visible():
            return
        page.locator("#lanjut").click()
    raise AssertionError("periksa")


def expect_news(page: Page, text: str) -> None:
    """Wait until the line of state says this; "Tersimpan" must be all it says."""
    line = expect(page.locator("#kabar"))
    if text == SAVED:
        line.to_have_text(SAVED)
    else:
        line.to_contain_text(text)


def answers(site: Site, attempt: str, *, late: bool | None = None) -> list[tuple[int, list[str], int]]:
    """(number, value, counter) of every answer in the database, in the order they arrived."""
    with site.app.app_context():
        query = select(Answer.number, Answer.value, Answer.counter).where(Answer.attempt_id == attempt)
        if late is not None:
            query = query.where(Answer.late == late)
        return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(Answer.id))]


def until_saved(page: Page, site: Site, attempt: str, count: int) -> None:
    """Wait until so many answers are in the database, while the page goes on."""
    for _ in range(500):
        if len(answers(site, attempt)) >= count:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"fewer than {count} answers arrived")


def counting(site: Site, attempt: str) -> dict[int, tuple[str, ...]]:
    """Question number -> the value that counts."""
    rows = enumerate(answers(site, attempt, late=False))
    return {
        number: held.value
        for number, held in latest(Saved(n, tuple(value), counter, at) for at, (n, value, counter) in rows).items()
    }


def gradings(site: Site, attempt: str) -> list[tuple[int, int]]:
    """(right, asked) of every grading."""
    with site.app.app_context():
        query = select(Grading.right, Grading.asked).where(Grading.attempt_id == attempt)
        return [(row[0], row[1]) for row in db.session.execute(query)]


def count_attempts(site: Site) -> int:
    """Attempts in the whole database."""
    with site.app.app_context():
        return db.session.scalar(select(func.count(Attempt.id))) or 0


def key_for(page: Page, title: str, text: str) -> str:
    """The key of a choice as the page carries it."""
    choice = question(page, title).locator("label.choice", has_text=text).locator("input")
    return choice.get_attribute("value") or ""


def card_of(site: Site, name: str) -> str:
    """The letters of a person's card."""
    with site.app.app_context():
        row = db.session.execute(select(Person.id, Person.card_serial).where(Person.name == name)).one()
        return card_token(site.app.config["CARD_KEY"], row[0], row[1])


def sign_in_by_card(page: Page, site: Site, name: str) -> None:
    """From the card's link to being signed in, where the page is now."""
    page.goto(f"{site.url}/kartu#{card_of(site, name)}")
    page.get_by_role("button", name="Ya, masuk").click()
    page.wait_for_url(f"{site.url}/")


def end_devices(site: Site) -> None:
    """End every session, as a trainer's “Ganti kartu” or 90 days would."""
    with site.app.app_context(), writing():
        db.session.execute(update(Device).values(ended_at=now()))


def close_attempt(site: Site, attempt: str) -> None:
    """Let the attempt be over, as a schedule does."""
    with site.app.app_context(), writing():
        db.session.execute(update(Attempt).where(Attempt.id == attempt).values(closes_at=now()))


def stored(page: Page) -> dict[str, object]:
    """Everything this browser keeps for the site."""
    held: dict[str, object] = json.loads(page.evaluate("JSON.stringify(Object.assign({}, localStorage))"))
    return held


def waiting_in(page: Page) -> list[str]:
    """The values of answers without a receipt."""
    entries = [json.loads(str(text)) for text in stored(page).values()]
    return [json.dumps(entry["value"]) for entry in entries if isinstance(entry, dict)]


@contextmanager
def cut_line(context: BrowserContext) -> Iterator[None]:
    """Without signal inside the block."""
    context.set_offline(True)
    yield
    context.set_offline(False)


def lose_replies(page: Page, times: int) -> Callable[[], int]:
    """Let the next saves arrive and lose their replies; gives the number of replies lost so far."""
    lost: list[str] = []

    def handle(route: Route) -> None:
        if len(lost) >= times:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.post_data or "")
        route.abort("connectionreset")

    page.route(SAVES, handle)
    return lambda: len(lost)


def refuse(status: int, **body: object) -> Callable[[Route], None]:
    """Answer in place of the server."""
    return lambda route: route.fulfill(status=status, json=body)


def answer_and_ask_to_submit(page: Page, text: str = "KUNCI-BENAR") -> None:
    """The quiz of one question, from tap to “Kirim jawaban”."""
    page.get_by_label(text).check()
    turn_to_review(page)
    page.get_by_role("button", name="Kirim jawaban").click()

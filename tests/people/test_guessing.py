"""Guessing is counted over all ways in, locks nobody out, and who does it right meets no limit."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import LimitCount, Person
from lms.people import actions, guesses, views
from lms.people.cards import card_token
from lms.people.key_views import MANY_PINS
from tests.conftest import KEY, Cast, Client, Time, sign_in
from tests.people.easy import PHONE, PIN, easy_hashes, give_pin, name_of

pytestmark = pytest.mark.walk

PASSWORD = "kopi pagi di teras"


@pytest.fixture(autouse=True)
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return easy_hashes(monkeypatch)


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    """The owner's own phone, signed in by card and out again; the account has a PIN, and a password beside it."""
    give_pin(cast.participant)
    client.lint = False
    client.send("/kartu/masuk", kode=card_token(KEY[::-1], cast.participant, 1))
    client.send("/keluar")
    return client


def give_password(person_id: int) -> None:
    with writing():
        person = db.session.get_one(Person, person_id)
        person.login, person.password_hash = "siti", f"hash of {PASSWORD}"


class Guesser:
    """Somebody with a browser of their own and a list of guesses."""

    def __init__(self, client: Client) -> None:
        client.lint = False
        self.client, self.token = client, client.token()

    def send(self, path: str, **fields: str) -> int:
        return self.client.post(path, data={"csrf_token": self.token, **fields}).status_code


def test_guesses_over_every_pathway_work_out_at_most_fifty_a_day_and_the_owner_gets_in(
    owner: Client, browser: Callable[[], Client], time: Time, worked_out: list[str]
) -> None:
    guesser = Guesser(browser())
    for _ in range(24):  # All through the day, so that the waits of minutes and hours end.
        time.forward(hours=1)
        for number in range(5):
            guesser.send("/masuk/hp", hp=PHONE, pin=f"{902_840 + number}")
            guesser.send("/masuk/kode", angka=f"{number:08}")
            guesser.send("/kartu/masuk", kode=f"{number:024}")
    assert 30 < worked_out.count(f"hash of {PIN}") <= 50
    assert owner.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303
    assert name_of(owner) == "Siti Aminah"


def test_of_ten_thousand_guesses_in_any_24_hours_at_most_fifty_are_let_through(
    cast: Cast, time: Time, owner: Client
) -> None:
    ways = (guesses.guess_at(cast.participant), guesses.guess_at(cast.participant, "a"), guesses.guess_at(7, "b"))
    let_through: list[datetime] = []
    for _ in range(120):
        time.forward(minutes=15)
        with writing():
            taken = [guesses.take(ways[number % 2], time.now) for number in range(84)]
        let_through += [time.now] * taken.count(None)
    most = max(sum(start <= each < start + timedelta(days=1) for each in let_through) for start in let_through)
    assert 30 < most <= 50
    assert len(let_through) > most  # The next day there are tries again.
    with writing():
        assert guesses.take(ways[2], time.now) is None


def test_password_and_pin_are_guessed_at_out_of_one_purse(
    cast: Cast, browser: Callable[[], Client], time: Time, worked_out: list[str]
) -> None:
    give_pin(cast.participant)
    give_password(cast.participant)  # Staff now, so only the password is worked out; the count is the person's.
    guesser = Guesser(browser())
    for _ in range(16):
        for number in range(5):
            guesser.send("/masuk", nama="siti", sandi=f"tebakan {number}")
            guesser.send("/masuk/hp", hp=PHONE, pin="902847")
        time.forward(hours=1, minutes=25)
    assert len(worked_out) <= 50
    assert f"asing:orang:{cast.participant}" in {row.key for row in db.session.query(LimitCount)}


def test_a_device_that_was_thrown_out_or_whose_card_was_replaced_is_a_strangers(
    owner: Client, cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    guesser = Guesser(browser())
    for _ in range(6):
        guesser.send("/masuk/hp", hp=PHONE, pin="902847")
    assert guesser.send("/masuk/hp", hp=PHONE, pin=PIN) == 429
    with writing():
        actions.end_devices(cast.participant, time.now)
    assert owner.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 429


def test_another_person_on_a_known_device_is_not_known_by_it(
    owner: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    give_pin(cast.other, phone="089999999999")
    guesser = Guesser(browser())
    for _ in range(6):
        guesser.send("/masuk/hp", hp="089999999999", pin="902847")
    assert owner.send("/masuk/hp", hp="089999999999", pin=PIN).status_code == 429


def test_a_known_device_is_bounded_too_and_keeps_no_other_out(
    owner: Client, cast: Cast, browser: Callable[[], Client], time: Time, worked_out: list[str]
) -> None:
    guesser = Guesser(owner)
    statuses = []
    for _ in range(8):
        statuses += [guesser.send("/masuk/hp", hp=PHONE, pin="902847") for _ in range(6)]
        time.forward(hours=1)
    assert len(worked_out) == guesses.KNOWN_A_DAY
    assert statuses.count(422) == guesses.KNOWN_A_DAY
    assert browser().send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303


def test_after_five_hundred_failures_a_pin_asks_for_a_card_on_unknown_devices(
    owner: Client, cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    assert (guesses.PIN_FAILURES_A_DAY, guesses.CODE_FAILURES_AN_HOUR) == (500, 1_000)
    with writing():
        guesses.count_pin(time.now, 499)
    assert Guesser(browser()).send("/masuk/hp", hp="081311112222", pin=PIN) == 422
    response = browser().send("/masuk/hp", hp=PHONE, pin=PIN)
    assert response.status_code == 429
    assert views.PIN_NEEDS_CARD in response.get_data(as_text=True)
    assert owner.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303


def test_three_hundred_good_sign_ins_meet_no_limit_while_somebody_fails_two_thousand_times(
    cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    with writing():
        people = [actions.add_person("Peserta Bimtek", time.now).id for _ in range(300)]
    failing, hall = Guesser(browser()), Guesser(browser())
    failures, good = set[int](), list[int]()
    for number, person_id in enumerate(people):
        if number % 5 == 0:
            failures.add(failing.send("/masuk/hp", hp=f"0813{number:07}", pin=PIN))
            with writing():
                guesses.count_pin(time.now, 34)  # So many more, without the page.
        hall.client.delete_cookie("sinau", domain="sinau.test")
        hall.token = hall.client.token()
        good.append(hall.send("/kartu/masuk", kode=card_token(KEY[::-1], person_id, 1)))
    assert good == [303] * 300
    assert failures == {422, 429}


def test_good_tries_are_given_back(owner: Client, cast: Cast, browser: Callable[[], Client]) -> None:
    for _ in range(12):
        assert browser().send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303
    db.session.rollback()
    assert {row.count for row in db.session.query(LimitCount)} == {0}


def test_the_old_password_is_guessed_at_out_of_the_same_purse(
    cast: Cast, client: Client, worked_out: list[str]
) -> None:
    give_password(cast.participant)
    sign_in(client, cast.participant)
    guesser = Guesser(client)
    statuses = [guesser.send("/saya/sandi", lama="tebakan", baru="gerobak biru roda") for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert len(worked_out) == 5


def test_nothing_that_was_typed_is_kept_with_the_counts(browser: Callable[[], Client], cast: Cast) -> None:
    guesser = Guesser(browser())
    guesser.send("/masuk/hp", hp="0813 7777 8888", pin=PIN)
    guesser.send("/masuk", nama="rahasiaku", sandi="salah")
    keys = " ".join(row.key for row in db.session.query(LimitCount))
    assert "asing:" in keys
    assert "7777" not in keys
    assert "rahasiaku" not in keys


def test_an_own_account_on_the_phone_gives_no_tries_at_the_others_back(
    owner: Client, cast: Cast, browser: Callable[[], Client], worked_out: list[str], time: Time
) -> None:
    give_pin(cast.other, "902847")
    guesser = Guesser(browser())
    for _ in range(24):
        for number in range(3):
            guesser.send("/masuk/hp", hp=PHONE, pin=f"{739_161 + number}")
            if guesser.send("/masuk/hp", hp=PHONE, pin="902847") == 303:
                guesser.token = guesser.client.token()
        time.forward(hours=1)
    assert 30 < worked_out.count(f"hash of {PIN}") <= 50
    assert owner.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303


def test_a_guess_at_two_pins_of_one_account_counts_twice_and_the_owner_may_use_either(
    owner: Client, cast: Cast, browser: Callable[[], Client], worked_out: list[str], time: Time
) -> None:
    give_pin(cast.other, "902847")
    with writing():
        db.session.get_one(Person, cast.other).merged_into_id = cast.participant
    for pin in (PIN, "902847"):
        assert browser().send("/masuk/hp", hp=PHONE, pin=pin).status_code == 303
    db.session.rollback()
    assert {row.count for row in db.session.query(LimitCount)} == {0}
    worked_out.clear()
    guesser = Guesser(browser())
    for _ in range(24):
        for number in range(3):
            guesser.send("/masuk/hp", hp=PHONE, pin=f"{739_161 + number}")
        time.forward(hours=1)
    assert 30 < len(worked_out) <= 50
    assert set(worked_out) == {f"hash of {PIN}", "hash of 902847"}
    for pin in (PIN, "902847"):
        assert owner.send("/masuk/hp", hp=PHONE, pin=pin).status_code == 303


def test_a_pin_is_chosen_five_times_a_day(client: Client, cast: Cast, time: Time) -> None:
    sign_in(client, cast.participant)
    chosen = [client.send("/saya/pin", hp=PHONE, pin=f"{739_161 + number}") for number in range(6)]
    assert [response.status_code for response in chosen] == [303] * 5 + [429]
    assert MANY_PINS in chosen[5].get_data(as_text=True)
    time.forward(days=1)
    assert client.send("/saya/pin", hp=PHONE, pin=PIN).status_code == 303


def test_a_known_device_that_fails_on_purpose_keeps_no_other_known_one_out(
    owner: Client, cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    borrowed = browser()
    borrowed.send("/kartu/masuk", kode=card_token(KEY[::-1], cast.participant, 1))
    borrowed.send("/keluar")
    for known, count in ((Guesser(borrowed), 10), (Guesser(browser()), 39)):
        for number in range(count):
            assert known.send("/masuk/hp", hp=PHONE, pin="902847") == 422
            time.forward(hours=number % 5 == 4)
    assert Guesser(borrowed).send("/masuk/hp", hp=PHONE, pin=PIN) == 429
    assert owner.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303

"""Whoever holds a card, a PIN or a code of the one who went signs in as the one who stays; and as themself again."""

from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Device, Person
from lms.people import actions
from lms.people.cards import card_token
from lms.web.clock import now
from tests.conftest import KEY, Client, sign_in
from tests.people.conftest import Twins
from tests.people.easy import PHONE, PIN, easy_hashes, give_pin, name_of

OTHER_PIN = "482917"


def by_card(client: Client, twins: Twins) -> str:
    return client.send("/kartu/masuk", kode=card_token(KEY[::-1], twins.gone, 1)).location


def by_code(client: Client, twins: Twins) -> str:
    with writing():
        digits = actions.new_help_code(twins.gone, twins.trainer, now())
    return client.send("/masuk/kode", angka=digits).location


def by_pin(client: Client, twins: Twins) -> str:
    return client.send("/masuk/hp", hp=PHONE, pin=PIN).location


def device_of(client: Client) -> int:
    """Who this browser is signed in as."""
    db.session.rollback()
    with client.session_transaction(base_url="https://sinau.test") as session:
        return db.session.get_one(Device, session["_user_id"]).person_id


@pytest.mark.parametrize("way", [by_card, by_code, by_pin])
def test_by_every_way_in_the_one_who_went_is_the_one_who_stays(
    browser: Callable[[], Client], twins: Twins, monkeypatch: pytest.MonkeyPatch, way: Callable[[Client, Twins], str]
) -> None:
    easy_hashes(monkeypatch)
    give_pin(twins.gone)
    twins.merge()
    client = browser()
    assert way(client, twins)
    assert device_of(client) == twins.stays
    assert name_of(client)
    twins.separate()
    client = browser()
    assert way(client, twins)
    assert device_of(client) == twins.gone


def test_both_pins_of_one_phone_open_the_one_account_without_a_choice(
    browser: Callable[[], Client], twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out = easy_hashes(monkeypatch)
    give_pin(twins.gone)
    give_pin(twins.stays, OTHER_PIN)
    twins.merge()
    for pin in (PIN, OTHER_PIN):
        client = browser()
        assert client.send("/masuk/hp", hp=PHONE, pin=pin).status_code == 303
        assert device_of(client) == twins.stays
    assert browser().send("/masuk/hp", hp=PHONE, pin="918273").status_code == 422
    worked_out.clear()
    for _ in range(60):
        browser().send("/masuk/hp", hp=PHONE, pin="918273")
    assert len(worked_out) == 2, "one more guess at two PINs, counted for the one account; a third would make six"


def test_with_the_same_pin_for_both_nobody_is_asked_who_they_are(
    client: Client, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    easy_hashes(monkeypatch)
    for person in (twins.gone, twins.stays):
        give_pin(person)
    twins.merge()
    assert client.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303
    assert device_of(client) == twins.stays


def test_a_join_form_of_before_opens_neither_account(client: Client, twins: Twins) -> None:
    form = {"formulir": "f" * 22, "nama": "Siti Aminnah", "desa": "33.12.01.2001", "hp": ""}
    assert client.send("/ikut/B1MTEK", **form).status_code == 303
    twins.gone = device_of(client)
    twins.merge()
    assert client.get("/saya").status_code == 303, "the device ended"
    client.delete_cookie("sinau", domain="sinau.test")
    assert client.send("/ikut/B1MTEK", **form).status_code == 303
    assert device_of(client) not in (twins.stays, twins.gone), "merging ended it with the devices; this is somebody new"


def test_a_browser_of_somebody_merged_is_nobodys(client: Client, twins: Twins) -> None:
    twins.merge()
    sign_in(client, twins.gone)
    assert client.get("/saya").status_code == 303
    assert db.session.get_one(Person, twins.gone).merged_into_id == twins.stays

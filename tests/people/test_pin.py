"""Phone and PIN: offered, set by who came in with a card, shared phones asked whose, and never for staff."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Person, PersonChange
from lms.people import views
from lms.people.actions import correct, deactivate, set_pin
from lms.people.cards import card_token
from lms.people.key_views import CROWDED_PHONE, PIN_SHAPE, WEAK_PIN
from tests.conftest import KEY, START, Cast, Client, Time, add_member, add_person, sign_in
from tests.people.easy import PHONE, PIN, easy_hashes, give_pin, name_of


@pytest.fixture(autouse=True)
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return easy_hashes(monkeypatch)


def enter(client: Client, phone: str = PHONE, pin: str = PIN, **fields: object) -> TestResponse:
    return client.send("/masuk/hp", hp=phone, pin=pin, **fields)


def stored(person_id: int) -> tuple[str, str]:
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    return person.phone, person.pin_hash


def test_it_is_offered_on_the_card_and_among_my_ways_in(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    assert 'href="/saya/pin"' in client.page("/saya/kartu")
    assert "Tidak wajib" in client.page("/saya/masuk")
    give_pin(cast.participant)
    assert 'href="/saya/pin"' not in client.page("/saya/kartu")
    assert "••••7890" in client.page("/saya/masuk")


@pytest.mark.parametrize("typed", ["0812-3456-7890", "+62 812 3456 7890", "62812.3456.7890"])
def test_set_with_a_phone_it_signs_in_elsewhere(
    client: Client, cast: Cast, browser: Callable[[], Client], typed: str
) -> None:
    sign_in(client, cast.participant)
    assert client.send("/saya/pin", hp=typed, pin=PIN).location == "/saya/masuk?beres=pin"
    assert "PIN tersimpan" in client.page("/saya/masuk?beres=pin")
    assert stored(cast.participant) == (PHONE, f"hash of {PIN}")
    assert [change.field for change in db.session.query(PersonChange)] == ["phone"]
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["data diperbaiki", "PIN dibuat"]
    other = browser()
    assert enter(other, typed, ke="/belajar/kursus").location == "/belajar/kursus"
    assert name_of(other) == "Siti Aminah"


@pytest.mark.parametrize(
    ("phone", "pin", "said"),
    [
        ("0812", PIN, "Tulis seperti 0812 3456 7890."),
        ("", PIN, "Tulis seperti 0812 3456 7890."),
        (PHONE, "12345", PIN_SHAPE),
        (PHONE, "rahasi", PIN_SHAPE),
        (PHONE, "123456", WEAK_PIN),
        (PHONE, "170845", WEAK_PIN),
        (PHONE, PHONE[-6:], WEAK_PIN),
    ],
)
def test_what_can_not_be_a_pin_is_told(client: Client, cast: Cast, phone: str, pin: str, said: str) -> None:
    response = sign_in(client, cast.participant).send("/saya/pin", hp=phone, pin=pin)
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)
    assert f'value="{phone}"' in response.get_data(as_text=True)
    assert stored(cast.participant) == ("", "")


def test_who_came_in_with_a_pin_changes_none_until_they_show_the_card(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    enter(client)
    assert "masuklah dulu dengan kartu" in client.page("/saya/pin")
    keys = client.page("/saya/masuk")
    assert "Mintalah kode 8 angka kepada pelatih Anda" in keys
    assert "/saya/kartu" not in keys
    assert "Mintalah kode 8 angka kepada pelatih Anda" in client.page("/saya/kartu/ganti")
    assert client.send("/saya/pin", pin="902847").status_code == 403
    assert stored(cast.participant)[1] == f"hash of {PIN}"
    client.send("/kartu/masuk", kode=card_token(KEY[::-1], cast.participant, 1))
    assert "Mintalah kode" not in client.page("/saya/masuk")
    assert client.send("/saya/pin", pin="902847").status_code == 303
    assert stored(cast.participant)[1] == "hash of 902847"


def test_it_is_taken_away_again_and_twice_is_once(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    sign_in(client, cast.participant)
    for _ in range(2):
        assert client.send("/saya/pin/hapus").location == "/saya/masuk?beres=pin-hapus"
    assert stored(cast.participant)[1] == ""
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["PIN dibuat", "PIN dihapus"]


def test_people_who_share_phone_and_pin_are_asked_who_they_are(client: Client, cast: Cast) -> None:
    for person in (cast.participant, cast.other):
        give_pin(person)
    give_pin(cast.stranger, "902847")
    response = enter(client)
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Siti Aminah" in text
    assert "Budi Santoso" in text
    assert "Wati" not in text
    assert name_of(client) == ""
    assert enter(client, siapa=cast.stranger).status_code == 200  # Hers is another PIN.
    assert enter(client, siapa=cast.other).status_code == 303
    assert name_of(client) == "Budi Santoso"


def test_who_shares_a_phone_but_not_the_pin_is_not_named(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    give_pin(cast.other, "902847")
    assert enter(client).status_code == 303
    assert name_of(client) == "Siti Aminah"


def test_a_sixth_person_on_a_phone_is_told_and_only_five_are_tried(
    client: Client, cast: Cast, worked_out: list[str]
) -> None:
    for number in range(5):
        give_pin(add_person(f"Tetangga {'ABCDE'[number]}"), "902847")
    sixth = add_person("Tetangga F")
    response = sign_in(client, sixth).send("/saya/pin", hp=PHONE, pin=PIN)
    assert response.status_code == 422
    assert CROWDED_PHONE in response.get_data(as_text=True)
    client.send("/keluar")
    give_pin(sixth)
    worked_out.clear()
    assert enter(client).status_code == 422
    assert len(worked_out) == 5


def test_a_wrong_pin_and_an_unknown_phone_get_the_same_answer(
    client: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    give_pin(cast.participant)

    def answers(phone: str) -> list[tuple[int, bool]]:
        each = browser()
        found = [enter(each, phone, "902847") for _ in range(6)]
        texts = [response.get_data(as_text=True) for response in found]
        return [(r.status_code, views.WRONG_PIN in text) for r, text in zip(found, texts, strict=True)]

    assert answers(PHONE) == answers("089999999999") == [(422, True)] * 5 + [(429, False)]


@pytest.mark.parametrize(("phone", "pin"), [("", ""), ("abc", PIN), (PHONE, "1"), ("\0", "\0"), (PHONE, "١٢٣٤٥٦")])
def test_what_is_no_phone_and_pin_is_not_counted(client: Client, cast: Cast, phone: str, pin: str) -> None:
    give_pin(cast.participant)
    for _ in range(20):
        response = enter(client, phone, pin)
    assert response.status_code == 422
    assert views.WRONG_SHAPE in response.get_data(as_text=True)
    assert enter(client).status_code == 303


def test_staff_have_no_pin_and_who_becomes_staff_loses_its_use(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert client.get("/saya/pin").status_code == 403
    assert client.send("/saya/pin", hp=PHONE, pin=PIN).status_code == 403
    assert "PIN" not in client.page("/saya/masuk")
    client.send("/keluar")
    give_pin(cast.participant)
    add_member(cast.participant, cast.other_bimtek, "pelatih")
    assert enter(client).status_code == 422


def test_a_pin_that_was_taken_back_while_it_was_worked_out_opens_nothing(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_pin(cast.participant)

    def slowly(encoded: str, password: str) -> bool:
        with writing():
            set_pin(cast.participant, "", START)
        return True

    monkeypatch.setattr(views, "password_matches", slowly)
    assert enter(client).status_code == 422
    assert name_of(client) == ""


def test_who_is_deactivated_gets_in_with_no_pin(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    with writing():
        deactivate(cast.participant, cast.admin, START)
    assert enter(client).status_code == 422


def test_a_pin_does_not_come_along_to_another_phone(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    with writing():
        correct(cast.participant, {"name": "Siti A", "phone": PHONE}, cast.trainer, START)
    assert stored(cast.participant) == (PHONE, f"hash of {PIN}")
    with writing():
        correct(cast.participant, {"phone": "081311112222"}, cast.trainer, START)
    assert stored(cast.participant) == ("081311112222", "")


def test_the_last_place_on_a_phone_is_given_once(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(password: str) -> str:
        for number in range(5):
            give_pin(add_person(f"Tetangga {'ABCDE'[number]}"), "902847")
        return f"hash of {password}"

    monkeypatch.setattr("lms.people.key_views.hash_password", slowly)
    response = sign_in(client, cast.participant).send("/saya/pin", hp=PHONE, pin=PIN)
    assert response.status_code == 422
    assert CROWDED_PHONE in response.get_data(as_text=True)
    assert stored(cast.participant) == ("", "")


def test_who_came_in_with_a_pin_gets_no_card_while_it_is_good(client: Client, cast: Cast) -> None:
    give_pin(cast.participant)
    enter(client)
    letters = card_token(KEY[::-1], cast.participant, 1)
    for path in ("/saya/kartu", "/saya/kartu/ganti"):
        assert "masuklah dulu dengan kartu" in client.page(path)
    assert f"<span>{letters[:4]}</span>" not in client.page("/saya/kartu")
    assert client.get("/saya/kartu.png").status_code == 403
    assert client.send("/saya/kartu/ganti", nomor="1").status_code == 403
    assert db.session.get_one(Person, cast.participant).card_serial == 1
    client.send("/kartu/masuk", kode=letters)
    assert f"<span>{letters[:4]}</span>" in client.page("/saya/kartu")


def test_who_came_in_with_a_pin_replaces_a_card_that_has_run_out(client: Client, cast: Cast, time: Time) -> None:
    give_pin(cast.participant)
    time.forward(days=395)
    enter(client)
    assert "lewat masa berlakunya" in client.page("/saya/kartu")
    assert client.send("/saya/kartu/ganti", nomor="1").status_code == 303
    assert f"<span>{card_token(KEY[::-1], cast.participant, 2)[:4]}</span>" in client.page("/saya/kartu?diganti=1")

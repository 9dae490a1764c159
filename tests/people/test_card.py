"""The card: 24 letters that sign in anywhere, shown again as often as wanted, burnt by no preview."""

import re
from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Device, Person
from lms.people.cards import card_hash, card_token
from tests.conftest import KEY, Cast, Client, sign_in

UNKNOWN = "Kode kartu ini tidak kami kenal."


@pytest.fixture
def letters(cast: Cast) -> str:
    return card_token(KEY[::-1], cast.participant, 1)


def devices() -> int:
    db.session.rollback()
    return db.session.query(Device).count()


def test_the_letters_sign_in_on_any_device_after_asking(client: Client, letters: str) -> None:
    response = client.send("/kartu", kode=letters)
    assert response.status_code == 200
    assert "Masuk sebagai Siti Aminah?" in response.get_data(as_text=True)
    assert devices() == 0
    assert client.get("/saya").status_code == 303
    assert client.send("/kartu/masuk", kode=letters, ke="/belajar/kursus").location == "/belajar/kursus"
    assert "Siti Aminah" in client.page("/saya")


@pytest.mark.parametrize(
    "typing", [str.lower, lambda text: "-".join(re.findall("....", text)), lambda text: f" {text} "]
)
def test_the_letters_are_understood_however_they_are_typed(
    client: Client, letters: str, typing: Callable[[str], str]
) -> None:
    assert client.send("/kartu", kode=typing(letters)).status_code == 200


def test_opening_the_link_signs_nobody_in(client: Client, letters: str) -> None:
    for path in ("/kartu", f"/kartu?kode={letters}", f"/kartu?k={letters}", "/kartu/masuk"):
        client.get(path)
    assert devices() == 0
    assert client.get("/saya").status_code == 303


@pytest.mark.parametrize("typed", ["", "0" * 24, "ZZZZ", "é" * 24, "\0" * 24, "' or 1=1", "A" * 5_000])
def test_an_unknown_card_is_said_to_be_one(client: Client, cast: Cast, typed: str) -> None:
    for path in ("/kartu", "/kartu/masuk"):
        response = client.send(path, kode=typed)
        assert response.status_code == 422
        assert UNKNOWN in response.get_data(as_text=True)
    assert devices() == 0


def test_a_card_whose_serial_went_on_is_unknown(client: Client, cast: Cast, letters: str) -> None:
    with writing():
        person = db.session.get_one(Person, cast.participant)
        person.card_serial = 2
        person.card_hash = card_hash(card_token(KEY[::-1], person.id, 2))
    assert client.send("/kartu", kode=letters).status_code == 422
    assert client.send("/kartu", kode=card_token(KEY[::-1], cast.participant, 2)).status_code == 200


def test_the_card_is_shown_again_and_is_the_same(client: Client, cast: Cast, letters: str) -> None:
    sign_in(client, cast.participant)
    for _ in range(2):
        text = client.page("/saya/kartu")
        assert "".join(re.findall(r"<span>([0-9A-Z]{4})</span>", text)) == letters


def test_the_link_carries_the_letters_only_behind_the_hash(client: Client, cast: Cast, letters: str) -> None:
    sign_in(client, cast.participant)
    text = client.page("/saya/kartu")
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', text)
    carrying = [address for address in addresses if letters in address]
    assert carrying == [address for address in addresses if "wa.me" in address]
    assert f"https%3A//sinau.test/kartu%23{letters}" in carrying[0]


@pytest.mark.parametrize("path", ["/saya/kartu", "/saya/kartu.png"])
def test_the_card_is_neither_kept_nor_compressed(client: Client, cast: Cast, path: str) -> None:
    sign_in(client, cast.participant)
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Content-Encoding" not in response.headers
    client.lint = False  # It reads pages, not gzip.
    assert client.get("/privasi", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_the_page_that_asks_whose_card_it_is_is_kept_by_nobody(client: Client, letters: str) -> None:
    response = client.send("/kartu", kode=letters)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_card_picture_is_a_picture(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    response = client.get("/saya/kartu.png")
    assert response.mimetype == "image/png"
    assert response.data.startswith(b"\x89PNG")


def test_signing_in_with_another_card_leaves_nothing_of_the_person_before(
    client: Client, cast: Cast, letters: str
) -> None:
    sign_in(client, cast.other)
    with client.session_transaction(base_url="https://sinau.test") as session:
        session["sisa"] = "milik Budi"
    client.send("/kartu/masuk", kode=letters)
    with client.session_transaction(base_url="https://sinau.test") as session:
        assert "sisa" not in session
    text = client.page("/saya")
    assert "Siti Aminah" in text
    assert "Budi Santoso" not in text


@pytest.mark.parametrize(
    "target", ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "", "javascript:x"]
)
def test_after_signing_in_one_stays_on_this_site(client: Client, letters: str, target: str) -> None:
    assert client.send("/kartu/masuk", kode=letters, ke=target).location == "/"


def test_tokens_differ_by_person_serial_and_key() -> None:
    tokens = {card_token(key, person, serial) for key in (KEY, KEY[::-1]) for person in (1, 2) for serial in (1, 2)}
    assert len(tokens) == 8
    assert {len(token) for token in tokens} == {24}

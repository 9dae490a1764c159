"""“Ganti kartu”: whoever photographed the old card can do nothing any more, and a card runs out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.boot.app import create_app
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Person
from lms.people import views
from lms.people.cards import card_token
from tests.conftest import KEY, Cast, Client, Time, settings_for, sign_in
from tests.people.easy import PIN, easy_hashes, name_of


def letters(person_id: int, serial: int = 1) -> str:
    return card_token(KEY[::-1], person_id, serial)


def test_a_stranger_with_a_photographed_card_can_do_nothing_after_it_was_replaced(
    client: Client, cast: Cast, browser: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    easy_hashes(monkeypatch)
    owner, stranger = sign_in(client, cast.participant), browser()
    stranger.send("/kartu/masuk", kode=letters(cast.participant))
    assert stranger.send("/saya/pin", hp="081311112222", pin=PIN).status_code == 303
    assert name_of(stranger) == "Siti Aminah"
    assert "kartu lama tidak membuka apa-apa lagi" in owner.page("/saya/kartu/ganti")
    assert owner.send("/saya/kartu/ganti", nomor="1").location == "/saya/kartu?diganti=1&ke=/saya/masuk"
    page = owner.page("/saya/kartu?diganti=1&ke=/saya/masuk")
    assert "Ini kartu baru Anda" in page
    bar = page.partition('<div class="next">')[2].partition("</div>")[0]
    assert ("Simpan gambar kartu" in bar, "Kembali" in bar) == (True, False)
    for path in ("/saya", "/saya/kartu", "/saya/kartu.png", "/saya/masuk", "/belajar/kursus"):
        assert name_of(stranger) == ""
        assert stranger.get(path).status_code in (200, 303)
        assert "Siti" not in stranger.get(path).get_data(as_text=True)
    for path in ("/kartu", "/kartu/masuk"):
        told = stranger.send(path, kode=letters(cast.participant))
        assert (told.status_code, "kartu ini sudah diganti" in told.get_data(as_text=True)) == (422, True)
        unknown = stranger.send(path, kode="7" * 24).get_data(as_text=True)
        assert views.UNKNOWN_CARD in told.get_data(as_text=True)
        assert views.UNKNOWN_CARD in unknown
    assert stranger.send("/masuk/hp", hp="081311112222", pin=PIN).status_code == 422
    assert stranger.send("/saya/kartu/ganti", nomor="2").location == "/masuk?ke=/"
    assert name_of(owner) == "Siti Aminah"
    assert browser().send("/kartu/masuk", kode=letters(cast.participant, 2)).status_code == 303


def test_pressing_twice_or_an_old_page_replaces_once(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    for number in ("1", "1", "9", "", "x"):
        assert client.send("/saya/kartu/ganti", nomor=number).status_code == 303
    assert db.session.get_one(Person, cast.participant).card_serial == 2
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["kartu diganti"]


def test_a_card_runs_out_says_what_to_do_and_is_replaced_by_its_owner(client: Client, cast: Cast, time: Time) -> None:
    time.forward(days=395, seconds=-1)
    assert client.send("/kartu", kode=letters(cast.participant)).status_code == 200
    time.forward(seconds=1)
    for path in ("/kartu", "/kartu/masuk"):
        response = client.send(path, kode=letters(cast.participant))
        assert response.status_code == 422
        assert views.OLD_CARD in response.get_data(as_text=True)
    sign_in(client, cast.participant)
    assert "lewat masa berlakunya" in client.page("/saya/kartu")
    assert "lewat masa berlakunya" in client.page("/saya/masuk")
    client.send("/saya/kartu/ganti", nomor="1")
    assert "lewat masa berlakunya" not in client.page("/saya/kartu")
    client.send("/keluar")
    assert client.send("/kartu/masuk", kode=letters(cast.participant, 2)).status_code == 303


def test_how_long_a_card_is_good_is_a_setting(tmp_path: Path, app: Flask) -> None:
    other = create_app(settings_for(tmp_path, card_days=30))
    assert (other.config["CARD_LIFE"].days, app.config["CARD_LIFE"].days) == (30, 395)


def test_the_card_of_who_was_merged_signs_in_as_the_other(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    with writing():
        db.session.get_one(Person, cast.participant).merged_into_id = cast.other
    assert name_of(client) == ""
    assert "Masuk sebagai Budi Santoso?" in client.send("/kartu", kode=letters(cast.participant)).get_data(as_text=True)
    client.send("/kartu/masuk", kode=letters(cast.participant))
    assert name_of(client) == "Budi Santoso"


def test_merged_in_a_ring_or_erased_is_nobody(client: Client, cast: Cast, time: Time) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).merged_into_id = cast.other
        db.session.get_one(Person, cast.other).merged_into_id = cast.participant
        db.session.get_one(Person, cast.stranger).erased_at = time.now
        db.session.get_one(Person, cast.trainer).deactivated_at = time.now
    for person in (cast.participant, cast.stranger, cast.trainer):
        assert client.send("/kartu/masuk", kode=letters(person)).status_code == 422

"""Devices: signed in for 90 days, listed, ended from here or from another one."""

from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

import pytest
from flask import Flask

from lms.db.engine import Busy, db, writing
from lms.db.tables import Device
from lms.people.actions import end_device
from lms.people.cards import card_token
from tests.conftest import Cast, Client, Time, sign_in


def device_of(client: Client) -> str:
    with client.session_transaction(base_url="https://sinau.test") as session:
        return str(session["_user_id"])


def test_a_device_is_remembered_for_ninety_days_and_no_longer(client: Client, cast: Cast, time: Time) -> None:
    sign_in(client, cast.participant)
    time.forward(days=89, hours=23)
    assert client.get("/saya").status_code == 200
    time.forward(hours=2)
    assert client.get("/saya").location == "/masuk?ke=/saya"


def test_another_device_is_ended_from_here(client: Client, cast: Cast, browser: Callable[[], Client]) -> None:
    here, lost = sign_in(client, cast.participant), sign_in(browser(), cast.participant)
    path = f"/saya/perangkat/{device_of(lost)}/keluar"
    page = here.page("/saya/masuk")
    assert path in page
    assert page.count('<span class="tag ok">perangkat ini</span>') == 1
    for _ in range(2):
        assert here.send(path).location == "/saya/masuk?beres=perangkat"
    assert path not in here.page("/saya/masuk?beres=perangkat")
    assert lost.get("/saya").status_code == 303
    assert here.get("/saya").status_code == 200


def test_signing_out_ends_this_device_and_leaves_nothing(
    client: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    here, there = sign_in(client, cast.participant), sign_in(browser(), cast.participant)
    device = device_of(here)
    assert "Keluar dari HP ini?" in here.page("/keluar")
    assert here.send("/keluar").location == "/?keluar=1"
    assert "Anda sudah keluar" in here.page("/?keluar=1")
    assert here.get("/saya").status_code == 303
    assert there.get("/saya").status_code == 200
    sign_in(here, cast.participant)
    with here.session_transaction(base_url="https://sinau.test") as session:
        session["_user_id"] = device
    assert here.get("/saya").status_code == 303


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Komputer, Chrome"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Komputer, Chrome"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Komputer, Firefox"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "HP Android, Chrome",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Komputer Windows, Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "iPhone, Safari"),
        ("sesuatu", "Perangkat lain"),
    ],
)
def test_a_device_is_called_what_its_owner_would_call_it(
    client: Client, cast: Cast, agent: str, label: str, app: Flask
) -> None:
    card = card_token(app.config["CARD_KEY"], cast.participant, 1)
    form = {"csrf_token": client.token(), "kode": card}
    headers = {"User-Agent": agent, "Referer": "https://sinau.test/"}
    assert client.post("/kartu/masuk", data=form, headers=headers).status_code == 303
    page = client.page("/saya/masuk")
    assert f"<span>{label}<br>" in page
    assert "WIB, baru saja; terakhir dipakai 24 November 2026" in page


def test_another_persons_device_is_not_found_and_stays(
    client: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    me, other = sign_in(client, cast.participant), sign_in(browser(), cast.other)
    assert me.send(f"/saya/perangkat/{device_of(other)}/keluar").status_code == 404
    assert other.get("/saya").status_code == 200


def test_all_other_devices_are_ended_at_once(client: Client, cast: Cast, browser: Callable[[], Client]) -> None:
    here, *lost = (sign_in(each, cast.participant) for each in (client, browser(), browser()))
    other = sign_in(browser(), cast.other)
    assert "Keluarkan semua yang lain" in here.page("/saya/masuk")
    for _ in range(2):
        assert here.send("/saya/perangkat/keluar").location == "/saya/masuk?beres=perangkat"
    assert "Keluarkan semua yang lain" not in here.page("/saya/masuk")
    assert [each.get("/saya").status_code for each in (here, *lost, other)] == [200, 303, 303, 200]


def last_seen(device: str) -> datetime | None:
    db.session.rollback()
    return db.session.get_one(Device, device).last_seen_at


def test_a_device_is_seen_once_a_day_and_only_when_it_sends_something(client: Client, cast: Cast, time: Time) -> None:
    device = device_of(sign_in(client, cast.participant))
    client.send("/saya/perangkat/keluar")
    assert last_seen(device) is None
    time.forward(days=1)
    for _ in range(2):
        client.page("/saya/masuk")
    assert last_seen(device) is None
    first = time.now
    client.send("/saya/perangkat/keluar")
    time.forward(hours=23)
    client.send("/saya/perangkat/keluar")
    assert last_seen(device) == first
    page = client.page("/saya/masuk")
    assert "WIB, 1 hari lalu; terakhir dipakai 25 November 2026" in page
    time.forward(hours=1)
    client.send("/saya/perangkat/keluar")
    assert last_seen(device) == time.now


def test_a_busy_database_leaves_the_day_unmarked_and_the_answer_good(
    client: Client, cast: Cast, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = device_of(sign_in(client, cast.participant))
    token = client.token()
    time.forward(days=2)

    def busy() -> NoReturn:
        raise Busy

    monkeypatch.setattr("lms.people.viewer.writing", busy)
    assert client.post("/saya/perangkat/keluar", data={"csrf_token": token}).status_code == 303
    assert last_seen(device) is None


def test_ended_twice_keeps_the_first_moment(cast: Cast, client: Client, time: Time) -> None:
    device = device_of(sign_in(client, cast.participant))
    first = time.now
    for _ in range(2):
        with writing():
            end_device(cast.participant, device, time.now)
        time.forward(hours=1)
    assert db.session.get_one(Device, device).ended_at == first


def test_a_forged_device_is_nobody(client: Client, cast: Cast) -> None:
    with client.session_transaction(base_url="https://sinau.test") as session:
        session["_user_id"] = "tebakan"
    assert client.get("/saya").status_code == 303


def test_my_page_shows_my_data_and_no_certificates_yet(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.participant).page("/saya")
    assert "Desa Sumberagung, Kecamatan Pracimantoro" in text
    assert "belum diisi" in text
    assert "Belum ada. Sertifikat diambil di halaman kursus" in text

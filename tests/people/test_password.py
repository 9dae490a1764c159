"""Staff passwords: counted before the hash, given back after success, with the same words for every failure."""

import re
import threading
from collections.abc import Callable
from html import unescape

import pytest
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import Device, LimitCount
from lms.people import hashing as passwords
from lms.people import views
from lms.people.actions import add_staff
from lms.people.hashing import hash_password, password_matches
from tests.conftest import START, Client, Time

PASSWORD = "kopi pagi di teras"


@pytest.fixture(scope="module")
def encoded() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def trainer(app: object, encoded: str) -> int:
    with writing():
        return add_staff("Retno Wulandari", "retno", encoded, START).id


def sign_in(client: Client, password: str = PASSWORD, login: str = "retno") -> TestResponse:
    return client.send("/masuk", nama=login, sandi=password, ke="/saya")


def counts() -> dict[str, int]:
    db.session.rollback()
    return {row.key: row.count for row in db.session.query(LimitCount)}


def test_the_password_signs_in_and_gives_the_tries_back(client: Client, trainer: int) -> None:
    assert sign_in(client).location == "/saya"
    assert "Retno Wulandari" in client.page("/saya")
    assert set(counts().values()) == {0}


def test_the_name_is_understood_in_any_case(client: Client, trainer: int) -> None:
    assert sign_in(client, login="  RETNO ").status_code == 303


def test_wrong_password_and_unknown_name_get_the_same_answer(
    client: Client, trainer: int, browser: Callable[[], Client]
) -> None:
    def answer(login: str, password: str) -> str:
        response = sign_in(browser(), password, login)
        assert response.status_code == 422
        text = re.sub(r'name="csrf_token" value="[^"]*"', "", response.get_data(as_text=True))
        return text.replace(f'value="{login}"', "NAMA")

    assert answer("retno", "salah sekali") == answer("siapa", "salah sekali") == answer("siapa", PASSWORD)
    assert views.WRONG_PASSWORD in answer("retno", "")


def test_the_try_is_counted_before_the_hash_is_worked_out(
    client: Client, trainer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, int]] = []

    def watch(encoded: str, password: str) -> bool:
        seen.append(counts())
        return False

    monkeypatch.setattr(views, "password_matches", watch)
    sign_in(client)
    sign_in(client)
    assert [set(tries.values()) for tries in seen] == [{1}, {2}]


def test_the_wait_grows_and_even_the_right_one_waits(client: Client, trainer: int, time: Time) -> None:
    def tries() -> list[int]:
        return [sign_in(client, "salah sekali").status_code for _ in range(6)]

    assert tries() == [422] * 5 + [429]
    assert "Coba lagi sesudah 24 November 2026, 09.15 WIB" in sign_in(client).get_data(as_text=True)
    assert sign_in(client, login="lain").status_code == 422
    time.forward(minutes=5)
    assert tries() == [422] * 5 + [429]
    time.forward(minutes=5)
    assert tries() == [429] * 6
    assert "sesudah 24 November 2026, 10.00 WIB" in sign_in(client).get_data(as_text=True)
    time.forward(hours=1)
    assert sign_in(client).status_code == 303


def test_success_is_not_counted_against_anybody(client: Client, trainer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "password_matches", lambda encoded, password: True)
    assert {sign_in(client).status_code for _ in range(12)} == {303}
    db.session.rollback()
    assert db.session.query(Device).count() == 12


def test_a_person_without_password_has_none_to_guess(client: Client, app: object) -> None:
    from lms.db.tables import Person

    with writing():
        db.session.add(Person(name="Wati", login="wati", password_hash="", created_at=START))
    assert sign_in(client, "", "wati").status_code == 422


@pytest.mark.parametrize("login", ["\0", "é" * 100, "x" * 500, "' or 1=1 --", "ß" * 60])
def test_an_odd_name_is_only_a_wrong_one(client: Client, login: str) -> None:
    assert sign_in(client, login=login).status_code == 422


def test_no_more_than_two_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    class Slow:
        def verify(self, encoded: str, password: str) -> bool:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                if running == 2:
                    go.set()
            go.wait(2)
            with lock:
                running -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=password_matches, args=("x", "y")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_hashing_inside_a_write_is_refused(app: object) -> None:
    with pytest.raises(RuntimeError, match="hash"), writing():
        hash_password("rahasia sekali")


def test_tries_that_were_refused_do_not_use_up_the_day(client: Client, trainer: int, time: Time) -> None:
    for _ in range(60):
        sign_in(client, "salah sekali ini")
    time.forward(minutes=16)
    assert sign_in(client).location == "/saya"


def test_who_waits_too_long_for_a_turn_to_hash_is_told_to_come_back(
    client: Client, trainer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0)
    with passwords._at_once, passwords._at_once:
        assert sign_in(client).status_code == 503
    assert sign_in(client).status_code == 303


def test_staff_find_their_way_in_at_the_top_of_the_page(client: Client) -> None:
    link = re.search(r'<a href="([^"]*)">Pelatih atau pengelola', client.page("/masuk?ke=/pelatih"))
    assert link
    page = client.page(unescape(link[1]))
    assert page.index("Nama masuk") < page.index("Kode kartu")
    assert 'role="alert"' not in page
    assert 'name="ke" value="/pelatih"' in page

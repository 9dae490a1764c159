"""The single-use link that makes an admin."""

import threading

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Person
from lms.people import actions
from lms.people.queries import has_admin
from tests.conftest import START, Client, Time

FORM = {"nama": "Agus Prasetyo", "masuk": "agus.p", "sandi": "kopi pagi di teras"}


@pytest.fixture
def link(app: object) -> str:
    """What stands behind the # of the link."""
    with writing():
        return actions.new_admin_code(START)


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.people.views.hash_password", lambda password: f"hash of {len(password)}")


def is_good(client: Client, secret: str) -> bool:
    """Whether the link leads to its form."""
    response = client.send("/awal", kode=secret)
    return response.status_code == 200 and "Buat akun pengelola" in response.get_data(as_text=True)


def make(client: Client, secret: str, **changes: str) -> TestResponse:
    """Send the form."""
    return client.send("/awal/buat", kode=secret, **{**FORM, **changes})


def test_the_link_makes_one_admin_who_is_signed_in(client: Client, link: str) -> None:
    assert 'action="/awal"' in client.page("/awal")
    assert "Buat akun pengelola" in client.send("/awal", kode=link).get_data(as_text=True)
    assert make(client, link).location == "/"
    assert "Agus Prasetyo" in client.page("/saya")
    assert has_admin()
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["admin dibuat"]


def test_used_once_it_is_gone(client: Client, link: str) -> None:
    make(client, link)
    assert not is_good(client, link)
    assert make(client, link, masuk="lain").status_code == 422
    db.session.rollback()
    assert db.session.query(Person).count() == 1


def test_two_at_once_make_one_admin(app: Flask, link: str) -> None:
    ready, used = threading.Barrier(2), []

    def use() -> None:
        with app.app_context():
            ready.wait()
            with writing():
                used.append(actions.use_code("admin", link, START) is not None)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [False, True]


def test_after_a_week_it_is_gone(client: Client, link: str, time: Time) -> None:
    time.forward(days=7, seconds=1)
    assert not is_good(client, link)
    assert make(client, link).status_code == 422
    assert not has_admin()


def test_a_fresh_link_ends_the_one_before(client: Client, link: str) -> None:
    with writing():
        fresh = actions.new_admin_code(START)
    assert not is_good(client, link)
    assert is_good(client, fresh)


@pytest.mark.parametrize("secret", ["", "x", "a" * 500, "\0", "é", "#"])
def test_an_unknown_link_opens_nothing_and_may_be_pasted_again(client: Client, app: object, secret: str) -> None:
    assert not is_good(client, secret)
    assert make(client, secret).status_code == 422
    assert not has_admin()


def test_the_whole_link_may_be_pasted(client: Client, link: str) -> None:
    assert is_good(client, f" https://sinau.test/awal#{link}\n")


def test_an_address_never_holds_the_secret(client: Client, link: str) -> None:
    assert client.get(f"/awal/{link}").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"), [("nama", ""), ("masuk", "ab"), ("masuk", "dua kata"), ("masuk", "é" * 5), ("sandi", "pendek")]
)
def test_a_fault_is_named_and_the_link_stays_good(client: Client, link: str, field: str, typed: str) -> None:
    response = make(client, link, **{field: typed})
    assert response.status_code == 422
    assert f'id="{field}-salah"' in response.get_data(as_text=True)
    assert "kopi pagi" not in response.get_data(as_text=True)
    assert is_good(client, link)


def test_a_name_that_is_taken_leaves_the_link_good(client: Client, link: str) -> None:
    with writing():
        db.session.add(Person(name="Agus", login="agus.p", created_at=START))
    response = make(client, link)
    assert response.status_code == 422
    assert "sudah dipakai" in response.get_data(as_text=True)
    assert make(client, link, masuk="agus.dua").status_code == 303


def test_the_page_with_the_secret_is_kept_by_nobody(client: Client, link: str) -> None:
    assert client.send("/awal", kode=link).headers["Cache-Control"] == "private, no-store"

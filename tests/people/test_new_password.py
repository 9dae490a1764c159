"""Staff's password: changed by its owner, or anew by an admin's link that works once."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Person
from lms.people import actions
from lms.people.cards import card_token
from lms.people.key_views import WRONG_OLD
from tests.conftest import KEY, Cast, Client, Time, sign_in
from tests.people.easy import easy_hashes, name_of

OLD, NEW = "kopi pagi di teras", "gerobak biru empat roda"


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    easy_hashes(monkeypatch)


@pytest.fixture
def trainer(cast: Cast) -> int:
    with writing():
        person = db.session.get_one(Person, cast.trainer)
        person.login, person.password_hash = "retno", f"hash of {OLD}"
    return cast.trainer


@pytest.fixture
def link(trainer: int, cast: Cast, time: Time) -> str:
    """What stands behind the # of the link."""
    with writing():
        return actions.new_password_link(trainer, cast.admin, time.now)


def form_of(client: Client, secret: str) -> TestResponse:
    """What the link leads to."""
    return client.send("/sandi", kode=secret)


def enter(client: Client, password: str) -> int:
    return client.send("/masuk", nama="retno", sandi=password).status_code


def test_it_is_changed_with_the_old_one_and_others_are_out(
    client: Client, trainer: int, browser: Callable[[], Client]
) -> None:
    here, there = sign_in(client, trainer), sign_in(browser(), trainer)
    assert "Anda masuk dengan nama retno" in here.page("/saya/masuk")
    assert "Ganti sandi" in here.page("/saya/sandi")
    assert here.send("/saya/sandi", lama=OLD, baru=NEW).location == "/saya/masuk?beres=sandi"
    assert (name_of(here), name_of(there)) == ("Retno Wulandari", "")
    assert enter(browser(), OLD) == 422
    assert enter(browser(), NEW) == 303
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["sandi diganti"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("salah", NEW, WRONG_OLD),
        (OLD, "pendek", "12 huruf"),
        (OLD, "rahasia123456", "mudah ditebak"),
        (OLD, "sawah retno biru", "nama Anda"),
        (OLD, "sawah wulandari biru", "nama Anda"),
    ],
)
def test_what_can_not_be_is_told_and_changes_nothing(
    client: Client, trainer: int, old: str, new: str, said: str
) -> None:
    response = sign_in(client, trainer).send("/saya/sandi", lama=old, baru=new)
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get_one(Person, trainer).password_hash == f"hash of {OLD}"


def test_who_has_no_password_has_none_to_change(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    assert client.get("/saya/sandi").status_code == 403
    assert client.send("/saya/sandi", lama="", baru=NEW).status_code == 403


def test_a_link_sets_a_new_one_once_and_signs_in(client: Client, link: str, browser: Callable[[], Client]) -> None:
    assert 'action="/sandi"' in client.page("/sandi")
    page = form_of(client, link)
    assert "nama masuk <strong>retno</strong>" in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.send("/sandi/baru", kode=link, sandi=NEW).location == "/pelatih"
    assert name_of(client) == "Retno Wulandari"
    assert form_of(client, link).status_code == 422
    assert browser().send("/sandi/baru", kode=link, sandi=OLD).status_code == 422
    assert enter(browser(), NEW) == 303
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["tautan sandi dibuat", "sandi diganti"]


def test_a_weak_one_leaves_the_link_good(client: Client, link: str) -> None:
    response = client.send("/sandi/baru", kode=link, sandi="pendek")
    assert response.status_code == 422
    assert 'id="sandi-salah"' in response.get_data(as_text=True)
    assert client.send("/sandi/baru", kode=link, sandi=NEW).status_code == 303


def test_a_link_ends_after_a_day_with_a_newer_one_and_with_its_person(
    client: Client, link: str, trainer: int, cast: Cast, time: Time
) -> None:
    with writing():
        fresh = actions.new_password_link(trainer, cast.admin, time.now)
    assert form_of(client, link).status_code == 422
    assert form_of(client, fresh).status_code == 200
    time.forward(days=1, seconds=1)
    assert form_of(client, fresh).status_code == 422
    with writing():
        last = actions.new_password_link(trainer, cast.admin, time.now)
        actions.deactivate(trainer, cast.admin, time.now)
    assert client.send("/sandi/baru", kode=last, sandi=NEW).status_code == 422
    assert enter(client, NEW) == 422


@pytest.mark.parametrize("secret", ["", "x", "a" * 500, "\0", "é", "#"])
def test_an_unknown_link_opens_nothing_and_may_be_pasted_again(client: Client, app: object, secret: str) -> None:
    for response in (form_of(client, secret), client.send("/sandi/baru", kode=secret, sandi=NEW)):
        assert response.status_code == 422
        assert 'id="kode-salah"' in response.get_data(as_text=True)


def test_the_whole_link_may_be_pasted_and_no_address_holds_the_secret(client: Client, link: str) -> None:
    assert form_of(client, f" https://sinau.test/sandi#{link}\n").status_code == 200
    assert client.get(f"/sandi/{link}").status_code == 404


def test_who_is_deactivated_gets_in_with_no_password(client: Client, trainer: int, cast: Cast, time: Time) -> None:
    with writing():
        actions.deactivate(trainer, cast.admin, time.now)
    assert enter(client, OLD) == 422


def old_card(trainer: int) -> str:
    return card_token(KEY[::-1], trainer, 1)


def test_a_new_password_ends_the_card_and_codes_of_before(
    client: Client, trainer: int, browser: Callable[[], Client]
) -> None:
    assert browser().send("/kartu/masuk", kode=old_card(trainer)).status_code == 303
    sign_in(client, trainer).send("/saya/sandi", lama=OLD, baru=NEW)
    assert "Sandi dan kartu sudah diganti" in client.page("/saya/masuk?beres=sandi")
    assert browser().send("/kartu/masuk", kode=old_card(trainer)).status_code == 422


def test_a_link_ends_the_card_too(client: Client, trainer: int, link: str, browser: Callable[[], Client]) -> None:
    client.send("/sandi/baru", kode=link, sandi=NEW)
    assert browser().send("/kartu/masuk", kode=old_card(trainer)).status_code == 422


def test_staff_who_are_active_again_have_another_card_and_others_keep_theirs(
    client: Client, trainer: int, cast: Cast, time: Time
) -> None:
    with writing():
        for person in (trainer, cast.participant):
            actions.deactivate(person, cast.admin, time.now)
            actions.reactivate(person, cast.admin, time.now)
    assert client.send("/kartu", kode=old_card(trainer)).status_code == 422
    assert client.send("/kartu", kode=old_card(cast.participant)).status_code == 200

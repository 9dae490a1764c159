"""What ends for a person ends for the accounts merged into theirs too, whose cards, PINs and codes open it as well."""

from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Device, OneTimeCode, Person
from lms.people import actions
from lms.people.cards import card_token
from tests.conftest import KEY, Cast, Client, Time, sign_in
from tests.people.easy import PHONE, PIN, easy_hashes, give_pin, name_of


@pytest.fixture(autouse=True)
def merged(cast: Cast, monkeypatch: pytest.MonkeyPatch, app: object) -> None:
    """The other was merged into the participant and has a PIN of before."""
    easy_hashes(monkeypatch)
    give_pin(cast.other)
    with writing():
        db.session.get_one(Person, cast.other).merged_into_id = cast.participant


def card_opens(client: Client, person_id: int, serial: int = 1) -> bool:
    return client.send("/kartu/masuk", kode=card_token(KEY[::-1], person_id, serial)).status_code == 303


def pin_opens(client: Client) -> bool:
    return client.send("/masuk/hp", hp=PHONE, pin=PIN).status_code == 303


def test_before_anything_ends_all_of_it_opens_the_account(cast: Cast, browser: Callable[[], Client]) -> None:
    assert card_opens(browser(), cast.other)
    assert pin_opens(browser())


def test_another_card_ends_theirs(cast: Cast, client: Client, browser: Callable[[], Client], time: Time) -> None:
    with writing():
        code = actions.new_help_code(cast.other, cast.trainer, time.now)
    sign_in(client, cast.participant).send("/saya/kartu/ganti", nomor="1")
    assert not card_opens(browser(), cast.other)
    assert not pin_opens(browser())
    assert browser().send("/masuk/kode", angka=code).status_code == 422
    assert name_of(client) == "Siti Aminah"


def test_their_pin_is_shown_and_taken_away(cast: Cast, client: Client, browser: Callable[[], Client]) -> None:
    sign_in(client, cast.participant)
    assert "Hapus PIN" in client.page("/saya/masuk")
    assert "nomor HP ••••7890 dan" in client.page("/saya/masuk")
    assert "PIN sudah dipasang" in client.page("/saya")
    for _ in range(2):
        client.send("/saya/pin/hapus")
    assert not pin_opens(browser())
    assert "Hapus PIN" not in client.page("/saya/masuk")
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["PIN dibuat", "PIN dihapus"]


def test_a_new_pin_is_in_place_of_theirs(cast: Cast, client: Client, browser: Callable[[], Client]) -> None:
    sign_in(client, cast.participant).send("/saya/pin", hp="081311112222", pin="902847")
    assert not pin_opens(browser())
    assert browser().send("/masuk/hp", hp="081311112222", pin="902847").status_code == 303


def test_each_phone_with_a_pin_is_shown(cast: Cast, client: Client) -> None:
    give_pin(cast.other)
    with writing():
        own = db.session.get_one(Person, cast.participant)
        own.phone, own.pin_hash = "081311112222", "hash of 902847"
    page = sign_in(client, cast.participant).page("/saya/masuk")
    assert "nomor HP ••••7890 atau ••••2222" in page or "nomor HP ••••2222 atau ••••7890" in page


def test_another_phone_ends_their_pin_and_the_form_says_so_first(
    cast: Cast, client: Client, browser: Callable[[], Client]
) -> None:
    sign_in(client, cast.participant)
    form = {"nama": "Siti Aminah", "desa": "33.12.01.2002", "hp": ""}
    assert "PIN Anda terhapus" in client.page("/saya/perbaiki")
    assert "PIN Anda terhapus" in client.send("/saya/perbaiki", **form | {"hp": "12"}).get_data(as_text=True)
    client.send("/saya/perbaiki", **form)
    assert pin_opens(browser())
    client.send("/saya/perbaiki", **form | {"hp": "081311112222"})
    assert not pin_opens(browser())
    assert "PIN Anda terhapus" not in client.page("/saya/perbaiki")


def test_deactivation_ends_their_browsers_and_codes(cast: Cast, time: Time) -> None:
    with writing():
        actions.add_device(cast.other, "HP", time.now)
        actions.new_help_code(cast.other, cast.trainer, time.now)
        actions.deactivate(cast.participant, cast.admin, time.now)
    assert db.session.query(Device).one().ended_at == time.now
    assert db.session.query(OneTimeCode).count() == 0

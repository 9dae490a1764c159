"""Eight digits: a trainer's sign in by themselves, those shown to a trainer sign in as whom the trainer names."""

import re
from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Device, OneTimeCode, Person
from lms.people import actions, guesses, views
from tests.conftest import Cast, Client, Time, sign_in
from tests.effort import often
from tests.people.easy import name_of


@pytest.fixture
def digits(cast: Cast, time: Time) -> str:
    with writing():
        return actions.new_help_code(cast.participant, cast.trainer, time.now)


def shown_on(client: Client) -> str:
    """The digits that the browser's page shows."""
    return "".join(re.findall(r"<span>(\d{4})</span>", client.page("/masuk/tunjuk")))


def confirmed(client: Client, person_id: int, cast: Cast, time: Time) -> None:
    """Let the browser show a code, and a trainer confirm it for this person."""
    client.send("/masuk/tunjuk")
    code = shown_on(client)
    with writing():
        assert actions.confirm_shown_code(code, person_id, cast.trainer, time.now)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}{0[3]} {0[4]}{0[5]}{0[6]}{0[7]}"])
def test_the_digits_are_enough_and_work_once(
    client: Client, digits: str, browser: Callable[[], Client], typed: str
) -> None:
    assert client.send("/masuk/kode", angka=typed.format(digits), ke="/belajar/kursus").location == "/belajar/kursus"
    assert name_of(client) == "Siti Aminah"
    again = browser().send("/masuk/kode", angka=digits)
    assert again.status_code == 422
    assert views.WRONG_CODE in again.get_data(as_text=True)


def test_who_came_by_a_code_is_shown_the_way_to_the_card(client: Client, digits: str) -> None:
    assert "Anda sudah masuk" not in client.page("/")
    where = client.send("/masuk/kode", angka=digits).location
    assert where == "/?masuk=kode"
    page = client.page(where)
    assert '<a href="/saya/kartu">Lihat dan simpan kartu Anda</a>' in page
    assert '<a href="/saya/kartu/ganti">Ganti kartu bila HP lama hilang</a>' in page


def test_after_a_quarter_of_an_hour_they_open_nothing(client: Client, digits: str, time: Time) -> None:
    time.forward(minutes=15, seconds=1)
    assert client.send("/masuk/kode", angka=digits).status_code == 422


def test_staff_are_not_let_in_by_a_trainers_code(client: Client, cast: Cast, time: Time) -> None:
    for person in (cast.admin, cast.other_trainer):
        with writing():
            digits = actions.new_help_code(person, cast.trainer, time.now)
        assert client.send("/masuk/kode", angka=digits).status_code == 422
    assert name_of(client) == ""


def test_who_is_merged_signs_in_as_the_other_and_who_is_deactivated_as_nobody(
    client: Client, cast: Cast, digits: str, time: Time
) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).merged_into_id = cast.other
    assert client.send("/masuk/kode", angka=digits).status_code == 303
    assert name_of(client) == "Budi Santoso"
    client.send("/keluar")
    with writing():
        fresh = actions.new_help_code(cast.participant, cast.trainer, time.now)
        actions.deactivate(cast.other, cast.admin, time.now)
    assert client.send("/masuk/kode", angka=fresh).status_code == 422


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８", "\0", "x" * 5_000])
def test_what_is_not_eight_digits_is_told_and_not_counted(client: Client, app: object, typed: str) -> None:
    response = client.send("/masuk/kode", angka=typed)
    assert response.status_code == 422
    assert views.CODE_SHAPE in response.get_data(as_text=True)


@pytest.mark.walk
def test_after_a_thousand_failures_only_the_other_way_round_is_open(
    client: Client, digits: str, cast: Cast, time: Time
) -> None:
    client.lint = False
    token = client.token()

    def guess(number: int) -> int:
        return client.post("/masuk/kode", data={"csrf_token": token, "angka": f"{number:08}"}).status_code

    wrong = [number for number in range(1_002) if f"{number:08}" != digits][:1_000]
    typed = often(50, 1_000)
    assert {guess(number) for number in wrong[:typed]} == {422}
    with writing():
        for _ in wrong[typed:]:
            guesses.count_wrong_code(time.now)
    assert guess(int(digits)) == 429
    confirmed(client, cast.participant, cast, time)
    assert client.send("/masuk/tunjuk/masuk").status_code == 303
    assert name_of(client) == "Siti Aminah"
    time.forward(hours=1)
    with writing():
        fresh = actions.new_help_code(cast.other, cast.trainer, time.now)
    assert client.send("/masuk/kode", angka=fresh).status_code == 303


def test_a_browser_shows_a_code_waits_and_is_let_in(client: Client, cast: Cast, time: Time) -> None:
    assert client.send("/masuk/tunjuk", ke="/belajar/kursus").location == "/masuk/tunjuk"
    code = shown_on(client)
    assert client.get("/masuk/tunjuk/keadaan").json == {"confirmed": False, "over": False}
    waiting = client.send("/masuk/tunjuk/masuk")
    assert waiting.status_code == 422
    assert views.NOT_YET in waiting.get_data(as_text=True)
    with writing():
        assert actions.confirm_shown_code(code, cast.participant, cast.trainer, time.now)
    assert client.get("/masuk/tunjuk/keadaan").json == {"confirmed": True, "over": False}
    assert client.send("/masuk/tunjuk/masuk").location == "/belajar/kursus"
    assert name_of(client) == "Siti Aminah"


def test_only_the_browser_that_shows_the_code_is_let_in(
    client: Client, cast: Cast, time: Time, browser: Callable[[], Client]
) -> None:
    other = browser()
    for each in (client, other):
        each.send("/masuk/tunjuk")
    code = shown_on(client)
    assert code != shown_on(other)
    with writing():
        actions.confirm_shown_code(code, cast.participant, cast.trainer, time.now)
    assert other.send("/masuk/tunjuk/masuk").status_code == 422
    assert other.send("/masuk/kode", angka=code).status_code == 422
    assert client.send("/masuk/tunjuk/masuk").status_code == 303


def test_asking_again_shows_the_same_code_until_it_is_over(client: Client, app: object, time: Time) -> None:
    client.send("/masuk/tunjuk")
    code = shown_on(client)
    client.send("/masuk/tunjuk")
    assert shown_on(client) == code
    time.forward(minutes=15, seconds=1)
    assert "Kode ini sudah lewat" in client.page("/masuk/tunjuk")
    assert client.get("/masuk/tunjuk/keadaan").json == {"confirmed": False, "over": True}
    client.send("/masuk/tunjuk")
    assert shown_on(client) != code


def test_a_confirmation_of_staff_lets_nobody_in(client: Client, cast: Cast, time: Time) -> None:
    confirmed(client, cast.admin, cast, time)
    client.send("/masuk/tunjuk/masuk")
    assert name_of(client) == ""


def test_without_a_code_of_ones_own_there_is_nothing_to_see(client: Client, cast: Cast) -> None:
    assert client.get("/masuk/tunjuk").location == "/masuk"
    assert client.send("/masuk/tunjuk/masuk").location == "/masuk"
    sign_in(client, cast.participant)
    assert client.send("/masuk/tunjuk", ke="/saya").location == "/saya"
    db.session.rollback()
    assert db.session.query(OneTimeCode).count() == 0


def test_so_many_codes_are_shown_at_once_and_there_is_room_again_when_they_run_out(
    client: Client, time: Time, monkeypatch: pytest.MonkeyPatch, browser: Callable[[], Client]
) -> None:
    assert views.MOST_SHOWN > 20_000
    monkeypatch.setattr(views, "MOST_SHOWN", 2)
    assert [browser().send("/masuk/tunjuk").status_code for _ in range(3)] == [303, 303, 429]
    time.forward(minutes=15)
    assert client.send("/masuk/tunjuk").status_code == 303
    db.session.rollback()
    assert db.session.query(OneTimeCode).count() == 1  # What had run out is swept away.


def test_previews_and_crawlers_burn_nothing(client: Client, cast: Cast, digits: str, time: Time) -> None:
    with writing():
        link = actions.new_password_link(cast.trainer, cast.admin, time.now)
        db.session.get_one(Person, cast.trainer).login = "retno"
        first = actions.new_admin_code(time.now)
    confirmed(client, cast.participant, cast, time)
    client.lint = False  # A HEAD has no page to read.
    for method in ("get", "head"):
        for path in ("/sandi", "/awal", "/masuk/tunjuk", "/masuk/tunjuk/keadaan", "/masuk/tunjuk/masuk", "/masuk/kode"):
            getattr(client, method)(f"{path}?kode={digits}&angka={digits}")
    # A crawler that runs scripts sends what stands behind the # and comes to the form.
    assert client.send("/sandi", kode=link).status_code == client.send("/awal", kode=first).status_code == 200
    db.session.rollback()
    assert db.session.query(OneTimeCode).filter(OneTimeCode.used_at.is_(None)).count() == 4
    assert db.session.query(Device).count() == 0

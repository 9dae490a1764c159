"""Joining: a name and a village, a card to keep; sent again it is the same person."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lms.cohort import views
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Enrolment, Membership, NoticeAgreement, Person
from lms.people.actions import NOTICE_VERSION
from tests.conftest import SLUG, Cast, Client, Time, add_bimtek, sign_in

FORM = "formulir-percobaan-1"
GOOD = {"formulir": FORM, "nama": "Sri Wahyuningsih", "desa": "33.12.01.2001", "hp": "0812 3456 7890"}


@pytest.fixture
def code(app: object) -> str:
    found: str = db.session.query(Cohort.code).filter_by(kind="mandiri").scalar()
    return found


def join(client: Client, code: str, **changes: Any) -> TestResponse:
    response: TestResponse = client.send(f"/ikut/{code}", **{**GOOD, **changes})
    return response


def people() -> list[Person]:
    db.session.rollback()
    return db.session.query(Person).order_by(Person.id).all()


def letters(client: Client) -> str:
    return "".join(re.findall(r"<span>([0-9A-Z]{4})</span>", client.page("/saya/kartu")))


def test_joining_makes_a_person_who_is_signed_in_and_has_a_card(client: Client, code: str) -> None:
    response = join(client, code)
    assert response.location == f"/saya/kartu?baru=1&ke=/belajar/{SLUG}"
    person = people()[0]
    assert (person.name, person.region, person.phone) == ("Sri Wahyuningsih", "33.12.01.2001", "081234567890")
    assert (db.session.query(Membership).count(), db.session.query(Enrolment).count()) == (1, 1)
    text = client.page(response.location)
    assert "Pendaftaran berhasil. Ini kartu Anda" in text
    assert len(letters(client)) == 24


def test_the_notice_that_was_shown_is_kept_with_its_version(client: Client, code: str) -> None:
    assert "Tentang data Anda" in client.page(f"/ikut/{code}")
    join(client, code)
    people()
    assert [agreement.version for agreement in db.session.query(NoticeAgreement)] == [NOTICE_VERSION]


def test_the_same_form_again_is_the_same_person_and_card(
    client: Client, code: str, browser: Callable[[], Client]
) -> None:
    join(client, code)
    other = browser()
    assert join(other, code).status_code == 303
    assert [person.name for person in people()] == ["Sri Wahyuningsih"]
    assert letters(other) == letters(client)


def test_another_person_in_the_same_form_is_not_signed_in_as_the_first(
    client: Client, code: str, browser: Callable[[], Client]
) -> None:
    join(client, code)
    other = browser()
    response = join(other, code, nama="Nama Lain")
    assert response.status_code == 422
    assert "Nama Lain" in response.get_data(as_text=True)
    assert other.get("/saya").status_code == 303
    assert [person.name for person in people()] == ["Sri Wahyuningsih"]


def test_a_form_from_the_day_before_makes_nobody_and_gives_a_fresh_one(
    client: Client, code: str, browser: Callable[[], Client], time: Time
) -> None:
    join(client, code)
    time.forward(days=2)
    other = browser()
    response = join(other, code)
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    assert views.OLD_FORM in text
    assert "Sri Wahyuningsih" in text
    assert FORM not in text
    assert len(people()) == 1


def test_a_form_used_for_another_cohort_is_not_taken_as_that_person(
    client: Client, code: str, browser: Callable[[], Client]
) -> None:
    join(client, code)
    add_bimtek()
    assert join(browser(), "B1MTEK").status_code == 422
    assert len(people()) == 1


def test_who_is_signed_in_joins_a_second_cohort_by_one_button(client: Client, code: str) -> None:
    join(client, code)
    add_bimtek()
    text = client.page("/ikut/B1MTEK")
    assert "Ikut sebagai Sri Wahyuningsih" in text
    assert 'name="nama"' not in text
    for _ in range(2):
        assert client.send("/ikut/B1MTEK").location == f"/belajar/{SLUG}"
    assert len(people()) == 1
    assert (db.session.query(Membership).count(), db.session.query(Enrolment).count()) == (2, 1)
    assert "Anda sudah terdaftar di sini" in client.page("/ikut/B1MTEK")


def test_a_trainer_of_the_cohort_takes_part_only_to_try(cast: Cast, client: Client) -> None:
    sign_in(client, cast.trainer)
    assert "uji coba" in client.page("/ikut/B1MTEK")
    assert "uji coba" not in client.page("/ikut/B2MTEK")
    client.send("/ikut/B1MTEK")
    client.send("/ikut/B2MTEK")
    db.session.rollback()
    mine = db.session.query(Membership).filter_by(person_id=cast.trainer, role="peserta").order_by(Membership.cohort_id)
    assert [(row.cohort_id, row.trial) for row in mine] == [(cast.bimtek, True), (cast.other_bimtek, False)]


def test_joining_from_a_lesson_leads_back_to_it(
    client: Client, code: str, browser: Callable[[], Client], cast: Cast
) -> None:
    lesson = f"/belajar/{SLUG}/dasar/dua"
    way = client.page(lesson).rpartition('<a class="btn" href="')[2].partition('"')[0]
    assert way == f"/ikut/{code}?ke={lesson}"
    assert client.send(way, **{**GOOD, "nama": ""}).status_code == 422
    response = client.send(way, **GOOD)
    assert response.location == f"/saya/kartu?baru=1&ke={lesson}"
    assert f'<a class="btn second" href="{lesson}">Mulai belajar' in client.page(response.location)
    assert sign_in(browser(), cast.stranger).send(way).location == lesson
    assert f'<a class="btn" href="{lesson}">' in client.page(way)


@pytest.mark.parametrize("ke", ["https://jahat.test/", "//jahat.test", "/\\jahat.test", "javascript:alert(1)"])
def test_joining_leads_to_no_other_site(client: Client, code: str, ke: str) -> None:
    response = client.post(f"/ikut/{code}", query_string={"ke": ke}, data={"csrf_token": client.token(), **GOOD})
    assert response.location == "/saya/kartu?baru=1&ke=/"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("nama", "", "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "王小明", "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "Sri 2", "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "<b>Sri</b>", "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "...", "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "S" * 121, "Tulis dengan huruf Latin seperti di KTP."),
        ("nama", "Sri\0", "Tulis dengan huruf Latin seperti di KTP."),
        ("desa", "", "Pilih desa atau kelurahan Anda dari daftar."),
        ("desa", "33.12.99.9999", "Pilih desa atau kelurahan Anda dari daftar."),
        ("desa", "Atlantis", "Pilih desa atau kelurahan Anda dari daftar."),
        ("hp", "12345", "Tulis seperti 0812 3456 7890, atau kosongkan."),
        ("hp", "nomor saya", "Tulis seperti 0812 3456 7890, atau kosongkan."),
        ("formulir", "", "Formulir ini rusak di jalan."),
        ("formulir", "' or 1=1 --       ", "Formulir ini rusak di jalan."),
    ],
)
def test_each_fault_is_named_and_nothing_typed_is_lost(
    client: Client, code: str, field: str, typed: str, said: str
) -> None:
    response = join(client, code, **{field: typed})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in text
    if field != "nama":
        assert 'value="Sri Wahyuningsih"' in text
    if field != "desa":
        assert 'value="33.12.01.2001" selected' in text
    assert not people()


def test_all_faults_are_said_at_once(client: Client, code: str) -> None:
    text = join(client, code, nama="", desa="", hp="x").get_data(as_text=True)
    assert text.count('class="fault" id=') == 3


def test_a_phone_is_optional_and_families_may_share_one(
    client: Client, code: str, browser: Callable[[], Client]
) -> None:
    assert join(client, code, hp="").status_code == 303
    for number in range(2):
        assert join(browser(), code, formulir=f"formulir-keluarga-{number}").status_code == 303
    assert [person.phone for person in people()] == ["", "081234567890", "081234567890"]


def test_a_village_may_be_typed_whole_and_a_name_shared_by_several_is_asked_again(client: Client, code: str) -> None:
    assert join(client, code, desa="Sumberagung").status_code == 422
    assert join(client, code, desa="desa sumberagung,  kecamatan pracimantoro").status_code == 303
    assert people()[0].region == "33.12.01.2001"


@pytest.mark.parametrize("typed", ["b1mtek", "B1MTEK", "bimtek", "b1m-tek"])
def test_a_code_is_understood_however_it_is_typed(client: Client, typed: str) -> None:
    add_bimtek()
    assert "Bimtek Angkatan I" in client.page(f"/ikut/{typed}")
    assert client.get("/ikut", query_string={"kode": typed}).location == "/ikut/B1MTEK"
    assert join(client, typed).status_code == 303


def test_an_unknown_code_is_asked_again(client: Client) -> None:
    response = client.get("/ikut", query_string={"kode": "ZZZZZZ"})
    assert "Kode ini tidak kami kenal" in response.get_data(as_text=True)
    assert client.get("/ikut/ZZZZZZ").status_code == 404
    assert "Kode angkatan" in client.page("/ikut")


def test_a_closed_cohort_is_joined_by_nobody(client: Client, cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).is_open = False
    before = len(people())
    assert client.get("/ikut/B1MTEK").status_code == 404
    assert join(client, "B1MTEK").status_code == 404
    sign_in(client, cast.stranger)
    assert client.send("/ikut/B1MTEK").status_code == 404
    assert len(people()) == before


def test_no_more_than_so_many_an_hour_join_and_then_again(
    client: Client, code: str, browser: Callable[[], Client], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert views.JOINS_AN_HOUR == 600
    monkeypatch.setattr(views, "JOINS_AN_HOUR", 2)
    codes = [join(browser(), code, formulir=f"formulir-ramai-{number:03}").status_code for number in range(3)]
    assert codes == [303, 303, 429]
    assert join(browser(), code, formulir="formulir-ramai-000").status_code == 303
    add_bimtek()
    assert join(browser(), "B1MTEK", formulir="formulir-lain-0001").status_code == 303
    time.forward(hours=1)
    assert join(client, code).status_code == 303
    assert len(people()) == 4


def test_without_a_form_token_nobody_joins(client: Client, code: str) -> None:
    assert client.post(f"/ikut/{code}", data=GOOD).status_code == 400
    assert not people()

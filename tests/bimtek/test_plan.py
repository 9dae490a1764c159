"""The page of a participant: written on the day, changed until the cohort closes, asked back after thirty days."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import ActionPlan, Cohort, Membership
from tests.conftest import Cast, Client, Time, add_member, add_person, membership_of, sign_in

PAGE = "/rtl/B1MTEK"
FIRST = {"bila-1": "ada lansia sakit", "maka-1": "menghubungi puskesmas", "kapan-1": "7/12/2026", "bersama-1": "kader"}
SECOND = {"bila-2": "rapat desa", "maka-2": "mengusulkan pendataan"}


@pytest.fixture
def mine(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.participant)


def plans() -> list[ActionPlan]:
    db.session.rollback()
    return db.session.query(ActionPlan).order_by(ActionPlan.membership_id, ActionPlan.number).all()


def shown(client: Client) -> dict[str, str]:
    """Which plans the page shows, as its form says it."""
    return dict(re.findall(r'name="(tadi-[^"]+)" value="([^"]*)"', client.page(PAGE)))


def change(client: Client, **fields: str) -> TestResponse:
    """Send the form as it stands after somebody opened it, emptied it, and typed this."""
    return client.send(PAGE, **shown(client), **fields)


def close(cast: Cast, time: Time) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = time.now


def test_what_is_written_is_kept_and_shown_again(mine: Client) -> None:
    assert "Bila …" in mine.page(PAGE)
    response = mine.send(PAGE, **FIRST, **SECOND)
    assert response.location == f"{PAGE}?tersimpan=1"
    text = mine.page(response.location)
    assert "Rencana Anda tersimpan" in text
    assert "menghubungi puskesmas</textarea>" in text
    assert 'value="2026-12-07"' in text
    assert "24 Desember 2026" in text
    assert [(plan.number, plan.occasion, plan.partner) for plan in plans()] == [
        (1, "ada lansia sakit", "kader"),
        (2, "rapat desa", ""),
    ]


def test_it_may_be_changed_and_taken_back_until_the_cohort_closes(mine: Client, cast: Cast, time: Time) -> None:
    mine.send(PAGE, **FIRST, **SECOND)
    time.forward(days=2)
    change(mine, **{**FIRST, "maka-1": "mengunjunginya"})
    (plan,) = plans()
    assert plan.action == "mengunjunginya"
    assert (time.now - plan.at).days == 2
    close(cast, time)
    response = mine.send(PAGE, **FIRST)
    assert response.status_code == 409
    assert "Bimtek ini sudah ditutup" in response.get_data(as_text=True)
    text = mine.page(PAGE)
    assert "mengunjunginya" in text
    assert "<textarea" not in text
    assert plans()[0].action == "mengunjunginya"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("maka-1", "", "Tulis dulu apa yang akan Anda lakukan"),
        ("bila-1", "", "Tulis dulu kapan"),
        ("kapan-1", "besok", "Tulis tanggalnya"),
        ("bersama-1", "3312010101900001", "nomor KTP"),
        ("maka-1", "x" * 301, "Terlalu panjang"),
        ("bila-1", "a\0b", "tidak terbaca"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(mine: Client, field: str, typed: str, said: str) -> None:
    response = mine.send(PAGE, **{**FIRST, **SECOND, field: typed})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in text
    assert "mengusulkan pendataan</textarea>" in text
    assert plans() == []


def test_an_empty_form_asks_for_one_plan_first(mine: Client) -> None:
    assert "Tulis dulu satu rencana" in mine.send(PAGE).get_data(as_text=True)
    mine.send(PAGE, **FIRST)
    assert change(mine).status_code == 303
    assert plans() == []


@pytest.fixture
def second_phone(browser: Callable[[], Client], cast: Cast) -> Client:
    return sign_in(browser(), cast.participant)


def test_a_page_left_open_takes_nothing_away_that_the_other_phone_wrote(mine: Client, second_phone: Client) -> None:
    before = shown(mine)
    change(second_phone, **FIRST)
    for _ in range(2):
        mine.send(PAGE, **before, **SECOND)
        assert [(plan.number, plan.occasion) for plan in plans()] == [(1, "ada lansia sakit"), (2, "rapat desa")]
    mine.send(PAGE, **before)
    assert len(plans()) == 2, "fields that were empty on it delete nothing"


def test_two_plans_in_one_place_are_both_kept(mine: Client, second_phone: Client) -> None:
    change(mine, **FIRST)
    before = shown(mine)
    change(second_phone, **{**FIRST, "maka-1": "mengunjunginya"})
    for _ in range(2):
        assert mine.send(PAGE, **before, **{**FIRST, "maka-1": "memberi tahu kader"}).status_code == 303
        assert [(plan.number, plan.action) for plan in plans()] == [(1, "mengunjunginya"), (2, "memberi tahu kader")]


def test_what_was_not_changed_on_a_page_left_open_stays_as_the_other_phone_wrote_it(
    mine: Client, second_phone: Client
) -> None:
    change(mine, **FIRST)
    before = shown(mine)
    change(second_phone, **{**FIRST, "maka-1": "mengunjunginya"})
    mine.send(PAGE, **before, **{**FIRST, "kapan-1": "2026-12-07"}, **SECOND)
    assert [(plan.number, plan.action) for plan in plans()] == [(1, "mengunjunginya"), (2, "mengusulkan pendataan")]


def test_where_no_place_is_left_both_are_shown_and_one_is_chosen(mine: Client, second_phone: Client) -> None:
    third = {"bila-3": "panen", "maka-3": "mendata"}
    before = shown(mine)
    change(second_phone, **FIRST, **SECOND, **third)
    response = mine.send(PAGE, **before, **{"bila-2": "banjir", "maka-2": "mengungsikan"})
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Dari HP lain: Bila <b>rapat desa</b>" in text
    assert "mengungsikan</textarea>" in text
    assert "mendata</textarea>" in text
    assert [plan.occasion for plan in plans()] == ["ada lansia sakit", "rapat desa", "panen"]
    seen = dict(re.findall(r'name="(tadi-[^"]+)" value="([^"]*)"', text))
    again = FIRST | third | {"bila-2": "banjir", "maka-2": "mengungsikan"}
    assert mine.send(PAGE, **seen, **again).status_code == 303
    assert [plan.occasion for plan in plans()] == ["ada lansia sakit", "banjir", "panen"]


def test_news_that_was_only_shown_does_not_undo_what_the_other_phone_told(
    mine: Client, second_phone: Client, time: Time
) -> None:
    mine.send(PAGE, **FIRST, **SECOND)
    time.forward(days=31)
    one, two = (plan.id for plan in plans())
    change(mine, **{f"jadi-{one}": "belum"})
    before = shown(mine)
    change(second_phone, **{f"jadi-{one}": "ya", f"cerita-{one}": "Kader membantu"})
    mine.send(PAGE, **before, **{f"jadi-{one}": "belum", f"jadi-{two}": "sebagian"})
    assert [(plan.done, plan.told) for plan in plans()] == [("ya", "Kader membantu"), ("sebagian", "")]


def test_after_thirty_days_it_asks_what_came_of_it_also_in_a_closed_cohort(
    mine: Client, cast: Cast, time: Time
) -> None:
    mine.send(PAGE, **FIRST, **SECOND)
    close(cast, time)
    time.forward(days=29)
    assert "Sudah terlaksana?" not in mine.page(PAGE)
    time.forward(days=1)
    assert "Sudah terlaksana?" in mine.page(PAGE)
    one, two = (plan.id for plan in plans())
    said = mine.send(PAGE, **{f"jadi-{one}": "sebagian", f"cerita-{one}": "Puskesmas jauh"})
    assert "Kabar Anda tersimpan" in mine.page(said.location)
    assert [(plan.done, plan.told) for plan in plans()] == [("sebagian", "Puskesmas jauh"), ("", "")]
    mine.send(PAGE, **{f"jadi-{one}": "ya", f"jadi-{two}": "belum"})
    assert [(plan.done, plan.told) for plan in plans()] == [("ya", ""), ("belum", "")]
    assert [plan.action for plan in plans()] == ["menghubungi puskesmas", "mengusulkan pendataan"]


def test_news_without_an_answer_or_with_a_nik_comes_back(mine: Client, time: Time) -> None:
    mine.send(PAGE, **FIRST)
    time.forward(days=31)
    (plan,) = plans()
    for fields, said in (
        ({}, "Pilih dulu jawabannya"),
        ({f"cerita-{plan.id}": "Sudah"}, "Pilih dulu: ya, sebagian, atau belum"),
        ({f"jadi-{plan.id}": "ya", f"cerita-{plan.id}": "3312010101900001"}, "nomor KTP"),
        ({f"jadi-{plan.id}": "mungkin"}, "Pilih dulu jawabannya"),
    ):
        response = mine.send(PAGE, **fields)
        assert response.status_code == 422
        assert said in response.get_data(as_text=True)
    assert plans()[0].done == ""


def test_nobody_tells_about_the_plans_of_others(
    mine: Client, cast: Cast, time: Time, browser: Callable[[], Client]
) -> None:
    mine.send(PAGE, **FIRST)
    other = add_person("Wagiyem")
    add_member(other, cast.bimtek)
    theirs = sign_in(browser(), other)
    theirs.send(PAGE, **SECOND)
    time.forward(days=31)
    first = plans()[0]
    assert "lansia" not in theirs.page(PAGE)
    assert theirs.send(PAGE, **{f"jadi-{first.id}": "ya"}).status_code == 422
    assert plans()[0].done == ""
    for person in (cast.other, cast.trainer, cast.admin, cast.stranger):
        assert sign_in(browser(), person).get(PAGE).status_code == 404


def test_who_was_found_twice_has_the_plans_of_both(mine: Client, cast: Cast, time: Time) -> None:
    mine.send(PAGE, **FIRST)
    twin = add_member(add_person("Siti Aminnah"), cast.bimtek)
    with writing():
        db.session.add(ActionPlan(membership_id=twin, number=1, occasion="panen", action="mendata", at=time.now))
        db.session.get_one(Membership, twin).absorbed_by_id = membership_of(cast.participant, cast.bimtek).id
    assert "panen" in mine.page(PAGE)
    mine.send(PAGE, **FIRST)
    assert len(plans()) == 2
    time.forward(days=31)
    assert mine.page(PAGE).count("Sudah terlaksana?</legend>") == 2

"""The trainer's list: who planned what, counted, and a message ready when it is time to ask back."""

import re
from collections.abc import Callable

import pytest

from lms.bimtek.queries import PLANNERS_A_PAGE as EACH_PAGE
from lms.bimtek.queries import counted
from lms.db.engine import db, writing
from lms.db.tables import ActionPlan, AuditEntry, Person
from tests.conftest import Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted as statements

PAGE = "/pelatih/B1MTEK/rtl"
PHONE = "081234567890"


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def planner(cast: Cast, time: Time, name: str, *dones: str, phone: str = "") -> int:
    """A participant with a plan for each of these words; the membership."""
    person_id = add_person(name)
    member = add_member(person_id, cast.bimtek)
    with writing():
        db.session.get_one(Person, person_id).phone = phone
        for number, done in enumerate(dones, start=1):
            plan = ActionPlan(membership_id=member, number=number, occasion="ada bencana", action="mendata warga")
            plan.at, plan.done = time.now, done
            db.session.add(plan)
    return member


def test_an_empty_list_says_what_to_do(trainer: Client) -> None:
    text = trainer.page(PAGE)
    assert "Belum ada yang menulis rencana" in text
    assert "https://sinau.test/rtl/B1MTEK" in text


def test_plans_are_listed_and_counted(trainer: Client, cast: Cast, time: Time) -> None:
    planner(cast, time, "Wagiyem", "ya", "sebagian")
    planner(cast, time, "Tumini", "", "belum", "")
    trainer_tries = add_member(cast.trainer, cast.bimtek)
    with writing():
        db.session.add(ActionPlan(membership_id=trainer_tries, number=1, occasion="coba", action="coba", at=time.now))
    assert counted(cast.bimtek) == (2, 5, 1, 1, 1, 2)
    assert counted(cast.other_bimtek) == (0, 0, 0, 0, 0, 0)
    text = trainer.page(PAGE)
    assert "<b>2 orang</b> menulis 5 rencana. Terlaksana 1, sebagian 1, belum 1; 2 belum dikabarkan." in text
    assert text.index("Tumini") < text.index("Wagiyem")
    assert "coba" not in re.sub("<head>.*</head>", "", text, flags=re.S)
    assert "Retno" not in text


def test_the_message_is_there_when_it_is_time_and_until_it_was_answered(
    trainer: Client, cast: Cast, time: Time
) -> None:
    planner(cast, time, "Wagiyem", "")
    planner(cast, time, "Tumini", "ya")
    assert "Pesan untuk Wagiyem" not in trainer.page(PAGE)
    assert "Ditanyakan mulai 24 Desember 2026" in trainer.page(PAGE)
    time.forward(days=30)
    text = trainer.page(PAGE)
    assert "Pesan untuk Wagiyem" in text
    assert "Bila ada bencana, maka saya akan mendata warga." in text
    assert "Pesan untuk Tumini" not in text


def test_phones_are_shown_on_asking_and_that_is_noted(trainer: Client, cast: Cast, time: Time) -> None:
    planner(cast, time, "Wagiyem", "", phone=PHONE)
    time.forward(days=30)
    assert PHONE not in trainer.page(PAGE)
    assert "••••7890" in trainer.page(PAGE)
    text = trainer.send(PAGE).get_data(as_text=True)
    assert PHONE in text
    assert "https://wa.me/6281234567890?text=Salam%20hormat" in text
    db.session.rollback()
    (entry,) = db.session.query(AuditEntry).filter_by(action="nomor HP ditampilkan")
    assert entry.object == f"cohort:{cast.bimtek}"


def test_the_list_is_paged_and_costs_the_same(trainer: Client, cast: Cast, time: Time) -> None:
    planner(cast, time, "Orang 000", "")
    few = len(statements(trainer, PAGE))
    for number in range(1, EACH_PAGE + 5):
        planner(cast, time, f"Orang {number:03}", "", "")
    assert len(statements(trainer, PAGE)) == few <= 6
    assert trainer.page(PAGE).count('<section class="card"') == EACH_PAGE
    assert trainer.page(f"{PAGE}?hal=2").count('<section class="card"') == 5
    for page in ("0", "-1", "x", "9" * 30, "%00"):
        assert trainer.get(f"{PAGE}?hal={page}").status_code == 200


def test_it_is_for_the_cohorts_trainers(cast: Cast, browser: Callable[[], Client]) -> None:
    for person in (cast.participant, cast.other_trainer, cast.admin):
        assert sign_in(browser(), person).get(PAGE).status_code == 404
        assert sign_in(browser(), person).send(PAGE).status_code == 404

"""Likely doubles of a cohort, two people side by side, made one and made two again."""

import re
from collections.abc import Callable

import pytest

from lms.boot.demo_scenes import FIRST
from lms.db.engine import db, writing
from lms.db.tables import (
    ActionPlan,
    AuditEntry,
    Cohort,
    CourseEditor,
    Device,
    Enrolment,
    Membership,
    Person,
    SurveyTicket,
)
from lms.people.erasure import ask_erasure, withdraw_erasure
from lms.web.clock import now
from tests.cohort.test_people import crowd
from tests.conftest import Cast, Client, Time, add_bimtek, add_member, add_person, membership_of, sign_in
from tests.learn.test_queries_count import counted
from tests.people.conftest import PAGE, Twins, change
from tests.quiz.sitting import ONE, sit
from tests.scene import Scene, fingerprint


def person(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


def test_a_cohort_without_doubles_says_so(trainer: Client, cast: Cast) -> None:
    text = trainer.page(PAGE)
    assert "Tidak ada yang tampak tercatat dua kali" in text
    assert "Belum ada. Yang Anda gabungkan tercatat di sini" in text


def test_two_spellings_of_one_name_and_village_are_listed_with_a_way_to_compare(trainer: Client, twins: Twins) -> None:
    change(twins.gone, phone="081234567890")
    text = trainer.page(PAGE)
    assert "<b>Siti Aminah</b>" in text
    assert "<b>Siti Aminnah</b>" in text
    assert "••••7890" in text
    assert "081234567890" not in text
    assert f'href="{twins.pair}"' in text


def test_somebody_of_another_cohort_that_i_train_is_found_too_and_of_others_not(
    trainer: Client, cast: Cast, twins: Twins
) -> None:
    with writing():
        db.session.get_one(Membership, twins.other).cohort_id = cast.other_bimtek
    assert "Siti Aminnah" not in trainer.page(PAGE)
    assert trainer.get(twins.pair).status_code == 404
    add_member(cast.trainer, cast.other_bimtek, "pelatih")
    assert f'href="{twins.pair}"' in trainer.page(PAGE)
    assert trainer.get(twins.pair).status_code == 200
    assert trainer.get(f"/pelatih/B2MTEK/ganda/{twins.one}/{twins.other}").status_code == 404, "the first is not of it"
    third = add_bimtek("B3MTEK")
    add_member(cast.trainer, third, "pelatih")
    assert "Tidak ada yang tampak" in trainer.page("/pelatih/B3MTEK/ganda"), "nobody of them is in this one"


@pytest.mark.walk
def test_the_page_costs_the_same_for_few_and_for_many(trainer: Client, cast: Cast, twins: Twins) -> None:
    trainer.lint = False
    few = len(counted(trainer, PAGE)), len(counted(trainer, twins.pair))
    crowd(cast, 400)
    assert (len(counted(trainer, PAGE)), len(counted(trainer, twins.pair))) == few
    assert max(few) <= 4


def test_a_long_list_comes_in_pages(trainer: Client, cast: Cast) -> None:
    for name in FIRST.split()[:21]:
        for spelling in (name, name.upper()):
            add_member(add_person(spelling), cast.bimtek)
    assert trainer.page(PAGE).count("Bandingkan<span") == 20
    assert "Halaman 1 dari 2" in trainer.page(PAGE)
    for last in ("2", "999999999"):
        assert trainer.page(f"{PAGE}?hal={last}").count("Bandingkan<span") == 1
    assert "Halaman 1 dari 2" in trainer.page(f"{PAGE}?hal=-1%00")


def test_both_stand_side_by_side_with_what_hangs_on_them(
    trainer: Client, browser: Callable[[], Client], twins: Twins, time: Time
) -> None:
    change(twins.stays, phone="081234567890")
    learner = sign_in(browser(), twins.gone)
    learner.send(f"/belajar/kursus/{ONE}")
    sit(learner).submit()
    text = trainer.page(twins.pair)
    cells = re.findall(r"<td(?: class=\"same\")?>([^<]*)</td>", text)[1:]
    assert cells[2:4] == ["••••7890", "belum diisi"]
    nothing = "belum ada"
    assert cells[8:] == [nothing, "1 pelajaran", nothing, "1 percobaan", nothing, nothing, nothing, "1 perangkat"]
    assert "081234567890" not in text


def test_who_learned_more_is_proposed_to_stay_and_it_can_be_turned_round(
    trainer: Client, browser: Callable[[], Client], twins: Twins
) -> None:
    sign_in(browser(), twins.gone).send(f"/belajar/kursus/{ONE}")
    text = trainer.page(twins.pair)
    assert "Gabungkan: tetap sebagai Siti Aminnah" in text
    turned = re.search(r'href="([^"]+\?tetap=\d)"', text)
    assert turned
    assert "Gabungkan: tetap sebagai Siti Aminah" in trainer.page(turned[1])


def test_merging_makes_them_one_for_the_desk_and_is_noted_without_names(
    trainer: Client, cast: Cast, twins: Twins
) -> None:
    assert trainer.send(f"{twins.pair}/gabung", tetap="1").location == f"{PAGE}#sudah"
    assert person(twins.gone).merged_into_id == twins.stays
    text = trainer.page(PAGE)
    assert "tetap sebagai Siti Aminah" in text
    assert "Tidak ada yang tampak tercatat dua kali" in text
    assert "1 peserta" in trainer.page("/pelatih/B1MTEK")
    assert trainer.get(f"/pelatih/B1MTEK/anggota/{twins.other}").status_code == 404
    assert trainer.get(f"/pelatih/B1MTEK/anggota/{twins.one}").status_code == 200
    notes = db.session.query(AuditEntry).filter_by(action="orang digabung").all()
    assert {entry.object for entry in notes} == {f"person:{twins.stays}", f"person:{twins.gone}"}
    assert {entry.actor_id for entry in notes} == {cast.trainer}
    assert not any("Siti" in entry.reason for entry in notes)
    assert "Digabung dengan datanya" in trainer.page(f"/pelatih/B1MTEK/anggota/{twins.one}")


def test_merging_and_separating_twice_is_once(trainer: Client, twins: Twins) -> None:
    trainer.send(f"{twins.pair}/gabung", tetap="2")
    after = fingerprint()
    for side in ("2", "1"):
        assert trainer.send(f"{twins.pair}/gabung", tetap=side).status_code == 303
    assert fingerprint() == after
    assert person(twins.stays).merged_into_id == twins.gone
    trainer.send(f"{twins.pair}/pisah")
    after = fingerprint()
    assert trainer.send(f"{twins.pair}/pisah").status_code == 303
    assert fingerprint() == after
    assert person(twins.stays).merged_into_id is None


@pytest.mark.parametrize("side", ["", "3", "0", "x", "1\0", "9" * 40])
def test_who_stays_must_be_one_of_both(trainer: Client, twins: Twins, side: str) -> None:
    before = fingerprint()
    assert trainer.send(f"{twins.pair}/gabung", tetap=side).status_code == 400
    assert fingerprint() == before


def test_the_page_of_two_who_are_one_leads_back(trainer: Client, twins: Twins) -> None:
    trainer.send(f"{twins.pair}/gabung", tetap="1")
    text = trainer.page(twins.pair)
    assert "Keduanya sekarang satu orang: Siti Aminah" in text
    assert "Gabungkan" not in text
    assert "Pisahkan lagi Siti Aminnah" in text
    trainer.send(f"{twins.pair}/pisah")
    assert f'href="{twins.pair}"' in trainer.page(PAGE)
    assert db.session.query(AuditEntry).filter_by(action="orang dipisah").count() == 2
    assert [row.absorbed_by_id for row in db.session.query(Membership)] == [None] * db.session.query(Membership).count()
    assert [row.absorbed_by_id for row in db.session.query(Enrolment)] == [None] * db.session.query(Enrolment).count()


def test_one_who_is_merged_is_merged_with_nobody_else(trainer: Client, cast: Cast, twins: Twins) -> None:
    third = add_member(add_person("Siti Aminah"), cast.bimtek)
    trainer.send(f"{twins.pair}/gabung", tetap="1")
    assert trainer.get(f"{PAGE}/{third}/{twins.other}").status_code == 404
    assert trainer.send(f"{PAGE}/{third}/{twins.other}/gabung", tetap="1").status_code == 404
    assert not Twins(third, twins.gone, third, twins.other, twins.trainer).merge()


def test_who_was_made_one_with_another_stays_when_a_third_is_found(trainer: Client, cast: Cast, twins: Twins) -> None:
    trainer.send(f"{twins.pair}/gabung", tetap="1")
    third = add_person("Siti Aminah")
    part = add_member(third, cast.bimtek)
    before = fingerprint()
    refused = trainer.send(f"{PAGE}/{part}/{twins.one}/gabung", tetap="1")
    assert (refused.status_code, "Balik arahnya" in refused.get_data(as_text=True)) == (422, True)
    assert fingerprint() == before
    assert trainer.send(f"{PAGE}/{part}/{twins.one}/gabung", tetap="2").status_code == 303
    assert {person(third).merged_into_id, person(twins.gone).merged_into_id} == {twins.stays}


@pytest.mark.parametrize("who", ["stays", "gone"])
def test_who_asked_to_be_erased_is_merged_with_nobody_until_then(trainer: Client, twins: Twins, who: str) -> None:
    with writing():
        ask_erasure(getattr(twins, who), now(), keep_certificates=True)
    before = fingerprint()
    refused = trainer.send(f"{twins.pair}/gabung", tetap="1")
    assert (refused.status_code, "meminta datanya dihapus" in refused.get_data(as_text=True)) == (422, True)
    assert fingerprint() == before
    with writing():
        withdraw_erasure(getattr(twins, who), now())
    assert trainer.send(f"{twins.pair}/gabung", tetap="1").status_code == 303


def test_made_two_again_nobody_stays_in_a_cohort_of_the_other(cast: Cast, twins: Twins) -> None:
    add_member(twins.gone, cast.other_bimtek)
    assert twins.merge()
    assert twins.separate()
    parts = db.session.query(Membership).filter_by(person_id=twins.stays)
    assert {part.cohort_id: part.left_at is None for part in parts} == {
        1: True,
        cast.bimtek: True,
        cast.other_bimtek: False,
    }


@pytest.mark.parametrize("made", ["survey", "plan"])
def test_who_sent_the_survey_or_planned_there_meanwhile_stays(cast: Cast, twins: Twins, made: str) -> None:
    add_member(twins.gone, cast.other_bimtek)
    twins.merge()
    part = membership_of(twins.stays, cast.other_bimtek).id
    with writing():
        plan = ActionPlan(membership_id=part, number=1, occasion="ada bencana", action="mendata", at=now())
        db.session.add(plan if made == "plan" else SurveyTicket(membership_id=part))
    assert twins.separate()
    assert membership_of(twins.stays, cast.other_bimtek).left_at is None


@pytest.mark.parametrize("right", ["login", "admin", "trainer", "editor", "deactivated", "erased"])
def test_staff_and_who_is_no_more_are_merged_with_nobody(trainer: Client, cast: Cast, twins: Twins, right: str) -> None:
    if right == "trainer":
        add_member(twins.gone, cast.other_bimtek, "pelatih")
    elif right == "editor":
        with writing():
            db.session.add(CourseEditor(course_id=1, person_id=twins.gone, at=now()))
    else:
        column, value = {"login": ("login", "siti"), "admin": ("is_admin", True)}.get(right, (f"{right}_at", now()))
        change(twins.gone, **{column: value})
    assert "Siti Aminnah" not in trainer.page(PAGE)
    before = fingerprint()
    assert trainer.get(twins.pair).status_code == 404
    assert trainer.send(f"{twins.pair}/gabung", tetap="1").status_code == 404
    assert not twins.merge(), "decided again inside the write"
    assert fingerprint() == before


def test_a_person_with_themself_is_no_pair(trainer: Client, cast: Cast, twins: Twins) -> None:
    add_member(cast.trainer, role="pelatih")
    own = membership_of(twins.stays).id
    assert own != twins.one
    assert trainer.get(f"{PAGE}/{twins.one}/{own}").status_code == 404
    assert trainer.get(f"{PAGE}/{twins.one}/{twins.one}").status_code == 404
    assert trainer.get(f"{PAGE}/{twins.one}/999999999").status_code == 404


def test_the_cohorts_of_both_are_those_of_the_one(cast: Cast, twins: Twins) -> None:
    add_member(twins.gone, cast.other_bimtek)
    assert twins.merge()
    own = db.session.query(Membership).filter_by(person_id=twins.stays, cohort_id=cast.other_bimtek).one()
    absorbed = db.session.query(Membership).filter_by(person_id=twins.gone).all()
    assert {part.cohort_id for part in absorbed} == {
        part.cohort_id for part in db.session.query(Membership).filter_by(person_id=twins.stays)
    }
    assert own.id in {part.absorbed_by_id for part in absorbed}
    assert None not in {part.absorbed_by_id for part in absorbed}


def test_who_left_with_one_of_both_is_in_as_long_as_the_other_is(cast: Cast, twins: Twins, time: Time) -> None:
    with writing():
        db.session.get_one(Membership, twins.one).left_at = now()
    left = add_member(twins.gone, cast.other_bimtek)
    with writing():
        db.session.get_one(Membership, left).left_at = now()
    assert twins.merge()
    parts = db.session.query(Membership).filter_by(person_id=twins.stays)
    assert {part.cohort_id: part.left_at is None for part in parts if part.cohort_id != 1} == {
        cast.bimtek: True,
        cast.other_bimtek: False,
    }


def test_devices_of_both_end_when_nobody_knows_whose_they_are(
    browser: Callable[[], Client], twins: Twins, time: Time
) -> None:
    staying, going = sign_in(browser(), twins.stays), sign_in(browser(), twins.gone)
    twins.merge()
    assert staying.get("/saya").status_code == 200
    assert going.get("/saya").status_code == 303
    twins.separate()
    assert staying.get("/saya").status_code == 303
    assert {row.ended_at is None for row in db.session.query(Device)} == {False}


def test_the_counts_of_the_scene_are_of_people(scene: Scene) -> None:
    trainer = scene.browser("trainer")
    twin = db.session.get_one(Membership, int(scene.values["other_id"])).person_id
    db.session.rollback()
    add_member(twin, scene.cast.bimtek)
    assert "2 peserta" in trainer.page("/pelatih/B1MTEK")
    trainer.send(f"{PAGE}/{scene.values['membership_id']}/{scene.values['other_id']}/gabung", tetap="2")
    text = trainer.page("/pelatih/B1MTEK")
    assert "1 peserta" in text
    assert "Tes akhir 100" in text, "what was tested under the other account is theirs"
    assert "2 dari 2 kuis lulus" in text
    assert db.session.query(Cohort).count() == 4

"""What people write in their own words: read and answered by a trainer, shown to them, announced quietly."""

from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Membership, ReflectionReply
from tests.cohort.test_member import actions_of
from tests.conftest import SLUG, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz import filling
from tests.quiz.sitting import ONE, TWO, Sitting, sit

LIST = "/pelatih/B1MTEK/kotak?bagian=catatan"
WORDS = "Saya pernah mendampingi tetangga."
REPLY = "Bagus, Bu Siti. Catat juga tanggalnya."


def written(sitting: Sitting) -> int:
    """The number of the reflection."""
    return next(number for number in sitting.numbers if not sitting.question(number).counted)


def test_an_unanswered_note_is_listed_answered_and_shown_to_its_writer(
    trainer: Client, siti: Client, home: str
) -> None:
    assert "belum ada yang menulis" in trainer.page(LIST)
    sitting = sit(siti, TWO)
    sitting.submit()
    for page in (LIST, home, f"{LIST}&anggota={home.rpartition('/')[2]}"):
        assert WORDS in trainer.page(page)
    assert "1 catatan menunggu" in trainer.page("/pelatih/B1MTEK")
    assert '/pelatih/B1MTEK/kotak?bagian=catatan">1 catatan menunggu</a>' in trainer.page("/pelatih")
    assert "menjawab Anda" not in siti.page("/")
    assert "Pelatih menjawab" not in siti.page(f"/belajar/{SLUG}")
    number = written(sitting)
    for _ in range(2):
        answer = trainer.send(f"{home}/percobaan/{sitting.id}/catatan", nomor=number, teks=REPLY, dari="catatan")
        assert answer.location == LIST
    assert WORDS not in trainer.page(LIST)
    assert db.session.query(ReflectionReply).count() == 1
    assert actions_of() == ["catatan dijawab"]
    assert REPLY in sitting.result()
    assert "Catatan pelatih Retno Wulandari" in sitting.result()
    text = siti.page(f"/belajar/{SLUG}")
    assert f'<a href="/kuis/{sitting.id}/hasil">Pelatih menjawab catatan Anda</a>' in text
    assert f'<a href="/kuis/{sitting.id}/hasil">Pelatih Retno Wulandari menjawab Anda</a>' in siti.page("/")
    assert "menunggu" not in trainer.page("/pelatih") + trainer.page("/pelatih/B1MTEK")


def test_the_newest_reply_is_shown_and_all_are_kept(trainer: Client, siti: Client, home: str, time: Time) -> None:
    sitting = sit(siti, TWO)
    sitting.submit()
    for text in ("Satu", "Dua"):
        where = trainer.send(f"{home}/percobaan/{sitting.id}/catatan", nomor=written(sitting), teks=text).location
        assert where == f"{home}/percobaan/{sitting.id}#soal-{written(sitting)}"
    assert db.session.query(ReflectionReply).count() == 2
    assert ">Dua<" in sitting.result()
    assert ">Satu<" not in sitting.result()
    time.forward(days=15)
    assert "menjawab Anda" not in siti.page("/")
    assert "Pelatih menjawab" not in siti.page(f"/belajar/{SLUG}")


@pytest.mark.parametrize("text", ["", "   ", "x" * 1_001, "\0"])
def test_a_reply_that_can_not_stand_is_told_and_keeps_what_was_typed(
    trainer: Client, siti: Client, home: str, text: str
) -> None:
    sitting = sit(siti, TWO)
    sitting.submit()
    answer = trainer.send(f"{home}/percobaan/{sitting.id}/catatan", nomor=written(sitting), teks=text)
    assert answer.status_code == 422
    assert text.strip() in answer.get_data(as_text=True)
    assert actions_of() == []


@pytest.mark.parametrize("number", ["1", "0", "-1", "99", "x", "", "9" * 30])
def test_only_what_was_written_freely_is_answered(trainer: Client, siti: Client, home: str, number: str) -> None:
    sitting = sit(siti, ONE)
    sitting.submit()
    answer = trainer.send(f"{home}/percobaan/{sitting.id}/catatan", nomor=number, teks=REPLY)
    assert answer.status_code == 404


def test_drafts_blanks_tries_and_people_who_left_are_not_listed(
    trainer: Client, siti: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    draft = sit(siti, TWO)
    draft.save(draft.entry(written(draft), (WORDS,)))
    assert WORDS not in trainer.page(LIST)
    draft.save(draft.entry(written(draft), ("",)), submit=True)
    assert "belum ada yang menulis" in trainer.page(LIST)
    sit(siti, TWO, 2).submit()
    assert WORDS in trainer.page(LIST)
    with writing():
        part = db.session.query(Membership).filter_by(person_id=cast.participant, cohort_id=cast.bimtek).one()
        part.left_at = part.joined_at
    assert WORDS not in trainer.page(LIST)
    add_member(cast.trainer, cast.bimtek)
    sit(trainer, TWO).submit()
    assert WORDS not in trainer.page(LIST)
    sit(sign_in(browser(), cast.other), TWO).submit()
    assert WORDS not in trainer.page(LIST)


def test_a_form_s_reflection_is_answered_too(trainer: Client, siti: Client, cast: Cast) -> None:
    filling.publish()
    filling.take_part(cast.participant)
    filling.take_part(cast.trainer)
    with writing():
        part = db.session.query(Membership).filter_by(person_id=cast.trainer).order_by(Membership.id.desc()).first()
        mine = db.session.query(Membership).filter_by(person_id=cast.participant).order_by(Membership.id.desc()).first()
        assert part is not None
        assert mine is not None
        part.role, membership_id = "pelatih", mine.id
    case = filling.open_case(siti)
    case.save(submit=True, **filling.MODEL)
    code = _code_of(membership_id)
    assert "Saya ingin menjanjikan obat." in trainer.page(f"/pelatih/{code}/kotak?bagian=catatan")
    address = f"/pelatih/{code}/anggota/{membership_id}/percobaan/{case.id}/catatan"
    trainer.send(address, nomor=case.number("renungan"), teks=REPLY)
    assert REPLY in case.result()
    text = siti.page(f"/belajar/{filling.SLUG}")
    assert f'<a href="/formulir/{case.id}/hasil">Pelatih menjawab catatan Anda</a>' in text


def _code_of(membership_id: int) -> str:
    row = db.session.query(Cohort.code).join(Membership).filter(Membership.id == membership_id).scalar()
    db.session.rollback()
    return str(row)


def test_the_list_is_paged_and_costs_the_same_for_many(
    trainer: Client, siti: Client, cast: Cast, browser: Callable[[], Client], time: Time
) -> None:
    sit(siti, TWO).submit()
    before = len(counted(trainer, LIST))
    for number in range(11):
        time.forward(minutes=1)
        person_id = add_person(f"Warga {'ABCDEFGHIJK'[number]}")
        add_member(person_id, cast.bimtek)
        sit(sign_in(browser(), person_id), TWO).submit()
    assert len(counted(trainer, LIST)) == before <= 5
    first, second = trainer.page(LIST), trainer.page(f"{LIST}&hal=2")
    assert first.count(WORDS) == 10
    assert "Warga K" in first
    assert second.count(WORDS) == 2
    assert "Siti Aminah" in second


def test_the_list_is_for_trainers_of_the_cohort(browser: Callable[[], Client], cast: Cast) -> None:
    for who in (cast.other_trainer, cast.admin, cast.participant):
        assert sign_in(browser(), who).get(LIST).status_code == 404

"""Assisted entry: in the person's own attempt, flagged for ever, audited, and never signed in as anybody else."""

import re

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.course.questions.base import Value
from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt, Cohort, Membership
from tests.cohort.test_member import actions_of
from tests.cohort.test_member_attempt import give_tests
from tests.conftest import SLUG, Cast, Client, publish_course
from tests.quiz import filling
from tests.quiz.exam_course import POST, ExamSitting
from tests.quiz.sitting import ONE, TWO, Sitting, sit
from tests.quiz.test_open import changed


def begin_for(trainer: Client, home: str, what: str, ordinal: int = 1) -> str:
    """Press “Mulai”; the attempt's id."""
    response = trainer.send(f"{home}/isi", apa=what, ke=ordinal)
    match = re.fullmatch(f"{home}/percobaan/([^/]+)/isi", response.location)
    assert match, response.location
    return match[1]


def write(trainer: Client, address: str, action: str, answers: dict[int, Value]) -> TestResponse:
    """The plain form as it stands, with these answers."""
    hidden = re.findall(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)">', trainer.page(address))
    fields: MultiDict[str, str] = MultiDict({**dict(hidden), "aksi": action})
    for number, value in answers.items():
        fields.setlist(f"q{number}", list(value))
    return trainer.post(address, data=fields)


def test_a_trainer_fills_in_a_quiz_which_says_so_for_ever(trainer: Client, siti: Client, home: str, cast: Cast) -> None:
    attempt_id = begin_for(trainer, home, ONE)
    assert begin_for(trainer, home, ONE) == attempt_id
    address = f"{home}/percobaan/{attempt_id}/isi"
    assert "Mengisi untuk Siti Aminah" in trainer.page(address)
    sitting = Sitting(siti, attempt_id)
    assert write(trainer, address, "kirim", {1: sitting.right(1)}).location == f"{home}/percobaan/{attempt_id}"
    assert db.session.query(Answer).one().entered_by_id == cast.trainer
    assert actions_of() == ["percobaan dibukakan", "jawaban diisikan"]
    assert "Semua jawaban diisi oleh pelatih Retno Wulandari." in sitting.result()
    assert "diisi oleh pelatih Retno Wulandari" in trainer.page(f"{home}/percobaan/{attempt_id}")
    assert "Siti Aminah" in siti.page("/saya")
    assert trainer.get(f"/kuis/{attempt_id}").status_code == 404
    assert trainer.get(address).location == f"{home}/percobaan/{attempt_id}"
    assert trainer.send(address, form_id="f" * 16, counter="9", aksi="kirim").status_code == 303
    assert len(actions_of()) == 2


def test_what_the_person_answered_stays_theirs(trainer: Client, siti: Client, home: str) -> None:
    sitting = sit(siti, TWO)
    sitting.save(sitting.entry(1, sitting.right(1)))
    address = f"{home}/percobaan/{begin_for(trainer, home, TWO)}/isi"
    assert sitting.id in address
    answers = {number: sitting.right(number) for number in sitting.numbers}
    write(trainer, address, "simpan", answers)
    sitting.save(submit=True)
    rows = db.session.query(Answer.number, Answer.entered_by_id).order_by(Answer.number).all()
    assert [by is None for _, by in rows] == [True, False, False, False, False]
    assert "4 jawaban diisi oleh pelatih Retno Wulandari." in sitting.result()


def test_what_is_missing_is_named_before_it_is_sent(trainer: Client, home: str) -> None:
    attempt_id = begin_for(trainer, home, TWO)
    address = f"{home}/percobaan/{attempt_id}/isi"
    assert write(trainer, address, "kirim", {}).location == f"{address}?periksa=1"
    assert "Belum dijawab atau belum lengkap" in trainer.page(f"{address}?periksa=1")
    assert write(trainer, address, "simpan", {}).location == f"{address}?simpan=1"
    assert actions_of() == ["percobaan dibukakan"]
    assert write(trainer, address, "pasti", {}).location == f"{home}/percobaan/{attempt_id}"
    db.session.rollback()
    assert db.session.get_one(Attempt, attempt_id).submitted_at is not None


def test_the_page_of_a_sheet_tells_no_key(trainer: Client, home: str, cast: Cast) -> None:
    give_tests(cast)
    attempt_id = begin_for(trainer, home, "tes:akhir")
    text = trainer.page(f"{home}/percobaan/{attempt_id}/isi")
    assert "PENJELASAN-RAHASIA" not in text
    assert "UMPAN-" not in text


def test_a_test_is_filled_in_under_the_membership(trainer: Client, siti: Client, home: str, cast: Cast) -> None:
    give_tests(cast)
    assert "Tes awal" in trainer.page(f"{home}/isi")
    attempt_id = begin_for(trainer, home, "tes:akhir")
    assert begin_for(trainer, home, "tes:akhir") == attempt_id
    assert actions_of() == ["percobaan dibukakan"]
    sitting = ExamSitting(siti, attempt_id)
    write(trainer, f"{home}/percobaan/{attempt_id}/isi", "pasti", {number: sitting.right(number) for number in (1, 2)})
    assert "Semua jawaban diisi oleh pelatih Retno Wulandari." in sitting.result()
    assert siti.page(POST)


def test_a_form_is_filled_in_and_held_back_until_it_is_whole(trainer: Client, siti: Client, cast: Cast) -> None:
    filling.publish()
    filling.take_part(cast.participant)
    filling.take_part(cast.trainer)
    with writing():
        cohort = db.session.query(Cohort).filter(Cohort.course_id != 1).one()
        db.session.query(Membership).filter_by(person_id=cast.trainer, cohort_id=cohort.id).one().role = "pelatih"
        part = db.session.query(Membership).filter_by(person_id=cast.participant, cohort_id=cohort.id).one().id
        home = f"/pelatih/{cohort.code}/anggota/{part}"
    attempt_id = begin_for(trainer, home, f"{filling.PATH}#bu-tuti")
    address, case = f"{home}/percobaan/{attempt_id}/isi", filling.Filling(siti, attempt_id)
    assert write(trainer, address, "kirim", {}).location == f"{address}?periksa=1"
    assert "Belum dapat dikirim" in trainer.page(f"{address}?periksa=1")
    answers = {case.number(name): value for name, value in filling.MODEL.items()}
    assert write(trainer, address, "kirim", answers).location == f"{home}/percobaan/{attempt_id}"
    assert "Nilai Anda 100" in case.result()
    assert "Semua jawaban diisi oleh pelatih" in case.result()


def test_where_no_try_is_left_none_is_opened(trainer: Client, siti: Client, home: str, cast: Cast) -> None:
    edition_id = publish_course(SLUG, changed(old="kesempatan = 0", new="kesempatan = 1"))
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition_id
    sit(siti).submit(right=False)
    assert trainer.send(f"{home}/isi", apa=ONE, ke=2).location == f"{home}/isi"
    trainer.send(f"{home}/kesempatan", kuis=ONE)
    assert begin_for(trainer, home, ONE, 2)


@pytest.mark.parametrize("what", ["", "tidak/ada", "tes:awal", "kursus.toml", "\0", "x" * 4_000])
def test_what_is_none_is_not_opened(trainer: Client, home: str, what: str) -> None:
    assert trainer.send(f"{home}/isi", apa=what, ke="²").location == f"{home}/isi"
    assert db.session.query(Attempt).count() == 0


def test_a_broken_form_is_refused(trainer: Client, home: str) -> None:
    attempt_id = begin_for(trainer, home, ONE)
    trainer.lint = False
    for fields in ({}, {"form_id": "f" * 16, "counter": "x"}, {"form_id": "x", "counter": "1"}):
        assert trainer.send(f"{home}/percobaan/{attempt_id}/isi", **fields).status_code == 400
    assert db.session.query(Answer).count() == 0


def test_what_is_left_stands_by_module_and_what_is_done_is_folded(trainer: Client, siti: Client, home: str) -> None:
    page = f"{home}/isi"
    assert '<details open><summary>Dasar <span class="quiet">(2 belum)</span>' in trainer.page(page)
    sit(siti, ONE).submit()
    text = trainer.page(page)
    assert '<summary>Dasar <span class="quiet">(1 belum)</span>' in text
    left, _, done = text.partition("<details><summary>1 sudah selesai, boleh diulang</summary>")
    assert f'value="{ONE}"' not in left
    assert f'value="{ONE}"' in done
    sit(siti, TWO).submit()
    assert "Tidak ada kuis, tes, atau formulir yang masih perlu diisi" in trainer.page(page)

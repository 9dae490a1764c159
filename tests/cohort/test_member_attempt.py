"""An attempt for a trainer: as it was asked and answered, with its key once graded; reopened, late answers accepted."""

import re

import pytest
from flask import Flask

from lms.db.engine import db, writing
from lms.db.tables import Answer, Attempt, AuditEntry, Cohort, Grading
from lms.quiz.actions import close_tests
from tests.cohort.test_member import actions_of
from tests.conftest import SLUG, Cast, Client, Time, publish_course
from tests.quiz import filling
from tests.quiz.exam_course import POST, exam_files, sit_exam, visible_secrets
from tests.quiz.sitting import ONE, TWO, Sitting, sit
from tests.quiz.test_open import changed


def give_tests(cast: Cast) -> None:
    edition_id = publish_course(SLUG, exam_files())
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition_id


def test_a_graded_quiz_shows_every_option_in_its_order_what_was_chosen_and_the_key(
    trainer: Client, siti: Client, home: str
) -> None:
    sitting = sit(siti)
    sitting.submit(right=False)
    publish_course(SLUG, changed(old="Ibu kota kabupaten?", new="Apa ibu kota kabupaten ini?"))
    text = trainer.page(f"{home}/percobaan/{sitting.id}")
    assert "Ibu kota kabupaten?" in text
    assert "✗ dipilih, belum tepat" in text
    ruling = re.findall(r'href="(/pelatih/B1MTEK/soal/[0-9a-f]{64})">Soalnya yang keliru', text)
    assert len(ruling) == text.count("Belum tepat</span>") + text.count("✓ Benar</span>")
    assert "Ibu kota kabupaten?" in trainer.page(ruling[0])
    assert "jawaban yang benar" in text
    question = sitting.question(1)
    options = [question.items[key] for key in sitting.facts.sheet.items[0].shown]
    assert [text.index(option) for option in options] == sorted(text.index(option) for option in options)


def test_what_was_not_sent_shows_answers_and_no_key(trainer: Client, siti: Client, home: str) -> None:
    sitting = sit(siti)
    sitting.save(sitting.entry(1, sitting.wrong(1)))
    text = trainer.page(f"{home}/percobaan/{sitting.id}")
    assert "Belum dikirim" in text
    assert ">dipilih<" in text
    assert "belum tepat" not in text
    assert "jawaban yang benar" not in text


def test_every_kind_of_question_is_told(trainer: Client, siti: Client, home: str) -> None:
    sitting = sit(siti, TWO)
    sitting.submit()
    text = trainer.page(f"{home}/percobaan/{sitting.id}")
    assert "Saya pernah mendampingi tetangga." in text
    assert text.count("✓ Benar") == 4
    wrong = sit(siti, TWO, 2)
    wrong.submit(right=False)
    assert "Jawaban yang benar" in trainer.page(f"{home}/percobaan/{wrong.id}")


def test_a_test_shows_its_key_to_the_trainer_and_says_that_nobody_else_sees_it(
    trainer: Client, siti: Client, home: str, cast: Cast
) -> None:
    give_tests(cast)
    sitting = sit_exam(siti, POST).score(2)
    text = trainer.page(f"{home}/percobaan/{sitting.id}")
    assert "Betul" in text
    assert "jawaban yang benar" in text
    assert "Kunci tes di bawah ini hanya Anda yang melihat" in text
    assert visible_secrets(sitting.result()) == []
    with writing():
        close_tests(cast.bimtek, db.session.get_one(Attempt, sitting.id).opened_at)
    assert "hanya Anda yang melihat" not in trainer.page(f"{home}/percobaan/{sitting.id}")


def test_an_unsent_test_shows_the_trainer_no_key(trainer: Client, siti: Client, home: str, cast: Cast) -> None:
    give_tests(cast)
    sitting = sit_exam(siti, POST)
    text = trainer.page(f"{home}/percobaan/{sitting.id}")
    assert visible_secrets(text) == []
    assert "jawaban yang benar" not in text


def test_attempts_of_other_courses_people_and_cohorts_are_not_found(
    trainer: Client, siti: Client, home: str, cast: Cast, app: Flask
) -> None:
    filling.publish()
    filling.take_part(cast.participant)
    foreign = filling.open_case(siti).id
    other = app.test_client()
    assert isinstance(other, Client)
    from tests.conftest import sign_in

    theirs = sit(sign_in(other, cast.other)).id
    for attempt_id in (foreign, theirs, "x", "%00"):
        assert trainer.get(f"{home}/percobaan/{attempt_id}").status_code == 404
        for deed in ("buka", "terima", "catatan", "isi"):
            assert trainer.send(f"{home}/percobaan/{attempt_id}/{deed}").status_code == 404


def test_what_was_closed_unsent_is_opened_again_once(
    trainer: Client, siti: Client, home: str, cast: Cast, time: Time
) -> None:
    give_tests(cast)
    sitting = sit_exam(siti, POST)
    sitting.save(sitting.entry(1, sitting.right(1)))
    address = f"{home}/percobaan/{sitting.id}"
    trainer.send(f"{address}/buka")
    assert actions_of() == []
    with writing():
        close_tests(cast.bimtek, time.now)
    time.forward(minutes=1)
    assert "Ditutup sebelum dikirim" in trainer.page(address)
    assert "ditutup sebelum dikirim" in trainer.page(f"{home}/bantu")
    for _ in range(2):
        assert trainer.send(f"{address}/buka").status_code == 303
    assert actions_of() == ["percobaan dibuka lagi"]
    sitting.score(5)
    assert "Nilai Anda 100" in sitting.result()
    assert trainer.send(f"{address}/buka").status_code == 303
    assert actions_of() == ["percobaan dibuka lagi"]


def test_a_closed_attempt_whose_result_was_shown_stays_closed(
    trainer: Client, siti: Client, home: str, cast: Cast, time: Time
) -> None:
    give_tests(cast)
    sitting = sit_exam(siti, POST)
    with writing():
        close_tests(cast.bimtek, time.now)
        db.session.add(
            Grading(attempt_id=sitting.id, right=0, asked=5, passed=False, outcomes=[], reason="tutup", at=time.now)
        )
    time.forward(minutes=1)
    trainer.send(f"{home}/percobaan/{sitting.id}/buka")
    assert db.session.get_one(Attempt, sitting.id).closes_at is not None
    assert actions_of() == []


def test_late_answers_are_shown_and_count_once_they_are_accepted(
    trainer: Client, siti: Client, home: str, time: Time
) -> None:
    sitting = sit(siti)
    sitting.save(sitting.entry(1, sitting.wrong(1)), submit=True)
    address = f"{home}/percobaan/{sitting.id}"
    trainer.send(f"{address}/terima")
    assert actions_of() == []
    time.forward(minutes=1)
    sitting.save(sitting.entry(1, sitting.right(1)))
    assert "Tiba terlambat, belum dinilai" in trainer.page(address)
    for _ in range(2):
        assert trainer.send(f"{address}/terima").status_code == 303
    assert actions_of() == ["jawaban terlambat diterima"]
    text = trainer.page(address)
    assert "Tiba terlambat, belum dinilai" not in text
    assert "terlambat, sudah diterima" in text
    assert "Nilai Anda 100" in sitting.result()
    assert db.session.query(Grading).count() == 2


def test_a_form_tells_each_field_with_what_was_expected(trainer: Client, siti: Client, cast: Cast) -> None:
    from tests.conftest import add_member, membership_of

    filling.publish()
    with writing():
        cohort = db.session.query(Cohort).filter(Cohort.course_id != 1).one()
        cohort_id, code = cohort.id, cohort.code
    add_member(cast.participant, cohort_id)
    add_member(cast.trainer, cohort_id, "pelatih")
    home = f"/pelatih/{code}/anggota/{membership_of(cast.participant, cohort_id).id}"
    case = filling.open_case(siti)
    case.save(anak=("7",))
    text = trainer.page(f"{home}/percobaan/{case.id}")
    assert ("Yang diharapkan" in text, "Soalnya yang keliru" in text) == (False, False)
    case.save(submit=True, **{**filling.MODEL, "anak": ("7",)})
    text = trainer.page(f"{home}/percobaan/{case.id}")
    assert "✗ Belum tepat" in text
    assert "Yang diharapkan" in text
    assert "Saya ingin menjanjikan obat." in text


@pytest.mark.parametrize("lesson", [ONE, TWO])
def test_nothing_a_trainer_reads_changes_anything(trainer: Client, siti: Client, home: str, lesson: str) -> None:
    sitting: Sitting = sit(siti, lesson)
    sitting.submit()
    before = db.session.query(Answer).count(), db.session.query(AuditEntry).count()
    trainer.page(f"{home}/percobaan/{sitting.id}")
    assert (db.session.query(Answer).count(), db.session.query(AuditEntry).count()) == before

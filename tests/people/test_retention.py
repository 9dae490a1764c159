"""What is past its time goes, what is not stays, and the audit log keeps how much that was."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from lms.course.grading import RulingFact
from lms.db.engine import db, writing
from lms.db.labels import ERASED, TABLES
from lms.db.tables import Answer, AuditEntry, Device, Grading, Inquiry, LimitCount, Person, Ruling
from lms.people import retention
from lms.people.actions import note
from lms.people.processing import personal_columns
from lms.people.retention import let_go, past_its_time
from lms.quiz import actions as quizzes
from lms.quiz import queries
from lms.quiz.ruling_queries import changes, to_regrade
from lms.web.clock import now
from lms.web.limits import count_try
from tests.conftest import Time, add_person
from tests.people.conftest import Known
from tests.scene import Scene, fingerprint


def keep_days() -> dict[str, int]:
    """Title of a table -> after how many days its rows go."""
    found = {}
    for name, title in TABLES.items():
        for _, label in personal_columns(db.metadata.tables[name]):
            if label.retention.days:
                found[title] = label.retention.days
    return found


def test_what_is_held_how_long_is_what_the_notice_says(app: Flask) -> None:
    assert keep_days() == {
        "Perangkat": 90,
        "Formulir pendaftaran": 30,
        "Baris daftar": 30,
        "Perbaikan data": 365,
        "Permintaan penghapusan": 5 * 365,
        "Kode sekali pakai": 30,
        "Hitungan percobaan masuk": 2,
        "Jawaban": 2 * 365,
        "Rencana tindak lanjut": 2 * 365,
        "Tanggapan pelatih atas tulisan": 2 * 365,
        "Pertanyaan dan laporan": 2 * 365,
        "Balasan atas pertanyaan": 2 * 365,
        "Catatan perbuatan": 5 * 365 + 2,
    }


def test_nothing_goes_before_its_time(known: Known, time: Time) -> None:
    before = fingerprint()
    assert past_its_time(time.now) == {}
    assert let_go(time.now) == {}
    assert fingerprint() == before


def test_each_goes_the_moment_its_time_is_over_and_not_before(known: Known, time: Time) -> None:
    """Devices count from the end of their 90 days, codes from that of their 15 minutes."""
    before_that = {"Perangkat": timedelta(days=90), "Kode sekali pakai": timedelta(minutes=15)}
    with writing():
        count_try("sandi:wulan", 86_400, time.now)
    start = time.now
    window = db.session.query(LimitCount.window).scalar()
    for title, days in keep_days().items():
        if title == "Hitungan percobaan masuk":
            assert title not in past_its_time(start.fromtimestamp(window, start.tzinfo) + timedelta(days=days))
            assert past_its_time(start + timedelta(days=days, seconds=1))[title] == 1
        elif title != "Catatan perbuatan":
            over = start + before_that.get(title, timedelta(0)) + timedelta(days=days)
            assert title not in past_its_time(over), title
            assert past_its_time(over + timedelta(seconds=1))[title] >= 1, title


def test_it_deletes_rows_and_blanks_texts_and_says_how_many(known: Known, time: Time) -> None:
    answers, gradings = db.session.query(Answer).count(), db.session.query(Grading).count()
    moment = time.now + timedelta(days=1000)
    planned = past_its_time(moment)
    assert let_go(moment) == planned
    assert planned["Jawaban"] == answers
    db.session.rollback()
    assert {tuple(value) for value in db.session.scalars(select(Answer.value))} == {(ERASED,)}
    assert list(db.session.scalars(select(Inquiry.text))) == [ERASED]
    assert db.session.query(Device).count() == 0
    assert db.session.query(Grading).count() == gradings
    assert db.session.query(Person.name).filter_by(id=known.id).scalar() == "Wulansari Rahasia"
    entry = db.session.query(AuditEntry).filter_by(action="retensi").one()
    assert entry.actor_id is None
    assert sorted(entry.reason.split(", ")) == sorted(f"{title} {count}" for title, count in planned.items())
    assert let_go(moment) == {}
    assert db.session.query(AuditEntry).filter_by(action="retensi").count() == 1


def test_audit_entries_go_after_five_years_and_no_trigger_minds(app: Flask, time: Time) -> None:
    person_id = add_person()
    with writing():
        for years, days in ((5, 3), (5, -3), (0, 0)):
            note(person_id, f"lama {years} {days}", "site", now() - timedelta(days=365 * years + days))
    assert let_go(time.now) == {"Catatan perbuatan": 1}
    assert list(db.session.scalars(select(AuditEntry.action))) == ["lama 5 -3", "lama 0 0", "retensi"]


def test_much_of_it_goes_in_many_short_writes(app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "A_TIME", 10)
    with writing():
        for number in range(25):
            db.session.add(LimitCount(key=f"k{number}", window=0, count=1))
    assert let_go(time.now) == {"Hitungan percobaan masuk": 25}
    reasons = db.session.scalars(select(AuditEntry.reason).order_by(AuditEntry.id)).all()
    assert reasons == [f"Hitungan percobaan masuk {count}" for count in (10, 10, 5)]


def test_a_score_whose_answers_are_gone_stands_whatever_is_ruled(known: Known, time: Time) -> None:
    attempt_id = db.session.execute(text("select max(attempt_id) from grading")).scalar_one()
    found = queries.attempt_of(known.id, attempt_id)
    assert found
    before = queries.newest_grading(attempt_id)
    planned = RulingFact(found.sheet.items[0].hash, "kunci", ("x",))
    assert [change.attempt.id for change in changes(found.course_id, planned, known.trainer)] == [attempt_id]
    let_go(time.now + timedelta(days=1000))
    gradings = db.session.query(Grading).count()
    assert changes(found.course_id, planned, known.trainer) == []
    with writing():
        db.session.add(
            Ruling(
                course_id=found.course_id,
                question_hash=found.sheet.items[0].hash,
                kind="kunci",
                value=["x"],
                reason="-",
                at=time.now,
            )
        )
        assert quizzes.add_grading(found, queries.questions_of(found), "putusan", time.now).passed
    assert to_regrade(found.course_id, planned.question_hash, 10) == []
    assert queries.newest_grading(attempt_id) == before
    assert db.session.query(Grading).count() == gradings


def test_every_result_of_answers_that_are_gone_opens(scene: Scene) -> None:
    with writing():
        for answer in db.session.query(Answer):
            answer.value = [ERASED]
    owner = scene.browser("owner")
    for address in (
        f"/kuis/{scene.finished}/hasil",
        f"/tes/hasil/{scene.values['test_id']}",
        f"/formulir/{scene.finished_form}/hasil",
        f"/kuis/{scene.values['attempt_id']}",
        f"/formulir/{scene.values['filling_id']}",
        f"/kuis/{scene.values['attempt_id']}/periksa",
        f"/formulir/{scene.values['filling_id']}/periksa",
    ):
        assert owner.page(address)
    assert "Jawaban Anda sudah dihapus" in owner.page(f"/kuis/{scene.finished}/hasil") + owner.page(
        f"/tes/hasil/{scene.values['test_id']}"
    )


def test_a_text_in_which_somebody_wrote_that_word_goes_like_any_other(known: Known, time: Time) -> None:
    with writing():
        db.session.query(Inquiry).one().text = f"TULISAN-PRIBADI {ERASED}"
        db.session.query(Answer).filter_by(counter=99).one().value = [f"TULISAN-PRIBADI {ERASED}"]
    let_go(time.now + timedelta(days=1000))
    db.session.rollback()
    assert list(db.session.scalars(select(Inquiry.text))) == [ERASED]
    assert {tuple(value) for value in db.session.scalars(select(Answer.value))} == {(ERASED,)}

"""One member's page: what they did, what they wrote, the phone behind a button; and its cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Person
from tests.conftest import SLUG, START, Cast, Client, Time, add_member, membership_of, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.exam_course import PRE, exam_files, learn_all, sit_exam
from tests.quiz.sitting import ONE, TWO, sit


def actions_of() -> list[str]:
    db.session.rollback()
    return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def give_phone(person_id: int, phone: str = "081234567890") -> None:
    with writing():
        db.session.get_one(Person, person_id).phone = phone


def test_who_has_done_nothing_has_a_page_that_says_so(trainer: Client, home: str) -> None:
    text = trainer.page(home)
    assert "Siti Aminah" in text
    assert "Desa Sumberagung, Kecamatan Pracimantoro" in text
    assert "0 dari 2 pelajaran" in text
    assert "Bergabung dengan angkatan ini" in text
    assert "Menunggu jawaban Anda" not in text


def test_the_time_line_tells_lessons_and_attempts_newest_first(
    trainer: Client, siti: Client, home: str, time: Time
) -> None:
    time.forward(minutes=5)
    siti.send(f"/belajar/{SLUG}/{ONE}")
    time.forward(minutes=5)
    sitting = sit(siti)
    sitting.submit(right=False)
    time.forward(minutes=5)
    sit(siti, TWO)
    text = trainer.page(home).partition("Perjalanan belajar")[2]
    told = ["belum dikirim", "0 · belum lulus", "Menyelesaikan", "Bergabung"]
    assert [text.index(words) for words in told] == sorted(text.index(words) for words in told)
    assert f"{home}/percobaan/{sitting.id}" in text


def test_a_long_time_line_is_paged(trainer: Client, siti: Client, home: str, time: Time) -> None:
    for ordinal in range(1, 25):
        time.forward(minutes=1)
        sit(siti, ordinal=ordinal).submit()
    assert "Bergabung dengan angkatan ini" not in trainer.page(home)
    assert "Bergabung dengan angkatan ini" in trainer.page(f"{home}?hal=2")
    for odd in ("0", "-1", "x", "²", "99999999", "9" * 40):
        assert trainer.get(f"{home}?hal={odd}").status_code == 200


def test_the_phone_is_hidden_until_asked_for_which_is_audited(trainer: Client, home: str, cast: Cast) -> None:
    give_phone(cast.participant)
    text = trainer.page(home)
    assert "••••7890" in text
    assert "081234567890" not in text
    shown = trainer.send(f"{home}/nomor")
    assert shown.status_code == 200
    assert "081234567890" in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "private, no-store"
    entry = db.session.query(AuditEntry).one()
    assert (entry.actor_id, entry.action, entry.fields) == (cast.trainer, "nomor ditampilkan", ["phone"])
    assert "081234567890" not in repr(vars(entry))
    assert trainer.get(f"{home}/nomor").location == home


def test_help_given_by_somebody_else_is_on_the_time_line_and_ones_own_changes_are_not(
    trainer: Client, home: str
) -> None:
    trainer.send(f"{home}/kode")
    assert "Kode masuk dibuat oleh Retno Wulandari" in trainer.page(home)


def test_another_trainer_an_admin_and_the_person_find_nothing(
    browser: Callable[[], Client], cast: Cast, siti: Client, home: str
) -> None:
    for who in (cast.other_trainer, cast.admin, cast.other):
        assert sign_in(browser(), who).get(home).status_code == 404
    assert siti.get(home).status_code == 404


def test_a_member_of_another_cohort_is_not_found_under_this_one(trainer: Client, cast: Cast) -> None:
    other = membership_of(cast.other, cast.other_bimtek).id
    mine = membership_of(cast.trainer, cast.bimtek).id
    for membership_id in (other, mine, 999_999_999):
        assert trainer.get(f"/pelatih/B1MTEK/anggota/{membership_id}").status_code == 404
    assert trainer.get("/pelatih/B2MTEK/anggota/1").status_code == 404


def test_a_certificate_is_on_the_time_line_of_its_own_cohort_only(trainer: Client, siti: Client, cast: Cast) -> None:
    publish_course(SLUG, exam_files())
    add_member(cast.trainer, role="pelatih")
    with writing():
        selfstudy = db.session.query(Cohort).filter_by(kind="mandiri").first()
        assert selfstudy is not None
        code, cohort_id = selfstudy.code, selfstudy.id
    with writing():
        bimtek = db.session.get_one(Cohort, cast.bimtek)  # What ran out is no longer what its members read.
        bimtek.starts_on = bimtek.ends_on = START.date() - timedelta(days=1)
    learn_all(siti)
    assert sit_exam(siti, f"/tes/{SLUG}/akhir").score(5)
    siti.send(f"/sertifikat/ambil/{SLUG}", nama="Siti Aminah")
    own = membership_of(cast.participant, cohort_id).id
    assert "Sertifikat contoh</a>: Terbit, 24 November 2026" in trainer.page(f"/pelatih/{code}/anggota/{own}")
    other = membership_of(cast.participant, cast.bimtek).id
    assert "Sertifikat contoh" not in trainer.page(f"/pelatih/B1MTEK/anggota/{other}")


@pytest.mark.walk
@pytest.mark.parametrize("page", ["", "/bantu", "/isi"])
def test_a_page_costs_the_same_however_much_was_done(
    trainer: Client, siti: Client, home: str, time: Time, page: str, cast: Cast
) -> None:
    edition_id = publish_course(SLUG, exam_files())
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition_id
    sit(siti, TWO).submit()
    before = len(counted(trainer, home + page))
    sit_exam(siti, PRE).score(3)
    learn_all(siti)
    for ordinal in (2, 3, 4):
        time.forward(minutes=1)
        sit(siti, TWO, ordinal).submit()
    assert len(counted(trainer, home + page)) == before <= 12

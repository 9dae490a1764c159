"""The tests of a new bimtek: the pre-test follows its schedule, the post-test waits until it is opened."""

from datetime import datetime, timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Period
from lms.quiz.exam_cohort_queries import windows_of
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.window import Window, state_of
from lms.web.dates import WIB
from tests.bimtek.hall import add_meeting
from tests.conftest import SLUG, START, Cast, Client, sign_in
from tests.quiz.conftest import exams as exams

PLAN = {"kursus": SLUG, "nama": "Bimtek Angkatan V", "mulai": "2026-12-07", "selesai": "2026-12-08", "tempat": "Balai"}
FIXED = {"nama": "Bimtek Angkatan V", "mulai": "2026-12-09", "selesai": "2026-12-10", "tempat": "Balai"}


@pytest.fixture
def trainer(client: Client, cast: Cast, exams: int) -> Client:
    return sign_in(client, cast.trainer)


def opened(trainer: Client, **more: str) -> Cohort:
    code = trainer.send("/pelatih/baru", **PLAN, **more).location.split("/")[2]
    return db.session.query(Cohort).filter_by(code=code).one()


def begins(cohort: Cohort) -> datetime | None:
    db.session.rollback()
    return windows_of(cohort.id)[PRETEST].opens_at


def test_a_new_bimtek_holds_the_posttest_back_and_schedules_the_pretest(trainer: Client) -> None:
    cohort = opened(trainer)
    assert windows_of(cohort.id) == {PRETEST: Window(datetime(2026, 12, 7, tzinfo=WIB)), POSTTEST: Window()}
    page = trainer.page(f"/pelatih/{cohort.code}/tes")
    assert 'data-langsung="dijadwalkan"' in page
    assert 'data-langsung="ditahan"' in page
    assert trainer.send(f"/pelatih/{cohort.code}/tes/akhir", aksi="buka", tadi="ditahan").status_code == 303
    assert state_of(windows_of(cohort.id)[POSTTEST], START) == "terbuka"
    opened(trainer)
    assert state_of(windows_of(cohort.id)[POSTTEST], START) == "terbuka", "sent twice it is one, and stays as it is"


def test_the_pretest_moves_with_the_dates_until_an_hour_was_set(trainer: Client) -> None:
    cohort = opened(trainer)
    assert trainer.send(f"/pelatih/{cohort.code}/data", **FIXED).status_code == 303
    assert begins(cohort) == datetime(2026, 12, 9, tzinfo=WIB)
    trainer.send(f"/pelatih/{cohort.code}/data", daring_mulai="1/12/2026", daring_selesai="8/12/2026")
    assert begins(cohort) == datetime(2026, 12, 1, tzinfo=WIB)
    trainer.send(f"/pelatih/{cohort.code}/tes/awal", aksi="jadwal", buka="2026-12-02T08:00", tadi="dijadwalkan")
    trainer.send(f"/pelatih/{cohort.code}/data", daring_mulai="", daring_selesai="")
    assert begins(cohort) == datetime(2026, 12, 2, 8, tzinfo=WIB)


def test_a_copy_begins_with_its_own_days(trainer: Client, cast: Cast) -> None:
    with writing():
        source = db.session.get_one(Cohort, cast.bimtek)
        source.starts_on, source.online_from = START.date(), START.date() - timedelta(days=3)
    cohort = opened(trainer, dari="B1MTEK")
    assert begins(cohort) == datetime(2026, 12, 4, tzinfo=WIB)
    assert windows_of(cohort.id)[POSTTEST] == Window()


def test_a_bimtek_of_today_and_selfstudy_stay_as_they_are(trainer: Client, cast: Cast) -> None:
    trainer.send("/pelatih/B1MTEK/data", **FIXED)
    assert db.session.query(Period).count() == 0


def test_an_open_posttest_before_the_last_meeting_is_told_and_held_by_one_press(
    trainer: Client, cast: Cast, exams: int
) -> None:
    page, words = "/pelatih/B1MTEK", "Tes akhir sudah terbuka sebelum pertemuan terakhir"
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = exams
    add_meeting(cast.bimtek, 30)
    assert words in trainer.page(page)
    assert trainer.send("/pelatih/B1MTEK/tes/akhir", aksi="tahan", tadi="terbuka").status_code == 303
    assert words not in trainer.page(page)
    trainer.send("/pelatih/B1MTEK/tes/akhir", aksi="buka", tadi="ditahan")
    assert words in trainer.page(page)
    with writing():
        db.session.execute(db.text("delete from meeting"))
    assert words not in trainer.page(page), "its last meeting is over"

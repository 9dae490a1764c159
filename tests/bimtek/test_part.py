"""The page of who takes part, and the way to it."""

from datetime import timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Period, SurveyTicket
from tests.bimtek.hall import add_meeting, note, part_of
from tests.conftest import SLUG, START, Cast, Client, Time, sign_in
from tests.learn.test_queries_count import counted

PAGE = "/acara/B1MTEK"


@pytest.fixture
def participant(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.participant)


def button(text: str) -> str:
    return text.rpartition('<div class="next">')[2].partition("</a>")[0].rpartition(">")[2]


def test_day_hour_place_map_and_what_to_bring(participant: Client, cast: Cast) -> None:
    text = participant.page(PAGE)
    assert "Susunan acaranya belum diumumkan" in text
    add_meeting(cast.bimtek, 24, "Pembukaan", jp=0)
    with writing():
        cohort = db.session.get_one(Cohort, cast.bimtek)
        cohort.map_link, cohort.bring = "https://peta.test/x", "Alat tulis\nFotokopi SK"
    text = participant.page(PAGE)
    for words in (
        "Bimtek Angkatan I",
        "Rabu, 25 November 2026, pukul 09.14 WIB",
        "Pendopo Kecamatan Pracimantoro",
        'href="https://peta.test/x"',
        "Fotokopi SK",
        "Pembukaan",
    ):
        assert words in text


def test_the_course_page_leads_to_it_before_and_in_the_bimtek(participant: Client, cast: Cast, time: Time) -> None:
    for moment in (START, START - timedelta(days=3), START + timedelta(days=40)):
        time.now = moment
        assert f'href="{PAGE}"' in participant.page(f"/belajar/{SLUG}")
    sign_in(participant, cast.stranger)
    assert "/acara/" not in participant.page(f"/belajar/{SLUG}")


def test_my_attendance_is_there_and_what_happens_now(participant: Client, cast: Cast, time: Time) -> None:
    meeting = add_meeting(cast.bimtek, 1)
    assert "Pindai kode di layar" in participant.page(PAGE)
    note(meeting, part_of(cast.participant, cast.bimtek), "terlambat")
    text = participant.page(PAGE)
    assert "Kehadiran Anda sudah tercatat" in text
    assert "<b>100%</b>" in text
    time.forward(days=1)
    assert "Sekarang:" not in participant.page(PAGE)


def test_the_survey_comes_next_while_it_is_open(participant: Client, cast: Cast) -> None:
    assert button(participant.page(PAGE)) != "Isi survei"
    with writing():
        db.session.add(Period(cohort_id=cast.bimtek, what="survei", opens_at=START))
    assert button(participant.page(PAGE)) == "Isi survei"
    with writing():
        db.session.add(SurveyTicket(membership_id=part_of(cast.participant, cast.bimtek)))
    text = participant.page(PAGE)
    assert "Survei Anda sudah terkirim" in text
    assert button(text) != "Isi survei"


def test_its_trainer_sees_it_and_nobody_else(client: Client, cast: Cast) -> None:
    for person, status in ((cast.trainer, 200), (cast.other, 404), (cast.stranger, 404), (cast.admin, 404)):
        assert sign_in(client, person).get(PAGE).status_code == status


def test_it_asks_the_same_however_long_the_day_is(participant: Client, cast: Cast) -> None:
    participant.lint = False
    few = len(counted(participant, PAGE))
    for hour in range(10):
        add_meeting(cast.bimtek, hour)
    assert len(counted(participant, PAGE)) == few <= 10

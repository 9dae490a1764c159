"""Being there counts for the certificate: of the meetings held, late counts, leave does not, the newest row decides."""

from datetime import timedelta
from fractions import Fraction

import pytest

from lms.bimtek.actions import come, tick
from lms.bimtek.queries import meeting_of, share_of, states_of
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Meeting, Membership, Period, SurveyTicket
from tests.bimtek.hall import add_meeting, note, part_of
from tests.cohort.test_standing import also_asking
from tests.conftest import SLUG, START, Cast, Client, Time, add_member, forget_editions, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.exam_course import exam_files


@pytest.fixture
def mine(cast: Cast) -> int:
    return part_of(cast.participant, cast.bimtek)


@pytest.fixture
def friend(cast: Cast) -> int:
    return add_member(cast.stranger, cast.bimtek)


def test_a_cohort_without_meetings_asks_for_none(cast: Cast, mine: int) -> None:
    assert share_of(mine) == (None, None)
    meeting = add_meeting(cast.bimtek)
    assert share_of(mine) == (0, None)
    with writing():
        db.session.get_one(Meeting, meeting).cancelled_at = START
    assert share_of(mine) == (None, None)


def test_only_meetings_at_which_somebody_was_are_counted(cast: Cast, mine: int, friend: int) -> None:
    first, second, _third = (add_meeting(cast.bimtek, hour) for hour in range(3))
    note(first, mine, "hadir")
    note(first, friend, "hadir")
    assert share_of(mine)[0] == 100
    note(second, friend, "terlambat")
    assert (share_of(mine)[0], share_of(friend)[0]) == (50, 100)
    note(second, mine, "izin")
    assert share_of(mine)[0] == 50


def test_the_newest_row_decides(cast: Cast, mine: int, friend: int) -> None:
    meeting = add_meeting(cast.bimtek)
    note(meeting, friend, "hadir")
    for state, percent in (("tidak", 0), ("hadir", 100), ("izin", 0), ("terlambat", 100)):
        note(meeting, mine, state)
        assert share_of(mine)[0] == percent


def test_a_share_is_exact(cast: Cast, mine: int, friend: int) -> None:
    meetings = [add_meeting(cast.bimtek, hour) for hour in range(3)]
    for meeting in meetings:
        note(meeting, friend, "hadir")
    for meeting in meetings[:2]:
        note(meeting, mine, "hadir")
    assert share_of(mine)[0] == Fraction(200, 3)


def test_what_was_noted_of_an_absorbed_part_counts(cast: Cast, mine: int, friend: int) -> None:
    meeting = add_meeting(cast.bimtek)
    note(meeting, friend, "hadir")
    with writing():
        db.session.get_one(Membership, friend).absorbed_by_id = mine
    assert share_of(mine)[0] == 100


@pytest.mark.parametrize("first", [True, False])
def test_of_two_parts_of_one_person_the_best_counts_and_is_not_noted_again(
    cast: Cast, mine: int, friend: int, first: bool
) -> None:
    meeting = add_meeting(cast.bimtek)
    held = meeting_of(cast.bimtek, meeting)
    assert held is not None
    came, missed = (mine, friend) if first else (friend, mine)
    note(meeting, came, "tidak")
    note(meeting, came, "hadir")
    note(meeting, missed, "tidak")
    with writing():
        db.session.get_one(Membership, friend).absorbed_by_id = mine
    assert (states_of(mine), share_of(mine)[0]) == ({meeting: "hadir"}, 100)
    with writing():
        assert not come(held, mine, "kode", START + timedelta(hours=1), "baru", None)
        assert tick(meeting, [mine], "tidak", "Keliru", cast.trainer, START) == 1
    assert states_of(mine) == {meeting: "tidak"}, "a correction holds for both"


def test_who_only_tries_holds_no_meeting(cast: Cast, mine: int) -> None:
    trial = add_member(cast.trainer, cast.bimtek)
    note(add_meeting(cast.bimtek), trial, "hadir")
    assert share_of(mine)[0] == 0


@pytest.fixture
def asking(cast: Cast) -> int:
    """An edition whose certificate asks for attendance and the survey, read by the bimtek."""
    edition = publish_course(SLUG, also_asking(exam_files()))
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition
    forget_editions()
    return edition


def test_the_course_says_what_is_missing_in_one_statement_no_more(
    client: Client, cast: Cast, mine: int, friend: int, asking: int
) -> None:
    sign_in(client, cast.participant)
    page = f"/belajar/{SLUG}"
    before = len(counted(client, page))
    assert "pertemuan" not in client.page(page)
    meeting = add_meeting(cast.bimtek)
    with writing():
        db.session.add(Period(cohort_id=cast.bimtek, what="survei"))
    text = client.page(page)
    assert "Hadir 60% pertemuan; sampai sekarang 0%." in text
    assert "Isi survei." in text
    note(meeting, mine, "hadir")
    with writing():
        db.session.add(SurveyTicket(membership_id=mine))
    text = client.page(page)
    assert "pertemuan; sampai sekarang" not in text
    assert "hadir 100%, survei terkirim" in text
    assert len(counted(client, page)) == before <= 5


@pytest.mark.parametrize("alone", [True, False], ids=["in self-study too", "in the bimtek alone"])
@pytest.mark.parametrize("closed", [False, True])
def test_after_the_last_day_the_learner_reads_what_the_trainer_reads(
    client: Client, cast: Cast, mine: int, friend: int, asking: int, time: Time, alone: bool, closed: bool
) -> None:
    """The rules of a bimtek are those of its certificate for ever, though what one reads is self-study's again."""
    first, second = add_meeting(cast.bimtek), add_meeting(cast.bimtek, 1)
    for meeting in (first, second):
        note(meeting, friend, "hadir")
    with writing():
        cohort = db.session.get_one(Cohort, cast.bimtek)
        cohort.closed_at = START + timedelta(days=31) if closed else None
        if not alone:
            away = db.session.query(Membership).filter_by(person_id=cast.participant).filter(Membership.id != mine)
            away.one().left_at = START
    time.forward(days=40)
    text = sign_in(client, cast.participant).page("/acara/B1MTEK")
    told = text.partition("Yang masih kurang untuk sertifikat bimtek ini: <b>")[2].partition("</b>")[0]
    assert "kehadiran" in told
    assert "Yang diminta hadir 60% pertemuan; Anda 0%." in text
    course = client.page(f"/belajar/{SLUG}")
    assert "/acara/B1MTEK#sertifikat" in course
    assert ("belajar mandiri" in course) is alone
    assert ("Yang masih kurang: " in course) is alone
    desk = sign_in(client, cast.trainer).page("/pelatih/B1MTEK/sertifikat")
    line = desk.partition("Masih kurang</h2>")[2].partition("Siti Aminah")[2].partition("</li>")[0]
    assert f"Kurang: {told}." in line


def test_a_survey_that_is_over_bars_nobody(client: Client, cast: Cast, mine: int, asking: int, time: Time) -> None:
    sign_in(client, cast.participant)
    with writing():
        db.session.add(Period(cohort_id=cast.bimtek, what="survei"))
    assert "Isi survei." in client.page(f"/belajar/{SLUG}")
    with writing():
        db.session.get_one(Period, (cast.bimtek, "survei")).closes_at = time.now
    assert "survei" not in client.page(f"/belajar/{SLUG}").lower()


def test_self_study_is_asked_for_neither(client: Client, cast: Cast, asking: int) -> None:
    add_meeting(cast.other_bimtek)
    sign_in(client, cast.stranger)
    add_member(cast.stranger)
    text = client.page(f"/belajar/{SLUG}")
    assert "pertemuan" not in text
    assert "survei" not in text

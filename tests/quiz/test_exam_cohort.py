"""A cohort's tests: which membership they hang on, what closing them does, the pairs for its gain."""

from datetime import timedelta

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Attempt, Cohort
from lms.quiz import actions
from lms.quiz.exam_report import Score, ScorePair
from lms.web.clock import now
from tests.cohort.crowd import pairs_in
from tests.conftest import SLUG, Cast, Client, Time, add_member, add_person, sign_in
from tests.quiz.exam_course import ASKED, PAGE, POST, PRE, ExamSitting, learn_all, sit_exam, visible_secrets
from tests.quiz.sitting import ONE


@pytest.fixture
def bimtek(exams: int, cast: Cast) -> int:
    """The cohort that the participant is in beside self-study; it reads the edition with tests."""
    return cast.bimtek


def cohort_of(sitting: ExamSitting) -> int:
    db.session.rollback()
    found = db.session.execute(
        db.text("select m.cohort_id from attempt a join membership m on m.id = a.membership_id where a.id = :id"),
        {"id": sitting.id},
    ).scalar_one()
    assert isinstance(found, int)
    return found


def change(cohort_id: int, **values: object) -> None:
    with writing():
        cohort = db.session.get_one(Cohort, cohort_id)
        for name, value in values.items():
            setattr(cohort, name, value)


def close(cohort_id: int) -> None:
    with writing():
        actions.close_tests(cohort_id, now())


def newcomer(client: Client, cohort_id: int, name: str = "Wagiyem") -> Client:
    """Somebody who joined this cohort only."""
    person_id = add_person(name)
    add_member(person_id, cohort_id)
    return sign_in(client, person_id)


def test_the_running_bimtek_comes_first_and_selfstudy_when_none_runs(bimtek: int, cast: Cast, client: Client) -> None:
    sign_in(client, cast.participant)
    assert cohort_of(sit_exam(client, PRE).score(1)) == bimtek
    change(bimtek, ends_on=now().date() - timedelta(days=1))
    assert cohort_of(sit_exam(client, PRE)) == 1


def test_of_two_running_the_one_begun_last(bimtek: int, cast: Cast, client: Client) -> None:
    add_member(cast.participant, cast.other_bimtek)
    change(bimtek, starts_on=now().date() - timedelta(days=3))
    assert cohort_of(sit_exam(sign_in(client, cast.participant), PRE)) == cast.other_bimtek


def test_who_is_in_a_bimtek_only_takes_them_before_and_after_its_days(bimtek: int, client: Client) -> None:
    newcomer(client, bimtek)
    change(bimtek, starts_on=now().date() + timedelta(days=7), ends_on=now().date() + timedelta(days=7))
    assert cohort_of(sit_exam(client, PRE).score(1)) == bimtek
    change(bimtek, starts_on=now().date() - timedelta(days=7), ends_on=now().date() - timedelta(days=7))
    assert cohort_of(sit_exam(client, POST)) == bimtek


def test_a_trainers_try_is_marked_from_the_membership_and_no_participants_is(
    bimtek: int, cast: Cast, client: Client
) -> None:
    add_member(cast.trainer, bimtek)
    sit_exam(sign_in(client, cast.trainer), PRE)
    sit_exam(sign_in(client, cast.participant), PRE)
    db.session.rollback()
    assert sorted(trial for (trial,) in db.session.query(Attempt.trial)) == [False, True]


def test_another_cohorts_tests_are_avoided_too(bimtek: int, cast: Cast, client: Client, time: Time) -> None:
    sign_in(client, cast.participant)
    first = sit_exam(client, PRE).score(1)
    change(bimtek, ends_on=now().date() - timedelta(days=1))
    time.forward(hours=1)
    assert not sit_exam(client, PRE).asked & first.asked


def test_a_passed_posttest_shows_no_key_in_a_bimtek_until_it_is_closed(bimtek: int, client: Client) -> None:
    newcomer(client, bimtek)
    pre, post = sit_exam(client, PRE).score(1), sit_exam(client, POST).score(ASKED)
    again = sit_exam(client, POST, ordinal=2).score(ASKED)
    for sitting in (pre, post, again):
        assert visible_secrets(sitting.result()) == []
        assert "terbuka setelah tes angkatan Anda ditutup" in sitting.result()
    close(bimtek)
    for sitting in (pre, post, again):
        assert visible_secrets(sitting.result()) == ["UMPAN-", "PENJELASAN-RAHASIA"]


def test_closing_one_cohort_shows_nothing_to_another(bimtek: int, cast: Cast, client: Client) -> None:
    close(bimtek)
    newcomer(client, cast.other_bimtek)
    assert visible_secrets(sit_exam(client, PRE).score(1).result()) == []


def test_a_closed_cohort_opens_no_test(bimtek: int, client: Client) -> None:
    newcomer(client, bimtek)
    close(bimtek)
    for path in (PRE, POST):
        assert client.send(path, ke=1).location == path
        assert "sudah ditutup" in client.page(path)
        assert "<form" not in client.page(path)
    assert db.session.query(Attempt).count() == 0
    learn_all(client)
    assert POST not in client.page(PAGE).rpartition('class="next"')[2]


def test_what_comes_in_after_closing_is_late(bimtek: int, client: Client, time: Time) -> None:
    newcomer(client, bimtek)
    sitting = sit_exam(client, POST)
    sitting.save(sitting.entry(1, sitting.right(1)))
    time.forward(minutes=1)
    close(bimtek)
    time.forward(minutes=1)
    sitting.score(ASKED)
    text = sitting.result()
    assert "Nilai Anda 20" in text
    assert "dikirim atau ditutup" in text
    assert "Perlu 70 untuk lulus.</p>" in text
    assert "Coba lagi" not in text


def test_closing_again_keeps_the_first_moment(bimtek: int, time: Time) -> None:
    close(bimtek)
    first = db.session.get_one(Cohort, bimtek).posttest_closed_at
    time.forward(hours=1)
    close(bimtek)
    assert db.session.get_one(Cohort, bimtek).posttest_closed_at == first


def test_a_cohorts_pairs_are_pretest_and_first_posttest_without_who_only_tries(
    bimtek: int, cast: Cast, client: Client, time: Time
) -> None:
    newcomer(client, bimtek)
    sit_exam(client, PRE).score(1)
    sit_exam(client, POST).score(4)
    sit_exam(client, POST, ordinal=2).score(5)
    newcomer(client, bimtek, "Warsini")
    client.send(f"{PAGE}/{ONE}")
    time.forward(minutes=1)
    sit_exam(client, PRE).score(2)
    sit_exam(client, POST).score(2)
    sit_exam(newcomer(client, bimtek, "Wakijan"), PRE).score(2)
    sit_exam(newcomer(client, bimtek, "Wiryono"), POST).score(2)
    sit_exam(newcomer(client, cast.other_bimtek, "Wartini"), PRE).score(2)
    add_member(cast.trainer, bimtek)
    sign_in(client, cast.trainer)
    sit_exam(client, PRE).score(0)
    sit_exam(client, POST).score(5)
    pairs = pairs_in(bimtek)
    assert pairs == [
        ScorePair(Score(1, 5, 70), Score(4, 5, 70), False),
        ScorePair(Score(2, 5, 70), Score(2, 5, 70), True),
    ]


def test_the_posttest_of_a_bimtek_meets_what_a_selfstudy_certificate_asks(
    bimtek: int, cast: Cast, client: Client
) -> None:
    """Else somebody in both would be asked for a test that no page opens for them while the bimtek runs."""
    sign_in(client, cast.participant)
    learn_all(client)
    sit_exam(client, POST).score(ASKED)
    assert client.get(f"/sertifikat/ambil/{SLUG}").status_code == 200


def test_a_posttest_that_was_only_tried_meets_nothing(bimtek: int, cast: Cast, client: Client) -> None:
    add_member(cast.trainer, bimtek)
    add_member(cast.trainer)
    sign_in(client, cast.trainer)
    sit_exam(client, POST).score(ASKED)
    change(bimtek, ends_on=now().date() - timedelta(days=1))
    assert f'href="{POST}">tes akhir</a>' in client.page(PAGE)

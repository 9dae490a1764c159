"""What the one who stays reads: the union of both, everywhere; and each their own again when they are two."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lms.bimtek.queries import roll, states_of
from lms.certificate.office import set_office
from lms.certificate.queries import certificates_of
from lms.cohort.queries import is_full
from lms.course.load import edition_view
from lms.db.engine import db, writing
from lms.db.tables import Attempt, Certificate, Cohort, Enrolment, ExtraTry, Membership, Reading
from lms.learn.completion import LearnerFacts, completion
from lms.learn.queries import Progress, selfstudy_completion
from lms.people import union as actions
from lms.quiz.exam_cohort_queries import open_tests, pair_of, sat_in
from lms.quiz.exam_queries import met
from lms.quiz.exam_report import Score, ScorePair
from lms.report import queries as report_queries
from lms.web.clock import now
from tests.bimtek.hall import add_meeting, note
from tests.certificate.test_take import OFFICE, finish
from tests.cohort.crowd import facts_of, pairs_in
from tests.conftest import SLUG, Cast, Client, Time, add_member, add_person, publish_course, sign_in
from tests.course.form_texts import PATH as FORM
from tests.learn.test_queries_count import counted, save, statements
from tests.people.conftest import PAGE, Twins, progress_of
from tests.quiz import filling
from tests.quiz.exam_course import POST, PRE, exam_files, sit_exam
from tests.quiz.sitting import ONE, TWO, Sitting, sit
from tests.quiz.test_open import changed
from tests.scene import Scene, token

LESSONS = (ONE, TWO)
START = f"/mulai-kuis/{SLUG}/{ONE}"


@pytest.fixture
def staying(browser: Callable[[], Client], twins: Twins) -> Client:
    return sign_in(browser(), twins.stays)


@pytest.fixture
def going(browser: Callable[[], Client], twins: Twins) -> Client:
    return sign_in(browser(), twins.gone)


def test_lessons_and_quizzes_of_both_count(staying: Client, going: Client, twins: Twins) -> None:
    finish(staying, ONE)
    finish(going, TWO)
    twins.merge()
    found = progress_of(twins.stays)
    assert found.facts.finished == found.facts.passed == frozenset(LESSONS)
    assert selfstudy_completion(edition_view(1, SLUG), found).met
    assert "1. Dasar" in staying.page(f"/belajar/{SLUG}")
    assert staying.get(f"/sertifikat/ambil/{SLUG}").status_code == 200


def test_a_quiz_begun_as_the_one_is_gone_on_with_as_the_other(staying: Client, going: Client, twins: Twins) -> None:
    begun = sit(going)
    begun.save(begun.entry(1, begun.right(1)))
    twins.merge()
    assert progress_of(twins.stays).standing(ONE).open_attempt == begun.id
    assert staying.send(START, ke=1).location == f"/kuis/{begun.id}"
    assert staying.send(START, ke=7).location == f"/kuis/{begun.id}", "one open attempt at a time"
    again = Sitting(staying, begun.id, counter=9)
    assert again.submit().status_code == 200
    assert "100" in again.result()
    assert progress_of(twins.stays).standing(ONE).passed


def test_tries_of_both_are_counted_and_numbered_as_one_history(
    staying: Client, going: Client, twins: Twins, time: Time
) -> None:
    for client, ordinal in ((staying, 1), (going, 1), (going, 2)):
        sit(client, ordinal=ordinal).submit(right=False)
        time.forward(hours=1)
    twins.merge()
    text = staying.page(START)
    assert [text.count(f"Percobaan {number}, ") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert 'name="ke" value="4"' in text
    fourth = sit(staying, ordinal=4)
    assert sit(staying, ordinal=4).id == fourth.id
    fourth.submit()
    twins.separate()
    numbers = db.session.query(Attempt.ordinal).filter_by(enrolment_id=enrolment_of(twins.stays)).order_by("ordinal")
    assert [row[0] for row in numbers] == [1, 2], "each counts its own"
    assert 'name="ke" value="3"' in sign_in(going, twins.gone).page(START)
    assert sit(going, ordinal=3).id != fourth.id


def enrolment_of(person_id: int) -> int:
    db.session.rollback()
    return db.session.query(Enrolment).filter_by(person_id=person_id).order_by(Enrolment.id).all()[0].id


def give_edition(edition_id: int) -> None:
    """Let every bimtek read it."""
    with writing():
        db.session.execute(update(Cohort).where(Cohort.kind == "bimtek").values(edition_id=edition_id))


def test_a_try_that_a_trainer_gave_the_one_is_the_others(staying: Client, going: Client, twins: Twins) -> None:
    give_edition(publish_course(SLUG, changed(old="kesempatan = 0", new="kesempatan = 1")))
    sit(staying).submit(right=False)
    assert 'name="ke"' not in staying.page(START)
    with writing():
        db.session.add(ExtraTry(enrolment_id=enrolment_of(twins.gone), quiz=ONE, by_id=twins.trainer, at=now()))
    twins.merge()
    assert 'name="ke" value="2"' in staying.page(START)


def test_a_form_begun_as_the_one_is_finished_for_the_other(
    browser: Callable[[], Client], staying: Client, going: Client, twins: Twins
) -> None:
    filling.publish()
    filling.take_part(twins.gone)
    way = f"/mulai-formulir/{filling.SLUG}/bu-tuti/{FORM}"
    attempt = going.send(way, ke=1).location
    twins.merge()
    assert progress_of(twins.stays, filling.SLUG).joined, "the course of the one is the other's"
    assert staying.get(attempt).status_code == 200
    assert attempt in staying.page(way)


def test_tests_of_both_hang_together_and_the_cohort_counts_one_person(
    cast: Cast, staying: Client, going: Client, twins: Twins, time: Time
) -> None:
    give_edition(publish_course(SLUG, exam_files()))
    first = sit_exam(staying, PRE).score(2)
    time.forward(hours=1)
    sit_exam(going, PRE).score(4)
    time.forward(hours=1)
    post = sit_exam(going, POST).score(5)
    assert pairs_in(cast.bimtek) == [ScorePair(Score(4, 5, 70), Score(5, 5, 70), after_learning=False)]
    twins.merge()
    found = progress_of(twins.stays).exams
    assert found is not None
    assert found.membership_id == twins.one
    assert found.pretest is not None
    assert found.pretest.id == first.id, "the one pre-test is the first of both"
    assert found.passed
    assert not found.pretest_offered
    assert staying.send(PRE, ke=1).location == f"/kuis/{first.id}"
    both = ScorePair(Score(2, 5, 70), Score(5, 5, 70), after_learning=False)
    assert pairs_in(cast.bimtek) == [both]
    assert pair_of(twins.one) == both
    assert "Tes akhir" in staying.page(f"/tes/hasil/{post.id}")
    assert 'name="ke" value="2"' in staying.page(POST)
    time.forward(hours=1)
    assert len(met(twins.stays, 1)) == 3, "what was met as the one is not asked the other"
    assert sit_exam(staying, POST, 2).id != post.id
    twins.separate()
    assert pairs_in(cast.bimtek) == [ScorePair(Score(4, 5, 70), Score(5, 5, 70), after_learning=False)]


def test_who_left_after_both_were_made_one_is_in_no_figure_of_the_cohort(
    cast: Cast, going: Client, twins: Twins, time: Time
) -> None:
    give_edition(publish_course(SLUG, exam_files()))
    sit_exam(going, PRE).score(4)
    sit_exam(going, POST).score(5)
    meeting = add_meeting(cast.bimtek)
    note(meeting, twins.other, "hadir")
    twins.merge()
    assert figures(cast.bimtek) == (1, {twins.one}, (1, 1, 1))
    leave(twins.one)
    assert figures(cast.bimtek) == (0, set(), (0, 0, 0))


def test_who_stays_counts_with_what_they_did_as_the_one_who_had_left(
    cast: Cast, going: Client, twins: Twins, time: Time
) -> None:
    give_edition(publish_course(SLUG, exam_files()))
    sit_exam(going, PRE).score(4)
    sit_exam(going, POST).score(5)
    note(add_meeting(cast.bimtek), twins.other, "hadir")
    leave(twins.other)
    assert figures(cast.bimtek) == (0, set(), (0, 0, 0))
    twins.merge()
    assert figures(cast.bimtek) == (1, {twins.one}, (1, 1, 1))


def test_somebody_found_twice_takes_one_seat_and_sits_in_one_test(
    cast: Cast, staying: Client, going: Client, twins: Twins
) -> None:
    give_edition(publish_course(SLUG, exam_files()))
    with writing():
        db.session.get_one(Cohort, cast.bimtek).quota = 2
    sit_exam(staying, PRE)
    sit_exam(going, PRE)
    assert (is_full(cast.bimtek), open_tests(cast.bimtek, now())) == (True, 2)
    twins.merge()
    assert (is_full(cast.bimtek), open_tests(cast.bimtek, now())) == (False, 1)
    leave(twins.one)
    assert open_tests(cast.bimtek, now()) == 0


def test_the_report_notes_somebody_found_twice_as_the_pages_do(cast: Cast, twins: Twins) -> None:
    meeting = add_meeting(cast.bimtek)
    note(meeting, twins.other, "hadir")
    note(meeting, twins.one, "tidak")
    twins.merge()
    seen = roll(cast.bimtek)
    assert states_of(twins.one) == {meeting: "hadir"}
    assert (seen.states, seen.shares) == ({twins.one: ["hadir"]}, {twins.one: 100})


def figures(cohort_id: int) -> tuple[int, set[int], tuple[int, int, int]]:
    """How many pairs both tests give, who is in the report on them, and its counts of attendance and both tests."""
    counts = report_queries.counts(cohort_id, now())
    pairs = sat_in(facts_of(cohort_id)).report.pairs
    return len(pairs_in(cohort_id)), set(pairs), (counts.noted, counts.pre, counts.post)


def leave(membership_id: int) -> None:
    with writing():
        db.session.get_one(Membership, membership_id).left_at = now()


def test_learning_before_the_pretest_as_the_one_makes_it_late_for_both(
    cast: Cast, staying: Client, going: Client, twins: Twins, time: Time
) -> None:
    give_edition(publish_course(SLUG, exam_files()))
    staying.send(f"/belajar/{SLUG}/{ONE}")
    time.forward(hours=1)
    sit_exam(going, PRE).score(2)
    sit_exam(going, POST).score(5)
    assert [pair.after_learning for pair in pairs_in(cast.bimtek)] == [False]
    twins.merge()
    assert [pair.after_learning for pair in pairs_in(cast.bimtek)] == [True]


def test_a_certificate_of_the_one_is_the_others_and_none_is_taken_twice(
    staying: Client, going: Client, twins: Twins
) -> None:
    with writing():
        set_office(OFFICE, now())
    finish(going)
    sheet = going.send(f"/sertifikat/ambil/{SLUG}", nama="Siti Aminnah").location
    token = db.session.query(Certificate.token).scalar()
    assert staying.get(sheet).status_code == 404
    twins.merge()
    assert staying.get(sheet).status_code == 200
    assert sheet in staying.page("/saya")
    assert len(certificates_of(twins.stays)) == 1
    assert "Lihat sertifikat" in staying.page(f"/belajar/{SLUG}")
    assert staying.get(f"/cek/{token}").status_code == 200
    assert staying.send(f"/sertifikat/ambil/{SLUG}", nama="Siti Aminah").location == sheet
    twins.separate()
    assert sign_in(staying, twins.stays).get(sheet).status_code == 404


def test_completion_reads_the_union_and_undoing_gives_back_what_was(browser: Callable[[], Client], cast: Cast) -> None:
    """For whatever both have learned: the same facts, weighed by the same rule."""
    edition = edition_view(1, SLUG)
    learned = st.frozensets(st.sampled_from(LESSONS))

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(learned, learned), st.tuples(learned, learned), st.booleans(), st.booleans())
    def holds(
        reading: tuple[frozenset[str], frozenset[str]],
        passing: tuple[frozenset[str], frozenset[str]],
        both_enrolled: bool,
        turned: bool,
    ) -> None:
        people = [add_person("Siti Aminah"), add_person("Siti Aminnah")]
        for person, lessons, quizzes in zip(people, reading, passing, strict=True):
            if both_enrolled or person == people[1]:
                add_member(person)
                learn(sign_in(browser(), person), lessons, quizzes)
        before = [progress_of(person) for person in people]
        union = LearnerFacts(
            before[0].facts.finished | before[1].facts.finished, before[0].facts.passed | before[1].facts.passed
        )
        stays, gone = reversed(people) if turned else people
        with writing():
            assert actions.merge(stays, gone, cast.trainer, now())
        merged = progress_of(stays)
        assert (merged.facts.finished, merged.facts.passed) == (union.finished, union.passed)
        assert selfstudy_completion(edition, merged) == completion(
            edition.course.certificate, edition.order, edition.quizzes, union
        )
        with writing():
            assert actions.separate(gone, cast.trainer, now())
        for person, then in zip(people, before, strict=True):
            assert same(progress_of(person), then)

    holds()


def same(found: Progress, before: Progress) -> bool:
    """What was learned is the same; taking part, made for the merge, stays."""
    return (found.finished, found.quizzes) == (before.finished, before.quizzes)


def learn(client: Client, lessons: frozenset[str], passed: frozenset[str]) -> None:
    """Read these lessons and pass these quizzes; another one is begun, and one is failed first."""
    for lesson in lessons:
        client.send(f"/belajar/{SLUG}/{lesson}")
    for quiz in passed:
        sit(client, quiz).submit(right=False)
        sit(client, quiz, 2).submit()
    for quiz in set(LESSONS) - passed:
        sit(client, quiz)


def test_who_was_merged_costs_no_statement_more(scene: Scene) -> None:
    owner = scene.browser("owner")
    owner.lint = False
    twin = db.session.get_one(Membership, int(scene.values["other_id"])).person_id
    pages = (f"/belajar/{SLUG}/{ONE}", f"/belajar/{SLUG}", START, "/saya", "/")
    before = [len(counted(owner, page)) for page in pages]
    with writing():
        db.session.add(Reading(enrolment_id=enrolment_of(twin), lesson="lanjut/tiga", edition_id=1, at=now()))
    pair = f"{PAGE}/{scene.values['membership_id']}/{scene.values['other_id']}"
    assert (
        scene.browser("trainer").post(f"{pair}/gabung", data={"csrf_token": token(), "tetap": "1"}).status_code == 303
    )
    assert [len(counted(owner, page)) for page in pages] == before
    with statements() as sent:
        assert save(owner, scene.address("/kuis/<attempt_id>/jawaban"), 1) == 200
    assert len(sent) <= 6

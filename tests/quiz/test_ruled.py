"""Rulings on a question: they hold for every grading of it, past and future, and rewrite none."""

from lms.course.grading import RulingFact, RulingKind
from lms.course.questions.base import Question
from lms.db.engine import db, writing
from lms.db.tables import Course, Grading
from lms.quiz import actions, queries
from lms.web.clock import now
from tests.conftest import SLUG, Client
from tests.quiz.sitting import TWO, Sitting, sit


def again(sitting: Sitting) -> Grading:
    """Grade anew, as the trainer's action will for everybody concerned."""
    facts = sitting.facts
    with writing():
        actions.add_grading(facts, queries.questions_of(facts), "putusan", now())
    db.session.rollback()
    return db.session.query(Grading).filter_by(attempt_id=sitting.id).order_by(Grading.id.desc()).limit(1).one()


def rule(question: Question, kind: RulingKind, value: tuple[str, ...] = (), slug: str = SLUG) -> None:
    with writing():
        course = db.session.query(Course).filter_by(slug=slug).one()
        actions.decide(course.id, RulingFact(question.hash, kind, value), "Soalnya bermakna ganda.", 1, now())


def test_a_void_question_counts_as_right_for_everybody_who_was_asked(learner: Client) -> None:
    past = sit(learner)
    past.submit(right=False)
    rule(past.question(1), "batal")
    assert "Nilai Anda 0" in past.result()
    assert again(past).passed
    assert "Nilai Anda 100" in past.result()
    future = sit(learner, ordinal=2)
    future.submit(right=False)
    assert "Nilai Anda 100" in future.result()


def test_an_accepted_answer_counts_beside_the_key(learner: Client) -> None:
    past = sit(learner, TWO)
    past.save(past.entry(2, ("Enam puluh tahun",)), submit=True)
    rule(past.question(2), "terima", ("enam  PULUH tahun.",))
    assert again(past).right == 1
    key = sit(learner, TWO, 2)
    key.save(key.entry(2, ("60",)), submit=True)
    assert "1 dari 4 soal benar" in key.result()
    other = sit(learner, TWO, 3)
    other.save(other.entry(2, ("61",)), submit=True)
    assert "0 dari 4 soal benar" in other.result()


def test_a_new_key_takes_the_place_of_the_old(learner: Client) -> None:
    past = sit(learner)
    past.submit(right=True)
    rule(past.question(1), "kunci", past.wrong(1))
    assert not again(past).passed
    future = sit(learner, ordinal=2)
    future.submit(right=False)
    assert "Nilai Anda 100" in future.result()


def test_rulings_hold_in_the_order_they_were_made(learner: Client) -> None:
    past = sit(learner)
    past.submit(right=False)
    rule(past.question(1), "batal")
    rule(past.question(1), "kunci", past.right(1))
    assert not again(past).passed
    rule(past.question(1), "terima", past.wrong(1))
    assert again(past).passed


def test_gradings_before_a_ruling_stay_as_they_were(learner: Client) -> None:
    past = sit(learner)
    past.submit(right=False)
    rule(past.question(1), "batal")
    again(past)
    rows = db.session.query(Grading).order_by(Grading.id).all()
    assert [(row.right, row.passed, row.reason) for row in rows] == [(0, False, "kirim"), (1, True, "putusan")]


def test_a_ruling_of_another_course_and_another_question_do_not_matter(learner: Client) -> None:
    past = sit(learner, TWO)
    past.submit(right=False)
    with writing():
        other = Course(slug="kursus-lain")
        db.session.add(other)
        db.session.flush()
    rule(past.question(2), "batal", slug="kursus-lain")
    rule(sit(learner).question(1), "batal")
    assert again(past).right == 0

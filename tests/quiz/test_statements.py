"""What both tests ask of the database: the same for everybody, and nothing on a lesson."""

from flask import Flask

from tests.conftest import SLUG, Client, Time, publish_course
from tests.learn.test_queries_count import counted, course_of, statements
from tests.quiz.exam_course import PAGE, POST, PRE, exam_files, learn_all, sit_exam
from tests.quiz.sitting import ONE


def test_a_course_with_tests_costs_one_statement_more_however_far_one_is(taker: Client, time: Time) -> None:
    before = len(counted(taker, PAGE))
    learn_all(taker)
    sit_exam(taker, PRE).score(2)
    for ordinal in (1, 2, 3):
        time.forward(hours=1)
        sit_exam(taker, POST, ordinal).score(ordinal)
    assert len(counted(taker, PAGE)) == before <= 5


def test_a_lesson_does_not_ask_for_tests(taker: Client) -> None:
    asked = counted(taker, f"{PAGE}/{ONE}")
    assert len(asked) <= 3
    assert not any("posttest_closed_at" in statement for statement in asked)


def test_the_front_page_asks_for_all_tests_at_once(taker: Client, app: Flask) -> None:
    def asking() -> int:
        return sum("posttest_closed_at" in statement for statement in counted(taker, "/"))

    assert asking() == 1
    publish_course("lain", exam_files())
    publish_course("tanpa-tes", course_of(3))
    assert asking() == 1


def test_a_result_costs_the_same_however_many_there_are(taker: Client, time: Time) -> None:
    sit_exam(taker, PRE).score(2)
    first = sit_exam(taker, POST).score(1)
    for ordinal in (2, 3, 4):
        time.forward(hours=1)
        sit_exam(taker, POST, ordinal).score(1)
        if ordinal == 2:
            before = len(counted(taker, f"/tes/hasil/{first.id}"))
    with statements() as sent:
        taker.page(f"/tes/hasil/{first.id}")
    assert len(sent) <= before


def test_the_start_pages_cost_the_same_for_everybody(taker: Client) -> None:
    before = [len(counted(taker, page)) for page in (PRE, POST)]
    sit_exam(taker, PRE).score(2)
    sit_exam(taker, POST).score(1)
    assert [len(counted(taker, page)) for page in (PRE, POST)] == before
    assert SLUG in PRE

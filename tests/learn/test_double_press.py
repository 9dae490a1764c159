"""Two nodes at a double press: what both write is written without looking first, so that neither fails."""

from flask import Flask

from lms.cohort.actions import take_part
from lms.db.engine import writing
from lms.learn.actions import finish_lesson
from lms.people.actions import enrol
from tests.conftest import START, Cast, add_person
from tests.learn.test_queries_count import statements
from tests.quiz.sitting import ONE


def looked_before(sent: list[str], table: str) -> bool:
    """Whether this table was read before something was inserted into it."""
    touching = [line for line in sent if table in line.split()]
    return not touching[0].startswith("INSERT") or "ON CONFLICT" not in touching[0]


def test_nothing_is_looked_up_before_it_is_inserted(app: Flask, cast: Cast) -> None:
    person = add_person("Wagiyem")
    ids = set()
    for _ in range(2):
        with statements() as sent, writing():
            enrolment = enrol(person, 1, START)
            finish_lesson(enrolment, ONE, 1, START)
            ids.add((enrolment, take_part(person, cast.bimtek, 1, START).id))
        assert not looked_before(sent, "enrolment")
        assert not looked_before(sent, "reading")
        assert any(line.startswith("INSERT INTO membership") and "ON CONFLICT" in line for line in sent)
    assert len(ids) == 1

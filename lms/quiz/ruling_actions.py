"""Writes about rulings. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select

from lms.course.grading import RulingFact
from lms.db.engine import db
from lms.db.tables import Ruling
from lms.people.actions import note
from lms.quiz.actions import add_grading, rule
from lms.quiz.queries import AttemptFacts, questions_of
from lms.quiz.ruling_queries import RULED


def decide(course_id: int, planned: RulingFact, reason: str, by: int, now: datetime) -> None:
    """Append the ruling, unless it is the newest on its question already, or withdraws what was withdrawn: pressed
    twice it is one."""
    held = db.session.execute(
        select(Ruling.kind, Ruling.value)
        .where(Ruling.course_id == course_id, Ruling.question_hash == planned.question_hash)
        .order_by(Ruling.id.desc())
    ).all()
    before = [(row.kind, tuple(row.value)) for row in held]
    if (planned.kind, planned.value) in (before if planned.kind == "dicabut" else before[:1]):
        return
    rule(course_id, planned.question_hash, planned.kind, reason, now, value=planned.value, by=by)
    question = f"question:{planned.question_hash[:16]}"
    note(by, f"putusan soal: {planned.kind}", question, now, [f"course:{course_id}"], reason)


def grade_again(attempts: list[AttemptFacts], now: datetime) -> None:
    """Append a grading to each; those before it stay."""
    for facts in attempts:
        add_grading(facts, questions_of(facts), RULED, now)

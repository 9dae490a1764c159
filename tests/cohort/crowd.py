"""Many people with histories nobody would think of, written straight into the tables."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.db.engine import db, read, writing
from lms.db.tables import Attempt, Cohort, Enrolment, Grading, Membership, Person, Reading
from lms.people.access import COHORTS, CohortFacts
from lms.quiz.exam_cohort_queries import sat_in
from lms.quiz.exam_report import ScorePair
from tests.conftest import START

SHEET = {"lulus": 70, "soal": []}


@dataclass
class Crowd:
    """Who writes the histories of people in one course; `lessons` are names of lessons in any edition."""

    rng: random.Random
    course_id: int
    editions: Sequence[int]
    lessons: Sequence[str]
    quizzes: Sequence[str]

    def come(self, count: int, cohorts: Sequence[int]) -> None:
        """So many people, each in some of the cohorts: they read, try and sit tests, or do nothing at all."""
        with writing():
            for number in range(count):
                self._person(number, cohorts)

    def _person(self, number: int, cohorts: Sequence[int]) -> None:
        rng, at = self.rng, START - timedelta(days=self.rng.uniform(0, 40))
        person = Person(name=f"Orang {number}", region="33.12.01.2001", created_at=at)
        db.session.add(person)
        db.session.flush()
        enrolment = Enrolment(person_id=person.id, course_id=self.course_id, created_at=at)
        db.session.add(enrolment)
        db.session.flush()
        parts = []
        for cohort_id in rng.sample(cohorts, rng.randint(1, len(cohorts))):
            part = Membership(
                person_id=person.id, cohort_id=cohort_id, role="peserta", trial=rng.random() < 0.1, joined_at=at
            )
            part.left_at = at if rng.random() < 0.1 else None
            parts.append(part)
        db.session.add_all(parts)
        db.session.flush()
        self._learn(enrolment.id, [part.id for part in parts], at)

    def _learn(self, enrolment_id: int, parts: Sequence[int], at: datetime) -> None:
        rng = self.rng
        eager = rng.choice((0.0, 0.5, 0.97, 1.0))
        for lesson in self.lessons:
            for edition_id in self.editions:
                if rng.random() < eager:
                    db.session.add(Reading(enrolment_id=enrolment_id, lesson=lesson, edition_id=edition_id, at=at))
        for quiz in self.quizzes:
            if rng.random() < eager:
                self._try(quiz, at, enrolment_id=enrolment_id)
        for part in parts:
            if rng.random() < eager:
                self._try("tes:akhir", at, membership_id=part)

    def _try(self, quiz: str, at: datetime, **owner: int) -> None:
        """An attempt that is open, or graded once or twice."""
        rng = self.rng
        gradings = rng.choice((0, 1, 1, 1, 1, 2))
        attempt = Attempt(
            **owner,
            id=secrets.token_urlsafe(16),
            edition_id=self.editions[-1],
            quiz=quiz,
            ordinal=1,
            sheet=SHEET,
            opened_at=at,
            submitted_at=at + timedelta(hours=1) if gradings else None,
        )
        db.session.add(attempt)
        db.session.flush()
        for _ in range(gradings):
            db.session.add(
                Grading(
                    attempt_id=attempt.id,
                    right=3,
                    asked=4,
                    passed=rng.random() < 0.9,
                    outcomes=[],
                    reason="kirim",
                    at=at,
                )
            )
            db.session.flush()


def pairs_in(cohort_id: int) -> list[ScorePair]:
    """Pre-test and first post-test of every participant who sent both."""
    return list(sat_in(facts_of(cohort_id), with_answers=False).report.pairs.values())


def facts_of(cohort_id: int) -> CohortFacts:
    """A cohort, whoever trains it."""
    return CohortFacts(*read(COHORTS.where(Cohort.id == cohort_id)).one())


def cohorts_of(course_id: int) -> list[int]:
    """The ids of every cohort of a course."""
    return list(db.session.scalars(db.select(Cohort.id).where(Cohort.course_id == course_id).order_by(Cohort.id)))

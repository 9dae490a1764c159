"""What a person has done in a course: two statements, however long the course is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all

from lms.content.load import EditionView
from lms.content.queries import CourseRef
from lms.core.completion import Completion, EnrolmentFacts, MembershipFacts, completion
from lms.core.grading import score_of
from lms.database import read
from lms.models import Attempt, Grading, Publication, Reading, Reread


@dataclass(frozen=True, slots=True)
class QuizStanding:
    """Where a person stands with one quiz: tries made, the best score, passed or not, the open try."""

    tries: int = 0
    best: int | None = None
    passed: bool = False
    open_attempt: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A person in a course; `joined` is False for who has not joined it."""

    joined: bool
    finished: frozenset[str]
    quizzes: Mapping[str, QuizStanding]

    @property
    def facts(self) -> EnrolmentFacts:
        """For the completion rule."""
        passed = frozenset(quiz for quiz, standing in self.quizzes.items() if standing.passed)
        return EnrolmentFacts(self.finished, passed)

    def standing(self, quiz: str) -> QuizStanding:
        """Where the person stands with this quiz."""
        return self.quizzes.get(quiz, NO_STANDING)


NO_STANDING = QuizStanding()
NOTHING = Progress(False, frozenset(), {})


def progress(ref: CourseRef, edition: EditionView) -> Progress:
    """What was finished and passed in any edition, under this edition's names of lessons."""
    if ref.enrolment_id is None:
        return NOTHING
    moved = edition.course.moved
    return Progress(True, _finished(ref, moved), _standings(ref.enrolment_id, moved))


# Every page of a learner asks these two, so they are built once.
_READ = union_all(
    select(literal("read"), Reading.lesson, Reading.at).where(Reading.enrolment_id == bindparam("enrolment")),
    select(literal("reread"), Reread.lesson, Publication.at)
    .join(Publication, Publication.id == Reread.publication_id)
    .where(Publication.course_id == bindparam("course")),
)
_NEWEST_GRADING = (
    select(func.max(Grading.id)).where(Grading.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
)
_ATTEMPTS = (
    select(Attempt.quiz, Attempt.id, Attempt.submitted_at, Grading.right, Grading.asked, Grading.passed)
    .join(Grading, Grading.id == _NEWEST_GRADING, isouter=True)
    .where(Attempt.enrolment_id == bindparam("enrolment"))
)


def _finished(ref: CourseRef, moved: Mapping[str, str]) -> frozenset[str]:
    rows = read(_READ, {"enrolment": ref.enrolment_id, "course": ref.id}).all()
    finished, asked_again = _newest("read", rows, moved), _newest("reread", rows, moved)
    return frozenset(lesson for lesson, at in finished.items() if lesson not in asked_again or at > asked_again[lesson])


def _newest(kind: str, rows: Sequence[Any], moved: Mapping[str, str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for row_kind, lesson, at in rows:
        lesson = moved.get(lesson, lesson)
        if row_kind == kind and (lesson not in found or at > found[lesson]):
            found[lesson] = at
    return found


def _standings(enrolment_id: int, moved: Mapping[str, str]) -> dict[str, QuizStanding]:
    rows = read(_ATTEMPTS, {"enrolment": enrolment_id})
    found: dict[str, QuizStanding] = {}
    for quiz, attempt_id, submitted_at, right, asked, passed in rows:
        quiz = moved.get(quiz, quiz)
        held = found.get(quiz, NO_STANDING)
        scores = [held.best, None if right is None else score_of(right, asked)]
        found[quiz] = QuizStanding(
            held.tries + 1,
            max((score for score in scores if score is not None), default=None),
            held.passed or bool(passed),
            held.open_attempt if submitted_at is not None else attempt_id,
        )
    return found


def selfstudy_completion(edition: EditionView, person: Progress) -> Completion:
    """What a certificate of self-study still asks of this person; self-study has no test, meetings or survey."""
    rules = edition.course.certificate
    return completion(rules, edition.order, edition.quizzes, person.facts, MembershipFacts())

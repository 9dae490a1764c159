"""What a person has done in a course: two statements, however long the course is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from lms.content.load import EditionView
from lms.content.queries import CourseRef
from lms.core.completion import Completion, EnrolmentFacts, MembershipFacts, completion
from lms.core.grading import score_of
from lms.database import read
from lms.models import Attempt, Edition, Grading, Publication, Reading, Reread


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
_MINE = aliased(Edition)
NOTHING = Progress(False, frozenset(), {})


def progress(ref: CourseRef, edition: EditionView) -> Progress:
    """What was finished and passed in any edition, under this edition's names of lessons."""
    if ref.enrolment_id is None:
        return NOTHING
    return Progress(True, _finished(ref, edition), _standings(ref.enrolment_id, edition))


# Every page of a learner asks these two, so they are built once. What is weighed are editions, not moments: a “baca
# lagi” of an edition newer than the one somebody reads can't be met by them yet.
_READ = union_all(
    select(literal("read"), Reading.lesson, Edition.number)
    .join(Edition, Edition.id == Reading.edition_id)
    .where(Reading.enrolment_id == bindparam("enrolment")),
    select(literal("reread"), Reread.lesson, Edition.number)
    .join(Publication, Publication.id == Reread.publication_id)
    .join(Edition, Edition.id == Publication.edition_id)
    .where(
        Publication.course_id == bindparam("course"),
        Edition.number <= select(_MINE.number).where(_MINE.id == bindparam("edition")).scalar_subquery(),
    ),
)
_NEWEST_GRADING = (
    select(func.max(Grading.id)).where(Grading.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
)
_ATTEMPTS = (
    select(Attempt.quiz, Attempt.id, Attempt.submitted_at, Grading.right, Grading.asked, Grading.passed)
    .join(Grading, Grading.id == _NEWEST_GRADING, isouter=True)
    .where(Attempt.enrolment_id == bindparam("enrolment"))
)


def _finished(ref: CourseRef, edition: EditionView) -> frozenset[str]:
    rows = read(_READ, {"enrolment": ref.enrolment_id, "course": ref.id, "edition": ref.edition_id}).all()
    finished, asked_again = _newest("read", rows, edition), _newest("reread", rows, edition)
    return frozenset(lesson for lesson, number in finished.items() if number >= asked_again.get(lesson, 0))


def _newest(kind: str, rows: Sequence[Any], edition: EditionView) -> dict[str, int]:
    """Lesson -> the number of the newest edition it was finished in, or asked to be read again with."""
    found: dict[str, int] = {}
    for row_kind, lesson, number in rows:
        if row_kind == kind:
            lesson = edition.present(lesson)
            found[lesson] = max(number, found.get(lesson, 0))
    return found


def _standings(enrolment_id: int, edition: EditionView) -> dict[str, QuizStanding]:
    rows = read(_ATTEMPTS, {"enrolment": enrolment_id})
    found: dict[str, QuizStanding] = {}
    for quiz, attempt_id, submitted_at, right, asked, passed in rows:
        quiz = edition.present(quiz)
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

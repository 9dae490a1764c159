"""What a person has done in a course: two statements, however long the course is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all

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
NOTHING = Progress(False, frozenset(), {})


Place = tuple[CourseRef, EditionView]


def progress(ref: CourseRef, edition: EditionView) -> Progress:
    """What was finished and passed in any edition, under this edition's names of lessons."""
    return progress_in([(ref, edition)])[0]


def progress_in(places: Sequence[Place]) -> list[Progress]:
    """The same for several courses of one person, with as many statements as for one."""
    enrolments = [ref.enrolment_id for ref, _ in places if ref.enrolment_id is not None]
    if not enrolments:
        return [NOTHING] * len(places)
    finished, tries = _ONE if len(places) == 1 else _SEVERAL
    courses = [ref.id for ref, _ in places]
    values = {"enrolment": enrolments[0], "course": courses[0], "enrolments": enrolments, "courses": courses}
    read_rows, tried_rows = read(finished, values).all(), read(tries, values).all()
    return [
        Progress(True, _finished(place, read_rows), _standings(place, tried_rows)) if place[0].enrolment_id else NOTHING
        for place in places
    ]


_NEWEST_GRADING = (
    select(func.max(Grading.id)).where(Grading.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
)


def _statements(mine: Callable[[Any], Any], here: Callable[[Any], Any]) -> tuple[Any, Any]:
    """What was finished or asked to be read again, and what was tried: for columns of `mine` and courses `here`.

    What is weighed are editions, not moments: a “baca lagi” of an edition newer than the one somebody reads can't be
    met by them yet.
    """
    finished = union_all(
        select(literal("read"), Reading.enrolment_id, Reading.lesson, Edition.number)
        .join(Edition, Edition.id == Reading.edition_id)
        .where(mine(Reading.enrolment_id)),
        select(literal("reread"), Publication.course_id, Reread.lesson, Edition.number)
        .join(Publication, Publication.id == Reread.publication_id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(here(Publication.course_id)),
    )
    tries = (
        select(
            Attempt.enrolment_id,
            Attempt.quiz,
            Attempt.id,
            Attempt.submitted_at,
            Grading.right,
            Grading.asked,
            Grading.passed,
        )
        .join(Grading, Grading.id == _NEWEST_GRADING, isouter=True)
        .where(mine(Attempt.enrolment_id))
    )
    return finished, tries


# Built once, since every page of a learner asks them.
_ONE = _statements(lambda column: column == bindparam("enrolment"), lambda column: column == bindparam("course"))
_SEVERAL = _statements(
    lambda column: column.in_(bindparam("enrolments", expanding=True)),
    lambda column: column.in_(bindparam("courses", expanding=True)),
)


def _finished(place: Place, rows: Sequence[Any]) -> frozenset[str]:
    ref, edition = place
    finished = _newest(edition, [row[2:] for row in rows if row[:2] == ("read", ref.enrolment_id)])
    asked = [row[2:] for row in rows if row[:2] == ("reread", ref.id) and row[3] <= edition.number]
    asked_again = _newest(edition, asked)
    return frozenset(lesson for lesson, number in finished.items() if number >= asked_again.get(lesson, 0))


def _newest(edition: EditionView, rows: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Lesson -> the number of the newest edition it was finished in, or asked to be read again with."""
    found: dict[str, int] = {}
    for lesson, number in rows:
        lesson = edition.present(lesson)
        found[lesson] = max(number, found.get(lesson, 0))
    return found


def _standings(place: Place, rows: Sequence[Any]) -> dict[str, QuizStanding]:
    ref, edition = place
    found: dict[str, QuizStanding] = {}
    for enrolment_id, quiz, attempt_id, submitted_at, right, asked, passed in rows:
        if enrolment_id != ref.enrolment_id:
            continue
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

"""Reads about publishing: what was published when and why, and whom the next publication touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, exists, func, literal_column, or_, select, union_all

from lms.course.outline import CourseRules
from lms.db.engine import read
from lms.db.tables import Attempt, Cohort, Edition, Enrolment, Membership, Person, Publication, Reading
from lms.quiz.queries import POSTTEST, PRETEST


@dataclass(frozen=True, slots=True)
class Published:
    """An edition became the current one. `is_first`: it was new then; else somebody went back to it.

    `before` is the edition that was current until then, None at the very first.
    """

    edition_id: int
    number: int
    at: datetime
    by: str | None
    why: str
    is_first: bool
    before: "Published | None"


def history(course_id: int) -> list[Published]:
    """Everything that became current, newest first; the first of the list is current."""
    rows = read(
        select(Edition.id, Edition.number, Publication.at, Person.name, Publication.why)
        .join(Edition, Edition.id == Publication.edition_id)
        .join(Person, Person.id == Publication.person_id, isouter=True)
        .where(Publication.course_id == course_id)
        .order_by(Publication.id)
    )
    found: list[Published] = []
    known: set[int] = set()
    for edition_id, number, at, by, why in rows:
        before = found[-1] if found else None
        found.append(Published(edition_id, number, at, by, why, edition_id not in known, before))
        known.add(edition_id)
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a publication touches: identity of a lesson -> people in the midst of its quiz, and who finished it.

    `tests` are in the midst of a test; `pinned` are (name, edition number) of the bimtek that read another edition on.
    """

    quizzes: Mapping[str, int]
    tests: int
    finished: Mapping[str, int]
    pinned: Sequence[tuple[str, int]]


def reach_of(course_id: int, rules: CourseRules | None, large: Sequence[str], today: date) -> Reach:
    """The reach of a publication in which the lessons `large` changed a lot; `rules` know what lessons were called."""
    present, moved = (rules.present, rules.moved) if rules else (str, {})
    quizzes: dict[str, int] = {}
    tests = 0
    for quiz, people in _in_the_midst(course_id):
        if quiz in (PRETEST, POSTTEST):
            tests += people
        else:
            lesson = present(quiz.partition("#")[0])
            quizzes[lesson] = quizzes.get(lesson, 0) + people
    names = {old: present(old) for old in [*moved, *large] if present(old) in large}
    return Reach(quizzes, tests, _finished(course_id, names) if names else {}, _pinned(course_id, today))


def _in_the_midst(course_id: int) -> Sequence[tuple[str, int]]:
    """(quiz or test, people) of every attempt that is open; each half is read from an index of its own."""
    open_ones = (Attempt.submitted_at.is_(None), Attempt.trial.is_(False), Edition.course_id == course_id)
    halves = (
        select(Attempt.quiz, func.count())
        .join(Edition, Edition.id == Attempt.edition_id)
        .where(owner.is_not(None), *open_ones)
        .group_by(Attempt.quiz)
        for owner in (Attempt.enrolment_id, Attempt.membership_id)
    )
    return [(row[0], row[1]) for row in read(union_all(*halves))]


def _finished(course_id: int, names: Mapping[str, str]) -> dict[str, int]:
    """Present name -> how many participants finished the lesson under any of its names; who tries out is none."""
    takes_part = exists().where(
        Membership.person_id == Enrolment.person_id,
        Membership.cohort_id == Cohort.id,
        Cohort.course_id == course_id,
        Membership.role == "peserta",
        Membership.trial.is_(False),
    )
    # Counted outside of where names are made one: PostgreSQL would not see that both name the same value.
    found = (
        select(
            case(names, value=Reading.lesson).label("present"),
            func.coalesce(Enrolment.absorbed_by_id, Enrolment.id).label("whose"),
        )
        .join(Enrolment, Enrolment.id == Reading.enrolment_id)
        .where(Enrolment.course_id == course_id, Reading.lesson.in_(list(names)), takes_part)
        .distinct()
        .subquery()
    )
    rows = read(select(found.c.present, func.count()).group_by(found.c.present))
    return {row[0]: row[1] for row in rows}


def _pinned(course_id: int, today: date) -> list[tuple[str, int]]:
    rows = read(
        select(Cohort.name, Edition.number)
        .join(Edition, Edition.id == Cohort.edition_id)
        .where(
            Cohort.course_id == course_id,
            Cohort.kind == literal_column("'bimtek'"),
            Cohort.archived_at.is_(None),
            or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today),
        )
        .order_by(Cohort.name)
    )
    return [(row[0], row[1]) for row in rows]

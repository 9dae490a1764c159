"""Reads about both tests: which membership they hang on, how they stand, what was learned between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from lms.course.drawing import MetQuestions
from lms.course.queries import CourseRef
from lms.db.engine import read
from lms.db.tables import Attempt, Cohort, Enrolment, ExtraTry, Grading, Membership, Period, Person, Reading
from lms.people.queries import is_person
from lms.quiz.presence import SHARE, SURVEY
from lms.quiz.queries import NEWEST_GRADING, POSTTEST, PRETEST, TRY, PastTry, is_or_absorbed_by
from lms.quiz.window import State, Window, state_of
from lms.web.clock import now


@dataclass(frozen=True, slots=True)
class ExamStanding:
    """Both tests of one membership; `passed` counts a post-test passed in another part of the same person too.

    `elsewhere`: the score of the best one passed in another part, and whether that is self-study.
    `extra_at`: when a trainer gave one more try at the post-test, which holds in a closed cohort too.
    `windows`: when a trainer lets each test be taken; one that is not there is open. `at`: when all this was so.
    `attendance` (percent) and `survey_sent` are what else a certificate may ask; None where there is no such thing.
    """

    membership_id: int
    selfstudy: bool
    closed: bool
    learning_since: datetime | None
    tries: tuple[PastTry, ...]
    passed_at: datetime | None
    extra_at: datetime | None = None
    elsewhere: tuple[Fraction, bool] | None = None
    attendance: Fraction | None = None
    survey_sent: bool | None = None
    windows: Mapping[str, Window] = field(default_factory=dict)
    at: datetime = field(default_factory=now)

    @property
    def pretest(self) -> PastTry | None:
        """The one attempt at the pre-test."""
        return next((each for each in self.tries if each.quiz == PRETEST), None)

    @property
    def posttests(self) -> tuple[PastTry, ...]:
        """Attempts at the post-test, the first one first."""
        return tuple(each for each in self.tries if each.quiz == POSTTEST)

    @property
    def best(self) -> PastTry | None:
        """The post-test that counts: the one with the highest score, the earliest of equals."""
        graded = [each for each in self.posttests if each.score is not None]
        return max(graded, key=lambda each: (each.passed or False, each.score or 0), default=None)

    @property
    def counting(self) -> Fraction | None:
        """The highest score of a post-test that a certificate may rest on, in this part or passed in another."""
        scores = (self.best.score if self.best else None, self.elsewhere[0] if self.elsewhere else None)
        return max((each for each in scores if each is not None), default=None)

    @property
    def open(self) -> PastTry | None:
        """A test begun and not sent."""
        return next((each for each in self.tries if each.submitted_at is None), None)

    @property
    def passed(self) -> bool:
        """Passing goes by the best attempt."""
        return self.passed_at is not None

    @property
    def after_learning(self) -> bool:
        """The pre-test was opened after the first finished lesson."""
        pretest, since = self.pretest, self.learning_since
        return pretest is not None and since is not None and since < pretest.opened_at

    @property
    def keys_shown(self) -> bool:
        """The tests are over: for the cohort, or in self-study after a passed or a second post-test."""
        sent = [each for each in self.posttests if each.submitted_at is not None]
        return self.closed or (self.selfstudy and (len(sent) > 1 or any(each.passed for each in sent)))

    def state(self, name: str) -> State:
        """How the window of a test stands; closing both tests for good closes it too."""
        return "ditutup" if self.closed else state_of(self.windows.get(name), self.at)

    @property
    def pretest_offered(self) -> bool:
        """It can still tell what was known before."""
        return self.state(PRETEST) == "terbuka" and self.pretest is None and not self.posttests

    @property
    def has_extra_try(self) -> bool:
        """A try that a trainer gave and that was not used."""
        return self.extra_at is not None and all(each.opened_at < self.extra_at for each in self.posttests)

    @property
    def posttest_is_over(self) -> bool:
        """Only a try that a trainer gives opens another one."""
        return self.state(POSTTEST) == "ditutup"

    @property
    def posttest_offered(self) -> bool:
        """Another post-test may be opened."""
        return self.state(POSTTEST) == "terbuka" or (self.posttest_is_over and self.has_extra_try)


Part = Row[*tuple[Any, ...]]
"""A row of `_PARTS`: a part, and one test in it or none."""

# Of the same person found twice, what one part learned and was tested in is the other's.
_learned, _sat, _given = aliased(Enrolment), aliased(Membership), aliased(Membership)
_pre, _post = aliased(Period), aliased(Period)
LEARNING_SINCE = (
    select(func.min(Reading.at))
    .join(_learned, _learned.id == Reading.enrolment_id)
    .where(is_or_absorbed_by(_learned, func.coalesce(Enrolment.absorbed_by_id, Enrolment.id)))
    .correlate(Enrolment)
    .scalar_subquery()
)
_EXTRA = (
    select(func.max(ExtraTry.at))
    .join(_given, _given.id == ExtraTry.membership_id)
    .where(is_or_absorbed_by(_given, Membership.id), ExtraTry.quiz == literal_column(f"'{POSTTEST}'"))
    .correlate(Membership)
    .scalar_subquery()
)
# Every course page asks this, so it is built once: all parts a person has as a participant, with their tests.
_PARTS = (
    select(
        Enrolment.id.label("enrolment_id"),
        Membership.id.label("membership_id"),
        _sat.trial,
        Membership.left_at,
        Cohort.id.label("cohort_id"),
        Cohort.kind,
        Cohort.starts_on,
        Cohort.posttest_closed_at,
        Cohort.closed_at,
        _pre.what.label("pre"),
        _pre.opens_at.label("pre_opens_at"),
        _pre.closes_at.label("pre_closes_at"),
        _post.what.label("post"),
        _post.opens_at.label("post_opens_at"),
        _post.closes_at.label("post_closes_at"),
        LEARNING_SINCE.label("learning_since"),
        _EXTRA.label("extra_at"),
        SHARE.label("attendance"),
        SURVEY.label("survey_sent"),
        *TRY,
    )
    .select_from(Enrolment)
    .join(Membership, Membership.person_id == Enrolment.person_id)
    .join(Cohort, and_(Cohort.id == Membership.cohort_id, Cohort.course_id == Enrolment.course_id))
    .join(_sat, is_or_absorbed_by(_sat, Membership.id))
    .join(_pre, and_(_pre.cohort_id == Cohort.id, _pre.what == literal_column(f"'{PRETEST}'")), isouter=True)
    .join(_post, and_(_post.cohort_id == Cohort.id, _post.what == literal_column(f"'{POSTTEST}'")), isouter=True)
    .join(Attempt, Attempt.membership_id == _sat.id, isouter=True)
    .join(Grading, Grading.id == NEWEST_GRADING, isouter=True)
    .where(Membership.role == literal_column("'peserta'"))
    .order_by(Attempt.opened_at, Attempt.ordinal)
)
_PARTS_OF = _PARTS.where(Enrolment.id.in_(bindparam("enrolments", expanding=True)))
_PART_OF = _PARTS.where(
    Membership.id
    == select(func.coalesce(_sat.absorbed_by_id, _sat.id))
    .where(_sat.id == bindparam("membership"))
    .correlate(None)
    .scalar_subquery()
)


def standings(refs: Sequence[CourseRef]) -> dict[int, ExamStanding]:
    """Enrolment -> how both tests stand, in one statement for all courses; who takes part nowhere is left out.

    They hang on the running bimtek whose edition is read, else on self-study, else on the bimtek begun last; never on
    a part that was left, though a post-test passed in it stays passed.
    """
    running = {ref.enrolment_id: ref.cohort_id for ref in refs if ref.enrolment_id is not None}
    parts: dict[int, list[Part]] = {}
    for row in read(_PARTS_OF, {"enrolments": list(running)}) if running else ():
        parts.setdefault(row.enrolment_id, []).append(row)
    held = {enrolment_id: [row for row in rows if row.left_at is None] for enrolment_id, rows in parts.items()}
    return {
        enrolment_id: _standing(parts[enrolment_id], max(rows, key=partial(_weight, running[enrolment_id])))
        for enrolment_id, rows in held.items()
        if rows
    }


def _weight(running: int | None, row: Part) -> tuple[bool, bool, date, int]:
    return row.cohort_id == running, row.kind == "mandiri", row.starts_on or date.min, row.cohort_id


def standing_of(membership_id: int) -> ExamStanding:
    """How the tests stand in this membership, or in the one that absorbed it."""
    rows = read(_PART_OF, {"membership": membership_id}).all()
    return _standing(rows, rows[0])


def _standing(rows: Iterable[Part], part: Part) -> ExamStanding:
    tries = [(row, PastTry(*row[-len(TRY) :])) for row in rows if row.quiz]
    own = [each for row, each in tries if row.membership_id == part.membership_id]
    others = [
        (row, each) for row, each in tries if row.membership_id != part.membership_id and not row.trial and each.passed
    ]
    passed = [each for each in (*own, *(each for _, each in others)) if each.quiz == POSTTEST and each.passed]
    elsewhere = [(each.score or Fraction(), row.kind == "mandiri") for row, each in others if each.quiz == POSTTEST]
    return ExamStanding(
        part.membership_id,
        part.kind == "mandiri",
        part.posttest_closed_at is not None,
        part.learning_since,
        tuple(own),
        min((each.submitted_at for each in passed if each.submitted_at), default=None),
        part.extra_at,
        max(elsewhere, default=None),
        part.attendance,
        None if part.survey_sent is None else bool(part.survey_sent),
        _windows(part),
    )


def _windows(row: Part) -> dict[str, Window]:
    """A cohort that was closed has closed its tests."""
    if row.closed_at is not None:
        return dict.fromkeys((PRETEST, POSTTEST), Window(None, row.closed_at))
    held = ((row.pre, row.pre_opens_at, row.pre_closes_at), (row.post, row.post_opens_at, row.post_closes_at))
    return {name: Window(opens_at, closes_at) for name, opens_at, closes_at in held if name}


def met(person_id: int, course_id: int) -> list[MetQuestions]:
    """Return the questions that every test of this course showed the person, in whichever cohort, oldest first.

    A test avoids them: their keys may have been shown there.
    """
    rows = read(
        select(Attempt.quiz, Attempt.sheet)
        .join(Membership, Membership.id == Attempt.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(is_person(person_id), Cohort.course_id == course_id)
        .order_by(Attempt.opened_at)
    )
    return [MetQuestions(quiz == PRETEST, frozenset(row["soal"] for row in sheet["soal"])) for quiz, sheet in rows]

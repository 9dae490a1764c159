"""How everybody in a cohort stands, as SQL over the rows of their memberships: for counts, filters and orders over
more people than a page shows. What one person is shown is reckoned by `core.completion` from the same rows.

What is asked is taken from `core.completion` itself, which states it for somebody who has done nothing yet; names of
lessons and “baca lagi” come from the edition by the same calls that make a learner's own page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, distinct, exists, false, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from lms.course.load import EditionView
from lms.db.engine import greatest
from lms.db.tables import Answer, Attempt, Certificate, Cohort, Edition, Enrolment, Grading, Membership, Reading
from lms.db.tables.cohorts import counts_in
from lms.learn.completion import EnrolmentFacts, MembershipFacts, Requirement, completion
from lms.quiz.presence import ASKS_SURVEY, OWN, SURVEY_SENT, WITH_ABSORBED, share
from lms.quiz.queries import POSTTEST, is_or_absorbed_by

T = TypeVar("T")
_own, _part, _run, _newer = aliased(Enrolment), aliased(Membership), aliased(Cohort), aliased(Grading)
_seat = aliased(Membership)
# The enrolment and the membership of a row and those they absorbed: the same person found twice is one.
_WHOSE = is_or_absorbed_by(_own, Enrolment.id)
_SEATS = select(_seat.id).where(is_or_absorbed_by(_seat, Membership.id)).correlate(Membership)
_ENROLMENTS = select(_own.id).where(_WHOSE).correlate(Enrolment)
_PERSONS = select(_own.person_id).where(_WHOSE).correlate(Enrolment)
_ABSORBS = or_(
    Enrolment.id.in_(select(_own.absorbed_by_id).where(_own.absorbed_by_id.is_not(None))),
    Membership.id.in_(select(_seat.absorbed_by_id).where(_seat.absorbed_by_id.is_not(None))),
)


@dataclass(frozen=True)
class Whose:
    """Whether what was learned, tried, sat for and given to whom is that of a row."""

    learned: ColumnElement[bool]
    tried: ColumnElement[bool]
    sat: ColumnElement[bool]
    certified: ColumnElement[bool]
    persons: ColumnElement[bool]
    noted: ColumnElement[bool]


_ALONE = Whose(
    Reading.enrolment_id == Enrolment.id,
    Attempt.enrolment_id == Enrolment.id,
    Attempt.membership_id == Membership.id,
    Certificate.membership_id == Membership.id,
    _part.person_id == Enrolment.person_id,
    OWN,
)
_MERGED = Whose(
    Reading.enrolment_id.in_(_ENROLMENTS),
    Attempt.enrolment_id.in_(_ENROLMENTS),
    Attempt.membership_id.in_(_SEATS),
    Certificate.membership_id.in_(_SEATS),
    _part.person_id.in_(_PERSONS),
    WITH_ABSORBED,
)


def _said(say: Callable[[Whose], ColumnElement[T]]) -> ColumnElement[T]:
    """Nearly nobody absorbed another, and looking for whom takes most of the time: it is asked of who did."""
    return case((_ABSORBS, say(_MERGED)), else_=say(_ALONE))


_PASSED = exists().where(
    Grading.attempt_id == Attempt.id,
    Grading.passed,
    ~exists().where(_newer.attempt_id == Grading.attempt_id, _newer.id > Grading.id),
)

TAKES_PART = counts_in(Membership)
"""Who counts: not who tries, not who left, nobody twice."""

BEGUN = _said(lambda whose: or_(*(exists().where(found) for found in (whose.learned, whose.tried, whose.sat))))
"""Somebody has done anything at all."""

CERTIFIED = _said(lambda whose: exists().where(whose.certified, Certificate.sample.is_(False)))
"""They hold a certificate of this cohort; a sample is none."""


def _newest(column: Any, *where: ColumnElement[bool]) -> ColumnElement[datetime]:
    """The newest of these moments, joining when there is none: null would be the greatest of all."""
    found = select(func.max(column)).where(*where).correlate(Enrolment, Membership).scalar_subquery()
    return func.coalesce(found, Membership.joined_at)


_SAVED = func.coalesce(
    select(func.max(Answer.at)).where(Answer.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery(),
    Attempt.opened_at,
)
SINCE: ColumnElement[datetime] = _said(
    lambda whose: greatest(
        Membership.joined_at,
        _newest(Reading.at, whose.learned),
        _newest(Attempt.submitted_at, whose.tried),
        _newest(_SAVED, whose.tried, Attempt.submitted_at.is_(None)),
        _newest(func.coalesce(Attempt.submitted_at, _SAVED), whose.sat),
    )
)
"""The last thing somebody did; joining is the first."""


@dataclass(frozen=True)
class Standing:
    """How people stand by the rules of one edition; `again` is `learn.queries.asked_again` of it."""

    edition: EditionView
    again: Mapping[str, int]

    @property
    def lessons(self) -> ColumnElement[int]:
        """Lessons finished."""
        return _said(lambda whose: self._count_read(whose, self.edition.order))

    @property
    def ready(self) -> ColumnElement[bool]:
        """Nothing is missing; agrees with `core.completion`, whose requirements it asks one by one.

        What costs least is asked first, and the rest only of who has that.
        """
        edition = self.edition
        nothing = MembershipFacts(False if edition.has_exams else None, attendance=0, survey_sent=False)
        rules = edition.course.certificate
        asked = completion(rules, edition.order, edition.quizzes, EnrolmentFacts(), nothing).requirements
        if not asked:
            return false()
        ordered = sorted(asked, key=lambda part: [*_MET].index(part.kind))

        def all_met(whose: Whose) -> ColumnElement[bool]:
            unmet = [~_MET[part.kind](self, whose, part) for part in ordered]
            kinds = {part.kind for part in asked}
            if kinds <= _THERE.keys():
                unmet.insert(0, ~or_(*(_THERE[kind](whose) for kind in kinds)))
            return case(*((each, false()) for each in unmet), else_=true())

        return _said(all_met)

    def _names(self, identities: tuple[str, ...]) -> dict[str, str]:
        """Every name these lessons have and had -> the present one."""
        present = {name: self.edition.present(name) for name in (*self.edition.order, *self.edition.course.moved)}
        return {name: identity for name, identity in present.items() if identity in identities}

    def _count_read(self, whose: Whose, identities: tuple[str, ...]) -> ColumnElement[int]:
        names = self._names(identities)
        lesson = _renamed(Reading.lesson, names)
        counted = select(func.count(distinct(lesson))).where(whose.learned, Reading.lesson.in_(names))
        floors = {name: self.again[identity] for name, identity in names.items() if identity in self.again}
        if floors:
            floor = case(floors, value=Reading.lesson, else_=0)
            counted = counted.join(Edition, Edition.id == Reading.edition_id).where(Edition.number >= floor)
        return counted.correlate(Enrolment).scalar_subquery()

    def _has_read(self, whose: Whose, part: Requirement) -> ColumnElement[bool]:
        rows = select(func.count()).select_from(Reading).where(whose.learned).correlate(Enrolment).scalar_subquery()
        # Counting rows is quick and rules most people out; the exact count is made of the rest only.
        return case((rows < part.asked, false()), else_=self._count_read(whose, part.missing) >= part.asked)

    def _has_passed(self, whose: Whose, part: Requirement) -> ColumnElement[bool]:
        """Each of them; the first that is not passed ends the search, for looking up a grading is what takes time."""
        names: dict[str, list[str]] = {}
        for name, identity in self._names(part.missing).items():
            names.setdefault(identity, []).append(name)
        # Almost all: quizzes that always had one name. A case of a form, named path#case, counts for its form.
        alike = [identity for identity, held in names.items() if held == [identity] and not identity.endswith(".toml")]
        met: list[ColumnElement[bool]] = [
            exists().where(whose.tried, or_(*map(_is_try_at, held)), _PASSED).correlate(Enrolment)
            for identity, held in names.items()
            if identity not in alike
        ]
        if alike:
            asked = union_all(*(select(literal(name).label("name")) for name in alike)).cte()
            passed = exists().where(whose.tried, Attempt.quiz == asked.c.name, _PASSED).correlate(Enrolment, asked)
            met.append(~exists().select_from(asked).where(~passed))
        tries = select(func.count()).select_from(Attempt).where(whose.tried).correlate(Enrolment).scalar_subquery()
        return case((tries < part.asked, false()), else_=and_(*met))

    def _has_passed_the_test(self, whose: Whose, _part_asked: Requirement) -> ColumnElement[bool]:
        """In any part of the same person in this course; what was only tried elsewhere does not count."""
        return (
            exists()
            .where(
                whose.persons,
                _part.role == "peserta",
                or_(_part.id == Membership.id, _part.trial.is_(False)),
                _run.id == _part.cohort_id,
                _run.course_id == Enrolment.course_id,
                Attempt.membership_id == _part.id,
                Attempt.quiz == POSTTEST,
                Attempt.submitted_at.is_not(None),
                _PASSED,
            )
            .correlate(Enrolment, Membership)
        )

    def _has_come(self, whose: Whose, part: Requirement) -> ColumnElement[bool]:
        """A cohort without meetings asks for none."""
        return func.coalesce(share(whose.noted), part.asked) >= part.asked

    def _has_sent(self, _whose: Whose, _part: Requirement) -> ColumnElement[bool]:
        return or_(~ASKS_SURVEY, SURVEY_SENT)


def _is_try_at(name: str) -> ColumnElement[bool]:
    is_form = name.endswith(".toml")
    return func.substr(Attempt.quiz, 1, len(name) + 1) == f"{name}#" if is_form else Attempt.quiz == name


def _renamed(column: Any, names: Mapping[str, str]) -> Any:
    moved = {name: identity for name, identity in names.items() if name != identity}
    return case(moved, value=column, else_=column) if moved else column


# The cheapest first; a kind that is not here can't be met by a participant yet, and stops the page.
_MET = {
    "pelajaran": Standing._has_read,
    "tes_akhir": Standing._has_passed_the_test,
    "kuis": Standing._has_passed,
    "survei": Standing._has_sent,
    "kehadiran": Standing._has_come,
}

_THERE: dict[str, Callable[[Whose], ColumnElement[bool]]] = {
    "survei": lambda whose: or_(ASKS_SURVEY, SURVEY_SENT),
    "kehadiran": lambda whose: share(whose.noted).is_not(None),
}
"""What only some cohorts have; where nothing else is asked, one of them must be there to be met."""

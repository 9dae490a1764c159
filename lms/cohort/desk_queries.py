"""Reads of the trainer's desk: cohorts with their counts, and how the people of a cohort stand.

What people did comes in a fixed number of grouped statements; whether anything is missing is weighed by the function
that makes a learner's own page.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from lms.cohort.coverage import District, coverage
from lms.course.load import EditionView, edition_view
from lms.course.queries import CourseRef, read_editions
from lms.db.engine import read
from lms.db.tables.certificates import Certificate
from lms.db.tables.cohorts import Cohort, Membership, counts_in
from lms.db.tables.courses import Edition, Publication, Reread
from lms.db.tables.learning import Answer, Attempt, Enrolment, Grading, Reading
from lms.db.tables.people import Job, Person
from lms.learn.completion import Completion, LearnerFacts, completion
from lms.learn.queries import Progress, cohort_completion, finished_in, names_of_quiz, progress_in
from lms.people.access import COHORTS, CohortFacts, trained_by
from lms.people.doubles import Someone, likely_doubles
from lms.people.regions import Villager, villages
from lms.quiz.presence import SHARE, SURVEY
from lms.quiz.queries import NEWEST_GRADING, POSTTEST, is_or_absorbed_by
from lms.web.paging import Paged, paged

WEEK = timedelta(days=7)
PAGE, STUCK_PAGE = 50, 20
MOST_WORDS = 6
MOST_DOUBLES = 2
SEPARATOR = "\n"

FILTERS = {
    "belum": "Belum mulai",
    "macet": "Macet 7 hari atau lebih",
    "siap": "Siap sertifikat",
    "tuntas": "Tuntas",
    "keluar": "Sudah keluar",
}
ORDERS = {
    "nama": "Nama",
    "desa": "Kecamatan dan desa",
    "aktif": "Terakhir aktif",
    "lama": "Paling lama diam",
    "kemajuan": "Kemajuan",
}

TAKES_PART = counts_in(Membership)
"""Whether a membership of the statement counts: not of somebody who only tries or who left, and nobody twice."""

_BY_NAME = func.lower(Person.name), Membership.id
_LEFT = and_(
    Membership.role == "peserta",
    Membership.trial.is_(False),
    Membership.left_at.is_not(None),
    Membership.absorbed_by_id.is_(None),
    Person.erased_at.is_(None),
)


def cohorts_of(person_id: int) -> list[CohortFacts]:
    """Every cohort somebody trains, archived ones too, the newest first and self-study last."""
    held = COHORTS.where(Cohort.id.in_(trained_by(person_id)))
    return [CohortFacts(*row) for row in read(held.order_by(Cohort.starts_on.desc().nulls_last(), Cohort.id.desc()))]


def _members(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A row for each membership with its person and enrolment."""
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.course_id == Cohort.course_id))
    )


@dataclass(frozen=True, slots=True)
class Participant(Villager):
    """Somebody in a cohort; `since` is the last thing they did, which at first is joining."""

    membership_id: int
    person_id: int
    name: str
    region: str | None
    phone: str
    enrolment_id: int
    joined_at: datetime
    left_at: datetime | None
    begun: bool
    certified: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A participant with what is missing."""

    who: Participant
    completion: Completion

    @property
    def ready(self) -> bool:
        """Only the certificate is missing."""
        return self.completion.met and not self.who.certified

    @property
    def finished(self) -> bool:
        """Nothing is missing, or a certificate says that nothing was."""
        return self.completion.met or self.who.certified

    def stuck_days(self, now: datetime) -> int:
        """Days without doing anything, once it is more than a week; 0 for who has finished."""
        idle = now - self.who.since
        return idle.days if idle > WEEK and not self.finished else 0


@dataclass(frozen=True, slots=True)
class Weighed(Standing):
    """A participant among all of some cohorts; `lessons` counts those finished."""

    lessons: int
    cohort_id: int


_learner, _part, _sat, _run = aliased(Enrolment), aliased(Membership), aliased(Membership), aliased(Cohort)
# What was done under another account of the same person is theirs.
_LEARNERS = select(_learner.id).where(is_or_absorbed_by(_learner, Enrolment.id)).correlate(Enrolment)
_PARTS = select(_part.id).where(is_or_absorbed_by(_part, Membership.id)).correlate(Membership)
_SAVED = select(func.max(Answer.at)).where(Answer.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
_SENT = func.coalesce(Attempt.submitted_at, _SAVED, Attempt.opened_at)
_PARTICIPANT: tuple[Any, ...] = (
    Membership.id,
    Person.id,
    Person.name,
    Person.region,
    Person.phone,
    Enrolment.id,
    Membership.joined_at,
    Membership.left_at,
    select(func.max(Reading.at)).where(Reading.enrolment_id.in_(_LEARNERS)).scalar_subquery(),
    select(func.max(_SENT)).where(Attempt.enrolment_id.in_(_LEARNERS)).scalar_subquery(),
    select(func.max(_SENT)).where(Attempt.membership_id.in_(_PARTS)).scalar_subquery(),
    exists().where(Certificate.membership_id.in_(_PARTS), Certificate.sample.is_(False)),
)
"""The columns that `_participant` reads."""
_READINGS = (
    select(func.aggregate_strings(cast(Edition.number, String) + " " + Reading.lesson, SEPARATOR))
    .join(Edition, Edition.id == Reading.edition_id)
    .where(Reading.enrolment_id.in_(_LEARNERS))
    .scalar_subquery()
)
_PASSED = (
    select(func.aggregate_strings(Attempt.quiz, SEPARATOR))
    .join(Grading, Grading.id == NEWEST_GRADING)
    .where(Attempt.enrolment_id.in_(_LEARNERS), Grading.passed)
    .scalar_subquery()
)
_POSTTEST = (
    select(Attempt.id)
    .join(_sat, _sat.id == Attempt.membership_id)
    .join(_run, and_(_run.id == _sat.cohort_id, _run.course_id == Enrolment.course_id))
    .join(Grading, Grading.id == NEWEST_GRADING)
    .where(_sat.person_id.in_(_LEARNERS.with_only_columns(_learner.person_id)))
    .where(_sat.role == "peserta", or_(_sat.trial.is_(False), _sat.id.in_(_PARTS)))
    .where(Attempt.quiz == POSTTEST, Attempt.submitted_at.is_not(None), Grading.passed)
    .correlate(Enrolment, Membership)
    .exists()
)
"""Whether the post-test was passed, in whatever cohort of the course."""


def _participant(row: Any) -> Participant:
    done = [at for at in row[8:11] if at]
    return Participant(*(*row[:8], bool(done), row[11], max([row[6], *done])))


def everyone(cohorts: Sequence[CohortFacts], *who: ColumnElement[bool], order: Sequence[Any] = ()) -> list[Weighed]:
    """These people of these cohorts, each weighed by the edition of their cohort: two statements for however many."""
    rules = [edition_view(each.edition_id, each.slug).course.certificate.without(each.dropped) for each in cohorts]
    share = SHARE if any(each.attendance is not None for each in rules) else null()
    survey = SURVEY if any(each.survey for each in rules) else null()
    columns = *_PARTICIPANT, Membership.cohort_id, _READINGS, _PASSED, _POSTTEST, share, survey
    whom = Membership.cohort_id.in_({each.cohort_id for each in cohorts}), *who
    judges, found = _judges(cohorts), []
    for row in read(_members(*columns).where(*whom).order_by(*order)).all():
        cohort_id, *facts = row[len(_PARTICIPANT) :]
        found.append(Weighed(_participant(row), *judges[cohort_id](*facts), cohort_id))
    return found


def _judges(cohorts: Sequence[CohortFacts]) -> dict[int, Callable[..., tuple[Completion, int]]]:
    """Cohort -> the function that weighs what somebody did by its edition; who did the same is weighed once."""
    again: dict[int, list[tuple[str, int]]] = {}
    asked = select(Publication.course_id, Reread.lesson, Edition.number).join_from(Reread, Publication)
    of_courses = asked.join(Edition, Edition.id == Publication.edition_id)
    for row in read(of_courses.where(Publication.course_id.in_({each.course_id for each in cohorts}))):
        again.setdefault(row[0], []).append((row[1], row[2]))
    return {
        each.cohort_id: _judge(edition_view(each.edition_id, each.slug), each.dropped, again.get(each.course_id, ()))
        for each in cohorts
    }


def _judge(
    edition: EditionView, dropped: Sequence[str], again: Sequence[tuple[str, int]]
) -> Callable[..., tuple[Completion, int]]:
    rules = edition.course.certificate.without(dropped)

    @cache
    def judge(
        readings: str | None, passed: str | None, posttest: bool, attendance: Fraction | None, survey_sent: bool | None
    ) -> tuple[Completion, int]:
        told = (each.partition(" ") for each in (readings or "").split(SEPARATOR) if each)
        finished = finished_in(edition, ((lesson, int(number)) for number, _, lesson in told), again)
        quizzes = {name for quiz in (passed or "").split(SEPARATOR) for name in names_of_quiz(edition, quiz)}
        sent = None if survey_sent is None else bool(survey_sent)
        sat = posttest if edition.has_exams else None
        facts = LearnerFacts(finished, frozenset(quizzes), sat, attendance, sent)
        found = completion(rules, edition.order, edition.quizzes, facts)
        return found, sum(lesson in finished for lesson in edition.order)

    return judge


def counts(cohorts: Sequence[CohortFacts], now: datetime) -> dict[int, dict[str, int]]:
    """Cohort -> how many take part, began, did something this week, lack nothing (or hold a certificate), lack only
    that, and hold one.

    There are as many statements for all of them as for one.
    """
    found: dict[int, list[Weighed]] = {each.cohort_id: [] for each in cohorts}
    for each in everyone(cohorts, TAKES_PART) if cohorts else ():
        found[each.cohort_id].append(each)
    return {
        cohort_id: {
            "joined": len(people),
            "begun": sum(each.who.begun for each in people),
            "active": sum(now - WEEK < each.who.since for each in people),
            "finished": sum(each.finished for each in people),
            "ready": sum(each.ready for each in people),
            "certified": sum(each.who.certified for each in people),
        }
        for cohort_id, people in found.items()
    }


def is_reported(cohort_id: int) -> bool:
    """Whether a report of this cohort was made."""
    made = select(Job.id).where(Job.cohort_id == cohort_id, Job.kind == "laporan", Job.ended_at.is_not(None))
    return read(made.limit(1)).scalar() is not None


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """How far somebody is in one module; `best` is the mean of their best scores in its quizzes."""

    number: int
    title: str
    done: int
    of: int
    best: Fraction | None


@dataclass(frozen=True, slots=True)
class Learner(Standing):
    """A participant with what they learned and what is missing."""

    progress: Progress
    modules: tuple[ModuleLine, ...]
    quizzes: tuple[str, ...]

    @property
    def done(self) -> int:
        """Lessons finished, of those the course has now."""
        return sum(module.done for module in self.modules)

    @property
    def passed(self) -> int:
        """Quizzes passed, of those the course has now."""
        return sum(self.progress.standing(identity).passed for identity in self.quizzes)


def lines(held: CohortFacts, only: Sequence[int] | None = None, also: Sequence[int] = ()) -> list[Learner]:
    """Everybody who takes part and `also` these whether they left or not, or else `only` these participants, by name.

    There are as many statements for many as for one; who has another role is none.
    """
    whom = or_(TAKES_PART, Membership.id.in_(also)) if only is None else Membership.id.in_(only)
    return _lines(held, _participants(Membership.cohort_id == held.cohort_id, whom))


def _participants(*whom: ColumnElement[bool], order: Sequence[Any] = _BY_NAME) -> list[Participant]:
    whom = *whom, Membership.role == "peserta"
    return [_participant(row) for row in read(_members(*_PARTICIPANT).where(*whom).order_by(*order)).all()]


def ref_in(held: CohortFacts, enrolment_id: int, *, taken: bool = False) -> CourseRef:
    """Return the course as somebody who learns in this very cohort reads it, whatever other one runs."""
    read_there = held.course_id, held.slug, held.edition_id, enrolment_id
    return CourseRef(*read_there, taken=taken, cohort_id=held.cohort_id, dropped=held.dropped)


def _lines(held: CohortFacts, people: Sequence[Participant]) -> list[Learner]:
    edition = edition_view(held.edition_id, held.slug)
    places = [(ref_in(held, who.enrolment_id, taken=who.certified), edition) for who in people]
    return [
        Learner(who, cohort_completion(edition, progress), progress, _modules(edition, progress), edition.quizzes)
        for who, progress in zip(people, progress_in(places), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people of a cohort, in which order, and which page of them."""

    search: str = ""
    only: str = ""
    order: str = "nama"
    page: int = 0


def find(held: CohortFacts, wanted: Wanted, now: datetime, size: int = 0) -> tuple[list[Learner], Paged]:
    """The people of the page that is asked for, or of the last there is, and its place among the others."""
    size = size or (STUCK_PAGE if wanted.only == "macet" else PAGE)
    whom = (
        Membership.cohort_id == held.cohort_id,
        *_searched(wanted.search),
        _LEFT if wanted.only == "keluar" else TAKES_PART,
        *([Person.deactivated_at.is_(None)] if wanted.only == "macet" else []),
    )
    order = [*([Person.region.nulls_first()] if wanted.order == "desa" else []), *_BY_NAME]
    if wanted.only in ("", "keluar") and wanted.order in ("nama", "desa"):
        ids = read(_members(Membership.id).where(*whom).order_by(*order)).scalars().all()
        place = paged(len(ids), size, wanted.page)
        shown = ids[(place.page - 1) * size : place.page * size]
        people = _participants(Membership.id.in_(shown), order=order) if shown else []
        return _lines(held, people), place
    weighed = [each for each in everyone([held], *whom, order=order) if _is_wanted(each, wanted.only, now)]
    place = paged(len(weighed), size, wanted.page)
    shown = _sorted(weighed, wanted.order)[(place.page - 1) * size : place.page * size]
    return _lines(held, [each.who for each in shown]), place


def _is_wanted(each: Weighed, only: str, now: datetime) -> bool:
    if only == "belum":
        return not each.who.begun
    if only == "macet":
        return now - WEEK > each.who.since and not each.finished
    if only == "siap":
        return each.ready
    return only != "tuntas" or each.finished


def _sorted(people: list[Weighed], order: str) -> list[Weighed]:
    """In this order; those alike stay as they are."""
    if order == "kemajuan":
        return sorted(people, key=lambda each: each.lessons, reverse=True)
    if order in ("aktif", "lama"):
        return sorted(people, key=lambda each: each.who.since, reverse=order == "aktif")
    return people


def _searched(text: str) -> list[ColumnElement[bool]]:
    """Each word is in the name, the village or the kecamatan."""
    found = []
    for word in text.casefold().split()[:MOST_WORDS]:
        places = [each.code for each in villages().values() if word in f"{each.name} {each.district}".casefold()]
        found.append(or_(func.lower(Person.name).contains(word, autoescape=True), Person.region.in_(places)))
    return found


def everybody(held: CohortFacts) -> list[int]:
    """The memberships of all who take part, by name."""
    named = _members(Membership.id).where(TAKES_PART, Membership.cohort_id == held.cohort_id)
    return [row[0] for row in read(named.order_by(*_BY_NAME))]


def _modules(edition: EditionView, progress: Progress) -> tuple[ModuleLine, ...]:
    found = []
    for number, module in enumerate(edition.modules, start=1):
        ids = [lesson.identity for lesson in module.lessons]
        bests = [best for each in ids if (best := progress.standing(each).best) is not None]
        best = mean(bests) if bests else None
        found.append(ModuleLine(number, module.title, sum(each in progress.finished for each in ids), len(ids), best))
    return tuple(found)


def doubles(cohort_id: int, people: Sequence[Participant]) -> Mapping[int, list[Someone]]:
    """Membership -> who else of the cohort (by membership) it may be, a few of them, for the likely doubles among
    these people."""
    regions = {who.region for who in people if who.region}
    phones = {who.phone for who in people if who.phone}
    near = or_(Person.region.in_(regions), Person.phone.in_(phones))
    columns = Membership.id, Person.name, func.coalesce(Person.region, ""), Person.phone
    rows = read(_members(*columns).where(Membership.cohort_id == cohort_id, TAKES_PART, near))
    known = {row[0]: Someone(*row) for row in rows}
    groups = likely_doubles(known.values())
    shown = {who.membership_id for who in people}
    # Where thousands have one name, as in a list that was never looked at, nobody is told of all of them.
    return {
        found: [known[other] for other in heapq.nsmallest(MOST_DOUBLES, group - {found})]
        for group in groups
        for found in group & shown
    }


def courses() -> dict[int, EditionView]:
    """Course -> its newest edition, of every published one."""
    return {ref.id: edition_view(ref.edition_id, ref.slug) for ref in read_editions(None, date.min)}


def covered(course_id: int) -> list[District]:
    """Which villages have somebody trained in a course, in whichever of its cohorts."""
    cohorts = [CohortFacts(*row) for row in read(COHORTS.where(Cohort.course_id == course_id))]
    finished: dict[str, bool] = {}
    for each in everyone(cohorts, TAKES_PART, Person.region.is_not(None)) if cohorts else ():
        region = each.who.region or ""
        finished[region] = finished.get(region, False) or each.finished
    return coverage(finished)

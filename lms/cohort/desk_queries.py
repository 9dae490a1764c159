"""Reads of the trainer's desk: cohorts with their counts, and the people of one cohort."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select, union_all

from lms.cohort.standing import BEGUN, CERTIFIED, SINCE, TAKES_PART, Standing
from lms.course.load import EditionView, edition_view
from lms.course.queries import CourseRef, read_editions
from lms.db.engine import read
from lms.db.tables import Cohort, Edition, Enrolment, Membership, Person, Publication, Reread
from lms.learn.completion import Completion
from lms.learn.queries import Progress, asked_again, cohort_completion, progress_in
from lms.people.access import COHORTS, CohortFacts, trained_by
from lms.people.doubles import Someone, likely_doubles
from lms.people.regions import Villager, villages
from lms.web.paging import Paged as Found

WEEK = timedelta(days=7)
PAGE = 50
MOST_PAGES = 10_000
MOST_WORDS = 6
MOST_DOUBLES = 2

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
    "kemajuan": "Kemajuan",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many take part, did something this week, lack nothing (or hold a certificate), and lack only that."""

    joined: int = 0
    active: int = 0
    finished: int = 0
    ready: int = 0


def cohorts_of(person_id: int) -> list[CohortFacts]:
    """Every cohort somebody trains, archived ones too, the newest first."""
    held = COHORTS.where(Cohort.id.in_(trained_by(person_id)))
    return [CohortFacts(*row) for row in read(held.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))]


def standings(cohorts: Iterable[CohortFacts]) -> dict[int, Standing]:
    """Edition -> how people stand by its rules."""
    editions = {each.edition_id: each for each in cohorts}
    courses = {each.course_id for each in editions.values()}
    rows = read(
        select(Publication.course_id, Reread.lesson, Edition.number)
        .join(Publication, Publication.id == Reread.publication_id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(Publication.course_id.in_(courses))
    ).all()
    views = {edition_id: edition_view(edition_id, each.slug) for edition_id, each in editions.items()}
    return {
        edition_id: Standing(view, asked_again(view, [row[1:] for row in rows if row[0] == each.course_id]))
        for (edition_id, each), view in zip(editions.items(), views.values(), strict=True)
    }


def _members(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A row for each membership with its person and enrolment, over which `Standing` is said."""
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.course_id == Cohort.course_id))
    )


def counts(cohorts: Sequence[CohortFacts], now: datetime) -> dict[int, Counts]:
    """Cohort -> its counts, in one statement for all of them."""
    held: dict[int, list[int]] = {}
    for each in cohorts:
        held.setdefault(each.edition_id, []).append(each.cohort_id)
    if not held:
        return {}
    parts = []
    for edition_id, standing in standings(cohorts).items():
        takes_part = and_(TAKES_PART, Membership.cohort_id.in_(held[edition_id]))
        active, certified, ready = now - WEEK < SINCE, CERTIFIED, standing.ready
        one = _members(
            Membership.cohort_id,
            cast(active, Integer).label("active"),
            cast(certified, Integer).label("certified"),
            cast(and_(~certified, ready), Integer).label("ready"),
        )
        parts.append(one.where(takes_part))
    people = union_all(*parts).subquery()
    sums = [func.count(), *(func.sum(people.c[name]) for name in ("active", "certified", "ready"))]
    rows = read(select(people.c.cohort_id, *sums).group_by(people.c.cohort_id)).all()
    return {row[0]: Counts(row[1], row[2], row[3] + row[4], row[4]) for row in rows}


def regions(cohorts: Sequence[CohortFacts]) -> dict[str, bool]:
    """Code of a village with somebody in these cohorts -> whether one of them finished, or holds a certificate."""
    parts = []
    for edition_id, standing in standings(cohorts).items():
        held = [each.cohort_id for each in cohorts if each.edition_id == edition_id]
        one = _members(Person.region, cast(or_(CERTIFIED, standing.ready), Integer).label("finished"))
        parts.append(one.where(TAKES_PART, Membership.cohort_id.in_(held), Person.region.is_not(None)))
    if not parts:
        return {}
    people = union_all(*parts).subquery()
    rows = read(select(people.c.region, func.max(people.c.finished)).group_by(people.c.region)).all()
    return {region: bool(finished) for region, finished in rows}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people of a cohort, in which order, and which page of them."""

    search: str = ""
    only: str = ""
    order: str = "nama"
    page: int = 1


def find(held: CohortFacts, wanted: Wanted, now: datetime, size: int = PAGE) -> Found:
    """The page that is asked for, or the last there is."""
    standing = standings([held])[held.edition_id]
    where = [*_searched(wanted.search), *_only(wanted.only, standing, now), Membership.cohort_id == held.cohort_id]
    orders: dict[str, list[Any]] = {
        "desa": [Person.region],
        "aktif": [SINCE.desc()],
        "kemajuan": [standing.lessons.desc()],
        "lama": [SINCE],
    }
    order = [*orders.get(wanted.order, []), func.lower(Person.name), Membership.id]
    return _page(where, order, wanted.page, size)


def _page(where: Sequence[ColumnElement[bool]], order: Sequence[Any], page: int, size: int) -> Found:
    """One statement finds and counts; a second only where the page is past the last."""
    asked = _members(Membership.id, func.count().over()).where(*where).order_by(*order).limit(size)
    page = min(max(1, page), MOST_PAGES)
    rows = read(asked.offset((page - 1) * size)).all()
    if not rows and page > 1:
        count = read(_members(func.count()).where(*where)).scalar_one()
        page = max(1, -(-count // size))
        rows = read(asked.offset((page - 1) * size)).all()
    count = rows[0][1] if rows else 0
    return Found([row[0] for row in rows], count, page, max(1, -(-count // size)))


def _searched(text: str) -> list[ColumnElement[bool]]:
    """Each word is in the name, the village or the kecamatan."""
    found = []
    for word in text.casefold().split()[:MOST_WORDS]:
        places = [each.code for each in villages().values() if word in f"{each.name} {each.district}".casefold()]
        found.append(or_(func.lower(Person.name).contains(word, autoescape=True), Person.region.in_(places)))
    return found


def _only(name: str, standing: Standing, now: datetime) -> list[ColumnElement[bool]]:
    if name == "keluar":
        return [
            Membership.role == "peserta",
            Membership.trial.is_(False),
            Membership.left_at.is_not(None),
            Membership.absorbed_by_id.is_(None),
            Person.erased_at.is_(None),
        ]
    if name == "belum":
        return [TAKES_PART, ~BEGUN]
    if name == "macet":
        return [TAKES_PART, Person.deactivated_at.is_(None), now - WEEK > SINCE, ~CERTIFIED, ~standing.ready]
    if name == "siap":
        return [TAKES_PART, ~CERTIFIED, standing.ready]
    if name == "tuntas":
        return [TAKES_PART, or_(CERTIFIED, standing.ready)]
    return [TAKES_PART]


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
class ModuleLine:
    """How far somebody is in one module; `best` is the mean of their best scores in its quizzes."""

    number: int
    title: str
    done: int
    of: int
    best: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A participant with what they learned and what is missing."""

    who: Participant
    progress: Progress
    completion: Completion
    modules: tuple[ModuleLine, ...]
    quizzes: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Only the certificate is missing."""
        return self.completion.met and not self.who.certified

    @property
    def finished(self) -> bool:
        """Nothing is missing, or a certificate says that nothing was."""
        return self.completion.met or self.who.certified

    @property
    def passed(self) -> int:
        """Quizzes passed, of those the course has now."""
        return sum(self.progress.standing(identity).passed for identity in self.quizzes)

    def stuck_days(self, now: datetime) -> int:
        """Days without doing anything, once it is more than a week; 0 for who has finished."""
        idle = now - self.who.since
        return idle.days if idle > WEEK and not self.finished else 0


def lines(held: CohortFacts, memberships: Sequence[int]) -> list[Line]:
    """These participants in this order, with as many statements for many as for one; who has another role is none."""
    if not memberships:
        return []
    edition = edition_view(held.edition_id, held.slug)
    rows = read(
        _members(
            Membership.id,
            Person.id,
            Person.name,
            Person.region,
            Person.phone,
            Enrolment.id,
            Membership.joined_at,
            Membership.left_at,
            BEGUN,
            CERTIFIED,
            SINCE,
        ).where(Membership.id.in_(memberships), Membership.role == "peserta")
    )
    people = {row[0]: Participant(*row) for row in rows}
    ordered = [people[membership_id] for membership_id in memberships if membership_id in people]
    refs = [
        CourseRef(
            held.course_id, held.slug, edition.id, who.enrolment_id, taken=who.certified, cohort_id=held.cohort_id
        )
        for who in ordered
    ]
    return [
        Line(who, progress, cohort_completion(edition, progress), _modules(edition, progress), edition.quizzes)
        for who, progress in zip(ordered, progress_in([(ref, edition) for ref in refs]), strict=True)
    ]


def everybody(held: CohortFacts) -> list[int]:
    """The memberships of all who take part, by name."""
    named = _members(Membership.id).where(TAKES_PART, Membership.cohort_id == held.cohort_id)
    return [row[0] for row in read(named.order_by(func.lower(Person.name), Membership.id))]


def _modules(edition: EditionView, progress: Progress) -> tuple[ModuleLine, ...]:
    found = []
    for number, module in enumerate(edition.modules, start=1):
        ids = [lesson.identity for lesson in module.lessons]
        bests = [best for each in ids if (best := progress.standing(each).best) is not None]
        mean = round(sum(bests) / len(bests)) if bests else None
        found.append(ModuleLine(number, module.title, sum(each in progress.finished for each in ids), len(ids), mean))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Double(Villager):
    """Another membership of the cohort that may be the same person's."""

    membership_id: int
    name: str
    region: str | None


def doubles(cohort_id: int, people: Sequence[Participant]) -> Mapping[int, list[Double]]:
    """Membership -> who else of the cohort it may be, a few of them, for the likely doubles among these people."""
    regions = {who.region for who in people if who.region}
    phones = {who.phone for who in people if who.phone}
    rows = read(
        _members(Membership.id, Person.name, Person.region, Person.phone).where(
            Membership.cohort_id == cohort_id, TAKES_PART, or_(Person.region.in_(regions), Person.phone.in_(phones))
        )
    ).all()
    known = {row[0]: Double(*row[:3]) for row in rows}
    groups = likely_doubles([Someone(row[0], row[1], row[2] or "", row[3]) for row in rows])
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

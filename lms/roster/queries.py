"""Reads about lists that were brought, and about people who may be in them already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.bimtek.queries import details
from lms.db.engine import read
from lms.db.tables import (
    ActionPlan,
    Attempt,
    Attendance,
    Certificate,
    Cohort,
    Device,
    Enrolment,
    ErasureRequest,
    ExtraTry,
    ImportBatch,
    ImportRow,
    Meeting,
    Membership,
    NoticeAgreement,
    Person,
    Reading,
    SurveyTicket,
)
from lms.db.tables.cohorts import is_participant
from lms.people.access import Training, trained_by
from lms.people.double_actions import MAY_BE_ONE
from lms.people.doubles import Someone
from lms.people.regions import Village, Villager, villages
from lms.roster.people import Listed, State, from_json, known_by_now, may_be, someone

PAGE = 40
INVITED = 20
UNDO_DAYS = 30
PARTS: dict[str, tuple[State, ...]] = {"ragu": ("ragu",), "jelas": ("siap", "ada"), "tidak": ("tolak", "lewati")}
"""What a trainer looks at of a list -> the states of its rows."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A list as it was brought; `columns` is (heading, field) in the order of the cells."""

    id: str
    columns: Sequence[tuple[str, str]]
    left_out: Mapping[str, Any]
    at: datetime
    job_id: str | None

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it is not too late."""
        return now <= self.at + timedelta(days=UNDO_DAYS)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row with what is understood of it; `person_id` is who it was found to be, or became."""

    id: int
    number: int
    place: str
    listed: Listed
    outcome: str
    person_id: int | None

    @property
    def village(self) -> Village | None:
        """Where they are from."""
        return villages().get(self.listed.region)

    @property
    def choices(self) -> list[Village]:
        """The villages that may be meant."""
        return [villages()[code] for code in self.listed.villages]


@dataclass(frozen=True, slots=True)
class Known(Villager):
    """Somebody whom a row may be, as a trainer of theirs sees them."""

    id: int
    name: str
    region: str | None
    phone: str
    sex: str
    cohort: str


def batches(trained: Training) -> list[Batch]:
    """The lists that the viewer brought into this cohort, the newest first: nobody else settles who is in them."""
    return [_batch(row) for row in read(_batches(trained).order_by(ImportBatch.at.desc(), ImportBatch.id).limit(50))]


def batch(trained: Training, batch_id: str) -> Batch | None:
    """One of them."""
    row = read(_batches(trained).where(ImportBatch.id == batch_id)).first()
    return _batch(row) if row else None


def _batches(trained: Training) -> Any:
    columns = (ImportBatch.columns, ImportBatch.left_out, ImportBatch.at, ImportBatch.job_id)
    own = ImportBatch.cohort_id == trained.cohort_id, ImportBatch.by_id == trained.viewer.person_id
    return select(ImportBatch.id, *columns).where(*own, ImportBatch.ready_at.is_not(None))


def _batch(row: Any) -> Batch:
    return Batch(row[0], [(label, name) for label, name in row[1]], *row[2:])


def lock(batch_id: str) -> str | None:
    """Which work writes a list; until this write ends no other begins such work or does some of it."""
    return read(select(ImportBatch.job_id).where(ImportBatch.id == batch_id).with_for_update()).scalar_one()


def counts(batch_ids: Iterable[str]) -> dict[str, dict[tuple[str, str], int]]:
    """Batch -> (state, outcome) -> rows."""
    found: dict[str, dict[tuple[str, str], int]] = {each: {} for each in batch_ids}
    grouped = (ImportRow.batch_id, ImportRow.state, ImportRow.outcome)
    for batch_id, state, outcome, count in read(
        select(*grouped, func.count()).where(ImportRow.batch_id.in_(found)).group_by(*grouped)
    ):
        found[batch_id][state, outcome] = count
    return found


_LINES = select(
    ImportRow.id, ImportRow.number, ImportRow.place, ImportRow.listed, ImportRow.outcome, ImportRow.person_id
)


def lines(batch_id: str, states: Sequence[str], page: int) -> list[RosterLine]:
    """A page of the rows in these states."""
    found = select(ImportRow.id).where(ImportRow.batch_id == batch_id, ImportRow.state.in_(states))
    shown = found.order_by(ImportRow.number).limit(PAGE).offset((page - 1) * PAGE)
    return _lines(_LINES.where(ImportRow.id.in_(shown)).order_by(ImportRow.number))


def numbered(batch_id: str, numbers: Iterable[int]) -> dict[int, RosterLine]:
    """Number -> the row that has it."""
    where = ImportRow.batch_id == batch_id, ImportRow.number.in_(set(numbers))
    return {line.number: line for line in _lines(_LINES.where(*where))}


def doubtful(batch_id: str, ids: Sequence[int]) -> list[RosterLine]:
    """Those of these rows that still ask something."""
    where = ImportRow.batch_id == batch_id, ImportRow.id.in_(ids[:PAGE]), ImportRow.state == "ragu"
    return _lines(_LINES.where(*where))


def waiting(batch_id: str, most: int) -> list[RosterLine]:
    """The next rows that are clear and not written yet."""
    where = ImportRow.batch_id == batch_id, ImportRow.outcome == "", ImportRow.state.in_(PARTS["jelas"])
    return _lines(_LINES.where(*where).order_by(ImportRow.state, ImportRow.number).limit(most))


def as_of_now(found: Sequence[RosterLine], cohort_id: int, by: int, batch_id: str) -> list[RosterLine]:
    """The same rows with who their people are by now, and without whose account ended. Read inside the write.

    Who became known since the list was looked at is nobody new, and who was made one with somebody is that one.
    """
    fresh = [line for line in found if not line.person_id]
    people = [line.listed for line in fresh]
    known = known_by_now(people, alike(cohort_id, by, batch_id, people)) if fresh else []
    who: dict[int, int | None] = {line.id: each or None for line, each in zip(fresh, known, strict=True)}
    stays = _who_stays(line.person_id for line in found if line.person_id)
    who |= {line.id: stays[line.person_id] for line in found if line.person_id in stays}
    return [replace(line, person_id=who[line.id]) for line in found if line.id in who]


def _who_stays(people: Iterable[int]) -> dict[int, int]:
    """Person -> who they are known as by now, without those whose account ended."""
    stays = aliased(Person)
    found = select(Person.id, stays.id).join(stays, stays.id == func.coalesce(Person.merged_into_id, Person.id))
    open_ = stays.deactivated_at.is_(None), stays.erased_at.is_(None)
    return {row[0]: row[1] for row in read(found.where(Person.id.in_(set(people)), *open_))}


@dataclass(frozen=True, slots=True)
class Room:
    """Of a cohort with a quota: how many take part, and how many more would by a list's clear rows."""

    quota: int
    joined: int
    comers: int

    @property
    def places(self) -> int:
        """How many there is still room for."""
        return max(self.quota - self.joined, 0)

    @property
    def over(self) -> int:
        """How many of the list there is no room for."""
        return max(self.comers - self.places, 0)


def room(batch_id: str, cohort_id: int) -> Room | None:
    """None where everybody may come."""
    plan = details(cohort_id)
    if plan.quota is None:
        return None
    there = select(Membership.person_id).where(Membership.cohort_id == cohort_id, is_participant(Membership))
    clear = ImportRow.batch_id == batch_id, ImportRow.outcome == "", ImportRow.state.in_(PARTS["jelas"])
    known = func.count(distinct(ImportRow.person_id)).filter(ImportRow.person_id.not_in(there))
    found = read(select(func.count().filter(ImportRow.person_id.is_(None)) + known).where(*clear))
    return Room(plan.quota, plan.joined, found.scalar_one())


def every_line(batch_id: str) -> list[RosterLine]:
    """All rows, as their report lists them."""
    return _lines(_LINES.where(ImportRow.batch_id == batch_id).order_by(ImportRow.number))


def _lines(statement: Any) -> list[RosterLine]:
    return [RosterLine(row[0], row[1], row[2], from_json(row[3]), *row[4:]) for row in read(statement)]


def cells(batch_id: str, most: int = 0) -> list[tuple[int, list[str], str]]:
    """(id, cells, outcome) of the rows, from the first on."""
    statement = select(ImportRow.id, ImportRow.cells, ImportRow.outcome).where(ImportRow.batch_id == batch_id)
    statement = statement.order_by(ImportRow.number)
    return [(row[0], row[1], row[2]) for row in read(statement.limit(most) if most else statement)]


def known_to(trained: Training) -> list[Someone]:
    """Everybody of the cohorts that the viewer trains who may be found in a list.

    Nobody else: by a list with somebody's name a trainer would come to the card of a person who is not theirs.
    """
    return _someones(_known(trained, *_COMPARED).distinct())


_COMPARED = (Person.id, Person.name, Person.region, Person.phone, Person.sex)


def _someones(statement: Any) -> list[Someone]:
    return [Someone(row[0], row[1], row[2] or "", *row[3:]) for row in read(statement)]


def neighbours(trained: Training, batch_id: str, people: Iterable[Listed]) -> list[Someone]:
    """Of those known to the viewer and of the clear rows of a list (by negative numbers), who is from the same villages
    as these people or has a phone of theirs."""
    people = list(people)
    regions, phones = {who.region for who in people} - {""}, {who.phone for who in people} - {""}
    known = _known(trained, *_COMPARED).distinct().where(or_(Person.region.in_(regions), Person.phone.in_(phones)))
    said = ImportRow.listed["region"].as_string().in_(regions), ImportRow.batch_id == batch_id
    rows = _lines(_LINES.where(*said, ImportRow.state.in_(PARTS["jelas"]), ImportRow.outcome == ""))
    return _someones(known) + [someone(-row.number, row.listed) for row in rows]


def alike(cohort_id: int, by: int, batch_id: str, people: Iterable[Listed]) -> list[Someone]:
    """Of the participants of the cohort and of those whom `by` trains, who is from the same villages as these people or
    has a phone of theirs; nobody whom this list itself brought, for they were compared when it was looked at."""
    people = list(people)
    regions, phones = {who.region for who in people} - {""}, {who.phone for who in people} - {""}
    here = or_(Membership.cohort_id == cohort_id, Membership.cohort_id.in_(trained_by(by)))
    own = exists().where(ImportRow.person_id == Person.id, ImportRow.batch_id == batch_id, ImportRow.outcome != "")
    found = _participating(*_COMPARED).distinct().where(here, ~own)
    return _someones(found.where(or_(Person.region.in_(regions), Person.phone.in_(phones))))


def waiting_about(people: Sequence[int]) -> list[int]:
    """Ids of the rows, of whatever list, that are linked to nobody and may be about one of these people."""
    them = _someones(select(*_COMPARED).where(Person.id.in_(people)))
    said = {name: ImportRow.listed[name].as_string() for name in ("name", "region", "phone")}
    asked: Any = cast(ImportRow.listed["twins"], String)
    for sign, other in (("[", ","), ("]", ","), (" ", "")):
        asked = func.replace(asked, sign, other)
    near = or_(
        func.lower(said["name"]).in_({each.name.lower() for each in them}),
        said["region"].in_({each.region for each in them} - {""}),
        said["phone"].in_({each.phone for each in them} - {""}),
        *(asked.contains(f",{each.id},") for each in them),
    )
    found = _lines(_LINES.where(ImportRow.person_id.is_(None), near))
    return [line.id for line in found if any(may_be(line.listed, each) for each in them)]


def twins(trained: Training, found: Iterable[RosterLine]) -> dict[int, Known]:
    """The people whom these rows may be or are."""
    ids = {number for line in found for number in (*line.listed.twins, line.person_id or 0) if number > 0}
    rows = read(_known(trained, *_COMPARED, Cohort.name).where(Person.id.in_(ids)))
    return {row[0]: Known(*row) for row in rows}


def _known(trained: Training, *columns: Any) -> Any:
    return _participating(*columns).where(Membership.cohort_id.in_(trained_by(trained.viewer.person_id)))


def _participating(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.role == "peserta", Membership.trial.is_(False))
        .where(Person.merged_into_id.is_(None), MAY_BE_ONE)
    )


@dataclass(frozen=True, slots=True)
class Target:
    """The cohort that a list is written into."""

    cohort_id: int
    course_id: int


def target(cohort_id: int) -> Target | None:
    """The cohort, as long as it takes people: None once it is closed or archived."""
    found = select(Cohort.id, Cohort.course_id).where(Cohort.id == cohort_id)
    row = read(found.where(Cohort.closed_at.is_(None), Cohort.archived_at.is_(None))).first()
    return Target(*row) if row else None


@dataclass(frozen=True, slots=True)
class Invited(Villager):
    """A participant whose card their trainer may hand over."""

    id: int
    name: str
    region: str | None
    phone: str
    serial: int
    since: datetime


def begins_at(cohort_id: int) -> datetime | None:
    """When the first meeting begins."""
    held = Meeting.cohort_id == cohort_id, Meeting.cancelled_at.is_(None)
    return read(select(Meeting.starts_at).where(*held).order_by(Meeting.starts_at).limit(1)).scalar()


def place_and_needs(cohort_id: int) -> tuple[str, str]:
    """(link to a map, what to bring), "" for none."""
    row = read(select(Cohort.map_link, Cohort.bring).where(Cohort.id == cohort_id)).one()
    return row[0], row[1]


def invited(cohort_id: int, page: int) -> tuple[list[Invited], int]:
    """A page of the participants, by name, and how many there are."""
    where = Membership.cohort_id == cohort_id, is_participant(Membership), MAY_BE_ONE, Person.merged_into_id.is_(None)
    columns = (Person.id, Person.name, Person.region, Person.phone, Person.card_serial)
    since = func.coalesce(Person.card_since, Person.created_at)
    people = select(*columns, since).join(Membership, Membership.person_id == Person.id).where(*where)
    ordered = people.order_by(func.lower(Person.name), Person.id).limit(INVITED).offset((page - 1) * INVITED)
    count = select(func.count()).select_from(Person).join(Membership, Membership.person_id == Person.id).where(*where)
    return [Invited(*row) for row in read(ordered)], read(count).scalar_one()


def to_undo(batch_id: str, cohort_id: int, most: int) -> list[tuple[int, int, int, bool]]:
    """(row, person, membership, made by the list) of those who did nothing since and whom it alone brought in."""
    own, other = aliased(Enrolment), aliased(Person)
    did_here = (exists().where(table.membership_id == Membership.id) for table in _OF_A_PART)
    learned = (exists().where(table.enrolment_id == own.id) for table in (Reading, Attempt, ExtraTry))
    course = select(Cohort.course_id).where(Cohort.id == cohort_id).scalar_subquery()
    learning = exists().where(own.person_id == Person.id, own.course_id == course, or_(*learned))
    came_in = (exists().where(table.person_id == Person.id) for table in (Device, ErasureRequest, NoticeAgreement))
    elsewhere = aliased(Membership)
    more = exists().where(elsewhere.person_id == Person.id, elsewhere.id != Membership.id)
    one = or_(Person.merged_into_id.is_not(None), exists().where(other.merged_into_id == Person.id))
    made = ImportRow.outcome == "dibuat"
    again, their = aliased(ImportRow), aliased(ImportBatch)
    named = (
        exists()
        .where(again.person_id == Person.id, again.batch_id != batch_id, again.outcome.not_in(("", "batal")))
        .where(their.id == again.batch_id, or_(made, their.cohort_id == cohort_id))
    )
    rows = read(
        select(ImportRow.id, Person.id, Membership.id, made)
        .join(Person, Person.id == ImportRow.person_id)
        .join(Membership, and_(Membership.person_id == Person.id, Membership.cohort_id == cohort_id))
        .where(ImportRow.batch_id == batch_id, Membership.left_at.is_(None), is_participant(Membership))
        .where(or_(and_(made, ~or_(more, one, *came_in)), ImportRow.outcome == "ditambahkan"))
        .where(~or_(learning, named, *did_here))
        .order_by(ImportRow.number)
        .limit(most)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


_OF_A_PART = (Attempt, Attendance, Certificate, ExtraTry, SurveyTicket, ActionPlan)

"""Reads about lists that were brought, and about people who may be in them already."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.bimtek.queries import details
from lms.db.engine import read
from lms.db.tables.cohorts import Cohort, Membership, is_participant
from lms.db.tables.learning import Attempt, Enrolment, ExtraTry, Reading
from lms.db.tables.people import Device, ErasureRequest, ImportBatch, ImportRow, NoticeAgreement, Person
from lms.people.access import Training, trained_by
from lms.people.doubles import Someone
from lms.people.queries import ONLY_LEARNS
from lms.people.union import WAS_USED
from lms.roster.people import Listed, State, from_json, known_by_now, may_be, someone

PAGE = 40
INVITED = 20
UNDO_DAYS = 30
PARTS: dict[str, tuple[State, ...]] = {"ragu": ("ragu",), "jelas": ("siap", "ada"), "tidak": ("tolak", "lewati")}
"""What a trainer looks at of a list -> the states of its rows; besides, there are lines that are nobody."""
_KIND: Any = func.coalesce(ImportRow.listed["nobody"].as_string(), ImportRow.state)
"""The state of a row, or the kind of a line that is nobody."""


Batch = Row[str, list[list[str]], dict[str, Any], datetime]
"""(id, columns, left_out, at) of a list as it was brought; `columns` is (heading, field) in the order of the cells."""


class RosterLine(NamedTuple):
    """A row with what is understood of it; `person_id` is who it was found to be, or became."""

    id: int
    number: int
    place: str
    listed: Listed
    outcome: str
    person_id: int | None


def batches(trained: Training) -> Sequence[Batch]:
    """The lists that the viewer brought into this cohort, the newest first: nobody else settles who is in them."""
    return read(_batches(trained).order_by(ImportBatch.at.desc(), ImportBatch.id).limit(50)).all()


def batch(trained: Training, batch_id: str) -> Batch | None:
    """One of them."""
    return read(_batches(trained).where(ImportBatch.id == batch_id)).first()


def _batches(trained: Training) -> Select[str, list[list[str]], dict[str, Any], datetime]:
    own = ImportBatch.cohort_id == trained.cohort_id, ImportBatch.by_id == trained.viewer.person_id
    found = select(ImportBatch.id, ImportBatch.columns, ImportBatch.left_out, ImportBatch.at)
    return found.where(*own, ImportBatch.ready_at.is_not(None))


def may_be_undone(batch: Batch, now: datetime) -> bool:
    """Whether it is not too late."""
    return bool(now <= batch.at + timedelta(days=UNDO_DAYS))


def lock(batch_id: str) -> str | None:
    """Which work writes a list; until this write ends no other begins such work or does some of it."""
    return read(select(ImportBatch.job_id).where(ImportBatch.id == batch_id).with_for_update()).scalar_one()


def counts(batch_ids: Iterable[str]) -> dict[str, dict[tuple[str, str], int]]:
    """Batch -> (state, or kind of a line that is nobody, and outcome) -> rows."""
    found: dict[str, dict[tuple[str, str], int]] = {each: {} for each in batch_ids}
    grouped = (ImportRow.batch_id, _KIND.label("kind"), ImportRow.outcome)
    for batch_id, state, outcome, count in read(
        select(*grouped, func.count())
        .where(ImportRow.batch_id.in_(found))
        .group_by(ImportRow.batch_id, "kind", ImportRow.outcome)
    ):
        found[batch_id][state, outcome] = count
    return found


def lines(batch_id: str, kinds: Iterable[str], page: int) -> list[RosterLine]:
    """A page of the rows of these states or kinds; first come those of which something is to be known."""
    order = ImportRow.listed["told"].as_string().is_(None), ImportRow.number
    found = select(ImportRow.id).where(ImportRow.batch_id == batch_id, _KIND.in_(kinds)).order_by(*order)
    return _lines(ImportRow.id.in_(found.limit(PAGE).offset((page - 1) * PAGE)), order=order)


def numbered(batch_id: str, numbers: Iterable[int]) -> dict[int, RosterLine]:
    """Number -> the row that has it."""
    found = _lines(ImportRow.batch_id == batch_id, ImportRow.number.in_(set(numbers)))
    return {line.number: line for line in found}


def unwritten(batch_id: str, ids: Sequence[int]) -> list[RosterLine]:
    """Return the rows among these that did not become anybody yet."""
    return _lines(ImportRow.batch_id == batch_id, ImportRow.id.in_(ids[:PAGE]), ImportRow.outcome == "")


def waiting(batch_id: str, most: int) -> list[RosterLine]:
    """The next rows that are clear and not written yet."""
    return _lines(*_clear(batch_id), order=(ImportRow.state, ImportRow.number), most=most)


def _clear(batch_id: str) -> tuple[ColumnElement[bool], ...]:
    """The rows of a list that are clear and not written yet."""
    return ImportRow.batch_id == batch_id, ImportRow.outcome == "", ImportRow.state.in_(PARTS["jelas"])


def as_of_now(found: Sequence[RosterLine], cohort_id: int, by: int, batch_id: str) -> list[RosterLine]:
    """Return the rows with the people they stand for by now, without ended accounts. Read inside the write.

    Who became known since the list was looked at is nobody new, and who was made one with somebody is that one.
    """
    fresh = [line for line in found if not line.person_id]
    people = [line.listed for line in fresh]
    known = known_by_now(people, alike(cohort_id, by, batch_id, people)) if fresh else []
    who: dict[int, int | None] = {line.id: each or None for line, each in zip(fresh, known, strict=True)}
    stays = _who_stays(line.person_id for line in found if line.person_id)
    who |= {line.id: stays[line.person_id] for line in found if line.person_id in stays}
    return [line._replace(person_id=who[line.id]) for line in found if line.id in who]


def _who_stays(people: Iterable[int]) -> dict[int, int]:
    """Person -> who they are known as by now, without those whose account ended."""
    stays = aliased(Person)
    found = select(Person.id, stays.id).join(stays, stays.id == func.coalesce(Person.merged_into_id, Person.id))
    open_ = stays.deactivated_at.is_(None), stays.erased_at.is_(None)
    return {row[0]: row[1] for row in read(found.where(Person.id.in_(set(people)), *open_))}


def room(batch_id: str, cohort_id: int) -> dict[str, Any]:
    """How many of the clear rows of a list are `here` already, and how many would come (`comers`) into a cohort with so
    many `places` left, `over` of them too many; None and 0 where everybody may come."""
    plan = details(cohort_id)
    there = select(Membership.person_id).where(Membership.cohort_id == cohort_id, is_participant(Membership))
    known = func.count(distinct(ImportRow.person_id)).filter(ImportRow.person_id.not_in(there))
    fresh, here = (
        func.count().filter(kind) for kind in (ImportRow.person_id.is_(None), ImportRow.person_id.in_(there))
    )
    comers, present = read(select(fresh + known, here).where(*_clear(batch_id))).one()
    places = None if plan.quota is None else max(plan.quota - plan.joined, 0)
    over = 0 if places is None else max(comers - places, 0)
    told = {"quota": plan.quota, "joined": plan.joined, "comers": comers, "here": present}
    return told | {"places": places, "over": over}


def every_line(batch_id: str) -> list[RosterLine]:
    """All rows, as their report lists them."""
    return _lines(ImportRow.batch_id == batch_id)


def _lines(*where: Any, order: Sequence[Any] = (ImportRow.number,), most: int | None = None) -> list[RosterLine]:
    columns: Any = (getattr(ImportRow, name) for name in RosterLine._fields)
    rows = read(select(*columns).where(*where).order_by(*order).limit(most))
    return [RosterLine(*row)._replace(listed=from_json(row.listed)) for row in rows]


def cells(batch_id: str, most: int | None = None) -> Sequence[Row[int, list[str], str | None]]:
    """(id, cells, why it is nobody) of the rows, from the first on."""
    columns = ImportRow.id, ImportRow.cells, ImportRow.listed["nobody"].as_string()
    statement = select(*columns).where(ImportRow.batch_id == batch_id)
    return read(statement.order_by(ImportRow.number).limit(most)).all()


def known_to(trained: Training) -> list[Someone]:
    """Everybody of the cohorts that the viewer trains who may be found in a list.

    Nobody else: by a list with somebody's name a trainer would come to the card of a person who is not theirs.
    """
    return _someones(_known(trained, *_COMPARED).distinct())


_COMPARED = (Person.id, Person.name, func.coalesce(Person.region, "").label("region"), Person.phone, Person.sex)


def _someones(statement: Any) -> list[Someone]:
    return [Someone(*row) for row in read(statement)]


def neighbours(trained: Training, batch_id: str, people: Iterable[Listed]) -> list[Someone]:
    """Of those known to the viewer and of the clear rows of a list (by negative numbers), who is from the same villages
    as these people or has a phone of theirs."""
    people = list(people)
    known = _known(trained, *_COMPARED).distinct().where(_near(people))
    regions = {who.region for who in people} - {""}
    rows = _lines(*_clear(batch_id), ImportRow.listed["region"].as_string().in_(regions))
    return _someones(known) + [someone(-row.number, row.listed) for row in rows]


def alike(cohort_id: int, by: int, batch_id: str, people: Iterable[Listed]) -> list[Someone]:
    """Of the participants of the cohort and of those whom `by` trains, who is from the same villages as these people or
    has a phone of theirs; nobody whom this list itself brought, for they were compared when it was looked at."""
    here = or_(Membership.cohort_id == cohort_id, Membership.cohort_id.in_(trained_by(by)))
    own = exists().where(ImportRow.person_id == Person.id, ImportRow.batch_id == batch_id, ImportRow.outcome != "")
    return _someones(_participating(*_COMPARED).distinct().where(here, ~own, _near(list(people))))


def _near(people: Sequence[Listed]) -> ColumnElement[bool]:
    """Whether a person of the statement is from a village, or has a phone, of one of these."""
    regions, phones = {who.region for who in people} - {""}, {who.phone for who in people} - {""}
    return or_(Person.region.in_(regions), Person.phone.in_(phones))


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
    found = _lines(ImportRow.person_id.is_(None), near)
    return [line.id for line in found if any(may_be(line.listed, each) for each in them)]


def twins(trained: Training, found: Iterable[RosterLine]) -> dict[int, Any]:
    """The people whom these rows may be or are, as `Someone` with the name of a `cohort`."""
    ids = {number for line in found for number in (*line.listed.twins, line.person_id or 0) if number > 0}
    rows = read(_known(trained, *_COMPARED, Cohort.name.label("cohort")).where(Person.id.in_(ids)))
    return {row.id: row for row in rows}


def _known(trained: Training, *columns: Any) -> Any:
    return _participating(*columns).where(Membership.cohort_id.in_(trained_by(trained.viewer.person_id)))


def _participating(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.role == "peserta", Membership.trial.is_(False))
        .where(Person.merged_into_id.is_(None), ONLY_LEARNS)
    )


Target = Row[int, int]
"""(cohort_id, course_id) of the cohort that a list is written into."""


def target(cohort_id: int) -> Target | None:
    """The cohort, as long as it takes people: None once it is closed or archived."""
    found = select(Cohort.id.label("cohort_id"), Cohort.course_id).where(Cohort.id == cohort_id)
    return read(found.where(Cohort.closed_at.is_(None), Cohort.archived_at.is_(None))).first()


def invited(cohort_id: int, page: int) -> tuple[Sequence[Any], int]:
    """A page of the participants (person_id, name, region, phone, serial and since when their card is), by name, and
    how many there are."""
    where = Membership.cohort_id == cohort_id, is_participant(Membership), ONLY_LEARNS, Person.merged_into_id.is_(None)
    columns = (Person.name, Person.region, Person.phone, Person.card_serial.label("serial"))
    since = func.coalesce(Person.card_since, Person.created_at).label("since")
    people = (
        select(Person.id.label("person_id"), *columns, since)
        .join(Membership, Membership.person_id == Person.id)
        .where(*where)
    )
    ordered = people.order_by(func.lower(Person.name), Person.id).limit(INVITED).offset((page - 1) * INVITED)
    count = select(func.count()).select_from(Person).join(Membership, Membership.person_id == Person.id).where(*where)
    return read(ordered).all(), read(count).scalar_one()


def to_undo(batch_id: str, cohort_id: int, most: int) -> Sequence[Row[int, int, int, bool]]:
    """(row, person, membership, made by the list) of those who did nothing since and whom it alone brought in."""
    own, other = aliased(Enrolment), aliased(Person)
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
    return read(
        select(ImportRow.id, Person.id, Membership.id, made)
        .join(Person, Person.id == ImportRow.person_id)
        .join(Membership, and_(Membership.person_id == Person.id, Membership.cohort_id == cohort_id))
        .where(ImportRow.batch_id == batch_id, Membership.left_at.is_(None), is_participant(Membership))
        .where(or_(and_(made, ~or_(more, one, *came_in)), ImportRow.outcome == "ditambahkan"))
        .where(~or_(learning, named, WAS_USED))
        .order_by(ImportRow.number)
        .limit(most)
    ).all()

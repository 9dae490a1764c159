"""Reads about drafts and editions; columns only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from lms.db.engine import db, read
from lms.db.tables.certificates import Certificate
from lms.db.tables.cohorts import Cohort, Membership, is_participant
from lms.db.tables.courses import Blob, Course, DraftFile, Edition, EditionFile
from lms.db.tables.learning import Enrolment
from lms.db.tables.people import Person


@dataclass(frozen=True, slots=True)
class CourseRef:
    """A course, the edition that somebody reads of it, their enrolment if they joined, whether they may take their
    certificate themself (as a participant of a self-study that allows it), and whether they took it. `cohort_id` is
    their running bimtek, `event` the code of that one or else of the newest they belong to. `absorbs` is False where it
    is known that the enrolment absorbed none, as nearly all. `dropped`: the requirements that the bimtek dropped."""

    id: int
    slug: str
    edition_id: int
    enrolment_id: int | None
    self_issue: bool = False
    taken: bool = False
    cohort_id: int | None = None
    absorbs: bool = True
    event: str | None = None
    dropped: Sequence[str] = ()


# Every course and lesson page asks for its edition, so these statements are built once.
_NEWEST = (
    select(Course.id, Course.slug, Course.current_edition_id)
    .where(Course.current_edition_id.is_not(None))
    .order_by(Course.slug)
)
_TAKES_PART = exists().where(
    Membership.cohort_id == Cohort.id, Membership.person_id == bindparam("person"), Membership.left_at.is_(None)
)
_SELFSTUDY = aliased(Cohort)
_sheet_of = aliased(Membership)
# Null for who may not take a certificate themself, else whether they took it; a sample is none, and one that was taken
# before the same person was found twice is one.
_TAKEN = (
    select(
        exists().where(
            or_(_sheet_of.id == Membership.id, _sheet_of.absorbed_by_id == Membership.id),
            Certificate.membership_id == _sheet_of.id,
            Certificate.sample.is_(False),
        )
    )
    .select_from(Membership)
    .join(_SELFSTUDY, Membership.cohort_id == _SELFSTUDY.id)
    .where(
        _SELFSTUDY.course_id == Course.id,
        _SELFSTUDY.kind == literal_column("'mandiri'"),
        _SELFSTUDY.self_issue,
        Membership.person_id == bindparam("person"),
        is_participant(Membership),
    )
    .correlate(Course)
    .scalar_subquery()
)
_absorbed = aliased(Enrolment)
_ABSORBS = exists().where(_absorbed.absorbed_by_id == Enrolment.id)
_OWN = (
    _NEWEST.add_columns(
        Enrolment.id,
        Cohort.edition_id,
        Cohort.starts_on,
        Cohort.id,
        _TAKEN,
        _ABSORBS,
        Cohort.ends_on,
        Cohort.code,
        Cohort.dropped,
    )
    .join(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == bindparam("person")), isouter=True)
    .join(
        Cohort,
        and_(
            Cohort.course_id == Course.id,
            # Said in the statement and not as a parameter: SQLite weighs its partial index at every run of the latter.
            Cohort.kind == literal_column("'bimtek'"),
            Cohort.archived_at.is_(None),
            _TAKES_PART,
        ),
        isouter=True,
    )
)
_NEWEST_OF_ONE = _NEWEST.where(Course.slug == bindparam("slug"))
_OWN_OF_ONE = _OWN.where(Course.slug == bindparam("slug"))


def read_edition(slug: str, person_id: int | None, today: date) -> CourseRef | None:
    """The edition a person reads: that of the bimtek begun latest among their running ones, else the newest.

    None when there is no such course or nothing of it was published.
    """
    if person_id is None:
        found = _newest(read(_NEWEST_OF_ONE, {"slug": slug}))
    else:
        found = _own(read(_OWN_OF_ONE, {"slug": slug, "person": person_id}), today)
    return found[0] if found else None


def read_editions(person_id: int | None, today: date) -> list[CourseRef]:
    """Return the edition a person reads of every published course, by slug, in one statement."""
    return _newest(read(_NEWEST)) if person_id is None else _own(read(_OWN, {"person": person_id}), today)


def _newest(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[CourseRef]:
    return [CourseRef(course_id, slug, edition_id, None) for course_id, slug, edition_id in rows]


def _own(rows: Iterable[Row[*tuple[Any, ...]]], today: date) -> list[CourseRef]:
    """Return one edition a course: of its rows, one for each bimtek, the running one begun latest decides."""
    latest: dict[int, tuple[tuple[bool, date, int], CourseRef]] = {}
    for course, slug, newest, enrolment, pinned, starts, cohort, taken, absorbs, ends, code, dropped in rows:
        starts = starts or date.min
        runs = cohort is not None and starts <= today <= (ends or date.max)
        weight = runs, starts, cohort or 0
        if course not in latest or weight > latest[course][0]:
            edition, running = (pinned or newest, cohort) if runs else (newest, None)
            can_take = taken is not None
            let_go = dropped if runs else ()
            ref = CourseRef(course, slug, edition, enrolment, can_take, bool(taken), running, absorbs, code, let_go)
            latest[course] = weight, ref
    return [ref for _, ref in latest.values()]


def course_by_slug(slug: str) -> Course | None:
    """The course row itself, for those who edit and publish."""
    return db.session.scalar(select(Course).where(Course.slug == slug))


def draft_hashes(course_id: int) -> dict[str, str]:
    """Course path -> blob hash of the draft."""
    found = select(DraftFile.path, DraftFile.blob_hash)
    rows = read(found.where(DraftFile.course_id == course_id, DraftFile.blob_hash.is_not(None)))
    return {row.path: row.blob_hash for row in rows}


def draft_hash(course_id: int, path: str) -> str:
    """The blob hash of one file of the draft; "" when it is not there."""
    found = select(DraftFile.blob_hash).where(DraftFile.course_id == course_id, DraftFile.path == path)
    return read(found).scalar() or ""


def draft_states(course_id: int, paths: Collection[str]) -> dict[str, str | None]:
    """Course path -> blob hash of these files of the draft, None for one that is not there."""
    held = draft_hashes(course_id)
    return {path: held.get(path) for path in sorted(paths)}


@dataclass(frozen=True, slots=True)
class Change:
    """A file whose draft is not what the current edition has, with who saved it last in the browser, if anybody did.

    `draft` and `edition` are blob hashes, None where the file is not there.
    """

    path: str
    draft: str | None
    edition: str | None
    by_id: int | None
    by: str | None
    at: datetime | None

    @property
    def what(self) -> str:
        """What publishing would do to it."""
        return "dihapus" if self.draft is None else "berubah" if self.edition else "baru"


# A draft has a row for every file of the current edition, so what differs is found from its rows alone.
CHANGED = DraftFile.blob_hash.is_distinct_from(EditionFile.blob_hash)
IN_CURRENT = and_(EditionFile.edition_id == Course.current_edition_id, EditionFile.path == DraftFile.path)


def changes(course_id: int) -> list[Change]:
    """Return the files whose draft differs from the current edition, by path."""
    rows = read(
        select(DraftFile.path, DraftFile.blob_hash, EditionFile.blob_hash, Person.id, Person.name, DraftFile.changed_at)
        .join(Course, Course.id == DraftFile.course_id)
        .join(EditionFile, IN_CURRENT, isouter=True)
        .join(Person, Person.id == DraftFile.changed_by_id, isouter=True)
        .where(DraftFile.course_id == course_id, CHANGED)
        .order_by(DraftFile.path)
    )
    return [Change(*row) for row in rows]


def sizes(hashes: Mapping[str, str]) -> dict[str, int]:
    """Course path -> how many bytes for a list of files."""
    wanted = sorted(set(hashes.values()))
    rows = read(select(Blob.hash, func.length(Blob.data)).where(Blob.hash.in_(wanted))) if wanted else ()
    held = {row[0]: row[1] for row in rows}
    return {path: held[blob] for path, blob in hashes.items()}


def current_edition_id(course_id: int) -> int | None:
    """The edition that is current, None when nothing was published."""
    return read(select(Course.current_edition_id).where(Course.id == course_id)).scalar()


def edition_hashes_of_current(course_id: int) -> dict[str, str]:
    """Course path -> blob hash of the current edition; empty when nothing was published."""
    rows = read(
        select(EditionFile.path, EditionFile.blob_hash)
        .join(Course, Course.current_edition_id == EditionFile.edition_id)
        .where(Course.id == course_id)
    )
    return {row.path: row.blob_hash for row in rows}


def edition_number(edition_id: int) -> int:
    """The number of an edition within its course."""
    return read(select(Edition.number).where(Edition.id == edition_id)).scalar_one()


def newest_number(course_id: int) -> int:
    """The number of the edition that is current."""
    current = select(Edition.number).join(Course, Course.current_edition_id == Edition.id)
    return read(current.where(Course.id == course_id)).scalar_one()


def edition_hashes(edition_id: int) -> dict[str, str]:
    """Course path -> blob hash of an edition."""
    rows = read(select(EditionFile.path, EditionFile.blob_hash).where(EditionFile.edition_id == edition_id))
    return {row.path: row.blob_hash for row in rows}


def blobs(hashes: set[str]) -> dict[str, bytes]:
    """Hash -> bytes."""
    if not hashes:
        return {}
    return {row.hash: row.data for row in read(select(Blob.hash, Blob.data).where(Blob.hash.in_(sorted(hashes))))}


def text_of(blob: str) -> str:
    """The text that a blob holds; "" where it is not kept."""
    return blobs({blob}).get(blob, b"").decode("utf-8", "replace") if blob else ""


def files_of(hashes: Mapping[str, str]) -> dict[str, bytes]:
    """Course path -> bytes for a list of files."""
    data = blobs(set(hashes.values()))
    return {path: data[blob] for path, blob in sorted(hashes.items())}


def published_media(blob_hash: str) -> tuple[str, bytes] | None:
    """(a course path, bytes) of a picture that a published edition names, else None."""
    row = read(
        select(EditionFile.path, Blob.data)
        .join(Blob, Blob.hash == EditionFile.blob_hash)
        .where(EditionFile.blob_hash == blob_hash, EditionFile.path.like("%media/%"))
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def editions(course_id: int) -> Sequence[Row[int, int, datetime]]:
    """(id, number, created) of a course's editions, newest first."""
    return read(
        select(Edition.id, Edition.number, Edition.created_at)
        .where(Edition.course_id == course_id)
        .order_by(Edition.number.desc())
    ).all()

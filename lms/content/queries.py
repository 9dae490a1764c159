"""Reads about drafts and editions; columns only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, and_, bindparam, exists, or_, select

from lms.database import db, read
from lms.models import Blob, Cohort, Course, DraftFile, Edition, EditionFile, Enrolment, Membership, Publication


@dataclass(frozen=True, slots=True)
class CourseRef:
    """A course, the edition that somebody reads of it, and their enrolment if they joined."""

    id: int
    slug: str
    edition_id: int
    enrolment_id: int | None


# Every course and lesson page asks for its edition, so these statements are built once.
_NEWEST = select(Course.id, Course.current_edition_id).where(Course.slug == bindparam("slug"))
_TAKES_PART = exists().where(Membership.cohort_id == Cohort.id, Membership.person_id == bindparam("person"))
_OWN = (
    select(Course.id, Course.current_edition_id, Enrolment.id, Cohort.edition_id, Cohort.starts_on, Cohort.id)
    .join(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == bindparam("person")), isouter=True)
    .join(
        Cohort,
        and_(
            Cohort.course_id == Course.id,
            Cohort.kind == "bimtek",
            Cohort.is_open,
            or_(Cohort.starts_on.is_(None), Cohort.starts_on <= bindparam("today")),
            or_(Cohort.ends_on.is_(None), Cohort.ends_on >= bindparam("today")),
            _TAKES_PART,
        ),
        isouter=True,
    )
    .where(Course.slug == bindparam("slug"))
)


def read_edition(slug: str, person_id: int | None, today: date) -> CourseRef | None:
    """The edition a person reads: that of the bimtek begun latest among their running ones, else the newest.

    None when there is no such course or nothing of it was published.
    """
    if person_id is None:
        newest = read(_NEWEST, {"slug": slug}).first()
        return _ref(slug, newest.id, newest.current_edition_id, None) if newest else None
    rows = read(_OWN, {"slug": slug, "person": person_id, "today": today}).all()
    if not rows:
        return None
    running = max(rows, key=lambda row: (row[4] or date.min, row[5] or 0))
    return _ref(slug, running[0], running[3] or running[1], running[2])


def _ref(slug: str, course_id: int, edition_id: int | None, enrolment_id: int | None) -> CourseRef | None:
    return CourseRef(course_id, slug, edition_id, enrolment_id) if edition_id is not None else None


def published_courses() -> Sequence[Row[int, str, int]]:
    """(id, slug, newest edition's id) of every course with an edition, by slug."""
    return read(
        select(Course.id, Course.slug, Edition.id)
        .join(Edition, Edition.id == Course.current_edition_id)
        .order_by(Course.slug)
    ).all()


def course_by_slug(slug: str) -> Course | None:
    """The course row itself, for those who edit and publish."""
    return db.session.scalar(select(Course).where(Course.slug == slug))


def draft_hashes(course_id: int) -> dict[str, str]:
    """Course path -> blob hash of the draft."""
    rows = read(select(DraftFile.path, DraftFile.blob_hash).where(DraftFile.course_id == course_id))
    return {row.path: row.blob_hash for row in rows}


def edition_hashes(edition_id: int) -> dict[str, str]:
    """Course path -> blob hash of an edition."""
    rows = read(select(EditionFile.path, EditionFile.blob_hash).where(EditionFile.edition_id == edition_id))
    return {row.path: row.blob_hash for row in rows}


def blobs(hashes: set[str]) -> dict[str, bytes]:
    """Hash -> bytes, asked for in slices that every database accepts."""
    wanted = sorted(hashes)
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), 400):
        rows = read(select(Blob.hash, Blob.data).where(Blob.hash.in_(wanted[start : start + 400])))
        found.update({row.hash: row.data for row in rows})
    return found


def files_of(hashes: dict[str, str]) -> dict[str, bytes]:
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


def publications(course_id: int) -> Sequence[Row[int, int, datetime, str]]:
    """(edition id, edition number, when, why) of everything that became current, newest first."""
    return read(
        select(Edition.id, Edition.number, Publication.at, Publication.why)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(Publication.course_id == course_id)
        .order_by(Publication.id.desc())
    ).all()

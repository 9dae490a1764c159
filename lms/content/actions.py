"""Writes about drafts and editions: take files in, publish, roll back. Nothing here commits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select

from lms.content import queries
from lms.core.check import CourseReport, check_course
from lms.core.problems import Problem, stops_publishing
from lms.database import db
from lms.models import Blob, Course, DraftFile, Edition, EditionFile, Publication, Reread


class NotPublishable(Exception):
    """The draft has galat; `problems` is everything the checker said."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class DraftChanged(Exception):
    """The draft is no longer the one that was checked; check again."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it was when the checker read it: exactly this may be published."""

    course_id: int
    hashes: Mapping[str, str]
    report: CourseReport

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the list of paths and hashes."""
        return fingerprint(self.hashes)


def fingerprint(hashes: Mapping[str, str]) -> str:
    """SHA-256 over `path NUL hash LF` in order of path: equal for equal courses only."""
    listing = "".join(f"{path}\0{blob}\n" for path, blob in sorted(hashes.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def hash_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Course path -> SHA-256 of its bytes."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def import_draft(slug: str, files: Mapping[str, bytes]) -> Course:
    """Make the files of a folder the whole draft of the course `slug`, which is created when new."""
    course = queries.course_by_slug(slug)
    if course is None:
        course = Course(slug=slug)
        db.session.add(course)
        db.session.flush()
    hashes = hash_files(files)
    _keep_blobs({hashes[path]: data for path, data in files.items()})
    db.session.execute(delete(DraftFile).where(DraftFile.course_id == course.id))
    if hashes:
        db.session.execute(
            insert(DraftFile),
            [{"course_id": course.id, "path": path, "blob_hash": blob} for path, blob in hashes.items()],
        )
    return course


def _keep_blobs(data: Mapping[str, bytes]) -> None:
    known: set[str] = set()
    wanted = sorted(data)
    for start in range(0, len(wanted), 400):
        known.update(db.session.scalars(select(Blob.hash).where(Blob.hash.in_(wanted[start : start + 400]))))
    if fresh := [{"hash": blob, "data": data[blob]} for blob in wanted if blob not in known]:
        db.session.execute(insert(Blob), fresh)


def check_draft(course_id: int, today: date) -> Checked:
    """Read and check the draft, outside any write; the result is what `publish` takes."""
    hashes = queries.draft_hashes(course_id)
    return Checked(course_id, hashes, check_course(queries.files_of(hashes), today))


def publish(
    checked: Checked, now: datetime, *, person_id: int | None = None, why: str = "", reread: Sequence[str] = ()
) -> Edition | None:
    """Freeze a checked draft as the next edition and make it current; None when it already is the current one.

    What was finished of the lessons in `reread` counts no longer.

    Raises NotPublishable on galat and DraftChanged when somebody edited since the check.
    """
    if stops_publishing(checked.report.problems):
        raise NotPublishable(checked.report.problems)
    if queries.draft_hashes(checked.course_id) != checked.hashes:
        raise DraftChanged
    course = db.session.get_one(Course, checked.course_id, with_for_update=True)
    current = db.session.get(Edition, course.current_edition_id) if course.current_edition_id else None
    if current is not None and current.fingerprint == checked.fingerprint:
        return None
    newest = db.session.scalar(select(func.max(Edition.number)).where(Edition.course_id == course.id)) or 0
    edition = Edition(course_id=course.id, number=newest + 1, fingerprint=checked.fingerprint, created_at=now)
    db.session.add(edition)
    db.session.flush()
    db.session.execute(
        insert(EditionFile),
        [{"edition_id": edition.id, "path": path, "blob_hash": blob} for path, blob in checked.hashes.items()],
    )
    publication = _make_current(course, edition.id, now, person_id, why)
    db.session.add_all(Reread(publication_id=publication.id, lesson=lesson) for lesson in reread)
    db.session.flush()
    return edition


def roll_back(course_id: int, number: int, now: datetime, *, person_id: int | None = None, why: str = "") -> bool:
    """Make an older edition current again; False when it already is. Raises LookupError for an unknown number."""
    course = db.session.get_one(Course, course_id, with_for_update=True)
    edition_id = db.session.scalar(select(Edition.id).where(Edition.course_id == course_id, Edition.number == number))
    if edition_id is None:
        raise LookupError(number)
    if edition_id == course.current_edition_id:
        return False
    _make_current(course, edition_id, now, person_id, why)
    return True


def _make_current(course: Course, edition_id: int, now: datetime, person_id: int | None, why: str) -> Publication:
    course.current_edition_id = edition_id
    publication = Publication(course_id=course.id, edition_id=edition_id, person_id=person_id, at=now, why=why)
    db.session.add(publication)
    db.session.flush()
    return publication

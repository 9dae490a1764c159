"""Writes about drafts and editions: take files in, publish, roll back. Nothing here commits."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select

from lms.course import queries
from lms.course.check import CourseReport, check_course
from lms.course.course_writing import led_back, without_lessons
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course
from lms.course.problems import Problem, stops_publishing
from lms.db.engine import db, read
from lms.db.tables import Blob, Course, DraftFile, Edition, EditionFile, Publication, Reread

LONGEST_WHY = 500


class NotPublishable(Exception):
    """There is galat in what would be read; `problems` is everything the checker said."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class DraftChanged(Exception):
    """The files are no longer those that were checked; check again."""


class EditedMeanwhile(Exception):
    """Somebody else saved the file since it was opened; `theirs` is the blob hash of it now, "" when it is gone."""

    def __init__(self, theirs: str) -> None:
        super().__init__(theirs)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Checked:
    """The files as the checker read them: exactly these may be published.

    `draft` is what the draft held of the files that are published: of all, or of some over the edition `over`. Then
    `made` are files that are neither of it nor of the draft, and `left_out` the new lessons that are not in it yet.
    """

    course_id: int
    hashes: Mapping[str, str]
    report: CourseReport
    draft: Mapping[str, str | None]
    is_whole: bool = False
    over: int | None = None
    made: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

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
    db.session.execute(delete(DraftFile).where(DraftFile.course_id == course.id))
    gone = dict.fromkeys(queries.edition_hashes_of_current(course.id))
    _put(course.id, {**gone, **files})
    return course


def _keep_blobs(files: Mapping[str, bytes]) -> dict[str, str]:
    """Keep what these files hold; course path -> blob hash."""
    hashes = hash_files(files)
    data = {blob: files[path] for path, blob in hashes.items()}
    known = set(db.session.scalars(select(Blob.hash).where(Blob.hash.in_(sorted(data)))))
    if fresh := [{"hash": blob, "data": data[blob]} for blob in sorted(data.keys() - known)]:
        db.session.execute(insert(Blob), fresh)
    return hashes


def save_file(course_id: int, path: str, data: bytes | None, base: str, person_id: int, now: datetime) -> str:
    """Save one file of the draft, or take it out; its new blob hash, "" when it was taken out.

    `base` is the blob hash of the file as it was opened, "" for a new one. Raises EditedMeanwhile when it is another by
    now; the same content as what is there is no quarrel.
    """
    db.session.get_one(Course, course_id, with_for_update=True)
    held, fresh = queries.draft_hash(course_id, path), hashlib.sha256(data).hexdigest() if data is not None else ""
    if held not in (base, fresh):
        raise EditedMeanwhile(held)
    if held != fresh:
        save_files(course_id, {path: data}, person_id, now)
    return fresh


def save_files(course_id: int, files: Mapping[str, bytes | None], person_id: int, now: datetime) -> None:
    """Put these files into the draft as they are, whatever was there; those without content are taken out of it."""
    _forget_draft_of(course_id, files)
    _put(course_id, files, changed_by_id=person_id, changed_at=now)


def _put(course_id: int, files: Mapping[str, bytes | None], **changed: object) -> None:
    """New rows of the draft. What is taken out keeps one while the current edition has it; a publication ends it."""
    kept = {path: data for path, data in files.items() if data is not None}
    hashes = _keep_blobs(kept)
    published = queries.edition_hashes_of_current(course_id)
    rows = [
        {"course_id": course_id, "path": path, "blob_hash": hashes.get(path), **changed}
        for path in files
        if path in kept or path in published
    ]
    if rows:
        db.session.execute(insert(DraftFile), rows)


def _forget_draft_of(course_id: int, paths: Iterable[str]) -> None:
    held = delete(DraftFile).where(DraftFile.course_id == course_id)
    db.session.execute(held.where(DraftFile.path.in_(sorted(paths))))


def check_draft(course_id: int, today: date) -> Checked:
    """Read and check the whole draft, outside any write; the result is what `publish` takes."""
    hashes = queries.draft_hashes(course_id)
    return Checked(course_id, hashes, check_course(queries.files_of(hashes), today), hashes, is_whole=True)


def check_changes(course_id: int, paths: Collection[str], today: date) -> Checked:
    """The current edition with these files as the draft has them, read and checked.

    Where kursus.toml is among them, lessons that it lists, that the draft has and that are not published stay out of
    it: `left_out`. So nobody waits for a colleague's half-written lesson.
    """
    over, held = queries.current_edition_id(course_id), queries.draft_hashes(course_id)
    draft = {path: held.get(path) for path in sorted(paths)}
    hashes = {**queries.edition_hashes_of_current(course_id), **{path: blob for path, blob in draft.items() if blob}}
    for path, blob in draft.items():
        if blob is None:
            hashes.pop(path, None)
    files = queries.files_of(hashes)
    left_out: tuple[str, ...] = ()
    made: dict[str, bytes] = {}
    halves: list[Problem] = []
    if draft.get(COURSE_FILE):
        text = files[COURSE_FILE].decode("utf-8", "replace")
        course, _ = parse_course(text)
        listed = tuple(map(file_of, course.lessons)) if course else ()
        left_out = tuple(path for path in listed if path not in hashes and path in held)
        unlisted = _listed_in_current(course_id) & hashes.keys() - held.keys() - set(listed)
        halves = list(_halves(course, left_out, unlisted)) if course else []
        if left_out:
            made = {COURSE_FILE: without_lessons(text, left_out).encode()}
            files |= made
            hashes |= hash_files(made)
    report = check_course(files, today)
    report = replace(report, problems=[*halves, *report.problems])
    return Checked(course_id, hashes, report, draft, False, over, made, left_out)


def _listed_in_current(course_id: int) -> set[str]:
    """The lessons and forms of the current edition."""
    blob = queries.edition_hashes_of_current(course_id).get(COURSE_FILE, "")
    course, _ = parse_course(queries.text_of(blob))
    return set(map(file_of, course.lessons)) if course else set()


def _halves(course: CourseRules, left_out: Iterable[str], gone: Iterable[str]) -> Iterator[Problem]:
    """Half of a renaming or a deletion, the list without the file: a lesson that people read would vanish."""
    news = {course.present(old): old for old in course.moved}
    for path in left_out:
        if identity_of(path) in news:
            text = f'pelajaran "{news[identity_of(path)]}" berganti nama menjadi "{path}"; centang juga berkas itu'
            yield Problem(COURSE_FILE, 0, "galat", text)
    for path in sorted(gone):
        text = f'"{path}" sudah dikeluarkan dari daftar, tetapi penghapusannya belum dicentang; centang juga'
        yield Problem(path, 0, "galat", text)


def publish(
    checked: Checked, now: datetime, *, person_id: int | None = None, why: str = "", reread: Sequence[str] = ()
) -> Edition | None:
    """Freeze what was checked as the next edition and make it current; None when it already is the current one.

    What was finished of the lessons in `reread` counts no longer.

    Raises NotPublishable on galat and DraftChanged when somebody edited or published since the check.
    """
    if stops_publishing(checked.report.problems):
        raise NotPublishable(checked.report.problems)
    course = db.session.get_one(Course, checked.course_id, with_for_update=True)
    moved_on = not checked.is_whole and course.current_edition_id != checked.over
    if moved_on or queries.draft_states(course.id, checked.draft) != checked.draft:
        raise DraftChanged
    current = db.session.get(Edition, course.current_edition_id) if course.current_edition_id else None
    if current is not None and current.fingerprint == checked.fingerprint:
        return None
    _keep_blobs(checked.made)
    edition = _freeze(course.id, checked.hashes, now)
    publication = _make_current(course, edition.id, now, person_id, why)
    db.session.add_all(Reread(publication_id=publication.id, lesson=lesson) for lesson in reread)
    _forget_draft_of(course.id, [path for path, blob in checked.draft.items() if blob is None])
    db.session.flush()
    return edition


def _freeze(course_id: int, hashes: Mapping[str, str], now: datetime) -> Edition:
    newest = db.session.scalar(select(func.max(Edition.number)).where(Edition.course_id == course_id)) or 0
    edition = Edition(course_id=course_id, number=newest + 1, fingerprint=fingerprint(hashes), created_at=now)
    db.session.add(edition)
    db.session.flush()
    db.session.execute(
        insert(EditionFile),
        [{"edition_id": edition.id, "path": path, "blob_hash": blob} for path, blob in hashes.items()],
    )
    return edition


def going_back(course_id: int, number: int) -> tuple[int, dict[str, str], dict[str, bytes]]:
    """(the edition that an older one becomes when it is current again, 0 while there is none; its hashes; what is
    made for it and in no blob yet). Raises LookupError for an unknown number.

    It is the older one itself, or where lessons have other names since, its files with a `[pindah]` that leads back,
    so that what was learned under those names counts.
    """
    numbers = {row[1]: row[0] for row in queries.editions(course_id)}
    if number not in numbers:
        raise LookupError(number)
    hashes, current = queries.edition_hashes(numbers[number]), queries.edition_hashes_of_current(course_id)
    texts = queries.blobs({hashes[COURSE_FILE], current[COURSE_FILE]})
    older, newer = (texts[held[COURSE_FILE]].decode("utf-8", "replace") for held in (hashes, current))
    led = led_back(older, newer)
    if led == older:
        return numbers[number], hashes, {}
    made = {COURSE_FILE: led.encode()}
    hashes |= hash_files(made)
    same = select(func.max(Edition.id)).where(
        Edition.course_id == course_id, Edition.fingerprint == fingerprint(hashes)
    )
    return read(same).scalar() or 0, hashes, made


def roll_back(course_id: int, number: int, now: datetime, *, person_id: int | None = None, why: str = "") -> bool:
    """Make an older edition current again; False when it already is. Raises LookupError for an unknown number."""
    course = db.session.get_one(Course, course_id, with_for_update=True)
    edition_id, hashes, made = going_back(course_id, number)
    if edition_id == course.current_edition_id:
        return False
    if made:
        why = f"Kembali ke terbitan {number}. {why}"[:LONGEST_WHY]
    if not edition_id:
        _keep_blobs(made)
        edition_id = _freeze(course_id, hashes, now).id
    _make_current(course, edition_id, now, person_id, why)
    # What it has and the draft does not is taken out of the draft: else no publication could follow that any more.
    held = db.session.scalars(select(DraftFile.path).where(DraftFile.course_id == course_id))
    _put(course_id, dict.fromkeys(sorted(queries.edition_hashes(edition_id).keys() - set(held))))
    return True


def _make_current(course: Course, edition_id: int, now: datetime, person_id: int | None, why: str) -> Publication:
    course.current_edition_id = edition_id
    publication = Publication(course_id=course.id, edition_id=edition_id, person_id=person_id, at=now, why=why)
    db.session.add(publication)
    db.session.flush()
    return publication

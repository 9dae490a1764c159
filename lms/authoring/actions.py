"""Writes of those who write courses: texts, pictures, archives and courses of their own. Nothing here commits."""

import hashlib
import posixpath
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import delete, insert

from lms.authoring.exchange import Single, with_lesson
from lms.authoring.queries import Draft, free_slug
from lms.course import queries as content
from lms.course.actions import DraftChanged, EditedMeanwhile, fingerprint, hash_files, save_file, save_files
from lms.course.markup import NAMELESS
from lms.course.outline import COURSE_FILE, LONGEST_PATH, free_path
from lms.course.pictures import Picture, PictureRefused
from lms.course.questions.base import slug_of
from lms.db.engine import db
from lms.db.tables import Blob, Course, CourseEditor
from lms.people.actions import note


def save_together(
    course_id: int, files: Mapping[str, bytes | None], seen: Mapping[str, str], person_id: int, now: datetime
) -> None:
    """Save files that only make sense together; `seen` is the draft, path to blob hash, that they were made from.

    Raises EditedMeanwhile when one of them is another by now; nothing is saved then.
    """
    db.session.get_one(Course, course_id, with_for_update=True)
    for path, blob in content.draft_states(course_id, files).items():
        if (blob or "") != seen.get(path, ""):
            raise EditedMeanwhile(blob or "")
    save_files(course_id, files, person_id, now)


def open_course(
    title: str, files: Mapping[str, bytes], person_id: int, now: datetime, action: str = "kursus dibuat"
) -> str:
    """Begin a course that who opens it may edit; its slug. Raises IntegrityError when somebody just took that."""
    course = Course(slug=free_slug(title))
    db.session.add(course)
    db.session.flush()
    db.session.add(CourseEditor(course_id=course.id, person_id=person_id, at=now))
    save_files(course.id, files, person_id, now)
    note(person_id, action, f"course:{course.id}", now)
    return course.slug


WAITING = "titipan-"


def keep_waiting(data: bytes, now: datetime) -> str:
    """Keep an archive until its owner says yes or no; its name. What has waited for two days is cleared away."""
    oldest = f"{WAITING}{now - timedelta(days=1):%Y-%m-%d}"
    db.session.execute(delete(Blob).where(Blob.hash.startswith(WAITING), Blob.hash < oldest))
    name = f"{WAITING}{now:%Y-%m-%d}-{secrets.token_hex(16)}"
    db.session.execute(insert(Blob).values(hash=name, data=data))
    return name


def forget_waiting(name: str) -> bool:
    """It was taken in or called off; False when it was already. Of two presses at once only one gets True."""
    gone = delete(Blob).where(Blob.hash == name, Blob.hash.startswith(WAITING)).returning(Blob.hash)
    return db.session.execute(gone).first() is not None


def replace_draft(course_id: int, before: str, files: Mapping[str, bytes], person_id: int, now: datetime) -> None:
    """Make these files the whole draft; what is the same stays untouched. Raises DraftChanged."""
    db.session.get_one(Course, course_id, with_for_update=True)
    draft = content.draft_hashes(course_id)
    if fingerprint(draft) != before:
        raise DraftChanged
    changed = {path: files[path] for path, blob in hash_files(files).items() if draft.get(path) != blob}
    save_files(course_id, {**dict.fromkeys(draft.keys() - files.keys()), **changed}, person_id, now)


def save_single(course_id: int, single: Single, person_id: int, now: datetime) -> None:
    """Save one text; a new lesson is listed in its module. Raises EditedMeanwhile."""
    save_file(course_id, single.path, single.data, single.base, person_id, now)
    blob = content.draft_hash(course_id, COURSE_FILE)
    if single.module is not None and blob:
        held = content.blobs({blob})[blob]
        listed = with_lesson({COURSE_FILE: held}, single)[COURSE_FILE]
        if listed != held:
            save_files(course_id, {COURSE_FILE: listed}, person_id, now)


LONGEST_WORDS = 200
LONGEST_NAME = 40
NO_ROOM = "Nama folder pelajaran ini terlalu panjang untuk gambar. Pindahkan dulu pelajarannya ke folder yang pendek."
SPECIAL = re.compile(r"([\\\[\]`*_])")


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture of the draft, and the texts that show it: their course paths and titles."""

    path: str
    size: int
    places: list[tuple[str, str]]


def draft_file(course_id: int, path: str) -> tuple[str, bytes] | None:
    """(hash, bytes) of a file of the draft."""
    blob = content.draft_hash(course_id, path)
    return (blob, content.blobs({blob})[blob]) if blob else None


def pictures_of(draft: Draft) -> list[DraftPicture]:
    """Every picture of the draft: the unused first, then the heaviest."""
    found = []
    for path, size in draft.sizes.items():
        if "media" in path.split("/")[:-1]:
            texts = [text for text, shown in draft.pictures.items() if path in shown]
            found.append(DraftPicture(path, size, [(text, draft.report.title_of(text)) for text in texts]))
    return sorted(found, key=lambda each: (bool(each.places), -each.size, each.path))


def words_fault(words: str) -> str:
    """Return the fault of a text that stands for a picture; "" when it may be kept."""
    if not words:
        return "Tulis apa yang terlihat, misalnya: Dua orang berbicara di teras rumah."
    if len(words) > LONGEST_WORDS:
        return f"Paling banyak {LONGEST_WORDS} huruf; yang panjang lebih baik ditulis di pelajarannya."
    return ""


def keep(course_id: int, text_path: str, picture: Picture, words: str, person_id: int, now: datetime) -> str:
    """Put the picture into the draft, in the folder media/ beside the text; its course path.

    The same picture keeps the place it has; another one gets a name of its own from its words. Raises PictureRefused
    where the folder's name leaves no room for one.
    """
    db.session.get_one(Course, course_id, with_for_update=True)
    folder = posixpath.join(posixpath.dirname(text_path), "media")
    hashes = content.draft_hashes(course_id)
    blob = hashlib.sha256(picture.data).hexdigest()
    there = [path for path, kept in hashes.items() if kept == blob and posixpath.dirname(path) == folder]
    if there:
        return min(there)
    longest = min(LONGEST_NAME, LONGEST_PATH - len(f"{folder}/-999.{picture.kind}"))
    if longest < 1:
        raise PictureRefused(NO_ROOM)
    name = slug_of(words, NAMELESS)
    stem = name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]
    path = free_path(folder, stem, f".{picture.kind}", hashes)
    save_files(course_id, {path: picture.data}, person_id, now)
    return path


def markdown(text_path: str, path: str, words: str) -> str:
    """The line that shows the picture in the text: ![Dua orang di teras](media/dua-orang-di-teras.jpg)"""
    target = posixpath.relpath(path, posixpath.dirname(text_path) or ".")
    shown = SPECIAL.sub(r"\\\1", words)
    return f"![{shown}]({quote(target)})"

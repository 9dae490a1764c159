"""The pictures of a course's draft: what each weighs, where it is shown, and how a new one is kept and written."""

import hashlib
import posixpath
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from lms.authoring.queries import Draft
from lms.course import queries as content
from lms.course.actions import save_files
from lms.course.markup import slug as slugged
from lms.course.outline import LONGEST_PATH
from lms.course.pictures import Picture, PictureRefused
from lms.db.engine import db
from lms.db.tables import Course

LONGEST_WORDS = 200
LONGEST_NAME = 40
NO_ROOM = "Nama folder pelajaran ini terlalu panjang untuk gambar. Pindahkan dulu pelajarannya ke folder yang pendek."
SPECIAL = re.compile(r"([\\\[\]`*_])")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the draft, and the texts that show it: their course paths and titles."""

    path: str
    size: int
    places: tuple[tuple[str, str], ...]


def draft_file(course_id: int, path: str) -> tuple[str, bytes] | None:
    """(hash, bytes) of a file of the draft."""
    blob = content.draft_hash(course_id, path)
    return (blob, content.blobs({blob})[blob]) if blob else None


def pictures_of(draft: Draft) -> list[Shown]:
    """Every picture of the draft: the unused first, then the heaviest."""
    found = [
        Shown(
            path,
            size,
            tuple((text, draft.report.title_of(text)) for text, held in draft.pictures.items() if path in held),
        )
        for path, size in draft.sizes.items()
        if "media" in path.split("/")[:-1]
    ]
    return sorted(found, key=lambda each: (bool(each.places), -each.size, each.path))


def words_fault(words: str) -> str:
    """What is wrong with a text that stands for a picture; "" when it may be kept."""
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
    path = _free_name(folder, slugged(words), picture.kind, {path.casefold() for path in hashes})
    save_files(course_id, {path: picture.data}, person_id, now)
    return path


def _free_name(folder: str, name: str, kind: str, taken: set[str]) -> str:
    longest = min(LONGEST_NAME, LONGEST_PATH - len(f"{folder}/-999.{kind}"))
    if longest < 1:
        raise PictureRefused(NO_ROOM)
    stem = name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]
    path, number = f"{folder}/{stem}.{kind}", 1
    while path.casefold() in taken:
        number += 1
        path = f"{folder}/{stem}-{number}.{kind}"
    return path


def markdown(text_path: str, path: str, words: str) -> str:
    """The line that shows the picture in the text: ![Dua orang di teras](media/dua-orang-di-teras.jpg)"""
    target = posixpath.relpath(path, posixpath.dirname(text_path) or ".")
    shown = SPECIAL.sub(r"\\\1", words)
    return f"![{shown}]({quote(target)})"

"""The pictures of a course's draft: what each weighs, where it is shown, and how a new one is kept and written."""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import func, select

from lms.content import queries as content
from lms.content.actions import save_files
from lms.content.load import cached
from lms.core.lines import passages, scan
from lms.core.links import course_path, links_of
from lms.core.markup import slug as slugged
from lms.core.pictures import Picture
from lms.database import read
from lms.models import Blob, DraftFile

LONGEST_WORDS = 200
LONGEST_NAME = 40
SPECIAL = re.compile(r"([\\\[\]`*_])")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the draft, and the texts that show it: their course paths and titles."""

    path: str
    size: int
    places: tuple[tuple[str, str], ...]


def draft_file(course_id: int, path: str) -> tuple[str, bytes] | None:
    """(hash, bytes) of a file of the draft."""
    row = read(
        select(Blob.hash, Blob.data)
        .join(DraftFile, DraftFile.blob_hash == Blob.hash)
        .where(DraftFile.course_id == course_id, DraftFile.path == path)
    ).first()
    return (row[0], row[1]) if row else None


def pictures_of(course_id: int, hashes: Mapping[str, str]) -> list[Shown]:
    """Every picture of the draft that has these files: the unused first, then the heaviest."""
    sizes = read(
        select(DraftFile.path, func.length(Blob.data))
        .join(Blob, Blob.hash == DraftFile.blob_hash)
        .where(DraftFile.course_id == course_id)
    ).all()
    texts = {path: blob for path, blob in hashes.items() if path.endswith(".md")}
    places: dict[str, list[tuple[str, str]]] = {}
    for path, data in content.files_of(texts).items():
        title, used = _read(path, texts[path], data)
        for picture in used:
            places.setdefault(picture, []).append((path, title))
    found = [Shown(path, size, tuple(places.get(path, ()))) for path, size in sizes if "media" in path.split("/")[:-1]]
    return sorted(found, key=lambda each: (bool(each.places), -each.size, each.path))


def _read(path: str, blob: str, data: bytes) -> tuple[str, frozenset[str]]:
    """A text's title and the course paths of its pictures."""

    def make() -> tuple[tuple[str, frozenset[str]], int]:
        source = data.decode("utf-8", "replace")
        first = source.partition("\n")[0]
        links = links_of(passages(scan(source)[0]))
        used = {course_path(posixpath.dirname(path), link.target) for link in links if link.picture}
        title = first.removeprefix("# ").strip() if first.startswith("# ") else path
        return (title, frozenset(used - {None})), 500  # type: ignore[arg-type] # None was taken out.

    return cached(("pictures shown", blob, path), make)


def words_fault(words: str) -> str:
    """What is wrong with a text that stands for a picture; "" when it may be kept."""
    if not words:
        return "Tulis apa yang terlihat, misalnya: Dua orang berbicara di teras rumah."
    if len(words) > LONGEST_WORDS:
        return f"Paling banyak {LONGEST_WORDS} huruf; yang panjang lebih baik ditulis di pelajarannya."
    return ""


def keep(course_id: int, text_path: str, picture: Picture, words: str, person_id: int, now: datetime) -> str:
    """Put the picture into the draft, in the folder media/ beside the text; its course path.

    The same picture keeps the place it has; another one gets a name of its own from its words.
    """
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
    stem = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME + 1].rpartition("-")[0] or name[:LONGEST_NAME]
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

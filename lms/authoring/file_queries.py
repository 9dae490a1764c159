"""Reads about the files of a draft one by one: how each stands to what is published, and which names are free."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select

from lms.authoring.queries import TEXTS, Draft
from lms.course import queries as content
from lms.course.course_writing import form_of_story
from lms.course.glossary import GLOSSARY
from lms.course.outline import COURSE_FILE, file_of
from lms.db.engine import read
from lms.db.tables import Edition, EditionFile


@dataclass(frozen=True, slots=True)
class DraftText:
    """A file of the draft or of the current edition. `kind` is pelajaran, formulir, cerita, khusus or gambar.

    `draft` and `edition` are blob hashes, "" where it is not there; `read` whether any edition had it.
    """

    path: str
    title: str
    kind: str
    draft: str
    edition: str
    read: bool

    @property
    def changed(self) -> bool:
        """Whether there is an edition to go back to."""
        return bool(self.edition) and self.draft != self.edition

    @property
    def can_move(self) -> bool:
        """Whether it may have another name: what is found by its name may not."""
        return bool(self.draft) and self.kind in ("pelajaran", "formulir")

    @property
    def can_go(self) -> bool:
        """Whether it may be taken away."""
        return bool(self.draft) and self.kind in ("pelajaran", "formulir", "gambar")


def draft_text(course_id: int, draft: Draft, path: str, texts: Mapping[str, bytes]) -> DraftText | None:
    """One file; None for a path that neither the draft nor the current edition has."""
    held, published = draft.hashes.get(path, ""), content.edition_hashes_of_current(course_id).get(path, "")
    if not (held or published):
        return None
    return DraftText(
        path, draft.report.title_of(path), _kind(draft, path, texts), held, published, _was_read(course_id, path)
    )


def _kind(draft: Draft, path: str, texts: Mapping[str, bytes]) -> str:
    course = draft.report.course
    if path in (COURSE_FILE, GLOSSARY) or (course and course.test and course.test.bank == path):
        return "khusus"
    if not path.endswith(TEXTS):
        return "gambar"
    if path.endswith(".md") and path not in map(file_of, course.lessons if course else ()):
        return "cerita" if form_of_story(texts, path) else "pelajaran"
    return "formulir" if path.endswith(".toml") else "pelajaran"


def _was_read(course_id: int, path: str) -> bool:
    found = exists().where(
        EditionFile.path == path, EditionFile.edition_id == Edition.id, Edition.course_id == course_id
    )
    return bool(read(select(found)).scalar())


def used_paths(course_id: int, draft: Draft) -> set[str]:
    """Every path that a file has or had: what was learned under it must not count for another lesson."""
    ever = read(
        select(EditionFile.path)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(Edition.course_id == course_id)
        .distinct()
    )
    moved = draft.report.course.moved if draft.report.course else {}
    return {*draft.hashes, *(row[0] for row in ever), *map(file_of, moved)}

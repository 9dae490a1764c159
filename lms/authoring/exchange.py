"""What would change when a course is replaced by the one in an archive, and where the archive waits meanwhile.

A preview must not write a course, and nobody should choose the same file twice. So the archive, which the preview's own
POST brings, waits under a made-up name of its day; the page carries that name, signed, with what the decision rests on.
Confirmed or called off it is gone at once; the next archive that anybody brings clears away what was left there
for two days.
"""

import base64
import re
from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PureWindowsPath
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.authoring.archive import Unpacked, path_fault
from lms.authoring.queries import Draft
from lms.course import queries as content
from lms.course.actions import fingerprint, hash_files
from lms.course.check import LONGEST_FILE, check_course
from lms.course.course_writing import CannotWrite, add_lesson, is_text, text_in
from lms.course.outline import COURSE_FILE, CourseRules, file_of, folder_of, free_path
from lms.course.problems import Problem
from lms.paper.packed import Refused

DAY_SECONDS = 24 * 3600
PHOTOS = (".jpg", ".jpeg", ".png", ".webp")
CAMERA = (b"Exif\0\0", b"eXIf", b"EXIF", b"photoshop:")
"""How such data begins in a JPEG, a PNG and a WebP, and what image programs add."""


class WaitingArchive(NamedTuple):
    """An archive that waits: its name, who brought it, for which course, and what the draft was then and would be."""

    name: str
    person_id: int
    slug: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """The draft that an archive would make; the lists are course paths, `before` and `after` are fingerprints."""

    title: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    same: int
    left_out: tuple[str, ...]
    problems: list[Problem]
    before: str
    after: str

    @property
    def is_nothing(self) -> bool:
        """Whether the draft would stay as it is."""
        return not (self.added or self.changed or self.removed)


def replacement(unpacked: Unpacked, draft: Mapping[str, str], today: date, used: Set[str] = frozenset()) -> Replacement:
    """Return the change an archive would make and the checker's findings in it; `used` are all paths ever."""
    hashes = hash_files(unpacked.files)
    report = check_course(unpacked.files, today)
    return Replacement(
        title=report.title or unpacked.folder,
        added=sorted(hashes.keys() - draft.keys()),
        changed=sorted(path for path in hashes.keys() & draft.keys() if hashes[path] != draft[path]),
        removed=sorted(draft.keys() - hashes.keys()),
        same=sum(draft.get(path) == blob for path, blob in hashes.items()),
        left_out=unpacked.left_out,
        problems=[
            *report.problems,
            *_telling_pictures(unpacked.files, draft, hashes),
            *_names_again(report.course, used - draft.keys()),
        ],
        before=fingerprint(draft),
        after=fingerprint(hashes),
    )


def _telling_pictures(
    files: Mapping[str, bytes], draft: Mapping[str, str], hashes: Mapping[str, str]
) -> Iterator[Problem]:
    """New pictures that may say where they were taken: an archive is kept byte for byte, so nothing cleans them."""
    text = "foto ini membawa data kamera, mungkin juga lokasinya; unggah lewat Gambar supaya dibersihkan"
    for path, data in sorted(files.items()):
        if path.lower().endswith(PHOTOS) and hashes[path] != draft.get(path) and any(mark in data for mark in CAMERA):
            yield Problem(path, 0, "peringatan", text)


def _names_again(course: CourseRules | None, used: Set[str]) -> Iterator[Problem]:
    """Lessons under a path that once was one's: only their author knows whether they are the same."""
    text = "pernah ada pelajaran bernama ini, dan yang menyelesaikannya dianggap selesai; bila isinya lain, ganti nama"
    for path in map(file_of, course.lessons if course else ()):
        if path in used:
            yield Problem(path, 0, "peringatan", text)


def sealed(held: WaitingArchive) -> str:
    """Seal the waiting archive for the page to carry."""
    return _seal().dumps(held)


def opened(text: str, person_id: int) -> WaitingArchive | None:
    """Open what a page of the last day carried for this person, else None."""
    try:
        held = WaitingArchive(*_seal().loads(text, max_age=DAY_SECONDS))
    except BadData:
        return None
    return held if held.person_id == person_id else None


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="zip kursus")


MODULE = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Single:
    """A text, its place in the draft, the hash that stands there, and the module that a new lesson joins."""

    path: str
    data: bytes
    base: str
    module: int | None = None

    @property
    def carried(self) -> str:
        """The bytes as a form carries them: text areas and hidden fields would change line ends."""
        return base64.b64encode(self.data).decode()


def bring_single(file_name: str, data: bytes, target: str, draft: Draft, used: Collection[str]) -> Single:
    """The file at the place that was chosen, a new one under a path that is not `used`. Raises Refused."""
    if len(data) > LONGEST_FILE:
        raise Refused(f"Berkas ini {len(data) // 1024} KB, paling besar 200 KB. Pecah menjadi beberapa pelajaran.")
    text = text_in(data)
    if text is None or "\0" in text:
        raise Refused("Berkas ini bukan tulisan UTF-8. Simpan ulang sebagai “UTF-8” di editor Anda, lalu unggah lagi.")
    way, _, where = target.partition(":")
    if way == "ganti" and where in draft.hashes and where.endswith(".md"):
        return Single(where, data, draft.hashes[where])
    if way == "baru" and MODULE.fullmatch(where) and int(where) < len(draft.report.modules):
        module, name = draft.report.modules[int(where)], PureWindowsPath(file_name).stem
        path = free_path(folder_of(module.lessons, module.title), name, ".md", used)
        if path_fault(path):
            raise Refused("Nama berkas ini menjadi terlalu panjang. Pendekkan dulu namanya, lalu unggah lagi.")
        return Single(path, data, "", int(where))
    raise Refused("Pilih dulu pelajaran yang diganti, atau materi tempat pelajaran baru ini.")


def read_carried(form: Mapping[str, str]) -> Single | None:
    """Read what the page of the preview carried; None for anything that is none."""
    try:
        data = base64.b64decode(form.get("isi", ""), validate=True)
    except ValueError:
        return None
    path, module = form.get("pelajaran", ""), form.get("materi", "")
    if len(data) > LONGEST_FILE or not path.endswith(".md") or path_fault(path):
        return None
    return Single(path, data, form.get("dasar", ""), int(module) if MODULE.fullmatch(module) else None)


def single_problems(single: Single, draft: Draft, today: date) -> list[Problem]:
    """Return the checker's findings in this file, and in the rest because of it."""
    texts = {path: blob for path, blob in draft.hashes.items() if is_text(path)}
    files = dict.fromkeys(draft.hashes, b"") | content.files_of(texts) | {single.path: single.data}
    report = check_course(with_lesson(files, single), today)
    before = {(problem.path, problem.text) for problem in draft.report.problems}
    own = [problem for problem in report.problems if problem.path == single.path]
    return own + [each for each in report.problems if each not in own and (each.path, each.text) not in before]


def with_lesson(files: Mapping[str, bytes], single: Single) -> dict[str, bytes]:
    """The files, a new lesson listed in its module; as they are where kursus.toml can't be changed by a program."""
    if single.module is not None and COURSE_FILE in files:
        with suppress(CannotWrite, UnicodeDecodeError):
            listed = add_lesson(files[COURSE_FILE].decode(), single.module, single.path)
            return {**files, COURSE_FILE: listed.encode()}
    return dict(files)

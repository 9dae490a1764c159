"""One Markdown file that an editor brings: where it goes, and what the checker says of the course with it."""

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from lms.authoring.archive import path_fault
from lms.authoring.queries import Draft
from lms.course import queries as content
from lms.course.check import LONGEST_FILE, check_course
from lms.course.course_writing import CannotWrite, add_lesson
from lms.course.outline import COURSE_FILE, Module, folder_of, free_path
from lms.course.problems import Problem

REPLACE, NEW = "ganti:", "baru:"
MODULE = re.compile(r"[0-9]{1,3}")


class NotALesson(Exception):
    """The file can't be taken in; the message says why and what to do, in Indonesian."""


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
    """The file at the place that was chosen, a new one under a path that is not `used`. Raises NotALesson."""
    if len(data) > LONGEST_FILE:
        raise NotALesson(f"Berkas ini {len(data) // 1024} KB, paling besar 200 KB. Pecah menjadi beberapa pelajaran.")
    try:
        is_text = "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        is_text = False
    if not is_text:
        raise NotALesson(
            "Berkas ini bukan tulisan UTF-8. Simpan ulang sebagai “UTF-8” di editor Anda, lalu unggah lagi."
        )
    if target.startswith(REPLACE) and (path := target.removeprefix(REPLACE)) in draft.hashes and path.endswith(".md"):
        return Single(path, data, draft.hashes[path])
    course = draft.report.course
    number = target.removeprefix(NEW)
    if course and target.startswith(NEW) and MODULE.fullmatch(number) and int(number) < len(course.modules):
        path = _new_path(file_name, course.modules[int(number)], used)
        if path_fault(path):
            raise NotALesson("Nama berkas ini menjadi terlalu panjang. Pendekkan dulu namanya, lalu unggah lagi.")
        return Single(path, data, "", int(number))
    raise NotALesson("Pilih dulu pelajaran yang diganti, atau materi tempat pelajaran baru ini.")


def _new_path(file_name: str, module: Module, used: Collection[str]) -> str:
    """A free path in the folder of the module's lessons."""
    name = PurePosixPath(file_name.replace("\\", "/")).stem
    return free_path(folder_of(module.lessons, module.title), name, ".md", used)


def read_carried(form: Mapping[str, str]) -> Single | None:
    """What the page of the preview carried; None for anything that is none."""
    try:
        data = base64.b64decode(form.get("isi", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    path, module = form.get("pelajaran", ""), form.get("materi", "")
    if len(data) > LONGEST_FILE or not path.endswith(".md") or path_fault(path):
        return None
    return Single(path, data, form.get("dasar", ""), int(module) if MODULE.fullmatch(module) else None)


def single_problems(single: Single, draft: Draft, today: date) -> list[Problem]:
    """What the checker says of this file, and of the rest because of it."""
    texts = {path: blob for path, blob in draft.hashes.items() if path.endswith((".md", ".toml"))}
    files = dict.fromkeys(draft.hashes, b"") | content.files_of(texts)
    before = {(problem.path, problem.text) for problem in draft.report.problems}
    files = with_lesson(files | {single.path: single.data}, single)
    report = check_course(files, today)
    found = [problem for problem in report.problems if problem.path == single.path]
    return found + [
        each for each in report.problems if each.path != single.path and (each.path, each.text) not in before
    ]


def with_lesson(files: Mapping[str, bytes], single: Single) -> dict[str, bytes]:
    """The files, a new lesson listed in its module; as they are where kursus.toml can't be changed by a program."""
    if single.module is None or COURSE_FILE not in files:
        return dict(files)
    try:
        listed = add_lesson(files[COURSE_FILE].decode("utf-8"), single.module, single.path)
    except (CannotWrite, UnicodeDecodeError):
        return dict(files)
    return {**files, COURSE_FILE: listed.encode()}

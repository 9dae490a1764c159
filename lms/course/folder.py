"""A course folder on disk: read whole into a mapping of course paths, written back byte for byte."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from lms.course.check import CourseReport, check_course, check_text, place_of
from lms.course.lesson import Lesson
from lms.course.outline import COURSE_FILE, identity_of

MAX_FILES = 2_000
MAX_BYTES = 200 * 2**20


class FolderError(Exception):
    """The folder can't be taken in; the text says why, in Indonesian."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Course path -> bytes of every file below `folder`; hidden files and links are left out.

    Raises FolderError when it is no course folder or too big to be one.
    """
    if not (folder / COURSE_FILE).is_file():
        raise FolderError(f"{folder}: tidak ada kursus.toml di folder ini; tunjuk folder sebuah kursus.")
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        total += path.stat().st_size
        if len(files) >= MAX_FILES or total > MAX_BYTES:
            raise FolderError(f"{folder}: terlalu besar untuk sebuah kursus (paling banyak 2.000 berkas, 200 MB).")
        files[name] = path.read_bytes()
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into `folder`, which must be empty or not yet there; raises FolderError otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder}: sudah berisi; pilih folder kosong atau yang belum ada.")
    for name, data in files.items():
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise FolderError(f"{name}: jalurnya keluar dari folder kursus.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def check_path(path: Path, today: date) -> CourseReport:
    """Check what `path` names; problems carry course paths, below the course's folder name when there are several.

    Raises FolderError when a folder is too big to be a course.
    """
    path = path.resolve()
    course = next((folder for folder in (path, *path.parents) if (folder / COURSE_FILE).is_file()), None)
    if course is not None:
        report = check_course(read_folder(course), today)
        return report if path == course else _part(report, path.relative_to(course).as_posix())
    if path.is_file():
        return _lessons({path.name: path.read_bytes()}, path.parent, today)
    courses = sorted(mark.parent for mark in path.rglob(COURSE_FILE))
    if not courses:
        files = {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*.md"))}
        return _lessons(files, path, today)
    reports = [(folder.relative_to(path).as_posix(), check_course(read_folder(folder), today)) for folder in courses]
    return CourseReport(
        None,
        {f"{name}/{identity}": lesson for name, report in reports for identity, lesson in report.lessons.items()},
        [replace(fault, path=f"{name}/{fault.path}") for name, report in reports for fault in report.problems],
    )


def _part(report: CourseReport, name: str) -> CourseReport:
    """Return the part of a course's report that is about one file or folder in it."""

    def inside(path: str) -> bool:
        return path == name or path.startswith(f"{name}/")

    lessons = {identity: lesson for identity, lesson in report.lessons.items() if inside(lesson.path)}
    return CourseReport(report.course, lessons, [fault for fault in report.problems if inside(fault.path)])


def _lessons(files: dict[str, bytes], folder: Path, today: date) -> CourseReport:
    """Lessons outside any course, among the files that lie beside them."""
    beside = {file.relative_to(folder).as_posix(): 0 for file in folder.rglob("*") if file.is_file()}
    place = place_of(beside, files, today)
    found = {path: check_text(data, path, place, "pelajaran") for path, data in files.items()}
    return CourseReport(
        None,
        {identity_of(path): lesson for path, (lesson, _) in found.items() if isinstance(lesson, Lesson)},
        [fault for _, faults in found.values() for fault in faults],
    )


def as_json(report: CourseReport) -> dict[str, Any]:
    """Problems, and every lesson with its pools and questions; nothing in it tells which choice is right."""
    lessons = (_named(each, "path", "title", "words") | {"pools": _pools(each)} for each in report.lessons.values())
    return {
        "problems": [_named(each, "path", "line", "level", "text") for each in report.problems],
        "lessons": list(lessons),
    }


def _pools(lesson: Lesson) -> list[dict[str, Any]]:
    kept = ("kind", "line", "choices", "right")
    return [
        _named(pool, "kind", "name", "draw") | {"questions": [_named(each, *kept) for each in pool.questions]}
        for pool in lesson.pools
    ]


def _named(thing: object, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}

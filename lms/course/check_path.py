"""What `lms check PATH` reads: a course, a folder of courses, a part of a course, or a lesson on its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from lms.course.check import CourseReport, check_course, check_lesson, surroundings
from lms.course.folder import MARK, read_folder
from lms.course.outline import identity_of


def check_path(path: Path, today: date) -> CourseReport:
    """Check what `path` names; problems carry course paths, below the course's folder name when there are several.

    Raises FolderError when a folder is too big to be a course.
    """
    path = path.resolve()
    course = next((folder for folder in (path, *path.parents) if (folder / MARK).is_file()), None)
    if course is not None:
        report = check_course(read_folder(course), today)
        return report if path == course else _part(report, path.relative_to(course).as_posix())
    if path.is_file():
        return _lessons({path.name: path.read_bytes()}, path.parent, today)
    courses = sorted(mark.parent for mark in path.rglob(MARK))
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
    """What of a course's report is about one file or folder in it."""

    def inside(path: str) -> bool:
        return path == name or path.startswith(f"{name}/")

    lessons = {identity: lesson for identity, lesson in report.lessons.items() if inside(lesson.path)}
    return CourseReport(report.course, lessons, [fault for fault in report.problems if inside(fault.path)])


def _lessons(files: dict[str, bytes], folder: Path, today: date) -> CourseReport:
    """Lessons outside any course, among the files that lie beside them."""
    beside = {file.relative_to(folder).as_posix(): b"" for file in folder.rglob("*") if file.is_file()}
    around = surroundings(beside | files, today)
    found = {path: check_lesson(data, path, around) for path, data in files.items()}
    return CourseReport(
        None,
        {identity_of(path): lesson for path, (lesson, _) in found.items() if lesson},
        [fault for _, faults in found.values() for fault in faults],
    )

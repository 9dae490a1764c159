"""What changes in the files of a course when one of them gets another name, or goes: every file that must be saved."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname

from lms.course.bank import folded
from lms.course.course_writing import CannotWrite, Setting, add_lesson, remove_lesson, rename_file, set_values
from lms.course.form_reading import parse_form
from lms.course.lesson import pool_heading, sections_of
from lms.course.lines import passages, scan
from lms.course.links import course_path, links_of
from lms.course.outline import COURSE_FILE, Course, file_of, parse_course
from lms.course.relinking import relinked
from lms.course.tomlfile import Place
from lms.web.plain import normalised

Changes = dict[str, bytes | None]
"""Path -> its new content; None takes the file away."""


def pools_renamed(bank: str, titles: Mapping[str, str]) -> str:
    """The questions of the tests with pools named as their modules are now; `titles` is old title to new."""
    present = {folded(old): new for old, new in titles.items()}
    lines = re.split(r"(\r\n|\r|\n)", bank)
    for section in sections_of(scan(normalised(bank))[0]):
        pool = pool_heading(section)
        if pool and folded(pool.name) in present:
            at = 2 * (section.lines[0].number - 1)
            start, mark, name = lines[at].partition(":")
            lines[at] = start + mark + name.replace(pool.name, present[folded(pool.name)], 1)
    return "".join(lines)


def is_text(path: str) -> bool:
    """Whether a file is one that an author writes in."""
    return path.endswith((".md", ".toml"))


def text_in(data: bytes) -> str | None:
    """The text of a file; None when it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def renamed(files: Mapping[str, bytes], old: str, new: str, *, same: bool) -> Changes:
    """Give a lesson another path, and let whatever leads to it, and what it leads to, lead there as before.

    Raises CannotWrite when kursus.toml is broken.
    """
    moved = {old: new}
    changes: Changes = {old: None, new: files[old]}
    for path, data in files.items():
        text = text_in(data) if is_text(path) and path != COURSE_FILE else None
        if text is not None and (after := relinked(text, path, moved)) != text:
            changes[moved.get(path, path)] = after.encode()
    return changes | _course(files, rename_file(_course_text(files), old, new, same=same))


def removed(files: Mapping[str, bytes], path: str) -> Changes:
    """Take a file away, and a form with its stories; kursus.toml lists it no longer."""
    gone = {path, *(story for story in stories_of(files, path) if story in files)}
    return dict.fromkeys(sorted(gone)) | _course(files, remove_lesson(_course_text(files), path))


def listed_again(files: Mapping[str, bytes], path: str, published: Course, present: Course) -> Changes:
    """List a file where an edition had it: in the module of that title behind the same lessons, else in the last."""
    if path in map(file_of, present.lessons) or not present.modules:
        return {}
    for module in published.modules:
        lessons = [file_of(lesson) for lesson in module.lessons]
        if path in lessons:
            titles = [each.title for each in present.modules]
            at = titles.index(module.title) if module.title in titles else len(titles) - 1
            before = set(lessons[: lessons.index(path)])
            there = [file_of(lesson) for lesson in present.modules[at].lessons]
            place = 1 + max((there.index(each) for each in before & set(there)), default=-1)
            return _course(files, add_lesson(_course_text(files), at, path, place))
    return {}


def led_back(older: str, newer: str) -> str:
    """The kursus.toml of an older edition, in which the names that lessons have in a newer one lead to theirs in it.

    What an author wrote so that no program can change it stays as it is.
    """
    old, new = parse_course(older)[0], parse_course(newer)[0]
    if old is None or new is None:
        return older
    names = {*new.moved, *new.moved.values()}
    there = {new.present(name): name for name in sorted(names & set(old.lessons))}
    back = {name: there[new.present(name)] for name in sorted(names) if new.present(name) in there}
    leads: dict[Place, Setting] = {
        ("pindah", name): then for name, then in back.items() if old.present(name) not in old.lessons
    }
    try:
        return set_values(older, leads)
    except CannotWrite:
        return older


def stories_of(files: Mapping[str, bytes], path: str) -> set[str]:
    """The stories that a form's cases tell; none for a lesson."""
    text = text_in(files[path]) if path.endswith(".toml") and path != COURSE_FILE and path in files else None
    form = parse_form(path, text)[0] if text else None
    return {case.story for case in form.cases if case.story} if form else set()


def form_of_story(files: Mapping[str, bytes], path: str) -> str | None:
    """The form one of whose cases a file tells."""
    beside = (each for each in files if each.endswith(".toml") and dirname(each) == dirname(path))
    return next((each for each in beside if path in stories_of(files, each)), None)


def leading_to(files: Mapping[str, bytes], path: str) -> Iterator[str]:
    """The files that link to this one, or show it."""
    for other, data in files.items():
        text = text_in(data) if other != path and is_text(other) and other != COURSE_FILE else None
        links = links_of(passages(scan(normalised(text))[0])) if text else ()
        if any(course_path(dirname(other), link.target) == path for link in links):
            yield other


def _course_text(files: Mapping[str, bytes]) -> str:
    return files.get(COURSE_FILE, b"").decode("utf-8", "surrogateescape")


def _course(files: Mapping[str, bytes], text: str) -> Changes:
    """kursus.toml when it is another one now."""
    data = text.encode("utf-8", "surrogateescape")
    return {} if data == files.get(COURSE_FILE, b"") else {COURSE_FILE: data}

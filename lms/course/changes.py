"""The changes of a course from one edition to another: its files, and within lessons the questions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from lms.course.check import TEST_BANK
from lms.course.form_reading import parse_form
from lms.course.glossary import GLOSSARY
from lms.course.lesson import Prose, parse_lesson
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course

What = Literal["baru", "berubah", "dihapus"]
Kind = Literal["pelajaran", "tes", "istilah", "susunan", "berkas"]

LARGE_SHARE = 0.2
"""Who read the lesson before read at least a fifth of its words differently."""

LARGE_QUESTIONS = 3
"""So many questions are about as many as one attempt asks."""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question of a lesson or of the tests that is not what it was."""

    what: What
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is not what it was. `was` is its path before, another one when the lesson was renamed.

    `share` is how much of the words people read is other than before, from 0 to 1.
    """

    path: str
    what: What
    kind: Kind
    was: str
    title: str
    questions: tuple[QuestionChange, ...] = ()
    share: float = 0.0

    @property
    def identity(self) -> str:
        """The name of a lesson."""
        return identity_of(self.path)

    @property
    def is_large(self) -> bool:
        """Tell whether those who finished it may want to read it again: a fifth of its words or three questions
        are other than they were. Smaller mends are told nobody twice."""
        return (
            self.what == "berubah"
            and self.kind == "pelajaran"
            and (self.share >= LARGE_SHARE or len(self.questions) >= LARGE_QUESTIONS)
        )


class ComparedText(NamedTuple):
    """The parts of a file that are compared."""

    title: str
    words: Counter[str]
    questions: Mapping[str, tuple[str, str]]
    """Slug -> (hash, title)."""


NOTHING = ComparedText("", Counter(), {})


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """Every file that was added, changed or removed, in the order of paths; files left out of both count as equal."""
    course, old_course = _course(after), _course(before)
    was = _renamed(course, before, after)
    gone = {old for new, old in was.items() if new != old}
    kinds = _kinds([each for each in (old_course, course) if each])
    return [
        _change(path, was.get(path, path), before, after, kinds.get(path, "berkas"))
        for path in sorted({*before, *after} - gone)
        if before.get(was.get(path, path)) != after.get(path) or path in was
    ]


def _course(files: Mapping[str, bytes]) -> CourseRules | None:
    return parse_course(files.get(COURSE_FILE, b"").decode("utf-8", "replace"))[0]


def _renamed(course: CourseRules | None, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, str]:
    """New path -> the path it had before, of the lessons that `[pindah]` gave another name."""
    pairs = ((file_of(old), file_of(course.present(old))) for old in course.moved) if course else ()
    return {new: old for old, new in pairs if old in before and old not in after and new in after and new not in before}


def _kinds(courses: Iterable[CourseRules]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {COURSE_FILE: "susunan", GLOSSARY: "istilah", TEST_BANK: "tes"}
    for course in courses:
        kinds |= {course.test.bank: "tes"} if course.test else {}
        kinds |= {file_of(identity): "pelajaran" for identity in course.lessons}
    return kinds


def _change(path: str, was: str, before: Mapping[str, bytes], after: Mapping[str, bytes], kind: Kind) -> FileChange:
    what: What = "baru" if was not in before else "dihapus" if path not in after else "berubah"
    old, new = _text(was, before.get(was)), _text(path, after.get(path))
    questions = tuple(_questions(old.questions, new.questions))
    return FileChange(path, what, kind, was, new.title or old.title, questions, _share(old.words, new.words))


def _text(path: str, data: bytes | None) -> ComparedText:
    source = (data or b"").decode("utf-8", "replace")
    if data is None or not path.endswith((".md", ".toml")):
        return NOTHING._replace(title=PurePosixPath(path).name)
    if path.endswith(".toml"):
        form, _ = parse_form(path, source) if path != COURSE_FILE else (None, [])
        return ComparedText(form.title if form else PurePosixPath(path).name, _counted(source), {})
    lesson, _ = parse_lesson(path, source)
    prose = " ".join(part.source for part in lesson.body if isinstance(part, Prose))
    questions = {each.slug: (each.hash, each.title) for pool in lesson.pools for each in pool.questions}
    return ComparedText(lesson.title, _counted(prose), questions)


def _counted(source: str) -> Counter[str]:
    """The words of a text without the signs around them; signs alone are none."""
    return Counter(filter(None, (word.strip("*_#>.,:;!?()[]\"'`|-") for word in source.casefold().split())))


def _share(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of words added or left, of all of the longer text; words that only moved count as equal."""
    longer = max(old.total(), new.total())
    return max((old - new).total(), (new - old).total()) / longer if longer else 0.0


def _questions(old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]]) -> Iterator[QuestionChange]:
    for slug in dict.fromkeys([*old, *new]):
        if old.get(slug) != new.get(slug):
            what: What = "baru" if slug not in old else "dihapus" if slug not in new else "berubah"
            yield QuestionChange(what, slug, new.get(slug, old.get(slug, ("", slug)))[1])

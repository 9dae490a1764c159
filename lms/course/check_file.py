"""One text of a course checked by itself, as the check of the whole course would judge it: at every pause in typing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lms.course.check import (
    TEST_BANK,
    Surroundings,
    check_bank,
    check_course_file,
    check_form,
    check_glossary,
    check_lesson,
    check_story,
    glossary_terms,
    lessons_as_stories,
    text_of,
    unlisted,
    without_bank,
)
from lms.course.form_reading import parse_form
from lms.course.glossary import GLOSSARY
from lms.course.outline import COURSE_FILE, Course, file_of, parse_course
from lms.course.problems import Problem
from lms.course.questions.base import quoted

Role = Literal["kursus", "istilah", "tes", "formulir", "cerita", "pelajaran", "lain"]


@dataclass(frozen=True)
class Place:
    """What a text of a course stands among: its names, its kursus.toml, the titles its forms give to stories."""

    names: Collection[str]
    course: Course | None
    stories: Mapping[str, str]
    terms: frozenset[str]

    @property
    def bank(self) -> str:
        """The file of both tests, whether it is there or not."""
        return self.course.test.bank if self.course and self.course.test else TEST_BANK

    def role_of(self, path: str) -> Role:
        """What a text is in its course."""
        if path in (COURSE_FILE, GLOSSARY):
            return "kursus" if path == COURSE_FILE else "istilah"
        if path.endswith(".toml"):
            return "formulir"
        if path == self.bank:
            return "tes"
        if not path.endswith(".md"):
            return "lain"
        return "cerita" if path in self.stories and path not in self.listed else "pelajaran"

    @property
    def listed(self) -> frozenset[str]:
        """The files that kursus.toml lists."""
        return frozenset(map(file_of, self.course.lessons)) if self.course else frozenset()


def needed(names: Iterable[str]) -> list[str]:
    """The files whose texts `place_of` wants."""
    return [name for name in names if name == GLOSSARY or name.endswith(".toml")]


def place_of(names: Collection[str], texts: Mapping[str, bytes]) -> Place:
    """The surroundings of every text of a course with these files."""
    sources = {path: text_of(data, path)[0] for path, data in sorted(texts.items()) if path.endswith(".toml")}
    written = sources.pop(COURSE_FILE, None)
    course = parse_course(written)[0] if written is not None else None
    stories: dict[str, str] = {}
    for path, source in sources.items():
        form = parse_form(path, source)[0] if source is not None else None
        stories |= {case.story: case.title for case in form.cases} if form else {}
    return Place(names, course, stories, glossary_terms(texts.get(GLOSSARY, b"")))


def check_file(data: bytes, path: str, place: Place, today: date) -> list[Problem]:
    """Everything the checker would say of this one text; nothing an author writes makes it raise."""
    folded = {name.casefold(): name for name in sorted({*place.names, path}, reverse=True)}
    rests_on_law = place.course is None or place.course.rests_on_law
    around = Surroundings(folded, place.terms, today, rests_on_law)
    role = place.role_of(path)
    problems = _name_clash(path, place.names)
    if role == "kursus":
        problems += _course_file(data, place)
    elif role == "istilah":
        problems += check_glossary(data, around)
    elif role == "tes":
        problems += _bank(data, path, place, around)
    elif role == "formulir":
        problems += check_form(data, path, around)[1]
    elif role == "cerita":
        problems += check_story(data, path, place.stories[path], around)
    elif role == "pelajaran":
        problems += check_lesson(data, path, around)[1]
    else:
        problems += text_of(data, path)[1].problems
    problems += lessons_as_stories({path} & place.stories.keys() & place.listed)
    if place.course and role in ("pelajaran", "formulir"):
        problems += unlisted([path], place.listed)
    return problems


def _name_clash(path: str, names: Iterable[str]) -> list[Problem]:
    """Said of the later one of two names, as the whole course's check says it."""
    same = [name for name in sorted({*names, path}) if name.casefold() == path.casefold()]
    if same[0] == path:
        return []
    text = f"nama berkas hanya berbeda huruf besar dan kecil dari {quoted(same[0])}; ganti salah satunya"
    return [Problem(path, 0, "galat", text)]


def _course_file(data: bytes, place: Place) -> list[Problem]:
    files = {**dict.fromkeys(place.names, b""), COURSE_FILE: data}
    course, problems = check_course_file(files)
    if course and (course.test is None or course.test.bank not in files):
        problems += [each for each in without_bank(course, files) if each.path == COURSE_FILE]
    return problems


def _bank(data: bytes, path: str, place: Place, around: Surroundings) -> list[Problem]:
    """Its questions are asked of a course that has tests; else it is only a text."""
    problems = text_of(data, path)[1].problems
    if place.course and place.course.test:
        problems += check_bank(place.course, {path: data}, around)
    return problems


def as_typed(place: Place, path: str, text: str) -> Place:
    """The place as it is once this very text is in it."""
    if path == COURSE_FILE:
        return replace(place, course=parse_course(text)[0])
    if path == GLOSSARY:
        return replace(place, terms=glossary_terms(text.encode("utf-8", "replace")))
    return place

"""The view beside an editor's text: the page as a participant would have it, and the rules of the format."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup

from lms.authoring.queries import DraftView, place_in
from lms.course.bank import parse_bank
from lms.course.check import Role, as_typed, check_file
from lms.course.form_reading import parse_form
from lms.course.glossary import alphabetical
from lms.course.lesson import WORDS_A_MINUTE, count_words, parse_lesson, read_story
from lms.course.load import filled, render_glossary, render_lesson, rendered_glossary
from lms.course.markup import render, trusted
from lms.course.outline import file_of, parse_course
from lms.course.problems import Problem
from lms.course.prose import Readability, readability
from lms.learn.article import article_of, practice
from lms.quiz.sheet import ShownField, example_fields
from lms.web.dates import tanggal


class PreviewPage(NamedTuple):
    """The text as a page: its title, its body, its words and the minutes of reading them."""

    title: str
    body: Markup
    words: int
    minutes: int


@dataclass(frozen=True)
class Preview:
    """How a text looks and what is said of it; what readability says is not said again among the problems."""

    shown: PreviewPage
    role: Role
    all_problems: list[Problem]
    reading: Readability
    size: int

    @property
    def problems(self) -> list[Problem]:
        """Everything the checker says that is not about readability, what must be mended first."""
        said = {(remark.line, remark.text) for remark in self.reading.remarks}
        left = [each for each in self.all_problems if (each.line, each.text) not in said]
        return sorted(left, key=lambda each: (each.level != "galat", each.line))

    @property
    def must(self) -> int:
        """How many things stop publishing."""
        return sum(each.level == "galat" for each in self.all_problems)

    @property
    def should(self) -> int:
        """How many things could be better."""
        return len(self.problems) + len(self.reading.remarks) - self.must

    @property
    def kilobytes(self) -> int:
        """The weight of the text with its pictures, rounded up."""
        return -(-self.size // 1000)


def preview(view: DraftView, path: str, text: str, today: date) -> Preview:
    """The text, typed into the file at `path` of this draft."""
    place = as_typed(place_in(view), path, text)
    role = place.role_of(path)
    terms = rendered_glossary(view).terms
    return Preview(
        SHOWN[role](view, path, text),
        role,
        check_file(text.encode("utf-8", "replace"), path, place, today),
        readability(text, terms) if role in ("pelajaran", "cerita") else Readability((), 0),
        place.weight(path, text),
    )


def _lesson(view: DraftView, path: str, text: str) -> PreviewPage:
    lesson, _ = parse_lesson(path, text)
    made = article_of(render_lesson(lesson, view, with_quiz=True), view)
    return PreviewPage(lesson.title, made.html, lesson.words, lesson.minutes)


def _bank(view: DraftView, path: str, text: str) -> PreviewPage:
    bank, _ = parse_bank(path, text)
    pools = [practice(pool, number, path, view) for number, pool in enumerate(bank.pools, start=1)]
    return _counted("Soal tes awal dan tes akhir", render_template("authoring/_lihat_tes.html", pools=pools), "")


def _glossary(view: DraftView, path: str, text: str) -> PreviewPage:
    rendered = render_glossary(text)
    html = render_template(
        "learn/_daftar_istilah.html",
        letters=alphabetical(rendered.terms, aliases=False),
        meanings={slug: filled(view, meaning) for slug, meaning in rendered.meanings.items()},
    )
    return _counted("Daftar istilah", html, text)


def _story(view: DraftView, path: str, text: str) -> PreviewPage:
    story = read_story(text)
    return _counted(story.title or "Cerita", filled(view, render(story.body, path)), story.body)


def _form(view: DraftView, path: str, text: str) -> PreviewPage:
    form, _ = parse_form(path, text)
    if form is None:
        return _counted("Formulir", "", "")
    fields = {
        each.name: ShownField(each, (), True, number) for number, each in enumerate(form.fields.values(), start=1)
    }
    parts = [
        (part, filled(view, render(part.intro, path)), [fields[each.name] for each in part.fields])
        for part in form.parts
    ]
    intro = filled(view, render(form.intro, path))
    examples = [(case, example_fields(form, case).values()) for case in form.cases if case.stage == "contoh"]
    html = render_template("authoring/_lihat_formulir.html", form=form, intro=intro, parts=parts, examples=examples)
    return PreviewPage(form.title, trusted(html), 0, form.minutes)


def _course(view: DraftView, path: str, text: str) -> PreviewPage:
    course, _ = parse_course(text)
    if course is None:
        return _counted("Kursus", "", "")
    html = render_template("authoring/_lihat_kursus.html", course=course, file_of=file_of)
    return _counted(course.title, html, "")


def _counted(title: str, html: str, text: str) -> PreviewPage:
    words = count_words(text)
    return PreviewPage(title, trusted(html), words, max(1, -(-words // WORDS_A_MINUTE)))


SHOWN: dict[Role, Callable[[DraftView, str, str], PreviewPage]] = {
    "pelajaran": _lesson,
    "tes": _bank,
    "istilah": _glossary,
    "cerita": _story,
    "formulir": _form,
    "kursus": _course,
    "lain": lambda view, path, text: _counted(path, "", text),
}


TODAY = "24 November 2026"
"""The day in the examples, which are shown with the present one."""


GROUPS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("bantuan.toml").read_text("utf-8"))["groups"]
"""In the order of the help; what an entry says stands at the head of the file."""


def groups_for(role: Role | None, today: date) -> list[dict[str, Any]]:
    """The help for a text of this kind, or all of it; its dates are today's."""
    day, found = tanggal(today), []
    for group in GROUPS:
        offered = [entry for entry in group["entries"] if role is None or role in entry["roles"]]
        dated = [entry | {"example": entry["example"].replace(TODAY, day)} for entry in offered]
        found += [group | {"entries": dated}] if dated else []
    return found

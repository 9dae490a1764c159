"""The part of a lesson that is alike for everybody, as one piece of HTML: rendered once for an edition, then kept."""

import json
import random
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.course.glossary import alphabetical
from lms.course.lesson import Pool
from lms.course.load import EditionView, RenderedLesson, Surroundings, filled, meanings, rendered_lesson
from lms.course.markup import render, trusted
from lms.quiz.sheet import judge
from lms.web.cache import cached

TOC_FROM = 4


@dataclass(frozen=True, slots=True)
class Article:
    """The body of a lesson page, and whether it holds practice and explains terms."""

    html: Markup
    has_practice: bool
    has_terms: bool


def article(edition: EditionView, identity: str) -> Article:
    """The article of a lesson; LookupError when the edition has no such lesson."""
    found = rendered_lesson(edition, identity)
    if found is None:
        raise LookupError(identity)

    def make() -> tuple[Article, int]:
        made = article_of(found, edition)
        return made, 2 * len(made.html)

    return cached(("article", edition.id, identity), make)


def article_of(found: RenderedLesson, around: Surroundings) -> Article:
    """The article of a rendered lesson, of an edition or of a draft, made anew."""
    legal, path = found.lesson.legal, found.lesson.path
    parts = list(enumerate(found.body, start=1))
    html = render_template(
        "learn/_isi.html",
        toc=found.toc if len(found.toc) >= TOC_FROM else (),
        body=[
            practice(part, number, path, around) if isinstance(part, Pool) else filled(around, part)
            for number, part in parts
        ],
        legal=[filled(around, rule) for rule in found.legal],
        checked=legal.checked if legal else None,
        terms=[entry.term for _, entries in alphabetical(found.terms, aliases=False) for entry in entries],
        meanings=meanings(around, found.terms),
        edition=around,
    )
    return Article(trusted(html), bool(found.lesson.practice), bool(found.terms))


def practice(pool: Pool, number: int, path: str, around: Surroundings) -> dict[str, Any]:
    """The pool that stands as part `number` of its text, to be answered on the page and judged at once.

    `questions` are (question with its truth, its key as JSON). Only who previews a draft sees a graded one so.
    """
    questions = []
    for place, question in enumerate(pool.questions, start=1):
        # Shuffled by its own hash: the same order in every page that is kept.
        order = question.shown(random.Random(question.hash), pool.fixed)
        judged = judge(question, path, around, f"l{number}-{place}", order)
        questions.append((judged, json.dumps(question.key)))
    name = pool.name or ("Kuis" if pool.kind == "kuis" else "Latihan")
    intro = filled(around, render(pool.intro, path))
    return {"name": name, "intro": intro, "questions": questions, "is_graded": pool.kind == "kuis"}

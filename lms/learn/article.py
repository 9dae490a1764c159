"""What of a lesson is the same for everybody, as one piece of HTML: rendered once for an edition, then kept."""

import json
import random
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lms.content.load import EditionView, RenderedPool, cached, filled, meanings, rendered_lesson
from lms.core.course import file_of
from lms.core.glossary import alphabetical
from lms.core.markup import trusted
from lms.core.questions import Question
from lms.quizzes.sheet import JudgedQuestion, judge, show

TOC_FROM = 4


@dataclass(frozen=True, slots=True)
class Article:
    """The body of a lesson page, and whether it holds practice and explains terms."""

    html: Markup
    has_practice: bool
    has_terms: bool


@dataclass(frozen=True, slots=True)
class PracticePool:
    """A pool that is judged at once; `questions` are (question with its truth, its key as JSON)."""

    name: str
    intro: Markup
    questions: list[tuple[JudgedQuestion, str]]


def article(edition: EditionView, identity: str) -> Article | None:
    """The article of a lesson, None when the edition has no such lesson."""
    found = rendered_lesson(edition, identity)
    if found is None:
        return None

    def make() -> tuple[Article, int]:
        legal = found.lesson.legal
        parts = list(enumerate(found.body, start=1))
        html = render_template(
            "learn/_isi.html",
            toc=found.toc if len(found.toc) >= TOC_FROM else (),
            body=[
                _practice(part, number, identity, edition) if isinstance(part, RenderedPool) else filled(edition, part)
                for number, part in parts
            ],
            legal=[filled(edition, rule) for rule in found.legal],
            checked=legal.checked if legal else None,
            terms=[entry.term for _, entries in alphabetical(found.terms, aliases=False) for entry in entries],
            meanings=meanings(edition, found.terms),
            edition=edition,
        )
        return Article(trusted(html), bool(found.lesson.practice), bool(found.terms)), 2 * len(html)

    return cached(("article", edition.id, identity), make)


def _practice(part: RenderedPool, number: int, identity: str, edition: EditionView) -> PracticePool:
    questions = [
        _practice_question(question, part.pool.fixed, f"l{number}-{place}", file_of(identity), edition)
        for place, question in enumerate(part.pool.questions, start=1)
    ]
    return PracticePool(part.pool.name or "Latihan", filled(edition, part.intro), questions)


def _practice_question(
    question: Question, fixed: bool, name: str, path: str, edition: EditionView
) -> tuple[JudgedQuestion, str]:
    """Shuffled by its own hash: the same order in every page that is kept."""
    order = question.shown(random.Random(question.hash), fixed)
    return judge(show(question, path, edition, name, order), question, path, edition), json.dumps(question.key)

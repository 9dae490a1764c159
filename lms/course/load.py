"""An edition as pages read it: outline, lessons and questions, parsed once and kept by what never changes."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from markupsafe import Markup

from lms.course import queries
from lms.course.bank import Bank, parse_bank
from lms.course.drawing import draw_sheet
from lms.course.form import Form
from lms.course.form_reading import parse_form
from lms.course.glossary import GLOSSARY, Finder, Term, parse_glossary
from lms.course.lesson import Lesson, Pool, Prose, parse_lesson, read_story
from lms.course.markup import explanation, fill_in, headings, inline, mark_terms, render
from lms.course.outline import CourseRules, file_of, identity_of, parse_course
from lms.course.questions.base import Question
from lms.course.questions.choice import SingleChoice
from lms.web.cache import cached

# What Python objects and the HTML made of a text weigh, measured against the length of the text.
WEIGHT_A_BYTE = 12

Made = TypeVar("Made")


class Surroundings(Protocol):
    """The surroundings of a text on a page: an edition, or a draft of one."""

    @property
    def slug(self) -> str:
        """The course."""

    @property
    def glossary_hash(self) -> str | None:
        """The hash of its glossary, None when it has none."""

    def address(self, reference: str) -> str | None:
        """Return the address of `lesson:identity#fragment` or `media:path`; None when it is not there."""


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """A lesson, or a form to practise on, as lists show it: minutes of reading or of a case, questions of the quiz.

    `written` are the places where people write what a trainer reads: what the attempt is called, question number.
    """

    identity: str
    title: str
    minutes: int
    has_quiz: bool
    checked: date | None
    is_form: bool = False
    asked: int = 0
    written: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module as lists show it."""

    title: str
    goals: tuple[str, ...]
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class EditionView:
    """A published edition: its rules, its outline and the hash of every file. Immutable like the edition."""

    id: int
    number: int
    slug: str
    course: CourseRules
    files: Mapping[str, str]
    modules: tuple[OutlineModule, ...]

    @cached_property
    def lessons(self) -> dict[str, OutlineLesson]:
        """Identity -> lesson, in reading order."""
        return {lesson.identity: lesson for module in self.modules for lesson in module.lessons}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Identities in reading order."""
        return tuple(self.lessons)

    @cached_property
    def quizzes(self) -> tuple[str, ...]:
        """Identities of the lessons that have a quiz, and of the forms that can be passed."""
        return tuple(lesson.identity for lesson in self.lessons.values() if lesson.has_quiz)

    @property
    def has_exams(self) -> bool:
        """Tell whether this edition has a pre-test and a post-test."""
        return self.course.test is not None and self.course.test.bank in self.files

    @property
    def glossary_hash(self) -> str | None:
        """The hash of its glossary, None when it has none."""
        return self.files.get(GLOSSARY)

    def module_of(self, identity: str) -> OutlineModule:
        """The module a lesson stands in."""
        return next(module for module in self.modules if any(lesson.identity == identity for lesson in module.lessons))

    def neighbours(self, identity: str) -> tuple[OutlineLesson | None, OutlineLesson | None]:
        """The lessons before and after this one."""
        place = self.order.index(identity)
        before = self.lessons[self.order[place - 1]] if place else None
        after = self.lessons[self.order[place + 1]] if place + 1 < len(self.order) else None
        return before, after

    def present(self, identity: str) -> str:
        """Return the name of a lesson, or of a case of a form, in this edition."""
        return self.course.present(identity)

    def earlier(self, identity: str) -> tuple[str, ...]:
        """The names a lesson had before."""
        return tuple(old for old in self.course.moved if old != identity and self.present(old) == identity)

    def quiz_url(self, identity: str) -> str:
        """Return the address where the quiz of a lesson begins; a form is its own beginning."""
        way = "belajar" if self.lessons[identity].is_form else "mulai-kuis"
        return f"/{way}/{self.slug}/{identity}"

    def address(self, reference: str) -> str | None:
        """Return the address of `lesson:identity#fragment` or `media:path`; None when this edition has it not."""
        kind, _, target = reference.partition(":")
        if kind == "media":
            blob = self.files.get(target)
            return f"/media/{blob}" if blob else None
        identity, mark, fragment = target.partition("#")
        if f"{identity}.md" == GLOSSARY and self.glossary_hash:
            return f"/istilah/{self.slug}{mark}{fragment.replace('b-', 'istilah-', 1)}"
        return f"/belajar/{self.slug}/{identity}{mark}{fragment}" if identity in self.lessons else None


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """A question with its Markdown rendered: what is asked, and what is told after judging, feedback by choice."""

    title: Markup
    prompt: Markup
    items: Mapping[str, Markup]
    feedback: Mapping[str, Markup]
    answer: Markup
    explanation: Markup


@dataclass(frozen=True)
class RenderedGlossary:
    """The terms of a course, what finds them in a text, and their explanations by slug."""

    terms: tuple[Term, ...]
    finder: Finder
    meanings: Mapping[str, Markup]


@dataclass(frozen=True)
class RenderedLesson:
    """A lesson ready for a page; references stand in it as course paths until `EditionView.address` fills them in.

    `terms` are those its prose uses, in the order of their first use.
    """

    lesson: Lesson
    body: tuple[Markup | Pool, ...]
    toc: tuple[tuple[str, str], ...]
    legal: tuple[Markup, ...]
    terms: tuple[Term, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every graded question by its hash."""
        return {question.hash: question for pool in self.lesson.quiz for question in pool.questions}


def _kept(key: tuple[object, ...], length: int, make: Callable[[], Made]) -> Made:
    """Return a thing made of texts of this length, kept by this key."""
    return cached(key, lambda: (make(), WEIGHT_A_BYTE * length))


def _from_text(key: tuple[object, ...], blob: str, make: Callable[[str], Made], weight: int = WEIGHT_A_BYTE) -> Made:
    """Return a thing made of a blob's text, kept by this key and weighed by the length of the text."""

    def made() -> tuple[Made, int]:
        text = queries.text_of(blob)
        return make(text), weight * len(text)

    return cached(key, made)


def edition_view(edition_id: int, slug: str) -> EditionView:
    """The edition's view, kept by its id; three statements when it is new."""

    def make() -> tuple[EditionView, int]:
        files = queries.edition_hashes(edition_id)
        texts = queries.files_of({path: blob for path, blob in files.items() if path.endswith((".toml", ".md"))})
        course, _ = parse_course(texts["kursus.toml"].decode())
        if course is None:
            raise ValueError(f"edition {edition_id} has no readable kursus.toml")
        modules = tuple(
            OutlineModule(
                module.title,
                module.goals,
                tuple(_outline(identity, texts[file_of(identity)].decode()) for identity in module.lessons),
            )
            for module in course.modules
        )
        view = EditionView(edition_id, queries.edition_number(edition_id), slug, course, files, modules)
        return view, 400 * len(files) + 2_000

    return cached(("edition", edition_id), make)


def _outline(identity: str, text: str) -> OutlineLesson:
    if identity.endswith(".toml"):
        form, _ = parse_form(identity, text)
        if form is None:
            raise ValueError(f"{identity} is no readable form")
        graded, checked, written = form.is_graded, form.legal.checked, _written_in(form)
        return OutlineLesson(identity, form.title, form.minutes, graded, checked, is_form=True, written=written)
    lesson, _ = parse_lesson(file_of(identity), text)
    checked = lesson.legal.checked if lesson.legal else None
    asked, written = sum(pool.asked for pool in lesson.quiz), _written(lesson)
    return OutlineLesson(
        identity, lesson.title, lesson.minutes, bool(lesson.quiz), checked, asked=asked, written=written
    )


def _written(lesson: Lesson) -> tuple[tuple[str, int], ...]:
    """Return the places of reflections, which keep their numbers: they come after the questions drawn of their pool."""
    free = {question.hash for pool in lesson.quiz for question in pool.questions if not question.counted}
    items = draw_sheet(lesson.path, lesson.quiz, 0, random.Random(0)).items if free else ()
    return tuple((identity_of(lesson.path), number) for number, item in enumerate(items, start=1) if item.hash in free)


def _written_in(form: Form) -> tuple[tuple[str, int], ...]:
    return tuple(
        (f"{form.path}#{case.slug}", number)
        for case in form.cases
        for number, item in enumerate(form.asked(case), start=1)
        if item.key and not item.key.counted
    )


def rendered_lesson(edition: EditionView, identity: str) -> RenderedLesson | None:
    """The lesson as rendered, or None when the edition has no such lesson."""
    if identity not in edition.lessons or edition.lessons[identity].is_form:
        return None
    path = file_of(identity)
    blob = edition.files[path]
    key = ("lesson", blob, path, edition.glossary_hash)
    return _from_text(key, blob, lambda text: render_lesson(parse_lesson(path, text)[0], edition))


def render_lesson(lesson: Lesson, around: Surroundings, *, with_quiz: bool = False) -> RenderedLesson:
    """The lesson rendered anew. Graded pools are part of its body for its author only."""
    finder, used = rendered_glossary(around).finder, dict[str, Term]()
    parts = (part for part in lesson.body if isinstance(part, Prose) or with_quiz or part.kind == "latihan")
    body = tuple(
        mark_terms(render(part.source, lesson.path), finder, used) if isinstance(part, Prose) else part
        for part in parts
    )
    toc = tuple(entry for part in body if isinstance(part, Markup) for entry in headings(part))
    legal = tuple(inline(rule, lesson.path) for rule in lesson.legal.rules) if lesson.legal else ()
    return RenderedLesson(lesson, body, toc, legal, tuple(used.values()))


def bank_of(edition: EditionView) -> Bank | None:
    """The questions of both tests, or None when the edition has none."""
    test = edition.course.test
    if test is None or not edition.has_exams:
        return None
    path, blob = test.bank, edition.files[test.bank]

    return _from_text(("bank", blob, path), blob, lambda text: parse_bank(path, text)[0])


def test_length(edition: EditionView) -> int:
    """Return the number of questions in each of both tests; 0 when the edition has none."""
    bank = bank_of(edition)
    return sum(pool.draw or 0 for pool in bank.pools_for(edition.course)) if bank else 0


def questions_in(edition: EditionView, path: str) -> Mapping[str, Question]:
    """The graded questions of a lesson, or of the bank, by hash."""
    bank = bank_of(edition)
    if bank is not None and bank.path == path:
        return bank.questions
    lesson = rendered_lesson(edition, identity_of(path))
    return lesson.questions if lesson else {}


def rendered_glossary(around: Surroundings) -> RenderedGlossary:
    """The glossary as rendered; empty when there is none."""
    blob = around.glossary_hash
    return _from_text(("glossary", blob), blob or "", render_glossary, 2 * WEIGHT_A_BYTE)


def render_glossary(text: str) -> RenderedGlossary:
    """A glossary rendered anew."""
    terms, _ = parse_glossary(text)
    meanings = {term.slug: explanation(term.shown, GLOSSARY) for term in terms}
    return RenderedGlossary(terms, Finder(terms), meanings)


def rendered_question(question: Question, path: str) -> RenderedQuestion:
    """A question's texts rendered, kept by the hash of its source and its file."""
    options = question.options if isinstance(question, SingleChoice) else ()
    return _kept(
        ("question", question.hash, path),
        2 * len(question.source),
        lambda: RenderedQuestion(
            inline(question.title, path),
            render(question.prompt, path),
            {key: inline(text, path) for key, text in question.items.items()},
            {option.key: inline(option.feedback, path) for option in options},
            render(question.answer_text(), path),
            render(question.explanation, path),
        ),
    )


def filled(around: Surroundings, html: Markup) -> Markup:
    """The rendered piece with the addresses of this edition, or of this draft, in it."""
    return fill_in(html, around.address)


def meanings(around: Surroundings, terms: Iterable[Term]) -> dict[str, Markup]:
    """The explanations of these terms, by slug, with addresses in them."""
    rendered = rendered_glossary(around).meanings
    return {term.slug: filled(around, rendered[term.slug]) for term in terms}


@dataclass(frozen=True, slots=True)
class RenderedForm:
    """The texts of a form as HTML; `parts` are the introductions of its sections."""

    intro: Markup
    parts: tuple[Markup, ...]
    legal: tuple[Markup, ...]


def form_of(edition: EditionView, identity: str) -> Form | None:
    """The form, or None when the edition has no such form."""
    if identity not in edition.lessons or not edition.lessons[identity].is_form:
        return None
    blob = edition.files[identity]

    return _from_text(("form", blob, identity), blob, lambda text: parse_form(identity, text)[0])


def rendered_form(edition: EditionView, form: Form) -> RenderedForm:
    """The form's own texts; references stand in them as course paths."""
    return _kept(
        ("form texts", edition.files[form.path], form.path),
        len(form.intro) + sum(len(part.intro) for part in form.parts),
        lambda: RenderedForm(
            render(form.intro, form.path),
            tuple(render(part.intro, form.path) for part in form.parts),
            tuple(inline(rule, form.path) for rule in form.legal.rules),
        ),
    )


def rendered_story(edition: EditionView, path: str) -> Markup:
    """The story in a file of this edition; references stand in it as course paths."""
    blob = edition.files[path]
    return _from_text(("story", blob, path), blob, lambda text: render(read_story(text).body, path))

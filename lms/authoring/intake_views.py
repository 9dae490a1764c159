"""Questions that were written elsewhere come into a lesson or the tests: brought, looked at and mended, then put in.

What is looked at is plain Markdown in a text area: it is what will stand in the lesson, can be mended on the spot, and
comes back with the second POST, so nothing waits anywhere and nothing is written before.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug import Response as AnyResponse

from lms.authoring import queries
from lms.authoring.draft import draft_view, place_in
from lms.authoring.intake.markdown import NoPlace, put_into
from lms.authoring.intake_reading import NotReadable, brought, questions_in
from lms.authoring.template_sheet import template
from lms.course import actions
from lms.course import queries as content
from lms.course.bank import parse_bank
from lms.course.check import LONGEST_FILE, check_file
from lms.course.lesson import Pool, PoolKind
from lms.course.markup import fill_in, inline, render
from lms.course.outline import file_of, identity_of
from lms.course.problems import Problem
from lms.course.questions.base import Question
from lms.course.questions.choice import SingleChoice
from lms.db.engine import writing
from lms.people.access import Editing, editing
from lms.web.clock import now, today

bp = Blueprint("intake", __name__)

Page = str | tuple[str, int] | AnyResponse
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POOLS: dict[str, PoolKind] = {"latihan": "latihan", "kuis": "kuis"}

EMPTY = "Belum ada soal di kotak ini. Tulis atau tempel lagi soalnya."
TOO_LONG = "Pelajaran ini menjadi lebih dari 200 KB. Kurangi soalnya, atau masukkan ke pelajaran lain."
CHANGED = "Pelajaran ini baru saja disimpan orang lain. Soal belum masuk; periksa sekali lagi, lalu tekan tombolnya."
NO_LESSON = "Pilih dulu pelajarannya."


@dataclass(frozen=True, slots=True)
class Target:
    """The pool that questions go into: of which kind, in which text, and what that holds in the draft.

    `into` is the lesson's title; for the bank of the tests it is the materi, which names the pool there.
    """

    course: Editing
    title: str
    path: str
    kind: PoolKind
    into: str
    is_test: bool
    pools: tuple[Pool, ...]
    base: str
    source: str

    @property
    def chosen(self) -> str:
        """What the list of places calls it."""
        return f"{self.path}#{self.into}" if self.is_test else self.path

    def with_questions(self, markdown: str, source: str | None = None) -> str:
        """The text with these questions at the end of the pool. Raises NoPlace."""
        subject = self.into if self.is_test else ""
        return put_into(self.source if source is None else source, self.kind, markdown, subject)


@bp.get("/pelatih/kursus/<slug>/soal/templat.xlsx")
def download_template(slug: str) -> Response:
    """The empty spreadsheet."""
    editing(slug)
    return Response(
        template(), mimetype=XLSX, headers={"Content-Disposition": 'attachment; filename="templat-soal.xlsx"'}
    )


@bp.get("/pelatih/kursus/<slug>/soal")
def intake(slug: str) -> str:
    """The form: which lesson, and the questions as a text or a file."""
    return _form(editing(slug), request.args.get("pelajaran", ""))


def _form(course: Editing, chosen: str, kind: str = "latihan", text: str = "", fault: str = "") -> str:
    draft = queries.draft_of(course.course_id, today())
    return render_template(
        "authoring/soal.html",
        course=course,
        title=draft.report.title or course.slug,
        lessons=[(file_of(identity), lesson.title) for identity, lesson in draft.report.lessons.items()],
        subjects=_subjects(draft),
        chosen=chosen,
        kind=kind,
        text=text,
        fault=fault,
    )


def _subjects(draft: queries.Draft) -> list[tuple[str, str]]:
    """(place, title) of every materi where the course has tests."""
    course = draft.report.course
    if course is None or course.test is None:
        return []
    return [(f"{course.test.bank}#{module.title}", module.title) for module in course.modules]


@bp.post("/pelatih/kursus/<slug>/soal")
def bring(slug: str) -> Page:
    """Look at what was brought, look again at what was mended, or put it in."""
    course, form = editing(slug), request.form
    kind = POOLS.get(form.get("bagian", ""))
    step = form.get("aksi", "")
    if kind is None or step not in ("lihat", "periksa", "masukkan"):
        abort(400)
    target = _target(course, form.get("pelajaran", ""), kind)
    if target is None:
        return _form(course, "", kind, form.get("teks", ""), NO_LESSON), 422
    if step == "lihat":
        return _look(target)
    markdown = form.get("soal", "").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    return _put_in(target, markdown, form.get("dasar", "")) if step == "masukkan" else _preview(target, markdown)


def _target(course: Editing, path: str, kind: PoolKind) -> Target | None:
    draft = queries.draft_of(course.course_id, today())
    lesson = draft.report.lessons.get(identity_of(path)) if path.endswith(".md") else None
    subject = dict(_subjects(draft)).get(path)
    if lesson is None and subject is None:
        return None
    path = path if lesson else path.partition("#")[0]
    base = draft.hashes.get(path, "")
    source = content.text_of(base)
    title = draft.report.title or course.slug
    if lesson:
        return Target(course, title, path, kind, lesson.title, False, lesson.pools, base, source)
    return Target(course, title, path, "kuis", subject or "", True, parse_bank(path, source)[0].pools, base, source)


def _look(target: Target) -> Page:
    file, text = request.files.get("berkas"), request.form.get("teks", "")
    data = file.read() if file else b""
    try:
        found = brought(text, (file.filename or "") if file else "", data, target.pools)
    except NotReadable as fault:
        return _form(target.course, target.chosen, target.kind, text, str(fault)), 422
    if not found.count:
        return _form_with_problems(target, text, found.problems)
    return _preview(target, found.markdown, found.problems)


def _form_with_problems(target: Target, text: str, problems: Sequence[Problem]) -> Page:
    told = "; ".join(f"baris {problem.line}: {problem.text}" for problem in problems[:5])
    fault = f"Tidak ada soal yang dapat dimasukkan: {told}."
    return _form(target.course, target.chosen, target.kind, text, fault), 422


def _preview(target: Target, markdown: str, unread: Sequence[Problem] = (), told: str = "", status: int = 200) -> Page:
    questions = questions_in(markdown)
    try:
        problems = _problems(target, target.with_questions(markdown))
    except NoPlace as fault:
        problems, told, status = [], str(fault), 422
    page = render_template(
        "authoring/soal_lihat.html",
        target=target,
        markdown=markdown,
        questions=[_shown(question, target) for question in questions],
        unread=unread,
        problems=problems,
        told=told or ("" if questions else EMPTY),
    )
    return page, status if questions else 422


def _shown(question: Question, target: Target) -> dict[str, object]:
    """A question as its author looks it over: with its key and all feedback."""

    def block(text: str) -> Markup:
        return fill_in(render(text, target.path), address)

    def line(text: str) -> Markup:
        return fill_in(inline(text, target.path), address)

    def address(reference: str) -> str:
        kind, _, path = reference.partition(":")
        way = "berkas" if kind == "media" else "sunting"
        return f"/pelatih/kursus/{target.course.slug}/{way}/{quote(path if kind == 'media' else file_of(path))}"

    options = question.options if isinstance(question, SingleChoice) else ()
    return {
        "title": line(question.title),
        "label": question.label,
        "prompt": block(question.prompt),
        "options": [
            {"text": line(option.text), "right": option.right, "feedback": block(option.feedback)} for option in options
        ],
        "answer": block("" if options else question.answer_text()),
        "explanation": block(question.explanation),
    }


def _problems(target: Target, source: str) -> list[Problem]:
    """What the checker says of the lesson with the questions that it did not say before."""
    place = place_in(draft_view(target.course.course_id, target.course.slug))
    before, after = (
        check_file(text.encode("utf-8", "replace"), target.path, place, today()) for text in (target.source, source)
    )
    said = {(problem.level, problem.text) for problem in before}
    return [problem for problem in after if (problem.level, problem.text) not in said]


def _put_in(target: Target, markdown: str, base: str) -> Page:
    """Save the lesson with the questions; pressed twice they are in it once."""
    if not questions_in(markdown):
        return _preview(target, markdown)
    text = f"/pelatih/kursus/{target.course.slug}/sunting/{quote(target.path)}"
    try:
        if base != target.base and _is_in(target, markdown, base):
            return redirect(text, 303)
        data = target.with_questions(markdown).encode("utf-8", "replace")
    except NoPlace:
        return _preview(target, markdown)
    if len(data) > LONGEST_FILE:
        return _preview(target, markdown, told=TOO_LONG, status=422)
    try:
        with writing():
            actions.save_file(target.course.course_id, target.path, data, base, target.course.viewer.person_id, now())
    except actions.EditedMeanwhile:
        again = _target(target.course, target.chosen, target.kind) or target
        return _preview(again, markdown, told=CHANGED, status=409)
    return redirect(text, 303)


def _is_in(target: Target, markdown: str, base: str) -> bool:
    """Whether the draft already is what these questions made of the lesson that the page was opened from."""
    source = content.text_of(base)
    made = target.with_questions(markdown, source).encode("utf-8", "replace")
    return hashlib.sha256(made).hexdigest() == target.base

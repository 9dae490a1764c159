"""What leaves a course and what comes in: a whole course as an archive, one lesson as a file, questions as a text."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug import Response as AnyResponse

from lms.authoring import actions as authoring_actions
from lms.authoring import queries
from lms.authoring.archive import ArchiveFault, Unpacked, pack, unpack
from lms.authoring.exchange import (
    NotALesson,
    Replacement,
    Single,
    WaitingArchive,
    bring_single,
    free_slug,
    opened,
    read_carried,
    replacement,
    sealed,
    single_problems,
)
from lms.authoring.intake.draft import NoPlace, put_into
from lms.authoring.intake_reading import NoQuestions, brought, questions_in
from lms.authoring.queries import draft_view, place_in, used_paths
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
from lms.db.engine import not_while_writing, writing
from lms.people.access import Editing, editing, staff
from lms.web.clock import now, today
from lms.web.security import takes_files

bp = Blueprint("exchange", __name__)

MEGABYTES = 15
Page = str | tuple[str, int] | AnyResponse

NO_FILE = "Pilih dulu berkasnya, lalu tekan lagi."
LAPSED = "Unggahan ini sudah tidak disimpan lagi. Unggah zip-nya sekali lagi; rancangan Anda tidak berubah."
CHANGED = "Rancangan baru saja diubah orang lain. Belum ada yang diganti; periksa daftar yang baru ini, lalu putuskan."


@bp.get("/pelatih/kursus/<slug>/bawa")
def exchange(slug: str) -> str:
    """What may leave, and the forms for what comes in."""
    return _page(editing(slug))


def _page(course: Editing, **faults: str) -> str:
    draft = queries.draft_of(course.course_id, today())
    return render_template(
        "authoring/bawa.html",
        course=course,
        title=draft.report.title or course.slug,
        texts=sorted(path for path in draft.hashes if path.endswith(".md")),
        lessons={path: draft.report.title_of(path) for path in draft.hashes if path.endswith(".md")},
        modules=draft.report.modules,
        count=len(draft.hashes),
        faults=faults,
    )


@bp.get("/pelatih/kursus/<slug>/bawa/zip")
def download(slug: str) -> Response:
    """The whole draft; the same draft gives the same bytes."""
    course = editing(slug)
    files = content.files_of(content.draft_hashes(course.course_id))
    return _attachment(pack(files, slug), "application/zip", f"{slug}.zip")


@bp.get("/pelatih/kursus/<slug>/bawa/md/<path:path>")
def download_text(slug: str, path: str) -> Response:
    """One text of the draft as it is."""
    course = editing(slug)
    blob = content.draft_hash(course.course_id, path) if path.endswith(".md") else ""
    if not blob:
        abort(404)
    return _attachment(content.blobs({blob})[blob], "text/markdown", PurePosixPath(path).name)


def _attachment(data: bytes, kind: str, name: str) -> Response:
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
    return Response(data, mimetype=kind, headers=headers)


@bp.post("/pelatih/kursus/<slug>/bawa")
@takes_files(MEGABYTES)
def bring(slug: str) -> Page:
    """Look at what came, or do what was looked at."""
    course = editing(slug)
    step = STEPS.get(request.form.get("aksi", ""))
    if step is None:
        abort(400)
    return step(course)


def _look_at_archive(course: Editing) -> Page:
    try:
        data, unpacked = _sent_archive()
    except ArchiveFault as fault:
        return _page(course, zip=str(fault)), 422
    draft = content.draft_hashes(course.course_id)
    found = _replacement(course, unpacked, draft)
    held = _keep(data, course.viewer.person_id, course.slug, actions.fingerprint(draft), found)
    return _archive_page(course, found, held)


def _sent_archive() -> tuple[bytes, Unpacked]:
    """The archive as it was sent, and what is in it; raises ArchiveFault."""
    file = request.files.get("zip")
    data = file.read() if file else b""
    if not data:
        raise ArchiveFault(NO_FILE)
    return data, _unpacked(data)


def _keep(data: bytes, person_id: int, slug: str, before: str, found: Replacement) -> WaitingArchive:
    with writing():
        name = authoring_actions.keep_waiting(data, now())
    return WaitingArchive(name, person_id, slug, before, found.after)


def _replacement(course: Editing, unpacked: Unpacked, draft: Mapping[str, str]) -> Replacement:
    used = used_paths(course.course_id, queries.draft_of(course.course_id, today()))
    return replacement(unpacked, draft, today(), used)


def _unpacked(data: bytes) -> Unpacked:
    not_while_writing("archive")
    return unpack(data)


def _archive_page(course: Editing, found: Replacement, held: WaitingArchive, told: str = "") -> Page:
    page = render_template("authoring/bawa_zip.html", course=course, found=found, seal=sealed(held), told=told)
    return (page, 409) if told else page


def _take_archive(course: Editing) -> Page:
    """Replace the draft by what was looked at; pressed twice it is replaced once."""
    held = opened(request.form.get("titipan", ""), course.viewer.person_id)
    if held is None or held.slug != course.slug:
        return _page(course, zip=LAPSED), 422
    desk = redirect(f"/pelatih/kursus/{course.slug}", 303)
    draft = content.draft_hashes(course.course_id)
    if actions.fingerprint(draft) == held.after:
        return desk
    data = content.blobs({held.name}).get(held.name)
    if data is None:
        return _page(course, zip=LAPSED), 422
    unpacked = _unpacked(data)
    try:
        with writing():
            authoring_actions.replace_draft(
                course.course_id, held.before, unpacked.files, course.viewer.person_id, now()
            )
            authoring_actions.forget_waiting(held.name)
    except actions.DraftChanged:
        draft = content.draft_hashes(course.course_id)
        again = replace(held, before=actions.fingerprint(draft))
        return _archive_page(course, _replacement(course, unpacked, draft), again, CHANGED)
    return desk


def _call_off(course: Editing) -> Page:
    return _let_go(course.viewer.person_id, f"/pelatih/kursus/{course.slug}/bawa")


def _let_go(person_id: int, onward: str) -> Page:
    held = opened(request.form.get("titipan", ""), person_id)
    if held:
        with writing():
            authoring_actions.forget_waiting(held.name)
    return redirect(onward, 303)


def _look_at_text(course: Editing) -> Page:
    file = request.files.get("md")
    data = file.read() if file else b""
    if not file or not data:
        return _page(course, md=NO_FILE), 422
    draft = queries.draft_of(course.course_id, today())
    try:
        single = bring_single(
            file.filename or "", data, request.form.get("tujuan", ""), draft, used_paths(course.course_id, draft)
        )
    except NotALesson as fault:
        return _page(course, md=str(fault)), 422
    return _text_page(course, draft, single)


def _text_page(course: Editing, draft: queries.Draft, single: Single, told: str = "") -> Page:
    page = render_template(
        "authoring/bawa_md.html",
        course=course,
        title=draft.report.title or course.slug,
        single=single,
        problems=single_problems(single, draft, today()),
        told=told,
    )
    return (page, 409) if told else page


def _take_text(course: Editing) -> Page:
    draft = queries.draft_of(course.course_id, today())
    single = read_carried(request.form)
    if single is None:
        abort(400)
    try:
        with writing():
            authoring_actions.save_single(course.course_id, single, course.viewer.person_id, now())
    except actions.EditedMeanwhile as other:
        return _text_page(course, draft, replace(single, base=other.theirs), CHANGED)
    return redirect(f"/pelatih/kursus/{course.slug}/sunting/{quote(single.path)}", 303)


STEPS = {
    "lihat-zip": _look_at_archive,
    "pakai-zip": _take_archive,
    "batal-zip": _call_off,
    "lihat-md": _look_at_text,
    "pakai-md": _take_text,
}


@bp.get("/pelatih/kursus/baru-dari-zip")
def new_from_archive() -> str:
    """The form for a course that comes as an archive."""
    staff()
    return render_template("authoring/baru_zip.html", fault="")


@bp.post("/pelatih/kursus/baru-dari-zip")
@takes_files(MEGABYTES)
def bring_new() -> Page:
    """Look at the archive, or make the course that was looked at."""
    who = staff()
    if request.form.get("aksi") == "batal-zip":
        return _let_go(who.person_id, "/pelatih/kursus")
    return _make(who.person_id) if request.form.get("aksi") == "pakai-zip" else _look_at_new(who.person_id)


def _new_page(fault: str) -> Page:
    return render_template("authoring/baru_zip.html", fault=fault), 422


def _look_at_new(person_id: int) -> Page:
    try:
        data, unpacked = _sent_archive()
    except ArchiveFault as fault:
        return _new_page(str(fault))
    found = replacement(unpacked, {}, today())
    slug = free_slug(found.title or "kursus", queries.all_slugs())
    seal = sealed(_keep(data, person_id, slug, "", found))
    return render_template("authoring/bawa_zip.html", course=None, slug=slug, found=found, seal=seal, told="")


def _make(person_id: int) -> Page:
    """The new course; pressed twice it is one."""
    held = opened(request.form.get("titipan", ""), person_id)
    data = content.blobs({held.name}).get(held.name) if held else None
    if held is None or data is None:
        if held and held.slug in queries.all_slugs():
            return redirect(f"/pelatih/kursus/{held.slug}", 303)
        return _new_page(LAPSED)
    unpacked = _unpacked(data)
    with writing():
        slug = held.slug
        if authoring_actions.forget_waiting(held.name):
            slug = free_slug(slug, queries.all_slugs())
            authoring_actions.open_course(slug, unpacked.files, person_id, now(), "kursus dibuat dari zip")
    return redirect(f"/pelatih/kursus/{slug}", 303)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POOLS: dict[str, PoolKind] = {"latihan": "latihan", "kuis": "kuis"}

EMPTY = "Belum ada soal di kotak ini. Tulis atau tempel lagi soalnya."
TOO_LONG = "Pelajaran ini menjadi lebih dari 200 KB. Kurangi soalnya, atau masukkan ke pelajaran lain."
LESSON_CHANGED = (
    "Pelajaran ini baru saja disimpan orang lain. Soal belum masuk; periksa sekali lagi, lalu tekan tombolnya."
)
NO_LESSON = "Pilih dulu pelajarannya."


@dataclass(frozen=True, slots=True)
class QuestionPool:
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
    """The spreadsheet that questions are written into: an empty sheet, examples of every kind, what a column means."""
    editing(slug)
    return _attachment(Path(__file__).with_name("templat-soal.xlsx").read_bytes(), XLSX, "templat-soal.xlsx")


@bp.get("/pelatih/kursus/<slug>/soal")
def questions(slug: str) -> str:
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
def bring_questions(slug: str) -> Page:
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


def _target(course: Editing, path: str, kind: PoolKind) -> QuestionPool | None:
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
        return QuestionPool(course, title, path, kind, lesson.title, False, lesson.pools, base, source)
    return QuestionPool(
        course, title, path, "kuis", subject or "", True, parse_bank(path, source)[0].pools, base, source
    )


def _look(target: QuestionPool) -> Page:
    file, text = request.files.get("berkas"), request.form.get("teks", "")
    data = file.read() if file else b""
    try:
        found = brought(text, (file.filename or "") if file else "", data, target.pools)
    except NoQuestions as fault:
        return _form(target.course, target.chosen, target.kind, text, str(fault)), 422
    if not found.count:
        return _form_with_problems(target, text, found.problems)
    return _preview(target, found.markdown, found.problems)


def _form_with_problems(target: QuestionPool, text: str, problems: Sequence[Problem]) -> Page:
    told = "; ".join(f"baris {problem.line}: {problem.text}" for problem in problems[:5])
    fault = f"Tidak ada soal yang dapat dimasukkan: {told}."
    return _form(target.course, target.chosen, target.kind, text, fault), 422


def _preview(
    target: QuestionPool, markdown: str, unread: Sequence[Problem] = (), told: str = "", status: int = 200
) -> Page:
    questions = questions_in(markdown)
    try:
        problems = _new_problems(target, target.with_questions(markdown))
    except NoPlace as fault:
        problems, told, status = [], str(fault), 422
    page = render_template(
        "authoring/soal_lihat.html",
        target=target,
        markdown=markdown,
        questions=[_shown_question(question, target) for question in questions],
        unread=unread,
        problems=problems,
        told=told or ("" if questions else EMPTY),
    )
    return page, status if questions else 422


def _shown_question(question: Question, target: QuestionPool) -> dict[str, object]:
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


def _new_problems(target: QuestionPool, source: str) -> list[Problem]:
    """What the checker says of the lesson with the questions that it did not say before."""
    place = place_in(draft_view(target.course.course_id, target.course.slug))
    before, after = (
        check_file(text.encode("utf-8", "replace"), target.path, place, today()) for text in (target.source, source)
    )
    said = {(problem.level, problem.text) for problem in before}
    return [problem for problem in after if (problem.level, problem.text) not in said]


def _put_in(target: QuestionPool, markdown: str, base: str) -> Page:
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
        return _preview(again, markdown, told=LESSON_CHANGED, status=409)
    return redirect(text, 303)


def _is_in(target: QuestionPool, markdown: str, base: str) -> bool:
    """Whether the draft already is what these questions made of the lesson that the page was opened from."""
    source = content.text_of(base)
    made = target.with_questions(markdown, source).encode("utf-8", "replace")
    return hashlib.sha256(made).hexdigest() == target.base

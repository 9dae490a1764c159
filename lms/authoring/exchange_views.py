"""Bringing in and taking out: a whole course as an archive, one lesson as a file, questions as a text."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug import Response as AnyResponse

from lms.authoring import actions as authoring_actions
from lms.authoring import exchange as rules
from lms.authoring import queries
from lms.authoring.archive import Unpacked, pack, unpack
from lms.authoring.desk_views import courses_page
from lms.authoring.intake.draft import NoPlace, put_into
from lms.authoring.intake.rows import FIELDS
from lms.authoring.intake_reading import brought, questions_in
from lms.authoring.queries import DraftView, draft_view, place_in, used_paths
from lms.course import actions
from lms.course import queries as content
from lms.course.bank import parse_bank
from lms.course.check import LONGEST_FILE, check_file
from lms.course.lesson import POOL_KINDS, Pool, PoolKind
from lms.course.load import filled
from lms.course.markup import inline, render
from lms.course.outline import file_of, identity_of
from lms.course.problems import Problem
from lms.db.engine import made_once, not_while_writing, writing
from lms.paper.packed import Refused
from lms.paper.printing import attachment
from lms.people.access import Editing, editing, signed_in, staff
from lms.web.clock import now, today
from lms.web.security import takes_files

bp = Blueprint("exchange", __name__)

Page = str | tuple[str, int] | AnyResponse

NO_FILE = "Pilih dulu berkasnya, lalu tekan lagi."
LAPSED = "Unggahan ini sudah tidak disimpan lagi. Unggah zip-nya sekali lagi; rancangan Anda tidak berubah."
CHANGED = "Rancangan baru saja diubah orang lain. Belum ada yang diganti; periksa daftar yang baru ini, lalu putuskan."


@bp.get("/pelatih/kursus/<slug>/bawa")
def exchange(slug: str) -> str:
    """Show what may leave, and the forms for what comes in."""
    return _page(editing(slug))


def _page(course: Editing, **faults: str) -> str:
    draft = queries.draft_of(course.course_id, today())
    lessons = {path: draft.report.title_of(path) for path in sorted(draft.hashes) if path.endswith(".md")}
    return render_template(
        "authoring/bawa.html",
        course=course,
        title=draft.report.title or course.slug,
        lessons=lessons,
        draft=draft,
        faults=faults,
    )


@bp.get("/pelatih/kursus/<slug>/bawa/zip")
def download(slug: str) -> Response:
    """The whole draft; the same draft gives the same bytes."""
    course = editing(slug)
    files = content.files_of(content.draft_hashes(course.course_id))
    return attachment(pack(files, slug), f"{slug}.zip")


@bp.get("/pelatih/kursus/<slug>/bawa/md/<path:path>")
def download_text(slug: str, path: str) -> Response:
    """One text of the draft as it is."""
    course = editing(slug)
    blob = content.draft_hash(course.course_id, path) if path.endswith(".md") else ""
    if not blob:
        abort(404)
    name = re.sub(r"[^A-Za-z0-9._-]", "-", PurePosixPath(path).name)
    return attachment(content.blobs({blob})[blob], name)


@bp.post("/pelatih/kursus/<slug>/bawa")
@takes_files
def bring(slug: str) -> Page:
    """Look at what came, or do what was looked at."""
    course = editing(slug)
    step = STEPS.get(request.form.get("aksi", ""))
    if step is None:
        abort(400)
    return step(course)


@bp.post("/pelatih/kursus/baru-dari-zip")
@takes_files
def bring_new() -> Page:
    """Look at the archive, or make the course that was looked at."""
    staff()
    return ARCHIVE_STEPS.get(request.form.get("aksi", ""), _look_at_archive)(None)


def _sent(field: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that was chosen; nothing where none was."""
    file = request.files.get(field)
    return (file.filename or "", file.read()) if file else ("", b"")


def _look_at_archive(course: Editing | None) -> Page:
    """Keep an archive for a course, or for a new one, and show what it would change."""
    _, data = _sent("zip")
    try:
        unpacked = _unpacked(data)
    except Refused as fault:
        return _refused(course, str(fault) if data else NO_FILE)
    found = _replacement(course, unpacked)
    slug = course.slug if course else queries.free_slug(found.title or "kursus")
    with writing():
        name = authoring_actions.keep_waiting(data, now())
    held = rules.WaitingArchive(name, signed_in().person_id, slug, found.before, found.after)
    return _archive_page(course, found, held)


def _refused(course: Editing | None, fault: str) -> Page:
    """The page on which the archive is chosen, once more."""
    return (_page(course, zip=fault) if course else courses_page({"zip": fault})), 422


def _unpacked(data: bytes) -> Unpacked:
    not_while_writing("archive")
    return unpack(data)


def _replacement(course: Editing | None, unpacked: Unpacked) -> rules.Replacement:
    if course is None:
        return rules.replacement(unpacked, {}, today())
    draft = queries.draft_of(course.course_id, today())
    return rules.replacement(unpacked, draft.hashes, today(), used_paths(course.course_id, draft))


def _archive_page(course: Editing | None, found: rules.Replacement, held: rules.WaitingArchive, told: str = "") -> str:
    return render_template(
        "authoring/bawa_zip.html", course=course, slug=held.slug, found=found, seal=rules.sealed(held), told=told
    )


def _take_archive(course: Editing | None) -> Page:
    """Replace the draft by what was looked at, or begin a course with it; pressed twice it is done once."""
    held = rules.opened(request.form.get("titipan", ""), signed_in().person_id)
    if held is None or (course and held.slug != course.slug):
        return _refused(course, LAPSED)
    desk = redirect(f"/pelatih/kursus/{held.slug}", 303)
    if course and actions.fingerprint(content.draft_hashes(course.course_id)) == held.after:
        return desk
    data = content.blobs({held.name}).get(held.name)
    if data is None:
        return desk if course is None and content.course_by_slug(held.slug) else _refused(course, LAPSED)
    unpacked = _unpacked(data)
    try:
        slug = made_once(lambda: _take_in(course, held, unpacked))
    except actions.DraftChanged:
        found = _replacement(course, unpacked)
        return _archive_page(course, found, held._replace(before=found.before), CHANGED), 409
    return redirect(f"/pelatih/kursus/{slug}", 303)


def _take_in(course: Editing | None, held: rules.WaitingArchive, unpacked: Unpacked) -> str:
    """The slug of the course that has the files now. Of two presses at once the second finds nothing waiting."""
    if not authoring_actions.forget_waiting(held.name):
        return held.slug
    if course:
        authoring_actions.replace_draft(course.course_id, held.before, unpacked.files, held.person_id, now())
        return held.slug
    return authoring_actions.open_course(held.slug, unpacked.files, held.person_id, now(), "kursus dibuat dari zip")


def _call_off(course: Editing | None) -> Page:
    if held := rules.opened(request.form.get("titipan", ""), signed_in().person_id):
        with writing():
            authoring_actions.forget_waiting(held.name)
    return redirect(f"/pelatih/kursus/{course.slug}/bawa" if course else "/pelatih/kursus", 303)


def _look_at_text(course: Editing) -> Page:
    name, data = _sent("md")
    if not data:
        return _page(course, md=NO_FILE), 422
    draft = queries.draft_of(course.course_id, today())
    target, used = request.form.get("tujuan", ""), used_paths(course.course_id, draft)
    try:
        return _text_page(course, draft, rules.bring_single(name, data, target, draft, used))
    except Refused as fault:
        return _page(course, md=str(fault)), 422


def _text_page(course: Editing, draft: queries.Draft, single: rules.Single, told: str = "") -> str:
    return render_template(
        "authoring/bawa_md.html",
        course=course,
        title=draft.report.title or course.slug,
        single=single,
        problems=rules.single_problems(single, draft, today()),
        told=told,
    )


def _take_text(course: Editing) -> Page:
    draft = queries.draft_of(course.course_id, today())
    single = rules.read_carried(request.form)
    if single is None:
        abort(400)
    try:
        with writing():
            authoring_actions.save_single(course.course_id, single, course.viewer.person_id, now())
    except actions.EditedMeanwhile as other:
        return _text_page(course, draft, replace(single, base=other.theirs), CHANGED), 409
    return redirect(f"/pelatih/kursus/{course.slug}/sunting/{quote(single.path)}", 303)


ARCHIVE_STEPS: Mapping[str, Callable[[Editing | None], Page]] = {
    "lihat-zip": _look_at_archive,
    "pakai-zip": _take_archive,
    "batal-zip": _call_off,
}
STEPS: Mapping[str, Callable[[Editing], Page]] = {**ARCHIVE_STEPS, "lihat-md": _look_at_text, "pakai-md": _take_text}


EMPTY = "Belum ada soal di kotak ini. Tulis atau tempel lagi soalnya."
TOO_LONG = "Pelajaran ini menjadi lebih dari 200 KB. Kurangi soalnya, atau masukkan ke pelajaran lain."


@dataclass(frozen=True, slots=True)
class QuestionPool:
    """The pool that questions go into: of which kind, in which text, and what that holds in the draft.

    `chosen` is what the list of places calls it; `into` is the lesson's title, for the bank of the tests the materi,
    which names the pool there.
    """

    course: Editing
    title: str
    chosen: str
    path: str
    kind: PoolKind
    into: str
    is_test: bool
    pools: tuple[Pool, ...]
    base: str

    def with_questions(self, markdown: str, source: str) -> str:
        """The text with these questions at the end of the pool. Raises NoPlace."""
        return put_into(source, self.kind, markdown, self.into if self.is_test else "")


@bp.get("/pelatih/kursus/<slug>/soal/templat.xlsx")
def download_template(slug: str) -> Response:
    """The spreadsheet that questions are written into: an empty sheet, examples of every kind, what a column means."""
    editing(slug)
    return attachment(Path(__file__).with_name("templat-soal.xlsx").read_bytes(), "templat-soal.xlsx")


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
        subjects=_subjects(draft).items(),
        chosen=chosen,
        kind=kind,
        text=text,
        fault=fault,
        fields=_fields(),
    )


def _fields() -> dict[str, str]:
    return {name: ", ".join(filter(None, request.form.getlist(f"isian {name}"))) for name in FIELDS}


def _subjects(draft: queries.Draft) -> dict[str, str]:
    """Place -> title of every materi where the course has tests."""
    course = draft.report.course
    if course is None or course.test is None:
        return {}
    return {f"{course.test.bank}#{module.title}": module.title for module in course.modules}


@bp.post("/pelatih/kursus/<slug>/soal")
@takes_files
def bring_questions(slug: str) -> Page:
    """Look at what was brought, look again at what was mended, or put it in."""
    course, form = editing(slug), request.form
    kind = POOL_KINDS.get(form.get("bagian", ""))
    step = form.get("aksi", "")
    if kind is None or step not in ("lihat", "periksa", "masukkan"):
        abort(400)
    pool = _pool(course, form.get("pelajaran", ""), kind)
    if pool is None:
        return _form(course, "", kind, form.get("teks", ""), "Pilih dulu pelajarannya."), 422
    if step == "lihat":
        return _look(pool)
    markdown = form.get("soal", "").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    return _put_in(pool, markdown, form.get("dasar", "")) if step == "masukkan" else _preview(pool, markdown)


def _pool(course: Editing, chosen: str, kind: PoolKind) -> QuestionPool | None:
    draft = queries.draft_of(course.course_id, today())
    title = draft.report.title or course.slug
    if chosen.endswith(".md") and (lesson := draft.report.lessons.get(identity_of(chosen))):
        base = draft.hashes[chosen]
        return QuestionPool(course, title, chosen, chosen, kind, lesson.title, False, lesson.pools, base)
    subject = _subjects(draft).get(chosen)
    if subject is None:
        return None
    path = chosen.partition("#")[0]
    base = draft.hashes.get(path, "")
    pools = parse_bank(path, content.text_of(base))[0].pools
    return QuestionPool(course, title, chosen, path, "kuis", subject, True, pools, base)


def _look(pool: QuestionPool) -> Page:
    text = request.form.get("teks", "")
    try:
        markdown, problems = brought(text, *_sent("berkas"), pool.pools, _fields())
    except Refused as fault:
        return _form(pool.course, pool.chosen, pool.kind, text, str(fault)), 422
    if markdown:
        return _preview(pool, markdown, problems)
    told = "; ".join(f"baris {problem.line}: {problem.text}" for problem in problems[:5])
    return _form(pool.course, pool.chosen, pool.kind, text, f"Tidak ada soal yang dapat dimasukkan: {told}."), 422


def _preview(
    pool: QuestionPool, markdown: str, unread: Sequence[Problem] = (), told: str = "", status: int = 200
) -> Page:
    questions = questions_in(markdown)
    view = draft_view(pool.course.course_id, pool.course.slug)
    try:
        problems = _new_problems(pool, markdown, view)
    except NoPlace as fault:
        problems, told, status = [], str(fault), 422
    page = render_template(
        "authoring/soal_lihat.html",
        target=pool,
        markdown=markdown,
        questions=questions,
        block=lambda text: filled(view, render(text, pool.path)),
        line=lambda text: filled(view, inline(text, pool.path)),
        unread=unread,
        problems=problems,
        told=told or ("" if questions else EMPTY),
    )
    return page, status if questions else 422


def _new_problems(pool: QuestionPool, markdown: str, view: DraftView) -> list[Problem]:
    """Return the checker's findings in the lesson with the questions that were none before."""
    source = content.text_of(pool.base)
    texts, place = (source, pool.with_questions(markdown, source)), place_in(view)
    before, after = (check_file(text.encode("utf-8", "replace"), pool.path, place, today()) for text in texts)
    said = {(problem.level, problem.text) for problem in before}
    return [problem for problem in after if (problem.level, problem.text) not in said]


def _put_in(pool: QuestionPool, markdown: str, base: str) -> Page:
    """Save the text that the page was opened from with the questions; pressed twice they are in it once."""
    course, data = pool.course, b""
    with suppress(NoPlace):
        data = pool.with_questions(markdown, content.text_of(base)).encode("utf-8", "replace")
    if not data or not questions_in(markdown):
        return _preview(pool, markdown)
    if len(data) > LONGEST_FILE:
        return _preview(pool, markdown, told=TOO_LONG, status=422)
    try:
        with writing():
            actions.save_file(course.course_id, pool.path, data, base, course.viewer.person_id, now())
    except actions.EditedMeanwhile:
        again = _pool(course, pool.chosen, pool.kind) or pool
        told = (
            "Pelajaran ini baru saja disimpan orang lain. Soal belum masuk; periksa sekali lagi, lalu tekan tombolnya."
        )
        return _preview(again, markdown, told=told, status=409)
    return redirect(f"/pelatih/kursus/{course.slug}/sunting/{quote(pool.path)}", 303)

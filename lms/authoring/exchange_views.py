"""A course leaves as one archive and comes back the same, byte for byte; one lesson as its own file."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug import Response as AnyResponse

from lms.authoring import exchange_actions, queries
from lms.authoring.actions import open_course
from lms.authoring.archive import ArchiveFault, Unpacked, pack, unpack
from lms.authoring.exchange import Held, Replacement, free_slug, opened, replacement, sealed
from lms.authoring.file_queries import used_paths
from lms.authoring.single import NotALesson, Single, bring_single, read_carried, single_problems
from lms.course import actions
from lms.course import queries as content
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


def _keep(data: bytes, person_id: int, slug: str, before: str, found: Replacement) -> Held:
    with writing():
        name = exchange_actions.keep_waiting(data, now())
    return Held(name, person_id, slug, before, found.after)


def _replacement(course: Editing, unpacked: Unpacked, draft: Mapping[str, str]) -> Replacement:
    used = used_paths(course.course_id, queries.draft_of(course.course_id, today()))
    return replacement(unpacked, draft, today(), used)


def _unpacked(data: bytes) -> Unpacked:
    not_while_writing("archive")
    return unpack(data)


def _archive_page(course: Editing, found: Replacement, held: Held, told: str = "") -> Page:
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
            exchange_actions.replace_draft(
                course.course_id, held.before, unpacked.files, course.viewer.person_id, now()
            )
            exchange_actions.forget_waiting(held.name)
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
            exchange_actions.forget_waiting(held.name)
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
            exchange_actions.save_single(course.course_id, single, course.viewer.person_id, now())
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
        if exchange_actions.forget_waiting(held.name):
            slug = free_slug(slug, queries.all_slugs())
            open_course(slug, unpacked.files, person_id, now(), "kursus dibuat dari zip")
    return redirect(f"/pelatih/kursus/{slug}", 303)

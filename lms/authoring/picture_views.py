"""Pictures of a course that is being written: sent, looked at, listed, and thrown away when no text shows them."""

from math import ceil
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request
from werkzeug import Response as AnyResponse

from lms.authoring.draft_pictures import draft_file, keep, markdown, pictures_of, words_fault
from lms.authoring.queries import draft_of
from lms.course import queries as content
from lms.course.actions import save_files
from lms.course.pictures import PictureRefused
from lms.course.redrawn import for_lesson
from lms.db.engine import writing
from lms.people.access import Editing, editing
from lms.web.clock import now, today
from lms.web.errors import wants_json
from lms.web.media import PICTURE_TYPES, TEXT_TYPES, media
from lms.web.security import takes_files

bp = Blueprint("pictures", __name__, url_prefix="/pelatih/kursus/<slug>")


def _writing_in(slug: str, path: str) -> Editing:
    """The course of somebody who may put pictures into this text of its draft; else 404."""
    held = editing(slug)
    if not path.endswith(".md") or path not in content.draft_hashes(held.course_id):
        abort(404)
    return held


@bp.get("/gambar/<path:path>")
def ask(slug: str, path: str) -> str:
    """The form for a picture; after one was sent, what to write into the text."""
    held, there = _writing_in(slug, path), request.args.get("baru", "")
    kept = draft_file(held.course_id, there) if there else None
    words = request.args.get("teks", "")
    return render_template(
        "authoring/gambar_kirim.html",
        course=held,
        path=path,
        kept=there if kept else "",
        kb=_kb(kept[1]) if kept else 0,
        before=request.args.get("asal", 0, int),
        line=markdown(path, there, words) if kept else "",
        words=words,
        faults={},
    )


@bp.post("/gambar/<path:path>")
@takes_files(megabytes=6)
def add(slug: str, path: str) -> AnyResponse | tuple[str, int]:
    """Keep the picture, made anew; sent twice it is one. A script gets the line to insert as JSON."""
    held, sent = _writing_in(slug, path), request.files.get("gambar")
    data, words = sent.read() if sent else b"", " ".join(request.form.get("teks", "").split())
    faults = {"teks": fault} if (fault := words_fault(words)) else {}
    try:
        picture = for_lesson(data)
    except PictureRefused as refused:
        faults["gambar"] = str(refused)
    if faults:
        return _refused(held, path, words, faults)
    try:
        with writing():
            there = keep(held.course_id, path, picture, words, held.viewer.person_id, now())
    except PictureRefused as refused:
        return _refused(held, path, words, {"gambar": str(refused)})
    if wants_json():
        line, size = markdown(path, there, words), {"width": picture.width, "height": picture.height}
        return jsonify(markdown=line, path=there, kb=_kb(picture.data), **size)
    told = urlencode({"baru": there, "teks": words, "asal": _kb(data)})
    return redirect(f"/pelatih/kursus/{slug}/gambar/{quote(path)}?{told}", 303)


def _refused(held: Editing, path: str, words: str, faults: dict[str, str]) -> AnyResponse | tuple[str, int]:
    if wants_json():
        return make_response(jsonify(error="gambar", text=" ".join(faults.values()), faults=faults), 422)
    page = render_template(
        "authoring/gambar_kirim.html",
        course=held,
        path=path,
        kept="",
        kb=0,
        before=0,
        line="",
        words=words,
        faults=faults,
    )
    return page, 422


def _kb(data: bytes) -> int:
    return ceil(len(data) / 1024)


@bp.get("/berkas/<path:path>")
def file(slug: str, path: str) -> AnyResponse:
    """A file of the draft as it is, to look at; pictures and texts, nothing else."""
    found = draft_file(editing(slug).course_id, path)
    response: Response | None = media(path, found[1], PICTURE_TYPES | TEXT_TYPES) if found else None
    if found is None or response is None:
        abort(404)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found[0])
    return response.make_conditional(request)


@bp.get("/gambar")
def overview(slug: str) -> str:
    """Every picture of the draft: what it weighs, where it is shown, and which may go."""
    held = editing(slug)
    draft = draft_of(held.course_id, today())
    title = draft.report.title or slug
    gone = request.args.get("dihapus", 0, int)
    return render_template("authoring/gambar.html", course=held, title=title, pictures=pictures_of(draft), gone=gone)


@bp.post("/gambar")
def remove(slug: str) -> AnyResponse:
    """Take pictures out of the draft that no text shows; readers keep theirs until the next edition."""
    held = editing(slug)
    draft = draft_of(held.course_id, today())
    unused = {each.path for each in pictures_of(draft) if not each.places}
    gone = sorted(unused & set(request.form.getlist("hapus")))
    with writing():
        unchanged = content.draft_hashes(held.course_id) == draft.hashes
        if gone and unchanged:
            save_files(held.course_id, dict.fromkeys(gone), held.viewer.person_id, now())
    if not unchanged:
        abort(409)
    return redirect(f"/pelatih/kursus/{slug}/gambar?dihapus={len(gone)}", 303)

"""The editor of the texts of a course: one text area, its preview, the help beside it, and the pictures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from posixpath import dirname
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from lms.authoring.actions import draft_file, keep, markdown, pictures_of, words_fault
from lms.authoring.archive import path_fault
from lms.authoring.differences import Conflict, differences, marked, merge
from lms.authoring.intake.draft import as_markdown
from lms.authoring.intake.rows import FIELDS
from lms.authoring.intake_reading import fields_of, from_fields, question_at
from lms.authoring.preview import Preview, groups_for, preview
from lms.authoring.queries import DraftView, draft_of, draft_view, place_in, renamed_to, titled, titles_in
from lms.authoring.text import NotText, closed, opened, typed
from lms.course import actions
from lms.course import queries as content
from lms.course.actions import save_files
from lms.course.check import LONGEST_FILE
from lms.course.glossary import GLOSSARY
from lms.course.links import relative, relinked
from lms.course.load import rendered_glossary
from lms.course.outline import COURSE_FILE, LONGEST_PATH
from lms.course.pictures import PictureRefused
from lms.course.redrawn import for_lesson
from lms.db.engine import writing
from lms.people.access import Editing, editing, staff
from lms.web.clock import now, today
from lms.web.dates import WIB
from lms.web.errors import answer, wants_json
from lms.web.media import PICTURE_TYPES, TEXT_TYPES, media
from lms.web.security import POLICY, POLICY_HEADER, may_be_compressed, takes_files

bp = Blueprint("editor", __name__)

HASH = re.compile(r"[0-9a-f]{64}")
NAMES = {"kursus": "Urutan dan aturan", "istilah": "Daftar istilah", "tes": "Soal tes awal dan tes akhir"}
LONGEST_TO_REWRITE = 100_000
"""Above so many characters a field to write a place anew starts empty: with it the form would get too large to send."""
TOO_LONG = "Tulisan ini lebih dari 200 KB dan belum tersimpan. Pindahkan sebagian ke pelajaran lain, lalu simpan lagi."


@dataclass(frozen=True)
class OpenFile:
    """A text of a draft that is open: what it stands among, its hash, its bytes and its text.

    `was` is the name it was asked for by, where it has another one by now.
    """

    editing: Editing
    view: DraftView
    path: str
    base: str
    data: bytes
    text: str
    was: str = ""


def open_file(who: Editing, path: str, *, base: str = "", deleted_too: bool = False) -> OpenFile:
    """The text; 404 when there is none, and a page that says why, 422, when it is no text.

    Those that a course may have one of are empty ones without a hash where they are not there yet; so is, with
    `deleted_too`, a file that was deleted from the draft, whether anybody ever read it or not. `base` is the hash that
    somebody started from.
    """
    may_be_compressed()
    view = draft_view(who.course_id, who.slug)
    was = ""
    if path not in view.files and (new := renamed_to(view, path, base)):
        path, was = new, path
    if path not in view.files:
        may_be_new = path in (COURSE_FILE, GLOSSARY, place_in(view).bank) and not path_fault(path)
        was_there = deleted_too and _was_there(who.course_id, path, base)
        if not may_be_new and not was_there:
            abort(404)
        return OpenFile(who, view, path, "", b"", "")
    blob = view.files[path]
    data = content.blobs({blob})[blob]
    try:
        return OpenFile(who, view, path, blob, data, opened(path, data), was)
    except NotText as reason:
        page = render_template("authoring/bukan_teks.html", slug=who.slug, path=path, reason=reason)
        abort(make_response(page, 422))


def _was_there(course_id: int, path: str, base: str) -> bool:
    """Whether a file that the draft has no longer was there: participants read it, or `base` is a text that we keep."""
    if path in content.edition_hashes_of_current(course_id):
        return True
    is_text = path.endswith((".md", ".toml")) and not path_fault(path)
    return is_text and bool(HASH.fullmatch(base)) and base in content.blobs({base})


@bp.get("/pelatih/kursus/<slug>/sunting/<path:path>")
def edit(slug: str, path: str) -> Response:
    """The text in its area; the preview follows by script, or by its button."""
    found = open_file(editing(slug), path)
    if found.was:
        return redirect(f"/pelatih/kursus/{slug}/sunting/{quote(found.path)}?dulu={quote(found.was)}")
    return _page(found, found.text, found.base)


def _page(found: OpenFile, text: str, base: str, seen: Preview | None = None, fault: str = "") -> Response:
    titles, place = titles_in(found.view), place_in(found.view)
    path, role = found.path, place.role_of(found.path)
    own = NAMES.get(role) or titles.get(path) or titled(path, text)
    page = render_template(
        "authoring/sunting.html",
        editing=found.editing,
        path=path,
        title=own,
        course_title=(place.course and place.course.title) or found.editing.slug,
        role=role,
        text=text,
        base=base,
        fault=fault,
        seen=seen,
        lines=text.split("\n") if seen else [],
        lessons=[(relative(dirname(path), each), title) for each, title in titles.items() if each != path],
        terms=[term.name for term in rendered_glossary(found.view).terms],
        help=groups_for(role, today()),
        saved_at=request.args.get("tersimpan", "")[:5],
        was=request.args.get("dulu", "")[:LONGEST_PATH],
        settled=request.args.get("mulai", "")[:64],
    )
    response = make_response(page, 422 if fault else 200)
    # A picture is shown from the phone before it has arrived.
    response.headers[POLICY_HEADER] = POLICY.replace("img-src 'self'", "img-src 'self' blob:")
    return response


@bp.post("/pelatih/kursus/<slug>/sunting/<path:path>")
def save(slug: str, path: str) -> Response | tuple[str, int]:
    """Keep the text as the draft's; who started from an older one sees both, at the name it has by now.

    A script is answered in JSON.
    """
    who = editing(slug)
    text, base = _sent()
    found = open_file(who, path, base=base or request.form.get("mulai", ""), deleted_too=True)
    if found.was:
        return _both(found, base, text)
    data = closed(text, found.data)
    if len(data) > LONGEST_FILE:
        return answer(413) if wants_json() else _page(found, text, base, fault=TOO_LONG)
    try:
        with writing():
            blob = actions.save_file(found.editing.course_id, path, data, base, found.editing.viewer.person_id, now())
    except actions.EditedMeanwhile:
        return _both(found, base, text)
    moment = f"{now().astimezone(WIB):%H.%M}"
    if wants_json():
        return jsonify(dasar=blob, jam=moment)
    settled = {name: request.form[name] for name in ("mulai", "dulu") if name in request.form}
    return redirect(f"{quote(request.path)}?{urlencode({'tersimpan': moment, **settled})}", 303)


def _sent() -> tuple[str, str]:
    """The text and the hash that it started from, as a form or a script sends them; 400 for anything else."""
    fields = request.get_json(silent=True) if request.is_json else request.form
    if not isinstance(fields, Mapping):
        abort(400)
    text, base = fields.get("teks"), fields.get("dasar", "")
    if not request.is_json:
        chosen = resolved(request.form)
        text = text if chosen is None else chosen
    if not isinstance(text, str) or not isinstance(base, str):
        abort(400)
    return typed(text), base


def _both(found: OpenFile, base: str, mine: str) -> Response | tuple[str, int]:
    """Show the other's text beside one's own; a script compares it with what it has sent itself."""
    if wants_json():
        told = {"ke": found.path} if found.was else {"dasar": found.base, "teks": found.text}
        response = jsonify(error="berubah", **told)
        response.status_code = 409
        return response
    started = content.text_of(base)
    if found.was:
        started, mine = (relinked(text, found.was, {found.was: found.path}) for text in (started, mine))
    by = [change.by for change in content.changes(found.editing.course_id) if change.path == found.path and change.by]
    return conflict_page(found, base, typed(started), mine, *by), 409


def conflict_page(theirs: OpenFile, base: str, started: str, mine: str, by: str = "") -> str:
    """The page that a save meets when somebody else saved first, or gave the file another path.

    `base` is the hash of the text that was started from; with a file that was deleted there is nothing to merge.
    """
    deleted = not theirs.base
    parts: list[str | Conflict] = [mine] if deleted else merge(started, mine, theirs.text)
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    return render_template(
        "authoring/bentrok.html",
        theirs=theirs,
        began=request.form.get("mulai") or base,
        started=started,
        mine=mine,
        title=titled(theirs.path, mine),
        parts=list(zip(parts, accumulate(isinstance(part, Conflict) for part in parts), strict=True)),
        conflicts=conflicts,
        rewritable=sum(len(each.mine) for each in conflicts) <= LONGEST_TO_REWRITE,
        deleted=deleted,
        deleted_by=by,
        by=by or "Orang lain",
        differences=differences,
        marked=marked,
    )


def resolved(form: MultiDict[str, str]) -> str | None:
    """The whole text that the form of `conflict_page` stands for, None for any other form; 400 for a broken one.

    Where nothing was chosen both stand: what is too much is easily removed, what is missing nobody sees.
    """
    if "bagian" not in form:
        return None
    if not re.fullmatch("[0-9]{1,3}", form["bagian"]):
        abort(400)
    return typed("".join(_chosen(form, at) for at in range(int(form["bagian"]))))


def _chosen(form: MultiDict[str, str], at: int) -> str:
    if f"tetap-{at}" in form:
        return form[f"tetap-{at}"]
    mine, theirs, written = form[f"saya-{at}"], form[f"mereka-{at}"], form.get(f"sendiri-{at}", "").rstrip()
    ways = {"saya": mine, "mereka": theirs, "sendiri": written and f"{written}\n"}
    return ways.get(form.get(f"pilih-{at}", ""), mine + theirs)


@bp.post("/pelatih/kursus/<slug>/pratinjau/<path:path>")
def show(slug: str, path: str) -> Response:
    """The text that was sent as a participant would see it, and what is said of it; nothing is kept."""
    who = editing(slug)
    text, base = _sent()
    found = open_file(who, path, base=base)
    seen = preview(found.view, found.path, text, today())
    return jsonify(_told(seen)) if wants_json() else _page(found, text, base, seen)


def _told(seen: Preview) -> dict[str, object]:
    return {
        "html": render_template("authoring/_lihat.html", seen=seen, framed=True),
        "problems": [{"line": each.line, "level": each.level, "text": each.text} for each in seen.problems],
        "readability": [{"line": each.line, "kind": each.kind, "text": each.text} for each in seen.reading.remarks],
        "sentence_words": round(seen.reading.sentence_words, 1),
        "must": seen.must,
        "should": seen.should,
        "minutes": seen.shown.minutes,
        "words": seen.shown.words,
        "kb": seen.kilobytes,
    }


@bp.post("/pelatih/kursus/<slug>/isian")
def fields(slug: str) -> Response:
    """The fields of the question at a line of the text that was sent, or what such fields write; nothing is kept."""
    editing(slug)
    text, sent = _sent()[0], request.get_json()
    if isinstance(asked := sent.get("isian"), Mapping):
        read = from_fields({name: str(asked.get(name, "")) for name in FIELDS})
        return jsonify(soal=as_markdown(read.questions), kurang=[each.text for each in read.problems])
    found = question_at(text, line) if isinstance(line := sent.get("baris"), int) else None
    held = fields_of(found) if found else {}
    html = render_template("authoring/_isian.html", fields=held) if held or not found else ""
    return jsonify(html=html, soal=found and found.source, baris=found and found.line)


@bp.get("/pelatih/bantuan-menulis")
def help_page() -> str:
    """Every rule of the format with an example to copy."""
    staff()
    return render_template("authoring/bantuan.html", help=groups_for(None, today()))


def _writing_in(slug: str, path: str) -> Editing:
    """The course of somebody who may put pictures into this text of its draft; else 404."""
    held = editing(slug)
    if not path.endswith(".md") or path not in content.draft_hashes(held.course_id):
        abort(404)
    return held


@bp.post("/pelatih/kursus/<slug>/gambar/<path:path>")
@takes_files
def add_picture(slug: str, path: str) -> Response | tuple[str, int]:
    """Keep the picture, made anew; sent twice it is one. A script gets the line to insert as JSON."""
    held, sent = _writing_in(slug, path), request.files.get("gambar")
    data, words = sent.read() if sent else b"", " ".join(request.form.get("teks", "").split())
    faults = {"teks": fault} if (fault := words_fault(words)) else {}
    try:
        picture = for_lesson(data)
        if not faults:
            with writing():
                there = keep(held.course_id, path, picture, words, held.viewer.person_id, now())
    except PictureRefused as refused:
        faults["gambar"] = str(refused)
    if faults:
        return _refused(held, path, words, faults)
    if wants_json():
        line, size = markdown(path, there, words), {"width": picture.width, "height": picture.height}
        return jsonify(markdown=line, path=there, kb=_kb(picture.data), **size)
    told = urlencode({"pelajaran": path, "baru": there, "teks": words, "asal": _kb(data)})
    return redirect(f"/pelatih/kursus/{slug}/gambar?{told}", 303)


def _refused(held: Editing, path: str, words: str, faults: dict[str, str]) -> Response | tuple[str, int]:
    if wants_json():
        return make_response(jsonify(error="gambar", text=" ".join(faults.values()), faults=faults), 422)
    return _pictures_page(held, path, words, faults=faults), 422


def _kb(data: bytes) -> int:
    return ceil(len(data) / 1024)


@bp.get("/pelatih/kursus/<slug>/berkas/<path:path>")
def file(slug: str, path: str) -> Response:
    """A file of the draft as it is, to look at; pictures and texts, nothing else."""
    found = draft_file(editing(slug).course_id, path)
    response: Response | None = media(path, found[1], PICTURE_TYPES | TEXT_TYPES) if found else None
    if found is None or response is None:
        abort(404)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found[0])
    return response.make_conditional(request)


@bp.get("/pelatih/kursus/<slug>/gambar")
def pictures(slug: str) -> str:
    """Every picture of the draft: what it weighs, where it is shown, and which may go; for one lesson, the form for
    another, and once that was sent what to write into the text.
    """
    path, there, words = (request.args.get(name, "") for name in ("pelajaran", "baru", "teks"))
    held = _writing_in(slug, path) if path else editing(slug)
    kept = draft_file(held.course_id, there) if path and there else None
    if kept is None:
        return _pictures_page(held, path, words)
    before = request.args.get("asal", 0, int)
    told = {"kept": there, "size": _kb(kept[1]), "before": before, "line": markdown(path, there, words)}
    return _pictures_page(held, path, words, **told)


def _pictures_page(held: Editing, path: str, words: str, **told: object) -> str:
    draft = draft_of(held.course_id, today())
    told = {"kept": "", "faults": {}, "gone": request.args.get("dihapus", 0, int), **told}
    title, found = draft.report.title or held.slug, pictures_of(draft)
    return render_template(
        "authoring/gambar.html", course=held, title=title, pictures=found, path=path, words=words, **told
    )


@bp.post("/pelatih/kursus/<slug>/gambar")
def remove_picture(slug: str) -> Response:
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

"""Another name for a lesson, so that progress and links follow; taking one away; going back to what is published."""

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.authoring import actions, queries
from lms.authoring.draft import titled
from lms.authoring.file_queries import DraftText, draft_text, used_paths
from lms.authoring.forms import NewName, read_new_name
from lms.authoring.queries import TEXTS, Draft
from lms.course import queries as content
from lms.course.actions import EditedMeanwhile
from lms.course.course_writing import CannotWrite, Changes, leading_to, listed_again, removed, renamed
from lms.course.load import edition_view
from lms.course.outline import COURSE_FILE, LONGEST_PATH, file_of, identity_of, part_of
from lms.db.engine import writing
from lms.people.access import Editing, editing
from lms.web.clock import now, today

bp = Blueprint("authoring_naming", __name__, url_prefix="/pelatih/kursus/<slug>/nama/<path:path>")

TAKEN = (
    "Sudah ada, atau pernah ada, pelajaran dengan nama ini. Pilih nama lain, supaya kemajuan peserta tidak tertukar."
)
TOO_LONG = "Nama ini terlalu panjang; tulis yang lebih pendek."
STAYS = "Formulir dan cerita kasusnya harus satu folder, jadi formulir tidak dapat dipindah ke folder lain."
MEANWHILE = "Berkas ini baru saja diubah orang lain. Periksa isinya, lalu tekan sekali lagi."
NOT_SURE = "Beri tanda dulu, lalu tekan lagi."


class _Found:
    """A file with all that its page needs; `texts` are all texts of the draft."""

    def __init__(self, slug: str, path: str) -> None:
        self.course: Editing = editing(slug)
        self.draft: Draft = queries.draft_of(self.course.course_id, today())
        hashes = {each: blob for each, blob in self.draft.hashes.items() if each.endswith(TEXTS)}
        self.texts = content.files_of(hashes)
        file = draft_text(self.course.course_id, self.draft, path, self.texts)
        if file is None:
            abort(404)
        self.file: DraftText = file

    @property
    def folders(self) -> list[str]:
        """Every folder with a text in it; the present one first."""
        own = self.file.path.rpartition("/")[0]
        others = {each.rpartition("/")[0] for each in self.texts if "/" in each}
        return [own, *sorted(others - {own})]

    @property
    def moved_to(self) -> str:
        """The file that goes by another name now, "" when this one was not renamed."""
        course = self.draft.report.course
        new = course.moved.get(identity_of(self.file.path)) if course else None
        return file_of(new) if new else ""

    @property
    def home(self) -> str:
        """The desk of the course."""
        return f"/pelatih/kursus/{self.course.slug}"

    def save(self, files: Changes) -> None:
        """Keep these files together; raises EditedMeanwhile when one of them is another by now."""
        with writing():
            actions.save_together(self.course.course_id, files, self.draft.hashes, self.course.viewer.person_id, now())


@bp.get("")
def show(slug: str, path: str) -> str:
    """What can be done with a file."""
    return _page(_Found(slug, path), {}, {})


@bp.post("")
def change(slug: str, path: str) -> Response | tuple[str, int]:
    """Do it: another name, away with it, or back to what is published."""
    found = _Found(slug, path)
    acts = {"ganti": _rename, "hapus": _remove, "kembali": _restore}
    act = acts.get(request.form.get("aksi", ""))
    if act is None:
        abort(400)
    try:
        return act(found)
    except EditedMeanwhile:
        return _page(_Found(slug, path), request.form, {"lain": MEANWHILE}), 409
    except CannotWrite as refused:
        line, text = refused.problem.line, refused.problem.text
        fault = f"{COURSE_FILE}, baris {line}: {text}. Perbaiki dulu berkas itu."
        return _page(found, request.form, {"lain": fault}), 422


def _rename(found: _Found) -> Response | tuple[str, int]:
    file = found.file
    if not file.can_move:
        abort(409)
    form = read_new_name(request.form, found.folders, was_read=file.read)
    faults = dict(form.faults)
    new = "" if faults else _new_path(file, form)
    if new and (fault := _fault(found, form, new)):
        faults["nama"] = fault
    if faults:
        return _page(found, request.form, faults), 422
    if new != file.path:
        changes = renamed(found.texts, file.path, new, same=form.same)
        found.save(changes)
        links = sum(path not in (new, file.path, COURSE_FILE) for path in changes)
        return redirect(f"{found.home}/nama/{quote(new)}?dari={quote(file.path)}&tautan={links}", 303)
    return redirect(f"{found.home}/nama/{quote(new)}", 303)


def _new_path(file: DraftText, form: NewName) -> str:
    """The path asked for; a name that was not touched stays as it is written."""
    ending = file.path[file.path.rindex(".") :]
    old_name = file.path.rpartition("/")[2].removesuffix(ending)
    name = old_name if form.name == old_name else part_of(form.name.removesuffix(ending))
    return f"{form.folder}/{name}{ending}" if form.folder else name + ending


def _fault(found: _Found, form: NewName, new: str) -> str:
    """Why a file can't have this path."""
    file, course = found.file, found.draft.report.course
    if new == file.path:
        return ""
    if file.kind == "formulir" and new.rpartition("/")[0] != file.path.rpartition("/")[0]:
        return STAYS
    back = bool(course and form.same and course.moved.get(identity_of(new)) == identity_of(file.path))
    used = {path.casefold() for path in used_paths(found.course.course_id, found.draft) if path != file.path}
    if new.casefold() in used and not (back and new not in found.draft.hashes):
        return TAKEN
    return TOO_LONG if len(new) > LONGEST_PATH else ""


def _remove(found: _Found) -> Response | tuple[str, int]:
    if not found.file.can_go:
        abort(409)
    if request.form.get("yakin") != "ya":
        return _page(found, request.form, {"hapus": NOT_SURE}), 422
    found.save(removed(found.texts, found.file.path))
    return redirect(found.home, 303)


def _restore(found: _Found) -> Response | tuple[str, int]:
    """The file as the current edition has it; a lesson is listed again where that had it."""
    file = found.file
    if not file.changed or found.moved_to:
        abort(409)
    if request.form.get("yakin") != "ya":
        return _page(found, request.form, {"kembali": NOT_SURE}), 422
    files: Changes = {file.path: content.blobs({file.edition})[file.edition]}
    edition_id, present = found.course.edition_id, found.draft.report.course
    if file.kind != "khusus" and edition_id and present:
        published = edition_view(edition_id, found.course.slug).course
        files |= listed_again(found.texts, file.path, published, present)
    found.save(files)
    return redirect(f"{found.home}/nama/{quote(file.path)}", 303)


def _page(found: _Found, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    file = found.file
    number = content.edition_number(found.course.edition_id) if found.course.edition_id else 0
    name = file.path.rpartition("/")[2]
    came_from = request.args.get("dari", "") if request.method == "GET" else ""
    return render_template(
        "authoring/nama.html",
        course=found.course,
        file=file,
        number=number,
        folders=found.folders,
        typed={"nama": name[: name.rindex(".")] if "." in name else name, **typed},
        folder=typed.get("folder", file.path.rpartition("/")[0]),
        faults=faults,
        moved_to=found.moved_to,
        leading=_leading(found) if file.can_go else [],
        came_from=came_from[:LONGEST_PATH],
        links=request.args.get("tautan", "")[:4],
    )


def _leading(found: _Found) -> list[tuple[str, str]]:
    """(path, title) of the texts that lead to the file."""
    paths = sorted(leading_to(found.texts, found.file.path))
    return [(path, titled(path, found.texts[path].decode("utf-8", "replace"))) for path in paths]

"""Publishing a draft and going back; another name for a lesson, and taking one away."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import pairwise
from posixpath import basename, dirname, join, splitext
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.authoring import actions, queries
from lms.authoring.forms import LONGEST_TITLE, fits
from lms.authoring.plan import Plan, compared, contents, plan_of
from lms.authoring.queries import Draft, Published, history, published_paths, titled, used_paths
from lms.cohort.actions import open_selfstudy, take_part
from lms.course import actions as course_actions
from lms.course import queries as content
from lms.course.actions import LONGEST_WHY, DraftChanged, EditedMeanwhile
from lms.course.changes import changes
from lms.course.course_writing import CannotWrite, Changes, is_text, leading_to, listed_again, removed, renamed
from lms.course.load import edition_view
from lms.course.outline import COURSE_FILE, LONGEST_PATH, file_of, folder_part, identity_of, part_of
from lms.db.engine import writing
from lms.people.access import Editing, editing, row_id
from lms.people.actions import note
from lms.web.clock import now, today
from lms.web.dates import lalu

bp = Blueprint("publishing", __name__)

GALAT = "Belum diterbitkan: masih ada yang harus dibetulkan. Betulkan dulu, atau lepas centang berkasnya."
OTHER_TICKS = "Pilihan Anda berubah. Periksa yang di bawah ini, lalu tekan Terbitkan sekali lagi."
MOVED = "Belum diterbitkan: ada yang berubah sejak halaman ini dibuka. Periksa lagi, lalu tekan Terbitkan."
NO_WHY = "Tulis satu kalimat: apa yang berubah dan mengapa. Pelatih lain membacanya nanti."


@bp.get("/pelatih/kursus/<slug>/terbitkan")
def look(slug: str) -> str:
    """List the files that wait, with those this person changed ticked; from a lesson, only it and what goes with it."""
    course = editing(slug)
    return _plan_page(course, plan_of(course, request.args if "berkas" in request.args else request.form, today()))


@bp.post("/pelatih/kursus/<slug>/terbitkan")
def publish(slug: str) -> Response | tuple[str, int]:
    """Publish exactly what the page told of; anything else shows it again, with ticks and reason kept."""
    course = editing(slug)
    plan = plan_of(course, request.form, today())
    fault = _fault(plan) if request.form.get("aksi") == "terbitkan" else ""
    number = 0
    if request.form.get("aksi") == "terbitkan" and not fault and not (number := _publish(course, plan)):
        plan, fault = plan_of(course, request.form, today()), MOVED
    if plan.is_done:
        number = content.edition_number(plan.checked.over or 0)
    if number:
        return redirect(f"/pelatih/kursus/{slug}/terbitan/{number}?baru=1", 303)
    return _plan_page(course, plan, fault), 422 if fault else 200


def _fault(plan: Plan) -> str:
    """Why this can't be published yet; "" when it can."""
    faults = {
        "Centang dulu yang mau diterbitkan.": not plan.checked.draft,
        GALAT: bool(plan.galat),
        "Yang dicentang sudah sama dengan yang dibaca peserta. Tidak ada yang perlu diterbitkan.": plan.is_empty,
        MOVED: bool(plan.moved or plan.is_over_another) and not plan.is_what_was_seen,
        OTHER_TICKS: not plan.is_what_was_seen,
        NO_WHY: not _why(),
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def _publish(course: Editing, plan: Plan) -> int:
    """The number of the new edition; 0 when somebody was faster."""
    moment, by = now(), course.viewer.person_id
    with suppress(DraftChanged), writing():
        if edition := course_actions.publish(plan.checked, moment, person_id=by, why=_why(), reread=plan.reread):
            fields = [f"edition:{edition.number}", *(f"reread:{lesson}" for lesson in plan.reread)]
            note(by, "kursus diterbitkan", f"course:{course.course_id}", moment, fields, _why())
            _open_door(course, plan, moment)
            return edition.number
    return 0


def _open_door(course: Editing, plan: Plan, moment: datetime) -> None:
    """Within a write: a course that is published for the first time can be joined; its publisher trains who comes.

    Certificates of it are the office's to allow, so nobody takes one themself.
    """
    title = plan.checked.report.title or course.slug
    cohort = open_selfstudy(course.course_id, f"{title}, belajar mandiri", self_issue=False)
    if cohort:
        take_part(course.viewer.person_id, cohort.id, course.course_id, moment, "pelatih")
        note(course.viewer.person_id, "angkatan dibuka", f"cohort:{cohort.id}", moment)


def _plan_page(course: Editing, plan: Plan, fault: str = "") -> str:
    return render_template(
        "authoring/terbitkan.html",
        course=course,
        title=plan.checked.report.title or course.slug,
        number=content.edition_number(course.edition_id) if course.edition_id else 0,
        plan=plan,
        titles={file.path: file.title for file in plan.files},
        why=_why(),
        fault=fault,
        why_fault=fault if fault == NO_WHY else "",
        longest=LONGEST_WHY,
        age=partial(lalu, now=now()),
        published=history(course.course_id),
        left_out=[file.title for file in plan.files if file.path in plan.checked.left_out],
    )


def _title(course: Editing) -> str:
    """Return the title of the course where its participants read it."""
    return edition_view(course.edition_id, course.slug).course.title if course.edition_id else course.slug


def _edition(slug: str, number: int) -> tuple[Editing, Sequence[Published], Published]:
    """(the course, its history, the publication that first made this edition current); 404 for an unknown one."""
    course = editing(slug)
    past = history(course.course_id)
    found = next((each for each in past if each.number == number and each.is_first), None) or abort(404)
    return course, past, found


@bp.get("/pelatih/kursus/<slug>/terbitan/<id:number>")
def edition(slug: str, number: int) -> str:
    """An edition, and what is other in it than in the one before or than in the current one."""
    return _edition_page(*_edition(slug, number))


def _edition_page(course: Editing, past: Sequence[Published], found: Published, fault: str = "") -> str:
    current, came_before = past[0], dict(pairwise(past))
    older = came_before.get(found)
    with_current = request.args.get("banding") == "berlaku" and found.number != current.number
    other = current if with_current else older
    hashes = content.edition_hashes(found.id)
    held = content.edition_hashes(other.id) if other else {}
    before, after = contents(held, hashes), contents(hashes, held)
    alone = request.args.get("berkas")
    all_changes = changes(before, after) if other else []
    shown = [change for change in all_changes if alone in (None, change.path)]
    return render_template(
        "authoring/terbitan.html",
        course=course,
        title=_title(course),
        found=found,
        other=other,
        current=current,
        with_current=with_current,
        before=older,
        undo=came_before.get(current) if found.number == current.number else None,
        changes=shown,
        rows=compared(shown, before, after),
        fault=fault,
        longest=LONGEST_WHY,
        why=_why(),
    )


def _why() -> str:
    return " ".join(request.form.get("alasan", "").split())[:LONGEST_WHY]


@bp.post("/pelatih/kursus/<slug>/terbitan/<id:number>/kembali")
def roll_back(slug: str, number: int) -> Response | tuple[str, int]:
    """Let everybody read an older edition again; pressed twice it is done once."""
    course, past, found = _edition(slug, number)
    fault = "" if _why() else "Tulis satu kalimat: mengapa kembali ke terbitan ini."
    is_done = course_actions.going_back(course.course_id, number)[0] == past[0].id
    if row_id(request.form.get("berlaku")) != past[0].number and not is_done:
        fault = f"Sementara itu terbitan {past[0].number} mulai berlaku. Periksa dulu, lalu tekan sekali lagi."
    if fault:
        return _edition_page(course, past, found, fault), 422
    moment, by = now(), course.viewer.person_id
    with writing():
        if course_actions.roll_back(course.course_id, number, moment, person_id=by, why=_why()):
            note(by, "terbitan dikembalikan", f"course:{course.course_id}", moment, [f"edition:{number}"], _why())
    current = content.edition_number(content.current_edition_id(course.course_id) or 0)
    return redirect(f"/pelatih/kursus/{slug}/terbitan/{current}?kembali=1", 303)


TAKEN = (
    "Sudah ada, atau pernah ada, pelajaran dengan nama ini. Pilih nama lain, supaya kemajuan peserta tidak tertukar."
)


class _NamedFile:
    """A file of the draft or of the current edition, with all that its page needs.

    `held` and `edition` are its blob hashes in both, "" where it is not there; `texts` are all texts of the draft.
    """

    def __init__(self, slug: str, path: str) -> None:
        self.course: Editing = editing(slug)
        self.path = path
        self.draft: Draft = queries.draft_of(self.course.course_id, today())
        self.texts = content.files_of({each: blob for each, blob in self.draft.hashes.items() if is_text(each)})
        self.held = self.draft.hashes.get(path, "")
        self.edition = content.edition_hashes_of_current(self.course.course_id).get(path, "")
        if not (self.held or self.edition):
            abort(404)
        self.kind = queries.kind_of(self.draft, path, self.texts)
        self.read = path in published_paths(self.course.course_id)

    @property
    def can_return(self) -> bool:
        """Whether there is an edition to go back to."""
        return bool(self.edition) and self.held != self.edition and not self.moved_to

    @property
    def can_move(self) -> bool:
        """Whether it may have another name: what is found by its name may not."""
        return bool(self.held) and self.kind in ("pelajaran", "formulir")

    @property
    def can_go(self) -> bool:
        """Whether it may be taken away."""
        return bool(self.held) and self.kind in ("pelajaran", "formulir", "gambar")

    @property
    def folders(self) -> list[str]:
        """Every folder with a text in it; the present one first."""
        return [dirname(self.path), *sorted({dirname(each) for each in self.texts} - {dirname(self.path), ""})]

    @property
    def moved_to(self) -> str:
        """The file that goes by another name now, "" when this one was not renamed."""
        course = self.draft.report.course
        new = course.moved.get(identity_of(self.path)) if course else None
        return file_of(new) if new else ""

    @property
    def home(self) -> str:
        """The desk of the course."""
        return f"/pelatih/kursus/{self.course.slug}"

    def save(self, files: Changes) -> None:
        """Keep these files together; raises EditedMeanwhile when one of them is another by now."""
        with writing():
            actions.save_together(self.course.course_id, files, self.draft.hashes, self.course.viewer.person_id, now())


@bp.get("/pelatih/kursus/<slug>/nama/<path:path>")
def ask_for_name(slug: str, path: str) -> str:
    """Offer what can be done with a file."""
    return _name_page(_NamedFile(slug, path), {}, {})


@bp.post("/pelatih/kursus/<slug>/nama/<path:path>")
def change_name(slug: str, path: str) -> Response | tuple[str, int]:
    """Do it: another name, away with it, or back to what is published."""
    found, wish = _NamedFile(slug, path), request.form.get("aksi", "")
    acts = {
        "ganti": (found.can_move, _rename),
        "hapus": (found.can_go, _remove),
        "kembali": (found.can_return, _restore),
    }
    if wish not in acts:
        abort(400)
    may, act = acts[wish]
    if not may:
        abort(409)
    if wish != "ganti" and request.form.get("yakin") != "ya":
        return _name_page(found, request.form, {wish: "Beri tanda dulu, lalu tekan lagi."}), 422
    try:
        return act(found)
    except EditedMeanwhile:
        fault = "Berkas ini baru saja diubah orang lain. Periksa isinya, lalu tekan sekali lagi."
        return _name_page(_NamedFile(slug, path), request.form, {"lain": fault}), 409
    except CannotWrite as refused:
        line, text = refused.problem.line, refused.problem.text
        fault = f"{COURSE_FILE}, baris {line}: {text}. Perbaiki dulu berkas itu."
        return _name_page(found, request.form, {"lain": fault}), 422


def _rename(found: _NamedFile) -> Response | tuple[str, int]:
    new, faults = _new_path(found, request.form)
    same = request.form.get("sama") == "ya"
    if not faults and (fault := _name_fault(found, new, same=same)):
        faults["nama"] = fault
    if faults:
        return _name_page(found, request.form, faults), 422
    if new == found.path:
        return redirect(f"{found.home}/nama/{quote(new)}", 303)
    changes = renamed(found.texts, found.path, new, same=same)
    found.save(changes)
    links = sum(path not in (new, found.path, COURSE_FILE) for path in changes)
    return redirect(f"{found.home}/nama/{quote(new)}?dari={quote(found.path)}&tautan={links}", 303)


def _new_path(found: _NamedFile, form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """(the path asked for, the faults of the form: field -> what to do about it).

    A folder that is not there yet is named before a slash; a name that was not touched stays as it is written.
    """
    faults = {}
    folder, typed = form.get("folder", ""), " ".join(form.get("nama", "").split())
    before, slash, name = typed.rpartition("/")
    if not any(letter.isalnum() for letter in name) or not fits(typed):
        faults["nama"] = f"Tulis nama, paling panjang {LONGEST_TITLE} huruf."
    if slash:
        folder = "/".join(folder_part(part) for part in before.split("/") if part.strip())
    elif folder not in found.folders:
        faults["folder"] = "Pilih folder dari daftar."
    if found.read and form.get("sama") not in ("ya", "tidak"):
        faults["sama"] = "Pilih dulu: ini menentukan apakah kemajuan peserta ikut pindah."
    stem, ending = splitext(basename(found.path))
    return join(folder, (stem if name == stem else part_of(name.removesuffix(ending))) + ending), faults


def _name_fault(found: _NamedFile, new: str, *, same: bool) -> str:
    """Why a file can't have this path."""
    course = found.draft.report.course
    if new == found.path:
        return ""
    if found.kind == "formulir" and dirname(new) != dirname(found.path):
        return "Formulir dan cerita kasusnya harus satu folder, jadi formulir tidak dapat dipindah ke folder lain."
    back = bool(course and same and course.moved.get(identity_of(new)) == identity_of(found.path))
    used = {path.casefold() for path in used_paths(found.course.course_id, found.draft) if path != found.path}
    if new.casefold() in used and not (back and new not in found.draft.hashes):
        return TAKEN
    return "Nama ini terlalu panjang; tulis yang lebih pendek." if len(new) > LONGEST_PATH else ""


def _remove(found: _NamedFile) -> Response:
    found.save(removed(found.texts, found.path))
    return redirect(found.home, 303)


def _restore(found: _NamedFile) -> Response:
    """The file as the current edition has it; a lesson is listed again where that had it."""
    files: Changes = {found.path: content.blobs({found.edition})[found.edition]}
    edition_id, present = found.course.edition_id, found.draft.report.course
    if found.kind != "khusus" and edition_id and present:
        published = edition_view(edition_id, found.course.slug).course
        files |= listed_again(found.texts, found.path, published, present)
    found.save(files)
    return redirect(f"{found.home}/nama/{quote(found.path)}", 303)


def _name_page(found: _NamedFile, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    number = content.edition_number(found.course.edition_id) if found.course.edition_id else 0
    came_from = request.args.get("dari", "") if request.method == "GET" else ""
    return render_template(
        "authoring/nama.html",
        course=found.course,
        title=found.draft.report.title_of(found.path),
        file=found,
        number=number,
        typed={"nama": splitext(basename(found.path))[0], **typed},
        folder=typed.get("folder", dirname(found.path)),
        faults=faults,
        leading=[
            (path, titled(path, found.texts[path].decode("utf-8", "replace")))
            for path in sorted(leading_to(found.texts, found.path))
            if found.can_go
        ],
        came_from=came_from[:LONGEST_PATH],
        links=request.args.get("tautan", "")[:4],
    )

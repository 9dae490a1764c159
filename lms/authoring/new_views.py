"""Something new: a lesson made of a template, and a course with its first lesson."""

from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from lms.authoring import actions, queries
from lms.authoring.exchange import free_slug
from lms.authoring.file_queries import used_paths
from lms.authoring.forms import NewCourse, NewLesson, read_new_course, read_new_lesson
from lms.authoring.queries import Draft
from lms.course import queries as content
from lms.course.actions import EditedMeanwhile
from lms.course.course_writing import CannotWrite, add_lesson
from lms.course.outline import COURSE_FILE, LONGEST_PATH, file_of, folder_of, folder_part, free_path
from lms.course.tomlfile import quoted_text
from lms.db.engine import writing
from lms.people.access import Editing, editing, staff
from lms.web.clock import now, today

bp = Blueprint("authoring_new", __name__, url_prefix="/pelatih/kursus")

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "penjelasan": ("Penjelasan", "Satu gagasan, dimulai dari kejadian sehari-hari, lalu contoh, latihan, dan kuis."),
    "kasus": ("Kasus", "Satu cerita yang berhenti di saat memutuskan, lalu lanjutannya dan keadaan yang berbeda."),
    "perbandingan": ("Perbandingan", "Dua hal yang sering tertukar, berdampingan dalam satu tabel."),
    "kuis": ("Hanya kuis", "Lima jenis soal untuk mengulang pelajaran yang sudah dibaca."),
}
TOO_LONG = "Nama berkasnya menjadi terlalu panjang; tulis nama yang lebih pendek."
MEANWHILE = "Urutan kursus baru saja diubah orang lain. Periksa letaknya, lalu tekan lagi; isian lain tidak hilang."
TRIES = 3


@bp.get("/<slug>/baru")
def new_lesson(slug: str) -> Response | str:
    """The form for a new lesson."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    if draft.report.course is None:
        return redirect(f"/pelatih/kursus/{slug}/atur", 303)
    modules = draft.report.course.modules
    asked = request.args.get("materi", "")
    at = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    at = at if 0 <= at < len(modules) else 0
    chosen = f"{at}.{len(modules[at].lessons)}" if modules else ""
    return _lesson_page(course, draft, {"jenis": "penjelasan", "letak": chosen}, {})


@bp.post("/<slug>/baru")
def add_new_lesson(slug: str) -> Response | tuple[str, int]:
    """Make it of its template, list it, and open it in the editor; sent twice it is one."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    form = read_new_lesson(request.form, TEMPLATES, draft.report.course)
    if form.faults:
        return _lesson_page(course, draft, request.form, form.faults), 422
    text = render_template(f"authoring/pelajaran-{form.template}.md", judul=form.title).encode()
    path = _path_for(course, draft, form, text)
    if len(path) > LONGEST_PATH:
        return _lesson_page(course, draft, request.form, {"nama": TOO_LONG}), 422
    if path not in draft.hashes:
        try:
            _keep_lesson(course, draft, form, path, text)
        except EditedMeanwhile:
            return _lesson_page(
                course, queries.draft_of(course.course_id, today()), request.form, {"letak": MEANWHILE}
            ), 409
        except CannotWrite as refused:
            return _lesson_page(course, draft, request.form, {"letak": f"{refused.problem.text}."}), 422
    return redirect(f"/pelatih/kursus/{slug}/sunting/{quote(path)}", 303)


def _path_for(course: Editing, draft: Draft, form: NewLesson, text: bytes) -> str:
    """Where the lesson is kept; where the same press of the button put it already, when it did."""
    module = draft.report.modules[form.module]
    folder = folder_of(map(file_of, module.lessons), module.title)
    name = form.name or form.title
    first = free_path(folder, name, ".md", ())
    if draft.hashes.get(first) == sha256(text).hexdigest():
        return first
    return free_path(folder, name, ".md", used_paths(course.course_id, draft))


def _keep_lesson(course: Editing, draft: Draft, form: NewLesson, path: str, text: bytes) -> None:
    blob = draft.hashes[COURSE_FILE]
    if request.form.get("dasar") != blob:
        raise EditedMeanwhile(blob)  # The places that were shown are no longer those.
    source = content.blobs({blob})[blob].decode()
    listed = add_lesson(source, form.module, path, form.place).encode()
    files = {path: text, COURSE_FILE: listed}
    with writing():
        actions.save_together(course.course_id, files, draft.hashes, course.viewer.person_id, now())


def _lesson_page(course: Editing, draft: Draft, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template(
        "authoring/baru.html",
        course=course,
        base=draft.hashes.get(COURSE_FILE, ""),
        places=_places(draft),
        templates=TEMPLATES,
        typed=typed,
        faults=faults,
    )


def _places(draft: Draft) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title of a module, every place in it: its value, what stands before it)."""
    found = []
    for number, module in enumerate(draft.report.modules):
        places = [(f"{number}.0", "di awal" if module.lessons else "pelajaran pertama")]
        for at, identity in enumerate(module.lessons, 1):
            places.append((f"{number}.{at}", f"sesudah {draft.report.title_of(identity)}"))
        found.append((module.title, places))
    return found


@bp.get("/baru")
def new_course() -> str:
    """The form for a new course."""
    staff()
    return _course_page({"pelajaran": "Pelajaran pertama", "materi": "Materi pertama"}, {})


@bp.post("/baru")
def open_new_course() -> Response | tuple[str, int]:
    """Begin a course with one lesson; who begins it may edit it."""
    who, form = staff(), read_new_course(request.form)
    if form.faults:
        return _course_page(request.form, form.faults), 422
    mine = next((held for held in queries.my_courses(who) if held.title == form.title and not held.edition), None)
    if mine:
        return redirect(f"/pelatih/kursus/{mine.slug}", 303)
    files = _first_files(form)
    for _ in range(TRIES):
        slug = free_slug(form.title, queries.all_slugs())
        try:
            with writing():
                actions.open_course(slug, files, who.person_id, now())
        except IntegrityError:
            continue
        return redirect(f"/pelatih/kursus/{slug}", 303)
    return _course_page(request.form, {"judul": "Kursus lain dibuat pada saat yang sama; tekan sekali lagi."}), 409


def _first_files(form: NewCourse) -> dict[str, bytes]:
    path = free_path(folder_part(form.module), form.lesson, ".md", ())
    written = {"judul": form.title, "materi": form.module, "pelajaran": path}
    literals = {name: quoted_text(text) for name, text in written.items()}
    lesson = render_template("authoring/pelajaran-penjelasan.md", judul=form.lesson)
    return {COURSE_FILE: render_template("authoring/kursus-baru.toml", **literals).encode(), path: lesson.encode()}


def _course_page(typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template("authoring/kursus_baru.html", typed=typed, faults=faults)

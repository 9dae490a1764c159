"""The desk of a course: modules and lessons in order, what readers reported, its rules, and what is new to it."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.authoring import actions, forms, queries
from lms.authoring.queries import Draft, draft_view, place_in, used_paths
from lms.course import course_writing
from lms.course import queries as content
from lms.course.actions import EditedMeanwhile, save_file
from lms.course.outline import COURSE_FILE, LONGEST_PATH, CourseRules, file_of, folder_of, free_path, parse_course
from lms.course.problems import Problem
from lms.course.tomlfile import quoted_text
from lms.db.engine import made_once, writing
from lms.people.access import Editing, editing, row_id, staff
from lms.web.clock import now, today
from lms.web.plain import normalised

bp = Blueprint("authoring", __name__)

FIRST_NAMES = {"materi": "Materi pertama", "pelajaran": "Pelajaran pertama"}


@bp.get("/pelatih/kursus")
def courses() -> str:
    """The courses I may edit, and the forms for one more."""
    return courses_page({})


def courses_page(faults: Mapping[str, str], typed: Mapping[str, str] = FIRST_NAMES) -> str:
    """The page with what was typed for a new course, and what is wrong with it or with its archive (`zip`)."""
    return render_template("authoring/kursus.html", courses=queries.my_courses(staff()), typed=typed, faults=faults)


@bp.get("/pelatih/kursus/<slug>")
def desk(slug: str) -> str:
    """Modules and lessons in order, with the state of each."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    modules, apart = queries.modules_of(course.course_id, draft)
    listed = [lesson for module in modules for lesson in module["lessons"]]
    return render_template(
        "authoring/meja.html",
        course=course,
        number=content.edition_number(course.edition_id) if course.edition_id else 0,
        draft=draft,
        title=draft.report.title or slug,
        broken=draft.problems_in(COURSE_FILE),
        modules=modules,
        apart=apart,
        attention=[lesson for lesson in (*listed, *apart) if lesson.attention],
        reports=queries.open_doubts(course, draft) if any(lesson.reported for lesson in (*listed, *apart)) else (),
        waiting=_waiting(course),
    )


def _waiting(course: Editing) -> list[tuple[str, int]]:
    """(who, files of theirs that are not published), one's own first."""
    mine = course.viewer.person_id
    names = Counter(
        "Anda" if each.by_id == mine else each.by or "dibawa masuk dari folder"
        for each in content.changes(course.course_id)
    )
    return sorted(names.items(), key=lambda item: (item[0] != "Anda", item[0]))


@bp.post("/pelatih/kursus/<slug>/urut")
def move(slug: str) -> Response:
    """Put a lesson, which may be in no module yet, or a module at a place that the button names; twice is once."""
    course = editing(slug)
    module, place = row_id(request.form.get("materi")), row_id(request.form.get("tempat"))
    path, title = request.form.get("pelajaran", ""), request.form.get("judul", "")
    if not place or (path and not module):
        abort(400)
    base = content.draft_hash(course.course_id, COURSE_FILE)
    text = content.text_of(base)
    try:
        moved = _lesson_at(course, text, path, (module - 1, place - 1)) if path else _module_at(text, title, place - 1)
    except (course_writing.CannotWrite, ValueError):
        abort(409)
    with writing():
        save_file(course.course_id, COURSE_FILE, moved.encode(), base, course.viewer.person_id, now())
    return redirect(f"/pelatih/kursus/{slug}#{'p-' + quote(path) if path else f'materi-{place}'}", 303)


def _lesson_at(course: Editing, text: str, path: str, to: tuple[int, int]) -> str:
    """The lesson or form at a place of a module, listed if the draft has it and no module does."""
    view = draft_view(course.course_id, course.slug)
    if path in view.files and place_in(view).role_of(path) in ("pelajaran", "formulir"):
        text = course_writing.add_lesson(text, to[0], path)
    return course_writing.move_lesson(text, path, to)


def _module_at(text: str, title: str, place: int) -> str:
    """The module of this title at a place; raises ValueError when there is no such module."""
    found, _ = parse_course(text)
    titles = [module.title for module in found.modules] if found else []
    return course_writing.move_module(text, titles.index(title), place)


TEMPLATES = ("penjelasan", "kasus", "perbandingan", "kuis")
TOO_LONG = "Nama berkasnya menjadi terlalu panjang; tulis nama yang lebih pendek."


@bp.get("/pelatih/kursus/<slug>/baru")
def new_lesson(slug: str) -> Response | str:
    """The form for a new lesson."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    if draft.report.course is None:
        return redirect(f"/pelatih/kursus/{slug}/atur", 303)
    modules = draft.report.course.modules
    at = row_id(request.args.get("materi")) - 1
    at = at if 0 <= at < len(modules) else 0
    chosen = f"{at}.{len(modules[at].lessons)}" if modules else ""
    return _lesson_page(course, draft, {"jenis": "penjelasan", "letak": chosen}, {})


@bp.post("/pelatih/kursus/<slug>/baru")
def add_new_lesson(slug: str) -> Response | tuple[str, int]:
    """Make it of its template, list it, and open it in the editor; sent twice it is one."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    form, faults = forms.read_new_lesson(request.form, TEMPLATES, draft.report.course)
    if faults:
        return _lesson_page(course, draft, request.form, faults), 422
    text = render_template(f"authoring/pelajaran-{form.template}.md", judul=form.title).encode()
    path = _path_for(course, draft, form, text)
    if len(path) > LONGEST_PATH:
        return _lesson_page(course, draft, request.form, {"nama": TOO_LONG}), 422
    try:
        if path not in draft.hashes:
            _keep_lesson(course, draft, form, path, text)
    except EditedMeanwhile:
        draft = queries.draft_of(course.course_id, today())
        fault = "Urutan kursus baru saja diubah orang lain. Periksa letaknya, lalu tekan lagi; isian lain tidak hilang."
        return _lesson_page(course, draft, request.form, {"letak": fault}), 409
    except course_writing.CannotWrite as refused:
        return _lesson_page(course, draft, request.form, {"letak": f"{refused.problem.text}."}), 422
    return redirect(f"/pelatih/kursus/{slug}/sunting/{quote(path)}", 303)


def _path_for(course: Editing, draft: Draft, form: forms.NewLesson, text: bytes) -> str:
    """Return the path to keep the lesson at, or the one where the same press of the button put it already."""
    module = draft.report.modules[form.module]
    folder = folder_of(map(file_of, module.lessons), module.title)
    name = form.name or form.title
    first = free_path(folder, name, ".md", ())
    if draft.hashes.get(first) == sha256(text).hexdigest():
        return first
    return free_path(folder, name, ".md", used_paths(course.course_id, draft))


def _keep_lesson(course: Editing, draft: Draft, form: forms.NewLesson, path: str, text: bytes) -> None:
    blob = draft.hashes[COURSE_FILE]
    if request.form.get("dasar") != blob:
        raise EditedMeanwhile(blob)  # The places that were shown are no longer those.
    source = content.blobs({blob})[blob].decode()
    listed = course_writing.add_lesson(source, form.module, path, form.place).encode()
    files = {path: text, COURSE_FILE: listed}
    with writing():
        actions.save_together(course.course_id, files, draft.hashes, course.viewer.person_id, now())


def _lesson_page(course: Editing, draft: Draft, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template(
        "authoring/baru.html",
        course=course,
        base=draft.hashes.get(COURSE_FILE, ""),
        report=draft.report,
        typed=typed,
        faults=faults,
    )


@bp.post("/pelatih/kursus/baru")
def open_new_course() -> Response | tuple[str, int]:
    """Begin a course with one lesson; who begins it may edit it, and pressing twice begins one."""
    who, (typed, faults) = staff(), forms.read_new_course(request.form)
    if faults:
        return courses_page(faults, request.form), 422
    path = free_path(folder_of((), typed["materi"]), typed["pelajaran"], ".md", ())
    literals = {name: quoted_text(text) for name, text in {**typed, "pelajaran": path}.items()}
    lesson = render_template("authoring/pelajaran-penjelasan.md", judul=typed["pelajaran"])
    files = {COURSE_FILE: render_template("authoring/kursus-baru.toml", **literals).encode(), path: lesson.encode()}

    def make() -> str:
        for (slug, number, _, _), title in queries.my_courses(who):
            if title == typed["judul"] and not number:
                return slug
        return actions.open_course(typed["judul"], files, who.person_id, now())

    return redirect(f"/pelatih/kursus/{made_once(make)}", 303)


MOST_MODULES = 100
LINES_AROUND = 8


@dataclass(frozen=True, slots=True)
class CourseFile:
    """kursus.toml of a draft or of what somebody began with; `course` is None where only its text can be changed."""

    blob: str
    text: str
    course: CourseRules | None
    problems: list[Problem]


def _read(blob: str) -> CourseFile:
    data = content.blobs({blob}).get(blob, b"")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = 'huruf di baris ini bukan UTF-8; simpan ulang sebagai "UTF-8"'
        return CourseFile(blob, data.decode("utf-8", "replace"), None, [Problem(COURSE_FILE, line, "galat", fault)])
    course, problems = parse_course(text)
    if course and len(course.modules) > MOST_MODULES:
        fault = f"materinya lebih dari {MOST_MODULES}; ubah langsung di teksnya"
        return CourseFile(blob, text, None, [Problem(COURSE_FILE, 0, "galat", fault)])
    return CourseFile(blob, text, course, problems if course is None or text.strip() else [])


@bp.get("/pelatih/kursus/<slug>/atur")
def settings(slug: str) -> str:
    """Every key of kursus.toml as a field."""
    course = editing(slug)
    held = _read(content.draft_hashes(course.course_id).get(COURSE_FILE, ""))
    if held.course is None:
        return _as_text(course, held)
    return _settings_page(course, held, forms.as_shown(forms.fields_of(held.course)))


@bp.post("/pelatih/kursus/<slug>/atur")
def save_settings(slug: str) -> Response | tuple[str, int]:
    """Write back what was changed; when somebody else saved since, show both."""
    course = editing(slug)
    drafts = content.draft_hashes(course.course_id)
    held = _read(drafts.get(COURSE_FILE, ""))
    if held.course is None:
        return _as_text(course, held), 409
    base = request.form.get("dasar", "")
    begun = held.course if base == held.blob else _known(base) or held.course
    fields = forms.fields_of(begun)
    typed = forms.typed_in(request.form, fields)
    if base != held.blob:
        found = forms.beside(typed, begun, held.course)
        return _settings_page(course, held, found.typed, meanwhile=found), 409
    values, faults = forms.read_settings(typed, fields)
    if faults:
        wrong = [(name, fields[name].label) for name in faults]
        return _settings_page(course, held, typed, faults=faults, wrong=wrong), 422
    try:
        text = course_writing.set_values(held.text, values)
        text = course_writing.add_module(text, typed["materi_baru"]) if typed["materi_baru"] else text
    except course_writing.CannotWrite as refused:
        return _settings_page(course, held, typed, refusal=refused.problem), 422
    retitled = [name for name, field in fields.items() if name.endswith("_judul") and field.place in values]
    titles = {fields[name].value: typed[name] for name in retitled}
    if text != held.text and not _save(course, held, text, titles, drafts):
        return save_settings(slug)
    return redirect(f"/pelatih/kursus/{slug}/atur?tersimpan=1", 303)


def _known(blob: str) -> CourseRules | None:
    """The course that a form was made of; where that is not kept, what was typed is laid over the present one."""
    return _read(blob).course if content.blobs({blob}) else None


def _save(course: Editing, held: CourseFile, text: str, titles: dict[str, str], drafts: dict[str, str]) -> bool:
    """Keep it, and the questions of the tests under the new titles of their modules; False when another was faster."""
    files: dict[str, bytes | None] = {COURSE_FILE: text.encode()}
    bank = held.course.test.bank if held.course and held.course.test and titles else ""
    source = course_writing.text_in(content.blobs({drafts[bank]})[drafts[bank]]) if bank in drafts else None
    if source is not None and (renamed := course_writing.pools_renamed(source, titles)) != source:
        files[bank] = renamed.encode()
    with suppress(EditedMeanwhile), writing():
        actions.save_together(course.course_id, files, drafts, course.viewer.person_id, now())
        return True
    return False


def _settings_page(course: Editing, held: CourseFile, typed: dict[str, str], **told: object) -> str:
    return render_template(
        "authoring/atur.html",
        slug=course.slug,
        editor=f"/pelatih/kursus/{course.slug}/sunting/{COURSE_FILE}",
        base=held.blob,
        course=held.course,
        problems=held.problems,
        typed=typed,
        saved=request.method == "GET" and request.args.get("tersimpan") == "1",
        **{"faults": {}, **told},
    )


def _as_text(course: Editing, held: CourseFile) -> str:
    """The text around the line that is wrong."""
    problem = held.problems[0]
    lines = list(enumerate(normalised(held.text).split("\n"), 1))
    first = max(0, problem.line - 1 - LINES_AROUND)
    return render_template(
        "authoring/atur_rusak.html",
        slug=course.slug,
        editor=f"/pelatih/kursus/{course.slug}/sunting/{COURSE_FILE}",
        problem=problem,
        lines=[(number, text[:300]) for number, text in lines[first : problem.line + LINES_AROUND]],
    )

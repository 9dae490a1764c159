"""kursus.toml as a form with an explanation at each field; broken, it opens as text with its line marked."""

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from lms.authoring.actions import save_together
from lms.authoring.forms import beside, fields_of, label_of, read_settings, typed_in
from lms.course import queries
from lms.course.actions import EditedMeanwhile
from lms.course.course_writing import CannotWrite, add_module, pools_renamed, set_values, text_in
from lms.course.outline import COURSE_FILE, CourseRules, parse_course
from lms.course.problems import Problem
from lms.db.engine import writing
from lms.people.access import Editing, editing
from lms.web.clock import now
from lms.web.plain import normalised

bp = Blueprint("authoring_settings", __name__, url_prefix="/pelatih/kursus/<slug>")

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
    data = queries.blobs({blob}).get(blob, b"")
    text = text_in(data)
    if text is None:
        line = data.count(b"\n", 0, _first_fault(data)) + 1
        fault = 'huruf di baris ini bukan UTF-8; simpan ulang sebagai "UTF-8"'
        return CourseFile(blob, data.decode("utf-8", "replace"), None, [Problem(COURSE_FILE, line, "galat", fault)])
    course, problems = parse_course(text)
    if course and len(course.modules) > MOST_MODULES:
        fault = f"materinya lebih dari {MOST_MODULES}; ubah langsung di teksnya"
        return CourseFile(blob, text, None, [Problem(COURSE_FILE, 0, "galat", fault)])
    return CourseFile(blob, text, course, problems if course is None or text.strip() else [])


def _first_fault(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


@bp.get("/atur")
def settings(slug: str) -> str:
    """Every key of kursus.toml as a field."""
    course = editing(slug)
    held = _read(queries.draft_hashes(course.course_id).get(COURSE_FILE, ""))
    if held.course is None:
        return _as_text(course, held)
    return _page(course, held.blob, held.course, fields_of(held.course), problems=held.problems)


@bp.post("/atur")
def save_settings(slug: str) -> Response | tuple[str, int]:
    """Write back what was changed; when somebody else saved since, show both."""
    course = editing(slug)
    drafts = queries.draft_hashes(course.course_id)
    held = _read(drafts.get(COURSE_FILE, ""))
    if held.course is None:
        return _as_text(course, held), 409
    base = _begun_with(request.form.get("dasar", ""), held)
    begun = base.course or held.course
    typed = typed_in(request.form, fields_of(begun))
    if base.blob != held.blob:
        found = beside(typed, begun, held.course)
        return _page(course, held.blob, held.course, found.typed, meanwhile=found, problems=held.problems), 409
    form = read_settings(typed, fields_of(begun))
    if form.faults:
        wrong = [(name, label_of(name, begun)) for name in form.faults]
        return _page(course, held.blob, held.course, typed, faults=form.faults, wrong=wrong), 422
    try:
        text = set_values(held.text, form.values)
        text = add_module(text, form.new_module) if form.new_module else text
    except CannotWrite as refused:
        return _page(course, held.blob, held.course, typed, refusal=refused.problem), 422
    titles = {
        held.course.modules[int(place[1])].title: str(title)
        for place, title in form.values.items()
        if place[0] == "materi" and place[-1] == "judul"
    }
    if text != held.text and not _save(course, held, text, titles, drafts):
        return save_settings(slug)
    return redirect(f"/pelatih/kursus/{slug}/atur?tersimpan=1", 303)


def _begun_with(blob: str, held: CourseFile) -> CourseFile:
    """The file that the form was made of; where that is not known, what was typed is laid over the present one."""
    if blob == held.blob:
        return held
    return _read(blob) if queries.blobs({blob}) else replace(held, blob="")


def _save(course: Editing, held: CourseFile, text: str, titles: dict[str, str], drafts: dict[str, str]) -> bool:
    """Keep it, and the questions of the tests under the new titles of their modules; False when another was faster."""
    files: dict[str, bytes | None] = {COURSE_FILE: text.encode()}
    bank = held.course.test.bank if held.course and held.course.test and titles else ""
    source = text_in(queries.blobs({drafts[bank]})[drafts[bank]]) if bank in drafts else None
    if source is not None and (renamed := pools_renamed(source, titles)) != source:
        files[bank] = renamed.encode()
    try:
        with writing():
            save_together(course.course_id, files, drafts, course.viewer.person_id, now())
    except EditedMeanwhile:
        return False
    return True


def _page(course: Editing, blob: str, present: CourseRules, typed: dict[str, str], **more: object) -> str:
    shown: dict[str, object] = {"faults": {}, "meanwhile": None, "refusal": None, "problems": [], **more}
    return render_template(
        "authoring/atur.html",
        slug=course.slug,
        editor=f"/pelatih/kursus/{course.slug}/sunting/{COURSE_FILE}",
        base=blob,
        course=present,
        typed=typed,
        saved=request.method == "GET" and request.args.get("tersimpan") == "1",
        **shown,
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

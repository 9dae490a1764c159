"""The desk of a course: its modules and lessons in order, the state of each, and what readers reported."""

from collections import Counter
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.authoring import queries
from lms.authoring.draft import draft_view, place_in
from lms.course import actions
from lms.course import queries as content
from lms.course.course_writing import CannotWrite, add_lesson, move_lesson, move_module
from lms.course.outline import COURSE_FILE, identity_of, parse_course
from lms.db.engine import writing
from lms.people.access import Editing, editing, row_id, staff
from lms.web.clock import now, today

bp = Blueprint("authoring", __name__)


@bp.get("/pelatih/kursus")
def courses() -> str:
    """The courses I may edit."""
    who = staff()
    return render_template("authoring/kursus.html", courses=queries.my_courses(who))


@bp.get("/pelatih/kursus/<slug>")
def desk(slug: str) -> str:
    """Modules and lessons in order, with the state of each."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    modules, apart = queries.modules_of(course.course_id, draft)
    listed = [lesson for module in modules for lesson in module.lessons]
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
    except (CannotWrite, LookupError):
        abort(409)
    with writing():
        actions.save_file(course.course_id, COURSE_FILE, moved.encode(), base, course.viewer.person_id, now())
    return redirect(f"/pelatih/kursus/{slug}#{'p-' + quote(path) if path else f'materi-{place}'}", 303)


def _lesson_at(course: Editing, text: str, path: str, to: tuple[int, int]) -> str:
    """The lesson or form at a place of a module, listed if the draft has it and no module does."""
    view = draft_view(course.course_id, course.slug)
    if path in view.files and place_in(view).role_of(path) in ("pelajaran", "formulir"):
        text = add_lesson(text, to[0], path)
    return move_lesson(text, path, to)


def _module_at(text: str, title: str, place: int) -> str:
    """The module of this title at a place, one step after another; raises LookupError when there is no such module."""
    found, _ = parse_course(text)
    titles = [module.title for module in found.modules] if found else []
    if title not in titles or place >= len(titles):
        raise LookupError(title)
    at = titles.index(title)
    while at != place:
        step = 1 if place > at else -1
        text, at = move_module(text, at, "down" if step > 0 else "up"), at + step
    return text


@bp.get("/pelatih/kursus/<slug>/laporan/<path:path>")
def reports(slug: str, path: str) -> str:
    """What readers doubt about a lesson; who asked is known to the trainers of their cohort alone."""
    course = editing(slug)
    draft = queries.draft_of(course.course_id, today())
    identity = identity_of(path)
    found = queries.reports_on(course, identity, draft.report.course)
    if path not in draft.hashes and not found:
        abort(404)
    return render_template(
        "authoring/laporan.html", course=course, path=path, title=draft.report.title_of(path), reports=found
    )

"""Publishing a course: what is ticked, whom it touches and why; every edition with what changed in it; going back."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.authoring.plan import Plan, Sent, compared, contents, plan_of, read_form
from lms.authoring.publications import Published, history
from lms.cohort.actions import open_selfstudy, take_part
from lms.course import actions
from lms.course import queries as content
from lms.course.changes import changes
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.people.access import Editing, editing, row_id
from lms.people.actions import note
from lms.web.clock import now, today

bp = Blueprint("publishing", __name__)

PAGE = 30
NOTHING_TICKED = "Centang dulu yang mau diterbitkan."
GALAT = "Belum diterbitkan: masih ada yang harus dibetulkan. Betulkan dulu, atau lepas centang berkasnya."
NOTHING_NEW = "Yang dicentang sudah sama dengan yang dibaca peserta. Tidak ada yang perlu diterbitkan."
OTHER_TICKS = "Pilihan Anda berubah. Periksa yang di bawah ini, lalu tekan Terbitkan sekali lagi."
MOVED = "Belum diterbitkan: ada yang berubah sejak halaman ini dibuka. Periksa lagi, lalu tekan Terbitkan."
NO_WHY = "Tulis satu kalimat: apa yang berubah dan mengapa. Pelatih lain membacanya nanti."


@bp.get("/pelatih/kursus/<slug>/terbitkan")
def look(slug: str) -> str:
    """What waits, with what this person changed ticked."""
    course = editing(slug)
    return _plan_page(course, plan_of(course, Sent(), today()))


@bp.post("/pelatih/kursus/<slug>/terbitkan")
def publish(slug: str) -> Response | str | tuple[str, int]:
    """Publish exactly what the page told of; anything else shows it again, with ticks and reason kept."""
    course, sent = editing(slug), read_form(request.form)
    plan = plan_of(course, sent, today())
    if sent.publish and not (fault := _fault(plan)):
        number = _publish(course, plan)
        if number:
            return redirect(f"/pelatih/kursus/{slug}/terbitan/{number}?baru=1", 303)
        plan = plan_of(course, sent, today())
        fault = MOVED
    if plan.is_done:
        return redirect(f"/pelatih/kursus/{slug}/terbitan/{content.edition_number(plan.checked.over or 0)}?baru=1", 303)
    return (_plan_page(course, plan, fault), 422) if sent.publish else _plan_page(course, plan)


def _fault(plan: Plan) -> str:
    """Why this can't be published yet; "" when it can."""
    moved = plan.moved or plan.sent.over != (plan.checked.over or 0)
    faults = {
        NOTHING_TICKED: not plan.checked.draft,
        GALAT: bool(plan.galat),
        NOTHING_NEW: plan.is_empty,
        MOVED: bool(moved) and not plan.is_what_was_seen,
        OTHER_TICKS: not plan.is_what_was_seen,
        NO_WHY: not plan.sent.why,
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def _publish(course: Editing, plan: Plan) -> int:
    """The number of the new edition; 0 when somebody was faster."""
    moment, by = now(), course.viewer.person_id
    try:
        with writing():
            edition = actions.publish(plan.checked, moment, person_id=by, why=plan.sent.why, reread=plan.reread)
            if edition is None:
                return 0
            fields = [f"edition:{edition.number}", *(f"reread:{lesson}" for lesson in plan.reread)]
            note(by, "kursus diterbitkan", f"course:{course.course_id}", moment, fields, plan.sent.why)
            _open_door(course, plan, moment)
            return edition.number
    except actions.DraftChanged:
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
        sent=plan.sent,
        fault=fault,
        why_fault=fault if fault == NO_WHY else "",
        longest=actions.LONGEST_WHY,
        left_out=[file.title for file in plan.files if file.path in plan.checked.left_out],
    )


@bp.get("/pelatih/kursus/<slug>/terbitan")
def editions(slug: str) -> str:
    """Everything that became current, newest first."""
    course = editing(slug)
    found = history(course.course_id)
    page = min(max(request.args.get("hal", 1, type=int), 1), 1_000_000)
    return render_template(
        "authoring/terbitan.html",
        course=course,
        title=_title(course),
        published=found[(page - 1) * PAGE : page * PAGE],
        current=found[0] if found else None,
        newest=page == 1,
        count=len(found),
        page=page,
        each=PAGE,
    )


def _title(course: Editing) -> str:
    """What the course is called where its participants read it."""
    return edition_view(course.edition_id, course.slug).course.title if course.edition_id else course.slug


def _edition(slug: str, number: int) -> tuple[Editing, list[Published], Published]:
    """(the course, its history, the publication that first made this edition current); 404 for an unknown one."""
    course = editing(slug)
    past = history(course.course_id)
    found = next((each for each in past if each.number == number and each.is_first), None)
    if found is None:
        abort(404)
    return course, past, found


@bp.get("/pelatih/kursus/<slug>/terbitan/<id:number>")
def edition(slug: str, number: int) -> str:
    """An edition, and what is other in it than in the one before or than in the current one."""
    return _edition_page(*_edition(slug, number))


def _edition_page(course: Editing, past: list[Published], found: Published, fault: str = "") -> str:
    current = past[0]
    with_current = request.args.get("banding") == "berlaku" and found.number != current.number
    other = current if with_current else found.before
    hashes = content.edition_hashes(found.edition_id)
    held = content.edition_hashes(other.edition_id) if other else {}
    before, after = contents(held, hashes), contents(hashes, held)
    alone = request.args.get("berkas")
    all_changes = changes(before, after) if other else []
    shown = [change for change in all_changes if alone in (None, change.path)]
    return render_template(
        "authoring/terbitan_satu.html",
        course=course,
        title=_title(course),
        found=found,
        other=other,
        current=current,
        with_current=with_current,
        undo=current.before if found.number == current.number else None,
        changes=shown,
        rows=compared(shown, before, after),
        hashes=hashes,
        fault=fault,
        longest=actions.LONGEST_WHY,
        why=_why(),
    )


def _why() -> str:
    return " ".join(request.form.get("alasan", "").split())[: actions.LONGEST_WHY]


@bp.post("/pelatih/kursus/<slug>/terbitan/<id:number>/kembali")
def roll_back(slug: str, number: int) -> Response | tuple[str, int]:
    """Let everybody read an older edition again; pressed twice it is done once."""
    course, past, found = _edition(slug, number)
    fault = "" if _why() else "Tulis satu kalimat: mengapa kembali ke terbitan ini."
    is_done = actions.going_back(course.course_id, number).edition_id == past[0].edition_id
    if row_id(request.form.get("berlaku")) != past[0].number and not is_done:
        fault = f"Sementara itu terbitan {past[0].number} mulai berlaku. Periksa dulu, lalu tekan sekali lagi."
    if fault:
        return _edition_page(course, past, found, fault), 422
    moment, by = now(), course.viewer.person_id
    with writing():
        if actions.roll_back(course.course_id, number, moment, person_id=by, why=_why()):
            note(by, "terbitan dikembalikan", f"course:{course.course_id}", moment, [f"edition:{number}"], _why())
    current = content.edition_number(content.current_edition_id(course.course_id) or 0)
    return redirect(f"/pelatih/kursus/{slug}/terbitan/{current}?kembali=1", 303)

"""The meetings of a bimtek for its trainer: added, changed, cancelled."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.bimtek import actions, queries
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import read_meeting
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.people.access import Training, event, refuse_closed, still_open
from lms.web.clock import now
from lms.web.dates import WIB
from lms.web.meanwhile import Laid, laid_over

SURVEYED = "Survei tentang narasumber ini sudah ada yang mengisi, jadi namanya tidak dapat diganti lagi."

bp = Blueprint("events", __name__)


def meeting_at(held: Training, meeting_id: int) -> MeetingFacts:
    """A meeting of this bimtek; 404 for any other."""
    found = queries.meeting_of(held.cohort_id, meeting_id)
    if found is None:
        abort(404)
    return found


@bp.get("/pelatih/<code>/acara/pertemuan", defaults={"meeting_id": None})
@bp.get("/pelatih/<code>/acara/pertemuan/<id:meeting_id>")
def meeting(code: str, meeting_id: int | None) -> str:
    """One meeting, to be changed or cancelled, or the form for one more, which begins where the last one ends."""
    held = event(code)
    refuse_closed(held)
    if meeting_id is not None:
        found = meeting_at(held, meeting_id)
        return _form(held, found, _fields(found), shown=_fields(found))
    last = [each for each in queries.meetings(held.cohort_id) if each.cancelled_at is None][-1:]
    day = last[0].day if last else held.starts_on
    start = last[0].ends_at.astimezone(WIB) if last else None
    typed = {"tanggal": day or "", "mulai": f"{start:%H:%M}" if start else "08:00", "selesai": "", "jp": "1"}
    return _form(held, None, typed)


def _fields(found: MeetingFacts | None) -> dict[str, str]:
    """A meeting as its fields hold it."""
    if found is None:
        return {}
    start, end = (moment.astimezone(WIB) for moment in (found.starts_at, found.ends_at))
    return {
        "tanggal": str(found.day),
        "mulai": f"{start:%H:%M}",
        "selesai": f"{end:%H:%M}",
        "materi": found.module,
        "judul": "" if found.subject == found.module else found.subject,
        "narasumber": found.speaker,
        "jp": str(found.jp),
    }


@bp.post("/pelatih/<code>/acara/pertemuan", defaults={"meeting_id": None})
@bp.post("/pelatih/<code>/acara/pertemuan/<id:meeting_id>")
def keep_meeting(code: str, meeting_id: int | None) -> Response | tuple[str, int]:
    """Add it, once however often it is sent; change it, cancel it, or let it take place after all."""
    held, wanted = event(code), request.form.get("aksi", "simpan") if meeting_id else "simpan"
    found = meeting_at(held, meeting_id) if meeting_id else None
    if wanted not in ("simpan", "batal", "pulih"):
        abort(400)
    modules = _modules(held)
    with writing():
        still_open(held.cohort_id)
        if found and wanted != "simpan":
            actions.set_cancelled(held.cohort_id, found.id, now(), cancelled=wanted == "batal")
            return redirect(f"/pelatih/{held.code}#acara", 303)
        shown = _fields(found and meeting_at(held, found.id))
        laid = laid_over(shown, request.form) if found else Laid(request.form, {})
        values, wrong = read_meeting(laid.typed, modules)
        faults = {**laid.told, **wrong}
        if not faults and not actions.keep_meeting(held.cohort_id, meeting_id, values):
            faults = {"narasumber": SURVEYED}
    if faults:
        return _form(held, found, laid.typed, faults, shown), 409 if faults == laid.told else 422
    return redirect(f"/pelatih/{held.code}#acara", 303)


def _form(
    held: Training,
    found: MeetingFacts | None,
    typed: Mapping[str, Any],
    faults: Mapping[str, str] | None = None,
    shown: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "bimtek/pertemuan.html",
        cohort=held,
        meeting=found,
        modules=_modules(held),
        typed=typed,
        faults=faults or {},
        shown=shown or {},
    )


def _modules(held: Training) -> list[str]:
    return [module.title for module in edition_view(held.edition_id, held.slug).course.modules]

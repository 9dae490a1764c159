"""A bimtek for its trainer: how it stands and what comes next, its plan, its meetings, its closing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.bimtek import actions, queries
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import read_meeting
from lms.bimtek.queries import Details
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.learn.queries import NextStep
from lms.people.access import Training, event, refuse_closed, still_open
from lms.people.names import one_line
from lms.quiz.exam_cohort_queries import to_mend, windows_of
from lms.quiz.queries import POSTTEST
from lms.quiz.window import state_of
from lms.web.clock import now, today
from lms.web.dates import WIB
from lms.web.meanwhile import Laid, laid_over

SURVEYED = "Survei tentang narasumber ini sudah ada yang mengisi, jadi namanya tidak dapat diganti lagi."

bp = Blueprint("events", __name__)


def next_step(held: Training, plan: Details, meetings: list[MeetingFacts], moment: datetime) -> NextStep:
    """The first thing that a bimtek still needs."""
    base = f"/pelatih/{held.code}"
    planned = [each for each in meetings if each.cancelled_at is None]
    coming = next((each for each in planned if each.is_on(moment)), None)
    if held.closed_at:
        return NextStep(f"{base}/laporan", "Buat laporan kegiatan")
    if not planned:
        return NextStep(f"{base}/acara/pertemuan", "Tambah pertemuan pertama")
    if not plan.joined:
        return NextStep(f"{base}/impor", "Masukkan daftar peserta")
    if coming:
        return NextStep(f"{base}/hadir/{coming.id}", f"Catat kehadiran: {coming.subject}")
    if held.ends_on and today() > held.ends_on:
        return NextStep(f"{base}/acara#tutup", "Tutup bimtek")
    return NextStep(base, "Lihat peserta")


def meeting_at(held: Training, meeting_id: int) -> MeetingFacts:
    """A meeting of this bimtek; 404 for any other."""
    found = queries.meeting_of(held.cohort_id, meeting_id)
    if found is None:
        abort(404)
    return found


@bp.get("/pelatih/<code>/acara")
def hub(code: str) -> str:
    """How a bimtek stands, and the way to all its pages."""
    return _hub(event(code))


def _hub(held: Training, fault: str = "") -> str:
    plan, meetings, moment = queries.details(held.cohort_id), queries.meetings(held.cohort_id), now()
    return render_template(
        "bimtek/acara.html",
        cohort=held,
        state=held.state(today()),
        astray=_astray(held, meetings),
        unnoted=[] if held.closed_at else queries.unnoted(held.cohort_id),
        too_early=_posttest_too_early(held, meetings, moment),
        plan=plan,
        meetings=meetings,
        step=next_step(held, plan, meetings, moment),
        mend=to_mend(held, held.viewer) if held.closed_at or held.posttest_closed_at else [],
        typed=request.form,
        fault=fault,
    )


def _posttest_too_early(held: Training, meetings: list[MeetingFacts], moment: datetime) -> bool:
    """Whether the post-test may be taken before the last meeting."""
    if held.closed_at or held.posttest_closed_at or not edition_view(held.edition_id, held.slug).has_exams:
        return False
    is_open = state_of(windows_of(held.cohort_id).get(POSTTEST), moment) == "terbuka"
    to_come = any(each.cancelled_at is None and each.ends_at > moment for each in meetings)
    return is_open and (to_come or held.state(today()) == "direncanakan")


def _astray(held: Training, meetings: list[MeetingFacts]) -> list[MeetingFacts]:
    """Return the meetings held on a day that is none of the bimtek's: its dates were moved, theirs were not."""
    if held.closed_at or held.starts_on is None:
        return []
    last = held.ends_on or held.starts_on
    return [each for each in meetings if each.cancelled_at is None and not held.starts_on <= each.day <= last]


@bp.post("/pelatih/<code>/acara")
def close_or_reopen(code: str) -> Response | tuple[str, int]:
    """Close the bimtek once it was said that this is meant, or open it again for a reason."""
    held, wanted = event(code), request.form.get("aksi")
    by, reason = held.viewer.person_id, one_line(request.form.get("alasan", ""), 200)
    if wanted not in ("tutup", "buka"):
        abort(400)
    if wanted == "tutup" and request.form.get("yakin") != "ya":
        return _hub(held, "Beri tanda dulu bahwa bimtek ini memang akan ditutup, lalu tekan lagi."), 422
    if wanted == "buka" and not reason:
        return _hub(held, "Tulis alasannya, paling panjang 200 huruf; alasan itu tercatat."), 422
    with writing():
        if wanted == "tutup":
            actions.close(held.cohort_id, by, now())
        else:
            actions.reopen(held.cohort_id, reason or "", by, now())
    return redirect(f"/pelatih/{held.code}/acara", 303)


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
            return redirect(f"/pelatih/{held.code}/acara#acara", 303)
        shown = _fields(found and meeting_at(held, found.id))
        laid = laid_over(shown, request.form) if found else Laid(request.form, {})
        values, wrong = read_meeting(laid.typed, modules)
        faults = {**laid.told, **wrong}
        if not faults and not actions.keep_meeting(held.cohort_id, meeting_id, values):
            faults = {"narasumber": SURVEYED}
    if faults:
        return _form(held, found, laid.typed, faults, shown), 409 if faults == laid.told else 422
    return redirect(f"/pelatih/{held.code}/acara#acara", 303)


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

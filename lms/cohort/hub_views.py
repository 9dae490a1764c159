"""One cohort on one page: a bimtek in three stages, its people, who is stuck; what is said of it; its closing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, session
from werkzeug import Response

from lms.bimtek import actions as bimtek
from lms.bimtek import queries as events
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import read_details
from lms.cohort import desk_queries as queries
from lms.cohort.forms import read_cohort_form, read_wanted, read_words
from lms.cohort.member_queries import notes_waiting
from lms.cohort.outgoing import group_message, nudge
from lms.cohort.queries import crew
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.learn.inquiry_queries import waiting
from lms.learn.queries import NextStep
from lms.people.access import Training, event, still_open, training
from lms.people.actions import note_shown
from lms.people.names import one_line
from lms.people.regions import villages
from lms.quiz.exam_cohort_queries import sitters, to_mend, windows_of
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.window import state_of
from lms.web.above import above
from lms.web.clock import now, today
from lms.web.meanwhile import laid_over

bp = Blueprint("hub", __name__)

# The words looked for last, in the session; that they are meant, in an address.
WORDS, SEARCHED = "cari", "dicari"
ASKED = {"saring", "urut", "hal", SEARCHED}
TESTS = {PRETEST: "Tes awal", POSTTEST: "Tes akhir"}


@bp.get("/pelatih/<code>")
def people(code: str) -> str:
    """How a cohort stands and what comes next, with everybody in it; or whoever of them is looked for."""
    return _page(training(code))


def _page(held: Training, fault: str = "", *, shown: bool = False) -> str:
    """Make the page; `shown`: with the numbers of those who are stuck."""
    moment, stuck = now(), {"saring": "macet", "hal": request.values.get("hal", "")}
    words = str(session.get(WORDS, "")) if SEARCHED in request.args else ""
    wanted = read_wanted(stuck if shown else request.args, words)
    lines, found = queries.find(held, wanted, moment)
    asked = shown or bool(ASKED & request.args.keys())
    return render_template(
        "cohort/angkatan.html",
        cohort=held,
        asked=asked,
        wanted=wanted,
        found=found,
        lines=lines,
        doubles=queries.doubles(held.cohort_id, [line.who for line in lines]),
        villages=villages(),
        filters=queries.FILTERS,
        orders=queries.ORDERS,
        moment=moment,
        state=held.state(today()),
        questions=waiting([held.cohort_id]).get(held.cohort_id, 0),
        notes=notes_waiting([held]).get(held.cohort_id, 0),
        unsigned=len(above("waiting_ids", held.cohort_id)),
        shown=shown,
        typed=request.form,
        fault=fault,
        **(_messages(held, lines) if wanted.only == "macet" else {}),
        **({} if asked or held.kind != "bimtek" else _event(held, moment)),
    )


def _messages(held: Training, stuck: list[queries.Learner]) -> dict[str, Any]:
    edition = edition_view(held.edition_id, held.slug)
    return {"people": [(line, nudge(held, edition, line)) for line in stuck], "group": group_message(held, edition)}


def _event(held: Training, moment: datetime) -> dict[str, Any]:
    """What the page of a bimtek tells of its stages, its meetings, and what is amiss with them."""
    plan, meetings = events.details(held.cohort_id), events.meetings(held.cohort_id)
    planned, unnoted = [each for each in meetings if each.cancelled_at is None], events.unnoted(held.cohort_id)
    return {
        "stage": _stage(held),
        "today": today(),
        "plan": plan,
        "count": queries.counts([held], moment)[held.cohort_id],
        "crew": Counter(each.role for each in crew(held.cohort_id)),
        "sent": _sent(held),
        "surveyed": events.state_of(held.cohort_id).sent,
        "planners": events.counted(held.cohort_id).people,
        "reported": queries.is_reported(held.cohort_id),
        "meetings": meetings,
        "unnoted": [each.subject for each in planned if each.id in unnoted],
        "astray": _astray(held, planned),
        "too_early": _posttest_too_early(held, planned, moment),
        "mend": to_mend(held, held.viewer) if held.closed_at or held.posttest_closed_at else [],
        "step": next_step(held, plan.joined, planned, moment),
    }


def _stage(held: Training) -> str:
    """Return which of its stages a bimtek is in; from its closing on it is the last."""
    if held.state(today()) == "direncanakan":
        return "Sebelum"
    return "Sesudah" if held.closed_at or today() > (held.ends_on or today()) else "Hari ini"


def _sent(held: Training) -> dict[str, int]:
    """Name of each test that the course has -> how many sent it."""
    if not edition_view(held.edition_id, held.slug).has_exams:
        return {}
    sat = sitters(held.cohort_id)
    return {words: sum(each.stages[name] == "sudah" for each in sat) for name, words in TESTS.items()}


def next_step(held: Training, joined: int, planned: list[MeetingFacts], moment: datetime) -> NextStep:
    """The first thing that a bimtek still needs."""
    base = f"/pelatih/{held.code}"
    coming = next((each for each in planned if each.is_on(moment)), None)
    if held.closed_at:
        return NextStep(f"{base}/laporan", "Buat laporan kegiatan")
    if not planned:
        return NextStep(f"{base}/acara/pertemuan", "Tambah pertemuan pertama")
    if not joined:
        return NextStep(f"{base}/impor", "Masukkan daftar peserta")
    if coming:
        return NextStep(f"{base}/hadir/{coming.id}", f"Catat kehadiran: {coming.subject}")
    if held.ends_on and today() > held.ends_on:
        return NextStep(f"{base}#tutup", "Tutup bimtek")
    if held.state(today()) == "direncanakan":
        return NextStep(f"{base}/undangan", "Kartu dan undangan")
    return NextStep(f"{base}?saring=macet", "Siapa yang macet")


def _posttest_too_early(held: Training, planned: list[MeetingFacts], moment: datetime) -> bool:
    """Whether the post-test may be taken before the last meeting."""
    if held.closed_at or held.posttest_closed_at or not edition_view(held.edition_id, held.slug).has_exams:
        return False
    is_open = state_of(windows_of(held.cohort_id).get(POSTTEST), moment) == "terbuka"
    return is_open and (any(each.ends_at > moment for each in planned) or held.state(today()) == "direncanakan")


def _astray(held: Training, planned: list[MeetingFacts]) -> list[MeetingFacts]:
    """Return the meetings held on a day that is none of the bimtek's: its dates were moved, theirs were not."""
    if held.closed_at or held.starts_on is None:
        return []
    last = held.ends_on or held.starts_on
    return [each for each in planned if not held.starts_on <= each.day <= last]


@bp.post("/pelatih/<code>")
def search(code: str) -> Response:
    """Look for somebody: an address that logs and histories keep names nobody, so the words go into the cookie."""
    trained, wanted = training(code), read_wanted(request.form, read_words(request.form.get("cari", "")))
    # In the session and not in the address, which would stay in logs with a name in it.
    session.pop(WORDS, None)
    asked = {"saring": wanted.only, "urut": wanted.order}
    if wanted.search:
        session[WORDS] = wanted.search
        asked[SEARCHED] = "ya"
    return redirect(f"/pelatih/{trained.code}?{urlencode(asked)}", 303)


@bp.post("/pelatih/<code>/macet")
def numbers_of_stuck(code: str) -> str:
    """Show a page of those who are stuck with their phone numbers; whose they were is noted."""
    trained, moment = training(code), now()
    wanted = read_wanted({"saring": "macet", "hal": request.form.get("hal", "")}, "")
    phones = [line.who.person_id for line in queries.find(trained, wanted, moment)[0] if line.who.phone]
    with writing():
        note_shown(trained, phones, "nomor HP ditampilkan", ["phone"], moment)
    return _page(trained, shown=True)


@bp.post("/pelatih/<code>/acara")
def close_or_reopen(code: str) -> Response | tuple[str, int]:
    """Close the bimtek once it was said that this is meant, or open it again for a reason."""
    held, wanted = event(code), request.form.get("aksi")
    by, reason = held.viewer.person_id, one_line(request.form.get("alasan", ""), 200)
    if wanted not in ("tutup", "buka"):
        abort(400)
    if wanted == "tutup" and request.form.get("yakin") != "ya":
        return _page(held, "Beri tanda dulu bahwa bimtek ini memang akan ditutup, lalu tekan lagi."), 422
    if wanted == "buka" and not reason:
        return _page(held, "Tulis alasannya, paling panjang 200 huruf; alasan itu tercatat."), 422
    with writing():
        if wanted == "tutup":
            bimtek.close(held.cohort_id, by, now())
        else:
            bimtek.reopen(held.cohort_id, reason or "", by, now())
    return redirect(f"/pelatih/{held.code}", 303)


@bp.get("/pelatih/<code>/data")
def details(code: str) -> str:
    """Show everything that is said of a bimtek, to be changed unless it was closed; a self-study has none of it."""
    trained = event(code)
    shown = _said(trained)
    return _details_page(trained, shown, shown, {})


_SAID = {
    "nama": "name",
    "mulai": "starts_on",
    "selesai": "ends_on",
    "tempat": "place",
    "kuota": "quota",
    "peta": "map_link",
    "bawaan": "bring",
    "dasar": "basis",
    "panitia": "committee",
    "daring_mulai": "online_from",
    "daring_selesai": "online_until",
}
"""Field of the form -> the column it is about."""


def _said(held: Training) -> dict[str, str]:
    """As the fields hold it."""
    plan = events.details(held.cohort_id)
    return {name: str(getattr(plan, column) or "") for name, column in _SAID.items()}


def _details_page(held: Training, shown: Mapping[str, str], typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template("cohort/keterangan.html", cohort=held, shown=shown, typed=typed, faults=faults)


@bp.post("/pelatih/<code>/acara/isian")  # Where half of these fields were a form of their own.
@bp.post("/pelatih/<code>/data")
def correct(code: str) -> Response | tuple[str, int]:
    """Correct it; the log says which of it. Where another trainer changed the same meanwhile, both are shown."""
    trained = event(code)
    courses = {trained.course_id: edition_view(trained.edition_id, trained.slug)}
    with writing():
        still_open(trained.cohort_id)
        shown = _said(trained)
        laid = laid_over(shown, request.form)
        plan, wrong = read_cohort_form({**laid.typed, "kursus": trained.slug}, courses)
        values, amiss = read_details(laid.typed)
        faults = {**laid.told, **wrong, **amiss}
        if plan and not faults:
            bimtek.keep_details(trained.cohort_id, asdict(plan) | values, trained.viewer.person_id, now())
    if faults:
        return _details_page(trained, shown, laid.typed, faults), 422 if wrong or amiss else 409
    return redirect(f"/pelatih/{trained.code}?tersimpan=1", 303)

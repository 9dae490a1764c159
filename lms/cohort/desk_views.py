"""The trainer's desk: my cohorts, each with its people, who is stuck and its settings; and the villages reached."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request, session
from werkzeug import Response

from lms.bimtek.actions import copy_plan, keep_details
from lms.bimtek.forms import read_details
from lms.bimtek.queries import details as plan_of
from lms.cohort import actions as cohorts
from lms.cohort import desk_queries as queries
from lms.cohort.forms import read_cohort_form, read_wanted, read_words
from lms.cohort.member_queries import notes_waiting
from lms.cohort.outgoing import group_message, invitation, nudge
from lms.course.load import EditionView, edition_view
from lms.course.queries import edition_number, newest_number
from lms.db.engine import writing
from lms.learn.inquiry_queries import waiting
from lms.paper.printing import attachment, workbook
from lms.people.access import Training, event, row_id, staff, still_open, training
from lms.people.actions import note_shown
from lms.people.regions import villages
from lms.web.above import above
from lms.web.clock import now, today
from lms.web.meanwhile import laid_over
from lms.web.security import may_be_compressed, show_nobody_else

bp = Blueprint("desk", __name__)

STUCK_PAGE = 20
# The words looked for last, in the session; that they are meant, in an address.
WORDS, SEARCHED = "cari", "dicari"
NOT_SURE = "Beri tanda dulu bahwa angkatan ini sudah selesai, lalu tekan lagi."
REACHED = {"sudah": "sudah ada yang terlatih", "sedang": "sedang belajar", "belum": "belum ada"}
HEADING = [("No.", 5), ("Kecamatan", 20), ("Desa atau kelurahan", 26), ("Jenis", 12), ("Keadaan", 26)]


@bp.get("/pelatih")
def desk() -> str:
    """The cohorts I teach, with the counts that matter."""
    who = staff()
    found = queries.cohorts_of(who.person_id)
    present = [cohort for cohort in found if not cohort.archived_at]
    return render_template(
        "cohort/meja.html",
        cohorts=present,
        archived=[cohort for cohort in found if cohort.archived_at],
        counts=queries.counts(present, now()),
        questions=waiting([cohort.cohort_id for cohort in found]),
        notes=notes_waiting(present),
    )


@bp.get("/pelatih/baru")
def new_cohort() -> str:
    """The form for a new cohort; with `dari` it is filled in as that one of mine was, but for its dates."""
    staff()
    code = request.args.get("dari", "")
    held = training(code) if code else None
    typed = {"kursus": held.slug, "nama": held.name, "tempat": held.place, "dari": held.code} if held else {}
    return render_template("cohort/baru.html", courses=queries.courses(), typed=typed, faults={}, copied=held)


@bp.post("/pelatih/baru")
def open_cohort() -> Response | tuple[str, int]:
    """Open it: who opens it trains it. Sent twice it is one."""
    who = staff()
    courses = queries.courses()
    plan, faults = read_cohort_form(request.form, courses)
    if plan is None:
        page = render_template("cohort/baru.html", courses=courses, typed=request.form, faults=faults, copied=None)
        return page, 422
    copied = request.form.get("dari", "")
    source = training(copied).cohort_id if copied else None
    with writing():
        code = cohorts.open_by(who.person_id, plan, now())
        if source is not None:
            copy_plan(source, code)
    return redirect(f"/pelatih/{code}/atur?dibuka=1", 303)


@bp.get("/pelatih/jangkauan")
def reach() -> str:
    """The map and the table of a course."""
    staff()
    published, course_id = _wanted()
    districts = queries.covered(course_id)
    may_be_compressed()
    return render_template(
        "cohort/jangkauan.html",
        courses=published,
        edition=published.get(course_id),
        districts=districts,
        counts=Counter(state for each in districts for state in each.states.values()),
        words=REACHED,
        today=today(),
    )


def _wanted() -> tuple[dict[int, EditionView], int]:
    """(the published courses, the one that is asked for or the first for participants, 0 for none); 404 elsewhere."""
    published, slug = queries.courses(), request.args.get("kursus", "")
    found = {number: edition.slug for number, edition in published.items() if slug in ("", edition.slug)}
    if slug and not found:
        abort(404)
    return published, min(found, key=lambda number: published[number].course.for_trainers, default=0)


@bp.get("/pelatih/jangkauan/belum.xlsx")
def without() -> Response:
    """The villages with nobody trained, for the next invitation."""
    staff()
    published, course_id = _wanted()
    title = published[course_id].course.title if course_id else "belum ada kursus"
    spots = [spot for each in queries.covered(course_id) for spot in each.states.items() if spot[1] != "sudah"]
    rows = [
        (number, village.district, village.name, village.kind, REACHED[state])
        for number, (village, state) in enumerate(spots, start=1)
    ]
    told = f"Desa dan kelurahan tanpa PSM terlatih: {title}"
    sheet = {"name": "Belum", "title": told, "heading": HEADING, "rows": rows}
    return attachment(workbook(told, now(), [sheet]), "desa-belum-terlatih.xlsx")


@bp.get("/pelatih/<code>")
def people(code: str) -> str:
    """Everybody in a cohort: found, sorted, and a page of them shown."""
    trained, moment = training(code), now()
    wanted = read_wanted(request.args, str(session.get(WORDS, "")) if SEARCHED in request.args else "")
    lines, found = queries.find(trained, wanted, moment)
    return render_template(
        "cohort/angkatan.html",
        cohort=trained,
        wanted=wanted,
        found=found,
        lines=lines,
        doubles=queries.doubles(trained.cohort_id, [line.who for line in lines]),
        villages=villages(),
        filters=queries.FILTERS,
        orders=queries.ORDERS,
        moment=moment,
        stage=trained.state(today()),
        questions=waiting([trained.cohort_id]).get(trained.cohort_id, 0),
        notes=notes_waiting([trained]).get(trained.cohort_id, 0),
        unsigned=len(above("waiting_ids", trained.cohort_id)),
    )


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


@bp.route("/pelatih/<code>/macet", methods=["GET", "POST"])
def stuck_people(code: str) -> str:
    """List the people who did nothing for a week, the longest first, each with a message ready to copy.

    By POST with phone numbers; whose they were is noted.
    """
    trained, moment, shown = training(code), now(), request.method == "POST"
    wanted = queries.Wanted(only="macet", order="lama", page=row_id(request.values.get("hal")))
    lines, found = queries.find(trained, wanted, moment, STUCK_PAGE)
    edition = edition_view(trained.edition_id, trained.slug)
    if shown:
        phones = (line.who.person_id for line in lines if line.who.phone)
        with writing():
            note_shown(trained, phones, "nomor HP ditampilkan", ["phone"], moment)
    show_nobody_else()
    return render_template(
        "cohort/macet.html",
        cohort=trained,
        found=found,
        people=[(line, nudge(trained, edition, line)) for line in lines],
        moment=moment,
        group=group_message(trained, edition),
        shown=shown,
    )


@bp.get("/pelatih/<code>/atur")
def settings(code: str) -> str:
    """The link to share, and the cohort's switches."""
    return _settings_page(training(code))


def _settings_page(trained: Training, fault: str = "") -> str:
    return render_template(
        "cohort/atur.html",
        cohort=trained,
        opened="dibuka" in request.args,
        invitation=invitation(trained),
        pinned=edition_number(trained.edition_id),
        newest=newest_number(trained.course_id),
        public_url=current_app.config["PUBLIC_URL"],
        fault=fault,
    )


_CHANGES: dict[str, Callable[[int, int, datetime], None]] = {
    "tutup": lambda cohort, by, moment: cohorts.set_joining(cohort, by, moment, is_open=False),
    "buka": lambda cohort, by, moment: cohorts.set_joining(cohort, by, moment, is_open=True),
    "arsipkan": lambda cohort, by, moment: cohorts.set_archived(cohort, by, moment, archived=True),
    "pulihkan": lambda cohort, by, moment: cohorts.set_archived(cohort, by, moment, archived=False),
    "terbitan": lambda cohort, by, moment: cohorts.move_edition(cohort, row_id(request.form.get("nomor")), by, moment),
}


@bp.post("/pelatih/<code>/atur")
def change(code: str) -> Response | tuple[str, int]:
    """Close or open the door, read the newest edition, archive (once this was said to be meant) or bring back."""
    trained, wanted = training(code), request.form.get("aksi", "")
    act = _CHANGES.get(wanted)
    if act is None:
        abort(400)
    if wanted == "arsipkan" and request.form.get("yakin") != "ya":
        return _settings_page(trained, NOT_SURE), 422
    with writing():
        act(trained.cohort_id, trained.viewer.person_id, now())
    return redirect(f"/pelatih/{trained.code}/atur", 303)


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
    plan = plan_of(held.cohort_id)
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
            keep_details(trained.cohort_id, asdict(plan) | values, trained.viewer.person_id, now())
    if faults:
        return _details_page(trained, shown, laid.typed, faults), 422 if wrong or amiss else 409
    return redirect(f"/pelatih/{trained.code}/acara?tersimpan=1", 303)

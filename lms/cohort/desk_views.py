"""The trainer's desk: my cohorts, the settings of each, and the villages reached."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response

from lms.bimtek.actions import copy_plan
from lms.cohort import actions as cohorts
from lms.cohort import desk_queries as queries
from lms.cohort.forms import read_cohort_form
from lms.cohort.member_queries import notes_waiting
from lms.cohort.outgoing import invitation
from lms.course.load import EditionView
from lms.course.queries import edition_number, newest_number
from lms.db.engine import writing
from lms.learn.inquiry_queries import waiting
from lms.paper.printing import attachment, workbook
from lms.people.access import Training, row_id, staff, training
from lms.web.clock import now, today
from lms.web.security import may_be_compressed

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

"""A bimtek for who takes part: the day, what to bring, how they stand; and saying that one is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Row
from werkzeug import Response

from lms.bimtek import actions, queries
from lms.bimtek.attendance import MeetingFacts, showing
from lms.bimtek.predicate import predicate
from lms.course.load import edition_view
from lms.course.queries import CourseRef, read_edition
from lms.db.engine import writing
from lms.db.words import PRESENT, STATES
from lms.learn.queries import cohort_completion, next_step, progress
from lms.people.access import Part, my_part, signed_in, still_open
from lms.people.actions import random_id
from lms.people.session import browser_mark, mark_browser
from lms.people.viewer import viewer
from lms.web.above import above
from lms.web.clock import now, today
from lms.web.security import show_nobody_else

bp = Blueprint("part", __name__)

RECEIPT_LIFE = timedelta(minutes=15)
OLD_CODE = (
    "Kode ini tidak berlaku lagi, atau dipindai dengan HP atau peramban lain. "
    "Kode berganti setiap setengah menit: lihat layar, lalu ketik yang baru."
)


@bp.get("/acara/<code>")
def event_page(code: str) -> str:
    """Day, hour, place, what to bring, how I stand, and what comes next."""
    part, moment = my_part(code), now()
    meetings = [each for each in queries.meetings(part.cohort_id) if each.cancelled_at is None]
    attended, survey = queries.share_of(part.membership_id)
    plan = queries.details(part.cohort_id)
    edition, ref = edition_view(part.edition_id, part.slug), _ref(part)
    person = progress(ref, edition) if ref else None
    return render_template(
        "bimtek/peserta.html",
        part=part,
        state=part.state(today()),
        plan=plan,
        meetings=meetings,
        states=queries.states_of(part.membership_id),
        words=STATES,
        present=PRESENT,
        on_now=next((each for each in meetings if each.is_on(moment)), None),
        attended=attended,
        survey_sent=survey,
        survey_open=survey is not None and queries.state_of(part.cohort_id).is_open(moment),
        exams=person.exams if person else None,
        edition=edition,
        completion=cohort_completion(edition, person) if person else None,
        step=next_step(edition, person) if person else None,
        sheet=above("own_sheet", part.cohort_id, part.membership_id) if part.role != "pelatih" else None,
        predicate=predicate(plan.predicates, person.exams.counting if person and person.exams else None),
    )


def _ref(part: Part) -> CourseRef | None:
    """The course as it stands in this very bimtek, whatever other one runs."""
    found = read_edition(part.slug, part.viewer.person_id, today())
    if found is None or found.enrolment_id is None or part.role != "peserta":
        return None
    return replace(found, edition_id=part.edition_id, cohort_id=part.cohort_id, dropped=part.dropped)


def _signer(browser: str) -> URLSafeSerializer:
    """Signs for one browser: a link that is passed on is of no use, for who is given it was not in the hall."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"hadir:{browser}")


@bp.get("/hadir")
def type_code() -> Response | str:
    """For who can't scan: type the six letters."""
    typed = request.args.get("kode", "")
    return seen(typed) if typed else render_template("bimtek/hadir_kode.html", typed="", fault="")


@bp.get("/h/<letters>")
def seen(letters: str) -> Response:
    """Give a receipt of this moment to a person who scanned the QR in the hall; it outlives signing in on this phone.

    Nothing is kept but the browser's mark, in its own cookie.
    """
    show_nobody_else()
    moment = now()
    meeting_id = showing(current_app.config["SECRET_KEY"], queries.on_now(moment), letters, moment)
    if meeting_id is None:
        return _refused(letters[:12])
    receipt = _signer(mark_browser()).dumps([meeting_id, int(moment.timestamp()), random_id()])
    return redirect(f"/hadir/{receipt}", 303)


def _refused(typed: str = "") -> Response:
    """The field for a code, and why the one that was brought is of no use."""
    return make_response(render_template("bimtek/hadir_kode.html", typed=typed, fault=OLD_CODE), 422)


def _shown(receipt: str, person_id: int | None) -> tuple[MeetingFacts, Row[*tuple[Any, ...]], datetime, str]:
    """(the meeting, how this person finds it, when its code was seen, the receipt's mark, by which it is good for one).

    Refused when the receipt is not ours, of another browser, or older than a quarter of an hour.
    """
    show_nobody_else()
    try:
        meeting_id, seconds, mark = _signer(browser_mark()).loads(receipt)
    except BadData:
        abort(_refused())
    at = datetime.fromtimestamp(seconds, UTC)
    found = queries.place_of(meeting_id, person_id) if now() - at <= RECEIPT_LIFE else None
    if found is None:
        abort(_refused())
    return *found, at, mark


@bp.get("/hadir/<receipt>")
def ask(receipt: str) -> str:
    """The button that says that I am there, or first the way to sign in or to join."""
    who = viewer()
    meeting, place, _, _ = _shown(receipt, who.person_id if who else None)
    return render_template("bimtek/hadir.html", meeting=meeting, place=place, present=PRESENT)


@bp.post("/hadir/<receipt>")
def come(receipt: str) -> Response | tuple[str, int]:
    """Note that I am there, at the moment of the receipt."""
    who = signed_in()
    meeting, place, at, mark = _shown(receipt, who.person_id)
    if place.membership_id is None:
        return render_template("bimtek/hadir.html", meeting=meeting, place=place, present=PRESENT), 403
    if not meeting.is_on(at):
        abort(409)
    with writing():
        still_open(place.cohort_id)
        actions.come(meeting, place.membership_id, "kode", at, mark, who.person_id)
    return redirect(f"/acara/{place.code}#kehadiran", 303)

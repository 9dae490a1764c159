"""Joining a cohort by its link or code."""

from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.cohort import actions, queries
from lms.cohort.forms import JoinForm, read_join_form
from lms.course.load import edition_view
from lms.course.queries import read_edition
from lms.db.engine import made_once, writing
from lms.people.access import CohortFacts
from lms.people.actions import add_person, random_id
from lms.people.office import office_name
from lms.people.regions import by_district
from lms.people.session import keep_signed_in, open_device
from lms.people.viewer import viewer
from lms.web import crockford
from lms.web.clock import now, today
from lms.web.limits import count_try
from lms.web.security import safe_return

bp = Blueprint("cohorts", __name__)

JOINS_AN_HOUR = 600
HOUR = 3_600
FORM_LIFE = timedelta(days=1)
OLD_FORM = "Formulir ini sudah pernah dikirim. Pakai kartu Anda, atau periksa isiannya lalu kirim sekali lagi."


def _open_cohort(code: str) -> CohortFacts | None:
    """The open cohort of a code, typed in whatever case."""
    clean = crockford.normalise(code, actions.CODE_LETTERS)
    found = queries.cohort_coded(clean) if clean else None
    return found if found and found.is_open else None


def joinable_cohort(code: str) -> CohortFacts:
    """The open cohort of a code; 404 for any other."""
    return _open_cohort(code) or abort(404)


@bp.get("/ikut")
def ask_code() -> str | Response:
    """For who was told a code: type it."""
    code = request.args.get("kode", "").strip()
    if not code:
        return render_template("cohort/ikut_kode.html")
    if cohort := _open_cohort(code):
        return redirect(f"/ikut/{cohort.code}", 303)
    fault = "Kode ini tidak kami kenal. Periksa lagi hurufnya."
    return render_template("cohort/ikut_kode.html", code=code, fault=fault)


@bp.get("/ikut/<code>")
def join_form(code: str) -> str:
    """The form for a new person, or one button for somebody who is signed in."""
    return _page(joinable_cohort(code), JoinForm(form_id=random_id()))


@bp.post("/ikut/<code>")
def join(code: str) -> Response | tuple[str, int]:
    """Join: as oneself when signed in, else as a new person. The same form again gives the same person."""
    cohort = joinable_cohort(code)
    who = viewer()
    form = read_join_form(request.form)
    if who is None and form.faults:
        return _page(cohort, form), 422
    try:
        if who is not None:
            with writing():
                actions.join(who.person_id, cohort.cohort_id, cohort.course_id, now())
            return redirect(_back(cohort), 303)
        joined = made_once(lambda: _join_new(cohort, form))
    except actions.Full:
        return _page(cohort, form), 409
    if joined is None:
        return _page(cohort, JoinForm(form_id=random_id(), faults={"formulir": OLD_FORM})), 422
    device_id, person_id, name = joined
    keep_signed_in(device_id, person_id, name)
    return redirect(f"/saya/kartu?baru=1&ke={quote(_back(cohort))}", 303)


def _back(cohort: CohortFacts) -> str:
    """Return the address that joining leads to: the page it was begun from, else the course."""
    return safe_return(request.args.get("ke", f"/belajar/{cohort.slug}"))


def _page(cohort: CohortFacts, form: JoinForm) -> str:
    ref = read_edition(cohort.slug, None, today())
    who = viewer()
    return render_template(
        "cohort/ikut.html",
        cohort=cohort,
        course=edition_view(ref.edition_id, cohort.slug).course if ref else None,
        form=form,
        typed=request.form,
        districts=by_district(),
        who=who,
        office=office_name(),
        joined=who is not None and queries.takes_part(who.person_id, cohort.cohort_id),
        tries=who is not None and queries.takes_part(who.person_id, cohort.cohort_id, "pelatih"),
        full=queries.is_full(cohort.cohort_id),
        back=_back(cohort),
    )


def _join_new(cohort: CohortFacts, form: JoinForm) -> tuple[str, int, str] | None:
    """(device id, person id, name), inside a write; None for a form that made somebody else."""
    moment = now()
    known = queries.joined_with(form, cohort.cohort_id, moment - FORM_LIFE)
    if known is None:
        if queries.form_was_sent(form.form_id):
            return None
        if count_try(f"ikut:{cohort.cohort_id}", HOUR, moment) > JOINS_AN_HOUR:
            abort(429)
        person = add_person(form.name, moment, region=form.region, phone=form.phone)
        actions.join(person.id, cohort.cohort_id, cohort.course_id, moment)
        actions.remember_form(form.form_id, person.id, cohort.cohort_id, moment)
        known = person.id, person.name
    device = open_device(known[0])
    return device.id, *known

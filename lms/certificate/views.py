"""Take one's certificate, look at it, print it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request
from sqlalchemy import Row
from werkzeug import Response

from lms.certificate import actions, queries
from lms.certificate import snapshot as core
from lms.certificate.hours import subjects
from lms.certificate.pdf import render, unprintable
from lms.certificate.selfstudy import draft
from lms.course.load import EditionView
from lms.course.queries import CourseRef, blobs
from lms.db.engine import made_once, not_while_writing
from lms.learn.queries import Progress, progress, selfstudy_completion
from lms.people.access import my_enrolment, signed_in
from lms.people.actions import correct
from lms.people.jobs import NotDoable
from lms.people.names import with_titles
from lms.people.office import issuer, turn_to
from lms.people.person import read_person
from lms.people.queries import person_facts
from lms.web.above import above, is_above
from lms.web.clock import now, today
from lms.web.security import show_nobody_else

bp = Blueprint("certificates", __name__)


def my_certificate(certificate_id: str) -> queries.IssuedSheet:
    """The certificate of its owner or of a trainer of its cohort; 404 for everybody else, and once it names nobody."""
    who = signed_in()
    found = queries.certificate_for(who.person_id, certificate_id)
    if found is None or found.is_nameless:
        abort(404)
    return found


def _ready(slug: str) -> tuple[CourseRef, EditionView, Progress, Row[int, datetime]]:
    """The learner who may take a certificate now; who may not is sent to what is still missing."""
    ref, edition, _ = my_enrolment(slug)
    person = progress(ref, edition)
    member = queries.selfstudy_membership(signed_in().person_id, ref.id)
    if member is None or not selfstudy_completion(edition, person).met:
        abort(redirect(f"/belajar/{slug}#kurang", 303))
    return ref, edition, person, member


@bp.get("/sertifikat/ambil/<slug>")
def confirm(slug: str) -> str | Response:
    """Is this your name? As it will be printed."""
    ref, edition, person, member = _ready(slug)
    if known := queries.held(member.membership_id, sample=False):
        return redirect(f"/sertifikat/{known}", 303)
    return _confirm_page(ref, edition, person, person_facts(signed_in().person_id), {})


def _confirm_page(
    ref: CourseRef, edition: EditionView, person: Progress, facts: Row[Any], faults: dict[str, str]
) -> str:
    holding = queries.holding_certificates(signed_in().person_id)
    rows = subjects(edition.course.modules, person.finished)
    hourless = core.lacks_hours(core.PARTICIPANT, rows)
    return render_template(
        "certificate/ambil.html",
        others=[each.snapshot for each in holding if each.course_id == ref.id],
        edition=edition,
        facts=facts,
        subjects=rows,
        helper=turn_to(signed_in().person_id) if hourless else "",
        faults=faults,
        typed=request.form,
    )


@bp.post("/sertifikat/ambil/<slug>")
def take(slug: str) -> Response | tuple[str, int]:
    """Freeze, number and sign, in one write; pressed twice it is one certificate."""
    ref, edition, person, member = _ready(slug)
    who = signed_in()
    facts = person_facts(who.person_id)
    typed = read_person(request.form, village_needed=False)
    name = with_titles(typed.title_before, typed.name, typed.title_after)
    signs = issuer("mandiri", today()) if current_app.config["IS_HTTPS"] else None
    plan = draft(member, ref.enrolment_id or 0, edition, person, name, facts.region, signs, today())
    faults = dict(typed.faults)
    if not faults and (strange := unprintable(actions.numbered(plan, 1))):
        faults = {"nama": strange}
    if faults or core.lacks_hours(plan.snapshot.role, plan.snapshot.subjects):
        return _confirm_page(ref, edition, person, facts, faults), 422
    signing_key, moment = current_app.config["SIGNING_KEY"], now()

    def issue() -> str:
        if queries.held(member.membership_id, sample=False) is None:  # Once issued, only a trainer renames.
            wanted = {"name": typed.name, "title_before": typed.title_before, "title_after": typed.title_after}
            correct(who.person_id, wanted, who.person_id, moment)
        return actions.issue(plan, signing_key, moment)

    try:
        return redirect(f"/sertifikat/{made_once(issue)}", 303)
    except NotDoable as refused:
        return _confirm_page(ref, edition, person, facts, {"nama": str(refused)}), 422


@bp.get("/sertifikat/<certificate_id>")
def show(certificate_id: str) -> str:
    """My certificate: what it says, the print file, the address to check it."""
    show_nobody_else()
    found = my_certificate(certificate_id)
    helper = turn_to(signed_in().person_id) if found.ended and found.ended.reason else ""
    return render_template(
        "certificate/sertifikat.html", found=found, helper=helper, real_exists=queries.real_exists(found)
    )


@bp.get("/sertifikat/<certificate_id>/pdf")
def print_file(certificate_id: str) -> Response:
    """The sheet as PDF: as it came back signed, else rendered from the frozen snapshot; none while it is awaited."""
    found = my_certificate(certificate_id)
    if found.state == "menunggu":
        return redirect(f"/sertifikat/{certificate_id}", 303)
    not_while_writing("PDF")
    name = f"sertifikat-{found.snapshot.short_code.lower()}.pdf"
    emblem = found.snapshot.office.emblem
    # The key of today would vouch for what no longer holds, or was refused with another key.
    signing_key = current_app.config["SIGNING_KEY"] if found.state in ("berlaku", "contoh") else None
    came_back = above("signed_file", found.id) if is_above("signed_file") else None
    sheet = came_back or render([found.snapshot], blobs({emblem} - {""}), signing_key=signing_key, stands=found.state)
    response = Response(sheet, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response

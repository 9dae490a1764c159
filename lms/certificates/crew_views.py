"""Who speaks or helps at a bimtek, or did: what happened to their certificate, and what it prints of them."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response as Answer

from lms.accounts.actions import correct as correct_person
from lms.certificates.queries import sheets_in
from lms.certificates.sheet_queries import history
from lms.cohorts.queries import CrewMember, crew
from lms.core.certificate import IN_FORCE
from lms.core.person import read_person
from lms.core.privacy import fault_of_text
from lms.core.roster.people import LONGEST_POSITION
from lms.database import writing
from lms.web.access import Training, event
from lms.web.clock import now

bp = Blueprint("crew_sheets", __name__)

CREW_MEMBER = "/pelatih/<code>/petugas/<id:crew_id>"
NAMED = ("nama", "gelar_depan", "gelar_belakang")


@bp.get(CREW_MEMBER)
def person(code: str, crew_id: int) -> str:
    """What happened to each sheet of theirs, and the form to correct what the next one prints."""
    held, who = _somebody(code, crew_id)
    typed = {"nama": who.bare_name, "gelar_depan": who.title_before, "gelar_belakang": who.title_after}
    return _page(held, who, typed | {"jabatan": who.position}, {})


def _somebody(code: str, crew_id: int) -> tuple[Training, CrewMember]:
    held = event(code)
    known = crew(held.cohort_id, also=[crew_id])
    who = next((each for each in known if each.membership_id == crew_id), None)
    if who is None:
        abort(404)
    return held, who


def _page(held: Training, who: CrewMember, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    sheets = sheets_in(held.cohort_id, [who.membership_id])
    printed = who.name, who.position
    live = [each for each in sheets if each.state in IN_FORCE]
    return render_template(
        "certificates/petugas.html",
        cohort=held,
        who=who,
        sheets=sheets,
        events=history(sheets[-1]) if sheets else [],
        outdated=next((each for each in live if (each.snapshot.name, each.snapshot.identity) != printed), None),
        typed=typed,
        faults=faults,
        longest=LONGEST_POSITION,
    )


@bp.post(CREW_MEMBER)
def correct(code: str, crew_id: int) -> Answer | tuple[str, int]:
    """Correct name, titles and post; 403 for staff, who do it themselves, and for who was taken off."""
    held, who = _somebody(code, crew_id)
    if who.left_at is not None or not who.may_be_sent:
        abort(403)
    named = read_person({field: request.form.get(field, "") for field in NAMED}, village_needed=False)
    position = " ".join(request.form.get("jabatan", "").split())
    wrong = fault_of_text(position, LONGEST_POSITION)
    if faults := {**named.faults, **({"jabatan": wrong} if wrong else {})}:
        return _page(held, who, request.form, faults), 422
    printed = {"name": named.name, "title_before": named.title_before, "title_after": named.title_after}
    with writing():
        changed = correct_person(who.person_id, printed | {"position": position}, held.viewer.person_id, now())
    return redirect(f"/pelatih/{held.code}/petugas/{crew_id}?kabar={'data' if changed else 'tetap'}", 303)

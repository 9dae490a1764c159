"""Who speaks or helps at a bimtek, or did: what happened to their certificate."""

from flask import Blueprint, abort, render_template

from lms.certificates.queries import sheets_in
from lms.certificates.sheet_queries import history
from lms.cohorts.queries import CrewMember, crew
from lms.web.access import Training, event

bp = Blueprint("crew_sheets", __name__)

CREW_MEMBER = "/pelatih/<code>/petugas/<id:crew_id>"


@bp.get(CREW_MEMBER)
def person(code: str, crew_id: int) -> str:
    """What happened to each sheet of theirs."""
    return _page(*_somebody(code, crew_id))


def _somebody(code: str, crew_id: int) -> tuple[Training, CrewMember]:
    held = event(code)
    known = crew(held.cohort_id, also=[crew_id])
    who = next((each for each in known if each.membership_id == crew_id), None)
    if who is None:
        abort(404)
    return held, who


def _page(held: Training, who: CrewMember) -> str:
    sheets = sheets_in(held.cohort_id, [who.membership_id])
    events = history(sheets[-1]) if sheets else []
    return render_template("certificates/petugas.html", cohort=held, who=who, sheets=sheets, events=events)

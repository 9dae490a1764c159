"""Certificates of speakers and helpers of a bimtek: the history of each sheet, and what it prints of its person."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response as Answer

from lms.certificate.pdf import explain
from lms.certificate.queries import IssuedSheet, history, sheets_in
from lms.certificate.snapshot import IN_FORCE
from lms.cohort.queries import CrewMember, crew
from lms.course.privacy import fault_of_text
from lms.db.engine import writing
from lms.paper.typesetting import printable_letters
from lms.people import actions as accounts
from lms.people.access import Training, event
from lms.people.person import read_person
from lms.roster.people import LONGEST_POSITION
from lms.web.clock import now

bp = Blueprint("crew_sheets", __name__)

CREW_MEMBER = "/pelatih/<code>/petugas/<id:crew_id>"
NAMED = ("nama", "gelar_depan", "gelar_belakang")


@bp.get(CREW_MEMBER)
def person(code: str, crew_id: int) -> str:
    """Show the history of each sheet of theirs, and the form to correct what the next one prints."""
    return _page(*_somebody(code, crew_id), {}, {})


def _somebody(code: str, crew_id: int) -> tuple[Training, CrewMember]:
    held = event(code)
    known = crew(held.cohort_id, also=[crew_id])
    who = next((each for each in known if each.membership_id == crew_id), None)
    if who is None:
        abort(404)
    return held, who


def _page(held: Training, who: CrewMember, sent: Mapping[str, str], faults: Mapping[str, str]) -> str:
    sheets = sheets_in(held.cohort_id, [who.membership_id])
    live = [each for each in sheets if each.state in IN_FORCE]
    old = [each for each in live if (each.snapshot.name, each.snapshot.identity) != (who.name, who.position)]
    known = {"nama": who.bare_name, "gelar_depan": who.title_before, "gelar_belakang": who.title_after}
    return render_template(
        "certificate/petugas.html",
        cohort=held,
        who=who,
        sheets=sheets,
        events=history(sheets[-1]) if sheets else [],
        outdated=old[0] if old else None,
        typed={**known, "jabatan": who.position, **sent},
        faults=faults,
        shut=_shut(who, sheets),
        longest=LONGEST_POSITION,
    )


def _shut(who: CrewMember, sheets: Sequence[IssuedSheet]) -> tuple[str, ...]:
    """The fields that no trainer corrects: all of who was taken off and got no sheet, else name and titles of staff."""
    if who.left_at is not None and all(each.snapshot.sample for each in sheets):
        return *NAMED, "jabatan"
    return NAMED if who.is_staff else ()


@bp.post(CREW_MEMBER)
def correct(code: str, crew_id: int) -> Answer | tuple[str, int]:
    """Correct post, name and titles, or the post alone; 409 with the page for what a trainer does not correct."""
    held, who = _somebody(code, crew_id)
    wanted, faults = _read(request.form)
    if faults:
        return _page(held, who, request.form, faults), 422
    changed = None
    with writing():
        accounts.hold(who.person_id)
        held, who = _somebody(code, crew_id)
        if not set(_shut(who, sheets_in(held.cohort_id, [crew_id]))) & request.form.keys():
            changed = accounts.correct(who.person_id, wanted, held.viewer.person_id, now())
    if changed is None:
        return _page(held, who, {}, {"semua": "Belum ada yang tersimpan."}), 409
    return redirect(f"/pelatih/{held.code}/petugas/{crew_id}?kabar={'data' if changed else 'tetap'}", 303)


def _read(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Column -> what was typed, and field -> what to do about it; the post alone where the form has nothing else."""
    position = " ".join(form.get("jabatan", "").split())
    strange = (explain("Jabatan", letter) for letter in position if letter not in printable_letters())
    wrong = fault_of_text(position, LONGEST_POSITION) or next(strange, "")
    wanted, faults = {"position": position}, {"jabatan": wrong} if wrong else {}
    if form.keys() & NAMED or "jabatan" not in form:
        named = read_person(form, village_needed=False)
        wanted = {"name": named.name, "title_before": named.title_before, "title_after": named.title_after, **wanted}
        faults |= named.faults
    return wanted, faults

"""Somebody gets a certificate though something is missing: who decides so says why, and may take it back."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response as Answer

from lms.certificate import actions
from lms.certificate.candidates import Lot, draft, lot
from lms.course.load import edition_view
from lms.course.privacy import fault_of_text
from lms.db.engine import made_once, writing
from lms.people.access import Training, event, member_of
from lms.web.clock import now, today

bp = Blueprint("exemptions", __name__)

LONGEST_REASON = 300
NO_REASON = "Tulis alasannya; alasan ini tersimpan bersama sertifikatnya."


@bp.get("/pelatih/<code>/sertifikat/kecuali/<id:membership_id>")
def exemption(code: str, membership_id: int) -> str:
    """Show what somebody lacks, and the form to let them have a certificate all the same."""
    return _exemption_page(*_candidate(code, membership_id))


def _candidate(code: str, membership_id: int) -> tuple[Training, Lot]:
    trained = event(code)
    member_of(trained, membership_id)
    found = lot(trained, [membership_id])
    if not found.candidates:
        abort(404)
    return trained, found


def _exemption_page(trained: Training, found: Lot, fault: str = "") -> str:
    return render_template(
        "certificate/kecuali.html",
        cohort=trained,
        found=found,
        sheet=draft(found, found.candidates[0], today()).snapshot,
        edition=edition_view(trained.edition_id, trained.slug),
        typed=request.form.get("alasan"),
        fault=fault,
        longest=LONGEST_REASON,
    )


@bp.post("/pelatih/<code>/sertifikat/kecuali/<id:membership_id>")
def exempt(code: str, membership_id: int) -> Answer | tuple[str, int]:
    """Keep the exception with its reason, or take it back."""
    trained, found = _candidate(code, membership_id)
    wanted, (reason, fault) = request.form.get("aksi", ""), reason_given()
    if wanted not in ("kecualikan", "batal"):
        abort(400)
    if wanted == "kecualikan" and fault:
        return _exemption_page(trained, found, fault), 422
    by, moment = trained.viewer.person_id, now()
    if wanted == "batal":
        with writing():
            actions.take_exemption_back(membership_id, moment, by=by)
    else:
        made_once(lambda: actions.exempt(membership_id, reason, moment, by=by))
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


def reason_given() -> tuple[str, str]:
    """Why somebody decides so, as the form says, and what to do about that; "" where it may be kept."""
    text = " ".join(request.form.get("alasan", "").split())
    return text, fault_of_text(text, LONGEST_REASON) if text else NO_REASON

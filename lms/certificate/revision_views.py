"""Sheets of a cohort issued again several at once: chosen by their state, seen as they would become, pressed once."""

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response as Answer

from lms.certificate import actions
from lms.certificate.cohort_views import LONGEST_REASON, overview, reason_given
from lms.certificate.keys import KEY_ENDED, has_ended
from lms.certificate.revisions import CHANGED, KIND, STATES, WAITING, Revision, planned
from lms.certificate.snapshot import WET
from lms.db.engine import writing
from lms.people.access import Training, training
from lms.people.actions import note
from lms.people.jobs import NotDoable, begin, newest
from lms.web.clock import now

bp = Blueprint("revising", __name__)

NOBODY_CHOSEN = "Centang dulu lembar yang terbit ulang."


@bp.get("/pelatih/<code>/sertifikat")
def sheets(code: str) -> str:
    """Show the certificates of a bimtek; or, a part of it that self-study has too, what would change on each sheet."""
    if request.args.get("bagian") != "ulang":
        return overview(code)
    trained = training(code)
    return _page(trained, *_planned(trained))


def _planned(trained: Training) -> tuple[dict[str, list[Revision]], str]:
    try:
        return planned(trained), ""
    except NotDoable as refused:
        return {state: [] for state in STATES}, str(refused)


def _page(trained: Training, found: dict[str, list[Revision]], fault: str) -> str:
    wanted = request.values.get("keadaan") or next((state for state, some in found.items() if some), "")
    able = [each for each in found.get(wanted, []) if not each.fault]
    return render_template(
        "certificate/ulang.html",
        cohort=trained,
        found=found,
        wanted=wanted,
        able=able,
        unable=[each for each in found.get(wanted, []) if each.fault],
        shared=[each for each in able[0].changes if all(each in other.changes for other in able)] if able[1:] else [],
        job=newest(trained.cohort_id, KIND, trained.viewer.person_id),
        fault=fault,
        sent=request.form,
        longest=LONGEST_REASON,
    )


@bp.post("/pelatih/<code>/sertifikat/ulang")
def issue_again(code: str) -> Answer | tuple[str, int]:
    """Begin to issue the chosen ones again under their numbers; who gives up on waiting signs with ink from now on."""
    trained, (reason, missing), state = training(code), reason_given(), request.form.get("keadaan", "")
    if state not in STATES:
        abort(400)
    found, fault = _planned(trained)
    chosen = request.form.getlist("lembar")
    if not fault and not chosen:
        fault = NOBODY_CHOSEN
    elif not fault and not {each.seen for each in found[state] if not each.fault}.issuperset(chosen):
        return _page(trained, found, CHANGED), 409
    if has_ended(current_app.config["SIGNING_KEY"]):
        fault = KEY_ENDED
    if fault or missing:
        return _page(trained, found, fault or missing), 422
    by, moment = trained.viewer.person_id, now()
    way = trained.signing if state != WAITING and trained.kind == "bimtek" else WET
    with writing():
        actions.choose_signing(trained.cohort_id, way, moment, by=by)
        job_id = begin(
            KIND,
            by,
            moment,
            title=f"Menerbitkan ulang sertifikat {trained.name}"[:200],
            onward=f"/pelatih/{trained.code}/sertifikat?bagian=ulang",
            total=len(chosen),
            told={"lembar": chosen, "keadaan": state, "cara": way, "alasan": reason},
            cohort_id=trained.cohort_id,
        )
        note(by, "sertifikat dibetulkan", f"cohort:{trained.cohort_id}", moment, ["certificate"], reason)
    return redirect(f"/kerja/{job_id}", 303)

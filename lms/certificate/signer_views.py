"""Who signs certificates: a list with their days, somebody new, a correction, an end."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.certificate import office_actions as actions
from lms.certificate import office_queries as queries
from lms.certificate.office_forms import NO_DAY, SIDES, SIGNER, read_signer_form
from lms.db.engine import writing
from lms.people.access import admin
from lms.web.clock import now, today
from lms.web.dates import read_day

bp = Blueprint("office", __name__, url_prefix="/kelola/penanda-tangan")

Page = str | tuple[str, int] | Response


def _signer(signer_id: int) -> queries.SignerLine:
    """A signer that can still be changed; 404 for one that is not there or was corrected."""
    admin()
    found = queries.signer(signer_id)
    if found is None or not found.is_active:
        abort(404)
    return found


@bp.get("")
def signers() -> str:
    """Who signs now, later and before, and the form for somebody new."""
    admin()
    return _list_page({"sisi": "depan", "mulai": today().isoformat()}, {})


def _list_page(typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template(
        "certificate/penanda.html", signers=queries.signers(), sides=SIDES, today=today(), typed=typed, faults=faults
    )


@bp.post("")
def add() -> Page:
    """Somebody new."""
    who, form = admin(), read_signer_form(request.form)
    if form.faults:
        return _list_page(request.form, form.faults), 422
    with writing():
        actions.add_signer(form, who.person_id, now())
    return redirect("/kelola/penanda-tangan?tersimpan=1", 303)


@bp.get("/<id:signer_id>")
def one(signer_id: int) -> str:
    """One signer, to be corrected or ended."""
    return _one_page(_signer(signer_id))


def _one_page(
    found: queries.SignerLine, faults: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> str:
    days = {"mulai": found.valid_from, "sampai": found.valid_to}
    held = {name: getattr(found, column) for column, (name, _, _) in SIGNER.items()}
    held |= {"sisi": found.side, **{name: day.isoformat() for name, day in days.items() if day}}
    return render_template(
        "certificate/penanda_satu.html", found=found, sides=SIDES, today=today(), typed=typed or held, faults=faults
    )


@bp.post("/<id:signer_id>")
def correct(signer_id: int) -> Page:
    """A row of its own takes the place of this one; sheets that were issued keep what they said."""
    who, found, form = admin(), _signer(signer_id), read_signer_form(request.form)
    if form.faults:
        return _one_page(found, form.faults, request.form), 422
    with writing():
        actions.add_signer(form, who.person_id, now(), instead_of=found.id)
    return redirect("/kelola/penanda-tangan?tersimpan=1", 303)


@bp.post("/<id:signer_id>/akhiri")
def end(signer_id: int) -> Page:
    """Their last day."""
    who, found = admin(), _signer(signer_id)
    last = read_day(request.form.get("terakhir", ""))
    if last is None or (found.valid_from and last < found.valid_from):
        fault = NO_DAY if last is None else "Hari terakhir lebih awal daripada hari pertamanya."
        return _one_page(found, {"terakhir": fault}), 422
    with writing():
        actions.end_signer(found.id, last, who.person_id, now())
    return redirect("/kelola/penanda-tangan?tersimpan=1", 303)

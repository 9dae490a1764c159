"""My data: see it, correct it, take it along, have it erased."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Row
from werkzeug import Response

from lms.db.engine import writing
from lms.people import erasure as actions
from lms.people import held as queries
from lms.people.access import mine, signed_in
from lms.people.actions import NOTICE_VERSION, correct, note
from lms.people.names import full_name
from lms.people.office import office_name
from lms.people.person import as_typed, read_person
from lms.people.queries import person_facts
from lms.people.regions import by_district
from lms.web.above import above
from lms.web.clock import now
from lms.web.security import show_nobody_else

bp = Blueprint("mydata", __name__)

ON_A_PAGE = 300
"""Rows of one table that the printed page shows; the download has more."""


@bp.get("/privasi")
def privacy() -> str:
    """The notice: what is kept of whom, why, for how long, and what people may ask."""
    return render_template("privasi.html", version=NOTICE_VERSION, office=office_name())


@bp.get("/saya")
def me() -> str:
    """Show what is held about me, in plain words, and what I may do about it."""
    who = mine()
    facts = person_facts(who.person_id)
    return render_template(
        "people/saya.html",
        who=who,
        facts=facts,
        full_name=full_name(facts),
        parts=queries.parts(who.person_id),
        counts=queries.counts(who.person_id),
        certificates=above("certificates_of", who.person_id),
        inquiries=queries.inquiries(who.person_id),
        agreement=queries.agreement(who.person_id),
        notice=NOTICE_VERSION,
        changes=queries.changes(who.person_id),
        acts=queries.acts(who.person_id),
        erasure=queries.open_request(who.person_id),
        corrected="diperbaiki" in request.args,
    )


@bp.post("/saya/pemberitahuan")
def agree() -> Response:
    """I have read the notice as it is now."""
    who = signed_in()
    with writing():
        actions.agree(who.person_id, NOTICE_VERSION, now())
    return redirect("/saya", 303)


@bp.get("/saya/perbaiki")
def correction_form() -> str:
    """My name, titles, village and phone, to be mended."""
    facts = person_facts(signed_in().person_id)
    return _correction_page(as_typed(facts), {}, facts)


@bp.post("/saya/perbaiki")
def mend() -> Response | tuple[str, int]:
    """Write what I typed; what it was before is kept for a year."""
    who = signed_in()
    facts = person_facts(who.person_id)
    typed = read_person(request.form, village_needed=facts.region is not None)
    if typed.faults:
        return _correction_page(request.form, typed.faults, facts), 422
    wanted = {"name": typed.name, "title_before": typed.title_before, "title_after": typed.title_after}
    with writing():
        correct(who.person_id, wanted | {"region": typed.region or None, "phone": typed.phone}, who.person_id, now())
    return redirect("/saya?diperbaiki=1", 303)


def _correction_page(form: Mapping[str, str], faults: Mapping[str, str], facts: Row[Any]) -> str:
    show_nobody_else()
    return render_template(
        "people/perbaiki.html",
        typed=form,
        faults=faults,
        districts=by_district(),
        has_pin=facts.has_pin,
        village_free=facts.region is None,
        has_certificate=any(not found.snapshot.sample for found in above("certificates_of", signed_in().person_id)),
        office=office_name(),
    )


@bp.post("/saya/unduh")
def download() -> Response:
    """Everything held about me as a JSON file; that I took it is kept like every export."""
    who = mine()
    moment = now()
    with writing():
        note(who.person_id, "data diunduh", f"person:{who.person_id}", moment)
    found = queries.held(who.person_id)
    text = json.dumps(
        {
            "keterangan": "Salinan data pribadi Anda di Sinau PSM. Waktu dalam WIB.",
            "terpotong": [title for title, _, cut in found if cut],
            "data": {title: rows for title, rows, _ in found},
        },
        ensure_ascii=False,
        indent=1,
    )
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="data-saya-sinau-psm.json"'
    return response


@bp.get("/saya/data")
def copy() -> str:
    """Show everything held about me as a page to read and print."""
    who = mine()
    return render_template(
        "people/data.html",
        who=who,
        sections=queries.held(who.person_id, ON_A_PAGE),
        in_words=queries.in_words,
        certificates=above("certificates_of", who.person_id),
        moment=now(),
        most=ON_A_PAGE,
    )


@bp.get("/saya/hapus")
def ask_erasure() -> str:
    """Show what erasing means, and the state of my request."""
    return _erasure_page("")


@bp.post("/saya/hapus")
def request_erasure() -> Response | tuple[str, int]:
    """Ask to be erased; asked twice it is one request."""
    who = signed_in()
    choice = request.form.get("sertifikat", "")
    if choice not in ("tetap", "cabut"):
        return _erasure_page("Pilih dulu, apa yang terjadi dengan sertifikat Anda."), 422
    with writing():
        actions.ask_erasure(who.person_id, now(), keep_certificates=choice == "tetap")
    return redirect("/saya/hapus", 303)


def _erasure_page(fault: str) -> str:
    who = mine()
    return render_template(
        "people/hapus.html",
        who=who,
        erasure=queries.open_request(who.person_id),
        clock=queries.clock,
        due_at=queries.due_at,
        has_certificate=any(not found.snapshot.sample for found in above("certificates_of", who.person_id)),
        office=office_name(),
        moment=now(),
        fault=fault,
    )


@bp.post("/saya/hapus/batal")
def withdraw() -> Response:
    """I would rather stay."""
    who = signed_in()
    with writing():
        actions.withdraw_erasure(who.person_id, now())
    return redirect("/saya/hapus", 303)

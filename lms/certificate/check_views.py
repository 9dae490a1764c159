"""The public check of a sheet, which shows only what is printed."""

import re

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug import Response

from lms.certificate import queries
from lms.certificate.offline import page as offline_page
from lms.certificate.snapshot import normalise_code
from lms.people.office import office_contact
from lms.web.clock import now, today
from lms.web.security import CAMERA_ALLOWED, POLICY_HEADER

bp = Blueprint("checks", __name__)

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,32}")
NO_CODE = "-"  # What can be none is looked for all the same, so that every unknown one takes as long.


@bp.get("/cek")
def ask_code() -> str | Response | tuple[str, int]:
    """Type the short code below the QR."""
    typed = request.args.get("kode", "").strip()[:60]
    if not typed:
        return render_template("certificate/cek_kode.html", contact=office_contact())
    token = queries.token_of_code(normalise_code(typed) or NO_CODE)
    return redirect(f"/cek/{token}", 303) if token else _unknown(typed)


@bp.get("/cek/luring")
def offline() -> Response:
    """The page that checks without a network, also to be saved; with `kamera` it brings a reader of its own."""
    camera = request.args.get("kamera") == "1"
    config = current_app.config
    body, policy = offline_page(config["PUBLIC_URL"], config["SIGNING_KEY"], today(), camera=camera)
    response = Response(body, mimetype="text/html")
    response.headers[POLICY_HEADER] = policy
    response.headers.set(*CAMERA_ALLOWED)
    return response


@bp.get("/cek/<token>")
def check(token: str) -> str | tuple[str, int]:
    """Is this sheet true? One constant answer for everything unknown."""
    found = queries.certificate_by_token(token if TOKEN.fullmatch(token) else NO_CODE)
    if found is None:
        return _unknown()
    beside = {"real_exists": queries.real_exists(found), "contact": office_contact()}
    return render_template("certificate/cek.html", found=found, moment=now(), **beside)


def _unknown(typed: str = "") -> tuple[str, int]:
    shown = "".join(letter for letter in typed if letter.isprintable())
    return render_template("certificate/cek_tidak_dikenal.html", typed=shown, contact=office_contact()), 404


@bp.get("/cek/rekam/<record_seal>")
def check_record(record_seal: str) -> tuple[str, int]:
    """Say that printed records of training are no longer checked here, and how to check what they list."""
    return render_template("certificate/cek_rekam.html", contact=office_contact()), 410

"""The chain that signed PDFs are checked by: certificates are uploaded, listed with their fingerprints, taken out."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.privacy import fault_of_text
from lms.db.engine import writing
from lms.esign import trust
from lms.esign.signing import UploadRefused, read_certificates
from lms.people.access import admin
from lms.web.clock import now

bp = Blueprint("office_trust", __name__, url_prefix="/kelola/rantai")

Page = str | tuple[str, int] | Response
LONGEST_REASON, MOST_BYTES, MOST_CERTIFICATES = 300, 200_000, 20
TOO_LARGE = "Berkas ini terlalu besar untuk sertifikat elektronik. Pilih berkas .cer, .crt, .der, atau .pem."
NO_REASON = "Tulis alasannya; alasan ini tersimpan bersama sertifikatnya."


@bp.get("")
def chain() -> str:
    """List what the office believes, and what it no longer does."""
    admin()
    return _page({})


def _page(faults: dict[str, str]) -> str:
    return render_template("esign/rantai.html", lines=trust.lines(), faults=faults, now=now(), longest=LONGEST_REASON)


@bp.post("")
def add() -> Page:
    """Believe what is in a PEM or DER file."""
    who, file = admin(), request.files.get("berkas")
    data = file.read(MOST_BYTES + 1) if file else b""
    try:
        found = read_certificates(data) if len(data) <= MOST_BYTES else []
    except UploadRefused as refused:
        return _page({"berkas": str(refused)}), 422
    if not 0 < len(found) <= MOST_CERTIFICATES:
        return _page({"berkas": TOO_LARGE}), 422
    with writing():
        trust.trust(found, who.person_id, now())
    return redirect("/kelola/rantai", 303)


@bp.post("/<id:trust_id>/keluarkan")
def take_out(trust_id: int) -> Page:
    """Believe it no longer, for a reason."""
    who, reason = admin(), " ".join(request.form.get("alasan", "").split())
    if fault := fault_of_text(reason, LONGEST_REASON) if reason else NO_REASON:
        return _page({f"alasan-{trust_id}": fault}), 422
    with writing():
        found = trust.take_out(trust_id, reason, who.person_id, now())
    if not found:
        abort(404)
    return redirect("/kelola/rantai", 303)

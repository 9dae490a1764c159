"""Links that work once: the first admin's, and one with which a member of staff sets a new password.

The secret stands behind the #, which no server and no log sees: a script sends it, and without one it is pasted.
Neither that nor opening the link uses anything up, so that a preview or a crawler burns nothing; only its form does.
"""

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from lms.db.engine import writing
from lms.people import actions, queries
from lms.people.hashing import hash_password
from lms.people.names import clean_name
from lms.people.pins import password_fault
from lms.people.session import keep_signed_in, open_device
from lms.web.clock import now
from lms.web.security import show_nobody_else

bp = Blueprint("links", __name__)


@bp.get("/awal")
@bp.get("/sandi")
def link() -> str:
    """Show the page to which both links lead; it sends the part behind the #."""
    return render_template("people/tautan.html")


def _dead_link() -> tuple[str, int]:
    return render_template("people/tautan.html", fault=True), 422


def _secret() -> str:
    """Return the secret that was sent or pasted, also out of a whole link."""
    show_nobody_else()
    return request.form.get("kode", "").strip().rpartition("#")[2]


@bp.post("/awal")
def first_admin() -> str | tuple[str, int]:
    """The form of the link that makes an admin."""
    secret = _secret()
    if queries.good_code("admin", secret, now()) is None:
        return _dead_link()
    return render_template("people/awal.html", secret=secret)


@bp.post("/awal/buat")
def make_admin() -> Response | tuple[str, int]:
    """Make the admin and use the link up, in one write."""
    secret, moment = _secret(), now()
    if queries.good_code("admin", secret, moment) is None:
        return _dead_link()
    name = clean_name(request.form.get("nama", ""))
    login = request.form.get("masuk", "").strip().casefold()
    password = request.form.get("sandi", "")
    faults = _admin_faults(name, login, password)
    if faults or name is None:
        return render_template("people/awal.html", secret=secret, faults=faults, form=request.form), 422
    encoded = hash_password(password)
    try:
        with writing():
            if actions.use_code("admin", secret, moment) is None:
                abort(404)
            person = actions.add_staff(name, login, encoded, moment, is_admin=True)
            device, person_id = open_device(person.id).id, person.id
    except IntegrityError:
        faults = {"masuk": "Nama masuk ini sudah dipakai; pilih yang lain."}
        return render_template("people/awal.html", secret=secret, faults=faults, form=request.form), 422
    keep_signed_in(device, person_id, name)
    return redirect("/", 303)


def _admin_faults(name: str | None, login: str, password: str) -> dict[str, str]:
    faults = {}
    if name is None:
        faults["nama"] = "Tulis dengan huruf Latin seperti di KTP."
    if not (3 <= len(login) <= 60 and login.isascii() and login.replace(".", "").replace("-", "").isalnum()):
        faults["masuk"] = "Pakai 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung."
    fault = password_fault(password, login, name or "")
    return faults | ({"sandi": fault} if fault else {})


@bp.post("/sandi")
def new_password() -> str | tuple[str, int]:
    """The form of a link from an admin: choose a new password."""
    secret = _secret()
    who = _whose(secret)
    return render_template("people/sandi_baru.html", secret=secret, who=who) if who else _dead_link()


@bp.post("/sandi/baru")
def set_new_password() -> Response | tuple[str, int]:
    """Set it and use the link up, in one write; every browser of before is out, this one is in."""
    secret = _secret()
    who = _whose(secret)
    if who is None:
        return _dead_link()
    password = request.form.get("sandi", "")
    fault = password_fault(password, who.login, who.name)
    if fault:
        return render_template("people/sandi_baru.html", secret=secret, who=who, fault=fault), 422
    encoded = hash_password(password)
    with writing():
        if actions.use_code("sandi", secret, now()) is None or queries.staff_named(who.id) is None:
            abort(404)
        actions.set_password(who.id, encoded, now())
        device = open_device(who.id).id
    keep_signed_in(device, who.id, who.name)
    return redirect("/", 303)


def _whose(secret: str) -> Row[int, str | None, str, str] | None:
    """Return the owner of this link; None when it was used, has run out or never was."""
    link = queries.good_code("sandi", secret, now())
    return queries.staff_named(link.person_id) if link else None

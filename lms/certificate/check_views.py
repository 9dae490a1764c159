"""The public checks, which show only what is printed: of a sheet, a record; and what differs on one."""

import re

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response

from lms.certificate import actions, queries
from lms.certificate.keys import public_keys
from lms.certificate.offline import page as offline_page
from lms.certificate.qr import short_id, still_holds
from lms.certificate.snapshot import normalise_code
from lms.certificate.spelling import bare
from lms.certificate.training_record import Claim, claimed, unsealed
from lms.course.privacy import NO_NIK, has_nik
from lms.db.engine import writing
from lms.people.names import one_line
from lms.people.office import office_contact
from lms.web.clock import now, today
from lms.web.limits import count_try
from lms.web.security import CAMERA_ALLOWED, POLICY_HEADER

bp = Blueprint("checks", __name__)

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,32}")
NO_CODE = "-"  # What can be none is looked for all the same, so that every unknown one takes as long.
PARTS = ("nama", "nomor", "kegiatan", "tanggal", "jam pelajaran", "penanda tangan", "lainnya")
LONGEST_NOTE, LONGEST_NUMBER = 200, 80
DAY, OF_ONE_SHEET, OF_ALL = 86_400, 5, 100
NOTHING = "Pilih dulu bagian mana yang berbeda."
NO_NUMBER = f"Tulis nomor yang tertulis pada lembar, paling banyak {LONGEST_NUMBER} huruf."
TOO_LONG = f"Ringkaslah menjadi paling banyak {LONGEST_NOTE} huruf dalam satu baris."


@bp.get("/cek")
def ask_code() -> str | Response | tuple[str, int]:
    """Type the short code below the QR."""
    typed = request.args.get("kode", "").strip()[:60]
    if not typed:
        return render_template("certificate/cek_kode.html", contact=office_contact())
    token = queries.token_of_code(normalise_code(typed) or NO_CODE)
    return redirect(f"/cek/{token}", 303) if token else _unknown(typed)


@bp.get("/cek/kertas")
def ask_paper() -> Response:
    """Lead on from where old paper was checked, until the list of it went."""
    return redirect("/cek", 301)


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
    sent = request.args.get("terkirim") == "1"
    return render_template(
        "certificate/cek.html", found=found, moment=now(), sent=sent, real_exists=queries.real_exists(found)
    )


def _unknown(typed: str = "") -> tuple[str, int]:
    shown = "".join(letter for letter in typed if letter.isprintable())
    return render_template("certificate/cek_tidak_dikenal.html", typed=shown), 404


def checked_sheet(token: str) -> queries.IssuedSheet:
    """The sheet behind a token that its check shows; 404 for an unknown one, a sample, and one that names nobody."""
    found = queries.certificate_by_token(token)
    if found is None or found.snapshot.sample or found.is_nameless:
        abort(404)
    return found


@bp.get("/cek/lapor")
@bp.get("/cek/<token>/lapor")
def form(token: str = "") -> str:
    """Ask what differs: a list to tick and one line; of a sheet unknown to the register, the number it bears."""
    return _page(checked_sheet(token) if token else None, {})


def _page(found: queries.IssuedSheet | None, faults: dict[str, str]) -> str:
    longest = {"nomor": LONGEST_NUMBER, "catatan": LONGEST_NOTE}
    return render_template(
        "certificate/lapor.html", found=found, parts=PARTS, faults=faults, longest=longest, typed=request.form
    )


@bp.post("/cek/lapor")
@bp.post("/cek/<token>/lapor")
def send(token: str = "") -> Response | tuple[str, int]:
    """Put it on the desk; a sheet takes a few a day, and so does the site."""
    found, moment = checked_sheet(token) if token else None, now()
    number = one_line(request.form.get("nomor", ""), LONGEST_NUMBER) if found is None else ""
    parts = [part for part in PARTS if part in request.form.getlist("beda")] if found else [f"nomor {number}"]
    note = one_line(request.form.get("catatan", ""), LONGEST_NOTE)
    if not (parts if found else bare(number or "")):
        return _page(found, {"beda": NOTHING} if found else {"nomor": NO_NUMBER}), 422
    if note is None or has_nik(f"{number} {note}"):
        return _page(found, {"catatan": TOO_LONG if note is None else NO_NIK}), 422
    sheet = found.id if found else f"nomor:{bare(number or '')[:LONGEST_NUMBER]}"
    with writing():
        if count_try(f"lapor:{sheet}", DAY, moment) > OF_ONE_SHEET or count_try("lapor", DAY, moment) > OF_ALL:
            abort(429)
        text = ": ".join(filter(None, (", ".join(parts), note)))
        actions.report_difference(found.id if found else None, text, moment)
    return redirect(f"/cek/{token}?terkirim=1" if found else "/cek?terkirim=1", 303)


def _claim(record_seal: str) -> Claim | None:
    """Read a seal; None unless a key signed it that is still believed for its day."""
    keys = {short_id(public): (public, *days) for _, public, *days in public_keys(current_app.config["SIGNING_KEY"])}
    found = unsealed(record_seal, {name: public for name, (public, *_) in keys.items()})
    return found[1] if found and still_holds(found[1].day, *keys[found[0]][1:]) else None


@bp.get("/cek/rekam/<record_seal>")
def check_record(record_seal: str) -> str | tuple[str, int]:
    """Whether a record still is as it was printed; one constant answer for everything unknown and for the erased."""
    claim = _claim(record_seal)
    name = queries.named(claim.person_id) if claim else None
    if claim is None or name is None:
        return _unknown()
    years = queries.years_of(claim.person_id, claim.day)
    same = claimed(claim.person_id, claim.day, name, years) == claim
    total = sum(year.counted_jp for year in years)
    shown = {"claim": claim, "name": name, "years": years, "total": total, "same": same, "moment": now()}
    return render_template("certificate/cek_rekam.html", **shown)

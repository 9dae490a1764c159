"""Sign in by card or staff password, sign out, my data and my card, the first admin."""

from datetime import datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from lms.accounts import actions, queries
from lms.accounts.cards import LETTERS, card_link_of, card_picture, card_token
from lms.accounts.passwords import SHORTEST, hash_password, password_matches
from lms.accounts.session import forget, keep_signed_in, open_device
from lms.certificates.queries import certificates_of
from lms.core import crockford
from lms.core.names import clean_name
from lms.core.regions import villages
from lms.database import writing
from lms.web.access import is_staff, safe_return, signed_in
from lms.web.clock import now
from lms.web.limits import count_try
from lms.web.security import show_nobody_else
from lms.web.viewer import viewer

bp = Blueprint("accounts", __name__)

TRIES_A_DAY = 50
TRIES_A_QUARTER = 8
DAY, QUARTER = 86_400, 900

UNKNOWN_CARD = "Kode kartu ini tidak kami kenal. Periksa lagi 24 huruf dan angkanya, atau hubungi pelatih Anda."
WRONG_PASSWORD = "Nama masuk atau sandi tidak cocok. Periksa huruf besar dan kecilnya, lalu coba lagi."
TOO_MANY = "Terlalu banyak percobaan untuk akun ini. Tunggu 15 menit, lalu coba lagi."
TOO_MANY_TODAY = "Akun ini terlalu sering dicoba hari ini. Coba lagi besok, atau minta bantuan pengelola lain."


@bp.get("/masuk")
def sign_in() -> str | Response:
    """The ways in: card first, password for staff."""
    back = safe_return(request.args.get("ke"))
    return redirect(back, 303) if viewer() else render_template("accounts/masuk.html", back=back)


@bp.get("/kartu")
def card_link() -> str:
    """Where a card's link leads: a script reads the letters from the fragment, without one they are typed."""
    return render_template("accounts/kartu_masuk.html", back="/")


@bp.post("/kartu")
def card_shown() -> str | tuple[str, int]:
    """Whose card is this? Asks before it signs anybody in."""
    back = safe_return(request.form.get("ke"))
    token, found = _holder()
    if found is None:
        return _unknown_card(back)
    show_nobody_else()
    return render_template("accounts/masuk_sebagai.html", token_letters=token, name=found.name, back=back)


@bp.post("/kartu/masuk")
def card_sign_in() -> Response | tuple[str, int]:
    """Sign this browser in with the card."""
    back = safe_return(request.form.get("ke"))
    _, found = _holder()
    if found is None:
        return _unknown_card(back)
    with writing():
        device = open_device(found.id).id
    keep_signed_in(device, found.id, found.name)
    return redirect(back, 303)


def _holder() -> tuple[str | None, Row[int, str] | None]:
    """The card's letters as typed, and whose card it is."""
    token = crockford.normalise(request.form.get("kode", ""), LETTERS)
    return token, queries.person_of_card(token) if token else None


def _unknown_card(back: str) -> tuple[str, int]:
    return render_template("accounts/kartu_masuk.html", back=back, fault=UNKNOWN_CARD), 422


@bp.post("/masuk")
def password_sign_in() -> Response | tuple[str, int]:
    """Staff: the try is counted before the slow hash and given back after success."""
    back = safe_return(request.form.get("ke"))
    login = request.form.get("nama", "").strip().casefold()[:60]
    moment = now()
    with writing():
        fault = _too_many(login, moment)
    if fault:
        return render_template("accounts/masuk.html", back=back, fault=fault, login=login), 429
    found = queries.person_of_login(login)
    if not password_matches(found.password_hash if found else "", request.form.get("sandi", "")[:200]) or found is None:
        return render_template("accounts/masuk.html", back=back, fault=WRONG_PASSWORD, login=login), 422
    with writing():
        count_try(f"sandi:{login}", QUARTER, moment, -1)
        count_try(f"sandi-hari:{login}", DAY, moment, -1)
        device = open_device(found.id).id
    keep_signed_in(device, found.id, "")
    return redirect(back, 303)


def _too_many(login: str, moment: datetime) -> str:
    """Count a try; what to tell who tries too often, else "". The day counts only what is really worked out."""
    if count_try(f"sandi:{login}", QUARTER, moment) > TRIES_A_QUARTER:
        return TOO_MANY
    return TOO_MANY_TODAY if count_try(f"sandi-hari:{login}", DAY, moment) > TRIES_A_DAY else ""


@bp.get("/keluar")
def ask_sign_out() -> str:
    """Before leaving: what happens, and what is still unsent."""
    return render_template("accounts/keluar.html", who=signed_in())


@bp.post("/keluar")
def sign_out() -> Response:
    """End this browser's device."""
    who = signed_in()
    with writing():
        actions.end_device(who.person_id, who.device_id, now())
    forget()
    response = redirect("/?keluar=1", 303)
    # The browser lets go of the pages it could still show on the way back.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/saya")
def me() -> str:
    """My data and my devices."""
    who = signed_in()
    show_nobody_else()
    facts = queries.person_facts(who.person_id)
    return render_template(
        "accounts/saya.html",
        who=who,
        facts=facts,
        village=villages().get(facts.region or ""),
        devices=queries.devices(who.person_id, now()),
        certificates=certificates_of(who.person_id),
        at_desk=who.is_admin or is_staff(who.person_id),
    )


@bp.post("/saya/perangkat/<device_id>/keluar")
def end_device(device_id: str) -> Response:
    """Sign another browser of mine out."""
    who = signed_in()
    if not queries.is_device_of(who.person_id, device_id):
        abort(404)
    with writing():
        actions.end_device(who.person_id, device_id, now())
    return redirect("/saya", 303)


@bp.get("/awal/<secret>")
def first_admin(secret: str) -> str:
    """The single-use link that makes an admin."""
    if not queries.code_is_usable(actions.code_hash(secret), "admin", now()):
        abort(404)
    show_nobody_else()
    return render_template("accounts/awal.html", secret=secret)


@bp.post("/awal/<secret>")
def make_admin(secret: str) -> Response | tuple[str, int]:
    """Make the admin and use the link up, in one write."""
    hashed, moment = actions.code_hash(secret), now()
    if not queries.code_is_usable(hashed, "admin", moment):
        abort(404)
    show_nobody_else()
    name = clean_name(request.form.get("nama", ""))
    login = request.form.get("masuk", "").strip().casefold()
    password = request.form.get("sandi", "")
    faults = _admin_faults(name, login, password)
    if faults or name is None:
        return render_template("accounts/awal.html", secret=secret, faults=faults, form=request.form), 422
    encoded = hash_password(password)
    try:
        with writing():
            if not actions.use_code(hashed, "admin", moment):
                abort(404)
            person = actions.add_admin(current_app.config["CARD_KEY"], name, login, encoded, moment)
            device, person_id = open_device(person.id).id, person.id
    except IntegrityError:
        faults = {"masuk": "Nama masuk ini sudah dipakai; pilih yang lain."}
        return render_template("accounts/awal.html", secret=secret, faults=faults, form=request.form), 422
    keep_signed_in(device, person_id, name)
    return redirect("/", 303)


def _admin_faults(name: str | None, login: str, password: str) -> dict[str, str]:
    faults = {}
    if name is None:
        faults["nama"] = "Tulis dengan huruf Latin seperti di KTP."
    if not (3 <= len(login) <= 60 and login.isascii() and login.replace(".", "").replace("-", "").isalnum()):
        faults["masuk"] = "Pakai 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung."
    if not SHORTEST <= len(password) <= 200:
        faults["sandi"] = f"Pakai paling sedikit {SHORTEST} huruf; beberapa kata lebih mudah diingat."
    return faults


@bp.get("/saya/kartu")
def my_card() -> str:
    """My card, as often as I want: picture, link and letters."""
    who = signed_in()
    show_nobody_else()
    facts = queries.person_facts(who.person_id)
    token = card_token(current_app.config["CARD_KEY"], facts.id, facts.card_serial)
    return render_template(
        "accounts/kartu.html",
        facts=facts,
        letters=crockford.grouped(token),
        link=card_link_of(token, current_app.config["PUBLIC_URL"]),
        fresh="baru" in request.args,
        back=safe_return(request.args.get("ke")),
    )


@bp.get("/saya/kartu.png")
def my_card_picture() -> Response:
    """The card as one picture, to see, save and print."""
    who = signed_in()
    show_nobody_else()
    facts = queries.person_facts(who.person_id)
    token = card_token(current_app.config["CARD_KEY"], facts.id, facts.card_serial)
    village = villages().get(facts.region or "")
    picture = card_picture(facts.name, village.label if village else "", token, current_app.config["PUBLIC_URL"])
    return Response(picture, mimetype="image/png")

"""The ways in, and the way out: card, phone and PIN, a code from or for a trainer, staff's password, links.

Links work once: the first admin's, and one with which a member of staff sets a new password. Their secret stands behind
the #, which no server and no log sees: a script sends it, and without one it is pasted. Neither that nor opening the
link uses anything up, so that a preview or a crawler burns nothing; only its form does.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, session
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from lms.db.engine import writing
from lms.db.tables import OneTimeCode
from lms.people import actions, guesses, queries
from lms.people.access import signed_in
from lms.people.cards import LETTERS
from lms.people.guesses import Guess
from lms.people.hashing import hash_password, password_matches
from lms.people.names import PHONE_EXAMPLE, clean_phone
from lms.people.person import LOGIN_TAKEN, read_account
from lms.people.pins import is_pin, password_fault
from lms.people.session import devices_before, forget, keep_signed_in, open_device
from lms.people.viewer import load_viewer, viewer
from lms.web import crockford
from lms.web.clock import now
from lms.web.dates import waktu
from lms.web.errors import script_route
from lms.web.security import safe_return, show_nobody_else

bp = Blueprint("accounts", __name__)

UNKNOWN_CARD = (
    "Kode kartu ini tidak kami kenal. Mungkin ada huruf yang salah, atau kartu ini sudah diganti. Periksa lagi "
    "24 huruf dan angkanya, atau minta bantuan pelatih atau Dinas Sosial."
)
OLD_CARD = (
    "Kartu ini sudah lewat masa berlakunya. Masuk dengan cara lain lalu tekan “Ganti kartu”, atau minta kartu baru "
    "kepada pelatih Anda atau Dinas Sosial. Catatan belajar Anda tetap ada."
)
# Enough for the county many times over, and few enough that nobody fills the disk with them.
MOST_SHOWN = 50_000
WRONG_PASSWORD = "Nama masuk atau sandi tidak cocok. Periksa huruf besar dan kecilnya, lalu coba lagi."
WRONG_PIN = "Nomor HP atau PIN tidak cocok. Periksa angkanya, atau masuk dengan kartu Anda."
WRONG_SHAPE = f"{PHONE_EXAMPLE}, dan PIN dengan 6 angka."
PIN_NEEDS_CARD = "Hari ini PIN hanya berlaku di HP yang pernah Anda pakai. Di HP ini, masuklah dengan kartu Anda."
WRONG_CODE = "Kode ini tidak cocok atau sudah lewat 15 menit. Minta kode baru kepada pelatih Anda."
CODE_SHAPE = "Tulis 8 angka yang diberikan pelatih Anda."
CODES_CLOSED = "Terlalu banyak kode salah dicoba di situs ini. Pakai “Tunjukkan kode kepada pelatih” di bawah."
NOT_YET = "Pelatih belum mengonfirmasi. Tunggu sebentar, lalu tekan lagi."


def too_many(until: datetime) -> str:
    """Return the text shown after too many guesses, whether or not there is such an account."""
    return f"Terlalu banyak percobaan. Coba lagi sesudah {waktu(until)}, atau masuk dengan kartu."


def _ways(back: str, way: str = "", fault: str = "") -> str:
    """The page with all ways in; the one that was just tried stands first, with what was wrong."""
    return render_template("people/masuk.html", back=back, way=way, fault=fault, typed=request.form)


@bp.get("/masuk")
def sign_in() -> str | Response:
    """The ways in: card first, password for staff."""
    back = safe_return(request.args.get("ke"))
    return redirect(back, 303) if viewer() else _ways(back, "sandi" if request.args.get("cara") == "sandi" else "")


# --- card


@bp.get("/kartu")
def card_link() -> str:
    """Show the page of a card's link: a script reads the letters from the fragment, without one they are typed."""
    return render_template("people/kartu_masuk.html", back="/")


@bp.post("/kartu")
def card_shown() -> str | tuple[str, int]:
    """Ask whether the card is this person's, before it signs anybody in."""
    back = safe_return(request.form.get("ke"))
    token = crockford.normalise(request.form.get("kode", ""), LETTERS)
    found = _holder(token)
    if isinstance(found, str):
        return _no_card(back, found)
    show_nobody_else()
    return render_template("people/masuk_sebagai.html", token_letters=token, name=found.name, back=back)


@bp.post("/kartu/masuk")
def card_sign_in() -> Response | tuple[str, int]:
    """Sign this browser in with the card."""
    back = safe_return(request.form.get("ke"))
    token = crockford.normalise(request.form.get("kode", ""), LETTERS)
    with writing():
        found = _holder(token)
        device = "" if isinstance(found, str) else open_device(found.id).id
    if isinstance(found, str):
        return _no_card(back, found)
    keep_signed_in(device, found.id, found.name)
    return redirect(back, 303)


def _holder(token: str | None) -> queries.Entrant | str:
    """Return the holder of this card, else the fault to show."""
    row = queries.person_of_card(token) if token else None
    found = queries.entrant(row[0]) if row else None
    if row is None or found is None:
        return UNKNOWN_CARD
    return OLD_CARD if row[1] + current_app.config["CARD_LIFE"] <= now() else found


def _no_card(back: str, fault: str) -> tuple[str, int]:
    return render_template("people/kartu_masuk.html", back=back, fault=fault), 422


# --- phone and PIN


class PinTry(NamedTuple):
    """The people found by a phone and a PIN, or the fault to show; only `theirs` is given back.

    Others with this phone keep their count: else an own account on it would buy tries at theirs without end.
    """

    found: Sequence[Row[int, str, str]] = ()
    theirs: Sequence[Guess] = ()
    fault: str = ""
    status: int = 422


@bp.post("/masuk/hp")
def pin_sign_in() -> Response | str | tuple[str, int]:
    """Sign in by phone and PIN; people who share both are asked who they are."""
    back, moment = safe_return(request.form.get("ke")), now()
    phone, pin = clean_phone(request.form.get("hp", "")), request.form.get("pin", "").strip()
    tried = _try_pin(phone, pin, moment) if phone and is_pin(pin) else PinTry(fault=WRONG_SHAPE)
    if tried.fault:
        return _ways(back, "hp", tried.fault), tried.status
    chosen = [holder for holder in tried.found if str(holder.id) == request.form.get("siapa")] or tried.found
    device = ""
    with writing():
        guesses.give_back(tried.theirs, moment)
        guesses.count_pin(moment, -1)
        # What was worked out before the write may have been taken back meanwhile.
        if len(chosen) == 1 and chosen[0] in queries.pin_holders(phone or ""):
            device = open_device(chosen[0].id).id
    if len(chosen) > 1:
        show_nobody_else()
        return render_template("people/pilih.html", people=chosen, phone=phone, pin=pin, back=back)
    if not device:
        return _ways(back, "hp", WRONG_PIN), 422
    keep_signed_in(device, chosen[0].id, chosen[0].name, by_pin=True)
    return redirect(back, 303)


def _try_pin(phone: str, pin: str, moment: datetime) -> PinTry:
    """Count the try for everybody with this phone, then check the PIN of each who may still be tried."""
    holders = queries.pin_holders(phone)
    hashes = Counter(holder.id for holder in holders)
    known = queries.known_devices(devices_before(), [*hashes], moment)
    tries = {each: guesses.guess_at(each, known.get(each, ""), count) for each, count in hashes.items()}
    with writing():
        if guesses.too_many_pins(moment):
            tries = {person_id: tries[person_id] for person_id in known}
            if not tries:
                return PinTry(fault=PIN_NEEDS_CARD, status=429)
        elif not tries:
            tries = {0: guesses.guess_at_nobody(phone)}
        waits = {person_id: guesses.take(guess, moment) for person_id, guess in tries.items()}
        counted = None in waits.values()
        if counted:
            guesses.count_pin(moment)
    if not counted:
        return PinTry(fault=too_many(min(filter(None, waits.values()))), status=429)
    if 0 in waits:  # Nobody's PIN takes as long.
        password_matches("", pin)
    found = {
        holder.id: holder
        for holder in holders
        if holder.id in waits and waits[holder.id] is None and password_matches(holder.pin_hash, pin)
    }
    theirs = [tries[person_id] for person_id in found]
    return PinTry(list(found.values()), theirs) if found else PinTry(fault=WRONG_PIN)


# --- codes of eight digits


@bp.post("/masuk/kode")
def code_sign_in() -> Response | tuple[str, int]:
    """Eight digits from a trainer are enough by themselves."""
    back, moment = safe_return(request.form.get("ke")), now()
    digits = "".join(request.form.get("angka", "").replace("-", " ").split())
    if not (len(digits) == 8 and digits.isascii() and digits.isdecimal()):
        return _ways(back, "kode", CODE_SHAPE), 422
    with writing():
        closed = guesses.too_many_codes(moment)
        found = None if closed else _helped(actions.use_code("bantu", digits, moment))
        if found is None and not closed:
            guesses.count_wrong_code(moment)
        device = open_device(found.id).id if found else ""
    if found is None:
        return _ways(back, "kode", CODES_CLOSED if closed else WRONG_CODE), 429 if closed else 422
    keep_signed_in(device, found.id, found.name)
    return redirect(_after_code(back), 303)


def _after_code(back: str) -> str:
    """Return the address after a code, whose user may have lost the card: the front page then says where it is."""
    return "/?masuk=kode" if back == "/" else back


def _helped(code: OneTimeCode | None) -> queries.Entrant | None:
    """Return the person whom a trainer's code signs in; never staff, whose account opens more than the trainer's."""
    found = queries.entrant(code.person_id) if code else None
    return found if found and queries.may_be_helped(found.id) else None


@bp.post("/masuk/tunjuk")
def make_shown_code() -> Response:
    """A code for this browser to show; the one it already shows stays while it is good."""
    back, moment = safe_return(request.form.get("ke")), now()
    if viewer():
        return redirect(back, 303)
    _, claim = _shown()
    if not claim or queries.good_code("tunjuk", claim, moment) is None:
        claim = secrets.token_urlsafe(16)
        with writing():
            refused = queries.codes_shown(moment) >= MOST_SHOWN
            digits = "" if refused else actions.show_code(claim, moment)
        if refused:
            abort(429)
        session["tunjuk"] = f"{digits} {claim}"
    session["ke"] = back
    return redirect("/masuk/tunjuk", 303)


def _shown() -> tuple[str, str]:
    """The digits this browser shows, and the secret that only it has; both "" when it shows none."""
    digits, _, claim = str(session.get("tunjuk", "")).partition(" ")
    return digits, claim


@bp.get("/masuk/tunjuk")
def shown_code() -> str | Response:
    """The code to show to a trainer, and whether it was confirmed."""
    digits, claim = _shown()
    if viewer() or not claim:
        return redirect("/masuk", 303)
    return _code_page(digits, claim)


def _code_page(digits: str, claim: str, fault: str = "") -> str:
    show_nobody_else()
    code = queries.good_code("tunjuk", claim, now())
    return render_template("people/tunjuk.html", digits=digits, code=code, fault=fault, back=session.get("ke", "/"))


@bp.get("/masuk/tunjuk/keadaan")
@script_route
def shown_code_state() -> Response:
    """For the page's script: has the code been confirmed, or has it run out?

    A script asks, and the page does not reload by itself, which WCAG forbids; without script there is the button.
    """
    code = queries.good_code("tunjuk", _shown()[1], now())
    return jsonify(confirmed=bool(code and code.person_id), over=code is None)


@bp.post("/masuk/tunjuk/masuk")
def shown_code_sign_in() -> Response | tuple[str, int]:
    """Sign in as the person whom the trainer named."""
    digits, claim = _shown()
    if viewer() or not claim:
        return redirect("/masuk", 303)
    back = safe_return(str(session.get("ke", "/")))
    with writing():
        found = _helped(actions.use_code("tunjuk", claim, now()))
        device = open_device(found.id).id if found else ""
    if found is None:
        return _code_page(digits, claim, NOT_YET), 422
    keep_signed_in(device, found.id, found.name)
    return redirect(_after_code(back), 303)


# --- staff's password


@bp.post("/masuk")
def password_sign_in() -> Response | tuple[str, int]:
    """Staff: the try is counted before the slow hash and given back after success."""
    back = safe_return(request.form.get("ke"))
    login = request.form.get("nama", "").strip().casefold()[:60]
    moment = now()
    found = queries.person_of_login(login)
    known = queries.known_devices(devices_before(), [found.id], moment) if found else {}
    guess = guesses.guess_at(found.id, known.get(found.id, "")) if found else guesses.guess_at_nobody(login)
    with writing():
        until = guesses.take(guess, moment)
    if until is not None:
        return _ways(back, "sandi", too_many(until)), 429
    if not password_matches(found.password_hash if found else "", request.form.get("sandi", "")[:200]) or found is None:
        return _ways(back, "sandi", WRONG_PASSWORD), 422
    with writing():
        guesses.give_back([guess], moment)
        device = open_device(found.id).id if queries.person_of_login(login) == found else ""
    if not device:
        return _ways(back, "sandi", WRONG_PASSWORD), 422
    keep_signed_in(device, found.id, "")
    return redirect(back, 303)


# --- links that work once


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
    (name, login, faults), password = read_account(request.form), request.form.get("sandi", "")
    if fault := password_fault(password, login, name):
        faults |= {"sandi": fault}
    if faults:
        return render_template("people/awal.html", secret=secret, faults=faults, form=request.form), 422
    encoded = hash_password(password)
    try:
        with writing():
            if actions.use_code("admin", secret, moment) is None:
                abort(404)
            person = actions.add_staff(name, login, encoded, moment, is_admin=True)
            device, person_id = open_device(person.id).id, person.id
    except IntegrityError:
        faults = {"masuk": LOGIN_TAKEN}
        return render_template("people/awal.html", secret=secret, faults=faults, form=request.form), 422
    keep_signed_in(device, person_id, name)
    return redirect("/", 303)


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
    found = load_viewer(device)
    return redirect("/pelatih" if found and found.is_staff else "/", 303)


def _whose(secret: str) -> Row[int, str | None, str, str] | None:
    """Return the owner of this link; None when it was used, has run out or never was."""
    link = queries.good_code("sandi", secret, now())
    return queries.staff_named(link.person_id) if link else None


# --- out


@bp.get("/keluar")
def ask_sign_out() -> str:
    """Before leaving: what happens, and what is still unsent."""
    return render_template("people/keluar.html", who=signed_in())


@bp.post("/keluar")
def sign_out() -> Response:
    """End this browser's device."""
    who = signed_in()
    with writing():
        actions.sign_out(who.person_id, who.device_id, now())
    forget()
    response = redirect("/?keluar=1", 303)
    # The browser lets go of the pages it could still show on the way back.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response

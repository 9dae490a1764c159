"""My ways in: the card, a PIN, staff's password, and the browsers that are signed in; and a cohort's cards to print."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request
from sqlalchemy import Row
from werkzeug import Response

from lms.db.engine import writing
from lms.paper.printing import attachment
from lms.people import actions, guesses, queries
from lms.people.access import mine, signed_in, training
from lms.people.cards import card_life, card_link_of, card_picture, cards_pdf, token_of
from lms.people.hashing import hash_password, password_matches
from lms.people.names import PHONE_EXAMPLE, clean_phone
from lms.people.office import turn_to
from lms.people.pins import is_pin, is_weak, password_fault
from lms.people.session import card_was_shown, signed_in_by_pin
from lms.people.viewer import Viewer
from lms.web import crockford
from lms.web.clock import now
from lms.web.dates import lalu, waktu
from lms.web.security import safe_return, show_nobody_else

bp = Blueprint("keys", __name__)

MOST_CARDS = 1_000
RENEWED_AT_ONCE = 50
PIN_SHAPE = "Pilih tepat 6 angka."
WEAK_PIN = "PIN ini mudah ditebak. Jangan pakai tanggal lahir, tahun, angka urut, angka kembar, atau nomor HP."
CROWDED_PHONE = "Sudah lima orang memakai PIN dengan nomor HP ini. Pakai nomor lain, atau cukup kartu Anda."
MANY_PINS = "Hari ini PIN sudah lima kali diganti. Coba lagi besok; kartu Anda tetap berlaku."
WRONG_OLD = "Sandi lama tidak cocok. Periksa huruf besar dan kecilnya."


@bp.get("/saya/masuk")
def my_keys() -> str:
    """Everything that lets me in, and where I am in."""
    who = mine()
    facts = queries.person_facts(who.person_id)
    return render_template(
        "people/cara_masuk.html",
        who=who,
        pin_phones=queries.pin_phones(who.person_id),
        good_until=facts.card_since + card_life(),
        now=now(),
        ago=lalu,
        staff=queries.staff_named(who.person_id),
        may_have_pin=queries.may_be_helped(who.person_id),
        devices=queries.devices(who.person_id, now()),
        done=request.args.get("beres", ""),
        helper=turn_to(who.person_id) if needs_card(facts) else "",
    )


# --- card


def needs_card(facts: Row[Any]) -> bool:
    """Whether this browser came in with a PIN alone, which may have been seen typed, and the card is still good.

    One that has run out opens nothing, and a PIN may be all that its owner has to come by another.
    """
    return signed_in_by_pin() and facts.card_since + card_life() > now()


@bp.get("/saya/kartu")
def my_card() -> str:
    """My card, as often as I want: picture, link and letters."""
    who = mine()
    facts = queries.person_facts(who.person_id)
    if needs_card(facts):
        return render_template("people/kartu_dulu.html", helper=turn_to(who.person_id))
    token = token_of(facts.id, facts.card_serial)
    good_until = facts.card_since + card_life()
    return render_template(
        "people/kartu.html",
        facts=facts,
        letters=crockford.grouped(token),
        link=card_link_of(token, current_app.config["PUBLIC_URL"]),
        good_until=good_until,
        over=good_until <= now(),
        fresh="baru" in request.args,
        replaced="diganti" in request.args,
        offers_pin=not facts.has_pin and queries.may_be_helped(who.person_id),
        back=safe_return(request.args.get("ke")),
    )


@bp.get("/saya/kartu.png")
def my_card_picture() -> Response:
    """The card as one picture, to see, save and print."""
    who = mine()
    facts = queries.person_facts(who.person_id)
    if needs_card(facts):
        abort(403)
    return Response(card_picture(facts), mimetype="image/png")


@bp.get("/saya/kartu/ganti")
def ask_replace() -> str:
    """Show what "Ganti kartu" ends, before it ends it."""
    who = signed_in()
    facts = queries.person_facts(who.person_id)
    if needs_card(facts):
        return render_template("people/kartu_dulu.html", helper=turn_to(who.person_id))
    return render_template("people/ganti_kartu.html", facts=facts)


@bp.post("/saya/kartu/ganti")
def replace() -> Response | tuple[str, int]:
    """Another card; the form names the one it replaces, so that pressing twice replaces once."""
    who = signed_in()
    with writing():
        facts = queries.person_facts(who.person_id)
        refused = needs_card(facts)
        if not refused and request.form.get("nomor") == str(facts.card_serial):
            actions.replace_card(who.person_id, now(), keep=who.device_id)
            card_was_shown()
    if refused:
        return render_template("people/kartu_dulu.html", helper=turn_to(who.person_id)), 403
    return redirect("/saya/kartu?diganti=1&ke=/saya/masuk", 303)


@bp.post("/pelatih/<code>/kartu.pdf")
def cohort_cards(code: str) -> Response | tuple[str, int]:
    """Everybody's card on A4, eight a page, by kecamatan and village; one that has run out is renewed first."""
    trained, moment = training(code), now()
    show_nobody_else()
    count = len(queries.card_holders(trained.cohort_id))
    if not 0 < count <= MOST_CARDS:
        return render_template("people/tanpa_kartu.html", trained=trained, count=count, most=MOST_CARDS), 409
    _renew_old_cards(trained.cohort_id, moment)
    sheets = cards_pdf(queries.card_holders(trained.cohort_id), trained.name, int(moment.timestamp()))
    with writing():
        actions.note(trained.viewer.person_id, "kartu dicetak", f"cohort:{trained.cohort_id}", moment)
    return attachment(sheets, f"kartu-{trained.code}.pdf")


def _renew_old_cards(cohort_id: int, moment: datetime) -> None:
    """Another card for everybody whose card has run out, some at a time, so that others get to write in between."""
    old = [holder.id for holder in queries.card_holders(cohort_id) if holder.card_since + card_life() <= moment]
    for start in range(0, len(old), RENEWED_AT_ONCE):
        with writing():
            for person_id in old[start : start + RENEWED_AT_ONCE]:
                actions.renew_card(person_id, moment)


# --- PIN


@bp.get("/saya/pin")
def my_pin() -> str:
    """Show the form for six digits, with which a person comes in without the card at hand."""
    return _pin_page(*_pin_owner())


def _pin_owner() -> tuple[Viewer, Row[Any]]:
    """Return the viewer when they may have a PIN; staff may not, since their accounts open other people's data."""
    who = signed_in()
    if not queries.may_be_helped(who.person_id):
        abort(403)
    show_nobody_else()
    return who, queries.person_facts(who.person_id)


def _pin_page(who: Viewer, facts: Row[Any], faults: dict[str, str] | None = None) -> str:
    by_pin = signed_in_by_pin()
    return render_template(
        "people/pin.html", who=who, facts=facts, faults=faults, by_pin=by_pin, typed=request.form.get("hp", "")
    )


@bp.post("/saya/pin")
def set_pin() -> Response | tuple[str, int]:
    """Set or change the PIN, but not from a browser that came in with a PIN alone: somebody may have seen it typed."""
    who, facts = _pin_owner()
    if signed_in_by_pin():
        return _pin_page(who, facts), 403
    phone, pin = facts.phone or clean_phone(request.form.get("hp", "")), request.form.get("pin", "").strip()
    faults = _pin_faults(phone, pin)
    if faults or not phone:
        return _pin_page(who, facts, faults), 422
    with writing():
        refused = guesses.too_many_new_pins(who.person_id, now())
    if refused:
        return _pin_page(who, facts, {"pin": MANY_PINS}), 429
    encoded = hash_password(pin)
    with writing():
        crowded = _is_crowded(who, phone)
        if not crowded:
            actions.correct(who.person_id, {"phone": phone}, who.person_id, now())
            actions.set_pin(who.person_id, encoded, now())
    if crowded:
        return _pin_page(who, facts, {"pin": CROWDED_PHONE}), 422
    return redirect("/saya/masuk?beres=pin", 303)


def _pin_faults(phone: str | None, pin: str) -> dict[str, str]:
    if not phone:
        return {"hp": f"{PHONE_EXAMPLE}."}
    if not is_pin(pin):
        return {"pin": PIN_SHAPE}
    if is_weak(pin, phone):
        return {"pin": WEAK_PIN}
    return {}


def _is_crowded(who: Viewer, phone: str) -> bool:
    others = [holder for holder in queries.pin_holders(phone) if holder.id != who.person_id]
    return len(others) >= queries.MOST_ON_A_PHONE


@bp.post("/saya/pin/hapus")
def drop_pin() -> Response:
    """No PIN any more."""
    who = signed_in()
    with writing():
        actions.set_pin(who.person_id, "", now())
    return redirect("/saya/masuk?beres=pin-hapus", 303)


# --- password


@bp.get("/saya/sandi")
def my_password() -> str:
    """Staff: the old password and a new one."""
    _staff()
    return render_template("people/sandi.html")


def _staff() -> tuple[Viewer, Row[int, str | None, str, str]]:
    """Return the viewer when they sign in with a name and a password; 403 for everybody else."""
    who = signed_in()
    found = queries.staff_named(who.person_id) or abort(403)
    show_nobody_else()
    return who, found


@bp.post("/saya/sandi")
def change_password() -> Response | tuple[str, int]:
    """Change it; the old one is asked, and guessing it is counted as at sign-in."""
    (who, staff), moment = _staff(), now()
    password = request.form.get("baru", "")
    fault = password_fault(password, staff.login, staff.name)
    if fault:
        return render_template("people/sandi.html", faults={"baru": fault}), 422
    guess = guesses.guess_at(who.person_id, who.device_id)
    with writing():
        until = guesses.take(guess, moment)
    if until is not None:
        later = f"Terlalu banyak percobaan. Coba lagi sesudah {waktu(until)}."
        return render_template("people/sandi.html", faults={"lama": later}), 429
    if not password_matches(staff.password_hash, request.form.get("lama", "")[:200]):
        return render_template("people/sandi.html", faults={"lama": WRONG_OLD}), 422
    encoded = hash_password(password)
    with writing():
        guesses.give_back([guess], moment)
        actions.set_password(who.person_id, encoded, moment, keep=who.device_id)
    return redirect("/saya/masuk?beres=sandi", 303)


# --- devices


@bp.post("/saya/perangkat/<device_id>/keluar")
def end_device(device_id: str) -> Response:
    """Sign another browser of mine out."""
    who = signed_in()
    with writing():
        actions.end_device(who.person_id, device_id, now())
    return redirect("/saya/masuk?beres=perangkat", 303)


@bp.post("/saya/perangkat/keluar")
def end_other_devices() -> Response:
    """Sign every browser of mine out but this one."""
    who = signed_in()
    with writing():
        actions.end_devices(who.person_id, now(), keep=who.device_id)
    return redirect("/saya/masuk?beres=perangkat", 303)

"""The card: shown and printed again by its owner, replaced, and printed for a whole cohort by its trainer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request
from sqlalchemy import Row
from werkzeug import Response

from lms.db.engine import writing
from lms.people import actions, queries
from lms.people.access import mine, signed_in, training
from lms.people.cards import card_life, card_link_of, card_picture, cards_pdf, token_of
from lms.people.office import turn_to
from lms.people.session import card_was_shown, signed_in_by_pin
from lms.web import crockford
from lms.web.clock import now
from lms.web.security import safe_return, show_nobody_else

bp = Blueprint("cards", __name__)

MOST_CARDS = 1_000
RENEWED_AT_ONCE = 50


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
    response = Response(sheets, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="kartu-{trained.code}.pdf"'
    return response


def _renew_old_cards(cohort_id: int, moment: datetime) -> None:
    """Another card for everybody whose card has run out, some at a time, so that others get to write in between."""
    old = [holder.id for holder in queries.card_holders(cohort_id) if holder.card_since + card_life() <= moment]
    for start in range(0, len(old), RENEWED_AT_ONCE):
        with writing():
            for person_id in old[start : start + RENEWED_AT_ONCE]:
                actions.renew_card(person_id, moment)

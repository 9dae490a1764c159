"""Cards, a poster and messages for those who are invited: for the group, for each of them, and at the door."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request

from lms.bimtek.queries import details, meetings
from lms.db.engine import writing
from lms.paper.printing import attachment, pdf
from lms.paper.typesetting import printable
from lms.people.access import Training, refuse_closed, row_id, training
from lms.people.actions import note_shown
from lms.people.cards import card_life, card_link_of, token_of
from lms.people.messages import OutgoingMessage, written
from lms.roster import queries
from lms.web.clock import now
from lms.web.dates import WIB, hari_tanggal, rentang
from lms.web.paging import paged
from lms.web.security import show_nobody_else

bp = Blueprint("invitation", __name__, url_prefix="/pelatih/<code>/undangan")


@bp.route("", methods=["GET", "POST"])
def invitation(code: str) -> str:
    """Show what can be printed and sent; nobody's number or card is on it.

    By POST with numbers and the links of cards; whose they were is noted.
    """
    trained = training(code)
    if request.method == "POST":
        refuse_closed(trained)
    page = row_id(request.values.get("hal")) or 1
    people, count = queries.invited(trained.cohort_id, page)
    place = paged(count, queries.INVITED, page)
    if page > place.pages:
        people, _ = queries.invited(trained.cohort_id, place.pages)
    lines, messages = event_lines(trained), {}
    if request.method == "POST" and people:
        messages = {who.person_id: personal_message(trained, who, lines) for who in people}
        with writing():
            note_shown(trained, messages, "undangan ditampilkan", ["phone", "card_hash"], now())
    show_nobody_else()
    return render_template(
        "roster/undangan.html",
        cohort=trained,
        group=_group_message(trained, lines),
        people=people,
        count=count,
        messages=messages,
        place=place,
    )


@bp.get("/poster.pdf")
def poster_page(code: str) -> Response:
    """The poster with the code for joining, while joining is open."""
    trained = training(code)
    if not trained.is_open:
        abort(409)
    return attachment(_poster(trained), f"poster-{trained.code.lower()}.pdf")


def event_lines(held: Training) -> list[str]:
    """Day, hour, place and what to bring, each on a line, as far as they are known."""
    plan = details(held.cohort_id)
    begins = next((each.starts_at for each in meetings(held.cohort_id) if each.cancelled_at is None), None)
    lines = []
    if held.starts_on:
        same = held.ends_on in (None, held.starts_on)
        day = hari_tanggal(held.starts_on) if same else rentang(held.starts_on, held.ends_on or held.starts_on)
        lines.append(f"Hari: {day}" if same else f"Tanggal: {day}")
    if begins:
        lines.append(f"Mulai: pukul {begins.astimezone(WIB):%H.%M} WIB")
    if held.place:
        lines.append(f"Tempat: {held.place}")
    if plan.map_link:
        lines.append(f"Peta: {plan.map_link}")
    if plan.bring:
        lines.append(f"Yang dibawa: {'; '.join(line.strip() for line in plan.bring.splitlines() if line.strip())}")
    return lines


def _group_message(held: Training, lines: Sequence[str]) -> OutgoingMessage:
    """For a whole group: nobody is named. `lines` are the `event_lines`."""
    return written("roster/pesan_grup.txt", held=held, lines=lines)


def personal_message(held: Training, who: Any, lines: Sequence[str], role: str = "") -> OutgoingMessage:
    """For one of them, with the link of their own card as long as it is good; `role` is of who only speaks or helps."""
    token = token_of(who.person_id, who.serial)
    good = who.since + card_life() > now()
    card = card_link_of(token, current_app.config["PUBLIC_URL"]) if good else ""
    return written("roster/pesan_pribadi.txt", who.phone, held=held, who=who, lines=lines, role=role, card=card)


def _poster(held: Training) -> bytes:
    """One A4 page with the code that lets people join; a letter that the fonts lack becomes a question mark."""
    address = f"{current_app.config['PUBLIC_URL']}/ikut/{held.code}"
    told = {
        "name": held.name,
        "lines": [line for line in event_lines(held) if not line.startswith(("Peta", "Yang dibawa"))],
        "address": address.partition("://")[2],
        "code": held.code,
        "qr": address,
    }
    return pdf("roster/poster.typ", printable(told), int(now().timestamp()))

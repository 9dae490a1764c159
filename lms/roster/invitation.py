"""Words for the invited: for the group, for each of them, and on the poster at the door."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from lms.bimtek.queries import details, meetings
from lms.paper.printing import pdf
from lms.paper.typesetting import printable
from lms.people.access import Training
from lms.people.cards import card_life, card_link_of, card_token
from lms.people.messages import OutgoingMessage, written
from lms.web.clock import now
from lms.web.dates import WIB, hari_tanggal, rentang


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


def group_message(held: Training, lines: Sequence[str]) -> OutgoingMessage:
    """For a whole group: nobody is named. `lines` are the `event_lines`."""
    return written("roster/pesan_grup.txt", held=held, lines=lines)


def personal_message(held: Training, who: Any, lines: Sequence[str], role: str = "") -> OutgoingMessage:
    """For one of them, with the link of their own card as long as it is good; `role` is of who only speaks or helps."""
    token = card_token(current_app.config["CARD_KEY"], who.person_id, who.serial)
    good = who.since + card_life() > now()
    card = card_link_of(token, current_app.config["PUBLIC_URL"]) if good else ""
    return written("roster/pesan_pribadi.txt", who.phone, held=held, who=who, lines=lines, role=role, card=card)


def poster(held: Training) -> bytes:
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

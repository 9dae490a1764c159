"""The card: 24 letters that sign their holder in on any device. Only a hash is stored; CARD_KEY stays outside."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from lms.paper.printing import long_pdf, png
from lms.paper.typesetting import printable
from lms.people.regions import Villager
from lms.web import crockford
from lms.web.dates import WIB, tanggal

LETTERS = 24
MASK = 3  # Any is read; the test reads each card back.


def card_token(key: bytes, person_id: int, serial: int) -> str:
    """The first 120 bits of HMAC-SHA256(key, person id ‖ serial) as 24 Crockford letters."""
    mac = hmac.new(key, person_id.to_bytes(8, "big") + serial.to_bytes(4, "big"), hashlib.sha256)
    return crockford.encode(mac.digest(), LETTERS)


def card_link_of(token: str, public_url: str) -> str:
    """The address behind the QR; the letters stand in the fragment, which no server and no log ever sees."""
    return f"{public_url}/kartu#{token}"


def card_hash(token: str) -> str:
    """Return the hash that the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Printed(Villager):
    """The texts of a card."""

    name: str
    region: str | None
    token: str
    good_until: datetime


def card_life() -> timedelta:
    """Return the time that a card is good for."""
    life: timedelta = current_app.config["CARD_LIFE"]
    return life


def printed(person: Any) -> Printed:
    """The card of a person's id, name, region, card_serial, and card_since, when it became theirs."""
    token = card_token(current_app.config["CARD_KEY"], person.id, person.card_serial)
    return Printed(person.name, person.region, token, person.card_since + card_life())


def card_picture(card: Printed, public_url: str) -> bytes:
    """The card as PNG."""
    return png("people/kartu.typ", _texts(card, public_url))


def cards_pdf(cards: Sequence[Printed], cohort: str, public_url: str, timestamp: int) -> bytes:
    """Eight cards a page on A4, in the order they are handed out."""
    texts = [_texts(card, public_url) for card in sorted(cards, key=lambda card: card.by_place)]
    return long_pdf("people/kartu_lembar.typ", {"cohort": printable(cohort), "cards": texts}, timestamp)


def _texts(card: Printed, public_url: str) -> dict[str, str | int]:
    return {
        "name": printable(card.name),
        "village": card.village.label if card.village else "",
        "letters": crockford.grouped(card.token),
        "good_until": f"Berlaku sampai {tanggal(card.good_until.astimezone(WIB))}.",
        "address": public_url.partition("://")[2] + "/kartu",
        "qr": card_link_of(card.token, public_url),
        "mask": MASK,
    }

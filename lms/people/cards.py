"""The card: 24 letters that sign their holder in on any device. Only a hash is stored; CARD_KEY stays outside."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app

from lms.paper.printing import long_pdf, png
from lms.paper.typesetting import printable
from lms.people.regions import by_place, village_label
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


def token_of(person_id: int, serial: int) -> str:
    """Return the letters of a card of this site."""
    return card_token(current_app.config["CARD_KEY"], person_id, serial)


def card_life() -> timedelta:
    """Return the time that a card is good for."""
    life: timedelta = current_app.config["CARD_LIFE"]
    return life


def card_picture(holder: Any) -> bytes:
    """The card as PNG of a person's id, name, region, card_serial, and card_since, when it became theirs."""
    return png("people/kartu.typ", _texts(holder))


def cards_pdf(holders: Sequence[Any], cohort: str, timestamp: int) -> bytes:
    """Eight cards a page on A4, in the order they are handed out."""
    texts = [_texts(holder) for holder in sorted(holders, key=by_place)]
    return long_pdf("people/kartu_lembar.typ", {"cohort": printable(cohort), "cards": texts}, timestamp)


def _texts(holder: Any) -> dict[str, str | int]:
    token, site = token_of(holder.id, holder.card_serial), current_app.config["PUBLIC_URL"]
    good_until = (holder.card_since + card_life()).astimezone(WIB)
    return {
        "name": printable(holder.name),
        "village": village_label(holder.region),
        "letters": crockford.grouped(token),
        "good_until": f"Berlaku sampai {tanggal(good_until)}.",
        "address": site.partition("://")[2] + "/kartu",
        "qr": card_link_of(token, site),
        "mask": MASK,
    }

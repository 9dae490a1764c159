"""The card: 24 letters that sign their holder in on any device. Only a hash is stored; CARD_KEY stays outside."""

import hashlib
import hmac

from lms.core import crockford
from lms.web.typesetting import png, printable_letters, qr

LETTERS = 24


def card_token(key: bytes, person_id: int, serial: int) -> str:
    """The first 120 bits of HMAC-SHA256(key, person id ‖ serial) as 24 Crockford letters."""
    mac = hmac.new(key, person_id.to_bytes(8, "big") + serial.to_bytes(4, "big"), hashlib.sha256)
    return crockford.encode(mac.digest(), LETTERS)


def card_link_of(token: str, public_url: str) -> str:
    """The address behind the QR; the letters stand in the fragment, which no server and no log ever sees."""
    return f"{public_url}/kartu#{token}"


def card_picture(name: str, village: str, token: str, public_url: str) -> bytes:
    """The card as PNG; a letter the fonts lack is shown as a question mark, since a card needs no exact name."""
    letters = printable_letters()
    data = {
        "name": "".join(letter if letter in letters else "?" for letter in name),
        "village": village,
        "letters": crockford.grouped(token),
        "address": public_url.partition("://")[2] + "/kartu",
        "qr": qr(card_link_of(token, public_url)),
    }
    return png("accounts/kartu.typ", data)


def card_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()

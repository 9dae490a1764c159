"""The card: 24 letters that sign their holder in on any device. Only a hash is stored; CARD_KEY stays outside."""

import hashlib
import hmac

from lms.core import crockford

LETTERS = 24


def card_token(key: bytes, person_id: int, serial: int) -> str:
    """The first 120 bits of HMAC-SHA256(key, person id ‖ serial) as 24 Crockford letters."""
    mac = hmac.new(key, person_id.to_bytes(8, "big") + serial.to_bytes(4, "big"), hashlib.sha256)
    return crockford.encode(mac.digest(), LETTERS)


def card_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()

"""The text of a sheet's QR: the address of its check, and behind a # the signed facts, checkable without a server.

    https://…/cek/TOKEN#1;KEY;DAY;JP;REVISION;SAMPLE;NUMBER;NAME;ACTIVITY;SIGNATURE

A camera opens the address; what follows the # stays on the phone. Signed is every byte before the last semicolon.
Whoever spoke or helped has that role before the activity, as on the sheet: every page that reads codes shows it.
A text that would make the code too long is cut, and then ends with * and a mark of the whole: never silently.
"""

import base64
import hashlib
from datetime import date
from typing import Final
from urllib.parse import quote

from lms.certificate.snapshot import Snapshot, key_id, number_line, public_key, sign

LIMIT: Final = 300
PREFIX: Final = b"sinau-psm/sertifikat/1\0"
KEY_DIGITS: Final = 8
MARK_BYTES: Final = 9
SHORTEST_PART: Final = 20
MOST_REVISIONS, MOST_JP = 999, 9_999


def encode(snapshot: Snapshot, private: bytes) -> str:
    """The signed text, at most LIMIT letters of ASCII; ValueError when the address alone leaves no room for it.

    The key is that of the day of printing: an old sheet printed after a rotation is signed by one that is still pinned.
    """
    key = short_id(public_key(private))
    parts = [f"{snapshot.check_url}#1", key, *_facts(snapshot, key)]
    signed = ";".join(parts)
    return f"{signed};{base64_of(sign(private, PREFIX + signed.encode('ascii')))}"


def fingerprint(snapshot: Snapshot) -> str:
    """The mark of what the code of a sheet says, whatever key signs it."""
    return mark(";".join([f"{snapshot.check_url}#1", *_facts(snapshot, "0" * KEY_DIGITS)]))


def _facts(snapshot: Snapshot, key: str) -> list[str]:
    if not (0 <= snapshot.revision <= MOST_REVISIONS and 0 <= snapshot.total_jp <= MOST_JP):
        raise ValueError("revision or hours are out of bounds")
    head = [f"{snapshot.issued_on:%Y%m%d}", str(snapshot.total_jp), str(snapshot.revision), str(int(snapshot.sample))]
    number = "" if snapshot.number is None else number_line(snapshot)
    room = LIMIT - len(";".join([f"{snapshot.check_url}#1", key, *head, "", "", "", "x" * 86]))
    activity = snapshot.activity if snapshot.is_learnt else f"{snapshot.role} pada {snapshot.activity}"
    return head + _fitted([number, snapshot.name, activity], room)


def _fitted(texts: list[str], room: int) -> list[str]:
    """The texts as they stand in the code; where they are too long the last is cut first."""
    parts = [_escaped(text) for text in texts]
    for place in range(len(texts) - 1, -1, -1):
        over = sum(map(len, parts)) - room
        if over > 0:
            parts[place] = _cut(texts[place], max(SHORTEST_PART, len(parts[place]) - over))
    if sum(map(len, parts)) > room:
        raise ValueError("the address leaves no room for the facts")
    return parts


def _cut(text: str, room: int) -> str:
    whole = _escaped(text)
    if len(whole) <= room:
        return whole
    ending = f"*{mark(text)}"
    kept = text
    while len(_escaped(kept)) > room - len(ending):
        kept = kept[:-1]
    return _escaped(kept) + ending


def _escaped(text: str) -> str:
    """Letters that a link keeps as they are; + is a space, whatever else is %XX."""
    return quote(text, safe="/:,()'").replace("%20", "+")


def short_id(public: bytes) -> str:
    """How a code names the key that signed it."""
    return key_id(public)[:KEY_DIGITS]


def mark(text: str) -> str:
    """12 letters that stand for a text and tell nothing of it."""
    return base64_of(hashlib.sha512(text.encode()).digest()[:MARK_BYTES])


def still_holds(signed_on: date, ended_on: date | None, leaked_on: date | None) -> bool:
    """Whether a key vouches for what it signed on this day: up to its last day, and before it was in other hands."""
    return (ended_on is None or signed_on <= ended_on) and (leaked_on is None or signed_on < leaked_on)


def base64_of(data: bytes) -> str:
    """The letters of an address that stand for these bytes."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

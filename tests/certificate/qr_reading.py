"""Reading of a sheet's QR as whoever checks it reads it: the site only writes codes, these tests judge them."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import unquote

from lms.certificate.qr import LIMIT, PREFIX, base64_of
from lms.certificate.snapshot import verify

Verdict = Literal["benar", "salah", "kunci"]

_CODE = re.compile(
    r"(?P<address>https?://[!-~]+/cek/(?P<token>[A-Za-z0-9_-]{20,32}))#1;(?P<key>[0-9a-f]{8});"
    r"(?P<day>[0-9]{8});(?P<jp>[0-9]{1,4});(?P<revision>[0-9]{1,3});(?P<sample>[01]);"
    r"(?P<number>[!-:<-~]*);(?P<name>[!-:<-~]*);(?P<activity>[!-:<-~]*);(?P<signature>[A-Za-z0-9_-]{86})"
)


@dataclass(frozen=True, slots=True)
class QrText:
    """A text of the sheet; `mark` is "" when it is whole, else that of the whole of which this is the beginning."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The contents of a code whose signature holds; `number` is as printed, "" for a sample."""

    token: str
    key: str
    issued_on: date
    total_jp: int
    revision: int
    sample: bool
    number: QrText
    name: QrText
    activity: QrText


def _part(escaped: str) -> QrText:
    text, _, ending = escaped.partition("*")
    return QrText(unquote(text.replace("+", " ")), ending)


def read(text: str, keys: Mapping[str, bytes]) -> tuple[Verdict, Facts | None]:
    """Whether a text is a code that one of the keys (short id -> public key) signed, and what it says.

    “kunci” when it has the form of one but names a key that is not there.
    """
    found = _CODE.fullmatch(text) if len(text) <= LIMIT and text.isascii() else None
    if found is None:
        return "salah", None
    public = keys.get(found["key"])
    if public is None:
        return "kunci", None
    signature = bytes_of(found["signature"])
    signed = text[: found.start("signature") - 1]
    if signature is None or not verify(public, PREFIX + signed.encode("ascii"), signature):
        return "salah", None
    return "benar", Facts(
        token=found["token"],
        key=found["key"],
        issued_on=date(int(found["day"][:4]), int(found["day"][4:6]), int(found["day"][6:])),
        total_jp=int(found["jp"]),
        revision=int(found["revision"]),
        sample=found["sample"] == "1",
        number=_part(found["number"]),
        name=_part(found["name"]),
        activity=_part(found["activity"]),
    )


def bytes_of(text: str) -> bytes | None:
    """The bytes of which this is the one way to write them, so that no letter can be changed unseen."""
    data = urlsafe_b64decode(text + "==")
    return data if base64_of(data) == text else None

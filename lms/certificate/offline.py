"""The page that checks a sheet without a network: one file with our keys, what was withdrawn, script and style within.

Its policy lets in just that script and that style, by the hash of the bytes that are sent, in the header and, for the
file that somebody saved, in the page.
"""

import hashlib
import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, false, func, or_, select

from lms.certificate.keys import public_keys
from lms.certificate.qr import fingerprint, mark, short_id, still_holds
from lms.certificate.queries import ENDING
from lms.certificate.snapshot import snapshot_of
from lms.db.engine import read
from lms.db.settings import ROOT
from lms.db.tables import Certificate, CertificateEvent, SigningKey, is_unsigned
from lms.web.cache import cached
from lms.web.dates import WIB, tanggal

FRAME = "frame-ancestors 'none'"  # A page can't say this of itself: in the header only.
LONGEST_AHEAD = timedelta(40)  # No sheet bears a day so far after the one on which it was signed.
STATES = {event: state for state, event in ENDING.items()} | {"awaiting": "menunggu"}


def page(address: str, present: bytes, day: date, *, camera: bool) -> tuple[bytes, str]:
    """(the page as of a day, with every key that ever signed and the one that signs now; the policy to send with it)"""
    keys = public_keys(present)
    newest = read(select(func.max(CertificateEvent.id))).scalar()
    known = ("luring", address, day, newest, camera, tuple(map(tuple, keys)))

    def made() -> tuple[tuple[bytes, str], int]:
        body, policy = _page(address, day, json.dumps(_data(keys, day)), camera=camera)
        return (body, policy), len(body)

    return cached(known, made)


def _data(keys: Sequence[Sequence[Any]], day: date) -> dict[str, Any]:
    return {
        "per": day.isoformat(),
        "kunci": [
            {
                "id": short_id(public),
                "umum": urlsafe_b64encode(public).decode().rstrip("="),
                "sampai": ended and ended.isoformat(),
                "bocor": leaked and leaked.isoformat(),
            }
            for _, public, ended, leaked in keys
        ],
        "akhir": _ended(),
        "terbit": _vouched_for(keys),
    }


def _ended() -> dict[str, tuple[str, str]]:
    """The mark of a token -> why its sheet does not hold, and since when; withdrawing is final, whatever follows."""
    rows = read(
        select(Certificate.token, CertificateEvent.kind, CertificateEvent.at)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(CertificateEvent.kind.in_(STATES), Certificate.sample.is_(False))
        .where(or_(CertificateEvent.kind != "awaiting", is_unsigned(Certificate.id)))
        .order_by(CertificateEvent.kind.desc(), CertificateEvent.id)
    )
    ended: dict[str, tuple[str, str]] = {}
    for token, kind, at in rows:
        ended.setdefault(mark(token), (STATES[kind], at.astimezone(WIB).date().isoformat()))
    return ended


def _vouched_for(keys: Sequence[Sequence[Any]]) -> list[str]:
    """The marks of what the register holds from before a leak, or of the last days of a key, which may be dated later.

    What somebody dates back who has the key is not among them.
    """
    leaks = [leaked for *_, leaked in keys if leaked]
    wanted = [Certificate.issued_at < _start(max(leaks))] if leaks else []
    wanted += [
        and_(Certificate.key_id == key, Certificate.issued_at >= _start(ended - LONGEST_AHEAD))
        for key, _, ended, _ in keys
        if ended
    ]
    signed = select(Certificate.payload, SigningKey.ended_on, SigningKey.leaked_on).join(SigningKey)
    rows = read(signed.where(Certificate.sample.is_(False), or_(false(), *wanted)))
    held = [sheet for payload, *key in rows if still_holds((sheet := snapshot_of(payload)).day_signed, *key)]
    return sorted(set(map(fingerprint, held)))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, WIB)


@cache
def _part(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _scripts(*, camera: bool) -> list[str]:
    names = [*(["jsqr/jsQR.js"] if camera else []), "tweetnacl/nacl.min.js", "luring.js"]
    return [_part(f"static/js/{name}") for name in names]


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy(*, camera: bool) -> str:
    scripts = " ".join(map(_hash, _scripts(camera=camera)))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(_part('static/css/luring.css'))}; base-uri 'none'"
    )


def _page(address: str, day: date, data: str, *, camera: bool) -> tuple[bytes, str]:
    """The parts put where they belong; the largest last, so that no part is looked through for places of others."""
    policy = _policy(camera=camera)
    texts = {"kebijakan": policy, "per": tanggal(day), "alamat": html.escape(address)}
    body = _part("templates/certificate/luring.html")
    for name, text in texts.items():
        body = body.replace(f"@{name}@", text)
    for name, with_camera in (("kecil", False), ("besar", True)):
        weight = len(body) + len(data) + sum(map(len, [_part("static/css/luring.css"), *_scripts(camera=with_camera)]))
        body = body.replace(f"@{name}@", str(weight // 1000 + 1))
    body = body.replace("@gaya@", _part("static/css/luring.css"))
    body = body.replace("@data@", data.replace("<", "\\u003c"))
    scripts = "\n".join(f"<script>{script}</script>" for script in _scripts(camera=camera))
    return body.replace("@skrip@", scripts).encode(), f"{policy}; form-action 'none'; {FRAME}"

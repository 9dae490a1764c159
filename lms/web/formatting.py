"""What templates say dates and numbers with."""

import hmac
from datetime import date, datetime

from flask import Flask, current_app

from lms.certificate.snapshot import number_line, signs_as
from lms.people.viewer import viewer
from lms.web import crockford
from lms.web.dates import WIB, desimal, hari_tanggal, in_words, rentang, tanggal, waktu


def _day(value: date | datetime) -> str:
    return tanggal(value.astimezone(WIB) if isinstance(value, datetime) else value)


def owner_mark() -> str:
    """What tells one person's unsent answers from another's on a shared phone; it says nothing about the person."""
    who = viewer()
    if who is None:
        return ""
    key, whose = current_app.config["CARD_KEY"], f"kotak:{who.person_id}"
    return hmac.digest(key, whose.encode(), "sha256").hex()[:16]


def init_formatting(app: Flask) -> None:
    """Filters by their Indonesian names."""
    app.jinja_env.filters.update(
        tanggal=_day,
        hari_tanggal=hari_tanggal,
        waktu=waktu,
        terbilang=in_words,
        berkelompok=crockford.grouped,
        desimal=desimal,
    )
    app.jinja_env.globals.update(rentang=rentang, number_line=number_line, owner_mark=owner_mark, signs_as=signs_as)

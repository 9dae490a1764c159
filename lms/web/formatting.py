"""Filters of the templates for dates and numbers."""

from datetime import date, datetime

from flask import Flask

from lms.web import crockford
from lms.web.dates import WIB, desimal, hari_tanggal, in_words, rentang, tanggal, waktu


def _day(value: date | datetime) -> str:
    return tanggal(value.astimezone(WIB) if isinstance(value, datetime) else value)


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
    app.jinja_env.globals.update(rentang=rentang)

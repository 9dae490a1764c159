"""Filters of the templates for dates and numbers."""

from datetime import date, datetime

from flask import Flask

from lms.web import crockford
from lms.web.dates import WIB, hari_tanggal, in_words, rentang, tanggal, waktu
from lms.web.rounding import desimal, nilai, persen, ringkas


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
        nilai=nilai,
        desimal=desimal,
        ringkas=ringkas,
        persen=persen,
    )
    app.jinja_env.globals.update(rentang=rentang)

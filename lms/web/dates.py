"""Dates, times and numerals as an Indonesian office writes them; nothing here reads a clock or a locale."""

import re
from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")

MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905 - reads better than twelve quoted words.
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")

YEARS = range(2000, 2100)
_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-](\d{1,2})[./-](\d{4}))", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})[.:](\d{2})", re.ASCII)


def tanggal(day: date) -> str:
    """7 Juni 2022"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def hari_tanggal(day: date) -> str:
    """Selasa, 9 Juni 2026"""
    return f"{DAYS[day.weekday()]}, {tanggal(day)}"


def rentang(start: date, end: date) -> str:
    """9 s.d. 11 Juni 2026; a month or year both days share is written once, a single day is a plain date."""
    if end < start:
        raise ValueError("a range of days ends before it starts")
    if start == end:
        return tanggal(end)
    if start.year != end.year:
        first = tanggal(start)
    elif start.month != end.month:
        first = f"{start.day} {MONTHS[start.month - 1]}"
    else:
        first = str(start.day)
    return f"{first} s.d. {tanggal(end)}"


def waktu(moment: datetime) -> str:
    """24 November 2026, 09.14 WIB; ValueError without a zone, for nobody could say which hour it is."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    local = moment.astimezone(WIB)
    return f"{tanggal(local)}, {local:%H.%M} WIB"


def lalu(moment: datetime, now: datetime) -> str:
    """How long ago: "baru saja", "5 menit lalu", "3 jam lalu", "12 hari lalu"."""
    minutes = int((now - moment).total_seconds()) // 60
    for size, unit in ((1440, "hari"), (60, "jam"), (1, "menit")):
        if minutes >= size:
            return f"{minutes // size} {unit} lalu"
    return "baru saja"


def in_words(number: int) -> str:
    """12 -> "dua belas"; from 0 to 999,999,999,999."""
    if not 0 <= number < 10**12:
        raise ValueError("only numbers from 0 to 999,999,999,999 are written in words")
    return _in_parts(number) or UNITS[0]


SIZES = (
    (10**9, "satu miliar", "miliar"),
    (10**6, "satu juta", "juta"),
    (1000, "seribu", "ribu"),
    (100, "seratus", "ratus"),
    (10, "", "puluh"),
)


def _in_parts(number: int) -> str:
    """Nought is the empty string, so that the parts of a larger number join without it."""
    if number < 10:
        return UNITS[number] if number else ""
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{UNITS[number - 10]} belas"
    for size, one, word in SIZES:
        if number >= size:
            count, rest = divmod(number, size)
            head = one if count == 1 else f"{_in_parts(count)} {word}"
            return f"{head} {_in_parts(rest)}".rstrip()
    raise AssertionError(number)


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _numbered(found: re.Match[str] | None) -> date | None:
    """The date in what stands as year, month, day or the other way round."""
    if not found:
        return None
    return _date(*found.group(1, 2, 3)) if found[1] else _date(*found.group(6, 5, 4))


def read_day(text: str) -> date | None:
    """A day of this century as a form's field or a hand writes it: 2026-12-07, 7/12/2026, 7.12.2026; else None."""
    day = _numbered(_DAY.fullmatch(text.strip()))
    return day if day and day.year in YEARS else None


def read_hour(text: str) -> time | None:
    """A time of day in Wonogiri, 07:30 or 7.30; else None."""
    found = _HOUR.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2])) if found else (24, 0)
    return time(hour, minute, tzinfo=WIB) if hour < 24 and minute < 60 else None


MONTH_NAMES = [month.casefold() for month in MONTHS]
DATE = re.compile(r"([0-9]{1,2}) ([a-z]{3,9}) ([0-9]{4})")
NUMBERS = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")


def read_any_date(text: str) -> date | None:
    """The date in 2026-10-12, "12 Oktober 2026", 12/10/2026 or 12-10-2026: what people type, and what browsers send."""
    match = NUMBERS.fullmatch(text.strip()[:20])
    return _numbered(match) if match else read_date(text)


def read_date(text: str) -> date | None:
    """The date in "24 November 2026"."""
    match = DATE.fullmatch(" ".join(text[:60].split()).strip("*_. ").casefold())
    if not match or match[2] not in MONTH_NAMES:
        return None
    return _date(match[3], MONTH_NAMES.index(match[2]) + 1, match[1])

"""What a trainer types about a bimtek: its plan, and one meeting of it, with every fault at once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms.people.names import one_line
from lms.web.dates import read_day, read_hour

LONGEST_TEXT = 2_000
MOST_PEOPLE = 100_000
MOST_JP = 20
_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Form:
    """`values` are columns -> what goes into them, for use only without faults: field -> what to do about it."""

    values: dict[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)


def read_details(form: Mapping[str, str]) -> Form:
    """The plan; whatever is empty is not said."""
    faults: dict[str, str] = {}
    quota, link = form.get("kuota", "").strip(), form.get("peta", "").strip()
    texts = {name: _lines(form.get(name, "")) for name in ("bawaan", "panitia")}
    basis = one_line(form.get("dasar", ""), 300)
    days = {name: form.get(name, "").strip() for name in ("daring_mulai", "daring_selesai")}
    read = {name: read_day(text) if text else None for name, text in days.items()}
    if quota and not (re.fullmatch(r"[1-9][0-9]{0,5}", quota, re.ASCII) and int(quota) <= MOST_PEOPLE):
        faults["kuota"] = "Tulis banyaknya orang dengan angka, misalnya 120, atau kosongkan."
    if link and not (len(link) <= 300 and _LINK.fullmatch(link) and link.isprintable()):
        faults["peta"] = "Tempel tautan peta yang dimulai dengan https://, atau kosongkan."
    faults |= {name: f"Tulis paling panjang {LONGEST_TEXT} huruf." for name, text in texts.items() if text is None}
    if basis is None:
        faults["dasar"] = "Tulis paling panjang 300 huruf."
    for name, text in days.items():
        if text and read[name] is None:
            faults[name] = "Tulis tanggalnya, misalnya 7/12/2026, atau kosongkan."
    first, last = read.values()
    if first and last and last < first:
        faults["daring_selesai"] = "Hari terakhir belajar daring tidak boleh sebelum hari pertamanya."
    if faults:
        return Form({}, faults)
    return Form(
        {
            "quota": int(quota) if quota else None,
            "online_from": first,
            "online_until": last,
            "map_link": link,
            "bring": texts["bawaan"],
            "basis": basis,
            "committee": texts["panitia"],
        }
    )


def _lines(text: str) -> str | None:
    """The lines that say something; None when they are too long or have signs that can't be seen."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = "\n".join(line for line in lines if line)
    return found if len(found) <= LONGEST_TEXT and all(line.isprintable() for line in lines) else None


def read_meeting(form: Mapping[str, str], modules: Collection[str]) -> Form:
    """A meeting on one day; what it is about is a materi of the course or has a subject of its own."""
    faults: dict[str, str] = {}
    day = read_day(form.get("tanggal", ""))
    start, end = (read_hour(form.get(name, "")) for name in ("mulai", "selesai"))
    module, jp = form.get("materi", ""), form.get("jp", "").strip() or "0"
    subject, speaker = one_line(form.get("judul", ""), 200), one_line(form.get("narasumber", ""), 160)
    if day is None:
        faults["tanggal"] = "Tulis tanggalnya, misalnya 7/12/2026."
    for name, hour in (("mulai", start), ("selesai", end)):
        if hour is None:
            faults[name] = "Tulis jamnya, misalnya 07.30."
    if start and end and end <= start:
        faults["selesai"] = "Jam selesai harus sesudah jam mulai, pada hari yang sama."
    if module and module not in modules:
        faults["materi"] = "Pilih materi dari daftar."
    if subject is None or not (subject or module):
        faults["judul"] = "Pilih materinya di atas, atau tulis judul acaranya, paling panjang 200 huruf."
    if speaker is None:
        faults["narasumber"] = "Tulis namanya, paling panjang 160 huruf."
    if not re.fullmatch(r"[0-9]{1,2}", jp, re.ASCII) or int(jp) > MOST_JP:
        faults["jp"] = f"Tulis angka 0 sampai {MOST_JP}, tanpa koma."
    if faults or not (day and start and end):
        return Form({}, faults)
    return Form(
        {
            "starts_at": datetime.combine(day, start),
            "ends_at": datetime.combine(day, end),
            "subject": subject or module[:200],
            "module": module,
            "speaker": speaker,
            "jp": int(jp),
        }
    )

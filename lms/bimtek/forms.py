"""Forms about a bimtek, every fault at once: plan and meetings by a trainer, action plans by participants.

Beside each action plan the form says which text its page showed (`tadi-…`), so that a page left open on one phone
changes only what was changed on it.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from lms.bimtek.queries import MOST_PLANS, WrittenPlan
from lms.course.privacy import fault_of_text
from lms.db.tables import ActionPlan
from lms.people.names import one_line
from lms.web.dates import read_day, read_hour

LONGEST_TEXT = 2_000
MOST_PEOPLE = 100_000
MOST_JP = 20
NO_DAY = "Tulis tanggalnya, misalnya 7/12/2026, atau kosongkan."
_LINK = re.compile(r"https?://[^\s<>\"']+")


Told = tuple[dict[str, Any], dict[str, str]]
"""Columns -> what goes into them, nothing while there are faults; field -> what to do about it."""


def read_details(form: Mapping[str, str]) -> Told:
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
            faults[name] = NO_DAY
    first, last = read.values()
    if first and last and last < first:
        faults["daring_selesai"] = "Hari terakhir belajar daring tidak boleh sebelum hari pertamanya."
    if faults:
        return {}, faults
    said = {"map_link": link, "bring": texts["bawaan"], "basis": basis, "committee": texts["panitia"]}
    return said | {"quota": int(quota) if quota else None, "online_from": first, "online_until": last}, {}


def _lines(text: str) -> str | None:
    """The lines that say something; None when they are too long or have signs that can't be seen."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = "\n".join(line for line in lines if line)
    return found if len(found) <= LONGEST_TEXT and all(line.isprintable() for line in lines) else None


def read_meeting(form: Mapping[str, str], modules: Collection[str]) -> Told:
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
        return {}, faults
    hours = {"starts_at": datetime.combine(day, start), "ends_at": datetime.combine(day, end)}
    return hours | {"subject": subject or module[:200], "module": module, "speaker": speaker, "jp": int(jp)}, {}


LONGEST = {"bila": 300, "maka": 300, "bersama": 120, "cerita": 1_000}
DONE = {"ya": "Ya, terlaksana", "sebagian": "Sebagian", "belum": "Belum"}
NUMBERS = range(1, MOST_PLANS + 1)


class Meant(NamedTuple):
    """One plan as it was typed."""

    occasion: str
    action: str
    due_on: date | None
    partner: str


def mark(plan: Meant | WrittenPlan | ActionPlan | None) -> str:
    """Which plan this is; another word of it, another mark. Nothing has one too."""
    return mark_of(plan.occasion, plan.action, str(plan.due_on or ""), plan.partner) if plan else mark_of("")


def mark_of(*words: str) -> str:
    """Which words these are."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


class PlanForm(NamedTuple):
    """Number -> plan; a number that is missing was left empty. `faults` is field of the form -> what to do about it.

    `shown` is number -> mark of the plan that the page showed there.
    """

    plans: Mapping[int, Meant]
    shown: Mapping[int, str]
    faults: Mapping[str, str]


def read_plans(form: Mapping[str, str]) -> PlanForm:
    """Check the fields bila, maka, kapan and bersama of each number."""
    plans: dict[int, Meant] = {}
    faults: dict[str, str] = {}
    for number in NUMBERS:
        typed = {name: _line(form, f"{name}-{number}") for name in ("bila", "maka", "kapan", "bersama")}
        if any(typed.values()):
            due_on = read_day(typed["kapan"])
            found = {
                "bila": _of(typed["bila"], LONGEST["bila"], "Tulis dulu kapan atau dalam keadaan apa."),
                "maka": _of(typed["maka"], LONGEST["maka"], "Tulis dulu apa yang akan Anda lakukan."),
                "kapan": NO_DAY if typed["kapan"] and not due_on else "",
                "bersama": fault_of_text(typed["bersama"], LONGEST["bersama"]),
            }
            faults |= {f"{name}-{number}": fault for name, fault in found.items() if fault}
            plans[number] = Meant(typed["bila"], typed["maka"], due_on, typed["bersama"])
    return PlanForm(plans, {number: form.get(f"tadi-{number}", "") for number in NUMBERS}, faults)


def _line(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())


def _of(text: str, longest: int, missing: str) -> str:
    return fault_of_text(text, longest) if text else missing


def read_news(
    form: Mapping[str, str], plans: Sequence[WrittenPlan]
) -> tuple[Mapping[int, tuple[str, str]], Mapping[str, str]]:
    """Id of a plan -> (ya, sebagian or belum; the story), and the faults, by the fields jadi and cerita of each.

    What was not answered or changed is left as it is.
    """
    news: dict[int, tuple[str, str]] = {}
    faults: dict[str, str] = {}
    said = False
    for plan in plans:
        done, story = form.get(f"jadi-{plan.id}", ""), _line(form, f"cerita-{plan.id}")
        if fault := fault_of_text(story, LONGEST["cerita"]):
            faults[f"cerita-{plan.id}"] = fault
        if done in DONE:
            said = True
            if mark_of(done, story) != form.get(f"tadi-kabar-{plan.id}"):
                news[plan.id] = (done, story)
        elif story:
            faults[f"jadi-{plan.id}"] = "Pilih dulu: ya, sebagian, atau belum."
    if not said and not faults:
        faults[""] = "Pilih dulu jawabannya, lalu kirim."
    return news, faults

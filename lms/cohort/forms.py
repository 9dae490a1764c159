"""Forms about cohorts: joining, a new cohort, which people of one to show; every fault at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.cohort.desk_queries import FILTERS, ORDERS, Wanted
from lms.course.load import EditionView
from lms.people.access import row_id
from lms.people.names import one_line
from lms.people.person import Typed, read_person
from lms.web.dates import read_day

LONGEST = 200
LONGEST_SEARCH = 60
MOST_DAYS = 366
FORM_ID = re.compile(r"[A-Za-z0-9_-]{16,32}")


@dataclass(frozen=True, slots=True)
class JoinForm(Typed):
    """The fields of somebody about to join, in a form that has an id."""

    form_id: str = ""


def read_join_form(form: Mapping[str, str]) -> JoinForm:
    """Check a sent join form."""
    typed, form_id = read_person(form), form.get("formulir", "")
    faults = dict(typed.faults)
    if not FORM_ID.fullmatch(form_id):
        faults["formulir"] = "Formulir ini rusak di jalan. Muat ulang halamannya, lalu isi lagi."
    return JoinForm(typed.name, region=typed.region, phone=typed.phone, faults=faults, form_id=form_id)


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A bimtek as somebody means to hold it."""

    course_id: int
    name: str
    starts_on: date
    ends_on: date
    place: str


def read_cohort_form(
    form: Mapping[str, str], courses: Mapping[int, EditionView]
) -> tuple[CohortPlan | None, dict[str, str]]:
    """A new cohort of one of these courses, None while there are faults: field -> what to do about it."""
    faults: dict[str, str] = {}
    course_id = next((key for key, edition in courses.items() if edition.slug == form.get("kursus")), None)
    if course_id is None:
        faults["kursus"] = "Pilih kursus dari daftar."
    name, place = (one_line(form.get(field, ""), LONGEST) for field in ("nama", "tempat"))
    if not name:
        faults["nama"] = f"Tulis nama angkatan, paling panjang {LONGEST} huruf."
    if place is None:
        faults["tempat"] = f"Tulis paling panjang {LONGEST} huruf."
    first, last = (read_day(form.get(field, "")) for field in ("mulai", "selesai"))
    for which, day in (("mulai", first), ("selesai", last)):
        if day is None:
            faults[which] = "Tulis tanggalnya, misalnya 7/12/2026."
    if first and last and not 0 <= (last - first).days <= MOST_DAYS:
        faults["selesai"] = "Hari terakhir tidak boleh sebelum hari pertama, atau lebih dari setahun sesudahnya."
    if faults or not (course_id and name and first and last):
        return None, faults
    return CohortPlan(course_id, name, first, last, place or ""), {}


def read_words(text: str) -> str:
    """Return the words that are looked for, on one line."""
    return " ".join(text.split())[:LONGEST_SEARCH]


def read_wanted(args: Mapping[str, str], words: str) -> Wanted:
    """Read what a list is asked for; anything unknown counts as not said. Who is stuck longest comes first."""
    only, order = args.get("saring", ""), args.get("urut", "")
    only, order = only if only in FILTERS else "", order if order in ORDERS else "lama" if only == "macet" else "nama"
    return Wanted(words, only, order, row_id(args.get("hal")))

"""What the report of a bimtek reckons for its tables; its words and their order stand in report/laporan.xml.

It is made of the event, of its figures as they were gathered, and of its people by their membership: figures hold no
name, so that who was erased since is not named by a report either.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lms.db.words import STATES
from lms.report.texts import ERASED, Figures, ReportedBimtek, ReportedPerson

NO_DISTRICT = "Belum diisi"
MARKS = {"hadir": "H", "terlambat": "T", "izin": "I", "tidak": "–"}


def reckoned(event: ReportedBimtek, figures: Figures, people: Mapping[int, ReportedPerson]) -> dict[str, Any]:
    """The values that the template needs beside the figures themselves."""
    mine = [people.get(each, ERASED) for each in figures["peserta"]]
    asked = event.course.certificate.attendance
    shares = {member: Fraction(share) for member, share in figures["hadir"]["persen"].items() if share is not None}
    return {
        "named": lambda member: people.get(member, ERASED),
        "mine": mine,
        "heads": _heads(mine),
        "districts": _districts(mine),
        "places": len({(each.district, each.village) for each in mine if each.village}),
        "noted": event.held and figures["hadir"]["dicatat"],
        "meetings": _meetings(event, figures["hadir"]["orang"].values()),
        "asked": asked,
        "shares": shares,
        "enough": sum(share >= (asked or 0) for share in shares.values()),
        "reached": _reached(figures["jangkauan"]),
        "marks": MARKS,
        "moved": moved,
        "owner": _owner(figures, people),
    }


def _heads(people: Sequence[ReportedPerson]) -> list[int]:
    """How many men, women, and people of whom neither is known, and how many in all."""
    men, women = (sum(each.sex == sex for each in people) for sex in "LP")
    return [men, women, len(people) - men - women, len(people)]


def _districts(people: Sequence[ReportedPerson]) -> list[list[Any]]:
    found: dict[str, list[ReportedPerson]] = {}
    for each in people:
        found.setdefault(each.district or NO_DISTRICT, []).append(each)
    return [[name, *_heads(theirs)] for name, theirs in found.items()]


def _meetings(event: ReportedBimtek, states: Any) -> list[tuple[Any, list[int]]]:
    """The meetings held, with how many were noted in each state and how many in none."""
    columns = [[row[at] for row in states] for at in range(len(event.held))]
    return [
        (each, [column.count(state) for state in (*STATES, "")])
        for each, column in zip(event.held, columns, strict=True)
    ]


def _reached(reached: Figures) -> dict[str, int]:
    """How many villages of the kecamatan that people came from have somebody trained by now."""
    return {state: sum(len(found[state]) for found in reached.values()) for state in ("sudah", "sedang", "belum")}


def moved(group: Figures) -> str:
    """How the mean went from one test to the other."""
    if group["awal"] == group["akhir"]:
        return f"tetap {group['awal']}"
    return f"{'turun' if group['turun'] else 'naik'} dari {group['awal']} menjadi {group['akhir']}"


def _owner(figures: Figures, people: Mapping[int, ReportedPerson]) -> Any:
    """Make what tells the name on a sheet, for as long as its owner has one."""

    def name(member: int, number: str) -> str:
        who = people.get(member, ERASED)
        return who.name if who is ERASED else str(figures["nama_lembar"].get(number, who.name))

    return name

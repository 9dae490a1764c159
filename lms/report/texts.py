"""A bimtek as its report knows it, and the sentences that are offered to whoever writes the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from lms.bimtek.attendance import MeetingFacts
from lms.course.outline import CourseRules
from lms.quiz.items import ENOUGH
from lms.report.forms import BIODATA, mark_of
from lms.web.dates import hari_tanggal, in_words, rentang

Figures = Mapping[str, Any]
"""Part of the gathering -> what it found; see `lms.report.figures`."""

ENOUGH_RIGHT = 0.7
"""Of a materi in the post-test; below it, more of it is suggested."""


@dataclass(frozen=True, slots=True)
class ReportedPerson:
    """A participant."""

    name: str
    sex: str
    village: str
    district: str
    position: str
    phone: str = ""


ERASED = ReportedPerson("(data sudah dihapus)", "", "", "", "")
"""Who took part and has no name any more."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A speaker or somebody of the committee; `role` is the word of `GROUPS`, `facts` are those of `BIODATA`."""

    name: str
    role: str
    position: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedBimtek:
    """The facts about a bimtek besides its figures.

    `plan` is the row of its cohort, `head` are the lines of the letterhead, `emblem` is the hash of its PNG.
    """

    plan: Any
    course: CourseRules
    sessions: Sequence[MeetingFacts]
    head: Sequence[str] = ()
    emblem: str = ""
    organiser: str = "Dinas Sosial"
    town: str = ""
    signer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def days(self) -> str:
        """Selasa, 9 Juni 2026, or 9 s.d. 11 Juni 2026; "" without days."""
        first, last = self.plan.starts_on, self.plan.ends_on or self.plan.starts_on
        if first is None:
            return ""
        return hari_tanggal(last) if last == first else rentang(first, last)

    @property
    def dates(self) -> list[date]:
        """Each day with a meeting, else the days that it begins and ends on; none where none is set."""
        ends = (each for each in (self.plan.starts_on, self.plan.ends_on) if each)
        return sorted({each.day for each in self.held} or set(ends))

    @property
    def held(self) -> list[MeetingFacts]:
        """The meetings that were not cancelled."""
        return [each for each in self.sessions if not each.cancelled_at]

    @property
    def hours(self) -> str:
        """12 (dua belas) JP: 5 JP daring dan 7 JP tatap muka."""
        online = sum(each.online_jp for each in self.course.modules)
        hall = sum(each.jp for each in self.held) or sum(each.hall_jp for each in self.course.modules)
        total = online + hall
        return f"{total} ({in_words(total)}) jam pelajaran (JP): {online} JP daring, {hall} JP tatap muka" * bool(total)


def officers(event: ReportedBimtek, crew: Iterable[Any], texts: Mapping[str, str]) -> list[Officer]:
    """Speakers, then the committee: those with an account, and those whom only the day or the plan names."""
    named = {
        role: {each.name: each.position for each in crew if each.role == role} for role in ("narasumber", "panitia")
    }
    for each in event.held:
        named["narasumber"].setdefault(each.speaker, "")
    for line in event.plan.committee.splitlines():
        position, _, name = line.rpartition(":")
        known = next((each for each in named["panitia"] if each in line), name.strip())
        named["panitia"][known] = position.strip() or named["panitia"].get(known, "")
    return [
        Officer(name, role, position, {each: texts.get(f"{each}-{mark_of(name)}", "") for each in BIODATA})
        for role, people in named.items()
        for name, position in people.items()
        if name
    ]


def drafts(event: ReportedBimtek, figures: Figures) -> dict[str, str]:
    """Key -> the sentences that are offered, from facts alone; "" where none say enough."""
    return {
        "dasar": f"- {event.plan.basis}" if event.plan.basis else "",
        "tujuan": _aims(event),
        "hambatan": "\n".join(_hindrances(event, figures)) or "Tidak ada hambatan yang tercatat selama kegiatan.",
        "saran": "\n".join(_suggestions(figures)),
        "penutup": f"Demikian laporan kegiatan {event.plan.name} ini dibuat sebagai pertanggungjawaban atas "
        "pelaksanaan kegiatan dan sebagai bahan untuk kegiatan berikutnya.",
    }


def _aims(event: ReportedBimtek) -> str:
    whom = event.course.audience or "peserta"
    lines = [f"Kegiatan ini dimaksudkan untuk membekali {whom} melalui {event.course.title}."]
    aims = [f"- {each.title}: {_small(each.goals[0])}." for each in event.course.modules if each.goals]
    return "\n".join([*lines, *(["Setelah mengikuti kegiatan, peserta diharapkan mampu:"] if aims else []), *aims])


def _small(text: str) -> str:
    """The aim within a sentence."""
    return text[:1].lower() + text[1:].rstrip(".")


def _hindrances(event: ReportedBimtek, figures: Figures) -> list[str]:
    found = []
    came, tests, asked = figures.get("hadir", {}), figures.get("tes", {}), event.course.certificate.attendance
    shares = [Fraction(share) for share in came.get("persen", {}).values() if share is not None]
    if asked is not None and (few := sum(share < asked for share in shares)):
        found.append(f"- Kehadiran {few} dari {len(shares)} peserta di bawah {asked}%.")
    if one := tests.get("hanya_awal", 0) + tests.get("hanya_akhir", 0):
        found.append(f"- {one} peserta mengikuti hanya salah satu dari kedua tes.")
    low = min(figures.get("survei", {}).get("penyelenggaraan", ()), key=lambda row: row[2], default=None)
    if low and low[2] < 3:
        found.append(f"- Dalam survei, nilai terendah penyelenggaraan adalah “{low[0]}” ({low[1]} dari 4).")
    return found


def _suggestions(figures: Figures) -> list[str]:
    tests, found = figures.get("tes", {}), []
    after = tests.get("akhir")
    low = min(after["materi"], key=lambda row: row[2], default=None) if after and after["n"] >= ENOUGH else None
    if low and low[2] < ENOUGH_RIGHT:
        found.append(f"- Materi {low[0]} diperdalam lagi; pada tes akhir baru {low[1]}% jawabannya benar.")
    if after and (rest := after["n"] - tests["lulus"]):
        found.append(f"- {rest} peserta yang belum lulus tes akhir didampingi sampai lulus.")
    if figures.get("rtl", {}).get("rencana"):
        found.append("- Pelaksanaan rencana tindak lanjut peserta dipantau setelah tiga puluh hari.")
    return found or ["- Kegiatan serupa dilanjutkan untuk desa dan kelurahan yang belum terjangkau."]

"""Everybody of a cohort as a spreadsheet that opens right in an office program."""

import json
from collections.abc import Iterable
from datetime import datetime

from lms.cohort.desk_queries import Line
from lms.course.load import EditionView
from lms.learn.completion import Completion
from lms.paper.child import run
from lms.people.access import CohortFacts
from lms.web.dates import WIB, waktu

DATED = (5, 6)
"""The columns of the first sheet that hold moments."""
LACKS = {"pelajaran": "pelajaran", "kuis": "kuis", "tes_akhir": "tes akhir", "kehadiran": "kehadiran"}
SECONDS = 60
MEGABYTES = 400


def workbook(held: CohortFacts, edition: EditionView, lines: Iterable[Line], now: datetime) -> bytes:
    """Two sheets: everybody with their progress, and their best score in each quiz.

    Ten thousand people are more than a serving process should hold at once, so a child writes them.
    """
    people: list[list[object]] = []
    scores: list[list[object]] = []
    for number, line in enumerate(lines, start=1):
        people.append(_person(number, line))
        scores.append(_bests(number, line, edition))
    title = f"{held.name} ({edition.course.title}), {waktu(now)}"
    quizzes = [*QUIZ_HEADING, *_quiz_titles(edition)]
    told = {
        "title": held.name,
        "made": now.replace(tzinfo=None),
        "sheets": [
            {"name": "Peserta", "title": title, "heading": _heading(edition), "dated": DATED, "rows": people},
            {"name": "Nilai kuis", "title": title, "heading": quizzes, "dated": (), "rows": scores},
        ],
    }
    payload = json.dumps(told, default=datetime.isoformat).encode()
    return run("workbook", payload, seconds=SECONDS, megabytes=MEGABYTES)


def _wall(moment: datetime) -> datetime:
    """A moment as a clock in Wonogiri shows it, which is what a spreadsheet knows."""
    return moment.astimezone(WIB).replace(tzinfo=None)


QUIZ_HEADING = [("No.", 5), ("Nama", 28), ("Desa atau kelurahan", 22)]


def _heading(edition: EditionView) -> list[tuple[str, int]]:
    modules = [
        (f"{number}. {module.title} (dari {len(module.lessons)})", 13)
        for number, module in enumerate(edition.modules, start=1)
    ]
    return [
        *QUIZ_HEADING,
        ("Kecamatan", 16),
        ("Nomor HP", 16),
        ("Ikut sejak (WIB)", 17),
        ("Terakhir aktif (WIB)", 17),
        ("Keadaan", 16),
        (f"Pelajaran selesai (dari {len(edition.order)})", 11),
        *modules,
        (f"Kuis lulus (dari {len(edition.quizzes)})", 9),
        ("Tes awal", 8),
        ("Tes akhir terbaik", 9),
        ("Yang kurang untuk sertifikat", 34),
    ]


def _person(number: int, line: Line) -> list[object]:
    who, exams = line.who, line.progress.exams
    village = who.village
    best = exams.best if exams else None
    return [
        number,
        who.name,
        village.name if village else "",
        village.district if village else "",
        who.phone,
        _wall(who.joined_at),
        _wall(who.since) if who.begun else "",
        state(line),
        sum(module.done for module in line.modules),
        *(module.done for module in line.modules),
        line.passed,
        exams.pretest.score if exams and exams.pretest else "",
        best.score if best else "",
        _lacks(line.completion),
    ]


def state(line: Line) -> str:
    """Where somebody is on the way to the certificate."""
    if line.who.certified:
        return "Sertifikat terbit"
    if line.ready:
        return "Siap sertifikat"
    return "Sedang belajar" if line.who.begun else "Belum mulai"


def _lacks(completion: Completion) -> str:
    counted = [(len(part.missing), LACKS.get(part.kind, part.kind)) for part in completion.missing]
    return ", ".join(f"{count} {word}" if count else word for count, word in counted)


def _quiz_titles(edition: EditionView) -> list[tuple[str, int]]:
    return [(edition.lessons[identity].title, 12) for identity in edition.quizzes]


def _bests(number: int, line: Line, edition: EditionView) -> list[object]:
    village = line.who.village
    bests = [line.progress.standing(identity).best for identity in edition.quizzes]
    return [number, line.who.name, village.name if village else "", *bests]

"""Files and messages that leave the desk: a cohort as a spreadsheet, words to the stuck and the invited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app

from lms.cohort.desk_queries import Learner
from lms.course.load import EditionView
from lms.learn.completion import Completion
from lms.learn.queries import next_step
from lms.paper.printing import workbook
from lms.people.access import CohortFacts, Training
from lms.people.messages import OutgoingMessage, written
from lms.web.dates import WIB, waktu

DATED = (5, 6)
"""The columns of the first sheet that hold moments."""
LACKS = {"pelajaran": "pelajaran", "kuis": "kuis", "tes_akhir": "tes akhir", "kehadiran": "kehadiran"}


def people_workbook(held: CohortFacts, edition: EditionView, lines: Iterable[Learner], now: datetime) -> bytes:
    """Two sheets: everybody with their progress, and their best score in each quiz."""
    people: list[list[object]] = []
    scores: list[list[object]] = []
    for number, line in enumerate(lines, start=1):
        village = line.who.village
        who = [number, line.who.name, village.name if village else ""]
        people.append([*who, village.district if village else "", *_standing(line)])
        scores.append([*who, *(line.progress.standing(identity).best for identity in edition.quizzes)])
    title = f"{held.name} ({edition.course.title}), {waktu(now)}"
    quizzes = [*QUIZ_HEADING, *((edition.lessons[identity].title, 12) for identity in edition.quizzes)]
    sheets: list[dict[str, Any]] = [
        {"name": "Peserta", "title": title, "heading": _heading(edition), "dated": DATED, "rows": people},
        {"name": "Nilai kuis", "title": title, "heading": quizzes, "rows": scores},
    ]
    return workbook(held.name, now, sheets)


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


def _standing(line: Learner) -> list[object]:
    who, exams = line.who, line.progress.exams
    best = exams.best if exams else None
    return [
        who.phone,
        _wall(who.joined_at),
        _wall(who.since) if who.begun else "",
        state(line),
        line.done,
        *(module.done for module in line.modules),
        line.passed,
        exams.pretest.score if exams and exams.pretest else "",
        best.score if best else "",
        _lacks(line.completion),
    ]


def state(line: Learner) -> str:
    """Name how far somebody is on the way to the certificate."""
    if line.who.certified:
        return "Sertifikat terbit"
    if line.ready:
        return "Siap sertifikat"
    return "Sedang belajar" if line.who.begun else "Belum mulai"


def _lacks(completion: Completion) -> str:
    counted = [(len(part.missing), LACKS.get(part.kind, part.kind)) for part in completion.missing]
    return ", ".join(f"{count} {word}" if count else word for count, word in counted)


def nudge(held: Training, edition: EditionView, line: Learner) -> OutgoingMessage:
    """For somebody who has stopped: what they did, and their next step."""
    step, course = next_step(edition, line.progress), _named(held, edition)
    told = {"line": line, "edition": edition, "step": step, "course": course}
    return written("cohort/pesan_macet.txt", line.who.phone, held=held, **told)


def _named(held: CohortFacts, edition: EditionView) -> str:
    """The cohort with its course, which many a cohort is called after."""
    title = edition.course.title
    return held.name if title.casefold() in held.name.casefold() else f"{held.name} ({title})"


def invitation(held: CohortFacts) -> OutgoingMessage:
    """The link to a cohort, for whomever its trainer chooses."""
    return OutgoingMessage(
        f"Salam hormat, Bapak/Ibu. Mari ikut {held.name}. Daftarnya di sini:\n"
        f"{current_app.config['PUBLIC_URL']}/ikut/{held.code}"
    )


def group_message(held: CohortFacts, edition: EditionView) -> OutgoingMessage:
    """For a whole group: nobody is named."""
    return written("cohort/pesan_grup.txt", held=held, course=_named(held, edition))

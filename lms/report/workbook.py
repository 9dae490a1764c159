"""Everything of a cohort as one workbook, for whoever goes on reckoning; a child process writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from lms.bimtek.queries import meetings, roll, summary
from lms.cohort.desk_queries import Learner, lines
from lms.course.grading import score_of
from lms.course.load import edition_view
from lms.db.words import STATES
from lms.paper.printing import workbook
from lms.people.access import CohortFacts
from lms.quiz.exam_cohort_queries import Sat, sat_in
from lms.quiz.items import Sitting
from lms.quiz.queries import TEST_TITLES
from lms.quiz.sheet import answer_in_words, show
from lms.report import queries
from lms.report.figures import question_words
from lms.report.texts import ReportedPerson
from lms.web.dates import WIB, tanggal, waktu
from lms.web.rounding import rounded, score

Heading = Sequence[tuple[str, int]]
Rows = list[list[Any]]
DATED = {"Kemajuan": (3, 4)}
"""Sheet -> its columns that hold moments."""
WHO: Heading = [("No.", 5), ("Nama", 28), ("Desa atau kelurahan", 22)]


def everything(held: CohortFacts, now: datetime) -> bytes:
    """People with their phones, progress, attendance, quizzes, tests, and of the survey what anybody may be told."""
    people, sat = queries.people(held.cohort_id), sat_in(held)
    sheets: dict[str, tuple[Heading, Rows]] = {
        "Peserta": _people(people),
        "Kemajuan": _progress(held, people),
        "Kehadiran": _attendance(held, people),
        "Nilai tes": _scores(sat, people),
        "Jawaban tes": _answers(sat, people),
        **_survey(held, now),
    }
    title = f"{held.name}, {waktu(now)}"
    told = [
        {"name": name, "title": title, "heading": heading, "rows": rows, "dated": DATED.get(name, ())}
        for name, (heading, rows) in sheets.items()
    ]
    return workbook(held.name, now.astimezone(WIB), told)


def _people(people: Mapping[int, ReportedPerson]) -> tuple[Heading, Rows]:
    heading = [("Kecamatan", 18), ("L/P", 6), ("Jabatan", 22), ("Nomor HP", 18)]
    told = {member: [who.district, who.sex, who.position, who.phone] for member, who in people.items()}
    return _of_people(people, heading, told)


def _of_people(
    people: Mapping[int, ReportedPerson], heading: Heading, told: Mapping[int, Sequence[Any]]
) -> tuple[Heading, Rows]:
    """A line for each of the people of whom something is told, by their membership."""
    named = ((who, told[member]) for member, who in people.items() if member in told)
    return [*WHO, *heading], [[at, who.name, who.village, *row] for at, (who, row) in enumerate(named, start=1)]


def _progress(held: CohortFacts, people: Mapping[int, ReportedPerson]) -> tuple[Heading, Rows]:
    """How far everybody is, with their best score in each quiz at the end."""
    edition, told = edition_view(held.edition_id, held.slug), {}
    for line in lines(held):
        days = (line.who.joined_at, line.who.since if line.who.begun else None)
        since = [day and day.astimezone(WIB).replace(tzinfo=None) for day in days]
        done = [line.done, *(module.done for module in line.modules), line.passed]
        found = [line.progress.standing(identity) for identity in edition.quizzes]
        bests = [_score(each.best, 0 if each.passed else edition.course.quiz.pass_mark) for each in found]
        told[line.who.membership_id] = [*since, _stage(line), *done, _lacks(line), *bests]
    modules = [(f"{at}. {each.title} (dari {len(each.lessons)})", 13) for at, each in enumerate(edition.modules, 1)]
    heading = [
        *(("Ikut sejak (WIB)", 17), ("Terakhir aktif (WIB)", 17), ("Keadaan", 16)),
        *((f"Pelajaran selesai (dari {len(edition.order)})", 11), *modules),
        *((f"Kuis lulus (dari {len(edition.quizzes)})", 9), ("Yang kurang untuk sertifikat", 34)),
        *((f"Kuis: {edition.lessons[identity].title}", 12) for identity in edition.quizzes),
    ]
    return _of_people(people, heading, told)


def _stage(line: Learner) -> str:
    if line.who.certified:
        return "Sertifikat terbit"
    if line.ready:
        return "Siap sertifikat"
    return "Sedang belajar" if line.who.begun else "Belum mulai"


def _lacks(line: Learner) -> str:
    told = ((len(part.missing), part.kind.replace("_", " ")) for part in line.completion.missing)
    return ", ".join(f"{count} {word}" if count else word for count, word in told)


def _score(exact: Fraction | None, mark: int) -> float | None:
    return None if exact is None else float(score(exact, mark))


def _cell(exact: Fraction | None, places: int) -> float | None:
    return None if exact is None else float(rounded(exact, places))


def _attendance(held: CohortFacts, people: Mapping[int, ReportedPerson]) -> tuple[Heading, Rows]:
    seen = roll(held.cohort_id)
    planned = (each for each in meetings(held.cohort_id) if each.id in seen.meetings)
    named = [(f"{tanggal(each.day)}, {each.hours}: {each.subject}", 20) for each in planned]
    told = {
        member: [*(STATES.get(each, "") for each in states), _cell(seen.shares[member], 1)]
        for member, states in seen.states.items()
    }
    return _of_people(people, [*named, ("Kehadiran (%)", 12)], told)


def _scores(sat: Sat, people: Mapping[int, ReportedPerson]) -> tuple[Heading, Rows]:
    held = {name: {each.who: each for each in sat.sittings[name] if each.replies} for name in TEST_TITLES}
    pairs = sat.report.pairs
    told = {}
    for member in people:
        gain = pairs[member].gain if member in pairs else None
        told[member] = [*(part for name in TEST_TITLES for part in _sat(held[name].get(member))), _cell(gain, 2)]
    columns = [(f"{test}: {what}", 10) for test in TEST_TITLES.values() for what in ("benar", "dari", "nilai")]
    return _of_people(people, [*columns, ("Gain", 10)], told)


def _sat(sitting: Sitting | None) -> list[float | None]:
    if sitting is None:
        return [None, None, None]
    asked = len(sitting.replies)
    return [sitting.right, asked, _score(score_of(sitting.right, asked), sitting.mark)]


def _answers(sat: Sat, people: Mapping[int, ReportedPerson]) -> tuple[Heading, Rows]:
    heading = [("Tes", 10), ("Nama", 28), ("No.", 5), ("Materi", 26), ("Soal", 60), ("Jawaban", 40), ("Benar", 8)]
    shown = {
        key: show(asked.question, asked.path, asked.edition, "soal", tuple(asked.question.items))
        for key, asked in sat.asked.items()
    }
    texts = {key: question_words(asked) for key, asked in sat.asked.items()}
    rows: Rows = []
    for test, sitting in ((title, each) for name, title in TEST_TITLES.items() for each in sat.sittings[name]):
        who = people.get(sitting.who)
        for at, reply in enumerate(sitting.replies if who else (), start=1):
            given = replace(shown[reply.hash], value=reply.value)
            said = "; ".join(words.striptags() for words in answer_in_words(given))
            right = "Ya" if reply.right else "Tidak"
            rows.append([test, who and who.name, at, reply.subject, texts[reply.hash], said, right])
    return heading, rows


def _survey(held: CohortFacts, now: datetime) -> dict[str, tuple[Heading, Rows]]:
    found = summary(held.cohort_id, now)
    means: Rows = [
        [each.part.title, told.question, _cell(told.mean, 2), told.count]
        for each in (found.parts if found else ())
        for told in each.questions
        if told.mean is not None
    ]
    written = [[question, text] for question, said in (found.written.items() if found else ()) for text in said or ()]
    return {
        "Survei": ([("Bagian", 34), ("Pertanyaan", 44), ("Rata-rata (1–4)", 12), ("Banyak jawaban", 12)], means),
        "Tulisan survei": ([("Pertanyaan", 34), ("Tulisan, menurut abjad", 90)], written),
    }

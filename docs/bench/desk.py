"""The trainer's desk over a cohort of ten thousand people who read, tried quizzes and wrote notes; and its cards."""

import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sitting import SLUG, Learners
from sqlalchemy import insert

from lms.cohort import actions as cohorts
from lms.cohort.desk_queries import TAKES_PART, everyone
from lms.cohort.forms import CohortPlan
from lms.course.drawing import Sheet
from lms.course.load import EditionView, edition_view
from lms.db.engine import db, writer, writing
from lms.db.tables import (
    Answer,
    Attempt,
    Attendance,
    Cohort,
    Course,
    Enrolment,
    Grading,
    Meeting,
    Membership,
    Period,
    Person,
    Reading,
    ReflectionReply,
    SurveyTicket,
)
from lms.people import actions as accounts
from lms.people.access import CohortFacts, cohort_facts
from lms.people.regions import villages
from lms.quiz.actions import draw
from lms.web.clock import now

PEOPLE, CARDS, QUIZZES, ANSWERS, MEETINGS, ROUNDS = 10_000, 1_000, 6, 6, 4, 5
AT_ONCE = 500

VILLAGES = tuple(villages())
SYLLABLES = [
    "wa",
    "ti",
    "ni",
    "su",
    "gi",
    "ya",
    "ro",
    "mi",
    "ka",
    "di",
    "la",
    "mu",
    "sa",
    "ri",
    "no",
    "jo",
    "pa",
    "ku",
    "nu",
    "to",
]

Rows = dict[type[Any], list[dict[str, Any]]]


def name_of(number: int) -> str:
    """A name of two words that no other number below 160,000 has."""
    parts = []
    for _ in range(4):
        number, part = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[part])
    return f"{''.join(parts[:2])}yem {''.join(parts[2:])}ningsih".title()


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        with site.app.app_context():
            trainer, many = open_cohort(site, "Bimtek besar")
            fill(many, PEOPLE)
            some = open_cohort(site, "Bimtek seribu", trainer)[1]
            fill(some, CARDS)
            attend(many)
            held = cohort_facts(many)
            print(f"{PEOPLE} people gathered and weighed in {weighing_ms(held):.0f} ms of the processor")
            codes = {each: db.session.get_one(Cohort, each).code for each in (many, some)}
            with writing():
                device = accounts.add_device(trainer, "uji", now()).id
            db.session.remove()
        client = site.app.test_client(use_cookies=False)
        headers = {"Cookie": site.cookie(device)}
        base = f"/pelatih/{codes[many]}"
        for path in pages(base):
            print(f"{path:40} {cpu_ms(client, path, headers):6.0f} ms of the processor")
        cards(client, f"/pelatih/{codes[some]}/kartu.pdf", headers)


def pages(base: str) -> list[str]:
    """What a trainer opens."""
    return [
        "/pelatih",
        base,
        f"{base}?saring=siap",
        f"{base}?urut=kemajuan&hal=100",
        f"{base}?saring=macet",
        f"{base}/kotak?bagian=catatan",
    ]


def weighing_ms(held: CohortFacts) -> float:
    """The middle of some rounds of gathering what everybody did and weighing what is missing."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        assert len(everyone([held], TAKES_PART)) == PEOPLE
        times.append(1000 * (time.process_time() - begun))
    return sorted(times[1:])[ROUNDS // 2]


def cpu_ms(client: FlaskClient, path: str, headers: dict[str, str]) -> float:
    """The middle of some rounds, after one that fills what is kept."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        answer = client.get(path, headers=headers, base_url="http://127.0.0.1")
        times.append(1000 * (time.process_time() - begun))
        assert answer.status_code == 200, path
    return sorted(times[1:])[ROUNDS // 2]


def cards(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    """A thousand cards: what the serving process spends on them, and how much larger it was at most."""
    before, begun, wall = peak(), time.process_time(), time.perf_counter()
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(path, headers=headers, base_url="http://127.0.0.1")
    assert answer.status_code == 200, answer.status_code
    spent, took = time.process_time() - begun, time.perf_counter() - wall
    print(
        f"{CARDS} cards, {len(answer.data) // 1024} KB: {spent:.1f} s of the serving process, {took:.1f} s in all, ",
        end="",
    )
    print(f"its peak of memory grew by {peak() - before:.0f} MB")


def peak() -> float:
    """The most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def open_cohort(site: Learners, name: str, trainer: int = 0) -> tuple[int, int]:
    """A trainer and the id of a running bimtek of theirs."""
    moment = now()
    with writing():
        if not trainer:
            trainer = accounts.add_staff("Retno Wulandari", "retno", "x", moment).id
        course = db.session.query(Course).filter_by(slug=SLUG).one()
        plan = CohortPlan(course.id, name, date(2026, 1, 1), date(2027, 1, 1), "Pendopo")
        code = cohorts.open_by(trainer, plan, moment)
        return trainer, db.session.query(Cohort.id).filter_by(code=code).scalar()


def fill(cohort_id: int, count: int) -> None:
    """So many people with their histories."""
    cohort = db.session.get_one(Cohort, cohort_id)
    edition = edition_view(cohort.edition_id or 0, SLUG)
    quizzes = [
        (lesson.identity, [n for _, n in lesson.written]) for lesson in edition.lessons.values() if lesson.has_quiz
    ]
    sheets = {quiz: draw(edition, quiz) for quiz, _ in quizzes[:QUIZZES]}
    written = {quiz: numbers for quiz, numbers in quizzes if quiz in sheets}
    first = (db.session.query(db.func.max(Person.id)).scalar() or 0) + 1
    course_id = cohort.course_id
    db.session.rollback()
    for start in range(first, first + count, AT_ONCE):
        rows: Rows = {}
        for person_id in range(start, min(start + AT_ONCE, first + count)):
            for table, row in history(person_id, cohort_id, course_id, edition, sheets, written):
                rows.setdefault(table, []).append(row)
        with writing():
            for table in (Person, Enrolment, Membership, Reading, Attempt, Answer, Grading, ReflectionReply):
                if found := rows.get(table):
                    writer().execute(insert(table), found)


def attend(cohort_id: int) -> None:
    """Some meetings to which most of those who did anything came, and a survey that they sent."""
    moment = now()
    with writing():
        for number in range(MEETINGS):
            hours = {"starts_at": moment + timedelta(hours=number), "ends_at": moment + timedelta(hours=number + 1)}
            db.session.add(Meeting(cohort_id=cohort_id, subject=f"Sesi {number}", **hours))
        db.session.add(Period(cohort_id=cohort_id, what="survei", opens_at=moment))
    parts = db.session.query(Membership.id, Membership.person_id).filter_by(cohort_id=cohort_id, role="peserta").all()
    meetings = [row[0] for row in db.session.query(Meeting.id).filter_by(cohort_id=cohort_id)]
    db.session.rollback()
    came = [part for part, person_id in parts if person_id % 3]
    rows = [
        {"meeting_id": meeting, "membership_id": part, "mark": f"{meeting}-{part}", "state": "hadir", "way": "daftar"}
        for meeting in meetings
        for part in came
    ]
    with writing():
        writer().execute(insert(Attendance), [row | {"noted_at": moment, "reason": ""} for row in rows])
        writer().execute(insert(SurveyTicket), [{"membership_id": part} for part in came])


def history(
    person_id: int,
    cohort_id: int,
    course_id: int,
    edition: EditionView,
    sheets: dict[str, Sheet],
    written: dict[str, list[int]],
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """The rows of one person: a third did nothing, a third half of it, a third all."""
    at, eager = now() - timedelta(days=person_id % 20), person_id % 3 / 2
    enrolment_id = person_id + 1_000_000
    yield (
        Person,
        {
            "id": person_id,
            "name": name_of(person_id),
            "region": VILLAGES[person_id % len(VILLAGES)],
            "created_at": at,
            "card_since": at,
        },
    )
    yield Enrolment, {"id": enrolment_id, "person_id": person_id, "course_id": course_id, "created_at": at}
    yield Membership, {"person_id": person_id, "cohort_id": cohort_id, "role": "peserta", "joined_at": at}
    for lesson in edition.order[: round(eager * len(edition.order))]:
        yield Reading, {"enrolment_id": enrolment_id, "lesson": lesson, "edition_id": edition.id, "at": at}
    for place, (quiz, sheet) in enumerate(list(sheets.items())[: round(eager * len(sheets))]):
        attempt = f"uji-{person_id}-{place}"
        yield (
            Attempt,
            {
                "id": attempt,
                "enrolment_id": enrolment_id,
                "edition_id": edition.id,
                "quiz": quiz,
                "ordinal": 1,
                "sheet": sheet.to_json(),
                "opened_at": at,
                "submitted_at": at,
            },
        )
        for number in {*range(1, ANSWERS), *written[quiz]}:
            words = ["Saya akan mendatangi keluarganya."] if number in written[quiz] else ["x"]
            yield (
                Answer,
                {
                    "attempt_id": attempt,
                    "client_id": str(number),
                    "number": number,
                    "value": words,
                    "counter": number,
                    "at": at,
                },
            )
        yield (
            Grading,
            {
                "attempt_id": attempt,
                "right": 4,
                "asked": 5,
                "passed": True,
                "outcomes": [True] * len(sheet.items),
                "reason": "kirim",
                "at": at,
            },
        )
        if person_id % 2 and written[quiz]:
            yield (
                ReflectionReply,
                {"attempt_id": attempt, "number": written[quiz][0], "text": "Bagus.", "by_id": 1, "at": at},
            )


if __name__ == "__main__":
    main()

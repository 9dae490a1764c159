"""The scenes of the demonstration: who comes, the days of a bimtek, and what trainers wrote. Nobody of it exists."""

import json
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms.bimtek import actions as events
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import Meant, PlanForm
from lms.bimtek.queries import meetings, speakers
from lms.bimtek.survey import WRITTEN_FIELDS, Answers, parts_for
from lms.course import actions as content
from lms.course.load import EditionView
from lms.course.outline import file_of
from lms.course.queries import blobs
from lms.db.engine import db
from lms.db.tables import Attempt, CourseEditor, Membership, Person, ReflectionReply, is_participant
from lms.learn import actions as inquiries
from lms.people.actions import random_id
from lms.people.regions import Village, villages
from lms.quiz import actions as quizzes
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.window import Window
from lms.roster import actions as roster
from lms.roster.people import judge
from lms.web.dates import WIB

SEED = 3312
DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("demo.toml").read_text(encoding="utf-8"))
FIRST, LAST, STAGES = DATA["first"], DATA["last"], DATA["stages"]


@dataclass(frozen=True, slots=True)
class Extra:
    """A person of the demonstration before they exist."""

    name: str
    village: Village
    stage: str
    days: float


def extras() -> list[Extra]:
    """Who takes part: always the same people, the longest learning ones first."""
    rng = random.Random(SEED)
    names = [f"{first} {last}" for first, last in zip(FIRST.split(), cycle(LAST.split()), strict=False)]
    rng.shuffle(names)
    places = [village for village in villages().values() if village.district in DATA["districts"]]
    stages = [stage for stage, amount in STAGES.items() for _ in range(amount)]
    started = {"baru ikut": (0.1, 3.0), "separuh jalan": (3.0, 12.0), "pernah belum lulus": (8.0, 20.0)}
    found = [
        Extra(name, rng.choice(places), stage, rng.uniform(*started.get(stage, (14.0, 40.0))))
        for name, stage in zip(names, stages, strict=True)
    ]
    return sorted(_with_a_double(found), key=lambda extra: -extra.days)


def _with_a_double(people: list[Extra]) -> list[Extra]:
    """The second one is somebody who lost the card and joined again, in capital letters: the desk finds the two."""
    before = next(extra for extra in people if extra.stage == "separuh jalan")
    again = replace(people[1], name=before.name.upper(), village=before.village)
    return [people[0], again, *people[2:]]


def members(cohort_id: int, moment: datetime) -> list[tuple[int, int]]:
    """(membership, person) of the participants who had joined by then."""
    rows = db.session.execute(
        select(Membership.id, Membership.person_id)
        .where(Membership.cohort_id == cohort_id, is_participant(Membership), Membership.joined_at < moment)
        .order_by(Membership.id)
    )
    return [(row[0], row[1]) for row in rows]


def plan(cohort_id: int, edition: EditionView, day: date, by: int, now: datetime) -> list[MeetingFacts]:
    """What the bimtek is, and its meetings on one day."""
    events.keep_details(cohort_id, DATA["details"], by, now)
    modules = [module.title for module in edition.course.modules]
    for start, end, number, subject, speaker, jp in DATA["day"]:
        module = "" if number == "" else modules[min(number, len(modules) - 1)]
        hours = {"starts_at": _at(day, start), "ends_at": _at(day, end)}
        told = {"subject": subject or module, "module": module, "speaker": speaker, "jp": jp}
        events.keep_meeting(cohort_id, None, hours | told)
    db.session.flush()
    return meetings(cohort_id)


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour.replace(".", ":")), WIB)


def attend(held: Sequence[MeetingFacts], people: Sequence[int], by: int, now: datetime) -> None:
    """Most came to what has begun, some of them late; one was excused, and one did not come."""
    rng = random.Random(held[0].cohort_id)
    *rest, excused, absent = people
    for meeting in held:
        if meeting.starts_at + timedelta(minutes=30) > now:
            continue
        for number, member in enumerate(rest):
            moment = meeting.starts_at + timedelta(minutes=rng.choice((-20, -12, -8, -3, 4, 9, 22)))
            way = "kartu" if number % 4 == 3 else "kode"
            events.come(meeting, member, way, moment, random_id(), by if way == "kartu" else None)
        ended = min(meeting.ends_at, now)
        events.tick(meeting.id, [excused], "izin", "Ada hajatan keluarga", by, ended)
        events.tick(meeting.id, [absent], "tidak", "", by, ended)


def set_hours(cohort_id: int, opened: datetime, taught: datetime, over: datetime) -> None:
    """The pre-test from the first day on, the post-test once the teaching is done, both until the end."""
    quizzes.set_window(cohort_id, PRETEST, Window(opened, over))
    quizzes.set_window(cohort_id, POSTTEST, Window(taught, over))


def survey_and_plan(cohort_id: int, people: Sequence[int], by: int, ended: datetime) -> None:
    """Everybody sends the survey before it is closed; every second one has plans."""
    rng = random.Random(DATA["said"][0])
    events.open_survey(cohort_id, by, ended)
    fields = [name for part in parts_for(speakers(cohort_id)) for name in part.fields]
    for number, member in enumerate(people):
        answers: Answers = {name: rng.choice((2, 3, 3, 3, 4, 4)) for name in fields}
        written = {
            name: DATA["said"][(number + place) % len(DATA["said"])] for place, name in enumerate(WRITTEN_FIELDS)
        }
        events.send_survey(cohort_id, member, {**answers, **written}, ended)
        if number % 2 == 0:
            due = (ended + timedelta(days=28)).date()
            plans = enumerate(rng.sample(DATA["plans"], 1 + number % 3), 1)
            meant = {at: Meant(bila, maka, due, partner) for at, (bila, maka, partner) in plans}
            events.keep_plans(cohort_id, member, PlanForm(meant, {}, {}), ended)
    events.close_survey(cohort_id, by, ended + timedelta(hours=1))


def bring_list(cohort_id: int, known: Sequence[int], by: int, now: datetime) -> None:
    """The office's list, as it waits to be looked at; one of its people is known already."""
    found = db.session.execute(
        select(Person.id, Person.name, Person.region, Person.phone).where(Person.id.in_(known)).order_by(Person.id)
    ).all()
    one = max(found, key=lambda row: row.phone)
    home = villages()[one.region]
    again = f"{one.name.upper()}|P|{home.name}|{home.district}|080000009008|PSM"
    cells = [line.split("|") for line in (*DATA["listed"].strip().splitlines(), again)]
    people = [(row.id, row.name, row.region or "", row.phone) for row in found]
    told = {"rows": [(row, "") for row in cells], "fields": [field for _, field in DATA["columns"]], "known": people}
    kept = json.loads(judge(json.dumps(told).encode()))
    left_out = {"left_out": ["NIK", "TANGGAL LAHIR"], "passed_over": [], "hidden_numbers": 0}
    batch_id = roster.new_batch(cohort_id, by, DATA["columns"], left_out, now)
    rows = enumerate(zip(cells, kept, strict=True), 1)
    roster.add_rows(batch_id, [(number, f"baris {number + 6}", row, person) for number, (row, person) in rows], now)
    roster.change(batch_id, ready_at=now)


UNANSWERED = 6


def write(course_id: int, edition: EditionView, editors: tuple[int, int], now: datetime) -> None:
    """One editor added a sentence to a lesson; the other's lesson has a question that lost its right answer."""
    for person_id in editors:
        db.session.add(CourseEditor(course_id=course_id, person_id=person_id, at=now - timedelta(days=30)))
    lessons = [file_of(identity) for identity, lesson in edition.lessons.items() if lesson.has_quiz]
    lessons = [path for path in lessons if path.endswith(".md")]
    texts = {path: blobs({edition.files[path]})[edition.files[path]].decode() for path in (lessons[0], lessons[-1])}
    first, last = lessons[0], lessons[-1]
    better = texts[first].replace("\n## Latihan", f"{DATA['better']}\n## Latihan", 1).encode()
    content.save_files(course_id, {first: better}, editors[0], now - timedelta(hours=5))
    broken = texts[last].replace("- [x]", "- [ ]", 1).encode()
    content.save_files(course_id, {last: broken}, editors[1], now - timedelta(hours=2))


def answer(edition: EditionView, trainer_id: int, now: datetime) -> None:
    """A trainer answered within a day what people noted, but for the newest few."""
    written: dict[str, list[int]] = {}
    for lesson in edition.lessons.values():
        for quiz, number in lesson.written:
            written.setdefault(quiz, []).append(number)
    sent = select(Attempt.id, Attempt.quiz, Attempt.submitted_at).where(
        Attempt.quiz.in_(written), Attempt.submitted_at.is_not(None), Attempt.trial.is_(False)
    )
    notes = [
        (attempt_id, number, at)
        for attempt_id, quiz, at in db.session.execute(sent.order_by(Attempt.submitted_at.desc(), Attempt.id))
        if at
        for number in written[quiz]
    ]
    for place, (attempt_id, number, at) in enumerate(notes[UNANSWERED:]):
        text, moment = DATA["thanks"][place % len(DATA["thanks"])], min(now, at + timedelta(days=1))
        db.session.add(ReflectionReply(attempt_id=attempt_id, number=number, text=text, by_id=trainer_id, at=moment))


def ask(edition: EditionView, cohort_id: int, people: list[int], now: datetime) -> None:
    """Readers who doubt or ask, each at a lesson."""
    for number, (person_id, (kind, text)) in enumerate(zip(people, DATA["doubts"], strict=False)):
        about = {"edition_id": edition.id, "lesson": edition.order[number % len(edition.order)], "question_hash": ""}
        asked = {"form_id": f"peragaan{number:024}", "at": now - timedelta(days=2, hours=number)}
        inquiries.ask(person_id=person_id, cohort_id=cohort_id, kind=kind, text=text, **about, **asked)

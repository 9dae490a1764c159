"""The days of a bimtek in the demonstration: its meetings, who came, the hours of its tests, its survey and plans."""

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from lms.bimtek import actions as events
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import Meant, PlanForm
from lms.bimtek.queries import meetings, speakers
from lms.bimtek.survey import WRITTEN_FIELDS, Answers, parts_for
from lms.boot.demo_people import DATA
from lms.course.load import EditionView
from lms.db.engine import db
from lms.db.tables import Membership, Person
from lms.db.tables.cohorts import is_participant
from lms.people.actions import random_id
from lms.people.regions import villages
from lms.quiz import actions as quizzes
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.window import Window
from lms.roster import actions as roster
from lms.roster.people import judge
from lms.web.dates import WIB


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

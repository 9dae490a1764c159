"""The days of a bimtek in the demonstration: its meetings, who came, the hours of its tests, its survey and plans."""

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from lms.bimtek import actions as events
from lms.bimtek import actions as survey
from lms.bimtek.actions import keep_plans
from lms.bimtek.attendance import MeetingFacts
from lms.bimtek.forms import Meant, PlanForm
from lms.bimtek.queries import meetings, speakers
from lms.bimtek.survey import WRITTEN_FIELDS, Answers, parts_for
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

DETAILS = {
    "quota": 40,
    "map_link": "https://www.openstreetmap.org/#map=14/-7.8139/110.9253",
    "bring": "HP dan pengisi dayanya\nKartu masuk\nBuku catatan dan pena",
    "basis": "SK Kepala Dinas Sosial Nomor PERAGAAN/1 Tahun 2026",
    "committee": "Kartika Peragaan, ketua\nWening Peragaan, sekretaris",
}
SULASTRI, BAGAS = "Dra. Sulastri Peragaan, M.Si.", "Bagas Peragaan, S.Sos."
DAY = (
    ("07.30", "08.00", None, "Pembukaan", "", 0),
    ("08.00", "10.15", 0, "", SULASTRI, 3),
    ("10.30", "12.00", 1, "", BAGAS, 2),
    ("13.00", "15.15", -1, "Praktik asesmen", SULASTRI, 3),
)
"""From, until, which materi of the course, subject, speaker, JP."""

PLANS = (
    ("ada lansia yang tinggal sendiri di dusun saya", "mengunjunginya setiap Senin pagi", "kader posyandu"),
    ("warga bertanya tentang bantuan", "mencatat keadaannya dan menanyakannya ke kelurahan", "perangkat desa"),
    ("ada pertemuan RT", "menjelaskan tugas PSM selama lima menit", "ketua RT"),
)
SAID = (
    "Latihan mengisi formulir bersama-sama.",
    "Waktu istirahat kurang panjang.",
    "Contohnya dekat dengan keadaan di desa.",
    "Mohon ada praktik kunjungan sungguhan.",
    "Huruf di layar ruangan terlalu kecil dari belakang.",
)
COLUMNS = (
    ("NAMA LENGKAP", "nama"),
    ("L/P", "jk"),
    ("DESA / KEL", "desa"),
    ("KECAMATAN", "kecamatan"),
    ("NO HP / WA", "hp"),
    ("JABATAN", "jabatan"),
)
LISTED = """
DARMINI PERAGAAN|P|Ds. Keloran|Selogiri|8.00E+09|PSM
Sutrisno Peragaan, S.Pd.|L|Jaten|Selogiri|0800-0000-9001|Kader
Ny. Wartini Peragaan|P|Kepatihan|Selogiri||PKK
Mulyadi Peragaan|L|SUMBEREJO||080000009002|PSM
Sri Peragaan|P|Tangulagin|Jatisrono|80000009003|PSM
Hj. Endang Peragaan|P|Watangsono|Jatisrono|080000009004|Perangkat desa
Joko Peragaan|L|Desa Gunungsari|Jatisrono|080000009005|Karang taruna
|P|Semen|Jatisrono||PSM
Tarsih Peragaan|P|Kel. Giritirto|Wonogiri|080000009006|PSM
Bambang Peragaan|L|Sendang||080000009007|Kader
"""


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
    events.keep_details(cohort_id, DETAILS, by, now)
    modules = [module.title for module in edition.course.modules]
    for start, end, number, subject, speaker, jp in DAY:
        module = "" if number is None else modules[min(number, len(modules) - 1)]
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
    rng = random.Random(SAID[0])
    survey.open_survey(cohort_id, by, ended)
    fields = [name for part in parts_for(speakers(cohort_id)) for name in part.fields]
    for number, member in enumerate(people):
        answers: Answers = {name: rng.choice((2, 3, 3, 3, 4, 4)) for name in fields}
        written = {name: SAID[(number + place) % len(SAID)] for place, name in enumerate(WRITTEN_FIELDS)}
        survey.send_survey(cohort_id, member, {**answers, **written}, ended)
        if number % 2 == 0:
            due = (ended + timedelta(days=28)).date()
            plans = enumerate(rng.sample(PLANS, 1 + number % 3), 1)
            meant = {at: Meant(bila, maka, due, partner) for at, (bila, maka, partner) in plans}
            keep_plans(cohort_id, member, PlanForm(meant), ended)
    survey.close_survey(cohort_id, by, ended + timedelta(hours=1))


def bring_list(cohort_id: int, known: Sequence[int], by: int, now: datetime) -> None:
    """The office's list, as it waits to be looked at; one of its people is known already."""
    found = db.session.execute(
        select(Person.id, Person.name, Person.region, Person.phone).where(Person.id.in_(known)).order_by(Person.id)
    ).all()
    one = max(found, key=lambda row: row.phone)
    home = villages()[one.region]
    again = f"{one.name.upper()}|P|{home.name}|{home.district}|080000009008|PSM"
    cells = [line.split("|") for line in (*LISTED.strip().splitlines(), again)]
    people = [(row.id, row.name, row.region or "", row.phone) for row in found]
    told = {"rows": cells, "fields": [field for _, field in COLUMNS], "known": people}
    kept = json.loads(judge(json.dumps(told).encode()))
    left_out = {"left_out": ["NIK", "TANGGAL LAHIR"], "passed_over": [], "hidden_numbers": 0}
    batch_id = roster.new_batch(cohort_id, by, COLUMNS, left_out, now)
    rows = enumerate(zip(cells, kept, strict=True), 1)
    roster.add_rows(batch_id, [(number, f"baris {number + 6}", row, person) for number, (row, person) in rows], now)
    roster.change(batch_id, ready_at=now)

"""A bimtek of 300 people with everything: its report gathered, set and taken, and each page of its trainer."""

import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk import cpu_ms, open_cohort
from flask.testing import FlaskClient
from sitting import SLUG, Learners
from sqlalchemy import insert

from lms.bimtek.queries import speakers
from lms.bimtek.survey import parts_for
from lms.course.drawing import draw_test
from lms.course.load import bank_of, edition_view
from lms.db.engine import db, writer, writing
from lms.db.tables import (
    ActionPlan,
    Answer,
    Attempt,
    Attendance,
    Cohort,
    Enrolment,
    Grading,
    Meeting,
    Membership,
    Period,
    Person,
    SurveyResponse,
)
from lms.people import actions as accounts
from lms.people.regions import villages
from lms.quiz.queries import POSTTEST, PRETEST
from lms.web.clock import now

PEOPLE, MEETINGS = 300, 8
SITE = "http://127.0.0.1"
PAGES = (
    *("", "/hadir/1", "/impor", "/undangan", "/survei", "/rtl", "/petugas", "/laporan", "/sertifikat"),
    *("/tes", "/tes?bagian=akhir", "/tes?bagian=awal", "/tes?bagian=peningkatan"),
)
"""What the trainer of the bimtek opens."""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        with site.app.app_context():
            trainer, cohort_id = open_cohort(site, "Bimtek besar")
            fill(cohort_id)
            code = db.session.get_one(Cohort, cohort_id).code
            with writing():
                device = accounts.add_device(trainer, "uji", now()).id
            db.session.remove()
        site.app.config["WTF_CSRF_ENABLED"] = False
        client, headers = site.app.test_client(use_cookies=False), {"Cookie": site.cookie(device)}
        page = f"/pelatih/{code}/laporan"
        took = gather(client, page, headers)
        for path in (f"{page}.pdf", f"{page}.docx", f"/pelatih/{code}/semua.xlsx"):
            begun = time.perf_counter()
            answer = client.post(path, headers=headers, base_url=SITE)
            assert answer.status_code == 200, path
            print(f"{path.rpartition('/')[2]:14} {len(answer.data) // 1024:5} KB {time.perf_counter() - begun:6.1f} s")
        print(f"gathered and set once in {took:.1f} s")
        for path in PAGES:
            shown = cpu_ms(client, f"/pelatih/{code}{path}", headers)
            print(f"{path or '/pelatih/<kode>':22} {shown:6.0f} ms of the processor")


def gather(client: FlaskClient, page: str, headers: dict[str, str]) -> float:
    """Seconds from the button until the work is done."""
    begun = time.perf_counter()
    work = client.post(page, data={"aksi": "buat"}, headers=headers, base_url=SITE).location
    while client.get(work, headers=headers, base_url=SITE).status_code == 200:
        client.post(work, headers=headers, base_url=SITE)
    return time.perf_counter() - begun


def fill(cohort_id: int) -> None:
    """People, meetings, who came, both tests, a closed survey, a plan each."""
    places, chance, moment = list(villages()), random.Random(1), now()
    with writing():
        cohort = db.session.get_one(Cohort, cohort_id)
        edition_id, course_id = cohort.edition_id or 0, cohort.course_id
        begins = [moment + timedelta(hours=hour) for hour in range(MEETINGS)]
        speaks = [{"speaker": f"Narasumber {hour % 5}", "subject": f"Materi {hour}"} for hour in range(MEETINGS)]
        whole = [
            {"cohort_id": cohort_id, "jp": 1, "starts_at": at, "ends_at": at + timedelta(hours=1)} for at in begins
        ]
        writer().execute(insert(Meeting), [each | said for each, said in zip(whole, speaks, strict=True)])
        meetings = list(writer().scalars(db.select(Meeting.id).where(Meeting.cohort_id == cohort_id)))
        for number in range(PEOPLE):
            name, place = f"Peserta Bernama Panjang {number:03}", places[number * 7 % len(places)]
            person = Person(name=name, region=place, sex="LP"[number % 2], created_at=moment, card_since=moment)
            db.session.add(person)
            db.session.flush()
            part = Membership(person_id=person.id, cohort_id=cohort_id, role="peserta", joined_at=moment)
            db.session.add_all([part, Enrolment(person_id=person.id, course_id=course_id, created_at=moment)])
            db.session.flush()
            came(part.id, meetings, chance)
            for test in (PRETEST, POSTTEST):
                sit(part.id, test, edition_id, chance)
    survey(cohort_id, chance)


def came(part: int, meetings: list[int], chance: random.Random) -> None:
    """At most meetings; and a plan."""
    rows: list[dict[str, Any]] = [
        {"meeting_id": each, "mark": f"{part}-{each}", "state": chance.choice(("hadir", "hadir", "terlambat", "tidak"))}
        for each in meetings
    ]
    writer().execute(
        insert(Attendance), [row | {"membership_id": part, "way": "kode", "noted_at": now()} for row in rows]
    )
    db.session.add(ActionPlan(membership_id=part, number=1, occasion="ada yang sakit", action="mendata", at=now()))


def sit(part: int, test: str, edition_id: int, chance: random.Random) -> None:
    """A test, of which more is known afterwards."""
    edition = edition_view(edition_id, SLUG)
    bank = bank_of(edition)
    assert bank
    sheet = draw_test(bank.path, bank.pools_for(edition.course), 70, [], chance)
    outcomes = [chance.random() < (0.5 if test == PRETEST else 0.8) for _ in sheet.items]
    attempt, at = f"uji-{part}-{test}", now()
    head = {"membership_id": part, "edition_id": edition_id, "quiz": test, "ordinal": 1, "sheet": sheet.to_json()}
    writer().execute(insert(Attempt), [head | {"id": attempt, "opened_at": at, "submitted_at": at}])
    answers = [
        {
            "attempt_id": attempt,
            "client_id": f"u{number}",
            "number": number,
            "value": list(item.shown[:1]),
            "counter": 1,
        }
        for number, item in enumerate(sheet.items, start=1)
    ]
    writer().execute(insert(Answer), [each | {"at": at} for each in answers])
    right, asked = sum(outcomes), len(outcomes)
    graded = {"right": right, "asked": asked, "passed": right > 0.7 * asked, "outcomes": outcomes}
    writer().execute(insert(Grading), [graded | {"attempt_id": attempt, "reason": "kirim", "at": at}])


def survey(cohort_id: int, chance: random.Random) -> None:
    """Everybody answered all of it."""
    fields = [field for part in parts_for(speakers(cohort_id)) for field in part.fields]
    with writing():
        rows = [
            {
                "id": f"s{number}",
                "cohort_id": cohort_id,
                "boxed": False,
                "answers": {field: chance.randint(2, 4) for field in fields} | {"tulis-saran": f"Saran nomor {number}"},
            }
            for number in range(PEOPLE)
        ]
        writer().execute(insert(SurveyResponse), rows)
        period = {"cohort_id": cohort_id, "what": "survei", "opens_at": now(), "closes_at": now()}
        writer().execute(insert(Period), [period])


if __name__ == "__main__":
    main()

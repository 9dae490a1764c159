"""What counts and filters of the desk say is what each person's own page says of them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from lms.cohort import desk_queries as queries
from lms.cohort.desk_queries import WEEK, Wanted
from lms.db.engine import db, writing
from lms.db.tables import (
    Attendance,
    Certificate,
    Course,
    Edition,
    Meeting,
    Membership,
    Period,
    Person,
    SigningKey,
    SurveyTicket,
)
from lms.learn.completion import Completion, completion
from lms.people.access import CohortFacts
from lms.people.union import merge
from lms.web.clock import now
from tests.baked import Baked
from tests.bimtek.hall import add_meeting
from tests.cohort.crowd import Crowd, cohorts_of, facts_of
from tests.conftest import SLUG, START, add_bimtek, publish_course
from tests.course.form_texts import PATH as FORM
from tests.quiz import filling
from tests.quiz.exam_course import exam_files

MOVED = '\n[pindah]\n"dasar/satu.md" = "dasar/awal.md"\n'


def renamed() -> dict[str, bytes]:
    """The course with tests, in which a lesson has another name now."""
    files = exam_files(MOVED)
    files["dasar/awal.md"] = files.pop("dasar/satu.md")
    files["kursus.toml"] = files["kursus.toml"].replace(b'["dasar/satu.md", ', b'["dasar/awal.md", ')
    return files


def also_asking(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same, with a certificate that asks to be there and to send the survey."""
    asked = b"[sertifikat]\nkehadiran = 60\nsurvei = true\n"
    return files | {"kursus.toml": files["kursus.toml"].replace(b"[sertifikat]\n", asked)}


def some_days(rng: random.Random, cohort_id: int) -> None:
    """Four meetings, one of them cancelled and one where nobody was; who came is noted, and corrected at times."""
    meetings = [add_meeting(cohort_id, hour) for hour in range(4)]
    members = list(db.session.scalars(db.select(Membership.id).where(Membership.cohort_id == cohort_id)))
    with writing():
        db.session.get_one(Meeting, meetings[2]).cancelled_at = START
        db.session.add_all(SurveyTicket(membership_id=each) for each in members if rng.random() < 0.9)
    states = ("hadir", "hadir", "hadir", "hadir", "terlambat", "izin", "tidak")
    rows = [
        Attendance(
            meeting_id=meeting,
            membership_id=each,
            mark=f"{meeting}-{each}-{turn}",
            state=rng.choice(states),
            way="daftar",
            noted_at=START,
        )
        for meeting in meetings[:3]
        for each in members
        for turn in range(rng.choice((0, 1, 1, 1, 1, 2)))
    ]
    with writing():
        db.session.add_all(rows)


def course_id(slug: str) -> int:
    return db.session.scalars(db.select(Course.id).where(Course.slug == slug)).one()


def editions(course: int) -> list[int]:
    return list(db.session.scalars(db.select(Edition.id).where(Edition.course_id == course).order_by(Edition.id)))


@pytest.fixture
def crowded(app: Flask, baked: Baked) -> list[CohortFacts]:
    """Two courses, one of them in three editions with a renamed lesson and one to be read again; all their cohorts."""
    return baked.once("crowded", crowd)


def crowd() -> list[CohortFacts]:
    """So many that people of every standing are among them."""
    add_bimtek("B1MTEK")
    publish_course(SLUG, exam_files())
    add_bimtek("B2MTEK")
    publish_course(SLUG, renamed(), reread=("dasar/dua",))
    add_bimtek("B3MTEK")
    publish_course(SLUG, also_asking(renamed()))
    days = add_bimtek("B4MTEK"), add_bimtek("B5MTEK")
    filling.publish()
    rng = random.Random(7)
    course = course_id(SLUG)
    lessons = ("dasar/satu", "dasar/awal", "dasar/dua", "lanjut/tiga", "dasar/hilang")
    Crowd(rng, course, editions(course), lessons, lessons).come(160, cohorts_of(course))
    for held in days:
        some_days(rng, held)
    with writing():
        db.session.add(Period(cohort_id=days[0], what="survei"))
    other = course_id(filling.SLUG)
    Crowd(rng, other, editions(other), (FORM,), (f"{FORM}#bu-tuti", f"{FORM}#pak-min")).come(60, cohorts_of(other))
    people = list(db.session.scalars(db.select(Person.id).where(Person.name.like("Orang %")).order_by(Person.id)))
    with writing():
        assert all(merge(stays, gone, stays, now()) for stays, gone in zip(people[:30:2], people[1:30:2], strict=True))
    return [facts_of(each) for each in (*cohorts_of(course), *cohorts_of(other))]


def differences(cohorts: list[CohortFacts]) -> Iterator[str]:
    """Every person of whom the desk and their own page say different things."""
    for held in cohorts:
        lines = queries.lines(held, queries.everybody(held))
        found = {each.who.membership_id: each for each in queries.everyone([held], queries.TAKES_PART)}
        for line in lines:
            done, weighed = sum(module.done for module in line.modules), found.pop(line.who.membership_id)
            if (weighed.who, weighed.completion, weighed.lessons) != (line.who, line.completion, done):
                yield f"{held.code} {line.who.name}: {weighed}, {line.completion}"
        yield from (f"{held.code} {number} has no line" for number in found)


@pytest.mark.walk
def test_the_desk_says_what_everybodys_own_page_says(crowded: list[CohortFacts]) -> None:
    assert list(differences(crowded)) == []
    met = [line.completion.met for held in crowded for line in queries.lines(held, queries.everybody(held))]
    assert len(met) > 250
    assert met.count(True) > 30
    assert met.count(False) > 100


@pytest.mark.parametrize("kind", ["pelajaran", "kuis", "tes_akhir", "kehadiran", "survei"])
def test_a_fact_that_is_not_weighed_is_red(
    crowded: list[CohortFacts], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(*facts: Any) -> Completion:
        found = completion(*facts)
        return replace(found, requirements=tuple(each for each in found.requirements if each.kind != kind))

    monkeypatch.setattr(queries, "completion", forgetful)
    assert list(differences(crowded)) != []


def test_filters_and_counts_agree_with_the_people(crowded: list[CohortFacts]) -> None:
    some_certificates(crowded)
    counts = queries.counts(crowded, now())
    for held in crowded:
        lines = queries.lines(held, queries.everybody(held))
        wanted = {
            "siap": {line.who.membership_id for line in lines if line.ready},
            "tuntas": {line.who.membership_id for line in lines if line.finished},
            "macet": {line.who.membership_id for line in lines if line.stuck_days(now())},
            "belum": {line.who.membership_id for line in lines if not line.who.begun},
        }
        for only, expected in wanted.items():
            people, place = queries.find(held, Wanted(only=only), now(), size=1_000)
            assert {line.who.membership_id for line in people} == expected, (held.code, only)
            assert place.count == len(expected)
        count = counts[held.cohort_id]
        assert (count["joined"], count["finished"], count["ready"]) == (
            len(lines),
            len(wanted["tuntas"]),
            len(wanted["siap"]),
        )
        assert count["active"] == sum(line.who.since > now() - WEEK for line in lines)
    assert sum(count["finished"] - count["ready"] for count in counts.values()) > 5


def some_certificates(cohorts: list[CohortFacts]) -> None:
    """Every fifth membership holds one, or a sample, which is none."""
    with writing():
        db.session.add(SigningKey(id="k", public=b"x", created_at=START))
        db.session.flush()
        for number, member in enumerate(db.session.scalars(db.select(Membership.id)).all()):
            if number % 5:
                continue
            sample = number % 10 == 0
            db.session.add(
                Certificate(
                    id=f"c{number}",
                    token=f"t{number}",
                    short_code=f"{number:012}",
                    membership_id=member,
                    edition_id=cohorts[0].edition_id,
                    sample=sample,
                    year=None if sample else 2026,
                    sequence=None if sample else number,
                    payload=b"",
                    signature=b"",
                    key_id="k",
                    issued_at=START,
                )
            )

"""The demonstration: everybody at their stage, made once, of nobody who exists."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from lms.authoring.queries import draft_of, reports
from lms.boot import cli, setup
from lms.boot import site as cli_site
from lms.boot.app import create_app
from lms.boot.demo import SLUG, NotForDemo, fill
from lms.boot.demo_scenes import STAGES, extras
from lms.boot.setup import initialise
from lms.certificate.queries import certificate_by_token
from lms.course import queries as content
from lms.course.folder import write_folder
from lms.course.queries import course_by_slug
from lms.db.engine import close_all, db, writing
from lms.db.settings import Settings
from lms.db.tables import (
    Answer,
    Attempt,
    Attendance,
    Certificate,
    Cohort,
    Course,
    Device,
    Enrolment,
    Grading,
    ImportBatch,
    Meeting,
    Membership,
    Person,
    Reading,
)
from lms.people.regions import villages
from tests.cohort.crowd import pairs_in
from tests.conftest import START, Client, forget_editions, settings_for, sign_in
from tests.quiz.exam_course import exam_files

pytestmark = pytest.mark.walk


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Settings:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    return settings_for(folder, demo=True, url="")


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[tuple[Flask, list[str]]]:
    """The demonstration, and what was said on the screen."""
    forget_editions()
    app = create_app(settings)
    app.testing, app.test_client_class = True, Client
    with app.app_context():
        yield app, (settings.data / "said.txt").read_text().split("\n")
        db.session.remove()
        close_all()
    forget_editions()


@pytest.fixture
def said(site: tuple[Flask, list[str]], time: object) -> str:
    db.session.rollback()
    return "\n".join(site[1])


@pytest.fixture
def client(site: tuple[Flask, list[str]], said: str) -> Client:
    found = site[0].test_client()
    assert isinstance(found, Client)
    return found


def bimtek_id() -> int:
    """The course that the people of the demonstration learn in."""
    return db.session.query(Course.id).filter_by(slug=SLUG).one()[0]


def test_forty_people_from_many_places_at_every_stage(said: str) -> None:
    assert sum(STAGES.values()) == 40
    people = db.session.query(Person).filter(Person.login.is_(None)).all()
    assert len(people) == len({person.name for person in people}) == 40
    assert len({villages()[person.region or ""].district for person in people}) >= 6
    assert {bool(person.phone) for person in people} == {True, False}
    assert all(person.phone.startswith("08000000") for person in people if person.phone)


def test_the_gain_of_a_cohort_is_told_for_both_groups_apart(
    said: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_site, "load_settings", lambda: settings)
    code = db.session.query(Cohort.code).filter_by(kind="mandiri", course_id=bimtek_id()).scalar()
    told = CliRunner().invoke(cli.main, ["gain", code.lower()]).output
    before, after = re.findall(r"n = (\d+)(?:, gain rata-rata kelas (0,\d\d))?", told)
    assert int(before[0]) > 0
    assert before[1] > "0,30"
    assert after == ("0", "")
    assert CliRunner().invoke(cli.main, ["gain", "TIADA"]).exit_code == 1


def test_every_stage_of_learning_is_there(said: str) -> None:
    read = Counter(enrolment for (enrolment,) in db.session.query(Reading.enrolment_id))
    learners = db.session.query(Enrolment).count()
    whole = max(read.values())
    assert learners - len(read) >= STAGES["baru ikut"]
    assert sum(count < whole for count in read.values()) >= STAGES["separuh jalan"]
    open_ones = db.session.query(Attempt).filter(Attempt.submitted_at.is_(None)).all()
    assert len(open_ones) == STAGES["kuis terbuka"]
    assert all(db.session.query(Answer).filter_by(attempt_id=attempt.id).count() for attempt in open_ones)
    failed = db.session.query(Attempt.enrolment_id).join(Grading).filter(Grading.passed.is_(False)).distinct().count()
    assert failed >= STAGES["pernah belum lulus"]


def test_certificates_in_every_state(said: str) -> None:
    rows = db.session.query(Certificate).order_by(Certificate.sequence, Certificate.revision).all()
    found = [certificate_by_token(row.token) for row in rows]
    assert Counter(issued.state for issued in found if issued) == {
        "berlaku": STAGES["berlaku"] + STAGES["diganti"],
        "contoh": STAGES["contoh"],
        "dicabut": STAGES["dicabut"],
        "diganti": STAGES["diganti"],
    }
    first = [row for row in rows if row.revision == 0 and row.sequence]
    assert [row.sequence for row in first] == list(range(1, len(first) + 1))
    assert [row.issued_at for row in first] == sorted(row.issued_at for row in first)


def test_cohorts_staff_and_a_trainer_who_tries(said: str) -> None:
    cohorts = db.session.query(Cohort).filter_by(course_id=bimtek_id())
    kinds = sorted((cohort.kind, cohort.is_open) for cohort in cohorts)
    assert kinds == [("bimtek", False), ("bimtek", True), ("bimtek", True), ("mandiri", True)]
    assert db.session.query(Person).filter(Person.is_admin).count() == 1
    assert db.session.query(Membership).filter_by(role="pelatih").count() == 4
    assert db.session.query(Membership).filter_by(role="peserta", trial=True).count() == 1
    assert db.session.query(Attempt).filter(Attempt.trial).count() > 0


def test_the_desk_has_something_to_show_on_every_page(client: Client, said: str) -> None:
    trainer, code = (
        db.session.query(Membership.person_id, Cohort.code)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .filter(Membership.role == "pelatih", Cohort.kind == "mandiri")
        .one()
    )
    sign_in(client, trainer)
    text = client.page("/pelatih")
    assert "<b>40</b> peserta" in text
    assert f'<a href="/pelatih/{code}/kotak?bagian=catatan">6 catatan menunggu</a>' in text
    text = client.page(f"/pelatih/{code}")
    assert text.count("Mungkin orang yang sama") == 2
    assert {
        mark for mark in ("Belum mulai", "macet", "siap sertifikat", "sertifikat terbit") if mark not in text
    } == set()
    for only in ("belum", "macet", "siap", "tuntas"):
        assert "Tidak ada yang cocok" not in client.page(f"/pelatih/{code}?saring={only}")
    assert "Salam hormat, Bapak/Ibu" in client.page(f"/pelatih/{code}?saring=macet")
    assert "Gain rata-rata kelas</dt><dd><b>0," in client.page(f"/pelatih/{code}/tes?bagian=peningkatan")


def test_the_days_of_a_bimtek_are_there_before_on_and_after_them(client: Client, said: str) -> None:
    ended, running, planned = (
        db.session.query(Cohort).filter_by(kind="bimtek", course_id=bimtek_id()).order_by(Cohort.starts_on)
    )
    codes = {"ended": ended.code, "running": running.code, "planned": planned.code}
    first, second = (
        db.session.query(Person.id).filter_by(login=f"pelatih.{word}").one()[0] for word in ("satu", "dua")
    )
    hall, batch = (
        db.session.query(Meeting.id).filter_by(cohort_id=running.id, subject="Konsep dasar PSM").one()[0],
        db.session.query(ImportBatch.id).one()[0],
    )
    db.session.rollback()
    sign_in(client, first)
    text = client.page(f"/pelatih/{codes['ended']}")
    assert '<span class="tag">ditutup</span>' in text
    assert "Praktik asesmen" in text
    text = client.page(f"/pelatih/{codes['ended']}/survei")
    assert "Narasumber: Dra. Sulastri Peragaan" in text
    assert "kurang dari 5 jawaban" not in text
    assert "menulis 7 rencana" in client.page(f"/pelatih/{codes['ended']}/rtl")
    sign_in(client, second)
    text = client.page(f"/pelatih/{codes['planned']}/impor/{batch}")
    assert {
        words for words in ("Desa mana?", "Orang yang sama?", "Masukkan 7 yang jelas") if words not in text
    } == set()
    text = client.page(f"/pelatih/{codes['running']}/hadir/{hall}")
    assert re.search(r'<b id="hadir">1[0-9]</b> dari 16 peserta', text)
    assert "Pindai dengan kamera HP" in text
    text = client.page(f"/pelatih/{codes['running']}/tes")
    assert {"terbuka", "dijadwalkan"} <= set(re.findall(r"terbuka|dijadwalkan", text))


def test_nobody_is_noted_before_they_came(said: str) -> None:
    noted = db.session.query(Attendance.noted_at, Membership.joined_at).join(
        Membership, Membership.id == Attendance.membership_id
    )
    assert noted.count() > 50
    assert all(joined < at <= START for at, joined in noted)


def test_no_moment_lies_in_the_future_and_they_spread_over_weeks(said: str) -> None:
    moments = [at for (at,) in db.session.query(Answer.at)] + [at for (at,) in db.session.query(Reading.at)]
    assert max(moments) < START
    assert (max(moments) - min(moments)).days > 25


def test_the_screen_shows_passwords_cards_and_checks_that_work(client: Client, said: str) -> None:
    passwords = re.findall(r"^  ([a-z.]+) +((?:[0-9a-z]{4}-){3}[0-9a-z]{4}) ", said, re.MULTILINE)
    assert [login for login, _ in passwords] == ["pengelola", "pelatih.satu", "pelatih.dua"]
    for login, password in passwords:
        assert client.send("/masuk", nama=login, sandi=password).status_code == 303
        client.send("/keluar")
    cards = re.findall(r"/kartu#([0-9A-Z]{24})", said)
    assert len(cards) == 3
    for card in cards:
        assert client.send("/kartu/masuk", kode=card).status_code == 303
        client.page("/belajar/bimtek-dasar-psm")
    checks = re.findall(r"(\w+): http://\S+(/cek/\S+)", said)
    assert [word for word, _ in checks] == ["berlaku", "contoh", "diganti", "dicabut"]
    headings = ("Sertifikat ini benar", "Lembar ini contoh", "ini sudah diganti", "ini sudah dicabut")
    for (_, path), heading in zip(checks, headings, strict=True):
        assert heading in client.page(path)
    assert client.get("/ikut/" + said.rpartition("/ikut/")[2][:6]).status_code == 200


def test_again_it_makes_nothing_and_shows_no_password(settings: Settings, said: str) -> None:
    before = [db.session.query(table).count() for table in (Person, Attempt, Certificate)]
    again = "\n".join(fill(settings, START))
    assert [db.session.query(table).count() for table in (Person, Attempt, Certificate)] == before
    assert "Sandi" not in again
    assert "/kartu#" in again
    assert again in said


def test_nothing_but_secrets_differs_from_one_to_another(settings: Settings, said: str, tmp_path: Path) -> None:
    def facts() -> list[list[tuple[object, ...]]]:
        tables = (
            (Person.name, Person.region, Person.phone, Person.created_at),
            (Reading.enrolment_id, Reading.lesson, Reading.at),
            (Answer.number, Answer.value, Answer.client_id, Answer.at),
            (Grading.right, Grading.asked, Grading.at),
            (Certificate.sequence, Certificate.revision, Certificate.issued_at),
        )
        found = [sorted(map(tuple, db.session.query(*columns)), key=repr) for columns in tables]
        db.session.rollback()
        return found

    first = facts()
    other = settings_for(tmp_path, demo=True)
    app = create_app(other)
    forget_editions()
    initialise(app, other)
    with app.app_context():
        list(fill(other, START))
        assert facts() == first
        db.session.remove()
        close_all()
    forget_editions()


def test_where_the_course_has_tests_people_took_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "kursus" / "bimtek-dasar-psm", exam_files())
    monkeypatch.setattr(setup, "COURSES", tmp_path / "kursus")
    settings = settings_for(tmp_path, demo=True)
    app = create_app(settings)
    forget_editions()
    initialise(app, settings)
    with app.app_context():
        list(fill(settings, START))
        tests = db.session.query(Attempt).filter(Attempt.membership_id.is_not(None)).all()
        names = Counter(attempt.quiz for attempt in tests)
        assert names["tes:awal"] < names["tes:akhir"] < sum(STAGES.values())
        assert all(attempt.submitted_at and attempt.submitted_at < START for attempt in tests)
        pairs = [pair for (cohort_id,) in db.session.query(Cohort.id) for pair in pairs_in(cohort_id)]
        assert len(pairs) >= 10
        assert {pair.word for pair in pairs} >= {"tinggi", "sedang"}
        db.session.remove()
        close_all()
    forget_editions()


def test_a_database_with_people_in_it_is_left_alone(app: Flask) -> None:
    with writing():
        db.session.add(Person(name="Orang Sungguhan", created_at=START))
    with pytest.raises(NotForDemo, match="data-demo"):
        list(fill(settings_for(Path("x"), demo=True), START))
    assert db.session.query(Person).count() == 1


def test_without_the_bundled_course_there_is_no_demonstration(app: Flask) -> None:
    with pytest.raises(NotForDemo, match="belum terbit"):
        list(fill(settings_for(Path("x"), demo=True), START))
    assert db.session.query(Device).count() == 0


def test_the_people_are_always_the_same() -> None:
    assert extras() == extras()
    assert Counter(extra.stage for extra in extras()) == STAGES


def test_the_desk_of_the_course_has_something_to_show(site: tuple[Flask, list[str]], time: object) -> None:
    course = course_by_slug("bimtek-dasar-psm")
    assert course is not None
    waiting = content.changes(course.id)
    assert {change.by for change in waiting} == {"Wening Peragaan", "Banyu Peragaan"}
    faults = draft_of(course.id, START.date()).report.problems
    assert {problem.path for problem in faults if problem.level == "galat"} <= {change.path for change in waiting}
    assert [problem for problem in faults if problem.level == "galat"]
    assert sum(reports(course.id, None).values()) == 2

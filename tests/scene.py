"""The cast in the middle of everything: one object of every kind, and a browser for everybody who may ask for it."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import Connection
from typing import Any

from flask import Flask
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.routing import Rule

from lms.bimtek.attendance import code_at
from lms.certificate import actions as certificates
from lms.certificate.candidates import draft, lot
from lms.course.load import edition_view, questions_in
from lms.course.questions.base import Question, Value
from lms.db.engine import db, end_reading, writing
from lms.db.tables import (
    Certificate,
    Cohort,
    CourseEditor,
    ImportBatch,
    ImportRow,
    Meeting,
    NumberBlock,
    NumberSeries,
    Person,
    Signer,
    TrustedCertificate,
)
from lms.people import actions as accounts
from lms.people import jobs
from lms.people.access import cohort_facts
from lms.people.jobs import JobFacts
from lms.quiz import queries as quizzes
from lms.web.clock import now
from tests.baked import Baked
from tests.conftest import KEY, SLUG, Cast, Client, add_member, add_person, membership_of, publish_course
from tests.course.form_texts import PATH as FORM
from tests.course.form_texts import form_of
from tests.quiz import filling
from tests.quiz.exam_course import exam_files

BASE = "https://sinau.test"
MARK = "b" * 22
"""What the session cookies of these browsers hold to tell them from others."""

WHO = ("nobody", "stranger", "owner", "other", "trainer", "other_trainer", "admin")
PLACE = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
OWN_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Scene:
    """`values` fills the places of every route; `devices` is who -> the device their browser carries."""

    app: Flask
    cast: Cast
    values: dict[str, str]
    devices: dict[str, str]
    finished: str
    finished_form: str = ""

    def browser(self, who: str) -> Client:
        """A new browser in which this one of the cast is signed in; it has a form token."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        with client.session_transaction(base_url=BASE) as session:
            session["csrf_token"] = "0123456789abcdef"
            session["tanda"] = MARK
            if who != "nobody":
                session["_user_id"] = self.devices[who]
                session["_fresh"] = True
                session.permanent = True
        return client

    def address(self, rule: str) -> str:
        """The rule with this scene's objects in its places; KeyError for a kind of object that is not here."""
        values = dict(self.values)
        if rule.endswith("/hasil"):
            values |= {"attempt_id": self.finished, "filling_id": self.finished_form}
        if rule.startswith("/formulir/"):
            values["attempt_id"] = values["filling_id"]
        if "<case_slug>" in rule:
            case = "ibu-sari" if rule.startswith("/contoh/") else "bu-tuti"
            values |= {"slug": filling.SLUG, "identity": FORM, "case_slug": case}
        return PLACE.sub(lambda match: values[match[1]], rule)


def token() -> str:
    """The form token of every browser of the scene."""
    return URLSafeTimedSerializer(KEY, salt="wtf-csrf-token").dumps("0123456789abcdef")


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """(method, rule) of everything the site answers to."""
    return [
        (method, rule)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted(OWN_METHODS & (rule.methods or OWN_METHODS))
    ]


def fingerprint() -> str:
    """A hash over every row of every table."""
    digest = hashlib.sha256()
    with open_file() as connection:
        for table in db.metadata.sorted_tables:
            rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{table.name}"')))
            digest.update(repr((table.name, rows)).encode())
    return digest.hexdigest()


class Kept:
    """A copy of the database, to begin again from."""

    def __init__(self) -> None:
        self._copy = connect(":memory:")
        with open_file() as live:
            live.backup(self._copy)

    def restore(self) -> None:
        """Make the database what it was."""
        with open_file() as live:
            self._copy.backup(live)


class Watch:
    """Notices that some other connection changed the database file."""

    def __init__(self) -> None:
        self._connection = connect(str(db.engine.url.database))
        self._version = self._read()

    def changed(self) -> bool:
        """Whether anything was committed since this was asked last."""
        before, self._version = self._version, self._read()
        return before != self._version

    def _read(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def connect(path: str) -> Connection:
    """A connection by the very library that the site uses: two copies of SQLite would not see each other's locks."""
    found: Connection = db.engine.dialect.dbapi.connect(path)  # type: ignore[union-attr] # A live engine has its driver.
    return found


@contextmanager
def open_file() -> Iterator[Connection]:
    """The database file itself, on a connection of its own; what the test was reading ends first."""
    db.session.rollback()
    end_reading()
    connection = connect(str(db.engine.url.database))
    yield connection
    connection.close()


def right_answer(question: Question) -> Value:
    """What counts as right for any question of the test course."""
    return question.key or (("60",) if question.kind == "isian" else ("Pernah menemani tetangga.",))


def finish_quiz(client: Client, person_id: int, lesson: str, send: Callable[..., Any]) -> str:
    """Open the quiz of a lesson, answer all of it rightly, submit; the attempt's id."""
    return finish_attempt(client, person_id, f"/mulai-kuis/{SLUG}/{lesson}", send)


def finish_attempt(client: Client, person_id: int, start: str, send: Callable[..., Any]) -> str:
    """The same for a quiz or a test, from its start page."""
    attempt_id = send(client, start, ke="1").location.rpartition("/")[2]
    found = quizzes.attempt_of(person_id, attempt_id)
    assert found is not None
    questions = quizzes.questions_of(found)
    answers = {
        f"q{number}": list(right_answer(questions[item.hash])) for number, item in enumerate(found.sheet.items, 1)
    }
    send(client, f"/kuis/{attempt_id}", form_id="f" * 16, counter="1", aksi="pasti", **answers)
    return attempt_id


def open_attempt_id(client: Client, lesson: str) -> str:
    """The attempt that is open or was made last."""
    text = client.get(f"/mulai-kuis/{SLUG}/{lesson}").get_data(as_text=True)
    found: list[str] = re.findall(r'href="/kuis/([^"/]+)', text)
    return found[0]


def fill_in_twice(client: Client) -> tuple[str, str]:
    """The ids of an attempt at a case that was sent and of one that is open."""
    way = f"/mulai-formulir/{filling.SLUG}/bu-tuti/{FORM}"
    first = send(client, way, ke="1").location.rpartition("/")[2]
    names = list(form_of().fields)
    answers = {f"q{names.index(name) + 1}": list(value) for name, value in filling.MODEL.items()}
    send(client, f"/formulir/{first}", form_id="f" * 16, counter="1", aksi="kirim", **answers)
    return first, send(client, way, ke="2").location.rpartition("/")[2]


def send(client: Client, path: str, **fields: Any) -> Any:
    """Post a form with a token of the scene."""
    return client.post(path, data={"csrf_token": token(), **fields})


def _give_tests(cast: Cast) -> None:
    """Publish the test course with a pre-test and a post-test, and let both bimtek read that edition."""
    edition_id = publish_course(SLUG, exam_files())
    with writing():
        for cohort_id in (cast.bimtek, cast.other_bimtek):
            db.session.get_one(Cohort, cohort_id).edition_id = edition_id


def a_step(job: JobFacts) -> None:
    """The next unit of work that does nothing."""
    with writing():
        jobs.advance(job, job.position + 1, now())


def scene_in(app: Flask, cast: Cast, baked: Baked) -> Scene:
    """The scene in this app's database: played once, copied for every further test."""
    played = baked.once("scene", lambda: {name: made for name, made in vars(build(app, cast)).items() if name != "app"})
    app.extensions["jobs"] = {"uji": a_step}
    return Scene(app, **played)


def _ways_in(cast: Cast) -> tuple[dict[str, str], dict[str, str]]:
    """(who -> the device their browser carries, objects by which somebody comes in or goes)."""
    people = {
        "stranger": cast.stranger,
        "owner": cast.participant,
        "other": cast.other,
        "trainer": cast.trainer,
        "other_trainer": cast.other_trainer,
        "admin": cast.admin,
    }
    with writing():
        db.session.get_one(Person, cast.trainer).login = "retno"
        devices = {who: accounts.add_device(person, "Android, Chrome", now()).id for who, person in people.items()}
        return devices, {
            "device_id": accounts.add_device(cast.participant, "Windows, Firefox", now()).id,
            "secret": accounts.new_admin_code(now()),
            "password_link": accounts.new_password_link(cast.trainer, cast.admin, now()),
        }


def _sheet_of(cast: Cast, membership_id: int) -> str:
    """The certificate of a participant of the bimtek."""
    found = lot(cohort_facts(cast.bimtek), [membership_id])
    return certificates.issue(draft(found, found.candidates[0]), KEY, now())


def _at_a_bimtek(cast: Cast) -> dict[str, str]:
    """Within a write: long work, a list that was brought and a meeting, all of the trainer's bimtek."""
    job_id = jobs.begin("uji", cast.trainer, now(), title="Uji", onward="/pelatih/B1MTEK", total=1, told={})
    batch_id = "d" * 22
    brought = ImportBatch(id=batch_id, cohort_id=cast.bimtek, by_id=cast.trainer, left_out={})
    brought.columns, brought.at, brought.ready_at = [["Nama", "nama"]], now(), now()
    db.session.add(brought)
    db.session.flush()
    row = {"number": 1, "place": "baris 1", "cells": ["Sugeng"], "listed": {"name": "Sugeng"}, "state": "siap"}
    db.session.add(ImportRow(batch_id=batch_id, at=now(), **row))
    meeting = Meeting(
        cohort_id=cast.bimtek, starts_at=now(), ends_at=now() + timedelta(hours=2), subject="Praktik asesmen", jp=2
    )
    db.session.add(meeting)
    return {"job_id": job_id, "batch_id": batch_id, "meeting_id": "1"}


def _at_the_office(cast: Cast) -> dict[str, str]:
    """Within a write: a signer, a number series, and numbers of it that the paper agenda took."""
    db.session.add(Signer(name="Sri Contoh", title="Ketua Panitia", side="belakang"))
    db.session.add(NumberSeries(kind="bimtek", pattern="{urut:03}/{tahun}"))
    db.session.flush()
    taken = {"series_id": 1, "year": 2026, "first": 5, "last": 6, "reason": "Agenda", "by_id": cast.admin}
    db.session.add(NumberBlock(**taken, at=now()))
    believed = {"fingerprint": "f" * 64, "role": "akar", "subject": "CN=Akar", "data": b"", "by_id": cast.admin}
    db.session.add(TrustedCertificate(**believed, valid_from=now(), valid_to=now() + timedelta(days=9), at=now()))
    return {"signer_id": "1", "kind": "bimtek", "block_id": "1", "trust_id": "1", "paper_batch": "e" * 22}


def _fixed(cast: Cast) -> dict[str, str]:
    """What is known before anything was done, and first rows of their tables."""
    return {
        "slug": SLUG,
        "identity": "dasar/satu",
        "path": "dasar/satu.md",
        "number": "1",
        "person_id": str(cast.trainer),
        "inquiry_id": "1",
        "request_id": "1",
        "code": "B1MTEK",
        "which": "awal",
        "letters": code_at(KEY, 1, now()),
        "receipt": str(URLSafeSerializer(KEY, salt=f"hadir:{MARK}").dumps([1, int(now().timestamp()), "r" * 22])),
        "version": "x",
        "record_seal": "rekam-lama",
        "name": "css/sinau.css",
        "letter": "undangan",
    }


def build(app: Flask, cast: Cast) -> Scene:
    """Let the participant finish everything, open a quiz again and take the certificate, which its trainer sees."""
    devices, ways_in = _ways_in(cast)
    scene = Scene(app, cast, {}, devices, "")
    _give_tests(cast)
    owner = scene.browser("owner")
    finish_attempt(owner, cast.participant, f"/tes/{SLUG}/awal", send)
    send(owner, f"/belajar/{SLUG}/lanjut/tiga")
    for lesson in ("dasar/satu", "dasar/dua"):
        send(owner, f"/belajar/{SLUG}/{lesson}")
        scene.finished = finish_quiz(owner, cast.participant, lesson, send)
    test_id = finish_attempt(owner, cast.participant, f"/tes/{SLUG}/akhir", send)
    send(owner, f"/mulai-kuis/{SLUG}/dasar/satu", ke="2")
    add_member(cast.trainer, role="pelatih")
    filling.publish()
    filling.take_part(cast.participant)
    part = membership_of(cast.participant, cast.bimtek).id
    twin = add_member(add_person("Siti Aminnah"))
    speaker = add_member(add_person("Sulastri"), cast.bimtek, "narasumber")
    scene.finished_form, open_form = fill_in_twice(owner)
    certificate_id = send(owner, f"/sertifikat/ambil/{SLUG}", nama="Siti Aminah").location.rpartition("/")[2]
    send(scene.browser("other"), "/saya/hapus", sertifikat="cabut")
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=now()))
        at_the_office = _at_the_office(cast)
        at_a_bimtek = _at_a_bimtek(cast)
        sheet_id = _sheet_of(cast, part)
    check = db.session.get_one(Certificate, certificate_id).token
    edition = edition_view(1, SLUG)
    send(owner, f"/tanya/{SLUG}", formulir="t" * 22, di="dasar/satu", isi="Apakah sudah benar?")
    question = next(iter(questions_in(edition, "dasar/satu.md")))
    scene.values = {
        **ways_in,
        **_fixed(cast),
        **at_the_office,
        **at_a_bimtek,
        "attempt_id": open_attempt_id(owner, "dasar/satu"),
        "test_id": test_id,
        "filling_id": open_form,
        "question_hash": question,
        "certificate_id": certificate_id,
        "sheet_id": sheet_id,
        "token": check,
        "membership_id": str(part),
        "other_id": str(twin),
        "crew_id": str(speaker),
        "blob": edition.files["dasar/media/rumah.svg"],
    }
    return scene

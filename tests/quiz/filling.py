"""Somebody filling in a case: opens it, types into fields by name, by the plain form or as the script does."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.course.questions.base import Value
from lms.db.engine import db
from lms.db.tables import Attempt, Cohort, Course, Enrolment
from lms.quiz import queries
from tests.conftest import Client, add_member, add_person, publish_course, sign_in
from tests.course.form_texts import PATH, course_files

SLUG = "formulir"
HOME = f"/belajar/{SLUG}/{PATH}"
RULES = b"[sertifikat]\npelajaran = true\nkuis = true\n\n[[materi]]"
MODEL: dict[str, Value] = {
    "tanggal": ("2026-10-14",),
    "persetujuan": ("lisan",),
    "anak": ("2",),
    "sekolah": ("tidak",),
    "kebutuhan": ("obat", "akta"),
    "rencana": ("Ke puskesmas, lalu mengurus akta.",),
    "renungan": ("Saya ingin menjanjikan obat.",),
}
"""What is worth 100 in the case that is filled in alone."""


def files(source: str | None = None) -> dict[str, bytes]:
    """A course that consists of a form, and asks for it."""
    found = course_files() if source is None else course_files(source)
    return {**found, "kursus.toml": found["kursus.toml"].replace(b"[[materi]]", RULES)}


def publish(source: str | None = None) -> int:
    """Publish it; the edition's id."""
    return publish_course(SLUG, files(source))


def take_part(person_id: int) -> None:
    """Join its self-study."""
    cohort = db.session.query(Cohort.id).join(Course, Course.id == Cohort.course_id).filter(Course.slug == SLUG)
    add_member(person_id, cohort.scalar())


def new_learner(app: Flask, client: Client) -> Client:
    """A browser of somebody who has joined the published form."""
    publish()
    person_id = add_person()
    take_part(person_id)
    return sign_in(client, person_id)


def begin(client: Client, case: str = "bu-tuti", ordinal: object = 1) -> TestResponse:
    """Press “Mulai mengisi”."""
    response: TestResponse = client.send(f"/mulai-formulir/{SLUG}/{case}/{PATH}", ke=ordinal)
    return response


def open_case(client: Client, case: str = "bu-tuti", ordinal: int = 1) -> "Filling":
    """Open an attempt."""
    response = begin(client, case, ordinal)
    assert response.location.startswith("/formulir/"), response.location
    return Filling(client, response.location.removeprefix("/formulir/"))


@dataclass
class Filling:
    """One attempt as its owner has it before them."""

    client: Client
    id: str
    counter: int = 0

    @property
    def facts(self) -> queries.AttemptFacts:
        db.session.rollback()
        rows = db.session.query(Enrolment.person_id).join(Attempt, Attempt.enrolment_id == Enrolment.id)
        found = queries.attempt_of(rows.filter(Attempt.id == self.id).scalar(), self.id)
        assert found is not None
        return found

    def number(self, name: str) -> int:
        """The number of a field on the sheet."""
        names = [item.question.rpartition("/")[2] for item in self.facts.sheet.items]
        return names.index(name) + 1

    def look(self, page: str = "") -> str:
        return self.client.page(f"/formulir/{self.id}{page}")

    def send(self, action: str, **answers: Value) -> TestResponse:
        """The plain form as it now stands, with these answers in it and no others."""
        hidden = re.findall(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)">', self.look())
        fields: MultiDict[str, str] = MultiDict({**dict(hidden), "aksi": action})
        for name, value in answers.items():
            fields.setlist(f"q{self.number(name)}", list(value))
        return self.client.post(f"/formulir/{self.id}", data=fields)

    def save(self, submit: bool = False, **answers: Value) -> TestResponse:
        """What the outbox sends."""
        entries = [self.entry(name, value) for name, value in answers.items()]
        headers = {"Referer": "https://sinau.test/", "X-CSRFToken": self.client.token()}
        data = {"entries": entries, "submit": submit}
        return self.client.post(f"/kuis/{self.id}/jawaban", json=data, headers=headers)

    def entry(self, name: str, value: Value) -> dict[str, Any]:
        self.counter += 1
        return {
            "id": f"klien-{self.counter:08}",
            "number": self.number(name),
            "counter": self.counter,
            "value": list(value),
        }

    def result(self) -> str:
        return self.look("/hasil")

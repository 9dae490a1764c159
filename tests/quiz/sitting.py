"""Somebody sitting at a quiz: opens it, answers it right or wrong, by the plain form or as the script does."""

import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.course.questions.base import Question, Value
from lms.course.questions.choice import SingleChoice
from lms.course.questions.written import Reflection, ShortAnswer
from lms.db.engine import db
from lms.db.tables import Attempt, Enrolment
from lms.quiz import queries
from tests.conftest import SLUG, Client

ONE, TWO = "dasar/satu", "dasar/dua"


def begin(client: Client, lesson: str = ONE, ordinal: object = 1) -> TestResponse:
    """Press “Mulai kuis”."""
    response: TestResponse = client.send(f"/mulai-kuis/{SLUG}/{lesson}", ke=ordinal)
    return response


def sit(client: Client, lesson: str = ONE, ordinal: int = 1) -> "Sitting":
    """Open an attempt."""
    response = begin(client, lesson, ordinal)
    assert response.location.startswith("/kuis/"), response.location
    return Sitting(client, response.location.removeprefix("/kuis/"))


@dataclass
class Sitting:
    """One attempt as its owner has it before them."""

    client: Client
    id: str
    counter: int = 0
    form: dict[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> queries.AttemptFacts:
        db.session.rollback()
        person_id = (
            db.session.query(Enrolment.person_id)
            .join(Attempt, Attempt.enrolment_id == Enrolment.id)
            .filter(Attempt.id == self.id)
            .scalar()
        )
        found = queries.attempt_of(person_id, self.id)
        assert found is not None
        return found

    def question(self, number: int) -> Question:
        facts = self.facts
        return queries.questions_of(facts)[facts.sheet.items[number - 1].hash]

    @property
    def numbers(self) -> list[int]:
        return list(range(1, len(self.facts.sheet.items) + 1))

    def right(self, number: int) -> Value:
        question = self.question(number)
        if isinstance(question, Reflection):
            return ("Saya pernah mendampingi tetangga.",)
        return (question.accepted[0],) if isinstance(question, ShortAnswer) else question.key

    def wrong(self, number: int) -> Value:
        question = self.question(number)
        if isinstance(question, SingleChoice):
            return tuple(option.key for option in question.options if not option.right)[:1]
        return ("salah sama sekali",) if isinstance(question, ShortAnswer) else tuple(reversed(question.key))

    def look(self) -> str:
        """Open the page; its hidden fields are what the next `send` brings."""
        text = self.client.page(f"/kuis/{self.id}")
        hidden = re.findall(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)">', text)
        self.form = dict(hidden)
        return text

    def send(self, action: str, answers: dict[int, Value], *, fresh: bool = True) -> TestResponse:
        """The plain form with these answers in it and no others."""
        if fresh:
            self.look()
        fields: MultiDict[str, str] = MultiDict({**self.form, "aksi": action})
        for number, value in answers.items():
            fields.setlist(f"q{number}", list(value))
        return self.client.post(f"/kuis/{self.id}", data=fields)

    def entry(self, number: int, value: Value, *, counter: int | None = None, id: str = "") -> dict[str, Any]:
        """An answer as the script writes it."""
        self.counter += 1
        used = self.counter if counter is None else counter
        return {"id": id or f"klien-{self.counter:08}", "number": number, "counter": used, "value": list(value)}

    def save(self, *entries: Any, submit: bool = False) -> TestResponse:
        """What the outbox sends."""
        return self.post({"entries": list(entries), "submit": submit})

    def post(self, data: Any) -> TestResponse:
        headers = {"Referer": "https://sinau.test/", "X-CSRFToken": self.client.token()}
        return self.client.post(f"/kuis/{self.id}/jawaban", json=data, headers=headers)

    def submit(self, *, right: bool = True) -> TestResponse:
        """The whole sheet in one request."""
        answer = self.right if right else self.wrong
        return self.save(*(self.entry(number, answer(number)) for number in self.numbers), submit=True)

    def result(self) -> str:
        return self.client.page(f"/kuis/{self.id}/hasil")

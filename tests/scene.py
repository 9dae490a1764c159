"""The cast in the middle of everything: one object of every kind, and a browser for everybody who may ask for it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from lms.accounts import actions as accounts
from lms.accounts.queries import person_facts
from lms.certificates import actions as certificates
from lms.certificates.queries import SelfStudy
from lms.certificates.selfstudy import Printed, draft
from lms.content.load import edition_view
from lms.content.queries import read_edition
from lms.core.questions import Question, Value
from lms.database import db, sqlite, writing
from lms.learn.queries import progress, selfstudy_completion
from lms.models import Membership
from lms.quizzes import queries as quizzes
from lms.web.clock import now, today
from tests.conftest import KEY, SLUG, Cast, Client

BASE = "https://sinau.test"
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

    def browser(self, who: str) -> Client:
        """A new browser in which this one of the cast is signed in; it has a form token."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        with client.session_transaction(base_url=BASE) as session:
            session["csrf_token"] = "0123456789abcdef"
            if who != "nobody":
                session["_user_id"] = self.devices[who]
                session["_fresh"] = True
                session.permanent = True
        return client

    def address(self, rule: str) -> str:
        """The rule with this scene's objects in its places; KeyError for a kind of object that is not here."""
        values = {**self.values, "attempt_id": self.finished} if rule.endswith("/hasil") else self.values
        return PLACE.sub(lambda match: values[match[1]], rule)


def token() -> str:
    """The form token of every browser of the scene."""
    return URLSafeTimedSerializer(KEY, salt="wtf-csrf-token").dumps("0123456789abcdef")  # type: ignore[no-any-return]


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """(method, rule) of everything the site answers to."""
    return [
        (method, rule)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted(OWN_METHODS & (rule.methods or OWN_METHODS))
    ]


def fingerprint() -> str:
    """A hash over every row of every table."""
    db.session.rollback()
    digest = hashlib.sha256()
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"'))
            digest.update(repr((table.name, rows)).encode())
    return digest.hexdigest()


class Kept:
    """A copy of the memory database, to begin again from."""

    def __init__(self) -> None:
        self._copy = sqlite.connect(":memory:")
        _live().backup(self._copy)

    def restore(self) -> None:
        """Make the database what it was."""
        self._copy.backup(_live())


def _live() -> Any:
    db.session.remove()
    raw = db.engine.raw_connection()
    try:
        return raw.driver_connection
    finally:
        raw.close()


def right_answer(question: Question) -> Value:
    """What counts as right for any question of the test course."""
    return question.key or (("60",) if question.kind == "isian" else ("Pernah menemani tetangga.",))


def finish_quiz(client: Client, person_id: int, lesson: str, send: Callable[..., Any]) -> str:
    """Open the quiz of a lesson, answer all of it rightly, submit; the attempt's id."""
    send(client, f"/mulai-kuis/{SLUG}/{lesson}", ke="1")
    attempt_id = open_attempt_id(client, lesson)
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
    return re.findall(r'href="/kuis/([^"/]+)', text)[0]


def send(client: Client, path: str, **fields: Any) -> Any:
    """Post a form with a token of the scene."""
    return client.post(path, data={"csrf_token": token(), **fields})


def build(app: Flask, cast: Cast) -> Scene:
    """Let the participant finish everything, open a quiz again and get a certificate of the bimtek."""
    app.test_client_class = Client
    people = {
        "stranger": cast.stranger,
        "owner": cast.participant,
        "other": cast.other,
        "trainer": cast.trainer,
        "other_trainer": cast.other_trainer,
        "admin": cast.admin,
    }
    with writing():
        devices = {who: accounts.add_device(person, "Android, Chrome", now()).id for who, person in people.items()}
        second = accounts.add_device(cast.participant, "Windows, Firefox", now()).id
        secret = accounts.new_admin_code(now())
    scene = Scene(app, cast, {}, devices, "")
    owner = scene.browser("owner")
    for lesson in ("dasar/satu", "dasar/dua"):
        send(owner, f"/belajar/{SLUG}/{lesson}")
        scene.finished = finish_quiz(owner, cast.participant, lesson, send)
    send(owner, f"/mulai-kuis/{SLUG}/dasar/satu", ke="2")
    certificate_id, check = issue(cast.participant, cast.bimtek)
    edition = edition_view(1, SLUG)
    scene.values = {
        "slug": SLUG,
        "identity": "dasar/satu",
        "attempt_id": open_attempt_id(owner, "dasar/satu"),
        "device_id": second,
        "secret": secret,
        "certificate_id": certificate_id,
        "token": check,
        "code": "B1MTEK",
        "blob": edition.files["dasar/media/rumah.svg"],
        "version": "x",
        "name": "css/sinau.css",
    }
    return scene


def issue(person_id: int, cohort_id: int) -> tuple[str, str]:
    """(id, public token) of a sample certificate on a membership of a bimtek."""
    ref = read_edition(SLUG, person_id, today())
    assert ref is not None
    edition = edition_view(ref.edition_id, SLUG)
    person, facts = progress(ref, edition), person_facts(person_id)
    member = db.session.query(Membership).filter_by(person_id=person_id, cohort_id=cohort_id).one()
    plan = draft(
        SelfStudy(member.id, cohort_id, member.joined_at),
        ref.enrolment_id or 0,
        edition,
        person,
        selfstudy_completion(edition, person),
        Printed(facts.name, "", "", facts.region),
        public_url=BASE,
        is_https=True,
    )
    with writing():
        return certificates.issue(plan, KEY, now()), plan.snapshot.token

"""No page asks the database more often because its course is longer or its learner further."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from lms.course.load import edition_view
from lms.course.queries import read_edition
from lms.db.engine import db, read
from lms.db.tables import Person
from tests.conftest import Client, add_member, add_person, forget_editions, publish_course, sign_in
from tests.scene import Scene, token

LESSON = (
    "# Pelajaran {n}\n\nSetelah pelajaran ini Anda tahu.\n\n"
    "## Kuis\n\n### Soal {n}?\n\n- [x] Ya, betul\n- [ ] Bukan\n  > Belum.\n"
)


def course_of(count: int) -> dict[str, bytes]:
    """A course with so many lessons, each with a quiz."""
    names = ", ".join(f'"a/p{number}.md"' for number in range(count))
    toml = (
        'judul = "Panjang"\nringkasan = "r"\nsasaran = "s"\n[sertifikat]\npelajaran = true\nkuis = true\n'
        f'[[materi]]\njudul = "A"\njp_daring = 1\njp_tatap_muka = 1\ntujuan = ["Tahu"]\npelajaran = [{names}]\n'
    )
    lessons = {f"a/p{number}.md": LESSON.format(n=number).encode() for number in range(count)}
    return {"kursus.toml": toml.encode(), **lessons}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, but BEGIN and pragmas."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in db.engines.values():
        event.remove(engine, "before_cursor_execute", note)


def counted(client: Client, path: str) -> list[str]:
    """The statements of the second opening of a page: what is kept by hash is kept then."""
    client.get(path)
    with statements() as sent:
        assert client.get(path).status_code == 200
    return sent


@pytest.fixture
def reader(app: Flask, client: Client) -> Client:
    person = add_person("Siti Aminah")
    client.lint = False
    return sign_in(client, person)


def sizes(reader: Client, page: str) -> list[int]:
    """Statements of a page in a course of 3 and of 60 lessons, half of them finished."""
    found = []
    for slug, count in (("kecil", 3), ("besar", 60)):
        publish_course(slug, course_of(count))
        forget_editions()
        person_id = db.session.query(Person).one().id
        cohort_id = db.session.execute(
            db.text("select c.id from cohort c join course k on k.id = c.course_id where k.slug = :s"), {"s": slug}
        ).scalar_one()
        add_member(person_id, cohort_id)
        for number in range(count // 2):
            reader.send(f"/belajar/{slug}/a/p{number}")
        found.append(len(counted(reader, page.format(slug=slug))))
    return found


def test_a_lesson_costs_four_statements_however_long_the_course_is(reader: Client) -> None:
    small, large = sizes(reader, "/belajar/{slug}/a/p1")
    assert small == large
    assert large <= 4


def test_a_course_costs_the_same_however_long_it_is(reader: Client) -> None:
    small, large = sizes(reader, "/belajar/{slug}")
    assert small == large
    assert large <= 5


def test_the_start_of_a_quiz_costs_the_same_however_long_the_course_is(reader: Client) -> None:
    small, large = sizes(reader, "/mulai-kuis/{slug}/a/p1")
    assert small == large


def test_a_page_that_asks_once_a_lesson_is_red(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def asks_for_each(slug: str) -> str:
        ref = read_edition(slug, None, date(2026, 11, 24))
        assert ref is not None
        for _ in edition_view(ref.edition_id, slug).lessons:
            read(db.select(Person.id)).all()
        return ""

    monkeypatch.setitem(reader.application.view_functions, "learn.course", asks_for_each)
    small, large = sizes(reader, "/belajar/{slug}")
    assert large > small


def save(client: Client, path: str, number: int) -> int:
    body = {"entries": [{"id": f"{number:020}", "number": 1, "counter": number, "value": ["x"]}]}
    response = client.post(path, json=body, headers={"X-CSRFToken": token(), "Referer": "https://sinau.test/"})
    return response.status_code


def test_saving_an_answer_costs_six_statements_however_many_there_are(scene: Scene) -> None:
    client = scene.browser("owner")
    path = scene.address("/kuis/<attempt_id>/jawaban")
    costs = []
    for turn in range(1, 42):
        with statements() as sent:
            assert save(client, path, turn) == 200
        costs.append(len(sent))
    assert max(costs[1:]) <= 6
    assert costs[1] == costs[-1]


def test_reading_as_nobody_costs_two_statements(client: Client) -> None:
    client.lint = False
    assert len(counted(client, "/belajar/kursus/dasar/satu")) <= 2


def test_the_front_page_costs_the_same_for_a_learner_further_on(scene: Scene) -> None:
    further, beginner = scene.browser("owner"), scene.browser("other")
    for client in (further, beginner):
        client.lint = False
    assert len(counted(further, "/")) == len(counted(beginner, "/"))

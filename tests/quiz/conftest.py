"""The test course with its two tests, and a participant of its self-study."""

import pytest
from flask import Flask

from tests.conftest import SLUG, Client, add_member, add_person, forget_editions, publish_course, sign_in
from tests.quiz.exam_course import exam_files


@pytest.fixture
def exams(app: Flask) -> int:
    """The edition that has tests."""
    edition = publish_course(SLUG, exam_files())
    forget_editions()
    return edition


@pytest.fixture
def taker(client: Client, exams: int) -> Client:
    person_id = add_person()
    add_member(person_id)
    return sign_in(client, person_id)

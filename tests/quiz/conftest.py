"""The test course with its two tests, and a participant of its self-study."""

import pytest
from flask import Flask

from tests.baked import Baked
from tests.conftest import SLUG, Client, carry, forget_editions, new_learner, publish_course
from tests.quiz.exam_course import exam_files


@pytest.fixture
def exams(app: Flask, baked: Baked) -> int:
    """The edition that has tests."""
    edition = baked.once("exams", lambda: publish_course(SLUG, exam_files()))
    forget_editions()
    return edition


@pytest.fixture
def taker(client: Client, exams: int, baked: Baked) -> Client:
    return carry(client, baked.once("taker", new_learner))

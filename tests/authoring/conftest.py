"""Two who may edit the test course, each with a browser."""

from collections.abc import Callable

import pytest

from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from tests.conftest import START, Cast, Client, sign_in


@pytest.fixture
def retno(client: Client, cast: Cast) -> Client:
    """The trainer's browser, who may edit the course."""
    return _editor(client, cast.trainer, "Retno Wulandari")


@pytest.fixture
def joko(browser: Callable[[], Client], cast: Cast) -> Client:
    """A colleague's browser, who may edit it too."""
    return _editor(browser(), cast.other_trainer, "Joko Susilo")


def _editor(client: Client, person_id: int, name: str) -> Client:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=person_id, at=START))
    return sign_in(client, person_id, name)

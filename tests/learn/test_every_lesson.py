"""The bundled course as it is read: every lesson opens with its pictures, and the course lists it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.app import create_app
from lms.content.load import EditionView, edition_view
from lms.content.queries import read_edition
from lms.database import close_all, db
from lms.setup import initialise
from tests.conftest import START, Client, forget_editions, settings_for

SLUG = "bimtek-dasar-psm"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, EditionView]]:
    """The site as `make run` leaves it, and the bundled course's edition."""
    forget_editions()
    settings = settings_for(tmp_path_factory.mktemp("course"))
    app = create_app(settings)
    app.testing, app.test_client_class = True, Client
    initialise(app, settings)
    with app.app_context():
        ref = read_edition(SLUG, None, START.date())
        assert ref is not None
        yield app, edition_view(ref.edition_id, SLUG)
        db.session.remove()
        close_all()
    forget_editions()


def test_every_lesson_opens_with_its_pictures(site: tuple[Flask, EditionView]) -> None:
    app, edition = site
    client = app.test_client()
    pictures = set()
    for identity, outline in edition.lessons.items():
        page = client.get(f"/belajar/{SLUG}/{identity}")
        assert page.status_code == 200, identity
        html = page.get_data(as_text=True)
        assert outline.title in html.replace("&#39;", "'")
        pictures |= set(re.findall(r'src="(/media/[0-9a-f]{64})"', html))
    assert len(pictures) >= 20
    assert all(client.get(picture).status_code == 200 for picture in pictures)


def test_the_course_lists_every_lesson(site: tuple[Flask, EditionView]) -> None:
    app, edition = site
    html = app.test_client().get(f"/belajar/{SLUG}").get_data(as_text=True)
    for identity in edition.lessons:
        assert f'href="/belajar/{SLUG}/{identity}"' in html


def test_a_long_course_is_folded_but_for_the_subject_one_is_at(site: tuple[Flask, EditionView]) -> None:
    app, edition = site
    html = app.test_client().get(f"/belajar/{SLUG}").get_data(as_text=True)
    folds = re.findall(r"<details( open)?><summary>(\d+) pelajaran, \d+ kuis", html)
    assert [opened for opened, _ in folds] == [" open"] + [""] * (len(edition.modules) - 1)
    assert [int(count) for _, count in folds] == [len(module.lessons) for module in edition.modules]

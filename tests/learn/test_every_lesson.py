"""The bundled courses as they are read: every lesson opens with its pictures, and its course lists it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.boot.app import create_app
from lms.course.load import EditionView, edition_view
from lms.course.queries import read_edition
from lms.db.engine import close_all, db
from tests.conftest import START, Client, forget_editions, settings_for

pytestmark = pytest.mark.walk

SLUG = "bimtek-dasar-psm"
LEAST_PICTURES = {SLUG: 20, "panduan-pelatih": 12}
every_course = pytest.mark.parametrize("slug", LEAST_PICTURES)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, set_up: Path) -> Iterator[Flask]:
    """The site as `make run` leaves it."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(set_up, folder, dirs_exist_ok=True)
    forget_editions()
    app = create_app(settings_for(folder))
    app.testing, app.test_client_class = True, Client
    with app.app_context():
        yield app
        db.session.remove()
        close_all()
    forget_editions()


def edition_of(slug: str) -> EditionView:
    ref = read_edition(slug, None, START.date())
    assert ref is not None
    return edition_view(ref.edition_id, slug)


@every_course
def test_every_lesson_opens_with_its_pictures(site: Flask, slug: str) -> None:
    client = site.test_client()
    pictures = set()
    for identity, outline in edition_of(slug).lessons.items():
        page = client.get(f"/belajar/{slug}/{identity}")
        assert page.status_code == 200, identity
        html = page.get_data(as_text=True)
        assert outline.title in html.replace("&#39;", "'")
        pictures |= set(re.findall(r'src="(/media/[0-9a-f]{64})"', html))
    assert len(pictures) >= LEAST_PICTURES[slug]
    assert all(client.get(picture).status_code == 200 for picture in pictures)


@every_course
def test_the_course_lists_every_lesson(site: Flask, slug: str) -> None:
    html = site.test_client().get(f"/belajar/{slug}").get_data(as_text=True)
    for identity in edition_of(slug).lessons:
        assert f'href="/belajar/{slug}/{identity}"' in html


def test_who_comes_to_learn_is_shown_the_bimtek_alone(site: Flask) -> None:
    html = site.test_client().get("/").get_data(as_text=True)
    assert f'href="/belajar/{SLUG}">Mulai belajar' in html
    assert "panduan-pelatih" not in html


def test_a_long_course_is_folded_but_for_the_subject_one_is_at(site: Flask) -> None:
    edition = edition_of(SLUG)
    html = site.test_client().get(f"/belajar/{SLUG}").get_data(as_text=True)
    folds = re.findall(r"<details( open)?><summary>(\d+) pelajaran, \d+ kuis", html)
    assert [opened for opened, _ in folds] == [" open"] + [""] * (len(edition.modules) - 1)
    assert [int(count) for _, count in folds] == [len(module.lessons) for module in edition.modules]

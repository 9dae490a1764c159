"""/media/<hash>: only what a published edition names, for ever, and never as a page of ours."""

import hashlib

import pytest
from flask import Flask

from lms.course import actions
from lms.course.folder import read_folder
from lms.db.engine import writing
from tests.conftest import COURSE, SLUG, Client, publish_course

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
HASH = hashlib.sha256(PICTURE).hexdigest()


def with_picture(path: str = "dasar/media/foto.png") -> dict[str, bytes]:
    return {**read_folder(COURSE), path: PICTURE}


def test_a_published_picture_is_served_with_its_bytes_and_kept_for_ever(client: Client) -> None:
    publish_course(SLUG, with_picture())
    response = client.get(f"/media/{HASH}")
    assert response.data == PICTURE
    assert response.mimetype == "image/png"
    assert "immutable" in response.headers["Cache-Control"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_a_picture_of_a_draft_is_not_there_until_it_is_published(client: Client) -> None:
    with writing():
        actions.import_draft("rancangan", with_picture())
    assert client.get(f"/media/{HASH}").status_code == 404
    publish_course("rancangan", with_picture())
    assert client.get(f"/media/{HASH}").status_code == 200


def test_a_picture_stays_reachable_when_a_later_edition_drops_it(client: Client) -> None:
    publish_course(SLUG, with_picture())
    publish_course(SLUG, read_folder(COURSE))
    assert client.get(f"/media/{HASH}").status_code == 200


@pytest.mark.parametrize("path", ["dasar/foto.png", "dasar/media/foto.html", "dasar/media/foto.png.txt"])
def test_what_is_no_picture_in_a_media_folder_is_not_served(client: Client, path: str) -> None:
    publish_course(SLUG, with_picture(path))
    assert client.get(f"/media/{HASH}").status_code == 404


def test_lessons_and_rules_are_no_media(client: Client, app: Flask) -> None:
    for data in read_folder(COURSE).values():
        response = client.get(f"/media/{hashlib.sha256(data).hexdigest()}")
        assert response.status_code == (200 if data.startswith(b"<svg") else 404)


@pytest.mark.parametrize("name", ["x", "a" * 64, "A" * 64, "%00" * 64, "../kursus.toml", "é" * 64])
def test_an_unknown_name_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404

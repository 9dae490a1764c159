"""What the tests of publishing share: a change in the draft, and the form as the page showed it."""

import re
from collections.abc import Mapping

from werkzeug.test import TestResponse

from lms.course import actions, queries
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.web.clock import now
from tests.conftest import COURSE, SLUG, Client

HOME = f"/pelatih/kursus/{SLUG}"
PUBLISH = f"{HOME}/terbitkan"
ONE, TWO, TOML = "dasar/satu.md", "dasar/dua.md", "kursus.toml"
WHY = "Kalimat pembuka diperjelas."


def save(path: str, data: bytes | None, by: int) -> None:
    """Save a file of the draft as somebody's, whatever was there."""
    with writing():
        actions.save_files(1, {path: data}, by, now())


def mend(path: str, old: str, new: str, by: int) -> None:
    """Save a file with other words in it."""
    held = queries.files_of(queries.draft_hashes(1))[path]
    assert old.encode() in held
    save(path, held.replace(old.encode(), new.encode()), by)


def add_lesson(path: str, by: int, text: str = "# Pelajaran tiga\n\nIsi yang baru.\n") -> None:
    """Save a new lesson and list it in kursus.toml."""
    save(path, text.encode(), by)
    mend(TOML, '"dasar/dua.md"', f'"dasar/dua.md", "{path}"', by)


def fields(html: str) -> dict[str, object]:
    """What the browser would send of the publishing form as it stands."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", html):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and name[1] != "csrf_token" and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "")
    return dict(found)


def ticked(html: str) -> list[str]:
    """The files whose box is ticked."""
    held = fields(html).get("berkas", [])
    return sorted(held) if isinstance(held, list) else []


def press(client: Client, html: str, **more: object) -> TestResponse:
    """Press the button of a page."""
    return client.send(PUBLISH, **{**fields(html), "alasan": WHY, "aksi": "terbitkan", **more})


def publish(client: Client, html: str, **more: object) -> str:
    """Press it where nothing stands in the way; the address one lands on."""
    answer = press(client, html, **more)
    assert answer.status_code == 303, faults(answer.get_data(as_text=True))
    return str(answer.location)


def faults(html: str) -> list[str]:
    """What a page says stands in the way."""
    return re.findall(r'<p class="fault" role="alert"[^>]*>([^<]*)', html)


def published() -> dict[str, bytes]:
    """The files that are read now."""
    db.session.rollback()
    return queries.files_of(queries.edition_hashes_of_current(1))


def bundled() -> Mapping[str, bytes]:
    """The files of the test course."""
    return read_folder(COURSE)

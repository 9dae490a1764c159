"""What the tests of the editor share: a trainer who may edit the small course, and its draft."""

from lms.course import actions, queries
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from tests.conftest import SLUG, START, Cast, Client, sign_in

HOME = f"/pelatih/kursus/{SLUG}"
SATU = "dasar/satu.md"


def as_editor(client: Client, cast: Cast) -> Client:
    """The browser of a trainer who edits the course."""
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def put(path: str, data: bytes, by: int) -> str:
    """Save a file of the draft past the page; its hash."""
    with writing():
        return actions.save_file(1, path, data, queries.draft_hash(1, path), by, START)


def base_of(path: str) -> str:
    """The hash of a file of the draft."""
    db.session.rollback()
    return queries.draft_hash(1, path)


def held(path: str) -> bytes:
    """The bytes of a file of the draft."""
    blob = base_of(path)
    return queries.blobs({blob})[blob]

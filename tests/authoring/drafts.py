"""A browser that may edit the test course, and what its draft and its editions say."""

from lms.course import actions, queries
from lms.course.outline import CourseRules, parse_course
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor
from lms.web.clock import now, today
from tests.conftest import SLUG, START, Cast, Client, sign_in

HOME = f"/pelatih/kursus/{SLUG}"


def as_writer(client: Client, cast: Cast) -> Client:
    """Sign in somebody who edits the course."""
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def save(path: str, data: bytes | None, by: int) -> None:
    """Put a file into the draft past every page."""
    with writing():
        actions.save_files(1, {path: data}, by, now())


def files() -> dict[str, bytes]:
    """The draft."""
    db.session.rollback()
    return queries.files_of(queries.draft_hashes(1))


def course() -> CourseRules:
    """kursus.toml of the draft, which has no fault."""
    found, problems = parse_course(files()["kursus.toml"].decode())
    assert found is not None
    assert problems == []
    return found


def publish(course_id: int = 1) -> None:
    """Publish the whole draft."""
    db.session.rollback()
    checked = actions.check_draft(course_id, today())
    with writing():
        assert actions.publish(checked, now())


def base(text: str) -> str:
    """What a page says it was made of."""
    return text.partition('name="dasar" value="')[2].partition('"')[0]

"""Writes of those who write courses: several files that belong together, a course of one's own. Nothing commits."""

from collections.abc import Mapping
from datetime import datetime

from lms.course import actions as content
from lms.course import queries
from lms.db.engine import db
from lms.db.tables import Course, CourseEditor
from lms.people.actions import note


def save_together(
    course_id: int, files: Mapping[str, bytes | None], seen: Mapping[str, str], person_id: int, now: datetime
) -> None:
    """Save files that only make sense together; `seen` is the draft, path to blob hash, that they were made from.

    Raises EditedMeanwhile when one of them is another by now; nothing is saved then.
    """
    db.session.get_one(Course, course_id, with_for_update=True)
    for path, blob in queries.draft_states(course_id, files).items():
        if (blob or "") != seen.get(path, ""):
            raise content.EditedMeanwhile(blob or "")
    content.save_files(course_id, files, person_id, now)


def open_course(
    slug: str, files: Mapping[str, bytes], person_id: int, now: datetime, action: str = "kursus dibuat"
) -> None:
    """Begin a course that who opens it may edit; raises IntegrityError when there is one of this name by now."""
    course = Course(slug=slug)
    db.session.add(course)
    db.session.flush()
    db.session.add(CourseEditor(course_id=course.id, person_id=person_id, at=now))
    content.save_files(course.id, files, person_id, now)
    note(person_id, action, f"course:{course.id}", now)

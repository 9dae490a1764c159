"""Writes about reading. Nothing here commits."""

from datetime import datetime

from lms.db.engine import db, insert_missing
from lms.db.tables import Reading


def finish_lesson(enrolment_id: int, lesson: str, edition_id: int, now: datetime) -> None:
    """Keep that the lesson was finished in this edition; pressed twice it is kept once.

    A “baca lagi” comes with a newer edition, so the new reading is a row of its own.
    """
    row = {"enrolment_id": enrolment_id, "lesson": lesson, "edition_id": edition_id, "at": now}
    db.session.execute(insert_missing(Reading, "enrolment_id", "lesson", "edition_id"), row)

"""Writes about reading. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.models import Reading


def finish_lesson(enrolment_id: int, lesson: str, edition_id: int, now: datetime) -> None:
    """Keep that the lesson was finished in this edition; pressed twice it is kept once.

    A “baca lagi” comes with a newer edition, so the new reading is a row of its own.
    """
    held = db.session.scalar(
        select(Reading).where(
            Reading.enrolment_id == enrolment_id, Reading.lesson == lesson, Reading.edition_id == edition_id
        )
    )
    if held is None:
        db.session.add(Reading(enrolment_id=enrolment_id, lesson=lesson, edition_id=edition_id, at=now))

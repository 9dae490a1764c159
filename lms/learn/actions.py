"""Writes about reading and about questions to the desk. Nothing here commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.db.engine import db, insert_missing
from lms.db.tables import Inquiry, InquiryReply, Reading


def finish_lesson(enrolment_id: int, lesson: str, edition_id: int, now: datetime) -> None:
    """Keep that the lesson was finished in this edition; pressed twice it is kept once.

    A “baca lagi” comes with a newer edition, so the new reading is a row of its own.
    """
    row = {"enrolment_id": enrolment_id, "lesson": lesson, "edition_id": edition_id, "at": now}
    db.session.execute(insert_missing(Reading, "enrolment_id", "lesson", "edition_id"), row)


def ask(**asked: Any) -> None:
    """Put an Inquiry of these values into the desk's box; the same form sent again changes nothing."""
    db.session.execute(insert_missing(Inquiry, "form_id"), asked)


def reply(inquiry_id: int, text: str, by: int, now: datetime) -> None:
    """Append the desk's answer; the very same one is kept once."""
    answer = {"inquiry_id": inquiry_id, "text": text, "by_id": by}
    if db.session.scalar(select(InquiryReply.id).filter_by(**answer).limit(1)) is None:
        db.session.add(InquiryReply(**answer, at=now))

"""Writes about reading and about questions to the desk. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime

from lms.db.engine import db, insert_missing
from lms.db.tables import Inquiry, InquiryReply, Reading


def finish_lesson(enrolment_id: int, lesson: str, edition_id: int, now: datetime) -> None:
    """Keep that the lesson was finished in this edition; pressed twice it is kept once.

    A “baca lagi” comes with a newer edition, so the new reading is a row of its own.
    """
    row = {"enrolment_id": enrolment_id, "lesson": lesson, "edition_id": edition_id, "at": now}
    db.session.execute(insert_missing(Reading, "enrolment_id", "lesson", "edition_id"), row)


@dataclass(frozen=True, slots=True)
class InquiryPlace:
    """A place in a course that a question is about; lesson and question are "" for the whole course."""

    edition_id: int
    lesson: str
    question_hash: str


def ask(
    form_id: str, person_id: int, cohort_id: int | None, kind: str, place: InquiryPlace, text: str, now: datetime
) -> None:
    """Put it into the desk's box; the same form sent again changes nothing."""
    row = {
        "form_id": form_id,
        "person_id": person_id,
        "cohort_id": cohort_id,
        "edition_id": place.edition_id,
        "kind": kind,
        "lesson": place.lesson,
        "question_hash": place.question_hash,
        "text": text,
        "at": now,
    }
    db.session.execute(insert_missing(Inquiry, "form_id"), row)


def reply(inquiry_id: int, text: str, by: int, now: datetime) -> None:
    """Append the desk's answer."""
    db.session.add(InquiryReply(inquiry_id=inquiry_id, text=text, by_id=by, at=now))

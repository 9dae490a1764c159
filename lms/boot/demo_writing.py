"""What trainers of the demonstration have written: lessons not yet published, and answers to what readers wrote."""

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.boot.demo_people import DATA
from lms.course import actions as content
from lms.course.load import EditionView
from lms.course.outline import file_of
from lms.course.queries import blobs
from lms.db.engine import db
from lms.db.tables import Attempt, CourseEditor, ReflectionReply
from lms.learn import actions as inquiries

UNANSWERED = 6


def write(course_id: int, edition: EditionView, editors: tuple[int, int], now: datetime) -> None:
    """One editor added a sentence to a lesson; the other's lesson has a question that lost its right answer."""
    for person_id in editors:
        db.session.add(CourseEditor(course_id=course_id, person_id=person_id, at=now - timedelta(days=30)))
    lessons = [file_of(identity) for identity, lesson in edition.lessons.items() if lesson.has_quiz]
    lessons = [path for path in lessons if path.endswith(".md")]
    texts = {path: blobs({edition.files[path]})[edition.files[path]].decode() for path in (lessons[0], lessons[-1])}
    first, last = lessons[0], lessons[-1]
    better = texts[first].replace("\n## Latihan", f"{DATA['better']}\n## Latihan", 1).encode()
    content.save_files(course_id, {first: better}, editors[0], now - timedelta(hours=5))
    broken = texts[last].replace("- [x]", "- [ ]", 1).encode()
    content.save_files(course_id, {last: broken}, editors[1], now - timedelta(hours=2))


def answer(edition: EditionView, trainer_id: int, now: datetime) -> None:
    """A trainer answered within a day what people noted, but for the newest few."""
    written: dict[str, list[int]] = {}
    for lesson in edition.lessons.values():
        for quiz, number in lesson.written:
            written.setdefault(quiz, []).append(number)
    sent = select(Attempt.id, Attempt.quiz, Attempt.submitted_at).where(
        Attempt.quiz.in_(written), Attempt.submitted_at.is_not(None), Attempt.trial.is_(False)
    )
    notes = [
        (attempt_id, number, at)
        for attempt_id, quiz, at in db.session.execute(sent.order_by(Attempt.submitted_at.desc(), Attempt.id))
        if at
        for number in written[quiz]
    ]
    for place, (attempt_id, number, at) in enumerate(notes[UNANSWERED:]):
        text, moment = DATA["thanks"][place % len(DATA["thanks"])], min(now, at + timedelta(days=1))
        db.session.add(ReflectionReply(attempt_id=attempt_id, number=number, text=text, by_id=trainer_id, at=moment))


def ask(edition: EditionView, cohort_id: int, people: list[int], now: datetime) -> None:
    """Readers who doubt or ask, each at a lesson."""
    for number, (person_id, (kind, text)) in enumerate(zip(people, DATA["doubts"], strict=False)):
        about = {"edition_id": edition.id, "lesson": edition.order[number % len(edition.order)], "question_hash": ""}
        asked = {"form_id": f"peragaan{number:024}", "at": now - timedelta(days=2, hours=number)}
        inquiries.ask(person_id=person_id, cohort_id=cohort_id, kind=kind, text=text, **about, **asked)

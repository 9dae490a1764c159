"""What trainers of the demonstration have written and not yet published, and what readers asked them."""

from datetime import datetime, timedelta

from lms.content import actions as content
from lms.content.load import EditionView
from lms.content.queries import blobs
from lms.core.course import file_of
from lms.database import db
from lms.inquiries import actions as inquiries
from lms.models import CourseEditor

BETTER = "\nContoh dari dusun sendiri lebih mudah diingat daripada contoh dari kota.\n"
DOUBTS = (
    ("keliru", "Nama kecamatan pada contoh ini sepertinya tertukar. Mohon diperiksa."),
    ("tanya", "Apakah tugas ini boleh dikerjakan bergantian dengan kader lain?"),
    ("keliru", "Pilihan kedua menurut saya juga benar. Bagaimana menurut Ibu?"),
)


def write(course_id: int, edition: EditionView, editors: tuple[int, int], now: datetime) -> None:
    """One editor added a sentence to a lesson; the other's lesson has a question that lost its right answer."""
    for person_id in editors:
        db.session.add(CourseEditor(course_id=course_id, person_id=person_id, at=now - timedelta(days=30)))
    lessons = [file_of(identity) for identity, lesson in edition.lessons.items() if lesson.has_quiz]
    lessons = [path for path in lessons if path.endswith(".md")]
    texts = {path: blobs({edition.files[path]})[edition.files[path]].decode() for path in (lessons[0], lessons[-1])}
    first, last = lessons[0], lessons[-1]
    better = texts[first].replace("\n## Latihan", f"{BETTER}\n## Latihan", 1).encode()
    content.save_files(course_id, {first: better}, editors[0], now - timedelta(hours=5))
    broken = texts[last].replace("- [x]", "- [ ]", 1).encode()
    content.save_files(course_id, {last: broken}, editors[1], now - timedelta(hours=2))


def ask(edition: EditionView, cohort_id: int, people: list[int], now: datetime) -> None:
    """Readers who doubt or ask, each at a lesson."""
    for number, (person_id, (kind, text)) in enumerate(zip(people, DOUBTS, strict=False)):
        place = inquiries.Place(edition.id, edition.order[number % len(edition.order)], "")
        moment = now - timedelta(days=2, hours=number)
        inquiries.ask(f"peragaan{number:024}", person_id, cohort_id, kind, place, text, moment)

"""The bundled courses: every lesson's HTML, the hash of every question, what the checker and the blueprint say."""

import re
from pathlib import Path

import pytest

from tests.bundled import BANK, BIMTEK, BOTH, Bundled
from tests.frozen import store
from tests.frozen.site import Phone, said, stop_time, with_courses
from tests.frozen.texts import content

pytestmark = pytest.mark.walk

COURSES = Path(__file__).parents[2] / "courses"
JOIN = re.compile(r"/ikut/[0-9A-Z]{6}\b")
MAIN = re.compile(r"<main.*</main>", re.DOTALL)


def questions(course: Bundled) -> str:
    """A line for each question: where it stands, its kind, and the hash under which answers to it are kept."""
    found = [
        f"{lesson.path} {pool.kind} {pool.name} {question.kind} {question.hash}"
        for lesson in course.lessons
        for pool in lesson.pools
        for question in pool.questions
    ]
    if course is BIMTEK:
        found += [
            f"tes.md {pool.kind} {pool.name} {each.kind} {each.hash}" for pool in BANK.pools for each in pool.questions
        ]
    found += [
        f"{item.question} {item.hash}"
        for form in course.report.forms.values()
        for case in form.cases
        for item in form.sheet(case).items
    ]
    return "\n".join(found)


def links_of(home: str) -> list[str]:
    """The addresses of a course's lessons and forms, as its page lists them."""
    return sorted(set(re.findall(r'href="(/(?:belajar|contoh)/[^"#?]+)', home)))


@pytest.mark.parametrize("course", BOTH, ids=lambda course: course.slug)
def test_a_bundled_course_is_what_it_was(course: Bundled, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop_time(monkeypatch)
    folder = COURSES / course.slug
    texts = {
        "lms check": said("check", folder).replace(str(COURSES), "courses"),
        "lms blueprint": said("blueprint", folder),
        "soal": questions(course),
    }
    with with_courses(tmp_path / "data") as app:
        phone = Phone(app, "nobody")
        home = phone.page(f"/belajar/{course.slug}")
        pages = {f"/istilah/{course.slug}", *links_of(home)} if "/istilah/" in home else set(links_of(home))
        for address in [f"/belajar/{course.slug}", *sorted(pages)]:
            response = phone.ask(address)
            found = MAIN.search(content(response.mimetype, response.data))
            texts[f"{response.status_code} {address}"] = JOIN.sub("/ikut/KODE", found[0]) if found else ""
    assert sum(name.startswith("200 ") for name in texts) > 10
    store.compare(f"course-{course.slug}", texts)

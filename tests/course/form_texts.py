"""The small practice form of the tests, read from its folder, whole or with a change."""

from datetime import date
from pathlib import Path

from lms.course.check import check_course
from lms.course.form import Case, Form
from lms.course.form_reading import parse_form
from lms.course.problems import Problem

FOLDER = Path(__file__).parents[1] / "data" / "formulir"
PATH = "dasar/kunjungan.toml"
TODAY = date(2026, 11, 24)
SOURCE = (FOLDER / "kunjungan.toml").read_text(encoding="utf-8")
COURSE = f'judul = "Kursus"\n\n[[materi]]\njudul = "Satu"\npelajaran = ["{PATH}"]\n'


def course_files(source: str = SOURCE) -> dict[str, bytes]:
    """A course that consists of the form and its stories."""
    stories = {f"dasar/{path.name}": path.read_bytes() for path in FOLDER.glob("*.md")}
    return {"kursus.toml": COURSE.encode(), PATH: source.encode(), **stories}


def changed(old: str, new: str) -> str:
    """The form with one place changed, the first where it says `old`."""
    assert old in SOURCE, old
    return SOURCE.replace(old, new, 1)


def problems_of(source: str, files: dict[str, bytes] | None = None) -> list[Problem]:
    """What the checker says about a course of this form."""
    return check_course({**course_files(source), **(files or {})}, TODAY).problems


def form_of(source: str = SOURCE) -> Form:
    """The form, which has no fault in a single table."""
    form, problems = parse_form(PATH, source)
    assert form
    assert problems == []
    return form


def case_of(slug: str, source: str = SOURCE) -> tuple[Form, Case]:
    """The form and one of its cases."""
    form = form_of(source)
    case = form.case(slug)
    assert case
    return form, case

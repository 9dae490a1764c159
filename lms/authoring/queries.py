"""Reads for those who write courses: the draft and its files, reports of readers, and what was published."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row, and_, exists, func, literal, literal_column, or_, select, union_all

from lms.course import queries as content
from lms.course.actions import fingerprint
from lms.course.check import TEST_BANK, CourseReport, TextPlace, check_course, needed, place_of
from lms.course.course_writing import is_text
from lms.course.form_reading import parse_form, pictures_in
from lms.course.glossary import GLOSSARY
from lms.course.lesson import Lesson, read_story
from lms.course.load import WEIGHT_A_BYTE
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course
from lms.course.problems import Problem
from lms.course.questions.base import slug_of
from lms.db.engine import read
from lms.db.tables.cohorts import Cohort, Membership, is_trainer
from lms.db.tables.courses import Blob, Course, CourseEditor, DraftFile, Edition, EditionFile, Publication
from lms.db.tables.learning import Attempt, Enrolment, Inquiry, InquiryReply, Reading
from lms.db.tables.people import Person
from lms.learn import inquiry_queries
from lms.people.access import Editing
from lms.people.viewer import Viewer
from lms.quiz.queries import POSTTEST, PRETEST
from lms.web.cache import cached

LONGEST_SLUG = 70
PAGES = ("baru", "baru-dari-zip")


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a course as the checker reads it; `sizes` are bytes of every file, `pictures` those of a text."""

    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    pictures: Mapping[str, frozenset[str]]
    report: CourseReport

    def problems_in(self, path: str) -> list[Problem]:
        """Return the findings in one file."""
        return [problem for problem in self.report.problems if problem.path == path]


@dataclass(frozen=True, slots=True)
class DeskLesson:
    """A lesson or form on the desk. `state` is baru, berubah, dihapus, sama or hilang; `bytes` count its pictures."""

    path: str
    title: str
    state: str
    faults: list[Problem]
    lesson: Lesson | None
    change: content.Change | None
    bytes: int
    reported: int

    @property
    def galat(self) -> list[Problem]:
        """The findings that stop publishing."""
        return [each for each in self.faults if each.level == "galat"]

    @property
    def fault_line(self) -> int:
        """The line of the checker's first finding, a galat before a warning; 0 for none."""
        return next((each.line for each in (*self.galat, *self.faults)), 0)

    @property
    def is_form(self) -> bool:
        """Whether it is a form to practise on."""
        return self.path.endswith(".toml")

    @property
    def attention(self) -> list[str]:
        """Why somebody should look at it, in words; nothing where all is well."""
        reasons = {"baru": "belum terbit", "berubah": "perubahan belum terbit", "dihapus": "belum diterbitkan"}
        found = [f"{len(self.galat)} harus dibetulkan"] if self.galat else []
        found += [f"{self.reported} laporan pembaca"] if self.reported else []
        return found + ([reasons[self.state]] if self.state in reasons else [])


_WAITING = (
    select(func.count())
    .select_from(DraftFile)
    .join(EditionFile, content.IN_CURRENT, isouter=True)
    .where(DraftFile.course_id == Course.id, content.CHANGED)
    .correlate(Course)
    .scalar_subquery()
)


def my_courses(viewer: Viewer) -> list[tuple[Row[str, int | None, int, bytes | None], str]]:
    """(each course somebody may edit, what kursus.toml of the draft calls it), by slug."""
    is_mine = exists().where(CourseEditor.course_id == Course.id, CourseEditor.person_id == viewer.person_id)
    rows = read(
        select(Course.slug, Edition.number, _WAITING.label("waiting"), Blob.data)
        .join(Edition, Edition.id == Course.current_edition_id, isouter=True)
        .join(DraftFile, and_(DraftFile.course_id == Course.id, DraftFile.path == COURSE_FILE), isouter=True)
        .join(Blob, Blob.hash == DraftFile.blob_hash, isouter=True)
        .where(or_(is_mine, literal(viewer.is_admin)))
        .order_by(Course.slug)
    )
    return [(row, _title_of(row.data) or row.slug) for row in rows]


def _title_of(data: bytes | None) -> str:
    course, _ = parse_course((data or b"").decode("utf-8", "replace"))
    return course.title if course else ""


def draft_of(course_id: int, today: date) -> Draft:
    """The draft, checked; kept by what it holds, so it is checked once after each change."""
    hashes = content.draft_hashes(course_id)
    key = ("draft", tuple(sorted(hashes.items())), today)
    return cached(key, lambda: _check(hashes, today))


def _check(hashes: Mapping[str, str], today: date) -> tuple[Draft, int]:
    texts = {path: blob for path, blob in hashes.items() if is_text(path)}
    sizes, held = content.sizes(hashes), content.files_of(texts)
    # Of a picture the checker asks only how large it is, and none that was taken in is too large.
    files = {path: held.get(path, b"") for path in hashes}
    pictures = {path: pictures_in(path, data.decode("utf-8", "replace")) for path, data in held.items()}
    draft = Draft(hashes, sizes, pictures, check_course(files, today, sizes))
    return draft, WEIGHT_A_BYTE * sum(map(len, held.values()))


def modules_of(course_id: int, draft: Draft) -> tuple[list[dict[str, Any]], list[DeskLesson]]:
    """(modules in order, each with `title` and `lessons`; lessons in none: not listed, or taken out but still read)."""
    waiting = {change.path: change for change in content.changes(course_id)}
    reported = reports(course_id, draft.report.course)
    listed = {file_of(identity) for identity in draft.report.course.lessons} if draft.report.course else set()
    stories = {case.story for form in draft.report.forms.values() for case in form.cases}

    def one(path: str) -> DeskLesson:
        lesson, change = draft.report.lessons.get(identity_of(path)), waiting.get(path)
        state = change.what if change else "sama" if path in draft.hashes else "hilang"
        size = sum(draft.sizes.get(each, 0) for each in (path, *draft.pictures.get(path, ())))
        title, count = draft.report.title_of(path), reported[identity_of(path)]
        return DeskLesson(path, title, state, draft.problems_in(path), lesson, change, size, count)

    modules = [
        {"title": module.title, "lessons": [one(file_of(identity)) for identity in module.lessons]}
        for module in draft.report.modules
    ]
    apart = {COURSE_FILE, GLOSSARY, TEST_BANK, *stories, *listed}
    others = [path for path in sorted({*draft.hashes, *waiting}) if is_text(path) and path not in apart]
    return modules, [one(path) for path in others]


_OPEN_DOUBT = (Inquiry.kind == "keliru", ~exists().where(InquiryReply.inquiry_id == Inquiry.id))


def reports(course_id: int, course: CourseRules | None) -> Counter[str]:
    """Identity, as it is called now -> how many doubts about that lesson have no answer yet."""
    rows = read(
        select(Inquiry.lesson, func.count())
        .join(Edition, Edition.id == Inquiry.edition_id)
        .where(Edition.course_id == course_id, *_OPEN_DOUBT)
        .group_by(Inquiry.lesson)
    )
    found: Counter[str] = Counter()
    for lesson, doubts in rows:
        found[course.present(lesson) if course else lesson] += doubts
    return found


def open_doubts(course: Editing, draft: Draft) -> list[tuple[Row[int, str, str | None, str, int, datetime, str], str]]:
    """(each doubt of a reader that has no answer yet, the place it is about); newest first.

    No person is told; `code` is the cohort's where the viewer may answer, else None.
    """
    trains = exists().where(
        Membership.cohort_id == Cohort.id, Membership.person_id == course.viewer.person_id, is_trainer(Membership)
    )
    rows = read(
        select(Edition.id, Inquiry.lesson, Inquiry.question_hash, Inquiry.text, Edition.number, Inquiry.at, Cohort.code)
        .join(Edition, Edition.id == Inquiry.edition_id)
        .join(Cohort, and_(Cohort.id == Inquiry.cohort_id, trains), isouter=True)
        .where(Edition.course_id == course.course_id, *_OPEN_DOUBT)
        .order_by(Inquiry.id.desc())
        .limit(100)
    )
    return [(row, inquiry_queries.place_of(row[0], course.slug, row[1], row[2])) for row in rows]


def free_slug(title: str) -> str:
    """The address of a new course: its title, with a number behind it where a course or a page has it."""
    taken, base = {*PAGES, *read(select(Course.slug)).scalars()}, slug_of(title)[:LONGEST_SLUG].strip("-")
    return next(slug for slug in chain([base], (f"{base}-{number}" for number in count(2))) if slug not in taken)


def kind_of(draft: Draft, path: str, texts: Mapping[str, bytes]) -> str:
    """Return the kind of a file: pelajaran, formulir, cerita, khusus or gambar."""
    course, role = draft.report.course, place_of(draft.sizes, texts).role_of(path)
    is_bank = course is not None and course.test is not None and course.test.bank == path
    if role in ("kursus", "istilah") or is_bank:
        return "khusus"
    # The questions of tests that the course does not have are a lesson like others.
    return {"lain": "gambar", "tes": "pelajaran"}.get(role, role)


def published_paths(course_id: int) -> frozenset[str]:
    """Every path that a file has in any edition."""
    ever = select(EditionFile.path).join(Edition, Edition.id == EditionFile.edition_id)
    return frozenset(read(ever.where(Edition.course_id == course_id).distinct()).scalars())


def used_paths(course_id: int, draft: Draft) -> set[str]:
    """Every path that a file has or had: what was learned under it must not count for another lesson."""
    moved = draft.report.course.moved if draft.report.course else {}
    return {*draft.hashes, *published_paths(course_id), *map(file_of, moved)}


Published = Row[int, int, datetime, str | None, str, bool]
"""An edition became the current one. `is_first`: it was new then; else somebody went back to it."""


def history(course_id: int) -> Sequence[Published]:
    """Everything that became current, newest first; the first of the list is current."""
    first = func.min(Publication.id).over(partition_by=Publication.edition_id)
    return read(
        select(
            *(Edition.id, Edition.number, Publication.at, Person.name.label("by"), Publication.why),
            (Publication.id == first).label("is_first"),
        )
        .join(Edition, Edition.id == Publication.edition_id)
        .join(Person, Person.id == Publication.person_id, isouter=True)
        .where(Publication.course_id == course_id)
        .order_by(Publication.id.desc())
    ).all()


def reach_of(course_id: int, rules: CourseRules | None, large: Sequence[str], today: date) -> dict[str, Any]:
    """Return whom a publication touches in which the lessons `large` changed a lot: identity of a lesson -> people in
    the midst of its quiz (`quizzes`), and who finished it; `tests` are in the midst of a test, `pinned` (name, edition
    number) the bimtek that read another edition on. `rules` know what lessons were called."""
    present, moved = (rules.present, rules.moved) if rules else (str, {})
    quizzes: Counter[str] = Counter()
    for quiz, people in _in_the_midst(course_id):
        quizzes[present(quiz.partition("#")[0])] += people
    tests = quizzes[PRETEST] + quizzes[POSTTEST]
    names = {old: present(old) for old in [*moved, *large] if present(old) in large}
    finished = _finished(course_id, names) if names else {}
    return {"quizzes": quizzes, "tests": tests, "finished": finished, "pinned": _pinned(course_id, today)}


def _in_the_midst(course_id: int) -> Sequence[Row[str, int]]:
    """(quiz or test, people) of every attempt that is open; each half is read from an index of its own."""
    open_ones = (Attempt.submitted_at.is_(None), Attempt.trial.is_(False), Edition.course_id == course_id)
    halves = (
        select(Attempt.quiz, func.count())
        .join(Edition, Edition.id == Attempt.edition_id)
        .where(owner.is_not(None), *open_ones)
        .group_by(Attempt.quiz)
        for owner in (Attempt.enrolment_id, Attempt.membership_id)
    )
    return read(union_all(*halves)).all()


def _finished(course_id: int, names: Mapping[str, str]) -> Counter[str]:
    """Present name -> how many participants finished the lesson under any of its names; who tries out is none."""
    takes_part = exists().where(
        Membership.person_id == Enrolment.person_id,
        Membership.cohort_id == Cohort.id,
        Cohort.course_id == course_id,
        Membership.role == "peserta",
        Membership.trial.is_(False),
    )
    rows = read(
        select(Reading.lesson, func.coalesce(Enrolment.absorbed_by_id, Enrolment.id))
        .join(Enrolment, Enrolment.id == Reading.enrolment_id)
        .where(Enrolment.course_id == course_id, Reading.lesson.in_(list(names)), takes_part)
    )
    return Counter(lesson for lesson, _ in {(names[called], whose) for called, whose in rows})


def _pinned(course_id: int, today: date) -> Sequence[Row[str, int]]:
    return read(
        select(Cohort.name, Edition.number)
        .join(Edition, Edition.id == Cohort.edition_id)
        .where(
            Cohort.course_id == course_id,
            Cohort.kind == literal_column("'bimtek'"),
            Cohort.archived_at.is_(None),
            or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today),
        )
        .order_by(Cohort.name)
    ).all()


@dataclass(frozen=True)
class DraftView:
    """The present files of a draft, by path; what is shown from it leads nowhere but to its editors."""

    slug: str
    files: Mapping[str, str]

    @property
    def glossary_hash(self) -> str | None:
        """The hash of its glossary, None when it has none."""
        return self.files.get(GLOSSARY)

    def address(self, reference: str) -> str | None:
        """Return where `lesson:identity` is edited and `media:path` is seen; None when it is not in the draft."""
        kind, _, target = reference.partition(":")
        target = target if kind == "media" else file_of(target.partition("#")[0])
        way = "berkas" if kind == "media" else "sunting"
        return f"/pelatih/kursus/{self.slug}/{way}/{quote(target)}" if target in self.files else None


def draft_view(course_id: int, slug: str) -> DraftView:
    """The draft as it is now; one statement."""
    return DraftView(slug, content.draft_hashes(course_id))


def place_in(view: DraftView) -> TextPlace:
    """Return the surroundings of every text of this draft; kept while no file of it changes."""

    def make() -> tuple[TextPlace, int]:
        wanted = {path: view.files[path] for path in needed(view.files)}
        texts = content.files_of(wanted)
        place = place_of(content.sizes(view.files), texts)
        return place, 4 * sum(map(len, texts.values())) + 200 * len(view.files)

    return cached(("place", fingerprint(view.files)), make)


def renamed_to(view: DraftView, path: str, base: str) -> str:
    """The file that went by this path, "" when there is none: where `[pindah]` leads, or the one text that is still
    as it was when somebody started from the hash `base`."""
    course = place_in(view).course
    new = file_of(course.present(identity_of(path))) if course else ""
    same = [each for each, blob in view.files.items() if blob == base]
    return new if new in view.files else same[0] if len(same) == 1 else ""


def titled(path: str, text: str) -> str:
    """Return the title that a text gives itself; its path where it has none."""
    if path.endswith(".toml"):
        form, _ = parse_form(path, text)
        return (form.title if form else "") or path
    return read_story(text[:400]).title or path


def titles_in(view: DraftView) -> dict[str, str]:
    """The title of every lesson, by its file, in the order of the course; kept while no file changes."""

    def make() -> tuple[dict[str, str], int]:
        place = place_in(view)
        course = place.course
        order = [file_of(identity) for identity in course.lessons] if course else []
        paths = [path for path in dict.fromkeys([*order, *sorted(view.files)]) if path in view.files]
        lessons = [path for path in paths if path.endswith(".md") and place.role_of(path) == "pelajaran"]
        texts = content.files_of({path: view.files[path] for path in lessons})
        titles = {path: titled(path, texts[path].decode("utf-8", "replace")) for path in lessons}
        return titles, 200 * len(titles)

    return cached(("titles", fingerprint(view.files)), make)

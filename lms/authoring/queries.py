"""Reads for the desk of a course: what its draft holds, what of it is new, and what readers reported."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, literal, or_, select

from lms.course import queries as content
from lms.course.check import TEST_BANK, CourseReport, check_course
from lms.course.form_reading import pictures_in
from lms.course.glossary import GLOSSARY
from lms.course.load import WEIGHT_A_BYTE
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course
from lms.course.problems import Problem
from lms.db.engine import read
from lms.db.tables import (
    Blob,
    Cohort,
    Course,
    CourseEditor,
    DraftFile,
    Edition,
    EditionFile,
    Inquiry,
    InquiryReply,
    Membership,
)
from lms.learn.inquiry_queries import place_of
from lms.people.access import Editing
from lms.people.viewer import Viewer
from lms.web.cache import cached

TEXTS = (".md", ".toml")
MOST_NAMES = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a course as the checker reads it; `sizes` are bytes of every file, `pictures` those of a text."""

    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    pictures: Mapping[str, frozenset[str]]
    report: CourseReport

    def problems_in(self, path: str) -> list[Problem]:
        """What is wrong with one file."""
        return [problem for problem in self.report.problems if problem.path == path]


@dataclass(frozen=True, slots=True)
class MyCourse:
    """A course that somebody may edit; `edition` is the number of the current one, 0 before the first."""

    slug: str
    title: str
    edition: int
    waiting: int


@dataclass(frozen=True, slots=True)
class DeskLesson:
    """A lesson or form on the desk. `state` is baru, berubah, dihapus or sama; `bytes` counts its pictures too.

    `fault_line` is where the checker found something first, a galat before a warning; 0 for nowhere.
    """

    path: str
    title: str
    state: str
    galat: int
    warnings: int
    fault_line: int
    minutes: int
    questions: int
    bytes: int
    checked: date | None
    by: str | None
    at: datetime | None
    reported: int

    @property
    def is_form(self) -> bool:
        """Whether it is a form to practise on."""
        return self.path.endswith(".toml")

    @property
    def attention(self) -> list[str]:
        """Why somebody should look at it, in words; nothing where all is well."""
        reasons = {"baru": "belum terbit", "berubah": "perubahan belum terbit", "dihapus": "belum diterbitkan"}
        found = [f"{self.galat} harus dibetulkan"] if self.galat else []
        found += [f"{self.reported} laporan pembaca"] if self.reported else []
        return found + ([reasons[self.state]] if self.state in reasons else [])


@dataclass(frozen=True, slots=True)
class DeskModule:
    """A module on the desk, at its place in kursus.toml."""

    title: str
    lessons: list[DeskLesson]


_WAITING = (
    select(func.count())
    .select_from(DraftFile)
    .join(EditionFile, content.IN_CURRENT, isouter=True)
    .where(DraftFile.course_id == Course.id, content.CHANGED)
    .correlate(Course)
    .scalar_subquery()
)


def my_courses(viewer: Viewer) -> list[MyCourse]:
    """The courses somebody may edit, by slug, with what kursus.toml of the draft calls them."""
    is_mine = exists().where(CourseEditor.course_id == Course.id, CourseEditor.person_id == viewer.person_id)
    rows = read(
        select(Course.slug, Edition.number, _WAITING, Blob.data)
        .join(Edition, Edition.id == Course.current_edition_id, isouter=True)
        .join(DraftFile, and_(DraftFile.course_id == Course.id, DraftFile.path == COURSE_FILE), isouter=True)
        .join(Blob, Blob.hash == DraftFile.blob_hash, isouter=True)
        .where(or_(is_mine, literal(viewer.is_admin)))
        .order_by(Course.slug)
    )
    return [MyCourse(slug, _title_of(data) or slug, number or 0, waiting) for slug, number, waiting, data in rows]


def _title_of(data: bytes | None) -> str:
    course, _ = parse_course((data or b"").decode("utf-8", "replace"))
    return course.title if course else ""


def draft_of(course_id: int, today: date) -> Draft:
    """The draft, checked; kept by what it holds, so it is checked once after each change."""
    hashes = content.draft_hashes(course_id)
    key = ("draft", tuple(sorted(hashes.items())), today)
    return cached(key, lambda: _check(hashes, today))


def _check(hashes: Mapping[str, str], today: date) -> tuple[Draft, int]:
    texts = {path: blob for path, blob in hashes.items() if path.endswith(TEXTS)}
    sizes = content.sizes(hashes.values())
    held = content.files_of(texts)
    # Of a picture the checker asks only how large it is, and none that was taken in is too large.
    files = {path: held.get(path, b"") for path in hashes}
    of_file = {path: sizes[blob] for path, blob in hashes.items()}
    pictures = {path: pictures_in(path, data.decode("utf-8", "replace")) for path, data in held.items()}
    return Draft(hashes, of_file, pictures, check_course(files, today)), WEIGHT_A_BYTE * sum(map(len, held.values()))


def modules_of(course_id: int, draft: Draft) -> tuple[list[DeskModule], list[DeskLesson]]:
    """(modules in order, lessons that stand in none: not listed, or taken out but still read)."""
    waiting = {change.path: change for change in content.changes(course_id)}
    reported = reports(course_id, draft.report.course)
    listed = {file_of(identity) for identity in draft.report.course.lessons} if draft.report.course else set()
    stories = {case.story for form in draft.report.forms.values() for case in form.cases}
    faults: dict[str, list[Problem]] = {}
    for problem in draft.report.problems:
        faults.setdefault(problem.path, []).append(problem)

    def one(path: str) -> DeskLesson:
        return _desk_lesson(path, draft, waiting.get(path), faults.get(path, []), reported.get(identity_of(path), 0))

    modules = [
        DeskModule(module.title, [one(file_of(identity)) for identity in module.lessons])
        for module in draft.report.modules
    ]
    apart = {COURSE_FILE, GLOSSARY, TEST_BANK, *stories, *listed}
    others = [path for path in sorted({*draft.hashes, *waiting}) if path.endswith(TEXTS) and path not in apart]
    return modules, [one(path) for path in others]


def _desk_lesson(
    path: str,
    draft: Draft,
    change: content.Change | None,
    faults: Sequence[Problem],
    reported: int,
) -> DeskLesson:
    must = [each for each in faults if each.level == "galat"]
    lesson = draft.report.lessons.get(identity_of(path))
    return DeskLesson(
        path=path,
        title=draft.report.title_of(path),
        state=_state(change, path in draft.hashes),
        galat=len(must),
        warnings=len(faults) - len(must),
        fault_line=next((each.line for each in (*must, *faults)), 0),
        minutes=lesson.minutes if lesson else 0,
        questions=sum(len(pool.questions) for pool in lesson.pools) if lesson else 0,
        bytes=draft.sizes.get(path, 0) + sum(draft.sizes.get(picture, 0) for picture in draft.pictures.get(path, ())),
        checked=lesson.legal.checked if lesson and lesson.legal else None,
        by=change.by if change else None,
        at=change.at if change else None,
        reported=reported,
    )


def _state(change: content.Change | None, is_there: bool) -> str:
    if change is None:
        return "sama" if is_there else "hilang"
    if change.draft is None:
        return "dihapus"
    return "berubah" if change.edition else "baru"


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
    for lesson, count in rows:
        found[course.present(lesson) if course else lesson] += count
    return found


@dataclass(frozen=True, slots=True)
class Report:
    """A doubt about a lesson, without its person; `code` is the cohort's where the viewer may answer, else None."""

    text: str
    place: str
    edition: int
    at: datetime
    code: str | None


def reports_on(course: Editing, identity: str, rules: CourseRules | None) -> list[Report]:
    """The doubts about a lesson, under its earlier names too, that have no answer yet; newest first."""
    earlier = [old for old in rules.moved if rules.present(old) == identity] if rules else []
    called = Inquiry.lesson.in_([identity, *earlier[:MOST_NAMES]])
    trains = exists().where(
        Membership.cohort_id == Cohort.id,
        Membership.person_id == course.viewer.person_id,
        Membership.role == "pelatih",
        Membership.left_at.is_(None),
    )
    rows = read(
        select(Inquiry.text, Inquiry.lesson, Inquiry.question_hash, Edition.id, Edition.number, Inquiry.at, Cohort.code)
        .join(Edition, Edition.id == Inquiry.edition_id)
        .join(Cohort, and_(Cohort.id == Inquiry.cohort_id, trains), isouter=True)
        .where(Edition.course_id == course.course_id, called, *_OPEN_DOUBT)
        .order_by(Inquiry.id.desc())
        .limit(100)
    )
    return [
        Report(text, place_of(edition_id, course.slug, lesson, question), number, at, code)
        for text, lesson, question, edition_id, number, at, code in rows
    ]


def all_slugs() -> frozenset[str]:
    """The addresses of all courses."""
    return frozenset(read(select(Course.slug)).scalars())

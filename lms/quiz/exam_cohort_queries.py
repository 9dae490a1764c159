"""Reads about the tests of a whole cohort: when they may be taken, who is in, and what came of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.course.bank import parse_bank
from lms.course.grading import Saved, latest, standing
from lms.course.load import EditionView, bank_of, edition_view, rendered_question
from lms.course.queries import text_of
from lms.course.questions.base import Question
from lms.db.engine import read
from lms.db.tables import Attempt, Cohort, CourseEditor, DraftFile, Enrolment, Grading, Membership, Period, Person
from lms.db.tables.cohorts import counts_in, is_participant
from lms.people.access import CohortFacts
from lms.people.regions import villages
from lms.people.viewer import Viewer
from lms.quiz import queries
from lms.quiz.exam_queries import LEARNING_SINCE, Part
from lms.quiz.exam_report import ExamReport, ScorePair, exam_report
from lms.quiz.items import Fault, Reply, Sitting, faults
from lms.quiz.window import Window
from lms.web.cache import cached

BOTH = (queries.PRETEST, queries.POSTTEST)
_seat = aliased(Membership)


def windows_of(cohort_id: int) -> dict[str, Window]:
    """When the trainer of a cohort lets its tests be taken; one without a window is open."""
    held = select(Period.what, Period.opens_at, Period.closes_at)
    rows = read(held.where(Period.cohort_id == cohort_id, Period.what.in_(BOTH)))
    return {what: Window(opens_at, closes_at) for what, opens_at, closes_at in rows}


@dataclass(frozen=True, slots=True)
class Sitter:
    """A participant, and how far they are with each test: "belum", "sedang" or "sudah"."""

    membership_id: int
    name: str
    village: str
    stages: dict[str, str]


def sitters(cohort_id: int) -> list[Sitter]:
    """Every participant by name, in one statement; what a test that was sent once is done again counts as sent."""
    rows = read(
        select(
            Membership.id,
            Person.name,
            Person.region,
            Attempt.quiz,
            func.count(Attempt.id).label("begun"),
            func.count(Attempt.submitted_at).label("sent"),
        )
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(_seat, queries.is_or_absorbed_by(_seat, Membership.id))
        .join(Attempt, and_(Attempt.membership_id == _seat.id, Attempt.quiz.in_(BOTH)), isouter=True)
        .where(Membership.cohort_id == cohort_id, counts_in(Membership))
        .group_by(Membership.id, Person.name, Person.region, Attempt.quiz)
        .order_by(func.lower(Person.name), Membership.id)
    )
    found: dict[int, Sitter] = {}
    for row in rows:
        if row.id not in found:
            village = villages().get(row.region or "")
            found[row.id] = Sitter(row.id, row.name, village.name if village else "", dict.fromkeys(BOTH, "belum"))
        if row.quiz:
            found[row.id].stages[row.quiz] = "sudah" if row.sent else "sedang"
    return list(found.values())


def open_tests(cohort_id: int, now: datetime) -> int:
    """How many who take part are in the middle of a test, which closing would end."""
    owner = func.coalesce(_seat.absorbed_by_id, _seat.id)
    counted = select(func.count(func.distinct(owner))).select_from(Attempt)
    counted = counted.join(_seat, _seat.id == Attempt.membership_id).join(Membership, Membership.id == owner)
    going_on = or_(Attempt.closes_at.is_(None), Attempt.closes_at > now)
    mine = is_participant(Membership), Attempt.quiz.in_(BOTH), Attempt.submitted_at.is_(None)
    return read(counted.where(Membership.cohort_id == cohort_id, *mine, going_on)).scalar_one()


def unsent(cohort_id: int, names: Sequence[str], now: datetime, limit: int) -> list[queries.AttemptFacts]:
    """Attempts that the end of these tests found open, and that nobody sent since."""
    left = queries.FACTS.where(*_left_open(cohort_id, names, now)).order_by(Attempt.id).limit(limit)
    return [queries.facts_of(row) for row in read(left)]


def count_unsent(cohort_id: int, names: Sequence[str], now: datetime) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(Attempt).join(Membership, Membership.id == Attempt.membership_id)
    return read(counted.where(*_left_open(cohort_id, names, now))).scalar_one()


def _left_open(cohort_id: int, names: Sequence[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    unsent = Attempt.quiz.in_(names), Attempt.submitted_at.is_(None)
    return Membership.cohort_id == cohort_id, *unsent, Attempt.closes_at <= now


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an edition asked it."""

    question: Question
    path: str
    edition: EditionView

    @property
    def name(self) -> str:
        """`path#slug`."""
        return f"{self.path}#{self.question.slug}"


@dataclass(frozen=True)
class Sat:
    """First attempts at both tests of a cohort, who passed the post-test in any, and what was asked, by hash."""

    sittings: Mapping[str, list[Sitting]]
    passed: frozenset[int]
    asked: Mapping[str, Asked]
    titles: Sequence[str]

    @property
    def report(self) -> ExamReport:
        """Return what a report on both tests says."""
        return exam_report(self.sittings[queries.PRETEST], self.sittings[queries.POSTTEST], self.passed, self.titles)


_PART_ID = func.coalesce(Membership.absorbed_by_id, Membership.id)
_part = aliased(Membership)
# Every graded attempt at a test, those of a person together and the first one first.
_GRADED = (
    select(
        _PART_ID.label("membership_id"),
        Cohort.course_id,
        Attempt.id,
        Attempt.quiz,
        Attempt.edition_id,
        Attempt.opened_at,
        Attempt.sheet,
        Grading.outcomes,
        Grading.passed,
        LEARNING_SINCE.label("learning_since"),
    )
    .select_from(Attempt)
    .join(Grading, Grading.id == queries.NEWEST_GRADING)
    .join(Membership, Membership.id == Attempt.membership_id)
    .join(_part, _part.id == _PART_ID)
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .join(Enrolment, and_(Enrolment.person_id == Membership.person_id, Enrolment.course_id == Cohort.course_id))
    .order_by(_PART_ID, Attempt.opened_at, Attempt.ordinal)
)


def pair_of(membership_id: int) -> ScorePair | None:
    """Pre-test and first post-test of one membership, when both are graded."""
    sittings = _sittings(read(_GRADED.where(queries.is_or_absorbed_by(Membership, membership_id))).all())
    pairs = exam_report(sittings[queries.PRETEST], sittings[queries.POSTTEST], (), ()).pairs
    return next(iter(pairs.values()), None)


def sat_in(held: CohortFacts, names: Sequence[str] = BOTH, *, with_answers: bool = True) -> Sat:
    """Return what the participants of a cohort did in these tests, in three statements; without those who only try."""
    mine = Membership.cohort_id == held.cohort_id, Attempt.quiz.in_(names)
    # Whose attempt it is takes part, under whichever account they sat it.
    rows = read(_GRADED.where(*mine, is_participant(_part), Attempt.trial.is_(False))).all()
    attempts = select(Attempt.id).join(Membership, Membership.id == Attempt.membership_id).where(*mine)
    editions = {each: edition_view(each, held.slug) for each in (held.edition_id, *(row.edition_id for row in rows))}
    banks = [(edition, bank) for edition in editions.values() if (bank := bank_of(edition))]
    subjects = {edition.id: bank.subjects for edition, bank in banks}
    return Sat(
        _sittings(rows, subjects, queries.answers_of(attempts) if with_answers else {}),
        frozenset(row.membership_id for row in rows if row.quiz == queries.POSTTEST and row.passed),
        {
            key: Asked(each, bank.path, edition)
            for edition, bank in reversed(banks)
            for key, each in bank.questions.items()
        },
        list(dict.fromkeys(pool.name for edition, bank in banks for pool in bank.pools_for(edition.course))),
    )


def _sittings(
    rows: Sequence[Part],
    subjects: Mapping[int, Mapping[str, str]] | None = None,
    answers: Mapping[str, Sequence[Saved]] | None = None,
) -> dict[str, list[Sitting]]:
    """First attempts by their test. A voided question leaves them: it says nothing about what was learned."""
    made = [ruling for course_id in {row.course_id for row in rows} for ruling in standing(queries.rulings(course_id))]
    voided = {ruling.question_hash for ruling in made if ruling.kind == "batal"}
    first: dict[tuple[int, str], Part] = {}
    for row in rows:
        first.setdefault((row.membership_id, row.quiz), row)
    sittings: dict[str, list[Sitting]] = {name: [] for name in BOTH}
    for row in first.values():
        given = latest((answers or {}).get(row.id, ()))
        replies = _replies(row, (subjects or {}).get(row.edition_id, {}), given, voided)
        late = row.learning_since is not None and row.learning_since < row.opened_at
        sittings[row.quiz].append(Sitting(row.membership_id, tuple(replies), late, row.sheet["lulus"]))
    return sittings


def _replies(
    row: Part, subjects: Mapping[str, str], given: Mapping[int, Saved], voided: Collection[str]
) -> Iterator[Reply]:
    for number, (item, outcome) in enumerate(zip(row.sheet["soal"], row.outcomes, strict=True), start=1):
        if outcome is not None and item["hash"] not in voided:
            value = given[number].value if number in given else ()
            yield Reply(item["hash"], subjects.get(item["soal"], ""), outcome, value)


def in_draft(held: CohortFacts, who: Viewer, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """`path#slug` -> (where the editor opens at it, the hash of how the draft words it) of each question of these
    files, for who may edit the course; empty for everybody else."""
    drafts = select(DraftFile.path, DraftFile.blob_hash).where(
        DraftFile.course_id == held.course_id, DraftFile.path.in_(set(paths))
    )
    if not who.is_admin:
        editor = and_(CourseEditor.course_id == DraftFile.course_id, CourseEditor.person_id == who.person_id)
        drafts = drafts.join(CourseEditor, editor)
    desk = f"/pelatih/kursus/{held.slug}/sunting"
    return {
        f"{path}#{slug}": (f"{desk}/{quote(path)}#baris-{line}", key)
        for path, blob in read(drafts).all()
        for slug, (line, key) in (_lines(path, blob) if blob else {}).items()
    }


def _lines(path: str, blob: str) -> Mapping[str, tuple[int, str]]:
    def make() -> tuple[Mapping[str, tuple[int, str]], int]:
        bank, _ = parse_bank(path, text_of(blob))
        lines = {each.slug: (each.line, key) for key, each in bank.questions.items()}
        return lines, 200 * len(lines)

    return cached(("lines", blob, path), make)


def to_mend(held: CohortFacts, who: Viewer) -> list[tuple[str, list[Fault], str]]:
    """(title, why, where it is mended) of what in the post-test is worth a look, for who may edit the course.

    What the draft words otherwise by now was mended.
    """
    bank = bank_of(edition_view(held.edition_id, held.slug))
    drafted = in_draft(held, who, {bank.path}) if bank else {}
    if not drafted:
        return []
    sat = sat_in(held, (queries.POSTTEST,))
    post = sat.report.post
    found = []
    for item in post.items if post else ():
        asked = sat.asked[item.hash]
        editor, worded = drafted.get(asked.name, ("", ""))
        if worded == item.hash and (why := faults(item, asked.question, learned=True)):
            found.append((rendered_question(asked.question, asked.path).title.striptags(), why, editor))
    return found

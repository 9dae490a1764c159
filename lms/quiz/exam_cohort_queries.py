"""Reads about the tests of a whole cohort: when they may be taken, who is in, and what came of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.course.bank import parse_bank
from lms.course.grading import Saved, latest
from lms.course.load import EditionView, bank_of, edition_view
from lms.course.markup import plain
from lms.course.queries import text_of
from lms.course.questions.base import Question
from lms.db.engine import read
from lms.db.tables import Attempt, Cohort, CourseEditor, DraftFile, Grading, Membership, Period, Person
from lms.db.tables.cohorts import counts_in, is_participant
from lms.people.access import CohortFacts
from lms.people.regions import villages
from lms.people.viewer import Viewer
from lms.quiz.exam_queries import COUNTS, GRADED, Part, voided_in
from lms.quiz.exam_report import ExamReport, exam_report
from lms.quiz.items import Fault, Reply, Sitting, faults
from lms.quiz.queries import FACTS, POSTTEST, PRETEST, AttemptFacts, answers_of, facts_of, is_or_absorbed_by
from lms.quiz.window import Window
from lms.web.cache import cached

BOTH = (PRETEST, POSTTEST)
_seat = aliased(Membership)


@dataclass(frozen=True, slots=True)
class CohortTests:
    """The tests of a cohort as its trainer set them; one without a window is open. `closed_at`: the cohort is over."""

    closed_at: datetime | None
    windows: Mapping[str, Window]


def event_of(cohort_id: int) -> CohortTests:
    """In one statement."""
    rows = read(
        select(Cohort.closed_at, Period.what, Period.opens_at, Period.closes_at)
        .join(Period, and_(Period.cohort_id == Cohort.id, Period.what.in_(BOTH)), isouter=True)
        .where(Cohort.id == cohort_id)
    ).all()
    return CohortTests(rows[0].closed_at, {row.what: Window(row.opens_at, row.closes_at) for row in rows if row.what})


@dataclass(frozen=True, slots=True)
class Sitter:
    """A participant, and how far they are with each test: "belum", "sedang" or "sudah"."""

    membership_id: int
    name: str
    village: str
    stages: Mapping[str, str]


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
        .join(_seat, is_or_absorbed_by(_seat, Membership.id))
        .join(Attempt, and_(Attempt.membership_id == _seat.id, Attempt.quiz.in_(BOTH)), isouter=True)
        .where(*_takes_part(cohort_id))
        .group_by(Membership.id, Person.name, Person.region, Attempt.quiz)
        .order_by(func.lower(Person.name), Membership.id)
    )
    found: dict[int, Sitter] = {}
    for row in rows:
        village = villages().get(row.region or "")
        fresh = Sitter(row.id, row.name, village.name if village else "", dict.fromkeys(BOTH, "belum"))
        stages: dict[str, str] = found.setdefault(row.id, fresh).stages  # type: ignore[assignment] # Made just here.
        if row.quiz:
            stages[row.quiz] = "sudah" if row.sent else "sedang"
    return list(found.values())


def _takes_part(cohort_id: int) -> tuple[ColumnElement[bool], ...]:
    return Membership.cohort_id == cohort_id, counts_in(Membership)


def open_tests(cohort_id: int, now: datetime) -> int:
    """How many who take part are in the middle of a test, which closing would end."""
    owner = func.coalesce(_seat.absorbed_by_id, _seat.id)
    counted = select(func.count(func.distinct(owner))).select_from(Attempt)
    counted = counted.join(_seat, _seat.id == Attempt.membership_id).join(Membership, Membership.id == owner)
    going_on = or_(Attempt.closes_at.is_(None), Attempt.closes_at > now)
    mine = is_participant(Membership), Attempt.quiz.in_(BOTH), Attempt.submitted_at.is_(None)
    return read(counted.where(Membership.cohort_id == cohort_id, *mine, going_on)).scalar_one()


def unsent(cohort_id: int, names: Sequence[str], now: datetime, limit: int) -> list[AttemptFacts]:
    """Attempts that the end of these tests found open, and that nobody sent since."""
    left = FACTS.where(*_left_open(cohort_id, names, now)).order_by(Attempt.id).limit(limit)
    return [facts_of(row) for row in read(left)]


def count_unsent(cohort_id: int, names: Sequence[str], now: datetime) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(Attempt).join(Membership, Membership.id == Attempt.membership_id)
    return read(counted.where(*_left_open(cohort_id, names, now))).scalar_one()


def _left_open(cohort_id: int, names: Sequence[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.cohort_id == cohort_id,
        Attempt.quiz.in_(names),
        Attempt.submitted_at.is_(None),
        Attempt.closes_at <= now,
    )


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
        """What a report on both tests says."""
        return exam_report(self.sittings[PRETEST], self.sittings[POSTTEST], self.passed, self.titles)


def sat_in(held: CohortFacts, names: Sequence[str] = BOTH, *, with_answers: bool = True) -> Sat:
    """What the participants of a cohort did in these tests, in three statements; who only tries counts nowhere."""
    mine = Membership.cohort_id == held.cohort_id, Attempt.quiz.in_(names)
    rows = read(GRADED.add_columns(Attempt.id, Attempt.edition_id, Grading.passed).where(*mine, COUNTS)).all()
    attempts = select(Attempt.id).join(Membership, Membership.id == Attempt.membership_id).where(*mine)
    answers = answers_of(attempts) if with_answers else {}
    voided = voided_in({held.course_id})
    editions = {each: edition_view(each, held.slug) for each in (held.edition_id, *(row.edition_id for row in rows))}
    banks = [(edition, bank) for edition in editions.values() if (bank := bank_of(edition))]
    subjects = {edition.id: bank.subjects for edition, bank in banks}
    first: dict[tuple[int, str], Part] = {}
    for row in rows:
        first.setdefault((row.membership_id, row.quiz), row)
    sittings: dict[str, list[Sitting]] = {name: [] for name in BOTH}
    for row in first.values():
        replies = _replies(row, subjects.get(row.edition_id, {}), latest(answers.get(row.id, ())), voided)
        late = row.learning_since is not None and row.learning_since < row.opened_at
        sittings[row.quiz].append(Sitting(row.membership_id, tuple(replies), late))
    return Sat(
        sittings,
        frozenset(row.membership_id for row in rows if row.quiz == POSTTEST and row.passed),
        {
            key: Asked(each, bank.path, edition)
            for edition, bank in reversed(banks)
            for key, each in bank.questions.items()
        },
        list(dict.fromkeys(pool.name for edition, bank in banks for pool in bank.pools_for(edition.course))),
    )


def _replies(
    row: Part, subjects: Mapping[str, str], given: Mapping[int, Saved], voided: Collection[str]
) -> Iterator[Reply]:
    for number, (item, outcome) in enumerate(zip(row.sheet["soal"], row.outcomes, strict=True), start=1):
        if outcome is not None and item["hash"] not in voided:
            value = given[number].value if number in given else ()
            yield Reply(item["hash"], subjects.get(item["soal"], ""), outcome, value)


def names_of(cohort_id: int) -> dict[int, str]:
    """Membership -> name, of every participant."""
    rows = read(
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(*_takes_part(cohort_id))
        .order_by(func.lower(Person.name), Membership.id)
    )
    return {row[0]: row[1] for row in rows}


class Drafted(NamedTuple):
    """Where the editor opens at a question, and the hash of how the draft words it."""

    editor: str
    hash: str


def in_draft(held: CohortFacts, who: Viewer, paths: Iterable[str]) -> dict[str, Drafted]:
    """`path#slug` -> each question of these files, for who may edit the course; empty for everybody else."""
    drafts = select(DraftFile.path, DraftFile.blob_hash).where(
        DraftFile.course_id == held.course_id, DraftFile.path.in_(set(paths))
    )
    if not who.is_admin:
        editor = and_(CourseEditor.course_id == DraftFile.course_id, CourseEditor.person_id == who.person_id)
        drafts = drafts.join(CourseEditor, editor)
    desk = f"/pelatih/kursus/{held.slug}/sunting"
    return {
        f"{path}#{slug}": Drafted(f"{desk}/{quote(path)}#baris-{line}", key)
        for path, blob in read(drafts).all()
        for slug, (line, key) in (_lines(path, blob) if blob else {}).items()
    }


def _lines(path: str, blob: str) -> Mapping[str, tuple[int, str]]:
    def make() -> tuple[Mapping[str, tuple[int, str]], int]:
        bank, _ = parse_bank(path, text_of(blob))
        lines = {each.slug: (each.line, key) for key, each in bank.questions.items()}
        return lines, 200 * len(lines)

    return cached(("lines", blob, path), make)


@dataclass(frozen=True, slots=True)
class ToMend:
    """A question worth a look: why, and where it is mended."""

    title: str
    faults: Sequence[Fault]
    editor: str


def to_mend(held: CohortFacts, who: Viewer) -> list[ToMend]:
    """Of the post-test, for who may edit the course; what the draft words otherwise by now was mended."""
    bank = bank_of(edition_view(held.edition_id, held.slug))
    drafted = in_draft(held, who, {bank.path}) if bank else {}
    if not drafted:
        return []
    sat = sat_in(held, (POSTTEST,))
    post = sat.report.post
    found = []
    for item in post.items if post else ():
        asked = sat.asked[item.hash]
        here, why = drafted.get(asked.name), faults(item, asked.question, learned=True)
        if why and here and here.hash == item.hash:
            found.append(ToMend(plain(asked.question.title), why, here.editor))
    return found

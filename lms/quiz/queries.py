"""Reads about attempts, always through the person whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select

from lms.course.drawing import Sheet
from lms.course.form import Case, Form
from lms.course.grading import Grade, RulingFact, Saved, faults_of, given_of, grade, grade_case, latest, score_of
from lms.course.load import EditionView, edition_view, form_of, questions_in
from lms.course.questions.base import Askable, Question
from lms.db.engine import read
from lms.db.tables.cohorts import Membership
from lms.db.tables.courses import Course, Edition
from lms.db.tables.learning import Answer, Attempt, Enrolment, ExtraTry, Grading, ReflectionReply, Ruling
from lms.db.tables.people import Person
from lms.people.queries import is_person

LATE_ACCEPTED = "terima-terlambat"
"""The reason of a grading in which a trainer lets late answers count."""

CLOSED = "tutup"
"""The reason of a grading that closing a test made of what was saved and never sent."""

PRETEST, POSTTEST = "tes:awal", "tes:akhir"
"""What both tests are called where a lesson's quiz has its lesson."""

NEWEST_GRADING = (
    select(func.max(Grading.id)).where(Grading.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
)
"""The grading of an attempt of the statement that counts."""

_ACCEPTED_AT = (
    select(func.max(Grading.at))
    .where(Grading.attempt_id == Answer.attempt_id, Grading.reason == LATE_ACCEPTED)
    .correlate(Answer)
    .scalar_subquery()
)
_COUNTS = or_(Answer.late.is_(False), Answer.at <= _ACCEPTED_AT)
"""Whether an answer of the statement counts: late ones only up to the moment they were accepted."""

PASS_MARK: ColumnElement[int] = Attempt.sheet["lulus"].as_integer()
"""The score with which an attempt of the statement is passed."""

TEST_TITLES = {PRETEST: "Tes awal", POSTTEST: "Tes akhir"}


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """The columns of an attempt, with its sheet read, and its course."""

    id: str
    enrolment_id: int | None
    membership_id: int | None
    edition_id: int
    quiz: str
    ordinal: int
    trial: bool
    sheet: Sheet
    opened_at: datetime
    closes_at: datetime | None
    submitted_at: datetime | None
    receipt: str | None
    course_id: int
    slug: str

    @property
    def edition(self) -> EditionView:
        """The edition the attempt is pinned to."""
        return edition_view(self.edition_id, self.slug)

    @property
    def is_test(self) -> bool:
        """Whether it hangs on a membership and keeps its key until the tests are over."""
        return self.quiz in TEST_TITLES

    @property
    def title(self) -> str:
        """The title of its page."""
        if self.is_form:
            form, case = case_of(self)
            return f"{form.title}: {case.title}"
        return TEST_TITLES.get(self.quiz) or f"Kuis: {self.edition.lessons[self.quiz].title}"

    @property
    def start(self) -> str:
        """The address of the page it was opened from."""
        if self.is_test:
            return f"/tes/{self.slug}/{self.quiz.removeprefix('tes:')}"
        return f"/mulai-kuis/{self.slug}/{self.quiz}"

    @property
    def is_form(self) -> bool:
        """Whether this is a case of a form and not a quiz."""
        return "#" in self.quiz

    @property
    def lesson(self) -> str:
        """The lesson or form it belongs to, as the edition it is pinned to calls it."""
        return self.quiz.partition("#")[0]

    @property
    def address(self) -> str:
        """Its page."""
        return address_of(self.id, self.quiz)


FACTS = (
    select(Attempt, Course.id.label("course_id"), Course.slug)
    .join(Edition, Edition.id == Attempt.edition_id)
    .join(Course, Course.id == Edition.course_id)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id, isouter=True)
    .join(Membership, Membership.id == Attempt.membership_id, isouter=True)
)
"""The columns of AttemptFacts for attempts of anybody."""

_FIELDS = AttemptFacts.__annotations__

# Every page and every tap of a quiz asks this, so it is built once.
_ATTEMPT = FACTS.join(Person, Person.id == func.coalesce(Enrolment.person_id, Membership.person_id)).where(
    Attempt.id == bindparam("attempt"), is_person(bindparam("person"))
)


def attempt_of(person_id: int, attempt_id: str) -> AttemptFacts | None:
    """The attempt if it is this person's, under whichever account they began it."""
    row = read(_ATTEMPT, {"attempt": attempt_id, "person": person_id}).first()
    return facts_of(row) if row else None


def facts_of(row: Row[*tuple[Any, ...]]) -> AttemptFacts:
    """The facts in a row of FACTS, which more columns may follow."""
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=False))
    return AttemptFacts(**{**values, "sheet": Sheet.from_json(values["sheet"])})


TRY = (
    *(Attempt.id, Attempt.quiz, Attempt.opened_at, Attempt.submitted_at, PASS_MARK),
    *(Grading.right, Grading.asked, Grading.passed),
)
"""The columns of PastTry."""


@dataclass(frozen=True, slots=True)
class PastTry:
    """A line of one's history with a quiz or a test; what it is worth is None while it is not graded.

    `mark` is the score it is passed with.
    """

    id: str
    quiz: str
    opened_at: datetime
    submitted_at: datetime | None
    mark: int
    right: int | None
    asked: int | None
    passed: bool | None

    @property
    def score(self) -> Fraction | None:
        """0 to 100, exactly."""
        return None if self.right is None else score_of(self.right, self.asked or 0)

    @property
    def address(self) -> str:
        """Its page."""
        return address_of(self.id, self.quiz)


def history(enrolment_id: int, names: Sequence[str]) -> list[PastTry]:
    """Every attempt at a quiz under its present and its earlier names, newest first."""
    rows = read(
        select(*TRY)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Grading, Grading.id == NEWEST_GRADING, isouter=True)
        .where(is_or_absorbed_by(Enrolment, enrolment_id), Attempt.quiz.in_(names))
        .order_by(Attempt.opened_at.desc(), Attempt.ordinal.desc())
    )
    return [PastTry(*row) for row in rows]


def is_or_absorbed_by(table: type[Enrolment | Membership], found: Any) -> ColumnElement[bool]:
    """Whether a row is this enrolment or membership, or that of the same person found twice."""
    return or_(table.id == found, table.absorbed_by_id == found)


def saved_answers(attempt_id: str, *, late: bool = False) -> list[Saved]:
    """The answers that count; with `late` all there are."""
    found = select(Answer.number, Answer.value, Answer.counter, Answer.id).where(Answer.attempt_id == attempt_id)
    rows = read(found if late else found.where(_COUNTS))
    return [Saved(number, tuple(value), counter, arrival) for number, value, counter, arrival in rows]


def answers_of(attempts: Sequence[str] | Select[str]) -> dict[str, list[Saved]]:
    """The answers that count of many attempts, which a list or a statement names, by their ids."""
    every = select(Answer.attempt_id, Answer.number, Answer.value, Answer.counter, Answer.id)
    rows = read(every.where(Answer.attempt_id.in_(attempts), _COUNTS))
    found: dict[str, list[Saved]] = {}
    for attempt_id, number, value, counter, arrival in rows:
        found.setdefault(attempt_id, []).append(Saved(number, tuple(value), counter, arrival))
    return found


def marks(attempt_id: str) -> dict[int, Row[int, datetime, bool, str]]:
    """Question number -> (…, at, late, by) of the answer that counts; by whom for another, "" for oneself."""
    rows = read(
        select(Answer.number, Answer.at, Answer.late, func.coalesce(Person.name, "").label("by"))
        .join(Person, Person.id == Answer.entered_by_id, isouter=True)
        .where(Answer.attempt_id == attempt_id, _COUNTS)
        .order_by(Answer.counter, Answer.id)
    )
    return {row[0]: row for row in rows}


def replies(attempt_id: str) -> dict[int, Row[int, str, str, datetime]]:
    """Question number -> (…, text, by, at) of the trainer's newest reply to what was written there."""
    rows = read(
        select(ReflectionReply.number, ReflectionReply.text, Person.name.label("by"), ReflectionReply.at)
        .join(Person, Person.id == ReflectionReply.by_id)
        .where(ReflectionReply.attempt_id == attempt_id)
        .order_by(ReflectionReply.id)
    )
    return {row[0]: row for row in rows}


def newest_reply(enrolment_id: int, since: datetime) -> str | None:
    """The address of the result a trainer replied to last in a course, if that was after `since`."""
    row = read(
        select(Attempt.id, Attempt.quiz)
        .join(ReflectionReply, ReflectionReply.attempt_id == Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(is_or_absorbed_by(Enrolment, enrolment_id), ReflectionReply.at > since)
        .order_by(ReflectionReply.id.desc())
        .limit(1)
    ).first()
    return f"{address_of(row.id, row.quiz)}/hasil" if row else None


def address_of(attempt_id: str, quiz: str) -> str:
    """The page of an attempt: of a case of a form, or of a quiz."""
    return f"/{'formulir' if '#' in quiz else 'kuis'}/{attempt_id}"


def extra_tries(enrolment_id: int) -> dict[str, int]:
    """Quiz -> how many more tries trainers gave, by the names that quizzes had then."""
    rows = read(
        select(ExtraTry.quiz, func.count())
        .join(Enrolment, Enrolment.id == ExtraTry.enrolment_id)
        .where(is_or_absorbed_by(Enrolment, enrolment_id))
        .group_by(ExtraTry.quiz)
    )
    return {row[0]: row[1] for row in rows}


def names_of_attempts(edition: EditionView, quiz: str) -> tuple[str, ...]:
    """Return what attempts at a quiz or a case are called now, then its earlier names."""
    path, mark, case = quiz.partition("#")
    return tuple(f"{name}{mark}{case}" for name in (path, *edition.earlier(path)))


def chances(edition: EditionView, enrolment_id: int, names: Sequence[str]) -> int:
    """How many tries at a quiz somebody has in all; 0 where there is no end of them."""
    allowed = edition.course.quiz.attempts
    return allowed and allowed + sum(count for quiz, count in extra_tries(enrolment_id).items() if quiz in names)


def last_saved_at(attempt_id: str) -> datetime | None:
    """When the newest answer that came in time was saved."""
    return read(select(func.max(Answer.at)).where(Answer.attempt_id == attempt_id, Answer.late.is_(False))).scalar()


def newest_grading(attempt_id: str) -> Row[int, int, bool, list[bool | None]] | None:
    """(right, asked, passed, outcomes) as it counts now."""
    return read(
        select(Grading.right, Grading.asked, Grading.passed, Grading.outcomes)
        .where(Grading.attempt_id == attempt_id)
        .order_by(Grading.id.desc())
        .limit(1)
    ).first()


def rulings(course_id: int, hashes: Sequence[str] | None = None) -> list[RulingFact]:
    """The rulings on these questions, without `hashes` on all of the course, in the order they were made."""
    made = select(Ruling.question_hash, Ruling.kind, Ruling.value, Ruling.id).where(Ruling.course_id == course_id)
    rows = read((made if hashes is None else made.where(Ruling.question_hash.in_(hashes))).order_by(Ruling.id))
    return [RulingFact(blob, kind, tuple(value), number) for blob, kind, value, number in rows]


def questions_of(attempt: AttemptFacts) -> dict[str, Question]:
    """The questions of the sheet by hash, read from the edition the attempt is pinned to; a form has none."""
    found: dict[str, Question] = {}
    for path in {item.path for item in attempt.sheet.items if not attempt.is_form}:
        found.update(questions_in(attempt.edition, path))
    return found


def case_of(attempt: AttemptFacts) -> tuple[Form, Case]:
    """Form and case of an attempt at a form, read from the edition it is pinned to."""
    form = form_of(attempt.edition, attempt.lesson)
    case = form.case(attempt.quiz.partition("#")[2]) if form else None
    if form is None or case is None:
        raise LookupError(attempt.quiz)
    return form, case


def askable(attempt: AttemptFacts) -> Mapping[str, Askable]:
    """Return what the sheet asks by hash: questions, or fields of a form."""
    if not attempt.is_form:
        return questions_of(attempt)
    form, case = case_of(attempt)
    return {item.hash: item for item in form.asked(case)}


def faults(attempt: AttemptFacts) -> dict[str, str]:
    """Field name -> what keeps a form from being sent; a quiz may be sent as it is."""
    if not attempt.is_form:
        return {}
    form, case = case_of(attempt)
    return faults_of(form, case, given_of(form, case, attempt.sheet, latest(saved_answers(attempt.id))))


def worth(
    attempt: AttemptFacts,
    questions: Mapping[str, Question],
    answers: Mapping[int, Saved],
    decided: Sequence[RulingFact],
) -> Grade:
    """Return what these answers are worth under these rulings."""
    if attempt.is_form:
        return grade_case(*case_of(attempt), attempt.sheet, answers, decided)
    return grade(attempt.sheet, questions, answers, decided)


def open_questions(attempt: AttemptFacts, questions: Mapping[str, Question]) -> dict[str, list[int]]:
    """Numbers of the `blank` questions without any answer, and of the `partial` ones that lack a part of it.

    Empty when nothing is left to be answered.
    """
    answers = latest(saved_answers(attempt.id))
    found: dict[str, list[int]] = {"blank": [], "partial": []}
    for number, item in enumerate(attempt.sheet.items, start=1):
        question, value = questions[item.hash], answers[number].value if number in answers else ()
        if not question.is_complete(value):
            found["blank" if question.is_blank(value) else "partial"].append(number)
    return found if any(found.values()) else {}


def has_uncounted_answers(attempt_id: str) -> bool:
    """Whether something came in after the attempt was closed and was not accepted since."""
    late = select(Answer.id).where(Answer.attempt_id == attempt_id, Answer.late).limit(1)
    not_accepted = or_(_ACCEPTED_AT.is_(None), Answer.at > _ACCEPTED_AT)
    return read(late.where(not_accepted)).scalar() is not None

"""Reads about rulings: which questions there are, who was asked one, what a ruling would change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlalchemy import Select, String, cast, exists, func, select
from sqlalchemy.orm import aliased

from lms.course.form import CaseItem
from lms.course.grading import RulingFact, latest, score_of, standing
from lms.course.load import EditionView, OutlineLesson, bank_of, edition_view, form_of, questions_in
from lms.course.outline import file_of
from lms.course.questions.base import Question
from lms.db.engine import read
from lms.db.labels import ERASED_ANSWER
from lms.db.tables import (
    Answer,
    Attempt,
    Certificate,
    CertificateEvent,
    Edition,
    Enrolment,
    Grading,
    Membership,
    Person,
    Ruling,
)
from lms.people.access import trained_by
from lms.quiz.queries import FACTS, POSTTEST, PRETEST, AttemptFacts, answers_of, facts_of, questions_of, worth

SLICE = 200
ENDINGS = ("replaced", "revoked")
RULED = "putusan"
"""The reason of a grading that a ruling asked for."""


Asked = Question | CaseItem
"""What a ruling is about: a question, or a field of a case of a form."""


@dataclass(frozen=True, slots=True)
class RuledQuiz:
    """What is graded in a lesson's quiz, in the tests or in a case of a form of an edition, as a list shows it."""

    title: str
    path: str
    questions: tuple[Asked, ...]
    edition: EditionView

    @property
    def noun(self) -> str:
        """What its people call each of them."""
        return "isian" if isinstance(self.questions[0], CaseItem) else "soal"


def places(edition: EditionView) -> Iterator[RuledQuiz]:
    """Every place of the edition where something is graded, in reading order, the tests last."""
    bank = bank_of(edition)
    found = [
        *(place for lesson in edition.lessons.values() for place in _of_lesson(edition, lesson)),
        *([RuledQuiz("Tes awal dan tes akhir", bank.path, tuple(bank.questions.values()), edition)] if bank else []),
    ]
    for place in found:
        if counted := tuple(question for question in place.questions if question.counted):
            yield replace(place, questions=counted)


def former_places(edition: EditionView, course_id: int) -> Iterator[RuledQuiz]:
    """What other editions ask, in which somebody was graded, and this one does not; the newest wording first.

    Who mends a question and publishes makes another of it; the answers to the one of before still wait for a ruling.
    """
    held = {question.hash for place in places(edition) for question in place.questions}
    for edition_id in _graded_in(course_id):
        for place in places(edition_view(edition_id, edition.slug)):
            new = tuple(question for question in place.questions if question.hash not in held)
            held.update(question.hash for question in new)
            if new and edition_id != edition.id:
                yield replace(place, questions=new)


def _graded_in(course_id: int) -> list[int]:
    """The editions in which somebody sent an attempt, newest first."""
    found = select(Attempt.edition_id).join(Edition, Edition.id == Attempt.edition_id).distinct()
    sent = found.where(Edition.course_id == course_id, Attempt.submitted_at.is_not(None))
    return list(read(sent.order_by(Attempt.edition_id.desc())).scalars())


def places_with(found: Iterable[RuledQuiz], words: str) -> Iterator[RuledQuiz]:
    """The same with only what holds each of these words, in its title, its text or its choices."""
    wanted = words.casefold().split()
    for place in found:
        if holding := tuple(each for each in place.questions if all(word in _text(each) for word in wanted)):
            yield replace(place, questions=holding)


def _text(asked: Asked) -> str:
    prompt = "" if isinstance(asked, CaseItem) else asked.prompt
    return " ".join((asked.title, prompt, *asked.items.values())).casefold()


def _of_lesson(edition: EditionView, lesson: OutlineLesson) -> list[RuledQuiz]:
    """A lesson's quiz, or every case of a form."""
    if form := form_of(edition, lesson.identity):
        return [RuledQuiz(f"{form.title}: {case.title}", form.path, form.asked(case), edition) for case in form.cases]
    path = file_of(lesson.identity)
    return [RuledQuiz(lesson.title, path, tuple(questions_in(edition, path).values()), edition)]


def question_of(edition: EditionView, course_id: int, question_hash: str) -> tuple[RuledQuiz, Asked] | None:
    """What has this hash, with its place; None when neither this edition nor one that was answered has such a thing."""
    for place in chain(places(edition), former_places(edition, course_id)):
        for question in place.questions:
            if question.hash == question_hash:
                return place, question
    return None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling that was made, for the history."""

    id: int
    kind: str
    value: list[str]
    reason: str
    by: str | None
    at: datetime
    stands: bool = True


def ruled(course_id: int, question_hash: str) -> list[Ruled]:
    """The rulings on a question, newest first; one that was withdrawn, or withdraws another, stands no more."""
    rows = read(
        select(Ruling.id, Ruling.kind, Ruling.value, Ruling.reason, Person.name, Ruling.at)
        .join(Person, Person.id == Ruling.person_id, isouter=True)
        .where(Ruling.course_id == course_id, Ruling.question_hash == question_hash)
        .order_by(Ruling.id.desc())
    ).all()
    kept = {each.id for each in standing([RulingFact(question_hash, row[1], tuple(row[2]), row[0]) for row in rows])}
    return [Ruled(*row, row[0] in kept) for row in rows]


@dataclass(frozen=True, slots=True)
class GradeChange:
    """What a ruling makes of one attempt; `name` is None for a participant of somebody else's cohort."""

    attempt_id: str
    person_id: int
    name: str | None
    quiz: str
    title: str
    before: int
    after: int
    passed_before: bool
    passed_after: bool
    trial: bool

    @property
    def changes(self) -> bool:
        """Whether the score becomes another."""
        return (self.before, self.passed_before) != (self.after, self.passed_after)

    @property
    def touches_certificates(self) -> bool:
        """A certificate shows the post-test's score and asks for passed quizzes; the pre-test decides nothing."""
        lost = self.passed_before and not self.passed_after
        return self.changes and not self.trial and (self.quiz == POSTTEST or (self.quiz != PRETEST and lost))


def changes(course_id: int, planned: RulingFact, trainer_id: int) -> list[GradeChange]:
    """What the planned ruling makes of every graded attempt at its question, worked out and not written."""
    found: list[GradeChange] = []
    asked = read(_touched(course_id, planned.question_hash).with_only_columns(Attempt.id).order_by(Attempt.id))
    attempt_ids = [row[0] for row in asked]
    for start in range(0, len(attempt_ids), SLICE):
        found += _changes_of(course_id, attempt_ids[start : start + SLICE], planned, trainer_id)
    return found


def _touched(course_id: int, question_hash: str) -> Select[*tuple[object, ...]]:
    """Attempts that were graded and asked this question; a sheet is searched as text, which every database can.

    Whose answers are gone by their retention or with their person keeps the score it was given.
    """
    gone = exists().where(Answer.attempt_id == Attempt.id, cast(Answer.value, String) == ERASED_ANSWER)
    return FACTS.where(
        ~gone,
        Edition.course_id == course_id,
        Attempt.submitted_at.is_not(None),
        cast(Attempt.sheet, String).contains(question_hash, autoescape=True),
    )


def _changes_of(
    course_id: int, attempt_ids: Sequence[str], planned: RulingFact, trainer_id: int
) -> Iterator[GradeChange]:
    """Four statements for a slice, however many attempts are in it."""
    theirs = aliased(Membership)
    own = exists().where(theirs.person_id == Person.id, theirs.cohort_id.in_(trained_by(trainer_id)))
    rows = read(
        FACTS.add_columns(Person.id.label("person_id"), Person.name.label("name"), own.label("own"), Attempt.trial)
        .join(Person, Person.id == func.coalesce(Enrolment.person_id, Membership.person_id))
        .where(Attempt.id.in_(attempt_ids))
    ).all()
    answers, graded, decided = answers_of(attempt_ids), _gradings(attempt_ids), [*held_rulings(course_id), planned]
    for row in rows:
        held = graded.get(row.id)
        if held is None:
            continue
        facts = facts_of(row)
        after = worth(facts, questions_of(facts), latest(answers.get(row.id, [])), decided)
        yield GradeChange(
            row.id,
            row.person_id,
            row.name if row.own else None,
            facts.quiz,
            facts.title,
            held.score,
            after.score,
            held.passed,
            after.passed,
            row.trial,
        )


def held_rulings(course_id: int) -> list[RulingFact]:
    """Every ruling of the course, in the order they were made."""
    rows = read(
        select(Ruling.question_hash, Ruling.kind, Ruling.value, Ruling.id)
        .where(Ruling.course_id == course_id)
        .order_by(Ruling.id)
    )
    return [RulingFact(blob, kind, tuple(value), number) for blob, kind, value, number in rows]


@dataclass(frozen=True, slots=True)
class _Graded:
    score: int
    passed: bool


def _gradings(attempt_ids: Sequence[str]) -> dict[str, _Graded]:
    """Attempt -> what it is worth now."""
    newest = select(func.max(Grading.id)).where(Grading.attempt_id.in_(attempt_ids)).group_by(Grading.attempt_id)
    rows = read(select(Grading.attempt_id, Grading.right, Grading.asked, Grading.passed).where(Grading.id.in_(newest)))
    return {attempt_id: _Graded(score_of(right, asked), passed) for attempt_id, right, asked, passed in rows}


def to_regrade(course_id: int, question_hash: str, limit: int) -> list[AttemptFacts]:
    """Attempts that asked this question and were not graded again since its newest ruling."""
    since = (
        select(func.max(Ruling.at))
        .where(Ruling.course_id == course_id, Ruling.question_hash == question_hash)
        .scalar_subquery()
    )
    graded = exists().where(Grading.attempt_id == Attempt.id, Grading.reason == RULED, Grading.at >= since)
    was_graded = exists().where(Grading.attempt_id == Attempt.id)
    listed = _touched(course_id, question_hash).where(was_graded, ~graded, since.is_not(None))
    return [facts_of(row) for row in read(listed.order_by(Attempt.id).limit(limit))]


@dataclass(frozen=True, slots=True)
class Resting:
    """A certificate whose holder's score a ruling changes; it stands until somebody replaces or revokes it."""

    id: str
    name: str | None


def certificates_resting_on(course_id: int, changed: Sequence[GradeChange]) -> list[Resting]:
    """The real certificates of this course that still stand, of those whose change touches what they rest on."""
    names = {change.person_id: change.name for change in changed if change.touches_certificates}
    ended = exists().where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind.in_(ENDINGS))
    found: list[Resting] = []
    people = sorted(names)
    for start in range(0, len(people), SLICE):
        rows = read(
            select(Certificate.id, Membership.person_id)
            .join(Membership, Membership.id == Certificate.membership_id)
            .join(Edition, Edition.id == Certificate.edition_id)
            .where(
                Membership.person_id.in_(people[start : start + SLICE]),
                Edition.course_id == course_id,
                Membership.role == "peserta",
                Certificate.sample.is_(False),
                ~ended,
            )
        )
        found += [Resting(certificate_id, names[person_id]) for certificate_id, person_id in rows]
    return found

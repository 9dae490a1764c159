"""Reads about rulings: which questions there are, who was asked one, what a ruling would change."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any

from sqlalchemy import Row, Select, String, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from lms.course.form import CaseItem
from lms.course.grading import Grade, RulingFact, latest, standing
from lms.course.load import EditionView, OutlineLesson, bank_of, edition_view, form_of, questions_in
from lms.course.outline import file_of, identity_of
from lms.course.questions.base import Question
from lms.db.engine import read
from lms.db.labels import ERASED_ANSWER
from lms.db.tables.certificates import Certificate, CertificateEvent
from lms.db.tables.cohorts import Membership
from lms.db.tables.courses import Edition
from lms.db.tables.learning import Answer, Attempt, Enrolment, Grading, Ruling
from lms.db.tables.people import Person
from lms.people.access import trained_by
from lms.quiz import queries

ENDINGS = ("replaced", "revoked")
RULED = "putusan"
"""The reason of a grading that a ruling asked for."""


Asked = Question | CaseItem
"""What a ruling is about: a question, or a field of a case of a form."""


@dataclass(frozen=True, slots=True)
class RuledQuiz:
    """A place with graded questions: a lesson's quiz, the tests or a case of a form, as a list shows it."""

    title: str
    path: str
    questions: tuple[Asked, ...]
    edition: EditionView

    @property
    def noun(self) -> str:
        """The word for one of its questions or fields."""
        return "isian" if isinstance(self.questions[0], CaseItem) else "soal"


def places(edition: EditionView) -> Iterator[RuledQuiz]:
    """Every place of the edition where something is graded, in reading order, the tests last."""
    bank = bank_of(edition)
    found = [
        *(place for lesson in edition.lessons.values() for place in _of_lesson(edition, lesson)),
        *([RuledQuiz("Tes awal dan tes akhir", bank.path, tuple(bank.questions.values()), edition)] if bank else []),
    ]
    yield from _only(found, lambda question: question.counted)


def _only(found: Iterable[RuledQuiz], wanted: Callable[[Asked], bool]) -> Iterator[RuledQuiz]:
    """Yield the places with only the questions that are wanted."""
    for place in found:
        if questions := tuple(filter(wanted, place.questions)):
            yield replace(place, questions=questions)


def former_places(edition: EditionView, course_id: int) -> Iterator[RuledQuiz]:
    """Yield what only other editions ask, where somebody was graded; the newest wording first.

    Who mends a question and publishes makes another of it; the answers to the one of before still wait for a ruling.
    """
    held = {question.hash for place in places(edition) for question in place.questions}
    found = select(Attempt.edition_id).join(Edition, Edition.id == Attempt.edition_id).distinct()
    sent = found.where(Edition.course_id == course_id, Attempt.submitted_at.is_not(None))
    for edition_id in read(sent.order_by(Attempt.edition_id.desc())).scalars().all():
        for place in _only(places(edition_view(edition_id, edition.slug)), lambda asked: asked.hash not in held):
            held.update(question.hash for question in place.questions)
            yield place


def places_with(found: Iterable[RuledQuiz], words: str) -> Iterator[RuledQuiz]:
    """The places with only the questions that hold each of these words, in title, text or choices."""
    wanted = words.casefold().split()
    return _only(found, lambda asked: all(word in _text(asked) for word in wanted))


def by_module(edition: EditionView, found: Iterable[RuledQuiz]) -> list[tuple[str, list[RuledQuiz]]]:
    """(title of a module, its places), in reading order; what is in none, like the tests, under a title of its own."""
    titles = {lesson.identity: module.title for module in edition.modules for lesson in module.lessons}
    grouped = groupby(found, lambda place: titles.get(identity_of(place.path), "Tes"))
    return [(title, list(each)) for title, each in grouped]


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
    """Return the question with this hash and its place; None when neither this edition nor an answered one has it."""
    every = chain(places(edition), former_places(edition, course_id))
    return next(((place, asked) for place in every for asked in place.questions if asked.hash == question_hash), None)


def ruled(course_id: int, question_hash: str) -> list[tuple[Row[*tuple[Any, ...]], bool]]:
    """The rulings on a question, each with whether it still stands, newest first: one that was withdrawn, or withdraws
    another, stands no more."""
    rows = read(
        select(Ruling.id, Ruling.kind, Ruling.value, Ruling.reason, Person.name.label("by"), Ruling.at)
        .join(Person, Person.id == Ruling.person_id, isouter=True)
        .where(Ruling.course_id == course_id, Ruling.question_hash == question_hash)
        .order_by(Ruling.id.desc())
    ).all()
    kept = {each.id for each in standing([RulingFact(question_hash, row[1], tuple(row[2]), row[0]) for row in rows])}
    return [(row, row.id in kept) for row in rows]


@dataclass(frozen=True, slots=True)
class GradeChange:
    """The effect of a ruling on one attempt; `name` is None for a participant of somebody else's cohort."""

    attempt: queries.AttemptFacts
    person_id: int
    name: str | None
    before: Grade
    after: Grade

    @property
    def changes(self) -> bool:
        """Whether the score becomes another."""
        return (self.before.score, self.before.passed) != (self.after.score, self.after.passed)

    @property
    def touches_certificates(self) -> bool:
        """A certificate shows the post-test's score and asks for passed quizzes; the pre-test decides nothing."""
        quiz, lost = self.attempt.quiz, self.before.passed and not self.after.passed
        return (
            self.changes and not self.attempt.trial and (quiz == queries.POSTTEST or (quiz != queries.PRETEST and lost))
        )


def changes(course_id: int, planned: RulingFact, trainer_id: int) -> list[GradeChange]:
    """Work out what the planned ruling makes of every graded attempt at its question, and write nothing.

    In three statements, however many attempts there are.
    """
    theirs, touched = aliased(Membership), _touched(course_id, planned.question_hash)
    own = exists().where(theirs.person_id == Person.id, theirs.cohort_id.in_(trained_by(trainer_id)))
    graded = touched.add_columns(Person.id, case((own, Person.name)), Grading.right, Grading.asked, Grading.passed)
    rows = read(
        graded.join(Person, Person.id == func.coalesce(Enrolment.person_id, Membership.person_id))
        .join(Grading, Grading.id == queries.NEWEST_GRADING)
        .order_by(Attempt.id)
    ).all()
    answers, decided = queries.answers_of(touched.with_only_columns(Attempt.id)), [*queries.rulings(course_id), planned]
    found = []
    for row in rows:
        facts, (person_id, name, right, asked, passed) = queries.facts_of(row), row[-5:]
        after = queries.worth(facts, queries.questions_of(facts), latest(answers.get(facts.id, [])), decided)
        found.append(GradeChange(facts, person_id, name, Grade(right, asked, passed, ()), after))
    return found


def _touched(course_id: int, question_hash: str) -> Select[*tuple[Any, ...]]:
    """Attempts that were graded and asked this question; a sheet is searched as text, which every database can.

    Whose answers are gone by their retention or with their person keeps the score it was given.
    """
    gone = exists().where(Answer.attempt_id == Attempt.id, cast(Answer.value, String) == ERASED_ANSWER)
    asked = cast(Attempt.sheet, String).contains(question_hash, autoescape=True)
    return queries.FACTS.where(~gone, Edition.course_id == course_id, Attempt.submitted_at.is_not(None), asked)


def to_regrade(course_id: int, question_hash: str, limit: int) -> list[queries.AttemptFacts]:
    """Attempts that asked this question and were not graded again since its newest ruling."""
    mine = Ruling.course_id == course_id, Ruling.question_hash == question_hash
    since = select(func.max(Ruling.at)).where(*mine).scalar_subquery()
    graded = exists().where(Grading.attempt_id == Attempt.id, Grading.reason == RULED, Grading.at >= since)
    was_graded = exists().where(Grading.attempt_id == Attempt.id)
    listed = _touched(course_id, question_hash).where(was_graded, ~graded, since.is_not(None))
    return [queries.facts_of(row) for row in read(listed.order_by(Attempt.id).limit(limit))]


def certificates_resting_on(course_id: int, changed: Sequence[GradeChange]) -> list[tuple[str, str | None]]:
    """(id, whose) of the real certificates of this course that still stand, and whose holder's score a ruling changes
    in what they rest on; they stand until somebody replaces or revokes them."""
    names = {change.person_id: change.name for change in changed if change.touches_certificates}
    ended = exists().where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind.in_(ENDINGS))
    real = Membership.role == "peserta", Certificate.sample.is_(False), ~ended
    rows = read(
        select(Certificate.id, Membership.person_id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(Edition, Edition.id == Certificate.edition_id)
        .where(Membership.person_id.in_(names), Edition.course_id == course_id, *real)
        .order_by(Membership.person_id)
    )
    return [(certificate_id, names[person_id]) for certificate_id, person_id in rows]

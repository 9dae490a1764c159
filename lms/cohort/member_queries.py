"""Reads about one member of a cohort, and about what members wrote that nobody answered yet."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row, Select, Text, and_, cast, exists, false, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from lms.cohort.desk_queries import ref_in
from lms.course.drawing import SheetItem
from lms.course.grading import Saved, latest
from lms.course.load import EditionView, edition_view, filled, form_of, questions_in, rendered_question
from lms.db.engine import read
from lms.db.tables.certificates import Certificate, CertificateEvent
from lms.db.tables.cohorts import Cohort, Membership
from lms.db.tables.learning import Answer, Attempt, Enrolment, Grading, Reading, ReflectionReply
from lms.db.tables.people import AuditEntry, Person
from lms.learn.queries import Progress, progress
from lms.people.access import CohortFacts, Member, Training, trained_by
from lms.quiz import queries
from lms.quiz.queries import (
    NEWEST_GRADING,
    PASS_MARK,
    POSTTEST,
    TEST_TITLES,
    AttemptFacts,
    attempt_of,
    extra_tries,
    is_or_absorbed_by,
)
from lms.quiz.sheet import (
    JudgedQuestion,
    ShownQuestion,
    ToldField,
    answer_in_words,
    judged_questions,
    shown_questions,
    told,
)

EVENTS_A_PAGE = 20
NOTES_A_PAGE = 10

HELP: dict[str, str] = tomllib.loads((Path(__file__).parent / "bantuan.toml").read_text(encoding="utf-8"))
"""What the audit log calls the help given to a person -> what a trainer reads."""


def time_line(member: Member, page: int) -> tuple[list[Any], bool]:
    """A page of what happened to a member, newest first, and whether there is more.

    `kind` of each says what its `name` and `ref` are: ikut; pelajaran (lesson); percobaan (quiz, attempt id);
    sertifikat (event, certificate id); bantuan (action). `right` is -1 for an attempt that was not graded.
    """
    events = union_all(*_happened(member)).subquery()
    listed = select(events).order_by(events.c.at.desc(), events.c.kind, events.c.name, events.c.ref)
    return _page_of(listed, page, EVENTS_A_PAGE)


def _page_of(listed: Select[*tuple[Any, ...]], page: int, size: int) -> tuple[list[Any], bool]:
    rows = read(listed.limit(size + 1).offset((page - 1) * size)).all()
    return list(rows[:size]), len(rows) > size


def _happened(member: Member) -> Sequence[Any]:
    """All that this cohort's course knows of the member, as rows of `_happening`."""
    actor = aliased(Person)
    graded = func.coalesce(Grading.right, -1), func.coalesce(Grading.asked, 0), func.coalesce(Grading.passed, false())
    done = func.coalesce(Attempt.submitted_at, Attempt.opened_at)
    return (
        _happening("ikut", Membership.joined_at).where(Membership.id == member.membership_id),
        _happening("pelajaran", Reading.at, Reading.lesson).where(Reading.enrolment_id.in_(_learning(member))),
        _happening("percobaan", done, Attempt.quiz, Attempt.id, *graded, PASS_MARK)
        .join(Grading, Grading.id == NEWEST_GRADING, isouter=True)
        .where(_of(member)),
        _happening(
            "sertifikat", CertificateEvent.at, CertificateEvent.kind, Certificate.id, reason=CertificateEvent.reason
        )
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(Certificate.membership_id.in_(_parts(member))),
        _happening("bantuan", AuditEntry.at, AuditEntry.action, by=actor.name)
        .join(actor, actor.id == AuditEntry.actor_id)
        .where(
            AuditEntry.object.in_((f"membership:{member.membership_id}", f"person:{member.person_id}")),
            AuditEntry.action.in_(HELP),
            AuditEntry.actor_id != member.person_id,
        ),
    )


_NO_WORDS, _UNGRADED = literal(""), (literal(-1), literal(0), false(), literal(0))


def _happening(
    kind: str,
    at: Any,
    name: Any = _NO_WORDS,
    ref: Any = _NO_WORDS,
    *graded: Any,
    by: Any = _NO_WORDS,
    reason: Any = _NO_WORDS,
) -> Select[*tuple[Any, ...]]:
    right, asked, passed, mark = graded or _UNGRADED
    told = {"at": at, "kind": literal(kind), "name": name, "ref": ref, "right": right, "asked": asked}
    told |= {"passed": passed, "mark": mark, "by": by, "reason": reason}
    return select(*(column.label(label) for label, column in told.items()))


def _learning(member: Member) -> Any:
    return select(Enrolment.id).where(is_or_absorbed_by(Enrolment, member.enrolment_id))


def _parts(member: Member) -> Any:
    return select(Membership.id).where(is_or_absorbed_by(Membership, member.membership_id))


def _of(member: Member) -> Any:
    return or_(Attempt.enrolment_id.in_(_learning(member)), Attempt.membership_id.in_(_parts(member)))


def attempt_by(member: Member, attempt_id: str) -> AttemptFacts | None:
    """A member's attempt in the course of their cohort; None for one of another course, cohort or person."""
    mine = read(select(Attempt.id).where(Attempt.id == attempt_id, _of(member))).scalar()
    return attempt_of(member.person_id, attempt_id) if mine else None


def stand(trained: Training, member: Member) -> tuple[EditionView, Progress]:
    """The edition that this cohort goes by, and how far the member is in it."""
    edition = edition_view(trained.edition_id, trained.slug)
    return edition, progress(ref_in(trained, member.enrolment_id), edition)


def attempts_made(member: Member) -> int:
    """How many attempts there are, sent or not."""
    return read(select(func.count()).select_from(Attempt).where(_of(member))).scalar_one()


def title_of(edition: EditionView, quiz: str) -> str:
    """Return the name that a person knows an attempt by: the test, the lesson of the quiz, or the form."""
    lesson = edition.lessons.get(edition.present(quiz.partition("#")[0]))
    return TEST_TITLES.get(quiz) or (lesson.title if lesson else quiz.partition("#")[0])


def closed_unsent(member: Member, now: datetime) -> Sequence[Row[str, str]]:
    """(attempt id, quiz) of what was closed before it was sent, and whose result nobody has seen."""
    return read(select(Attempt.id, Attempt.quiz).where(_of(member), was_closed_unsent(now))).all()


def was_closed_unsent(now: datetime) -> Any:
    """Whether an attempt of the statement may be opened again."""
    graded = exists().where(Grading.attempt_id == Attempt.id)
    return and_(Attempt.submitted_at.is_(None), Attempt.closes_at <= now, ~graded)


def used_up(edition: EditionView, person: Progress, member: Member) -> dict[str, str]:
    """Quiz or test -> its title, where one more try would help: no chance is left, or the cohort closed its tests."""
    found = {
        identity: edition.lessons[identity].title
        for identity, left in tries_left(edition, person, member).items()
        if left <= 0 and not person.standing(identity).passed and not person.standing(identity).open_attempt
    }
    exams = person.exams
    if exams and exams.membership_id == member.membership_id and exams.posttest_is_over:
        going_on = any(each.submitted_at is None for each in exams.posttests)
        if not (exams.posttest_offered or exams.passed or going_on):
            found[POSTTEST] = TEST_TITLES[POSTTEST]
    return found


def tries_left(edition: EditionView, person: Progress, member: Member) -> dict[str, int]:
    """Lesson -> how many tries at its quiz are left; nothing where there is no end of them, as with forms."""
    allowed = edition.course.quiz.attempts
    if not allowed:
        return {}
    extra: dict[str, int] = {}
    for quiz, count in extra_tries(member.enrolment_id).items():
        extra[edition.present(quiz)] = extra.get(edition.present(quiz), 0) + count
    return {
        identity: allowed + extra.get(identity, 0) - person.standing(identity).tries
        for identity in edition.quizzes
        if not edition.lessons[identity].is_form
    }


OtherCohort = Row[int, int, str, str, datetime | None]
"""(id, course_id, name, code, closed_at) of a cohort that the trainer trains too."""


def other_cohorts(trained: Training, member: Member) -> Sequence[OtherCohort]:
    """The trainer's other cohorts on the desk that the member is not in, newest first; closed ones too."""
    part = aliased(Membership)
    is_in = exists().where(
        part.cohort_id == Cohort.id, part.person_id == member.person_id, part.role == "peserta", part.left_at.is_(None)
    )
    return read(
        select(Cohort.id, Cohort.course_id, Cohort.name, Cohort.code, Cohort.closed_at)
        .where(
            Cohort.id.in_(trained_by(trained.viewer.person_id)),
            Cohort.id != trained.cohort_id,
            Cohort.archived_at.is_(None),
            ~is_in,
        )
        .order_by(Cohort.id.desc())
    ).all()


_own = aliased(Enrolment)


def unanswered(trained: Training, page: int, membership_id: int | None = None) -> tuple[list[Any], bool]:
    """A page of what a cohort, or one member, wrote in their own words and no trainer answered, newest first; and
    whether there is more.

    `sheet` and `number` say what was asked. Two statements, however many people and editions there are; who left or
    only tries is left out.
    """
    who = [Membership.left_at.is_(None)] if membership_id is None else [Membership.id == membership_id]
    whose = Membership.id.label("membership_id"), Person.name, Attempt.id.label("attempt_id"), Attempt.submitted_at
    shown = *whose, Attempt.edition_id, Attempt.quiz, Attempt.sheet, Answer.number, Answer.value
    found = _unanswered(shown, [trained], who)
    if found is None:
        return [], False
    listed = found.order_by(Attempt.submitted_at.desc(), Attempt.id, Answer.number)
    return _page_of(listed, page, NOTES_A_PAGE)


def notes_waiting(cohorts: Sequence[CohortFacts]) -> dict[int, int]:
    """Cohort -> how many notes of its members no trainer answered; two statements for all of them."""
    counted = (Membership.cohort_id, func.count())
    found = _unanswered(counted, cohorts, [Membership.left_at.is_(None)])
    if found is None:
        return {}
    rows = read(found.group_by(Membership.cohort_id)).all()
    return {row[0]: row[1] for row in rows}


def _unanswered(
    shown: Sequence[Any], cohorts: Sequence[CohortFacts], who: Sequence[Any]
) -> Select[*tuple[Any, ...]] | None:
    """Select the unanswered questions of these people of these cohorts; None where nobody can have written any."""
    slugs = {each.course_id: each.slug for each in cohorts}
    ids = [each.cohort_id for each in cohorts]
    who = [Membership.cohort_id.in_(ids), Membership.role == "peserta", Membership.absorbed_by_id.is_(None), *who]
    who.append(Membership.trial.is_(False))
    written = [place for course, edition in _editions(who) for place in _written(edition, slugs[course])]
    if not written:
        return None
    return (
        _sent(select(*shown).join(Person, Person.id == Membership.person_id))
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(
            *who,
            Attempt.trial.is_(False),
            tuple_(Attempt.edition_id, Attempt.quiz, Answer.number).in_(written),
            _stands_unanswered(),
        )
    )


def _sent(listed: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A row for each thing that members sent in the course of their cohort."""
    return (
        listed.select_from(Membership)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Enrolment, and_(Enrolment.person_id == Membership.person_id, Enrolment.course_id == Cohort.course_id))
        .join(_own, is_or_absorbed_by(_own, Enrolment.id))
        .join(Attempt, Attempt.enrolment_id == _own.id)
        .where(Attempt.submitted_at.is_not(None))
    )


def _editions(who: Sequence[Any]) -> list[tuple[int, int]]:
    """(course, edition) of every edition in which somebody of these sent something."""
    sent = _sent(select(Cohort.course_id, Attempt.edition_id).distinct())
    return [(row[0], row[1]) for row in read(sent.where(*who))]


def _written(edition_id: int, slug: str) -> list[tuple[int, str, int]]:
    """(edition, quiz, number) of every place of an edition where people write in their own words."""
    lessons = edition_view(edition_id, slug).lessons.values()
    return [(edition_id, quiz, number) for lesson in lessons for quiz, number in lesson.written]


def _stands_unanswered() -> Any:
    """An answer that came in time, says something, was not followed by another and has no reply."""
    later = aliased(Answer)
    superseded = exists().where(
        later.attempt_id == Answer.attempt_id,
        later.number == Answer.number,
        later.late.is_(False),
        or_(later.counter > Answer.counter, and_(later.counter == Answer.counter, later.id > Answer.id)),
    )
    replied = exists().where(ReflectionReply.attempt_id == Attempt.id, ReflectionReply.number == Answer.number)
    return and_(Answer.late.is_(False), cast(Answer.value, Text) != "[]", ~superseded, ~replied)


Words = Sequence[Markup | str]
Outcomes = Sequence[bool | None]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question, or one field of a form: what was answered, and what came too late and does not count.

    `options` are those to choose, order or match, as they were shown. `key` and `told` are there only once the attempt
    is graded.
    """

    title: Markup | str
    words: Words
    late: Words
    options: Words
    question: ShownQuestion | None = None
    key: JudgedQuestion | None = None
    told: ToldField | None = None


def lines_of(attempt: AttemptFacts, outcomes: Outcomes | None) -> list[AnswerLine]:
    """The whole sheet in its order; without `outcomes` it was not graded, and nothing tells a key."""
    counted = queries.saved_answers(attempt.id)
    arrived = {saved.arrival for saved in counted}
    late = [saved for saved in queries.saved_answers(attempt.id, late=True) if saved.arrival not in arrived]
    return (_fields if attempt.is_form else _questions)(attempt, counted, late, outcomes)


def _questions(
    attempt: AttemptFacts, counted: Sequence[Saved], late: Sequence[Saved], outcomes: Outcomes | None
) -> list[AnswerLine]:
    shown, after = shown_questions(attempt, counted), shown_questions(attempt, late)
    keys = [None] * len(shown) if outcomes is None else judged_questions(attempt, counted, outcomes)
    return [
        AnswerLine(
            question.title,
            answer_in_words(question),
            answer_in_words(too_late),
            [text for _, text in question.choices],
            question,
            key,
        )
        for question, too_late, key in zip(shown, after, keys, strict=True)
    ]


def _fields(
    attempt: AttemptFacts, counted: Sequence[Saved], late: Sequence[Saved], outcomes: Outcomes | None
) -> list[AnswerLine]:
    form, case = queries.case_of(attempt)
    fields = {item.hash: item.field for item in form.asked(case)}
    answered, after = latest(counted), latest(late)
    parts = told(attempt, counted).parts if outcomes is not None else []
    judged = {field.judged.item.field.name: field for part in parts for field in part.fields}
    found = []
    for number, each in enumerate(attempt.sheet.items, start=1):
        field = fields[each.hash]
        said, late_said = (field.in_words(of[number].value) if number in of else [] for of in (answered, after))
        choices, result = list(field.choices.values()), judged.get(field.name)
        found.append(AnswerLine(field.label, said, late_said, choices, told=result))
    return found


def asked_in(edition: EditionView, quiz: str, item: SheetItem) -> Markup | str:
    """Return the wording of one question or field."""
    lesson, _, slug = quiz.partition("#")
    form = form_of(edition, lesson)
    case = form.case(slug) if form else None
    if form and case:
        return next((each.field.label for each in form.asked(case) if each.hash == item.hash), "")
    rendered = rendered_question(questions_in(edition, item.path)[item.hash], item.path)
    return filled(edition, rendered.prompt or rendered.title)


def written_in(attempt: AttemptFacts) -> set[int]:
    """The numbers of what a person wrote in their own words, for a trainer to answer."""
    if attempt.is_test:
        return set()
    places = attempt.edition.lessons[attempt.lesson].written
    return {number for quiz, number in places if quiz == attempt.quiz}

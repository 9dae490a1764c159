"""Reads about questions to the desk: one's own, and those of a cohort."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, desc, exists, func, null, select, union_all
from sqlalchemy.orm import aliased

from lms.course.form import CaseItem
from lms.course.load import EditionView, edition_view, form_of, questions_in
from lms.course.outline import file_of
from lms.course.questions.base import Question
from lms.db.engine import read
from lms.db.tables.cohorts import Cohort, Membership, is_trainer
from lms.db.tables.courses import Course, Edition
from lms.db.tables.learning import Attempt, Enrolment, Inquiry, InquiryReply, ReflectionReply
from lms.db.tables.people import Person
from lms.people.queries import is_person
from lms.quiz.queries import address_of

PAGE = 30


def desk_for(person_id: int, course_id: int) -> int | None:
    """The cohort whose trainers read what this person asks: the newest with a trainer, else the newest; None without.

    A bimtek comes before self-study, where nobody may be there to answer; what is in the archive, where nobody looks,
    comes last.
    """
    trainer = aliased(Membership)
    has_trainer = exists().where(trainer.cohort_id == Cohort.id, is_trainer(trainer))
    is_read = and_(has_trainer, Cohort.archived_at.is_(None))
    return read(
        select(Cohort.id)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.person_id == person_id, Cohort.course_id == course_id, Membership.left_at.is_(None))
        .order_by(is_read.desc(), has_trainer.desc(), Cohort.kind != "bimtek", Cohort.id.desc())
        .limit(1)
    ).scalar()


def mine(person_id: int) -> list[dict[str, Any]]:
    """Return the questions of this person, newest first."""
    return _asked(_INQUIRIES.where(is_person(person_id)).order_by(Inquiry.id.desc()).limit(200))


def box(cohort_id: int, page: int) -> tuple[list[dict[str, Any]], int]:
    """(a page of what the cohort's participants asked, how many there are); what waits for an answer comes first."""
    count = read(select(func.count()).select_from(Inquiry).where(Inquiry.cohort_id == cohort_id)).scalar_one()
    listed = _INQUIRIES.where(Inquiry.cohort_id == cohort_id).order_by(_ANSWERED, Inquiry.id.desc())
    return _asked(listed.limit(PAGE).offset((page - 1) * PAGE)), count


def waiting(cohort_ids: Sequence[int]) -> dict[int, int]:
    """Cohort -> how many of its questions have no answer yet; one statement for all of them."""
    unanswered = select(Inquiry.cohort_id, func.count()).where(Inquiry.cohort_id.in_(cohort_ids), ~_ANSWERED)
    return {row[0]: row[1] for row in read(unanswered.group_by(Inquiry.cohort_id)) if row[0]}


def newest_answer(person_id: int, since: datetime) -> tuple[str, str] | None:
    """(where it is read, whose it is) of what a trainer answered this person last, a question or a note."""
    by, accounts = aliased(Person), select(Person.id).where(is_person(person_id))
    told = (
        select(InquiryReply.at.label("at"), by.name.label("by"), cast(Inquiry.id, String).label("what"), null())
        .join(Inquiry, Inquiry.id == InquiryReply.inquiry_id)
        .join(by, by.id == InquiryReply.by_id)
        .where(Inquiry.person_id.in_(accounts), InquiryReply.at > since)
    )
    noted = (
        select(ReflectionReply.at, by.name, Attempt.id, Attempt.quiz)
        .join(Attempt, Attempt.id == ReflectionReply.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(by, by.id == ReflectionReply.by_id)
        .where(Enrolment.person_id.in_(accounts), ReflectionReply.at > since)
    )
    row: Any = read(union_all(told, noted).order_by(desc("at")).limit(1)).first()
    if row is None:
        return None
    _, name, what, quiz = row
    return f"{address_of(what, quiz)}/hasil" if quiz else f"/saya/pertanyaan#tanya-{what}", name


def is_asked_in(cohort_id: int, inquiry_id: int) -> bool:
    """Whether this question belongs to the cohort's desk."""
    return read(select(Inquiry.id).filter_by(id=inquiry_id, cohort_id=cohort_id)).scalar() is not None


def is_my_form(form_id: str, person_id: int) -> bool:
    """Whether this very form was sent by this person before."""
    return read(select(Inquiry.id).filter_by(form_id=form_id, person_id=person_id)).scalar() is not None


_ANSWERED: ColumnElement[bool] = exists().where(InquiryReply.inquiry_id == Inquiry.id)
_MEMBERSHIP = (
    select(func.max(func.coalesce(Membership.absorbed_by_id, Membership.id)))
    .where(
        Membership.person_id == Inquiry.person_id,
        Membership.cohort_id == Inquiry.cohort_id,
        Membership.role == "peserta",
    )
    .correlate(Inquiry)
    .scalar_subquery()
    .label("membership_id")
)
_INQUIRIES = (
    select(Inquiry, Person.name, _MEMBERSHIP, Course.slug)
    .join(Person, Person.id == Inquiry.person_id)
    .join(Edition, Edition.id == Inquiry.edition_id)
    .join(Course, Course.id == Edition.course_id)
)


def _asked(listed: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return each question to the desk with its `place` in words and its `replies`, the oldest first.

    `ruled` is the hash of the question of a lesson it is about, where a ruling on it can be made.
    """
    rows = read(listed).all()
    replies = read(
        select(InquiryReply, Person.name.label("by"))
        .join(Person, Person.id == InquiryReply.by_id)
        .where(InquiryReply.inquiry_id.in_([row.id for row in rows]))
        .order_by(InquiryReply.id)
    ).all()
    found = []
    for row in rows:
        asked = _question(edition_view(row.edition_id, row.slug), row.lesson, row.question_hash)
        told = {
            "place": place_of(row.edition_id, row.slug, row.lesson, row.question_hash),
            "replies": [reply for reply in replies if reply.inquiry_id == row.id],
            "ruled": asked.hash if asked and asked.counted else "",
        }
        found.append({**row._mapping, **told})
    return found


def place_of(edition_id: int, slug: str, lesson: str, question_hash: str) -> str:
    """Name the place in the course that a question is about."""
    edition = edition_view(edition_id, slug)
    outline = edition.lessons.get(lesson)
    where = outline.title if outline else "Tes" if question_hash else edition.course.title
    asked = _question(edition, lesson, question_hash)
    return f"{where} – {'isian' if isinstance(asked, CaseItem) else 'soal'} “{asked.title}”" if asked else where


def _question(edition: EditionView, lesson: str, question_hash: str) -> Question | CaseItem | None:
    """The question of a lesson or of the tests, or the field of a form, that has this hash."""
    form = form_of(edition, lesson) if question_hash else None
    if form:
        fields = (item for case in form.cases for item in form.asked(case))
        return next((item for item in fields if item.hash == question_hash), None)
    bank = edition.course.test.bank if edition.course.test else ""
    path = file_of(lesson) if lesson in edition.lessons else bank
    return questions_in(edition, path).get(question_hash) if question_hash and path else None

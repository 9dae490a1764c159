"""Writes about cohorts and memberships. Nothing here commits."""

import secrets
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update

from lms.bimtek.actions import begins
from lms.cohort.forms import CohortPlan
from lms.cohort.member_queries import OtherCohort, was_closed_unsent
from lms.cohort.queries import is_full, takes_part
from lms.course.questions.base import Question
from lms.db.engine import db, insert_missing, read
from lms.db.tables import (
    Attempt,
    Cohort,
    Course,
    Edition,
    ExtraTry,
    Joining,
    Membership,
    Period,
    Person,
    ReflectionReply,
)
from lms.db.tables.cohorts import CREW, is_trainer
from lms.people.access import CohortFacts, Member, still_open, trained_by
from lms.people.actions import enrol, name_person, note
from lms.quiz.actions import add_grading
from lms.quiz.queries import LATE_ACCEPTED, POSTTEST, PRETEST, AttemptFacts, has_uncounted_answers
from lms.web import crockford

CODE_LETTERS = 6


def open_selfstudy(course_id: int, name: str, *, self_issue: bool) -> Cohort | None:
    """The course's self-study cohort; None when it already has one."""
    held = select(Cohort.id).where(Cohort.course_id == course_id, Cohort.kind == "mandiri")
    if db.session.scalar(held) is not None:
        return None
    cohort = Cohort(course_id=course_id, kind="mandiri", name=name, code=new_code(), self_issue=self_issue)
    db.session.add(cohort)
    db.session.flush()
    return cohort


def open_bimtek(plan: CohortPlan, edition_id: int) -> Cohort:
    """A bimtek that reads this edition from its first day to its last."""
    cohort = Cohort(**asdict(plan), kind="bimtek", code=new_code(), edition_id=edition_id)
    db.session.add(cohort)
    db.session.flush()
    return cohort


def open_by(trainer_id: int, plan: CohortPlan, now: datetime) -> str:
    """The code of a bimtek that this person opens and trains; it pins the newest edition.

    Opened again with the very same words, while it is not archived, it is the one that is there.
    """
    same = (getattr(Cohort, field) == value for field, value in asdict(plan).items())
    own = Cohort.id.in_(trained_by(trainer_id))
    held = db.session.scalar(select(Cohort.code).where(*same, Cohort.archived_at.is_(None), own))
    if held is not None:
        return held
    edition_id = db.session.get_one(Course, plan.course_id).current_edition_id or 0
    cohort = open_bimtek(plan, edition_id)
    # The pre-test opens with the schedule; the post-test is held back, or somebody takes it the week before.
    for what, opens_at in ((PRETEST, begins(cohort)), (POSTTEST, None)):
        db.session.add(Period(cohort_id=cohort.id, what=what, opens_at=opens_at))
    take_part(trainer_id, cohort.id, plan.course_id, now, "pelatih")
    note(trainer_id, "angkatan dibuka", f"cohort:{cohort.id}", now)
    return cohort.code


def set_joining(cohort_id: int, by: int, now: datetime, *, is_open: bool) -> None:
    """Whether anybody may join; who is in it reads on as before. An archived cohort stays as it is."""
    if is_open:
        still_open(cohort_id)
    cohort = db.session.get_one(Cohort, cohort_id)
    if cohort.is_open != is_open and not (is_open and cohort.archived_at):
        cohort.is_open = is_open
        note(by, "pendaftaran dibuka" if is_open else "pendaftaran ditutup", f"cohort:{cohort_id}", now, ["is_open"])


def set_archived(cohort_id: int, by: int, now: datetime, *, archived: bool) -> None:
    """Off the desk, with nobody joining any more; or back on it, still closed."""
    cohort = db.session.get_one(Cohort, cohort_id)
    if (cohort.archived_at is not None) != archived:
        cohort.archived_at, cohort.is_open = now if archived else None, False
        action = "angkatan diarsipkan" if archived else "angkatan dipulihkan"
        note(by, action, f"cohort:{cohort_id}", now, ["archived_at", "is_open"])


def move_edition(cohort_id: int, number: int, by: int, now: datetime) -> None:
    """Pin the edition of this number, if it still is the newest: what is pinned is what was shown."""
    still_open(cohort_id)
    cohort = db.session.get_one(Cohort, cohort_id)
    newest = db.session.get_one(Edition, db.session.get_one(Course, cohort.course_id).current_edition_id)
    if cohort.kind == "bimtek" and newest.number == number and cohort.edition_id != newest.id:
        cohort.edition_id = newest.id
        note(by, "terbitan angkatan dipindah", f"cohort:{cohort_id}", now, ["edition_id"])


def new_code() -> str:
    """A join code that can be read aloud: 6 Crockford letters."""
    return crockford.encode(secrets.token_bytes(4), CODE_LETTERS)


def take_part(person_id: int, cohort_id: int, course_id: int, now: datetime, role: str = "peserta") -> Membership:
    """Membership and enrolment of a person; both stay what they are when they exist, and who had left is back.

    A trainer who takes part in the own cohort only tries it: that membership counts nowhere. Who speaks or helps
    learns nothing and is not enrolled.
    """
    if role not in CREW:
        enrol(person_id, course_id, now)
    mine = select(Membership).where(Membership.person_id == person_id, Membership.cohort_id == cohort_id)
    trains = db.session.scalar(mine.where(is_trainer(Membership))) is not None
    row = {
        "person_id": person_id,
        "cohort_id": cohort_id,
        "role": role,
        "trial": role == "peserta" and trains,
        "joined_at": now,
    }
    db.session.execute(insert_missing(Membership, "person_id", "cohort_id", "role"), row)
    held = db.session.scalars(mine.where(Membership.role == role)).one()
    held.left_at = None
    return held


class Full(Exception):
    """Everybody for whom there is room has joined, or the door was closed meanwhile."""


def join(person_id: int, cohort_id: int, course_id: int, now: datetime) -> None:
    """Take part as long as there is room; who is in it, or only tries it, takes no seat. Raises Full.

    The cohort is locked, so that two who press at once never share the last seat.
    """
    is_open = read(select(Cohort.is_open).where(Cohort.id == cohort_id).with_for_update()).scalar_one()
    takes_no_seat = takes_part(person_id, cohort_id) or takes_part(person_id, cohort_id, "pelatih")
    if not takes_no_seat and (not is_open or is_full(cohort_id)):
        raise Full
    take_part(person_id, cohort_id, course_id, now)


def remember_form(form_id: str, person_id: int, cohort_id: int, now: datetime) -> None:
    """Keep which person came out of a join form, so that sending it again makes nobody new."""
    db.session.add(Joining(form_id=form_id, person_id=person_id, cohort_id=cohort_id, at=now))


def add_crew(held: CohortFacts, person: Person, known_id: int | None, role: str, by: int, now: datetime) -> None:
    """Let somebody who is known, or else this new person, speak or help; the very same words twice are one."""
    still_open(held.cohort_id)
    mine = select(Membership.person_id).where(
        Membership.cohort_id == held.cohort_id, Membership.role == role, Membership.left_at.is_(None)
    )
    twice = mine.join(Person, Person.id == Membership.person_id).where(
        Person.name == person.name, Person.phone == person.phone
    )
    who = known_id or db.session.scalar(twice) or name_person(person).id
    if db.session.scalar(mine.where(Membership.person_id == who)) is None:
        take_part(who, held.cohort_id, held.course_id, now, role)
        note(by, f"{role} ditambahkan", f"cohort:{held.cohort_id}", now, [f"person:{who}"])


def remove_crew(cohort_id: int, membership_id: int, by: int, now: datetime) -> None:
    """Let somebody speak or help no longer."""
    still_open(cohort_id)
    own = update(Membership).where(Membership.id == membership_id, Membership.cohort_id == cohort_id)
    gone = own.where(Membership.role.in_(CREW), Membership.left_at.is_(None)).values(left_at=now)
    for role, person_id in db.session.execute(gone.returning(Membership.role, Membership.person_id)).all():
        note(by, f"{role} dikeluarkan", f"cohort:{cohort_id}", now, [f"person:{person_id}"])


def tell(member: Member, action: str, by: int, now: datetime, fields: list[str] | None = None) -> None:
    """Append to the audit log what was done for a member."""
    note(by, action, f"membership:{member.membership_id}", now, fields)


def give_try(member: Member, quiz: str, by: int, now: datetime) -> None:
    """One more try at a quiz, or at the post-test; whether one is left is the caller's to know."""
    is_test = quiz == POSTTEST
    owner = {"membership_id": member.membership_id} if is_test else {"enrolment_id": member.enrolment_id}
    db.session.add(ExtraTry(**owner, quiz=quiz, by_id=by, at=now))
    tell(member, "kesempatan ditambah", by, now)


def reopen(member: Member, attempt_id: str, by: int, now: datetime) -> bool:
    """Let an attempt go on that was closed before it was sent; False where its result was seen or nothing closed it."""
    opened = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, was_closed_unsent(now))
        .values(closes_at=None)
        .execution_options(synchronize_session=False)
        .returning(Attempt.id)
    ).first()
    if opened is not None:
        tell(member, "percobaan dibuka lagi", by, now)
    return opened is not None


def accept_late(member: Member, attempt: AttemptFacts, questions: dict[str, Question], by: int, now: datetime) -> None:
    """Let the answers count that came too late; nothing happens where there are none or nothing was graded."""
    if attempt.submitted_at is not None and has_uncounted_answers(attempt.id):
        add_grading(attempt, questions, LATE_ACCEPTED, now)
        tell(member, "jawaban terlambat diterima", by, now)


def reply(member: Member, attempt_id: str, number: int, text: str, by: int, now: datetime) -> None:
    """Append a short note on what a member wrote; the same words again are one note."""
    mine = select(ReflectionReply.text).where(ReflectionReply.attempt_id == attempt_id)
    newest = db.session.scalar(mine.where(ReflectionReply.number == number).order_by(ReflectionReply.id.desc()))
    if newest != text:
        db.session.add(ReflectionReply(attempt_id=attempt_id, number=number, text=text, by_id=by, at=now))
        tell(member, "catatan dijawab", by, now)


def let_go(member: Member, by: int, now: datetime, *, back: bool = False) -> None:
    """Out of the cohort unless its bimtek was closed, or back into it; what was learned stays with the person."""
    part = db.session.get_one(Membership, member.membership_id)
    still_open(part.cohort_id)
    db.session.refresh(part)
    if (part.left_at is not None) == back:
        part.left_at = None if back else now
        tell(member, "kembali ke angkatan" if back else "keluar angkatan", by, now, ["left_at"])


def bring_into(member: Member, cohort: OtherCohort, by: int, now: datetime) -> None:
    """Into another cohort of this trainer too, unless that was closed."""
    still_open(cohort.id)
    part = take_part(member.person_id, cohort.id, cohort.course_id, now)
    note(by, "masuk angkatan", f"membership:{part.id}", now)

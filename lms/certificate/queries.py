"""Reads about certificates: who may issue, what was issued, what a public check shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from lms.certificate.numbering import next_numbers
from lms.certificate.qr import still_holds
from lms.certificate.snapshot import IN_FORCE, Snapshot, State, number_line, snapshot_of, state, verify
from lms.certificate.training_record import HeldCertificate
from lms.db.engine import db, read
from lms.db.tables import (
    Attempt,
    Certificate,
    CertificateEvent,
    Cohort,
    Edition,
    Enrolment,
    Exemption,
    Grading,
    Membership,
    NumberBlock,
    NumberSeries,
    Person,
    Reading,
    SigningKey,
)
from lms.db.tables.cohorts import is_participant
from lms.db.tables.signing import is_unsigned
from lms.people.access import trained_by
from lms.people.names import with_titles
from lms.people.queries import is_person
from lms.quiz.queries import is_or_absorbed_by

ENDING: dict[State, str] = {"diganti": "replaced", "dicabut": "revoked"}
"""State of a sheet that no longer holds -> the event that ended it."""


@dataclass(frozen=True, slots=True)
class SelfStudy:
    """The learner's membership in a course's self-study cohort, and how its certificates are signed."""

    membership_id: int
    cohort_id: int
    joined_at: datetime
    signing: str


def selfstudy_membership(person_id: int, course_id: int) -> SelfStudy | None:
    """The membership under which a learner may take a certificate, where the cohort allows that."""
    row = db.session.execute(
        select(Membership.id, Cohort.id, Membership.joined_at, Cohort.signing)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(
            Membership.person_id == person_id,
            is_participant(Membership),
            Cohort.course_id == course_id,
            Cohort.kind == "mandiri",
            Cohort.self_issue,
        )
    ).first()
    return SelfStudy(*row) if row else None


def last_step_at(enrolment_id: int) -> datetime | None:
    """When the newest lesson was finished or quiz graded."""
    mine = select(Enrolment.id).where(is_or_absorbed_by(Enrolment, enrolment_id))
    finished = db.session.scalar(select(func.max(Reading.at)).where(Reading.enrolment_id.in_(mine)))
    graded = db.session.scalar(
        select(func.max(Attempt.submitted_at))
        .join(Grading, Grading.attempt_id == Attempt.id)
        .where(Attempt.enrolment_id.in_(mine), Grading.passed)
    )
    return max((moment for moment in (finished, graded) if moment is not None), default=None)


def held(membership_id: int, *, sample: bool) -> str | None:
    """The id of a membership's certificate or sample, under its newest number.

    Of one that was absorbed or absorbed others, it may be theirs.
    """
    mine = aliased(Membership)
    whose = select(func.coalesce(mine.absorbed_by_id, mine.id)).where(mine.id == membership_id).scalar_subquery()
    return db.session.scalar(
        select(Certificate.id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .where(is_or_absorbed_by(Membership, whose), Certificate.sample.is_(sample))
        .where(Certificate.renumbered_at.is_(None))
        .order_by(Membership.absorbed_by_id.is_not(None), Certificate.revision.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as pages show it; `ended_at`, `ended_why`: how it was replaced or revoked; `signed`: by whose TTE.

    `is_nameless`: withdrawn for somebody who was erased, so that nothing of what was printed is shown any more.
    """

    id: str
    snapshot: Snapshot
    state: State
    real_exists: bool
    ended_at: datetime | None
    is_nameless: bool
    ended_why: str
    signed: str = ""


def certificate_for(person_id: int, certificate_id: str) -> Issued | None:
    """The certificate if it is this person's, or of a cohort this person trains."""
    mine = aliased(Membership)
    row = db.session.execute(
        select(Certificate)
        .join(mine, mine.id == Certificate.membership_id)
        .join(Person, Person.id == mine.person_id)
        .where(Certificate.id == certificate_id, or_(is_person(person_id), mine.cohort_id.in_(trained_by(person_id))))
    ).scalar()
    return _issued(row) if row else None


def certificate_by_token(token: str) -> Issued | None:
    """What the public check shows; None for an unknown token and for a row whose signature does not hold."""
    row = db.session.scalar(select(Certificate).where(Certificate.token == token))
    return _issued(row) if row else None


def token_of_code(short_code: str) -> str | None:
    """The token behind a short code that somebody typed."""
    return db.session.scalar(select(Certificate.token).where(Certificate.short_code == short_code))


def _issued(row: Certificate) -> Issued | None:
    key = db.session.get(SigningKey, row.key_id)
    if key is None or not verify(key.public, row.payload, row.signature):
        return None
    snapshot = snapshot_of(row.payload)
    if snapshot.token != row.token:  # True facts, but moved here from another sheet.
        return None
    events = db.session.execute(
        select(CertificateEvent.kind, CertificateEvent.at, CertificateEvent.reason)
        .where(CertificateEvent.certificate_id == row.id)
        .order_by(CertificateEvent.id)
    ).all()
    real = row.sample and held(row.membership_id, sample=False) is not None
    believed = still_holds(snapshot.issued_on, key.ended_on, key.leaked_on)
    stands = state(row.sample, [event.kind for event in events], believed=believed)
    ended = next(((event.at, event.reason) for event in events if event.kind == ENDING.get(stands)), (None, ""))
    nameless = stands == "dicabut" and is_erased(row.membership_id)
    signed = next((event.reason for event in events if event.kind == "signed"), "")
    return Issued(row.id, snapshot, stands, real, ended[0], nameless, ended[1], signed)


def is_erased(membership_id: int) -> bool:
    """Whether nothing is left by which this participant could be known."""
    erased = select(Person.erased_at).join(Membership, Membership.person_id == Person.id)
    return db.session.scalar(erased.where(Membership.id == membership_id)) is not None


@dataclass(frozen=True, slots=True)
class IssuedSheet:
    """A certificate or sample of a cohort, whose it is (or of who absorbed them), year and count of its number."""

    id: str
    membership_id: int
    snapshot: Snapshot
    state: State
    place: tuple[int, int]


def sheets_in(cohort_id: int, only: Sequence[int] | None = None, ids: Sequence[str] | None = None) -> list[IssuedSheet]:
    """Every sheet of a cohort by number and revision, those that no longer hold too; samples first.

    `only` of these memberships, or of these ids, where more would have to be read for nothing. Refused is also what
    its key did not sign, or signed for another sheet.
    """
    wanted = [Membership.cohort_id == cohort_id]
    wanted += [_WHOSE.in_(only)] if only is not None else []
    wanted += [Certificate.id.in_(ids)] if ids is not None else []
    return _sheets(*wanted)


_WHOSE = func.coalesce(Membership.absorbed_by_id, Membership.id)


def _sheets(*wanted: ColumnElement[bool]) -> list[IssuedSheet]:
    rows = read(
        select(
            *(Certificate.id, _WHOSE, Certificate.sample, Certificate.payload, CertificateEvent.kind),
            *(SigningKey.ended_on, SigningKey.leaked_on),
            *(SigningKey.public, Certificate.signature, Certificate.token, Certificate.year, Certificate.sequence),
        )
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .join(SigningKey, SigningKey.id == Certificate.key_id)
        .where(*wanted)
        .order_by(
            Certificate.sample.desc(),
            Certificate.year,
            Certificate.sequence,
            Certificate.revision,
            CertificateEvent.id,
        )
    )
    held: dict[str, tuple[Any, list[str]]] = {}
    for row in rows:
        held.setdefault(row[0], (row, []))[1].append(row[4])
    return [_sheet(row, kinds) for row, kinds in held.values()]


def _sheet(row: Any, kinds: Sequence[str]) -> IssuedSheet:
    each, member, sample, payload, _, ended_on, leaked_on, public, signature, token, year, count = row
    snapshot = snapshot_of(payload)
    proven = snapshot.token == token and verify(public, payload, signature)
    believed = proven and still_holds(snapshot.issued_on, ended_on, leaked_on)
    return IssuedSheet(each, member, snapshot, state(sample, kinds, believed=believed), (year or 0, count or 0))


@dataclass(frozen=True, slots=True)
class ExemptionFacts:
    """Why somebody gets a certificate though something is missing, and who decided so."""

    reason: str
    by_id: int
    by: str


def exemptions(cohort_id: int) -> dict[int, ExemptionFacts]:
    """Membership -> its exemption, or that of one it absorbed."""
    rows = read(
        select(func.coalesce(Membership.absorbed_by_id, Membership.id), Exemption.reason, Exemption.by_id, Person.name)
        .join(Membership, Membership.id == Exemption.membership_id)
        .join(Person, Person.id == Exemption.by_id)
        .where(Membership.cohort_id == cohort_id)
        .order_by(Membership.absorbed_by_id.is_(None))
    )
    return {member: ExemptionFacts(reason, by_id, by) for member, reason, by_id, by in rows}


def unconfirmed_in(cohort_id: int) -> set[int]:
    """The memberships of those who have not said yet that their name is right."""
    rows = select(Membership.id).where(Membership.cohort_id == cohort_id, Membership.name_confirmed_at.is_(None))
    return set(read(rows).scalars())


def certificates_of(person_id: int) -> list[IssuedSheet]:
    """Every sheet and sample of a person, newest first, those that no longer hold too."""
    theirs = Membership.person_id.in_(select(Person.id).where(is_person(person_id)))
    return sorted(
        _sheets(theirs),
        key=lambda each: (each.snapshot.issued_on, each.place, each.snapshot.revision),
        reverse=True,
    )


def holding_certificates(person_id: int) -> list[HeldCertificate]:
    """Every certificate of a person that holds."""
    ended = select(CertificateEvent.certificate_id).where(CertificateEvent.kind.in_(ENDING.values()))
    columns = Edition.course_id, Membership.cohort_id, Certificate.year, Certificate.payload, Certificate.signature
    rows = read(
        select(*columns, SigningKey.public, SigningKey.ended_on, SigningKey.leaked_on)
        .join(Edition, Edition.id == Certificate.edition_id)
        .join(SigningKey, SigningKey.id == Certificate.key_id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(is_person(person_id), Certificate.sample.is_(False), Certificate.id.not_in(ended))
        .where(~is_unsigned(Certificate.id))
    )
    found = []
    for course_id, cohort_id, year, payload, signature, public, ended_on, leaked_on in rows:
        if verify(public, payload, signature):
            snapshot = snapshot_of(payload)
            if still_holds(snapshot.issued_on, ended_on, leaked_on):
                found.append(HeldCertificate(course_id, cohort_id, year or snapshot.issued_on.year, snapshot))
    return found


def named(person_id: int) -> str | None:
    """The name of somebody as it is printed; None for nobody, and for who was erased."""
    columns = (Person.title_before, Person.name, Person.title_after)
    row = read(select(*columns).where(Person.id == person_id, Person.erased_at.is_(None))).first()
    return with_titles(*row) if row else None


def next_sequence(series_id: int, year: int) -> int:
    """The next number of a series in a year, past what the paper agenda took; call it inside the issuing write.

    The series stays locked until the write ends.
    """
    return next_numbers(*drawn(series_id, year))[0]


def drawn(series_id: int, year: int) -> tuple[int, list[tuple[int, int]]]:
    """(the newest number of a series in a year, 0 for none; first and last of each block taken by hand), locked."""
    read(select(NumberSeries.id).where(NumberSeries.id == series_id).with_for_update())
    return counted(series_id, year)


def counted(series_id: int, year: int) -> tuple[int, list[tuple[int, int]]]:
    """The same without the lock, to tell what will come."""
    newest = read(
        select(func.max(Certificate.sequence)).where(Certificate.series_id == series_id, Certificate.year == year)
    ).scalar()
    blocks = read(
        select(NumberBlock.first, NumberBlock.last).where(NumberBlock.series_id == series_id, NumberBlock.year == year)
    )
    return newest or 0, [(first, last) for first, last in blocks]


def sheet_in_force(cohort_id: int, membership_id: int) -> IssuedSheet | None:
    """The sheet of a member that holds, or waits to."""
    return next((each for each in sheets_in(cohort_id, [membership_id]) if each.state in IN_FORCE), None)


def numbers_of(sheets: Sequence[str]) -> dict[str, str]:
    """Sheet -> its number as it is printed."""
    rows = read(select(Certificate.id, Certificate.payload).where(Certificate.id.in_(sheets)))
    told = {each: snapshot_of(payload) for each, payload in rows}
    return {each: "contoh" if snapshot.sample else number_line(snapshot) for each, snapshot in told.items()}

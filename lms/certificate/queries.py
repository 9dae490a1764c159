"""Reads about certificates: who may issue, what was issued, what a public check shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import aliased

from lms.certificate.qr import still_holds
from lms.certificate.snapshot import IN_FORCE, Snapshot, State, number_line, snapshot_of, state, verify
from lms.db.engine import db, read
from lms.db.tables.certificates import Certificate, CertificateEvent, Exemption, SigningKey, is_unsigned
from lms.db.tables.cohorts import Cohort, Membership, is_participant
from lms.db.tables.courses import Edition
from lms.db.tables.learning import Attempt, Enrolment, Grading, Reading
from lms.db.tables.people import Person
from lms.people.access import trained_by
from lms.people.names import with_titles
from lms.people.queries import is_person
from lms.quiz.queries import is_or_absorbed_by
from lms.web.clock import today

ENDING: dict[State, str] = {"diganti": "replaced", "dicabut": "revoked"}
"""State of a sheet that no longer holds -> the event that ended it."""


def selfstudy_membership(person_id: int, course_id: int) -> Row[int, datetime] | None:
    """The membership under which a learner may take a certificate, where the cohort allows it."""
    found = select(Membership.id.label("membership_id"), Membership.joined_at).join(
        Cohort, Cohort.id == Membership.cohort_id
    )
    mine = Membership.person_id == person_id, is_participant(Membership)
    return db.session.execute(
        found.where(*mine, Cohort.course_id == course_id, Cohort.kind == "mandiri", Cohort.self_issue)
    ).first()


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
class IssuedSheet:
    """A certificate or sample and what became of it; `membership_id` is that of its owner, or of who absorbed them. A
    correction keeps the year that its number counts in.

    `proven`: its key signed this very sheet. `events` have kind, moment, reason and `by` whom, in order.
    """

    course_id: int
    cohort_id: int
    year: int
    snapshot: Snapshot
    id: str
    membership_id: int
    state: State
    proven: bool
    is_erased: bool
    events: Sequence[Any]

    @property
    def place(self) -> tuple[int, int]:
        """Year and count of its number; (0, 0) for a sample."""
        return self.year, self.events[0].sequence or 0

    @property
    def ahead(self) -> date | None:
        """The day from which it holds, while that is still to come."""
        day = self.snapshot.issued_on
        return day if self.state == "berlaku" and day > today() else None

    @property
    def ended(self) -> Any:
        """The event by which it was replaced or revoked, None for any other."""
        return next((each for each in self.events if each.kind == ENDING.get(self.state)), None)

    @property
    def signed(self) -> str:
        """By whose electronic signature it holds."""
        return next((each.reason for each in self.events if each.kind == "signed"), "")

    @property
    def is_nameless(self) -> bool:
        """Withdrawn for somebody who was erased, so that nothing of what was printed is shown any more."""
        return self.state == "dicabut" and self.is_erased


def certificate_for(person_id: int, certificate_id: str) -> IssuedSheet | None:
    """The certificate if it is this person's, or of a cohort this person trains."""
    may_see = or_(is_person(person_id), Membership.cohort_id.in_(trained_by(person_id)))
    return _proven(Certificate.id == certificate_id, may_see)


def certificate_by_token(token: str) -> IssuedSheet | None:
    """Return the sheet that the public check shows; None for an unknown token or a signature that does not hold."""
    return _proven(Certificate.token == token)


def _proven(*wanted: ColumnElement[bool]) -> IssuedSheet | None:
    found = next(iter(_found(*wanted)), None)
    if found is None or not verify(found[0].public, found[0].payload, found[0].signature):
        return None  # What nobody signed may be anything, so it is not even read.
    sheet = _sheet(found, checked=True)
    return sheet if sheet.proven else None


def token_of_code(short_code: str) -> str | None:
    """The token behind a short code that somebody typed."""
    return db.session.scalar(select(Certificate.token).where(Certificate.short_code == short_code))


def sheets_in(cohort_id: int, only: Sequence[int] | None = None, ids: Sequence[str] | None = None) -> list[IssuedSheet]:
    """Every sheet of a cohort by number and revision, those that no longer hold too; samples first.

    `only` of these memberships, or of these ids, where more would have to be read for nothing. Refused is also what
    its key did not sign, or signed for another sheet.
    """
    wanted = [Membership.cohort_id == cohort_id]
    wanted += [_WHOSE.in_(only)] if only is not None else []
    wanted += [Certificate.id.in_(ids)] if ids is not None else []
    return sheets(*wanted)


_WHOSE = func.coalesce(Membership.absorbed_by_id, Membership.id)
_BY = aliased(Person)


def sheets(*wanted: ColumnElement[bool], checked: bool = True) -> list[IssuedSheet]:
    """Every sheet of which this holds; not `checked`, it is taken for granted that their keys signed them."""
    return [_sheet(events, checked=checked) for events in _found(*wanted)]


def _found(*wanted: ColumnElement[bool]) -> Iterable[Sequence[Any]]:
    """The rows of each sheet, one for each of its events, in one statement however many there are."""
    rows = read(
        select(
            *(Certificate.id, _WHOSE.label("membership_id"), Membership.cohort_id, Edition.course_id, Person.erased_at),
            *(Certificate.sample, Certificate.payload, Certificate.signature, Certificate.token, Certificate.year),
            *(Certificate.sequence, SigningKey.public, SigningKey.ended_on, SigningKey.leaked_on),
            *(CertificateEvent.id.label("event_id"), CertificateEvent.kind, CertificateEvent.at),
            *(CertificateEvent.reason, func.coalesce(_BY.name, "").label("by")),
        )
        .join(Edition, Edition.id == Certificate.edition_id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id, isouter=True)
        .join(SigningKey, SigningKey.id == Certificate.key_id)
        .join(_BY, _BY.id == CertificateEvent.person_id, isouter=True)
        .where(*wanted)
        .order_by(Certificate.sample.desc(), Certificate.year, Certificate.sequence, Certificate.revision)
        .order_by(CertificateEvent.id)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return found.values()


def _sheet(events: Sequence[Any], *, checked: bool) -> IssuedSheet:
    row = events[0]
    snapshot = snapshot_of(row.payload)
    proven = not checked or (snapshot.token == row.token and verify(row.public, row.payload, row.signature))
    believed = proven and still_holds(snapshot.day_signed, row.ended_on, row.leaked_on)
    stands = state(row.sample, [each.kind for each in events], believed=believed)
    where = row.course_id, row.cohort_id, row.year or 0
    return IssuedSheet(*where, snapshot, row.id, row.membership_id, stands, proven, row.erased_at is not None, events)


def exemptions(cohort_id: int) -> dict[int, Row[int, str, int, str]]:
    """Membership -> why it gets a certificate though something is missing, and who decided so; or that it absorbed."""
    rows = read(
        select(_WHOSE.label("membership_id"), Exemption.reason, Exemption.by_id, Person.name.label("by"))
        .join(Membership, Membership.id == Exemption.membership_id)
        .join(Person, Person.id == Exemption.by_id)
        .where(Membership.cohort_id == cohort_id)
        .order_by(Membership.absorbed_by_id.is_(None))
    )
    return {row.membership_id: row for row in rows}


def unconfirmed_in(cohort_id: int) -> set[int]:
    """The memberships of those who have not said yet that their name is right."""
    rows = select(Membership.id).where(Membership.cohort_id == cohort_id, Membership.name_confirmed_at.is_(None))
    return set(read(rows).scalars())


def certificates_of(person_id: int) -> list[IssuedSheet]:
    """Every sheet and sample of a person, newest first, those that no longer hold too."""
    found = sheets(is_person(person_id))
    return sorted(found, key=lambda each: (each.snapshot.issued_on, each.place, each.snapshot.revision), reverse=True)


def holding_certificates(person_id: int) -> list[IssuedSheet]:
    """Every certificate of a person that holds."""
    return [each for each in sheets(is_person(person_id)) if each.state == "berlaku"]


def real_exists(sheet: IssuedSheet) -> bool:
    """Whether there is more to a sample than itself."""
    return sheet.snapshot.sample and held(sheet.membership_id, sample=False) is not None


def named(person_id: int) -> str | None:
    """The name of somebody as it is printed; None for nobody, and for who was erased."""
    columns = (Person.title_before, Person.name, Person.title_after)
    row = read(select(*columns).where(Person.id == person_id, Person.erased_at.is_(None))).first()
    return with_titles(*row) if row else None


def sheet_in_force(cohort_id: int, membership_id: int) -> IssuedSheet | None:
    """The sheet of a member that holds, or waits to."""
    return next((each for each in sheets_in(cohort_id, [membership_id]) if each.state in IN_FORCE), None)


def numbers_of(sheets: Sequence[str]) -> dict[str, str]:
    """Sheet -> its number as it is printed."""
    rows = read(select(Certificate.id, Certificate.payload).where(Certificate.id.in_(sheets)))
    told = {each: snapshot_of(payload) for each, payload in rows}
    return {each: "contoh" if snapshot.sample else number_line(snapshot) for each, snapshot in told.items()}


def history(sheet: IssuedSheet) -> list[tuple[str, Any]]:
    """(number, what happened) in order, of this sheet and all others of its owner in the cohort; of samples alone.

    `by` is who did it, "" for who was erased or did it themself.
    """
    of_owner = is_or_absorbed_by(Membership, sheet.membership_id), Certificate.sample.is_(sheet.snapshot.sample)
    found = sheets(*of_owner, checked=False)
    told = [(number_line(each.snapshot), event) for each in found for event in each.events]
    return sorted(told, key=lambda each: each[1].event_id)


def waiting_ids(cohort_id: int) -> list[str]:
    """The sheets of a cohort that wait for their electronic signature, by number; what is refused waits for none.

    Only for that is what a sheet says read, and only of a key that leaked.
    """
    doubted = case((SigningKey.leaked_on.is_not(None), Certificate.payload))
    rows = read(
        select(Certificate.id, doubted, SigningKey.ended_on, SigningKey.leaked_on)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(SigningKey, SigningKey.id == Certificate.key_id)
        .where(Membership.cohort_id == cohort_id, is_unsigned(Certificate.id))
        .order_by(Certificate.year, Certificate.sequence)
    )
    return [each for each, said, *key in rows if said is None or still_holds(snapshot_of(said).day_signed, *key)]


def own_sheet(cohort_id: int, membership_id: int) -> dict[str, Any]:
    """Return how the certificate of a participant stands, before and after: the name it prints, whether they confirmed
    it, and the sheet itself, None while there is none."""
    row = read(
        select(Person.title_before, Person.name, Person.title_after, Membership.name_confirmed_at)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id == membership_id)
    ).one()
    mine = held(membership_id, sample=False)
    sheets = sheets_in(cohort_id, ids=[mine]) if mine else []
    return {"name": with_titles(*row[:3]), "confirmed": row[3] is not None, "sheet": next(iter(sheets), None)}

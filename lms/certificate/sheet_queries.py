"""Sheets by what happened to them: all those of one owner, and those of a cohort that wait to be signed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from lms.certificate.qr import still_holds
from lms.certificate.queries import IssuedSheet, held, sheets_in
from lms.certificate.snapshot import number_line, snapshot_of
from lms.db.engine import read
from lms.db.tables import Certificate, CertificateEvent, Cohort, Membership, Person, SigningKey
from lms.db.tables.signing import is_unsigned
from lms.people.names import with_titles
from lms.quiz.queries import is_or_absorbed_by


@dataclass(frozen=True, slots=True)
class SheetHappening:
    """One event of a sheet, and who did it; "" for who was erased or did it themself."""

    sheet_id: str
    number: str
    kind: str
    reason: str
    by: str
    at: datetime


def history(sheet: IssuedSheet) -> list[SheetHappening]:
    """What happened, in order, to this sheet and to all others of its owner in the cohort; of samples to them alone."""
    rows = read(
        select(
            *(Certificate.id, Certificate.payload, CertificateEvent.kind, CertificateEvent.reason),
            *(func.coalesce(Person.name, ""), CertificateEvent.at),
        )
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(Person, Person.id == CertificateEvent.person_id, isouter=True)
        .where(is_or_absorbed_by(Membership, sheet.membership_id), Certificate.sample.is_(sheet.snapshot.sample))
        .order_by(CertificateEvent.id)
    )
    return [
        SheetHappening(each, number_line(snapshot_of(payload)), kind, reason, by, at)
        for each, payload, kind, reason, by, at in rows
    ]


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
    return [each for each, said, *key in rows if said is None or still_holds(snapshot_of(said).issued_on, *key)]


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """What a participant sees of their certificate before and after: the name it prints, and the sheet itself."""

    name: str
    confirmed: bool
    sheet: IssuedSheet | None


def own_sheet(cohort_id: int, membership_id: int) -> OwnSheet:
    """How the certificate of a participant stands."""
    row = read(
        select(Person.title_before, Person.name, Person.title_after, Membership.name_confirmed_at)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id == membership_id)
    ).one()
    mine = held(membership_id, sample=False)
    sheets = sheets_in(cohort_id, ids=[mine]) if mine else []
    return OwnSheet(with_titles(*row[:3]), row[3] is not None, next(iter(sheets), None))


Owner = tuple[str, str | None, str, str]
"""Whose a sheet is, as known now: name as printed, code of the village, how it would be signed, and their post."""

_ISSUED_TO = aliased(Membership)
_OWNERS = (
    select(Certificate.id, Person.region, Cohort.signing, Person.position)
    .add_columns(Person.title_before, Person.name, Person.title_after)
    .join(_ISSUED_TO, _ISSUED_TO.id == Certificate.membership_id)
    .join(Membership, Membership.id == func.coalesce(_ISSUED_TO.absorbed_by_id, _ISSUED_TO.id))
    .join(Person, Person.id == Membership.person_id)
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .where(Person.erased_at.is_(None))
)


def owners(sheet_ids: Collection[str], *, locked: bool = False) -> dict[str, Owner]:
    """Sheet -> its owner; who was erased is not there. `locked`: it stays true to the end of the write."""
    known = _OWNERS.where(Certificate.id.in_(sheet_ids))
    rows = read(known.with_for_update(read=True, of=(Person, Cohort)) if locked else known)
    return {each: (with_titles(*name), region, way, post) for each, region, way, post, *name in rows}

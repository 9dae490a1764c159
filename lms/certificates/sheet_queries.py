"""Sheets by what happened to them: all those of one owner, and those of a cohort that wait to be signed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.certificates.queries import Sheet
from lms.core.certificate import number_line, snapshot_of
from lms.core.names import with_titles
from lms.core.regions import Village, villages
from lms.database import read
from lms.models import Certificate, CertificateEvent, Membership, Person, SigningKey
from lms.models.signing import is_unsigned
from lms.quizzes.queries import is_or_absorbed_by


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a sheet, and who did it; "" for who was erased or did it themself."""

    sheet_id: str
    number: str
    kind: str
    reason: str
    by: str
    at: datetime


def history(sheet: Sheet) -> list[Happening]:
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
        Happening(each, number_line(snapshot_of(payload)), kind, reason, by, at)
        for each, payload, kind, reason, by, at in rows
    ]


def waiting_ids(cohort_id: int) -> list[str]:
    """The sheets of a cohort that wait for their electronic signature, by number.

    Last those of a key that leaked: many may be refused, and none of them shall keep another from being signed.
    """
    rows = read(
        select(Certificate.id)
        .join(Membership, Membership.id == Certificate.membership_id)
        .join(SigningKey, SigningKey.id == Certificate.key_id)
        .where(Membership.cohort_id == cohort_id, is_unsigned(Certificate.id))
        .order_by(SigningKey.leaked_on.is_not(None), Certificate.year, Certificate.sequence)
    )
    return list(rows.scalars())


def owners(membership_ids: Collection[int]) -> dict[int, tuple[str, Village | None]]:
    """Membership -> name as it would be printed now, and village; who was erased is not there."""
    columns = (Membership.id, Person.region, Person.title_before, Person.name, Person.title_after)
    rows = read(
        select(*columns)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id.in_(membership_ids), Person.erased_at.is_(None))
    )
    return {member: (with_titles(*name), villages().get(region or "")) for member, region, *name in rows}

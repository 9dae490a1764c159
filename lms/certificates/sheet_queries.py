"""What happened to the sheets of somebody: first ones, revisions, and those of who turned out to be the same person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.certificates.queries import Sheet
from lms.core.certificate import number_line, snapshot_of
from lms.database import read
from lms.models import Certificate, CertificateEvent, Membership, Person
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

"""Reads about the office: who signs for it on a day, and whom to turn to."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from lms.db.engine import db, read
from lms.db.tables import Membership, NumberSeries
from lms.db.tables import Office as OfficeRow
from lms.db.tables import Signer as SignerRow
from lms.db.tables.certificates import signs_on
from lms.db.tables.cohorts import is_trainer
from lms.people.signatory import IssuingOffice, Signatory


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuer of real certificates: office, signer and series must be set. The second signer signs the back."""

    office: IssuingOffice
    organiser: str
    signer: Signatory
    series_id: int
    pattern: str
    classification: str
    code: str
    second_signer: Signatory | None = None
    legal_basis: str = ""


NOTED_AS = {Issuer: "Issuer", IssuingOffice: "Office", Signatory: "Signer"}


def as_noted(value: object) -> str:
    """Return an issuer, or nobody, as begun work keeps it: these names stay, whatever the classes are called now."""
    name = NOTED_AS.get(type(value))
    if name is None or not is_dataclass(value):
        return repr(value)
    return f"{name}({', '.join(f'{each.name}={as_noted(getattr(value, each.name))}' for each in fields(value))})"


def our_office() -> OfficeRow | None:
    """Return what the office is called, its rule and its emblem's hash; None while it is not set."""
    return db.session.scalar(select(OfficeRow).limit(1))


def issuer(kind: str, day: date) -> Issuer | None:
    """The configured issuer for a kind of cohort on the day of issue, or None while something is missing.

    Self-study has no committee, so nobody signs its back.
    """
    office = our_office()
    signers = signers_on(day)
    signer = signers.get("depan")
    series = db.session.scalar(select(NumberSeries).where(NumberSeries.kind == kind))
    if office is None or signer is None or series is None:
        return None
    return Issuer(
        IssuingOffice(office.government, office.name, office.address, office.place, office.emblem_hash or ""),
        office.organiser,
        signer,
        series.id,
        series.pattern,
        series.classification,
        series.code,
        signers.get("belakang") if kind == "bimtek" else None,
        office.legal_basis,
    )


def signers_on(day: date) -> dict[str, Signatory]:
    """Return side of the sheet -> its signer on a day: the one whose time began last, so a deputy goes before."""
    columns = (SignerRow.title, SignerRow.on_behalf, SignerRow.name, SignerRow.rank, SignerRow.nip)
    order = (SignerRow.valid_from.is_not(None), SignerRow.valid_from, SignerRow.id)
    return {
        row[0]: Signatory(*row[1:])
        for row in read(select(SignerRow.side, *columns).where(*signs_on(day)).order_by(*order))
    }


DEFAULT_OFFICE = "Dinas Sosial"


def office_name() -> str:
    """Return the name of the office that people turn to, as it stands in a sentence."""
    return db.session.scalar(select(OfficeRow.organiser).limit(1)) or DEFAULT_OFFICE


def office_contact() -> str:
    """Return whom to ask, with the address as the office wrote it: street, and telephone or mail if it names them."""
    office = our_office()
    return ", ".join(filter(None, (office.organiser, office.address))) if office else DEFAULT_OFFICE


def turn_to(person_id: int) -> str:
    """Return who helps this person: “pelatih Anda” where a cohort of theirs has a trainer, else the office."""
    mine, trainer = aliased(Membership), aliased(Membership)
    found = read(
        select(mine.id)
        .join(trainer, and_(trainer.cohort_id == mine.cohort_id, is_trainer(trainer)))
        .where(mine.person_id == person_id, mine.role == "peserta", mine.left_at.is_(None))
        .limit(1)
    ).scalar()
    return "pelatih Anda" if found else office_name()

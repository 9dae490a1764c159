"""Reads of what was reported to differ on sheets: the desk's list, and how many wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.certificate.snapshot import number_line, snapshot_of
from lms.db.engine import read
from lms.db.tables import Certificate, DifferenceReport

EACH_PAGE = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A report about a sheet, which is named by its number; of one that was never issued only the text is known."""

    id: int
    text: str
    at: datetime
    settled_at: datetime | None
    token: str | None
    number: str


def differences(page: int) -> tuple[list[Difference], int]:
    """(a page of reports, how many there are): what waits first, then the newest."""
    rows = read(
        select(
            DifferenceReport.id,
            DifferenceReport.text,
            DifferenceReport.at,
            DifferenceReport.settled_at,
            Certificate.token,
            Certificate.payload,
        )
        .outerjoin(Certificate, Certificate.id == DifferenceReport.certificate_id)
        .order_by(DifferenceReport.settled_at.is_not(None), DifferenceReport.id.desc())
        .limit(EACH_PAGE)
        .offset((page - 1) * EACH_PAGE)
    )
    found = [
        Difference(number, text, at, settled_at, token, number_line(snapshot_of(payload)) if payload else "")
        for number, text, at, settled_at, token, payload in rows
    ]
    return found, read(select(func.count()).select_from(DifferenceReport)).scalar_one()

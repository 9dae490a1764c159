"""Writes for the report. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from lms.db.engine import writer
from lms.db.tables import Cohort
from lms.people.actions import note


def keep_texts(cohort_id: int, texts: Mapping[str, str], by: int, now: datetime) -> None:
    """Keep what was written, also in a closed cohort: its report is written after it."""
    writer().execute(update(Cohort).where(Cohort.id == cohort_id).values(report=dict(texts)))
    note(by, "laporan ditulis", f"cohort:{cohort_id}", now, ["report"])

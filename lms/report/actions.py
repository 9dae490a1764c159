"""Writes for the report. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from lms.db.engine import db, writer
from lms.db.tables import Cohort
from lms.people.actions import note


def keep_texts(cohort_id: int, texts: Mapping[str, str], by: int, now: datetime) -> None:
    """Keep what was written, "" for nothing, also in a closed cohort: its papers are written after it.

    What these texts do not name stays as it is.
    """
    kept = db.session.scalars(select(Cohort.report).where(Cohort.id == cohort_id).with_for_update()).one()
    wanted = {key: text for key, text in {**kept, **texts}.items() if text}
    if wanted != kept:
        writer().execute(update(Cohort).where(Cohort.id == cohort_id).values(report=wanted))
        note(by, "laporan ditulis", f"cohort:{cohort_id}", now, ["report"])

"""A list of people that was brought, as it waits to be looked at, and what became of each of its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import LISTED_ROW, STAFF
from lms.db.tables.people import RANDOM_ID


class ImportBatch(Model):
    """One file: its headings, each with the field it is taken for, and what was left out of it, by heading.

    It may be looked at from `ready_at` on, when all its rows are kept.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Diunggah oleh"))
    columns: Mapped[list[list[str]]] = mapped_column(JSON)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    job_id: Mapped[str | None] = mapped_column(ForeignKey("job.id"))


class ImportRow(Model):
    """One line of it: its cells under the headings, who is understood to be in it, and the person it became.

    `state` is where it stands before it is written, `outcome` what was done.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(120))
    cells: Mapped[list[str]] = mapped_column(JSON, info=LISTED_ROW("Isi baris"))
    listed: Mapped[dict[str, Any]] = mapped_column(JSON, info=LISTED_ROW("Yang terbaca"))
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(12), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(info=LISTED_ROW("Diunggah"))

    __table_args__ = (
        CheckConstraint("state in ('siap', 'ada', 'ragu', 'tolak', 'lewati')", name="state"),
        CheckConstraint("outcome in ('', 'dibuat', 'ditambahkan', 'sudah', 'batal')", name="outcome"),
        Index(None, "batch_id", "number", unique=True),
        Index(None, "batch_id", "state", "outcome", "number"),
    )

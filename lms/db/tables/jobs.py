"""Long work in slices."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import STAFF
from lms.db.tables.people import RANDOM_ID


class Job(Model):
    """Work of `total` units of which `position` are done; `kind` names the function that does the next.

    `told` is what the work needs to know, `outcome` what it leaves for its page; `fault` is why it stopped for good.
    """

    id: Mapped[str] = mapped_column(RANDOM_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=STAFF("Dimulai oleh"))
    title: Mapped[str] = mapped_column(String(200))
    onward: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    fault: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("position >= 0 and position <= total", name="position"),)

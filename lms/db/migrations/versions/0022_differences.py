"""The reports of differences on a sheet go; what was in them stays in the data folder for the two years it was kept."""

from datetime import date, timedelta
from typing import Any

from alembic import context, op

from lms.db.exports import export, rows_of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    days: dict[date, list[dict[str, Any]]] = {}
    for row in rows_of(op.get_bind(), "difference_report"):
        days.setdefault(row["at"].date(), []).append(row)
    for day, rows in days.items():
        until = day + timedelta(days=2 * 365)
        export(context.config.attributes["data"], f"laporan-berbeda-{day}", {"difference_report": rows}, until)
    op.drop_table("difference_report")

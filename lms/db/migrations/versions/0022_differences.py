"""The reports of differences on a sheet go; what was in them stays in the data folder."""

from datetime import timedelta

from alembic import context, op

from lms.db.exports import export, rows_of
from lms.web.clock import today

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables = {"difference_report": rows_of(op.get_bind(), "difference_report")}
    export(context.config.attributes["data"], "laporan-berbeda", tables, today() + timedelta(days=365))
    op.drop_table("difference_report")

"""A cohort closes its post-test; from then on its members see the keys of both tests."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("posttest_closed_at", lms.db.engine.UtcTime(timezone=True), nullable=True))

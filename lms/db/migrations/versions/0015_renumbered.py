"""Whose certificate was revoked by mistake gets another under a new number."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ONE_EACH = sa.text("revision = 0 and sequence is not null and renumbered_at is null")


def upgrade() -> None:
    op.add_column("certificate", sa.Column("renumbered_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
    op.drop_index("uq_certificate_real", "certificate")
    op.create_index(
        "uq_certificate_real",
        "certificate",
        ["membership_id"],
        unique=True,
        sqlite_where=ONE_EACH,
        postgresql_where=ONE_EACH,
    )

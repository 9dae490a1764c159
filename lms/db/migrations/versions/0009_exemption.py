"""Certificates of a bimtek: names confirmed, and exceptions from what is asked."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exemption",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_exemption_by_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_exemption_membership_id")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_exemption")),
    )
    op.add_column("membership", sa.Column("name_confirmed_at", lms.db.engine.UtcTime(timezone=True), nullable=True))

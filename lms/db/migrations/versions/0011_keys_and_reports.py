"""Keys that end or leak, and what somebody found different on a sheet."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("leaked_on", sa.Date(), nullable=True))
    op.create_table(
        "difference_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("settled_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_difference_report_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference_report")),
    )
    op.create_index(op.f("ix_difference_report_certificate_id"), "difference_report", ["certificate_id"])
    op.create_index(op.f("ix_difference_report_settled_at"), "difference_report", ["settled_at"])

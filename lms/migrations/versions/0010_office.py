"""Signers with their days, numbers taken by hand, the book of what was issued, and old paper."""

import sqlalchemy as sa
from alembic import op

import lms.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signer") as batch_op:
        batch_op.add_column(sa.Column("side", sa.String(length=10), nullable=False, server_default="depan"))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
    # What stands in this column was for the rows that were there; new ones say it themselves.
    with op.batch_alter_table("signer") as batch_op:
        batch_op.alter_column("side", existing_type=sa.String(length=10), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f("ck_signer_side"), "side in ('depan', 'belakang')")
    op.create_table(
        "number_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.database.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint("first > 0 and last >= first", name=op.f("ck_number_block_in_order")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_number_block_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["number_series.id"], name=op.f("fk_number_block_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_block")),
        sa.UniqueConstraint("series_id", "year", "first", name=op.f("uq_number_block_series_id_year_first")),
    )

"""Who changed a file of a draft, and that it was taken out there."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft_file") as batch_op:
        batch_op.alter_column("blob_hash", existing_type=sa.String(length=64), nullable=True)
        batch_op.add_column(sa.Column("changed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_draft_file_changed_by_id"), "person", ["changed_by_id"], ["id"])

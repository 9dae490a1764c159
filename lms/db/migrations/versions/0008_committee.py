"""Who holds a bimtek."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.add_column(sa.Column("committee", sa.Text(), nullable=False, server_default=""))
    # What stands in this column was for the rows that were there; new ones say it themselves.
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.alter_column("committee", existing_type=sa.Text(), existing_nullable=False, server_default=None)

"""A report may be of a sheet that the register does not have."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("difference_report") as batch_op:
        batch_op.alter_column("certificate_id", existing_type=sa.String(length=32), nullable=True)

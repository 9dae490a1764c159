"""The requirements of a certificate that a bimtek dropped: none in those of today."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("dropped", sa.JSON))
    op.execute("update cohort set dropped = '[]'")
    with op.batch_alter_table("cohort") as batch:
        batch.alter_column("dropped", existing_type=sa.JSON, nullable=False)

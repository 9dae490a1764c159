"""Whether the certificates of a bimtek bear a predicate and scores."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ADDED = (("predicates", sa.JSON(), "[]"), ("prints_scores", sa.Boolean(), sa.false()))


def upgrade() -> None:
    with op.batch_alter_table("cohort") as batch_op:
        for name, kind, default in ADDED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    # What stands in these columns was for the rows that were there; new ones say it themselves.
    with op.batch_alter_table("cohort") as batch_op:
        for name, kind, _ in ADDED:
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)

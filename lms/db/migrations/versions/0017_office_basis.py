"""The office names the rule that self-study rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(sa.Column("legal_basis", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("office") as batch_op:
        batch_op.alter_column(
            "legal_basis", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )

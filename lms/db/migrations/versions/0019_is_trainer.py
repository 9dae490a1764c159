"""Being a trainer is a right of a person; whoever trains a cohort has it from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the right."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("is_trainer", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("is_trainer", server_default=None)
    person = sa.table("person", sa.column("id"), sa.column("login"), sa.column("is_trainer"))
    part = sa.table("membership", sa.column("person_id"), sa.column("role"), sa.column("left_at"))
    trains = sa.select(part.c.person_id).where(part.c.role == "pelatih", part.c.left_at.is_(None))
    op.execute(person.update().where(person.c.login.is_not(None), person.c.id.in_(trains)).values(is_trainer=sa.true()))

"""A ruling may be withdrawn, by another one that names it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ruling") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ruling_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_ruling_kind"), "kind in ('batal', 'terima', 'kunci', 'dicabut')"
        )

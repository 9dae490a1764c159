"""Whether the sheets of a bimtek bear the days that each participant came: as before where some were issued."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("prints_own_days", sa.Boolean))
    cohort = sa.table("cohort", sa.column("id", sa.Integer), sa.column("prints_own_days", sa.Boolean))
    membership = sa.table("membership", sa.column("id", sa.Integer), sa.column("cohort_id", sa.Integer))
    sheet = sa.table("certificate", sa.column("membership_id", sa.Integer), sa.column("sample", sa.Boolean))
    issued = sa.select(membership.c.cohort_id).join(sheet, sheet.c.membership_id == membership.c.id)
    has_sheets = cohort.c.id.in_(issued.where(sheet.c.sample.is_(sa.false())))
    op.execute(cohort.update().values(prints_own_days=has_sheets))
    with op.batch_alter_table("cohort") as batch:
        batch.alter_column("prints_own_days", existing_type=sa.Boolean, nullable=False)

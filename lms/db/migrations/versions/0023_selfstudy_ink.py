"""Self-study is signed with ink from now on; what waits already is issued again at its trainer's press."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE cohort SET signing = 'basah' WHERE kind = 'mandiri'")

"""The list of old paper certificates goes; what was in it stays in the data folder, as an archive of the office."""

from alembic import context, op

from lms.db.exports import export, rows_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables = {name: rows_of(op.get_bind(), name) for name in ("paper_batch", "paper_certificate")}
    export(context.config.attributes["data"], "sertifikat-kertas", tables)
    op.drop_table("paper_certificate")
    op.drop_table("paper_batch")

"""Signers with their days, numbers taken by hand, the book of what was issued, and old paper."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signer") as batch_op:
        batch_op.add_column(sa.Column("side", sa.String(length=10), nullable=False, server_default="depan"))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
    # What stands in this column was for the rows that were there; new ones say it themselves.
    with op.batch_alter_table("signer") as batch_op:
        batch_op.alter_column("side", existing_type=sa.String(length=10), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f("ck_signer_side"), "side in ('depan', 'belakang')")
    op.create_table(
        "number_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint("first > 0 and last >= first", name=op.f("ck_number_block_in_order")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_number_block_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["number_series.id"], name=op.f("fk_number_block_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_block")),
        sa.UniqueConstraint("series_id", "year", "first", name=op.f("uq_number_block_series_id_year_first")),
    )
    _let_be_found()
    _add_papers()


def _let_be_found() -> None:
    """Give every certificate the text it is looked for by, from what is printed on it."""
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.add_column(sa.Column("sought", sa.String(length=600), nullable=False, server_default=""))
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.alter_column(
            "sought", existing_type=sa.String(length=600), existing_nullable=False, server_default=None
        )
    table = sa.table(
        "certificate", sa.column("id", sa.String), sa.column("payload", sa.LargeBinary), sa.column("sought", sa.String)
    )
    connection = op.get_bind()
    for key, payload in connection.execute(sa.select(table.c.id, table.c.payload)).all():
        told = json.loads(payload)
        texts = (told["name"], told["number"] or "", told["identity"])
        found = " ".join(_bare(text) for text in texts)[:600]
        connection.execute(sa.update(table).where(table.c.id == key).values(sought=found))


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _add_papers() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("written_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_batch_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
    )
    op.create_table(
        "paper_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("check_key", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("village", sa.String(length=200), nullable=False),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sought", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_certificate_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_certificate")),
        sa.UniqueConstraint("check_key", name=op.f("uq_paper_certificate_check_key")),
    )
    op.create_index(op.f("ix_paper_certificate_batch_id"), "paper_certificate", ["batch_id"])
    op.create_index(op.f("ix_paper_certificate_year"), "paper_certificate", ["year"])

"""Certificates that are signed electronically elsewhere, and whose word counts there."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.add_column(sa.Column("signing", sa.String(length=10), nullable=False, server_default="basah"))
    # What stands in this column was for the rows that were there; new ones say it themselves.
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.alter_column(
            "signing", existing_type=sa.String(length=10), existing_nullable=False, server_default=None
        )
        batch_op.create_check_constraint(op.f("ck_cohort_signing"), "signing in ('basah', 'tte')")
    with op.batch_alter_table("certificate_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_certificate_event_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_certificate_event_kind"), "kind in ('issued', 'awaiting', 'signed', 'replaced', 'revoked')"
        )
    op.create_table(
        "handed_sheet",
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("drawn", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_handed_sheet_certificate_id")),
        sa.PrimaryKeyConstraint("certificate_id", "drawn", name=op.f("pk_handed_sheet")),
    )
    op.create_table(
        "signed_sheet",
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_signed_sheet_certificate_id")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_signed_sheet")),
    )
    _add_trusted()


def _add_trusted() -> None:
    op.create_table(
        "trusted_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("valid_from", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("valid_to", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("role in ('akar', 'antara', 'pejabat')", name=op.f("ck_trusted_certificate_role")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_trusted_certificate_by_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_trusted_certificate_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_certificate")),
    )
    op.create_index(op.f("ix_trusted_certificate_fingerprint"), "trusted_certificate", ["fingerprint"])

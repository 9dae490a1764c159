"""No number is written twice: certificates and old paper are compared by it, and paper is found by its strokes too."""

import hashlib
import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.add_column(sa.Column("number_key", sa.String(length=300), nullable=True))
    _fill_certificates()
    op.create_index(
        "uq_certificate_number",
        "certificate",
        ["number_key"],
        unique=True,
        sqlite_where=sa.text("revision = 0"),
        postgresql_where=sa.text("revision = 0"),
    )
    with op.batch_alter_table("paper_certificate") as batch_op:
        batch_op.add_column(sa.Column("number_key", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("paper_certificate") as batch_op:
        batch_op.alter_column(
            "number_key", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )
    _fill_papers()
    op.create_index(op.f("ix_paper_certificate_number_key"), "paper_certificate", ["number_key"])


def _fill_certificates() -> None:
    """Of a number that was written twice already, the sheet that was first keeps it."""
    columns = [sa.column(name) for name in ("id", "payload", "revision", "issued_at", "sequence", "number_key")]
    table = sa.table("certificate", *columns)
    connection, known = op.get_bind(), set()
    wanted = sa.select(*columns[:3]).where(table.c.sequence.is_not(None)).order_by(table.c.issued_at, table.c.id)
    for certificate_id, payload, revised in connection.execute(wanted).all():
        found = _key(json.loads(payload)["number"])
        if revised or found not in known:
            connection.execute(sa.update(table).where(table.c.id == certificate_id).values(number_key=found))
        known.add(found)


def _fill_papers() -> None:
    columns: list[Any] = [sa.column(name) for name in ("id", "number", "name", "check_key", "number_key")]
    table = sa.table("paper_certificate", *columns)
    connection = op.get_bind()
    for paper_id, number, name in connection.execute(sa.select(*columns[:3])).all():
        found = hashlib.sha256(f"{_parted(number)}\n{_parted(name).replace('/', '')}".encode()).hexdigest()
        values = {"check_key": found, "number_key": _key(number)}
        connection.execute(sa.update(table).where(table.c.id == paper_id).values(values))


def _parted(text: str) -> str:
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "/".join("".join(sign if sign.isalnum() else " " for sign in signs).split())


def _key(number: str) -> str:
    return "/".join(part.lstrip("0") or "0" for part in _parted(number).split("/"))[:300]

"""The audit table: who did what to whom, when and why, in ids, field names and reasons, never values."""

from datetime import datetime

from sqlalchemy import DDL, JSON, ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.engine import Model
from lms.db.labels import AUDIT

RETENTION_YEARS = 5


class AuditEntry(Model):
    """One act. A trigger refuses every update, and deletes of rows younger than the retention."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(info=AUDIT("Waktu"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, info=AUDIT("Oleh"))
    action: Mapped[str] = mapped_column(String(40), info=AUDIT("Perbuatan"))
    object: Mapped[str] = mapped_column(String(80), index=True, info=AUDIT("Terhadap"))
    fields: Mapped[list[str]] = mapped_column(JSON, default=list, info=AUDIT("Bagian"))
    reason: Mapped[str] = mapped_column(String(500), default="", info=AUDIT("Alasan"))


# The same statements stand in the base migration; `create_all` in tests gets them from here.
SQLITE_GUARDS = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entry "
    f"WHEN old.at > datetime('now', '-{RETENTION_YEARS} years') "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are kept'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP = 'DELETE' AND old.at <= now() - interval '{RETENTION_YEARS} years' THEN RETURN old; END IF; "
    "RAISE EXCEPTION 'audit entries are never changed'; END $$",
    "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_guard()",
)
for dialect, statements in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRES_GUARDS)):
    for statement in statements:
        guard = DDL(statement)  # type: ignore[no-untyped-call] # SQLAlchemy left it untyped
        event.listen(AuditEntry.__table__, "after_create", guard.execute_if(dialect=dialect))

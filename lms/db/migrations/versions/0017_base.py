"""Every table of the first release, its indexes, and the triggers that guard the audit."""

import sqlalchemy as sa
from alembic import op

from lms.db.engine import db

# The seventeen steps that led here are gone; a database that took them all is at this same revision.
revision = "0017"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entry "
        "WHEN old.at > datetime('now', '-5 years') "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are kept'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND old.at <= now() - interval '5 years' THEN RETURN old; END IF; "
        "RAISE EXCEPTION 'audit entries are never changed'; END $$",
        "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    ),
}

schema = sa.MetaData(naming_convention=db.metadata.naming_convention)


def upgrade() -> None:
    connection = op.get_bind()
    schema.create_all(connection, checkfirst=False)
    for guard in GUARDS[connection.dialect.name]:
        op.execute(guard)


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    sa.Table(name, schema, *parts)


def unique_where(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


table(
    "action_plan",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("occasion", sa.String(300), nullable=False),
    sa.Column("action", sa.String(300), nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("partner", sa.String(120), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("done", sa.String(10), nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("told_at", MOMENT),
    sa.UniqueConstraint("membership_id", "number"),
    sa.CheckConstraint("done in ('', 'ya', 'sebagian', 'belum')", name="done"),
)
table(
    "answer",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt_id", sa.String(32), sa.ForeignKey("attempt.id"), nullable=False),
    sa.Column("client_id", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("counter", sa.Integer, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("entered_by_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.UniqueConstraint("attempt_id", "client_id"),
)
table(
    "attempt",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id")),
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id")),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("quiz", sa.String(240), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("trial", sa.Boolean, nullable=False),
    sa.Column("sheet", sa.JSON, nullable=False),
    sa.Column("opened_at", MOMENT, nullable=False),
    sa.Column("closes_at", MOMENT),
    sa.Column("submitted_at", MOMENT),
    sa.Column("receipt", sa.String(12), unique=True),
    sa.CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),
    sa.Index("ix_attempt_enrolment_id_submitted_at", "enrolment_id", "submitted_at"),
    unique_where("uq_attempt_enrolment", "enrolment_id", "quiz", "ordinal", where="enrolment_id is not null"),
    unique_where("uq_attempt_membership", "membership_id", "quiz", "ordinal", where="membership_id is not null"),
    unique_where(
        "uq_attempt_open_enrolment", "enrolment_id", "quiz", where="enrolment_id is not null and submitted_at is null"
    ),
    unique_where(
        "uq_attempt_open_membership",
        "membership_id",
        "quiz",
        where="membership_id is not null and submitted_at is null",
    ),
)
table(
    "attendance",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("meeting_id", sa.Integer, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), nullable=False, index=True),
    sa.Column("mark", sa.String(32), nullable=False, unique=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("noted_at", MOMENT, nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.CheckConstraint("state in ('hadir', 'terlambat', 'izin', 'tidak')", name="state"),
    sa.CheckConstraint("way in ('kode', 'kartu', 'daftar')", name="way"),
    sa.Index("ix_attendance_meeting_id_membership_id_id", "meeting_id", "membership_id", "id"),
)
table(
    "audit_entry",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("actor_id", sa.Integer, sa.ForeignKey("person.id"), index=True),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("object", sa.String(80), nullable=False, index=True),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
)
table("blob", sa.Column("hash", sa.String(64), primary_key=True), sa.Column("data", sa.LargeBinary, nullable=False))
table(
    "certificate",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token", sa.String(32), nullable=False, unique=True),
    sa.Column("short_code", sa.String(12), nullable=False, unique=True),
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), nullable=False, index=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),
    sa.Column("series_id", sa.Integer, sa.ForeignKey("number_series.id")),
    sa.Column("year", sa.Integer),
    sa.Column("sequence", sa.Integer),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("key_id", sa.String(32), sa.ForeignKey("signing_key.id"), nullable=False),
    sa.Column("issued_at", MOMENT, nullable=False),
    sa.Column("sought", sa.String(600), nullable=False),
    sa.Column("number_key", sa.String(300)),
    sa.Column("renumbered_at", MOMENT),
    sa.UniqueConstraint("series_id", "year", "sequence", "revision"),
    sa.CheckConstraint("sample = (sequence is null)", name="sample_has_no_number"),
    unique_where("uq_certificate_number", "number_key", where="revision = 0"),
    unique_where(
        "uq_certificate_real", "membership_id", where="revision = 0 and sequence is not null and renumbered_at is null"
    ),
    unique_where("uq_certificate_sample", "membership_id", where="sequence is null"),
)
table(
    "certificate_event",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("certificate_id", sa.String(32), sa.ForeignKey("certificate.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("at", MOMENT, nullable=False),
    sa.CheckConstraint("kind in ('issued', 'awaiting', 'signed', 'replaced', 'revoked')", name="kind"),
)
table(
    "cohort",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("code", sa.String(20), nullable=False, unique=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id")),
    sa.Column("starts_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("place", sa.String(200), nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("self_issue", sa.Boolean, nullable=False),
    sa.Column("posttest_closed_at", MOMENT),
    sa.Column("archived_at", MOMENT),
    sa.Column("quota", sa.Integer),
    sa.Column("online_from", sa.Date),
    sa.Column("online_until", sa.Date),
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("closed_at", MOMENT),
    sa.Column("map_link", sa.String(300), nullable=False),
    sa.Column("bring", sa.Text, nullable=False),
    sa.Column("basis", sa.String(300), nullable=False),
    sa.Column("committee", sa.Text, nullable=False),
    sa.Column("signing", sa.String(10), nullable=False),
    sa.Column("predicates", sa.JSON, nullable=False),
    sa.Column("prints_scores", sa.Boolean, nullable=False),
    sa.CheckConstraint("kind in ('mandiri', 'bimtek')", name="kind"),
    sa.CheckConstraint("kind = 'mandiri' or edition_id is not null", name="pins_edition"),
    sa.CheckConstraint("signing in ('basah', 'tte')", name="signing"),
    unique_where("uq_cohort_selfstudy", "course_id", where="kind = 'mandiri'"),
)
table(
    "course",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slug", sa.String(80), nullable=False, unique=True),
    sa.Column("bundled_fingerprint", sa.String(64), nullable=False),
    sa.Column("current_edition_id", sa.Integer, sa.ForeignKey("edition.id", use_alter=True)),
)
table(
    "course_editor",
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "device",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("expires_at", MOMENT, nullable=False),
    sa.Column("ended_at", MOMENT),
    sa.Column("last_seen_at", MOMENT),
)
table(
    "difference_report",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("certificate_id", sa.String(32), sa.ForeignKey("certificate.id"), index=True),
    sa.Column("text", sa.String(400), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("settled_at", MOMENT, index=True),
)
table(
    "draft_file",
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("path", sa.String(200), primary_key=True),
    sa.Column("blob_hash", sa.String(64), sa.ForeignKey("blob.hash")),
    sa.Column("changed_by_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("changed_at", MOMENT),
)
table(
    "edition",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.UniqueConstraint("course_id", "number"),
)
table(
    "edition_file",
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), primary_key=True),
    sa.Column("path", sa.String(200), primary_key=True),
    sa.Column("blob_hash", sa.String(64), sa.ForeignKey("blob.hash"), nullable=False, index=True),
)
table(
    "enrolment",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False, index=True),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("absorbed_by_id", sa.Integer, sa.ForeignKey("enrolment.id"), index=True),
    sa.UniqueConstraint("person_id", "course_id"),
)
table(
    "erasure_request",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("keep_certificates", sa.Boolean, nullable=False),
    sa.Column("asked_at", MOMENT, nullable=False),
    sa.Column("withdrawn_at", MOMENT),
    sa.Column("done_at", MOMENT),
    sa.Column("done_by_id", sa.Integer, sa.ForeignKey("person.id")),
)
table(
    "exemption",
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), primary_key=True),
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "extra_try",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id"), index=True),
    sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), index=True),
    sa.Column("quiz", sa.String(240), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name="one_owner"),
)
table(
    "grading",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt_id", sa.String(32), sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("right", sa.Integer, nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("outcomes", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "handed_sheet",
    sa.Column("certificate_id", sa.String(32), sa.ForeignKey("certificate.id"), primary_key=True),
    sa.Column("drawn", sa.String(64), primary_key=True),
)
table(
    "import_batch",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False, index=True),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("left_out", sa.JSON, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("ready_at", MOMENT),
    sa.Column("job_id", sa.String(32), sa.ForeignKey("job.id")),
)
table(
    "import_row",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.String(32), sa.ForeignKey("import_batch.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("place", sa.String(120), nullable=False),
    sa.Column("cells", sa.JSON, nullable=False),
    sa.Column("listed", sa.JSON, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), index=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.CheckConstraint("outcome in ('', 'dibuat', 'ditambahkan', 'sudah', 'batal')", name="outcome"),
    sa.CheckConstraint("state in ('siap', 'ada', 'ragu', 'tolak', 'lewati')", name="state"),
    sa.Index("ix_import_row_batch_id_number", "batch_id", "number", unique=True),
    sa.Index("ix_import_row_batch_id_state_outcome_number", "batch_id", "state", "outcome", "number"),
)
table(
    "inquiry",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("form_id", sa.String(32), nullable=False, unique=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("lesson", sa.String(200), nullable=False),
    sa.Column("question_hash", sa.String(64), nullable=False),
    sa.Column("text", sa.String(2000), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.CheckConstraint("kind in ('keliru', 'tanya')", name="kind"),
)
table(
    "inquiry_reply",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("inquiry_id", sa.Integer, sa.ForeignKey("inquiry.id"), nullable=False, index=True),
    sa.Column("text", sa.String(2000), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "job",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), index=True),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("onward", sa.String(300), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("outcome", sa.JSON, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Column("begun_at", MOMENT, nullable=False),
    sa.Column("ended_at", MOMENT),
    sa.CheckConstraint("position >= 0 and position <= total", name="position"),
)
table(
    "joining",
    sa.Column("form_id", sa.String(32), primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False, index=True),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "limit_count",
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("window", sa.Integer, primary_key=True, autoincrement=False, index=True),
    sa.Column("count", sa.Integer, nullable=False),
)
table(
    "meeting",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False, index=True),
    sa.Column("starts_at", MOMENT, nullable=False),
    sa.Column("ends_at", MOMENT, nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("module", sa.String(120), nullable=False),
    sa.Column("speaker", sa.String(160), nullable=False),
    sa.Column("jp", sa.Integer, nullable=False),
    sa.Column("cancelled_at", MOMENT),
    sa.CheckConstraint("ends_at > starts_at", name="ends_later"),
)
table(
    "membership",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False, index=True),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("trial", sa.Boolean, nullable=False),
    sa.Column("joined_at", MOMENT, nullable=False),
    sa.Column("left_at", MOMENT),
    sa.Column("absorbed_by_id", sa.Integer, sa.ForeignKey("membership.id"), index=True),
    sa.Column("name_confirmed_at", MOMENT),
    sa.UniqueConstraint("person_id", "cohort_id", "role"),
    sa.CheckConstraint("role in ('peserta', 'pelatih', 'narasumber', 'panitia')", name="role"),
)
table(
    "notice_agreement",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("version", sa.String(20), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "number_block",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("series_id", sa.Integer, sa.ForeignKey("number_series.id"), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.UniqueConstraint("series_id", "year", "first"),
    sa.CheckConstraint("first > 0 and last >= first", name="in_order"),
)
table(
    "number_series",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False, unique=True),
    sa.Column("pattern", sa.String(120), nullable=False),
    sa.Column("classification", sa.String(20), nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.CheckConstraint("kind in ('mandiri', 'bimtek')", name="kind"),
)
table(
    "office",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("government", sa.String(120), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("address", sa.String(200), nullable=False),
    sa.Column("place", sa.String(60), nullable=False),
    sa.Column("organiser", sa.String(160), nullable=False),
    sa.Column("emblem_hash", sa.String(64), sa.ForeignKey("blob.hash")),
    sa.Column("legal_basis", sa.String(300), nullable=False),
)
table(
    "one_time_code",
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("purpose", sa.String(20), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("expires_at", MOMENT, nullable=False),
    sa.Column("used_at", MOMENT),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), index=True),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("claim", sa.String(64), nullable=False),
    sa.CheckConstraint("purpose in ('admin', 'sandi', 'bantu', 'tunjuk')", name="purpose"),
)
table(
    "paper_batch",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("known", sa.Integer, nullable=False),
    sa.Column("refused", sa.JSON, nullable=False),
    sa.Column("written_at", MOMENT),
)
table(
    "paper_certificate",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.String(32), sa.ForeignKey("paper_batch.id"), nullable=False, index=True),
    sa.Column("check_key", sa.String(64), nullable=False, unique=True),
    sa.Column("year", sa.Integer, nullable=False, index=True),
    sa.Column("number", sa.String(120), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("village", sa.String(200), nullable=False),
    sa.Column("activity", sa.String(200), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("sought", sa.String(600), nullable=False),
    sa.Column("number_key", sa.String(300), nullable=False, index=True),
)
table(
    "period",
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), primary_key=True),
    sa.Column("what", sa.String(10), primary_key=True),
    sa.Column("opens_at", MOMENT),
    sa.Column("closes_at", MOMENT),
    sa.CheckConstraint("what in ('tes:awal', 'tes:akhir', 'survei')", name="what"),
)
table(
    "person",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("title_before", sa.String(40), nullable=False),
    sa.Column("title_after", sa.String(40), nullable=False),
    sa.Column("region", sa.String(13)),
    sa.Column("phone", sa.String(20), nullable=False, index=True),
    sa.Column("login", sa.String(60), unique=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("is_admin", sa.Boolean, nullable=False),
    sa.Column("card_serial", sa.Integer, nullable=False),
    sa.Column("card_hash", sa.String(64), unique=True),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("pin_hash", sa.String(200), nullable=False),
    sa.Column("card_since", MOMENT),
    sa.Column("merged_into_id", sa.Integer, sa.ForeignKey("person.id"), index=True),
    sa.Column("deactivated_at", MOMENT),
    sa.Column("erased_at", MOMENT),
    sa.Column("sex", sa.String(1), nullable=False),
    sa.Column("position", sa.String(80), nullable=False),
    sa.CheckConstraint("sex in ('', 'L', 'P')", name="sex"),
)
table(
    "person_change",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("field", sa.String(20), nullable=False),
    sa.Column("old", sa.String(200), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "publication",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False, index=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("why", sa.String(500), nullable=False),
)
table(
    "reading",
    sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id"), primary_key=True),
    sa.Column("lesson", sa.String(200), primary_key=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), primary_key=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.Index("ix_reading_enrolment_id_at", "enrolment_id", "at"),
)
table(
    "reflection_reply",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt_id", sa.String(32), sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "reread",
    sa.Column("publication_id", sa.Integer, sa.ForeignKey("publication.id"), primary_key=True),
    sa.Column("lesson", sa.String(200), primary_key=True),
)
table(
    "ruling",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False, index=True),
    sa.Column("question_hash", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("at", MOMENT, nullable=False),
    sa.CheckConstraint("kind in ('batal', 'terima', 'kunci', 'dicabut')", name="kind"),
)
table(
    "signed_sheet",
    sa.Column("certificate_id", sa.String(32), sa.ForeignKey("certificate.id"), primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
table(
    "signer",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("title", sa.String(160), nullable=False),
    sa.Column("on_behalf", sa.String(160), nullable=False),
    sa.Column("rank", sa.String(80), nullable=False),
    sa.Column("nip", sa.String(30), nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("side", sa.String(10), nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.CheckConstraint("side in ('depan', 'belakang')", name="side"),
)
table(
    "signing_key",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("public", sa.LargeBinary, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("leaked_on", sa.Date),
)
table(
    "survey_response",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("cohort_id", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False, index=True),
    sa.Column("boxed", sa.Boolean, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
)
table("survey_ticket", sa.Column("membership_id", sa.Integer, sa.ForeignKey("membership.id"), primary_key=True))
table(
    "trusted_certificate",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False, index=True),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("valid_from", MOMENT, nullable=False),
    sa.Column("valid_to", MOMENT, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("by_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("removed_by_id", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("removed_at", MOMENT),
    sa.Column("reason", sa.String(300), nullable=False),
    sa.CheckConstraint("role in ('akar', 'antara', 'pejabat')", name="role"),
)

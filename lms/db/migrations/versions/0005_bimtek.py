"""A bimtek as an event: meetings, attendance, survey, action plans; and long work in slices."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_TEXTS = (
    ("cohort", "map_link", sa.String(length=300)),
    ("cohort", "bring", sa.Text()),
    ("cohort", "basis", sa.String(length=300)),
    ("person", "sex", sa.String(length=1)),
    ("person", "position", sa.String(length=80)),
)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("onward", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("begun_at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("ended_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint("position >= 0 and position <= total", name=op.f("ck_job_position")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_job_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_job_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("ends_at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("module", sa.String(length=120), nullable=False),
        sa.Column("speaker", sa.String(length=160), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_later")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_meeting_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "period",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("opens_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.Column("closes_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint("what in ('tes:awal', 'tes:akhir', 'survei')", name=op.f("ck_period_what")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_period_cohort_id")),
        sa.PrimaryKeyConstraint("cohort_id", "what", name=op.f("pk_period")),
    )
    op.create_table(
        "survey_response",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("boxed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_survey_response_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
    )
    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_response_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "action_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("done", sa.String(length=10), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("told_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint("done in ('', 'ya', 'sebagian', 'belum')", name=op.f("ck_action_plan_done")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_action_plan_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
        sa.UniqueConstraint("membership_id", "number", name=op.f("uq_action_plan_membership_id_number")),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("noted_at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state in ('hadir', 'terlambat', 'izin', 'tidak')", name=op.f("ck_attendance_state")),
        sa.CheckConstraint("way in ('kode', 'kartu', 'daftar')", name=op.f("ck_attendance_way")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_attendance_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_attendance_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("mark", name=op.f("uq_attendance_mark")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_meeting_id_membership_id_id"), ["meeting_id", "membership_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_membership_id"), ["membership_id"], unique=False)

    op.create_table(
        "survey_ticket",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_survey_ticket_membership_id")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_survey_ticket")),
    )
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.add_column(sa.Column("quota", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("online_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("online_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("report", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("closed_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
    for table, column, kind in NEW_TEXTS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(column, kind, nullable=False, server_default=""))
    # What stands in these columns was for the rows that were there; new ones say it themselves.
    for table, column, kind in (*NEW_TEXTS, ("cohort", "report", sa.JSON())):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)
    with op.batch_alter_table("person") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_person_sex"), "sex in ('', 'L', 'P')")

"""Ways in, roles, the desk and my data: what they need to keep."""

import sqlalchemy as sa
from alembic import op

import lms.db.engine

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_editor",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_editor_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_editor_person_id")),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f("pk_course_editor")),
    )
    with op.batch_alter_table("course_editor") as batch_op:
        batch_op.create_index(batch_op.f("ix_course_editor_person_id"), ["person_id"], unique=False)
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("keep_certificates", sa.Boolean(), nullable=False),
        sa.Column("asked_at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.Column("done_at", lms.db.engine.UtcTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_erasure_request_done_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    with op.batch_alter_table("erasure_request") as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_request_person_id"), ["person_id"], unique=False)
    op.create_table(
        "person_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("old", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_person_change_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_change_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_change")),
    )
    with op.batch_alter_table("person_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_person_change_person_id"), ["person_id"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("lesson", sa.String(length=200), nullable=False),
        sa.Column("question_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('keliru', 'tanya')", name=op.f("ck_inquiry_kind")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_inquiry_cohort_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_inquiry_edition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inquiry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("form_id", name=op.f("uq_inquiry_form_id")),
    )
    with op.batch_alter_table("inquiry") as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_person_id"), ["person_id"], unique=False)
    op.create_table(
        "extra_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("quiz", sa.String(length=240), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint("(enrolment_id is null) <> (membership_id is null)", name=op.f("ck_extra_try_one_owner")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extra_try_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_extra_try_enrolment_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_extra_try_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_try")),
    )
    with op.batch_alter_table("extra_try") as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_try_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extra_try_membership_id"), ["membership_id"], unique=False)
    op.create_table(
        "inquiry_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_inquiry_reply_by_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_inquiry_reply_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_reply")),
    )
    with op.batch_alter_table("inquiry_reply") as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_reply_inquiry_id"), ["inquiry_id"], unique=False)
    op.create_table(
        "reflection_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.db.engine.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_reflection_reply_attempt_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reflection_reply_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection_reply")),
    )
    with op.batch_alter_table("reflection_reply") as batch_op:
        batch_op.create_index(batch_op.f("ix_reflection_reply_attempt_id"), ["attempt_id"], unique=False)
    with op.batch_alter_table("answer") as batch_op:
        batch_op.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_answer_entered_by_id"), "person", ["entered_by_id"], ["id"])
    with op.batch_alter_table("cohort") as batch_op:
        batch_op.add_column(sa.Column("archived_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
    with op.batch_alter_table("device") as batch_op:
        batch_op.add_column(sa.Column("last_seen_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
    with op.batch_alter_table("enrolment") as batch_op:
        batch_op.add_column(sa.Column("absorbed_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_enrolment_absorbed_by_id"), ["absorbed_by_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_enrolment_absorbed_by_id"), "enrolment", ["absorbed_by_id"], ["id"])
    with op.batch_alter_table("membership") as batch_op:
        batch_op.add_column(sa.Column("left_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("absorbed_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_membership_absorbed_by_id"), ["absorbed_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_membership_absorbed_by_id"), "membership", ["absorbed_by_id"], ["id"]
        )
    op.create_index("ix_audit_entry_object", "audit_entry", ["object"])
    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(sa.Column("emblem_hash", sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_office_emblem_hash"), "blob", ["emblem_hash"], ["hash"])
    with op.batch_alter_table("one_time_code") as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claim", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_one_time_code_person_id"), ["person_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_one_time_code_person_id"), "person", ["person_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(batch_op.f("fk_one_time_code_by_id"), "person", ["by_id"], ["id"])
    with op.batch_alter_table("person") as batch_op:
        batch_op.add_column(sa.Column("pin_hash", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("card_since", lms.db.engine.UtcTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deactivated_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", lms.db.engine.UtcTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_phone"), ["phone"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_merged_into_id"), "person", ["merged_into_id"], ["id"])
    # When somebody did something last is asked for everybody in a cohort at once.
    for table, column in (("reading", "at"), ("attempt", "submitted_at")):
        with op.batch_alter_table(table) as batch_op:
            name = batch_op.f(f"ix_{table}_enrolment_id_{column}")
            batch_op.create_index(name, ["enrolment_id", column], unique=False)
    # The empty text was for the rows that were there; new ones say it themselves.
    for table, column, length in (("person", "pin_hash", 200), ("one_time_code", "claim", 64)):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(length), existing_nullable=False, server_default=None)
    with op.batch_alter_table("one_time_code") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_one_time_code_purpose"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_one_time_code_purpose"), "purpose in ('admin', 'sandi', 'bantu', 'tunjuk')"
        )
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id"])

"""The migrations on PostgreSQL make what the models say, from nothing and from an earlier release with its rows."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.db.engine import db
from lms.db.migrations import MigrationError, migrate, revision_of
from tests.db.migrating import assert_brought_up_to_date, difference
from tests.db.test_migrations import FAILS_AT_ITS_THIRD_STEP, FIRST, plant
from tests.served.postgres import URL, empty, make_empty

__all__ = ["empty"]

RULES = """
    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace
    union select indexdef from pg_indexes where schemaname = 'public'
    union select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
"""
"""Every constraint, index and trigger as PostgreSQL itself writes it."""


def rules() -> set[str]:
    with db.engine.connect() as connection:
        return {rule for rule in connection.execute(sa.text(RULES)).scalars() if "alembic" not in rule}


def change(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


class TestMigrationsOnPostgres:
    __test__ = bool(URL)

    def test_they_make_what_the_models_say(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        assert difference(db.metadata) == []
        change(
            "alter table office drop column legal_basis",
            "alter table difference_report alter column certificate_id set not null",
        )
        assert len(difference(db.metadata)) == 2

    def test_create_all_and_the_migrations_make_the_same_constraints(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        migrated = rules()
        change("alter table cohort drop constraint ck_cohort_signing")
        assert len(migrated - rules()) == 1
        make_empty()
        db.create_all()
        assert rules() == migrated

    def test_the_release_before_electronic_signing_is_brought_up_to_date_with_its_rows(
        self, empty: Flask, tmp_path: Path
    ) -> None:
        assert_brought_up_to_date(tmp_path, tmp_path / "u")

    def test_what_fails_leaves_nothing(self, empty: Flask, tmp_path: Path) -> None:
        with pytest.raises(sa.exc.ProgrammingError):
            migrate(db.engine, tmp_path, plant(tmp_path / "u", FIRST, FAILS_AT_ITS_THIRD_STEP))
        assert sa.inspect(db.engine).get_table_names() == []
        assert revision_of(db.engine) is None

    def test_a_database_of_a_newer_release_is_refused_in_words(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        change("update alembic_version set version_num = '9999'")
        with pytest.raises(MigrationError, match="lebih baru"):
            migrate(db.engine, tmp_path)

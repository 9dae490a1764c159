"""The migrations on PostgreSQL make what the models say, and keep the rows of a database of before the base."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.db.engine import db
from lms.db.migrations import MigrationError, migrate, revision_of
from tests.db.migrating import (
    EARLIER,
    assert_next_step_keeps_rows,
    assert_rows_of_before_base_hold,
    assert_what_went_is_kept,
    difference,
    restore_before_base,
    rules,
    schema,
)
from tests.db.test_migrations import FAILS_AT_ITS_THIRD_STEP, FIRST, plant, set_revision
from tests.served.postgres import URL, empty, make_empty

__all__ = ["empty"]


def change(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def everything() -> dict[str, list[str]]:
    """Table -> its rows, without the revision."""
    names = [each for each in sa.inspect(db.engine).get_table_names() if each != "alembic_version"]
    with db.engine.connect() as connection:
        return {name: sorted(map(repr, connection.execute(sa.text(f'select * from "{name}"')))) for name in names}


class TestMigrationsOnPostgres:
    __test__ = bool(URL)

    def test_they_make_what_the_models_say(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        assert difference(db.metadata) == []
        change(
            "alter table office drop column legal_basis",
            "alter table signer alter column valid_from set not null",
        )
        assert len(difference(db.metadata)) == 2

    def test_create_all_and_the_migrations_make_the_same_constraints(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        migrated = rules()
        change("alter table cohort drop constraint ck_cohort_signing")
        assert len(migrated - rules()) == 1
        make_empty()
        db.create_all()
        assert rules() == {rule for rule in migrated if "audit_guard" not in rule}, "only a migration makes triggers"

    def test_a_database_that_took_all_steps_before_the_base_is_brought_over(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        new = schema()
        change("drop index ix_person_phone")
        assert schema() != new
        make_empty()
        restore_before_base()
        assert migrate(db.engine, tmp_path) is not None
        assert schema() == new
        assert difference(db.metadata) == []
        assert_rows_of_before_base_hold()
        assert_what_went_is_kept(tmp_path)

    def test_a_step_after_the_base_keeps_the_rows_of_every_table(self, empty: Flask, tmp_path: Path) -> None:
        assert_next_step_keeps_rows(tmp_path, plant(tmp_path / "u"))

    def test_a_database_of_a_step_before_the_base_is_refused_in_words(self, empty: Flask, tmp_path: Path) -> None:
        restore_before_base()
        before = everything()
        for revision in EARLIER:
            set_revision(revision)
            with pytest.raises(MigrationError, match=f"langkah {revision}, "):
                migrate(db.engine, tmp_path)
            assert revision_of(db.engine) == revision
        assert everything() == before

    def test_what_fails_leaves_nothing(self, empty: Flask, tmp_path: Path) -> None:
        with pytest.raises(sa.exc.ProgrammingError):
            migrate(db.engine, tmp_path, plant(tmp_path / "u", FIRST, FAILS_AT_ITS_THIRD_STEP))
        assert sa.inspect(db.engine).get_table_names() == []
        assert revision_of(db.engine) is None

    def test_a_database_of_a_newer_release_is_refused_in_words(self, empty: Flask, tmp_path: Path) -> None:
        migrate(db.engine, tmp_path)
        set_revision("9999")
        with pytest.raises(MigrationError, match="lebih baru"):
            migrate(db.engine, tmp_path)

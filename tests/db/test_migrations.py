"""The database is brought up to date whole or not at all, behind a copy, and ends as the models say."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.boot.app import create_app
from lms.db import engine as database
from lms.db.engine import close_all, db
from lms.db.migrations import BEFORE_BASE, MigrationError, migrate, set_journal
from tests.conftest import settings_for
from tests.db.migrating import (
    EARLIER,
    assert_next_step_keeps_rows,
    assert_rows_of_before_base_hold,
    difference,
    restore_before_base,
    schema,
)

FIRST = """
    op.create_table("induk", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("anak", sa.Column("induk_id", sa.Integer, sa.ForeignKey("induk.id")))
    op.execute("insert into induk values (1)")
    op.execute("insert into anak values (1)")
"""
FAILS_AT_ITS_THIRD_STEP = """
    op.add_column("induk", sa.Column("nama", sa.String(20)))
    op.execute("update induk set nama = 'terlanjur'")
    op.execute("insert into tidak_ada values (1)")
"""
LOSES_A_PARENT = """
    op.execute("delete from induk")
"""
REBUILDS_A_PARENT = """
    with op.batch_alter_table("induk", recreate="always") as batch:
        batch.add_column(sa.Column("nama", sa.String(20)))
"""


def plant(folder: Path, *bodies: str) -> Path:
    """A folder of migrations with these steps."""
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(bodies, start=1):
        before = repr(f"u{number - 1}") if number > 1 else None
        source = (
            f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "u{number}"\ndown_revision = {before}\n'
        )
        (folder / f"u{number}.py").write_text(f"{source}\n\ndef upgrade():{body}")
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An app over a database that is not there yet."""
    app = create_app(settings_for(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    with app.app_context():
        yield app
        db.session.remove()
        close_all()


def state(path: Path) -> dict[str, list[Any]]:
    """Every table with its rows."""
    connection = database.sqlite.connect(str(path))  # type: ignore[attr-defined] # Imported there, under whichever name.
    tables = connection.execute("select name, sql from sqlite_master where type = 'table' order by name").fetchall()
    found = {sql: connection.execute(f'select * from "{name}"').fetchall() for name, sql in tables}
    connection.close()
    return found


def set_revision(revision: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = :to"), {"to": revision})


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    assert difference(db.metadata) == []


def test_a_model_without_its_migration_is_red(app: Flask) -> None:
    metadata = sa.MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(metadata)
    sa.Table("lupa", metadata, sa.Column("id", sa.Integer, primary_key=True))
    metadata.tables["person"].append_column(sa.Column("nik", sa.String(16)))
    assert sorted(change[0] for change in difference(metadata)) == ["add_column", "add_table"]


def test_create_all_and_the_migrations_make_the_same_constraints(app: Flask, tmp_path: Path) -> None:
    other = create_app(settings_for(tmp_path / "lain"))
    (tmp_path / "lain").mkdir()

    def words() -> dict[str, set[str]]:
        with db.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "select name, sql from sqlite_master where type = 'table' and name not like 'alembic%%'"
            ).all()
        return {name: {part.strip(" ,\n\t()") for part in sql.splitlines()} - {""} for name, sql in rows}

    migrated = words()
    with other.app_context():
        db.create_all()
        made = words()
        close_all()
    assert made.keys() == migrated.keys()
    checks = {name: {part for part in parts if "CHECK" in part} for name, parts in made.items()}
    assert checks == {name: {part for part in parts if "CHECK" in part} for name, parts in migrated.items()}


def test_a_new_database_needs_no_copy_and_an_up_to_date_one_nothing(empty: Flask, tmp_path: Path) -> None:
    assert migrate(db.engine, tmp_path / "data") == ""
    assert migrate(db.engine, tmp_path / "data") is None
    assert not (tmp_path / "data" / "salinan").exists()


def test_a_migration_that_fails_at_its_third_step_leaves_nothing(empty: Flask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    migrate(db.engine, data, plant(tmp_path / "u", FIRST))
    close_all()
    before = state(data / "sinau.db")
    with pytest.raises(sa.exc.OperationalError):
        migrate(db.engine, data, plant(tmp_path / "u", FIRST, FAILS_AT_ITS_THIRD_STEP))
    close_all()
    assert state(data / "sinau.db") == before


def test_of_two_migrations_the_first_is_undone_when_the_second_fails(empty: Flask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(sa.exc.OperationalError):
        migrate(db.engine, data, plant(tmp_path / "u", FIRST, FAILS_AT_ITS_THIRD_STEP))
    assert state(data / "sinau.db") == {}


def test_a_copy_of_before_stands_ready_for_its_owner_only(empty: Flask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    migrate(db.engine, data, plant(tmp_path / "u", FIRST))
    before = state(data / "sinau.db")
    copy = migrate(db.engine, data, plant(tmp_path / "u", FIRST, REBUILDS_A_PARENT))
    assert copy
    assert state(Path(copy)) == before
    assert stat.S_IMODE(Path(copy).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(copy).parent.stat().st_mode) == 0o700
    after = state(data / "sinau.db")
    assert [(1, None)] in after.values()
    assert [(1,)] in after.values(), "rebuilding a parent must not delete its children"


def test_a_child_that_loses_its_parent_stops_the_migration(empty: Flask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    migrate(db.engine, data, plant(tmp_path / "u", FIRST))
    before = state(data / "sinau.db")
    with pytest.raises(MigrationError, match="induk"):
        migrate(db.engine, data, plant(tmp_path / "u", FIRST, LOSES_A_PARENT))
    assert state(data / "sinau.db") == before
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_database_of_a_newer_release_is_refused_in_words(empty: Flask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    migrate(db.engine, data)
    set_revision("9999")
    before = state(data / "sinau.db")
    with pytest.raises(MigrationError, match="lebih baru"):
        migrate(db.engine, data)
    assert state(data / "sinau.db") == before


@pytest.mark.walk
@pytest.mark.parametrize("revision", EARLIER)
def test_a_database_of_a_step_before_the_base_is_refused_in_words(empty: Flask, tmp_path: Path, revision: str) -> None:
    restore_before_base()
    set_revision(revision)
    before = state(tmp_path / "data" / "sinau.db")
    with pytest.raises(MigrationError, match=f"langkah {revision}, .*git checkout {BEFORE_BASE}") as error:
        migrate(db.engine, tmp_path / "data")
    assert "\n" not in str(error.value)
    assert state(tmp_path / "data" / "sinau.db") == before
    assert not (tmp_path / "data" / "salinan").exists()


def test_a_database_that_took_all_steps_before_the_base_needs_nothing(empty: Flask, tmp_path: Path) -> None:
    restore_before_base()
    assert migrate(db.engine, tmp_path / "data") is None
    assert difference(db.metadata) == []
    assert_rows_of_before_base_hold()


def test_it_has_the_tables_of_a_new_one(empty: Flask, tmp_path: Path) -> None:
    migrate(db.engine, tmp_path / "data")
    new = schema()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("drop index ix_person_phone")
    assert schema() != new
    close_all()
    restore_before_base()
    assert schema() == new


def test_a_row_that_changed_on_the_way_is_seen(empty: Flask) -> None:
    restore_before_base()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("update person set position = 'lain' where id = 2")
    with pytest.raises(AssertionError):
        assert_rows_of_before_base_hold()


def test_a_step_after_the_base_keeps_the_rows_of_every_table(empty: Flask, tmp_path: Path) -> None:
    assert_next_step_keeps_rows(tmp_path / "data", plant(tmp_path / "u"))


def test_audit_entries_can_be_neither_changed_nor_deleted(app: Flask) -> None:
    raw = database.sqlite.connect(str(db.engine.url.database))  # type: ignore[attr-defined] # Imported there, under whichever name.
    insert = (
        "insert into audit_entry (at, action, object, fields, reason) values (datetime('now', ?), 'a', 'b', '[]', '')"
    )
    raw.execute(insert, ("-1 years",))
    raw.execute(insert, ("-6 years",))
    for statement in (
        "update audit_entry set reason = 'x'",
        "delete from audit_entry where at > datetime('now', '-2 years')",
    ):
        with pytest.raises(database.sqlite.IntegrityError, match="audit"):  # type: ignore[attr-defined] # Imported there, under whichever name.
            raw.execute(statement)
    raw.execute("delete from audit_entry where at < datetime('now', '-5 years')")
    assert raw.execute("select count(*) from audit_entry").fetchone() == (1,)
    raw.close()


def test_a_database_left_in_another_journal_is_put_right_at_every_start(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        migrate(db.engine, tmp_path)
        for left in ("delete", "wal"):
            raw = db.engine.raw_connection()
            raw.cursor().execute(f"PRAGMA journal_mode={left}")
            raw.close()
            set_journal(db.engine)
            raw = db.engine.raw_connection()
            assert raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] == database.journal_mode()
            raw.close()
        close_all()

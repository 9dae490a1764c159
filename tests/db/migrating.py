"""A database as the program left it that still took the steps before the base, and what is asked of any database."""

import hashlib
import json
import lzma
import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from lms.db.engine import db
from lms.db.exports import FOLDER as FOLDER_OF_EXPORTS
from lms.db.migrations import FOLDER, migrate

DATA = Path(__file__).parents[1] / "data"
EARLIER = [f"{number:04}" for number in range(1, 17)]
"""The steps before the base, which this program has no longer."""
SQLITE_RULES = "select sql from sqlite_master where type in ('index', 'trigger') and sql is not null"
POSTGRES_RULES = """
    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace
    union select indexdef from pg_indexes where schemaname = 'public'
    union select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
"""
"""Every constraint, index, trigger and function as PostgreSQL itself writes it."""
GONE = {"difference_report", "paper_batch", "paper_certificate"}
"""Tables that migrations took away, after their rows were kept as files."""
NEXT_STEP = """
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("hobi", sa.String(20)))
        batch.drop_constraint(op.f("ck_person_sex"), type_="check")
        batch.create_check_constraint(op.f("ck_person_sex"), "sex in ('', 'L', 'P', '-')")
"""
"""What a later release may do to the table most others point at."""


def difference(metadata: sa.MetaData) -> list[Any]:
    """What the migrations made and the models say differently."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found


def rules() -> set[str]:
    """The constraints, indexes and triggers as the database itself writes them."""
    wanted = SQLITE_RULES if db.engine.dialect.name == "sqlite" else POSTGRES_RULES
    with db.engine.connect() as connection:
        found = connection.execute(sa.text(wanted)).scalars()
        return {bare(rule) for rule in found if "alembic" not in rule}


def bare(rule: str) -> str:
    """A rule without quotes, room, and the casts and brackets that PostgreSQL sets otherwise after a dump."""
    return " ".join(re.sub(r"::(text|character varying)|[\"()\[\]]", "", rule).split())


def schema() -> dict[str, Any]:
    """Table -> its columns in their order and its constraints; and under "" what the database has besides."""
    inspector, found = sa.inspect(db.engine), {"": rules()}
    for table in inspector.get_table_names():
        columns = [{**each, "type": str(each["type"])} for each in inspector.get_columns(table)]
        constraints: list[Any] = [inspector.get_pk_constraint(table), *inspector.get_foreign_keys(table)]
        constraints += [*inspector.get_unique_constraints(table), *inspector.get_check_constraints(table)]
        found[table] = columns, sorted(bare(repr(each)) for each in constraints)
    return found


def restore_before_base() -> None:
    """Put the database of before the base, with rows in every table, in the place of the empty one."""
    if db.engine.dialect.name == "sqlite":
        Path(str(db.engine.url.database)).write_bytes(lzma.decompress((DATA / "before_base.db.xz").read_bytes()))
        return
    connection = db.engine.raw_connection()
    connection.cursor().execute(lzma.decompress((DATA / "before_base.sql.xz").read_bytes()))
    connection.commit()
    connection.invalidate()  # The dump set its search path.


def word(value: object) -> str:
    """A value that JSON has no sign for, the same on every database."""
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else repr(value)


def digests(columns: dict[str, list[str]]) -> dict[str, Any]:
    """Table -> [its columns of that time, how many rows, their digest], as the models of today read them."""
    found = {}
    for table, names in columns.items():
        wanted = sa.select(*(db.metadata.tables[table].columns[name] for name in names))
        with db.engine.connect() as connection:
            rows = sorted(json.dumps(list(row), sort_keys=True, default=word) for row in connection.execute(wanted))
        found[table] = [names, len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()]
    return found


def assert_rows_of_before_base_hold() -> None:
    """Every table has the rows it had, value by value, and the models read each."""
    expected = json.loads((DATA / "before_base.json").read_text())
    assert all(rows for _, rows, _ in expected.values())
    expected = {table: each for table, each in expected.items() if table not in GONE}
    assert expected.keys() == {each for each in sa.inspect(db.engine).get_table_names() if each != "alembic_version"}
    assert digests({table: columns for table, (columns, _, _) in expected.items()}) == expected
    for mapper in db.Model.registry.mappers:
        assert db.session.query(mapper.class_).all()


def assert_what_went_is_kept(data: Path) -> None:
    """The rows of each table that went stand in a file for its owner only, value by value."""
    files = {file.name.partition("-2")[0]: file for file in (data / FOLDER_OF_EXPORTS).iterdir()}
    assert files.keys() == {"laporan-berbeda", "sertifikat-kertas"}
    assert stat.S_IMODE((data / FOLDER_OF_EXPORTS).stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
    kept = json.loads(files["sertifikat-kertas"].read_text())
    assert {table: len(rows) for table, rows in kept.items()} == {"paper_batch": 2, "paper_certificate": 2}
    assert kept["paper_batch"][1] == {
        "id": "2 paper_batch.id ’é",
        "by_id": 2,
        "at": "2026-11-24T04:14:00.000002+00:00",
        "known": 2,
        "refused": [{"teks": "paper_batch é 2", "angka": [2, None, True]}],
        "written_at": None,
    }
    paper = kept["paper_certificate"][0]
    assert (paper["name"], paper["day"]) == ("1 paper_certificate.name ’é", "2026-11-01")
    assert paper.keys() == set(json.loads((DATA / "before_base.json").read_text())["paper_certificate"][0])


def assert_next_step_keeps_rows(data: Path, folder: Path) -> None:
    """One more migration brings it further, with the rows that it had."""
    steps = sorted((FOLDER / "versions").glob("0*.py"))
    for step in steps:
        shutil.copy(step, folder)
    newest = steps[-1].name.partition("_")[0]
    source = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "next"\ndown_revision = "{newest}"\n'
    (folder / "next.py").write_text(f"{source}\n\ndef upgrade():{NEXT_STEP}")
    restore_before_base()
    assert migrate(db.engine, data, folder) is not None
    assert "hobi" in {each["name"] for each in sa.inspect(db.engine).get_columns("person")}
    assert_rows_of_before_base_hold()

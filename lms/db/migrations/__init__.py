"""Bringing a database to the present tables: whole or not at all, behind a copy, one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, PoolProxiedConnection, text

from lms.db.engine import journal_mode

FOLDER = Path(__file__).parent
POSTGRES_LOCK = 7_365_421
# The last state of this program that takes a database through the steps before the base.
BEFORE_BASE = "98d2a9c"
TOO_OLD = (
    "Basis data ini ada di langkah {revision}, yang tidak lagi dikenal program ini; isinya tidak diubah. "
    f"Mutakhirkan dulu dengan versi {BEFORE_BASE} (git checkout {BEFORE_BASE}), lalu kembali ke versi ini."
)
TOO_NEW = "Basis data ini dibuat oleh terbitan program yang lebih baru daripada program ini. Pasang terbitan itu."


class MigrationError(Exception):
    """The database can't be brought up to date; the text says why, in Indonesian."""


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Hold the lock of the data folder; others wait."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)  # Names and phone numbers are for nobody else's eyes.
    with (data / ".init.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_journal(engine: Engine) -> None:
    """Put a SQLite database into the journal mode that this SQLite may use, whatever another one left it in."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            held = pragma(raw, f"journal_mode={journal_mode()}")
        if held != journal_mode():
            raise MigrationError("Basis data sedang dipakai proses lain. Hentikan situsnya dulu, lalu ulangi.")


def migrate(engine: Engine, data: Path, versions: Path | None = None) -> str | None:
    """Apply what is missing in one transaction; the name of the copy made before, None when nothing was missing.

    Call it under `one_at_a_time`. A new database needs no copy and gives "".
    """
    config = _config(versions)
    present = revision_of(engine)
    if present == ScriptDirectory.from_config(config).get_current_head():
        return None
    if present and (why := refusal(present, versions)):
        raise MigrationError(why)
    sqlite = engine.dialect.name == "sqlite"
    copy = str(copy_to(engine, copy_name(data, "sebelum-pemutakhiran"))) if present and sqlite else ""
    with engine.connect() as connection:
        if sqlite:
            pragma(connection.connection, f"journal_mode={journal_mode()}")
            # Recreating a parent table would silently delete its children.
            pragma(connection.connection, "foreign_keys=OFF")
        connection = connection.execution_options(sqlite_begin="IMMEDIATE")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text(f"select pg_advisory_xact_lock({POSTGRES_LOCK})"))
                config.attributes.update(connection=connection, data=data)
                command.upgrade(config, "head")
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise MigrationError("Perubahan basis data dibatalkan: ada baris yang kehilangan induknya.")
        finally:
            if sqlite:
                pragma(connection.connection, "foreign_keys=ON")
    return copy


def _config(versions: Path | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    if versions is not None:
        config.set_main_option("version_locations", str(versions))
    return config


def revision_of(engine: Engine) -> str | None:
    """The revision a database is at; None for one without tables of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def refusal(revision: str, versions: Path | None = None) -> str:
    """Return in Indonesian why a database at this revision can't be brought up to date; "" when it can be."""
    scripts = ScriptDirectory.from_config(_config(versions))
    if revision in {script.revision for script in scripts.walk_revisions()}:
        return ""
    return TOO_OLD.format(revision=revision) if revision < (scripts.get_base() or "") else TOO_NEW


def pragma(raw: PoolProxiedConnection, words: str) -> Any:
    """Run a PRAGMA outside any transaction, and return what it says first."""
    with closing(raw.cursor()) as cursor:
        row = cursor.execute(f"PRAGMA {words}").fetchone()
    return row and row[0]


def copy_name(data: Path, why: str) -> Path:
    """A new name among the copies of the data folder."""
    folder = data / "salinan"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{why}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.db"


def copy_to(engine: Engine, name: Path) -> Path:
    """One consistent state of the database as a file of its own, mode 0600; others may go on writing."""
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        cursor.execute("VACUUM INTO ?", (str(name),))
    return name

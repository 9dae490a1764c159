"""Engine, sessions and the one way to write: SQLite done right, PostgreSQL by its address."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from flask import Flask, current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Index,
    LargeBinary,
    MetaData,
    Result,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql.selectable import TypedReturnsRows

try:
    import pysqlite3 as sqlite
except ImportError:  # No wheel for this machine: the system's library, whose version decides the journal mode.
    import sqlite3 as sqlite

Columns = TypeVarTuple("Columns")
Made = TypeVar("Made")

BUSY_SECONDS = 10
READING = "reading"
LOCK_SECONDS = 2.0
LOCK_SECONDS_CROWDED = 0.25


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite gives naive values back, so the zone is put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The one declarative base; constraint names are fixed so that migrations can name them."""

    registry = registry(
        type_annotation_map={datetime: UtcTime, bytes: LargeBinary},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


# The connection of the write that is under way.
_writing: ContextVar[Connection | None] = ContextVar("writing", default=None)


class JoiningSession(Session):
    """Inside `writing()` the session works on the write's connection, and leaves its commit to `writing()`."""

    def get_bind(self, *what: Any, **more: Any) -> Engine | Connection:
        """The write's connection, else the engine."""
        return _writing.get() or super().get_bind(*what, **more)


db = SQLAlchemy(model_class=Base, session_options={"class_": JoiningSession})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def unique_where(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows of which this holds."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """False for the SQLite versions whose WAL can be corrupted by a reset (3.7.0 to 3.51.2, two mended lines apart)."""
    return (
        version >= (3, 51, 3)
        or (version[:2] == (3, 50) and version >= (3, 50, 7))
        or (version[:2] == (3, 44) and version >= (3, 44, 6))
    )


def journal_mode() -> str:
    """WAL where this SQLite may use it, else DELETE."""
    return "wal" if wal_is_safe(sqlite.sqlite_version_info) else "delete"


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Options of create_engine for this address.

    The connection given back last is taken first: its pages and statements are still warm. An error's text, which goes
    into the log, never holds what was written: that may be a name, a phone or an answer.
    """
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, "pool_size": threads, "hide_parameters": True}
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    pool = {"pool_size": threads, "pool_use_lifo": True}
    return {"module": sqlite, "connect_args": connect, "hide_parameters": True, **pool}


def reading_options(url: str, threads: int) -> dict[str, Any]:
    """Options of the engine that only reads: each statement sees the newest state, and no statement can write.

    Its connections have no transaction, so there is nothing to take back when one is returned.
    """
    options = engine_options(url, threads) | {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
    if not url.startswith("sqlite"):
        options["connect_args"] = {"options": "-c default_transaction_read_only=on"}
    return options


def prepare_engine(engine: Engine, *, only_reads: bool = False) -> None:
    """Give a SQLite engine its pragmas, and its own BEGIN where it writes; of others the errors are cut short."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "handle_error", _without_values)
        return
    pragmas = [
        f"synchronous={'FULL' if journal_mode() == 'wal' else 'EXTRA'}",
        "foreign_keys=ON",
        f"busy_timeout={int(1000 * (LOCK_SECONDS if only_reads else BUSY_SECONDS))}",
        "trusted_schema=OFF",
        f"query_only={'ON' if only_reads else 'OFF'}",
    ]

    @event.listens_for(engine, "connect")
    def set_pragmas(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # The driver emits no BEGIN of its own.
        for pragma in pragmas:
            dbapi.execute(f"PRAGMA {pragma}")

    if only_reads:
        return

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        driver = connection.connection.driver_connection
        if "busy_seconds" in options:
            driver.execute(f"PRAGMA busy_timeout={int(options['busy_seconds'] * 1000)}")
        driver.execute(f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}")


def _without_values(context: ExceptionContext) -> None:
    """Keep the first line of an error: PostgreSQL goes on with the row or the key that it refused."""
    for error in filter(None, (context.original_exception, context.sqlalchemy_exception)):
        error.args = (str(error.args[0]).partition("\n")[0],) if error.args else ()


class Busy(Exception):
    """The write could not begin in time or the disk refused it; nothing was changed, trying again is safe."""


class WriteLock:
    """One writer at a time in this process; who waits too long is told to come back."""

    def __init__(self, threads: int) -> None:
        self._lock = threading.Lock()
        self._count = threading.Lock()
        self._waiting = 0
        self._threads = threads

    def acquire(self) -> float:
        """Raise Busy after 2 s, or 250 ms when half the threads already wait.

        Return the seconds that are left to wait for another process, whose lock is SQLite's own: a command has 10, a
        request what remains of its 2.
        """
        begun = time.monotonic()
        if not self._lock.acquire(blocking=False):
            self._wait()
        return max(0.0, LOCK_SECONDS - (time.monotonic() - begun)) if has_request_context() else BUSY_SECONDS

    def _wait(self) -> None:
        with self._count:
            crowded = self._waiting >= self._threads // 2
            self._waiting += 1
        try:
            if not self._lock.acquire(timeout=LOCK_SECONDS_CROWDED if crowded else LOCK_SECONDS):
                raise Busy
        finally:
            with self._count:
                self._waiting -= 1

    def release(self) -> None:
        """Let the next writer in."""
        self._lock.release()


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction: commits on normal exit, rolls back on every exception.

    Reads end first; what the decision rests on is read again inside. Raises Busy when the lock or the disk refuses.
    """
    if _writing.get():
        raise RuntimeError("writing() inside writing()")
    session = present_session()
    if session and (session.new or session.dirty or session.deleted):
        raise RuntimeError("changes were made outside writing()")
    end_reading()
    lock: WriteLock = current_app.extensions["write_lock"]
    options: dict[str, Any] = {"sqlite_begin": "IMMEDIATE", "busy_seconds": lock.acquire()}
    mark = _writing.set(None)
    try:
        with db.engine.connect().execution_options(**options) as connection:
            connection.begin()
            _writing.set(connection)
            try:
                yield
                if session := present_session():
                    session.commit()
                connection.commit()
            finally:
                end_reading()
    except (OperationalError, sqlite.OperationalError) as error:
        raise Busy from error
    finally:
        _writing.reset(mark)
        lock.release()


def made_once(make: Callable[[], Made]) -> Made:
    """What `make` makes in a write of its own, or finds there: where another press of the same button was faster, it
    runs again and finds what that one made."""
    try:
        with writing():
            return make()
    except IntegrityError:
        with writing():
            return make()


def writer() -> Connection:
    """The connection of the write that is under way, which sees what was added to the session before."""
    connection = _writing.get()
    if connection is None:
        raise RuntimeError("this belongs inside writing()")
    if session := present_session():
        session.flush()
    return connection


def present_session() -> Session | None:
    """The ORM session of this request, if it made one: most never do, and making one costs more than a statement."""
    return db.session() if db.session.registry.has() else None


def read(statement: TypedReturnsRows[*Columns], parameters: Mapping[str, Any] | None = None) -> Result[*Columns]:
    """Run a statement that reads columns, past the ORM session, which would cost as much again as the statement.

    Inside `writing()` it reads on the write's own connection, so that a decision rests on what the write sees;
    outside on a connection that can't write, which the request keeps until it ends.
    """
    if _writing.get():
        return writer().execute(statement, parameters)
    if "reader" not in g:
        g.reader = db.engines[READING].connect()
    reader: Connection = g.reader
    return reader.execute(statement, parameters)


def end_reading(_error: BaseException | None = None) -> None:
    """Give the request's reading connection back, and end what the session was reading."""
    if session := present_session():
        session.rollback()
    if (reader := g.pop("reader", None)) is not None:
        reader.close()


def close_all() -> None:
    """Close every connection of this app; SQLite then folds its log into the database file."""
    for engine in db.engines.values():
        engine.dispose()


def not_while_writing(what: str) -> None:
    """Called where something slow begins; raises when the write lock is held, so that no test passes with it."""
    if _writing.get():
        raise RuntimeError(f"{what} inside writing()")


def insert_for(model: type[Model]) -> Any:
    """INSERT of this database's dialect, which knows ON CONFLICT on both SQLite and PostgreSQL."""
    dialect = sqlite_dialect if db.engine.dialect.name == "sqlite" else postgresql_dialect
    return dialect.insert(model)


def insert_missing(model: type[Model], *keys: str) -> Any:
    """INSERT that leaves a row with the same keys as it is."""
    return insert_for(model).on_conflict_do_nothing(index_elements=keys)


def init_database(app: Flask, url: str, threads: int) -> None:
    """Bind the database to the app; nothing is created or changed."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, threads)
    app.config["SQLALCHEMY_BINDS"] = {READING: {"url": url, **reading_options(url, threads)}}
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        prepare_engine(db.engines[READING], only_reads=True)
    app.teardown_appcontext(end_reading)
    app.extensions["write_lock"] = WriteLock(threads)

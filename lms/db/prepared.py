"""Statements that read, made ready once for SQLite's driver.

SQLAlchemy takes five times as long to run a statement as SQLite needs to answer it, and a learner's page asks three.
What is said stays SQLAlchemy's: its text, its types and its rows. Only the way to the driver is shorter.
"""

import threading
from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.selectable import TypedReturnsRows

MOST = 500


class Prepared:
    """A statement of columns, with what makes values of the driver from its parameters and of its answers ours.

    Raises ValueError for a statement whose text depends on its parameters, as with a list of any length.
    """

    def __init__(self, statement: TypedReturnsRows[Any], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        binds = [compiled.binds[name] for name in compiled.positiontup]
        if any(bind.expanding or bind.literal_execute for bind in binds):
            raise ValueError("the text of this statement depends on its parameters")
        columns: list[Any] = list(statement.selected_columns)  # type: ignore[attr-defined] # every select and union
        self._module: Any = dialect.dbapi
        self._text = str(compiled)
        self._keys = SimpleResultMetaData([column.key for column in columns])
        self._given = [(bind, bind.type.dialect_impl(dialect).bind_processor(dialect)) for bind in binds]
        makers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._made = [(place, make) for place, make in enumerate(makers) if make]

    def run(self, driver: Any, parameters: Mapping[str, Any]) -> IteratorResult[Any]:
        """The rows. Raises KeyError for a parameter that is missing, OperationalError as SQLAlchemy does."""
        values = []
        for bind, store in self._given:
            value = bind.value if bind.unique else parameters[bind.key]
            values.append(store(value) if store else value)
        try:
            rows = driver.execute(self._text, values).fetchall()
        except self._module.OperationalError as error:
            raise OperationalError(self._text, None, error, hide_parameters=True) from error
        return IteratorResult(self._keys, map(self._ours, rows) if self._made else iter(rows))

    def _ours(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, make in self._made:
            values[place] = make(values[place])
        return tuple(values)


class _Driver:
    """A connection of SQLite's driver; it closes when the thread it belongs to has ended."""

    def __init__(self, engine: Engine) -> None:
        taken = engine.raw_connection()
        self.connection: Any = taken.driver_connection
        taken.detach()


class PreparedStatements:
    """Every statement that was run, by its identity; what is held keeps that from becoming another's.

    Each thread runs them on a connection of its own that stays open: taking one from the pool and giving it back cost a
    page as much as a statement. They have no transaction, so nothing is left on it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: dict[int, tuple[object, Prepared | None]] = {}
        self._own = threading.local()
        self._drivers = WeakSet[_Driver]()

    def driver(self) -> Any:
        """This thread's connection."""
        driver: _Driver | None = getattr(self._own, "driver", None)
        if driver is None:
            driver = self._own.driver = _Driver(self._engine)
            self._drivers.add(driver)
        return driver.connection

    def close(self) -> None:
        """Close every thread's connection; who runs a statement later opens a new one."""
        for driver in self._drivers:
            driver.connection.close()
        self._own = threading.local()

    def get(self, statement: Any) -> Prepared | None:
        """The statement made ready; None for one that must be compiled at each run."""
        held = self._held.get(id(statement))
        if held is None:
            if len(self._held) >= MOST:
                self._held.clear()
            held = self._held[id(statement)] = statement, self._prepare(statement)
        return held[1]

    def _prepare(self, statement: TypedReturnsRows[Any]) -> Prepared | None:
        try:
            return Prepared(statement, self._engine.dialect)
        except ValueError:
            return None

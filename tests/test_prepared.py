"""A statement that was made ready says, binds and answers what SQLAlchemy's own way does."""

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import Boolean, bindparam, literal, select
from sqlalchemy.exc import OperationalError

from lms.db.engine import UtcTime, db, read, writing
from lms.db.prepared import MOST, Prepared, PreparedStatements
from lms.db.tables import Person
from tests.conftest import add_person

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
OF_NAME = select(Person.id, Person.name, Person.is_admin, Person.created_at, literal(7).label("seven")).where(
    Person.name == bindparam("name"),
    Person.created_at <= bindparam("until", type_=UtcTime),
    Person.is_admin == False,  # noqa: E712 SQL
)


def statements() -> PreparedStatements:
    found = current_app.extensions["prepared"]
    assert isinstance(found, PreparedStatements)
    return found


def test_rows_are_the_same_by_value_type_and_name(app: Flask) -> None:
    add_person("Siti Aminah")
    given = {"name": "Siti Aminah", "until": NOON.replace(year=2100)}
    ready = read(OF_NAME, given).all()
    own = db.session.execute(OF_NAME, given).all()
    assert [tuple(row) for row in ready] == [tuple(row) for row in own]
    assert [[type(value) for value in row] for row in ready] == [[type(value) for value in row] for row in own]
    assert ready[0].created_at.tzinfo is UTC
    assert (ready[0].name, ready[0].seven) == ("Siti Aminah", 7)
    assert statements().get(OF_NAME) is statements().get(OF_NAME) is not None


def test_values_of_each_run_are_its_own(app: Flask) -> None:
    for name in ("Siti Aminah", "Budi"):
        add_person(name)
    until = NOON.replace(year=2100)
    found = [read(OF_NAME, {"name": name, "until": until}).first() for name in ("Siti Aminah", "Budi", "Tidak Ada")]
    assert [row and row.name for row in found] == ["Siti Aminah", "Budi", None]


def test_a_parameter_that_is_missing_is_an_error_and_not_an_empty_answer(app: Flask) -> None:
    with pytest.raises(KeyError):
        read(OF_NAME, {"name": "Siti Aminah"})


def test_a_list_of_any_length_takes_the_long_way(app: Flask) -> None:
    people = [add_person(name) for name in ("Siti Aminah", "Budi")]
    among = select(Person.name).where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)
    assert statements().get(among) is None
    assert read(among, {"ids": people}).scalars().all() == ["Siti Aminah", "Budi"]
    assert read(among, {"ids": people[1:]}).scalars().all() == ["Budi"]


def test_it_can_write_nothing_and_fails_as_sqlalchemy_does(app: Flask) -> None:
    broken = select(literal(1)).where(db.text("no_such_column = 1")).where(bindparam("x", type_=Boolean))
    with pytest.raises(OperationalError, match="no_such_column"):
        read(broken, {"x": True})


def test_inside_a_write_it_reads_what_the_write_has_written(app: Flask) -> None:
    given = {"name": "Baru", "until": NOON.replace(year=2100)}
    with writing():
        assert read(OF_NAME, given).first() is None
        db.session.add(Person(name="Baru", created_at=NOON))
        assert read(OF_NAME, given).one().name == "Baru"
    assert read(OF_NAME, given).one().name == "Baru"


def test_what_is_held_is_bounded(app: Flask) -> None:
    for number in range(2 * MOST):
        read(select(literal(number)).where(bindparam("x", type_=Boolean)), {"x": True})
    assert len(statements()._held) <= MOST


def test_text_and_types_are_the_dialects(app: Flask) -> None:
    ready = Prepared(OF_NAME, db.engine.dialect)
    assert ready._text.count("?") == len(ready._given)


def test_each_thread_has_its_connection_until_it_ends(app: Flask) -> None:
    held = statements()
    assert held.driver() is held.driver()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(held.driver).result()
        assert other is pool.submit(held.driver).result() is not held.driver()
        assert len(held._drivers) == 2
    gc.collect()
    assert [driver.connection for driver in held._drivers] == [held.driver()]


def test_who_reads_after_everything_was_closed_gets_a_new_connection(app: Flask) -> None:
    given, held = {"name": "Siti Aminah", "until": NOON.replace(year=2100)}, statements()
    old = held.driver()
    held.close()
    with pytest.raises(db.engine.dialect.dbapi.ProgrammingError):  # type: ignore[union-attr] # SQLite's module
        old.execute("select 1")
    assert read(OF_NAME, given).first() is None
    assert held.driver() is not old

"""SQLite as promised, and `writing()`: whole or not at all, one at a time, nothing slow inside."""

import subprocess
import sys
import threading
import time as stopwatch
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lms.boot.app import create_app
from lms.certificate.pdf import render
from lms.certificate.snapshot import snapshot_of
from lms.db import engine as database
from lms.db.engine import (
    Busy,
    UtcTime,
    WriteLock,
    close_all,
    db,
    end_reading,
    journal_mode,
    present_session,
    read,
    wal_is_safe,
    writer,
    writing,
)
from lms.db.tables import Certificate, Cohort, Person
from lms.people.hashing import hash_password, password_matches
from lms.web.clock import now
from tests.conftest import settings_for
from tests.scene import Scene, connect

SAFE = [(3, 44, 6), (3, 44, 99), (3, 50, 7), (3, 50, 8), (3, 51, 3), (3, 51, 4), (3, 52, 0), (3, 53, 4), (4, 0, 0)]
UNSAFE = [(3, 7, 0), (3, 40, 1), (3, 43, 99), (3, 44, 5), (3, 45, 0), (3, 49, 9), (3, 50, 6), (3, 51, 0), (3, 51, 2)]


def cohort_name() -> str | None:
    """Read past every cache."""
    end_reading()
    name: str | None = read(db.select(Cohort.name)).scalar()
    end_reading()
    return name


def pragma(name: str) -> Any:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_every_connection_has_its_pragmas(app: Flask) -> None:
    wanted = {"foreign_keys": 1, "busy_timeout": 10_000, "trusted_schema": 0, "synchronous": 2}
    if journal_mode() == "delete":
        wanted["synchronous"] = 3
    assert {name: pragma(name) for name in wanted} == wanted
    first, second = db.engine.connect(), db.engine.connect()
    for connection in (first, second):
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        connection.close()


@pytest.mark.parametrize("version", SAFE, ids=str)
def test_versions_whose_wal_is_whole(version: tuple[int, int, int]) -> None:
    assert wal_is_safe(version)


@pytest.mark.parametrize("version", UNSAFE, ids=str)
def test_versions_whose_wal_may_be_corrupted_are_not_trusted(version: tuple[int, int, int]) -> None:
    assert not wal_is_safe(version)


def test_an_unsafe_library_means_a_rollback_journal_and_the_strictest_flush(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "wal_is_safe", lambda version: False)
    with create_app(settings_for(tmp_path)).app_context():
        assert journal_mode() == "delete"
        assert pragma("synchronous") == 3
        close_all()


def test_opening_a_database_changes_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "sinau.db"
    connection = connect_plainly(path)
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    before = path.read_bytes()
    with create_app(settings_for(tmp_path)).app_context():
        assert pragma("journal_mode") == "delete"  # Only `lms init` turns it to WAL.
        close_all()
    assert path.read_bytes() == before


def connect_plainly(path: Path) -> Any:
    return database.sqlite.connect(str(path))  # type: ignore[attr-defined] # Imported there, under whichever name.


def test_init_left_the_database_in_the_mode_of_its_library(app: Flask) -> None:
    assert pragma("journal_mode") == journal_mode()


def test_moments_are_stored_as_utc_and_come_back_aware(app: Flask) -> None:
    local = datetime(2026, 11, 24, 9, 14, tzinfo=timezone(timedelta(hours=7)))
    with writing():
        db.session.add(Person(name="Uji", created_at=local))
    stored = db.session.execute(text("select created_at from person where name = 'Uji'")).scalar()
    assert str(stored).startswith("2026-11-24 02:14")
    found = db.session.query(Person).filter_by(name="Uji").one().created_at
    assert found == local
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcTime().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type] # noqa: DTZ001
    assert UtcTime().process_bind_param(None, None) is None  # type: ignore[arg-type] # The dialect plays no part.
    assert UtcTime().process_result_value(datetime(2026, 1, 1), None) == datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[arg-type] # noqa: DTZ001


def rename_cohort(name: str) -> None:
    db.session.query(Cohort).one().name = name


def test_a_write_is_kept_when_it_ends(app: Flask) -> None:
    with writing():
        rename_cohort("Baru")
    db.session.rollback()
    assert cohort_name() == "Baru"


def _half_a_write(error: type[BaseException]) -> None:
    with writing():
        rename_cohort("Setengah")
        db.session.flush()
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_write_that_fails_leaves_nothing_and_lets_the_next_one_in(app: Flask, error: type[BaseException]) -> None:
    before = cohort_name()
    with pytest.raises(error):
        _half_a_write(error)
    assert cohort_name() == before
    with writing():
        rename_cohort("Sesudah")
    assert cohort_name() == "Sesudah"


def test_a_write_past_the_session_makes_none_and_one_by_both_is_one_write(app: Flask) -> None:
    db.session.remove()
    with writing():
        writer().execute(db.update(Cohort).values(name="Tanpa sesi"))
    assert present_session() is None
    assert cohort_name() == "Tanpa sesi"
    with pytest.raises(ValueError, match="planted"):
        _write_both_ways(ValueError("planted"))
    assert present_session() is not None
    assert (cohort_name(), db.session.query(Person).count()) == ("Tanpa sesi", 0)


def _write_both_ways(error: Exception) -> None:
    with writing():
        writer().execute(db.update(Cohort).values(name="Dengan sesi"))
        db.session.add(Person(name="Uji", created_at=now()))
        assert writer().execute(db.select(Person.name)).scalars().all() == ["Uji"]
        raise error


def test_a_write_inside_a_write_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside"), writing(), writing():
        pass
    with writing():
        rename_cohort("Masih bisa")


def test_changes_made_outside_a_write_are_refused(app: Flask) -> None:
    rename_cohort("Di luar")
    with pytest.raises(RuntimeError, match="outside"), writing():
        pass
    db.session.rollback()
    with writing():
        pass


def test_a_decision_inside_a_write_sees_what_others_wrote_before_it(app: Flask) -> None:
    assert cohort_name() != "Oleh orang lain"
    read(db.select(Cohort.name)).all()
    db.session.query(Cohort).all()
    other = connect(str(db.engine.url.database))
    other.execute("update cohort set name = 'Oleh orang lain'")
    other.commit()
    other.close()
    with writing():
        assert read(db.select(Cohort.name)).scalar() == "Oleh orang lain"
        assert db.session.query(Cohort).one().name == "Oleh orang lain"


def test_reading_goes_on_while_somebody_writes(app: Flask) -> None:
    other = connect(str(db.engine.url.database))
    other.isolation_level = None
    other.execute("BEGIN IMMEDIATE")
    other.execute("update cohort set name = 'Belum'")
    start = stopwatch.monotonic()
    assert cohort_name() != "Belum"
    assert stopwatch.monotonic() - start < database.BUSY_SECONDS / 2
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def held_by_somebody_else(path: str) -> Iterator[None]:
    """A connection outside this process's lock that has begun to write."""
    other = connect(path)
    other.isolation_level = None
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_a_lock_that_another_process_holds_ends_in_busy_and_loses_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    impatient = create_app(settings_for(Path(str(db.engine.url.database)).parent))
    with impatient.app_context():
        with held_by_somebody_else(str(db.engine.url.database)), pytest.raises(Busy), writing():
            pass
        with writing():
            rename_cohort("Setelah menunggu")
        assert cohort_name() == "Setelah menunggu"
        db.session.remove()
        close_all()


def seconds_to_refusal(lock: WriteLock) -> float:
    start = stopwatch.monotonic()
    with pytest.raises(Busy):
        lock.acquire()
    return stopwatch.monotonic() - start


def test_who_waits_for_the_lock_is_told_in_time_and_sooner_in_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.8)
    monkeypatch.setattr(database, "LOCK_SECONDS_CROWDED", 0.05)
    lock = WriteLock(threads=4)
    lock.acquire()
    assert 0.75 < seconds_to_refusal(lock) < 5
    waiting = [threading.Thread(target=seconds_to_refusal, args=(lock,)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    stopwatch.sleep(0.05)
    assert seconds_to_refusal(lock) < 0.7
    for thread in waiting:
        thread.join()
    lock.release()
    lock.acquire()
    lock.release()


def test_the_times_are_those_that_were_promised() -> None:
    assert (database.BUSY_SECONDS, database.LOCK_SECONDS, database.LOCK_SECONDS_CROWDED) == (10, 2.0, 0.25)


def test_writers_queue_and_every_write_is_kept(app: Flask) -> None:
    def add(number: int) -> None:
        with app.app_context():
            for turn in range(5):
                with writing():
                    db.session.add(Person(name=f"{number}-{turn}", created_at=now()))
            db.session.remove()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.session.query(Person).count() == 30


def print_sheet() -> None:
    payload = db.session.query(Certificate).first()
    assert payload is not None
    render([snapshot_of(payload.payload)])


SLOW: dict[str, Callable[[], object]] = {
    "hash": lambda: hash_password("sandi yang panjang"),
    "check": lambda: password_matches("", "sandi"),
    "template": lambda: render_template("privasi.html"),
    "PDF": print_sheet,
    "subprocess": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
}


@pytest.mark.parametrize("what", SLOW)
def test_nothing_slow_starts_inside_a_write(scene: Scene, what: str) -> None:
    with scene.app.test_request_context():
        SLOW[what]()
        with pytest.raises(RuntimeError, match="inside writing"), writing():
            SLOW[what]()


def test_who_is_beaten_at_making_something_finds_what_the_faster_one_made(app: Flask) -> None:
    before = cohort_name()
    tries: list[str | None] = []

    def make() -> str:
        tries.append(db.session.scalars(text("select name from cohort")).first())
        if len(tries) < 3:
            db.session.execute(text("update cohort set name = 'kalah'"))
            db.session.execute(text("update cohort set course_id = 999"))
        return "ditemukan"

    with pytest.raises(IntegrityError):
        database.made_once(make)
    assert database.made_once(make) == "ditemukan"
    assert tries == [before] * 3, "what the slower one began is undone"


def test_foreign_keys_are_held(app: Flask) -> None:
    with pytest.raises(IntegrityError), writing():
        db.session.execute(text("update cohort set course_id = 999"))


def test_the_text_of_an_error_holds_nothing_of_what_was_written(app: Flask) -> None:
    for run in (database.db.session.execute, database.read):
        with pytest.raises(Exception, match="no_such_table") as raised:
            run(text("select :phone from no_such_table").bindparams(phone="081299998888"))
        assert "081299998888" not in str(raised.value)

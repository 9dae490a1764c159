"""A site on PostgreSQL, and several nodes of it at once; `make test-postgres` brings the cluster."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from pkgutil import resolve_name
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import text

from lms.boot.app import create_app
from lms.course.folder import read_folder
from lms.db.engine import close_all, db, end_reading
from lms.db.migrations import migrate
from tests.baked import Compiled
from tests.conftest import COURSE, SLUG, Client, Time, forget_editions, publish_course, settings_for

URL = os.environ.get("DATABASE_URL_TEST", "")


@pytest.fixture
def empty(tmp_path: Path, time: Time) -> Iterator[Flask]:
    """An app over an emptied PostgreSQL database."""
    app = create(tmp_path)
    with app.app_context():
        make_empty()
        yield app
        end_reading()
        db.session.remove()
        close_all()


@pytest.fixture
def app(empty: Flask, tmp_path: Path) -> Flask:
    """The site on an emptied PostgreSQL database, migrated, with the small course published."""
    migrate(db.engine, tmp_path)
    publish_course(SLUG, read_folder(COURSE))
    return empty


def make_empty() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))


def create(data: Path) -> Flask:
    forget_editions()
    app = create_app(settings_for(data, database_url=URL))
    app.testing, app.test_client_class = True, Client
    app.jinja_env.bytecode_cache = Compiled()
    return app


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[BaseException]:
    """Run each in a thread of its own, starting together; what failed."""
    ready, failed = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            with app.app_context():
                ready.wait()
                work()
        except BaseException as error:  # The caller judges it.
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def slow_down(monkeypatch: pytest.MonkeyPatch, name: str, seconds: float = 0.3) -> None:
    """Let others in just before this function begins."""
    module, _, function = name.rpartition(".")
    slow = resolve_name(name)
    monkeypatch.setattr(resolve_name(module), function, lambda *what, **more: (sleep(seconds), slow(*what, **more))[1])


def browser_of(app: Flask) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return client

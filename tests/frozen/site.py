"""The frozen database opened by the program of today, at the frozen moment. What it needs of `lms` is imported here."""

import json
import lzma
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event
from werkzeug.test import TestResponse

from lms.boot.app import create_app
from lms.boot.cli import main as lms
from lms.boot.setup import initialise
from lms.certificate.qr import short_id
from lms.db.engine import close_all, db
from lms.db.migrations import MigrationError, migrate
from lms.db.settings import ROOT, Settings
from lms.web.clock import Clock
from tests.baked import Compiled
from tests.certificate.qr_reading import read
from tests.conftest import forget_editions

FOLDER = Path(__file__).parents[1] / "data" / "frozen"
SITE: dict[str, Any] = json.loads((FOLDER / "site.json").read_text())
MOMENT = datetime.fromisoformat(SITE["moment"])
BASE = "https://sinau.test"
WHO: tuple[str, ...] = tuple(SITE["cookies"])
STATEMENT = re.compile(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def addresses() -> dict[str, str]:
    """Every address that a GET opens -> the rule it follows."""
    lines = (FOLDER / "addresses.txt").read_text().splitlines()
    return {address: rule for address, _, rule in (line.partition(" ") for line in lines)}


def unpack(name: str, into: Path) -> Path:
    """A frozen file without its .xz, as `into`."""
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(lzma.decompress((FOLDER / f"{name}.xz").read_bytes()))
    return into


def load_dump(url: str) -> None:
    """Put the frozen rows in the place of everything that this PostgreSQL database holds."""
    dump = lzma.decompress((FOLDER / "postgres.sql.xz").read_bytes()).decode()
    engine = create_engine(url)
    connection = engine.raw_connection()
    connection.cursor().execute(f"drop schema public cascade; create schema public; {dump}")
    connection.commit()
    connection.close()
    engine.dispose()


def stop_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the frozen moment, for the site's clock and for what signs cookies."""
    monkeypatch.setattr(Clock, "source", staticmethod(lambda: MOMENT))
    monkeypatch.setattr(time, "time", MOMENT.timestamp)


def settings(data: Path, database_url: str = "") -> Settings:
    """With the frozen keys."""
    keys = {name.lower(): bytes.fromhex(key) for name, key in SITE["keys"].items()}
    return Settings(data=data, url=BASE, database_url=database_url, **keys)


class Count:
    """How many statements SQLite was given; reads and writes, no BEGIN, no PRAGMA, nothing a trigger did."""

    def __init__(self, app: Flask) -> None:
        self._count = 0
        with app.app_context():
            for engine in db.engines.values():
                if engine.dialect.name == "sqlite":
                    event.listen(engine, "connect", self._listen)

    def since(self) -> int:
        """So many since this was asked last."""
        found, self._count = self._count, 0
        return found

    def _listen(self, connection: Any, _record: object) -> None:
        connection.set_trace_callback(self._hear)

    def _hear(self, statement: str) -> None:
        self._count += bool(STATEMENT.match(statement))


def bring_over(held: Settings) -> None:
    """Migrate the database; one of a step before the base stays as it is."""
    with create_app(held).app_context():
        with suppress(MigrationError):
            migrate(db.engine, held.data)
        close_all()


@contextmanager
def opened(data: Path, database_url: str = "") -> Iterator[Flask]:
    """The site over the database in `data`, a fresh copy of the frozen one when there is none, brought over."""
    if not database_url and not (data / "sinau.db").exists():
        unpack("sinau.db", data / "sinau.db")
    forget_editions()
    bring_over(settings(data, database_url))
    app = create_app(settings(data, database_url))
    app.testing = True
    app.extensions["frozen count"] = Count(app)
    app.jinja_env.bytecode_cache = Compiled()
    with app.app_context():
        yield app
        db.session.remove()
        close_all()
    forget_editions()


class Phone:
    """A browser without script that carries a frozen cookie."""

    def __init__(self, app: Flask, who: str) -> None:
        self._app, self.client = app, FlaskClient(app)
        self.client.set_cookie("sinau", SITE["cookies"][who], domain="sinau.test", secure=True, httponly=True)

    def ask(self, address: str, method: str = "GET", **more: Any) -> TestResponse:
        """Open an address."""
        headers = {"Referer": f"{BASE}/", **more.pop("headers", {})}
        with self._app.app_context():  # Else `g`, and who is signed in, would live on from request to request.
            return self.client.open(address, method=method, base_url=BASE, headers=headers, buffered=True, **more)

    def page(self, address: str) -> str:
        """The text of a page that must answer 200."""
        response = self.ask(address)
        assert response.status_code == 200, (address, response.status_code, response.location)
        return response.get_data(as_text=True)

    def send(self, address: str, **fields: Any) -> TestResponse:
        """Post a form with the frozen form token."""
        return self.ask(address, "POST", data={"csrf_token": SITE["form_token"], **fields})

    def tell(self, address: str, what: Any) -> TestResponse:
        """Post JSON as the scripts do."""
        headers = {"Accept": "application/json", "X-CSRFToken": SITE["form_token"]}
        return self.ask(address, "POST", json=what, headers=headers)


@contextmanager
def with_courses(data: Path) -> Iterator[Flask]:
    """A new site with the bundled courses."""
    data.mkdir(exist_ok=True)
    (data / "sinau.db").touch()
    with opened(data) as app:
        initialise(app, settings(data))
        yield app


def said(*arguments: object) -> str:
    """What a command that needs no database prints, at the frozen moment, and how it ends."""
    result = CliRunner().invoke(lms, list(map(str, arguments)), catch_exceptions=False)
    return f"{result.output}\n-- keluar {result.exit_code}"


def command(data: Path, *arguments: object) -> tuple[int, str]:
    """Run `lms` as an operator does, with the frozen keys; its exit code and what it prints."""
    keys = {name: b64encode(bytes.fromhex(key)).decode() for name, key in SITE["keys"].items()}
    found = subprocess.run(
        [sys.executable, "-m", "lms", *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LMS_DATA": str(data), **keys},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.returncode, found.stdout + found.stderr


def bring_up_to_date(data: Path) -> str:
    """Migrate the database in `data`; why that is refused, "" when it is done."""
    with opened(data):
        try:
            migrate(db.engine, data)
        except MigrationError as refusal:
            return str(refusal)
    return ""


def verdict(printed: str) -> str:
    """What a phone without a network is told of a printed code, by the keys that the open site holds."""
    return read(printed, {short_id(public): public for (public,) in rows("select public from signing_key")})[0]


def rows(statement: str) -> list[tuple[Any, ...]]:
    """What the database of the open site answers."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]

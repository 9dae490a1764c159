"""One app for all tests of a process, whose database is made again what it was before each of them."""

import copy
import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from flask import Flask, current_app
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from lms.db.engine import close_all, db, end_reading
from lms.web.clock import Clock

Made = TypeVar("Made")
State = tuple[str | datetime, ...]


class Compiled(BytecodeCache):
    """Templates compiled once a run: what one process compiled the others read from `folder`, where there is one."""

    folder: ClassVar[Path | None] = None
    held: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        name = f"{bucket.key}-{bucket.checksum}"
        if name not in self.held and self.folder and (kept := self.folder / name).exists():
            self.held[name] = kept.read_bytes()
        if name in self.held:
            bucket.bytecode_from_string(self.held[name])

    def dump_bytecode(self, bucket: Bucket) -> None:
        name = f"{bucket.key}-{bucket.checksum}"
        self.held[name] = bucket.bytecode_to_string()
        if self.folder:
            half = self.folder / f"{name}-{os.getpid()}"
            half.write_bytes(self.held[name])
            half.rename(self.folder / name)


_builder = Rule._compile_builder
_builders: dict[tuple[str, bool], Callable[..., tuple[str, str]]] = {}


def _built_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What makes a rule's addresses, compiled once a process: half the time of `create_app` goes into it."""
    key = f"{rule._trace} {rule.defaults}", append_unknown
    if key not in _builders:
        _builders[key] = _builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _built_once  # type: ignore[method-assign, assignment] # It is bound to its rule afterwards.


def of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of a run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder to copy from, which `make` fills once a run: the other processes wait for the first that wants it."""
    root = of_the_run(factory)
    folder, half = root / name, root / f"{name}-half"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder


class Baked:
    """An app and its database file; `begin` makes both what they were, `once` what they were after a fixture."""

    def __init__(self, app: Flask, file: Path, template: Path) -> None:
        app.jinja_env.bytecode_cache = Compiled()
        self.app, self._file, self._template = app, file, template
        self._attributes, self._config, self._extensions = dict(vars(app)), dict(app.config), dict(app.extensions)
        self._views, self._exempt = dict(app.view_functions), set(app.extensions["csrf"]._exempt_views)
        self._kept: dict[State, tuple[Path, Any]] = {}
        self._state: State = ()
        self._stamp: tuple[int, ...] = ()

    def begin(self) -> None:
        """The app as `create_app` left it, over a new copy of the template."""
        vars(self.app).clear()
        vars(self.app).update(self._attributes)
        for live, before in (
            (self.app.config, self._config),
            (self.app.extensions, self._extensions),
            (self.app.view_functions, self._views),
        ):
            live.clear()
            live.update(before)
        self.app.extensions["csrf"]._exempt_views = set(self._exempt)
        with self.app.app_context():
            self._put(self._template, ())

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives: it runs once, and what it wrote is copied into the database of each further test.

        While something else was written before it, it simply runs. It must give plain values, no browsers.
        """
        db.session.rollback()
        if current_app != self.app or self._stamp != self._stamped():
            return make()
        state = (*self._state, name, Clock.source())
        if state not in self._kept:
            made = make()
            self._kept[state] = self._copy(len(self._kept)), copy.deepcopy(made)
            self._state, self._stamp = state, self._stamped()
            return made
        file, made = self._kept[state]
        self._put(file, state)
        return copy.deepcopy(made)

    def _put(self, file: Path, state: State) -> None:
        """A new file under the old name: who still holds the one before does no harm to this one."""
        close_all()
        for end in ("", "-wal", "-shm", "-journal"):
            self._file.with_name(self._file.name + end).unlink(missing_ok=True)
        shutil.copyfile(file, self._file)
        self._state, self._stamp = state, self._stamped()

    def _copy(self, number: int) -> Path:
        """What the database holds now, in a file of its own."""
        db.session.rollback()
        end_reading()
        driver: Any = db.engine.dialect.dbapi  # type: ignore[union-attr] # A live engine has its driver.
        found = self._file.with_name(f"{number}.db")
        live, kept = driver.connect(str(self._file)), driver.connect(str(found))
        live.backup(kept)
        live.close()
        kept.close()
        return found

    def _stamped(self) -> tuple[int, ...]:
        """Changes with every commit, whether it goes into the file or into the log beside it."""
        log = self._file.with_name(f"{self._file.name}-wal")
        there = self._file.stat()
        return there.st_mtime_ns, there.st_size, log.stat().st_size if log.exists() else 0

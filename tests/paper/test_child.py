"""Whatever happens in a child process, its parent gets an answer or a reason."""

import errno
import importlib
import logging
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import get_type_hints

import pytest
from flask import Flask

from lms.boot.app import ROOMS
from lms.db.engine import writing
from lms.paper import child
from lms.paper.child import ChildBusy, ChildFailed, run
from tests import bombs as bombs_module
from tests.conftest import Client

pytestmark = pytest.mark.child

LONG = 60


@pytest.fixture
def bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a child run what stands in tests/bombs.py."""
    names = ["no_such_function", *(name for name, kind in vars(bombs_module).items() if callable(kind))]
    monkeypatch.setattr(child, "_entry_points", {name: f"tests.bombs:{name}" for name in names})


def reason_of(name: str, *, seconds: float = LONG, megabytes: int = 200, payload: bytes = b"") -> str:
    with pytest.raises(ChildFailed) as failed:
        run(name, payload, seconds=seconds, megabytes=megabytes)
    return failed.value.reason


@pytest.mark.usefixtures("bombs")
@pytest.mark.parametrize("size", [0, 1, 3 * 2**20])
def test_bytes_go_there_and_back(size: int) -> None:
    payload = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert run("echo", payload, seconds=LONG, megabytes=200) == payload


@pytest.mark.walk
@pytest.mark.usefixtures("bombs")
@pytest.mark.parametrize("name", ["memory", "many_small_pieces"])
def test_who_eats_memory_is_stopped(name: str) -> None:
    assert reason_of(name) == "memory"


@pytest.mark.usefixtures("bombs")
@pytest.mark.parametrize("name", ["loop", "sleep"])
def test_who_never_ends_is_stopped(name: str) -> None:
    assert reason_of(name, seconds=0.5) == "time"


@pytest.mark.usefixtures("bombs")
def test_the_children_of_a_child_are_stopped_too() -> None:
    assert reason_of("family", seconds=1) == "time"
    end = time.monotonic() + 10  # A process that was killed takes a moment to be gone.
    while family := [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"tests.bombs:family" in _content(path)]:
        assert time.monotonic() < end, family
        time.sleep(0.02)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # It ended meanwhile.
        return b""


@pytest.mark.usefixtures("bombs")
@pytest.mark.parametrize("name", ["fall", "no_such_function", "refuse"])
def test_a_crash_is_a_reason(name: str) -> None:
    assert reason_of(name) == "crash"


@pytest.mark.usefixtures("bombs")
def test_the_log_says_where_it_crashed_but_not_over_what(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "lms"):
        reason_of("refuse", payload=b"rahasia")
    assert "ValueError at bombs.py:" in caplog.text
    assert "rahasia" not in caplog.text


@pytest.mark.usefixtures("bombs")
@pytest.mark.parametrize("name", ["long_answer", "babble"])
def test_an_answer_without_end_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_ANSWER", 2**20)
    assert reason_of(name) == "crash"


@pytest.mark.usefixtures("bombs")
def test_a_child_inherits_no_secret_no_file_and_no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    with open(tmp_path / "terbuka", "wb"):
        found = run("surroundings", b"", seconds=LONG, megabytes=200).decode()
    assert "'tests.bombs'" in found  # The function itself is there, so the list is the real one.
    assert not [word for word in ("rahasia", "terbuka", "'flask'", "'sqlalchemy'") if word in found]


@pytest.mark.usefixtures("bombs")
def test_a_child_writes_no_file() -> None:
    assert run("write_file", b"", seconds=LONG, megabytes=200) == str(errno.EFBIG).encode()


@pytest.mark.usefixtures("bombs")
def test_who_comes_while_all_are_at_work_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(child, "_at_once", threading.BoundedSemaphore(1))
    with child._at_once, pytest.raises(ChildBusy):
        run("echo", b"", seconds=LONG, megabytes=200)
    assert run("echo", b"x", seconds=LONG, megabytes=200) == b"x"


@pytest.mark.usefixtures("bombs")
def test_a_child_that_failed_leaves_its_place_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_at_once", threading.BoundedSemaphore(1))
    reason_of("fall")
    assert run("echo", b"x", seconds=LONG, megabytes=200) == b"x"


def test_busy_children_answer_with_503_and_when_to_come_back(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> str:
        raise ChildBusy

    monkeypatch.setitem(app.view_functions, "mydata.privacy", busy)
    answer = client.get("/privasi")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


def test_only_named_work_is_done_in_a_child() -> None:
    with pytest.raises(KeyError):
        run("lms.boot.backup:main", b"", seconds=1, megabytes=100)


@pytest.mark.usefixtures("bombs")
def test_no_child_starts_inside_a_write(app: Flask) -> None:
    with pytest.raises(RuntimeError, match=r"inside writing\(\)"), writing():
        run("echo", b"", seconds=1, megabytes=200)


def unfit(entry_points: Iterable[str]) -> list[str]:
    """The functions given to children that are not there, or do not turn bytes into bytes."""
    found = []
    for place in entry_points:
        module, _, name = place.partition(":")
        function = getattr(importlib.import_module(module), name, None)
        if function is None or list(get_type_hints(function).values()) != [bytes, bytes]:
            found.append(place)
    return found


def test_every_function_for_a_child_turns_bytes_into_bytes() -> None:
    assert unfit([place for room in ROOMS for place in room.children.values()]) == []


def test_a_function_that_is_not_there_or_unfit_is_red() -> None:
    places = ["lms.web.dates:nothing", "lms.web.dates:tanggal"]
    assert unfit(places) == places

"""Work that could eat memory or time, in a child process with limits, so that no file harms who else is served.

The child starts from nothing: no variable of the environment, no open file, no module but those its function imports.
Only pure functions are run there: they know neither the database nor a setting, and start fast.
"""

import logging
import math
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from flask import Flask

from lms.db.engine import Busy, not_while_writing
from lms.db.settings import ROOT
from lms.paper.child_main import FAULT, SPENT_MEMORY
from lms.web.errors import Message, answer

NOT_MADE = Message(
    "Dokumen ini belum jadi",
    "Menyusunnya memakan terlalu banyak waktu atau memori. Tidak ada yang hilang. Kembali ke halaman tadi, tunggu "
    "beberapa menit, lalu coba lagi. Bila tetap gagal, beri tahu pengelola; kejadian ini tercatat.",
)
MOST_ANSWER = 64 * 2**20
AT_ONCE = 2
WAIT_SECONDS = 3.0
SCRIPT = Path(__file__).with_name("child_main.py")

log = logging.getLogger("lms")
_at_once = threading.BoundedSemaphore(AT_ONCE)
_entry_points: dict[str, str] = {}


class ChildFailed(Exception):
    """The child gave no answer: it ran out of memory or time, or crashed over what it was given."""

    def __init__(self, reason: Literal["memory", "time", "crash"], detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


class ChildBusy(Busy):
    """Others are being worked for and nothing was begun; trying again is safe."""


def init_children(app: Flask, entry_points: Mapping[str, str]) -> None:
    """Say what work there is: its name -> `package.module:function`, which turns bytes into bytes."""
    app.register_error_handler(ChildFailed, lambda error: answer(500, message=NOT_MADE))
    _entry_points.update(entry_points)


def run(work: str, payload: bytes, *, seconds: float, megabytes: int) -> bytes:
    """Return what the work of this name makes of the bytes, in a child process.

    `megabytes` bounds the address space, of which the interpreter alone needs some 30. Raises KeyError for work
    that is not named, ChildFailed, and ChildBusy when too many children are at work;
    a refusal that a person is to read belongs in the answer.
    """
    not_while_writing("child process")
    if not _at_once.acquire(timeout=WAIT_SECONDS):
        raise ChildBusy
    try:
        return _answer(_entry_points[work], payload, seconds, megabytes)
    except ChildFailed as failed:
        log.warning("child: %s: %s", work, failed)
        raise
    finally:
        _at_once.release()


def _answer(function: str, payload: bytes, seconds: float, megabytes: int) -> bytes:
    end = time.monotonic() + seconds
    with _start(function, payload, seconds, megabytes) as child:
        try:
            told = _read(child, end)
            code = child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise ChildFailed("time") from None
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
    if code == 0:
        return told
    if code == -signal.SIGXCPU:
        raise ChildFailed("time")
    # Nobody but the system kills a child that still has time, and it does so where memory runs out.
    if code in (SPENT_MEMORY, -signal.SIGKILL):
        raise ChildFailed("memory")
    raise ChildFailed("crash", told.decode("utf-8", "replace") if code == FAULT else f"code {code}")


def _start(function: str, payload: bytes, seconds: float, megabytes: int) -> subprocess.Popen[bytes]:
    """The child, with the payload as a file in memory: however slowly it reads, nothing waits to be written."""
    limits = (str(math.ceil(seconds)), str(megabytes))
    with open(os.memfd_create("payload"), "w+b") as source:
        source.write(payload)
        source.seek(0)
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(ROOT), function, *limits],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=ROOT,
            start_new_session=True,
        )


def _read(child: subprocess.Popen[bytes], end: float) -> bytes:
    """Everything the child says until it closes its end."""
    assert child.stdout is not None
    parts: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while True:
            left = end - time.monotonic()
            if left <= 0 or not ready.select(left):
                raise ChildFailed("time")
            part = os.read(child.stdout.fileno(), 2**16)
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
            if size > MOST_ANSWER:
                raise ChildFailed("crash", "the answer is too long")

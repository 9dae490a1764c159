"""What one of many, or another process, does to be in the way stops nobody else."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from lms.db.engine import LOCK_SECONDS
from lms.db.settings import ROOT
from tests.served.site import Phone, Served

pytestmark = pytest.mark.served

HELD_UP = 5
"""Seconds that no page takes, however busy the machine; one that waits for another's line takes longer still."""

LESSON = "/belajar/kursus/dasar/satu"
PAGES = ("/siap", LESSON, "/")
FORM = (
    b"POST /huruf HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\n"
)
HOLDER = (
    "import sys; from lms.db.engine import sqlite; c = sqlite.connect(sys.argv[1], isolation_level=None); "
    "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.readline(); c.execute('ROLLBACK')"
)


def seconds_for(served: Served, path: str) -> float:
    """How long a page takes that must answer 200."""
    begun = time.monotonic()
    assert Phone(served.port).status(path) == 200, served.output()
    return time.monotonic() - begun


@contextmanager
def write_lock_held(served: Served) -> Iterator[subprocess.Popen[str]]:
    """Another process that has begun to write, and ends when nothing more can be sent to it."""
    command = [sys.executable, "-c", HOLDER, str(served.data / "sinau.db")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        assert other.stdin is not None
        other.stdin.close()


def test_a_lock_that_another_process_holds_for_a_moment_is_waited_for(served: Served, code: str) -> None:
    phone = Phone(served.port)
    phone.join(code, "Siti Aminah")
    attempt = phone.open_quiz()
    with write_lock_held(served) as other:
        assert other.stdin is not None
        threading.Timer(1, other.stdin.close).start()
        assert phone.save(attempt, "a" * 20, 1) == ["a" * 20]
    assert served.rows("select count(*) from answer") == [(1,)]


def test_a_lock_that_another_process_keeps_stops_no_reader_and_refuses_a_save_in_time(
    served: Served, code: str
) -> None:
    phones = [Phone(served.port) for _ in range(2)]
    for number, phone in enumerate(phones):
        phone.join(code, f"Peserta {'ab'[number]}")
    attempts = [phone.open_quiz() for phone in phones]
    for path in PAGES:  # The first reader of a page waits for what is kept of it.
        seconds_for(served, path)
    took: list[float] = []

    def refused(phone: Phone, attempt: str) -> None:
        begun = time.monotonic()
        body = '{"entries": [{"id": "aaaaaaaaaaaaaaaaaaaa", "number": 2, "counter": 1, "value": ["x"]}]}'
        assert phone.request("POST", f"/kuis/{attempt}/jawaban", body, "application/json")[0] == 503
        took.append(time.monotonic() - begun)

    with write_lock_held(served):
        savers = [threading.Thread(target=refused, args=pair) for pair in zip(phones, attempts, strict=True)]
        for saver in savers:
            saver.start()
        pages = [seconds_for(served, path) for path in PAGES * 3 if time.sleep(0.1) is None]
        for saver in savers:
            saver.join()
    assert max(pages) < LOCK_SECONDS  # What waited for the lock took at least that long.
    assert len(took) == 2
    assert max(took) < 2 * LOCK_SECONDS  # They waited at the same time.
    assert phones[0].save(attempts[0], "a" * 20, 1) == ["a" * 20]


def test_sixty_trickling_phones_stop_nobody(served: Served) -> None:
    over = threading.Event()
    lines = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
    for line in lines:
        line.sendall(FORM)

    def trickle() -> None:
        while not over.wait(0.05):
            for line in lines:
                line.sendall(b"x")

    thread = threading.Thread(target=trickle)
    thread.start()
    time.sleep(0.3)
    try:
        slowest = max(seconds_for(served, LESSON) for _ in range(20))
    finally:
        over.set()
        thread.join()
        for line in lines:
            line.close()
    assert slowest < HELD_UP


def test_answers_that_nobody_reads_hold_no_page_up(served: Served) -> None:
    request = f"GET {large_file(served)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with ExitStack() as lines:
        for _ in range(5):  # One more than there are threads.
            line = lines.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", served.port))
            line.sendall(160 * request)
        time.sleep(2)
        assert max(seconds_for(served, path) for path in PAGES * 3) < HELD_UP


def large_file(served: Served) -> str:
    """The address of the largest file that pages name."""
    page = Phone(served.port).get("/masuk")
    version = page.partition("/static/")[2].partition("/")[0]
    path = f"/static/{version}/js/jsqr/jsQR.js"
    assert len(Phone(served.port).get(path)) > 200_000
    return path

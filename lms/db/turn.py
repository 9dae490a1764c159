"""Threads that take turns at computing: one computes, and whoever waits for something else steps aside.

Threads that compute at once in one interpreter gain nothing and pay for every change between them: at 32 connections
a page cost half as much again. So one thread goes from request to request. It hands over only while it waits for the
disk, for a lock, or for a library that works without the interpreter, and who comes back goes before a new request.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MOMENT = 0.002
"""Seconds in which a thread that was woken surely begins."""

log = logging.getLogger("lms")
_thread = threading.local()


class Workers:
    """Waitress's task dispatcher: its thread that reads the sockets calls `add_task`, one of these threads the rest.

    As many requests are under way at most as there are threads: one computing, the others waiting for something.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._back = threading.Condition(self._lock)
        self._tasks = deque[Any]()
        self._coming_back = 0
        self._computing = False
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, name=f"worker-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def add_task(self, task: Any) -> None:
        """Take a request in."""
        with self._lock:
            self._tasks.append(task)
            if not self._computing:
                self._idle.notify()

    def shutdown(self, timeout: float) -> None:
        """Finish what is under way, for at most `timeout` seconds; what has not begun is given up."""
        with self._lock:
            self._stopping = True
            given_up = list(self._tasks)
            self._tasks.clear()
            self._idle.notify_all()
        for task in given_up:
            task.cancel()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        _thread.workers, _thread.has_turn = self, True
        while task := self._next():
            try:
                task.service()
            except Exception:
                log.exception("a request ended in an error that no page answers")
            with self._lock:
                self._computing = False

    def _next(self) -> Any:
        """The next request, with the turn to compute it; None at the end.

        Who has answered one goes on with the next and wakes nobody: a thread woken for it would only come too late.
        """
        with self._lock:
            if self._coming_back:
                self._back.notify()
            while not self._stopping and (self._computing or self._coming_back or not self._tasks):
                self._idle.wait()
            if self._stopping:
                return None
            self._computing = True
            return self._tasks.popleft()

    def give(self) -> None:
        """Give the turn away."""
        with self._lock:
            self._computing = False
            if self._coming_back:
                self._back.notify()
            elif self._tasks:
                self._idle.notify()

    def take(self) -> None:
        """Wait for the turn."""
        with self._lock:
            self._coming_back += 1
            while self._computing:
                self._back.wait()
            self._coming_back -= 1
            self._computing = True


def step_aside() -> None:
    """Let others compute until `come_back`. A thread that is no worker, as on the command line, has no turn to give."""
    workers: Workers | None = getattr(_thread, "workers", None)
    if workers is not None and _thread.has_turn:
        _thread.has_turn = False
        workers.give()


def come_back() -> None:
    """Wait for the turn that was given away; nothing when it was not."""
    workers: Workers | None = getattr(_thread, "workers", None)
    if workers is not None and not _thread.has_turn:
        workers.take()
        _thread.has_turn = True


def let_others() -> None:
    """Between two parts of long work: whoever waited for a turn gets one, which a mere change would not give them."""
    with aside():
        time.sleep(MOMENT)


@contextmanager
def aside() -> Iterator[None]:
    """Let others compute while this thread waits."""
    step_aside()
    try:
        yield
    finally:
        come_back()

"""Waitress in this process, with an orderly end: no new connections, answers under way go out first."""

import contextlib
import ctypes
import errno
import gc
import logging
import signal
import socket
import sys
import threading
import time
from http import HTTPStatus
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ErrorTask

from lms.db.settings import Settings
from lms.db.turn import Workers
from lms.web.errors import MESSAGES
from lms.web.security import HEADERS

DRAIN_SECONDS = 20
REFUSAL = (
    '<!doctype html>\n<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"
    '<p><a href="/">Ke halaman depan</a></p></html>\n'
)
# The thread that reads the sockets shares the interpreter with the worker whose turn it is. With the default of 5 ms it
# waits long each time: a third fewer pages a second at 32 connections.
SWITCH_SECONDS = 0.0001
# Objects made since the last look, and looks before older ones are looked at too; Python's own are 700, 10 and 10.
GARBAGE_AFTER = (20_000, 20, 20)
# Numbers of glibc's mallopt(3).
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8


class PortTaken(Exception):
    """Something else already listens there."""


class CannotListen(Exception):
    """The address or port is not for us; the text is the system's reason."""


def serve(app: Flask, settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT, then drain. Raises PortTaken and CannotListen."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    give_memory_back()
    sys.setswitchinterval(SWITCH_SECONDS)
    look_for_garbage_less_often()
    server = Server(app, settings.host, settings.port, settings.threads, behind_proxy=settings.trusted_proxy > 0)
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: server.stop())
    server.answer()


def look_for_garbage_less_often() -> None:
    """What was loaded at the start stays, and a request leaves few circles: looking for them took a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_AFTER)


class Refusal(ErrorTask):  # type: ignore[misc] # Waitress has no types.
    """The answer to what no page was asked for, being too large or no request at all: in the words of our pages.

    What waitress can't do for somebody is their request's fault, so it is no 501.
    """

    def execute(self) -> None:
        """Send it, and close the connection."""
        code = {501: 400}.get(self.request.error.code, self.request.error.code)
        message = MESSAGES.get(code, MESSAGES[400])
        body = REFUSAL.format(title=message.title, text=message.text).encode()
        self.status = f"{code} {HTTPStatus(code).phrase}"
        self.response_headers += [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Parser(HTTPRequestParser):  # type: ignore[misc] # Waitress has no types.
    """A reader of requests that knows an address which is none for the request's fault, as `http://[::1/`."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers; raises ParsingError."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from error


class Channel(HTTPChannel):  # type: ignore[misc] # Waitress has no types.
    """A connection whose answer is sent by the thread that makes it."""

    error_task_class = Refusal
    parser_class = Parser

    def writable(self) -> bool:
        """Whether the thread of the sockets has something to send.

        While an answer is being made, only what its thread waits to get rid of. Otherwise the thread of the sockets
        would ask again and again whether it may send, let go of the interpreter at each asking and have it back before
        the maker woke: with 16 connections a page of 0.2 ms took 200.
        """
        waiting = self.total_outbufs_len > (self.adj.outbuf_high_watermark if self.requests else 0)
        return bool(waiting or self.will_close or self.close_when_flushed)


class Server:
    """An app that listens: `answer` works until another thread or a signal says `stop`."""

    def __init__(self, app: Flask, host: str, port: int, threads: int, *, behind_proxy: bool = False) -> None:
        """Listen; port 0 takes a free one. Raises PortTaken and CannotListen."""
        self._stopping = threading.Event()
        # Whatever waitress listens to: doors that accept, and channels with their requests.
        self._connections: dict[int, Any] = {}
        try:
            self._waitress = create_server(
                app,
                map=self._connections,
                _dispatcher=Workers(threads),
                host=host,
                port=port,
                connection_limit=1000,
                asyncore_use_poll=True,
                channel_timeout=60,
                max_request_body_size=16 * 2**20,
                ident=None,
                clear_untrusted_proxy_headers=not behind_proxy,
            )
        except OSError as error:
            raise _unavailable(error) from error
        for door in self._connections.values():
            door.channel_class = Channel

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._waitress.effective_port)

    def stop(self) -> None:
        """Take nothing new, and end when what is under way has been answered."""
        self._stopping.set()
        self._waitress.pull_trigger()

    def answer(self) -> None:
        """Answer until stopped, then let answers under way go out, for 20 s at most."""
        while not self._stopping.is_set():
            self._turn(seconds=0.5)
        for number, door in list(self._connections.items()):
            if getattr(door, "accepting", False):
                del self._connections[number]
                door.socket.close()
        end = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < end and any(map(_is_busy, list(self._connections.values()))):
            self._turn(seconds=0.1)
        self._waitress.task_dispatcher.shutdown(timeout=1)

    def close(self) -> None:
        """Close what is still open, once `answer` has ended; until then `stop` needs the trigger to wake it."""
        wasyncore.close_all(self._connections, ignore_all=True)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._connections, count=1)


def give_memory_back() -> None:
    """Let glibc return large blocks at once: a password hash holds 19 MB, a typeset page more, and only for a moment.

    Without this every thread's arena keeps what it once held. On another C library nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, 2**20)
        libc.mallopt(M_ARENA_MAX, 2)


def check_port(settings: Settings) -> None:
    """Raise PortTaken when the port can't be had, before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise _unavailable(error) from error


def _unavailable(error: OSError) -> Exception:
    return PortTaken() if error.errno == errno.EADDRINUSE else CannotListen(error.strerror or str(error))


def _is_busy(channel: Any) -> bool:
    """Whether a request is being worked on or an answer is still going out; the trigger has neither."""
    return bool(getattr(channel, "requests", None) or getattr(channel, "total_outbufs_len", 0))

"""Waitress in this process, with an orderly end: no new connections, answers under way go out first."""

import errno
import fcntl
import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from lms.db.settings import Settings
from lms.web.errors import MESSAGES
from lms.web.security import HEADERS

DRAIN_SECONDS = 20
MOST_BYTES = 16 * 2**20
# An answer that nobody reads waits in a file, never in a thread: nothing weighs this much.
NEVER = 2**40
REFUSAL = (
    '<!doctype html>\n<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"
    '<p><a href="/">Ke halaman depan</a></p></html>\n'
)


class CannotServe(Exception):
    """Something is in the way; the text says in Indonesian what it is, and what to do."""


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Hold the data folder while its SQLite file is served: what a process keeps in memory is right for one alone.

    Raises CannotServe. A PostgreSQL database takes any number of processes.
    """
    if not settings.sqlalchemy_url.startswith("sqlite"):
        yield
        return
    with (settings.data / ".serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            served = f"Situs dengan data di {settings.data} sudah dijalankan proses lain."
            raise CannotServe(f"{served} Hentikan yang itu dulu, lalu ulangi.") from error
        yield


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


class Connection(HTTPChannel):  # type: ignore[misc] # Waitress has no types.
    """A connection that refuses in words."""

    error_task_class = Refusal


def serve(app: Flask, settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT, then drain for 20 s at most. Raises CannotServe."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server, connections = listen(app, settings)
    stopping = threading.Event()

    def stop(*_: Any) -> None:
        stopping.set()
        server.pull_trigger()

    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, stop)
    answer(server, connections, stopping)


def listen(app: Flask, settings: Settings) -> tuple[Any, dict[int, Any]]:
    """Return waitress's server and whatever it listens to: doors that accept, and channels with their requests.

    Raises CannotServe.
    """
    connections: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=connections,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=1000,
            asyncore_use_poll=True,
            channel_timeout=60,
            max_request_body_size=MOST_BYTES,
            outbuf_high_watermark=NEVER,
            ident=None,
            clear_untrusted_proxy_headers=settings.trusted_proxy == 0,
        )
    except OSError as error:
        raise _unavailable(error, settings) from error
    for door in connections.values():
        door.channel_class = Connection
    return server, connections


def answer(server: Any, connections: dict[int, Any], stopping: threading.Event) -> None:
    """Answer until `stopping` is set and the server's trigger pulled, then let what is under way go out."""
    while not stopping.is_set():
        wasyncore.loop(timeout=0.5, use_poll=True, map=connections, count=1)
    _drain(connections)
    server.task_dispatcher.shutdown(timeout=1)


def _drain(connections: dict[int, Any]) -> None:
    """Close the doors, then let the answers under way go out."""
    for number, door in list(connections.items()):
        if getattr(door, "accepting", False):
            del connections[number]
            door.socket.close()
    end = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < end and any(map(_is_busy, list(connections.values()))):
        wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)


def _is_busy(channel: Any) -> bool:
    """Whether a request is being worked on or an answer is still going out; the trigger has neither."""
    return bool(getattr(channel, "requests", None) or getattr(channel, "total_outbufs_len", 0))


def check_port(settings: Settings) -> None:
    """Raise CannotServe when the port can't be had, before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise _unavailable(error, settings) from error


def _unavailable(error: OSError, settings: Settings) -> CannotServe:
    if error.errno == errno.EADDRINUSE:
        way = "Jalankan dengan porta lain, misalnya: PORT=8080 make run"
        return CannotServe(f"Porta {settings.port} sedang dipakai. {way}")
    why, where = error.strerror or str(error), f"{settings.host}:{settings.port}"
    return CannotServe(f"Tidak dapat mendengar di {where} ({why}). Periksa HOST dan PORT.")

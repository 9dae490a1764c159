"""Waitress in this process, with an orderly end: no new connections, answers under way go out first."""

import contextlib
import ctypes
import errno
import logging
import signal
import socket
import sys
import threading
import time
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from lms.settings import Settings
from lms.turn import Workers

DRAIN_SECONDS = 20
# The thread that reads the sockets shares the interpreter with the worker whose turn it is. With the default of 5 ms it
# waits long each time: a third fewer pages a second at 32 connections.
SWITCH_SECONDS = 0.0001
# Numbers of glibc's mallopt(3).
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8


class PortTaken(Exception):
    """Something else already listens there."""


class CannotListen(Exception):
    """The address or port is not for us; the text is the system's reason."""


def serve(app: Flask, settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT, then drain. Raises PortTaken."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    give_memory_back()
    sys.setswitchinterval(SWITCH_SECONDS)
    connections: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=connections,
            _dispatcher=Workers(settings.threads),
            host=settings.host,
            port=settings.port,
            connection_limit=1000,
            asyncore_use_poll=True,
            channel_timeout=60,
            max_request_body_size=16 * 2**20,
            ident=None,
            clear_untrusted_proxy_headers=settings.trusted_proxy == 0,
        )
    except OSError as error:
        raise _unavailable(error) from error
    _run(server, connections)


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


def _run(server: Any, connections: dict[int, Any]) -> None:
    """`connections` holds whatever waitress listens to: doors that accept, and channels with their requests."""
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    while not stop.is_set():
        wasyncore.loop(timeout=0.5, use_poll=True, map=connections, count=1)
    for number, door in list(connections.items()):
        if getattr(door, "accepting", False):
            del connections[number]
            door.socket.close()
    end = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < end and any(_is_busy(channel) for channel in list(connections.values())):
        wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)
    server.task_dispatcher.shutdown(timeout=1)


def _is_busy(channel: Any) -> bool:
    """Whether a request is being worked on or an answer is still going out; the trigger has neither."""
    return bool(getattr(channel, "requests", None) or getattr(channel, "total_outbufs_len", 0))

"""A connection's answer is sent by the thread that makes it; the thread of the sockets helps where that one waits."""

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask, Response

from lms.server import Channel, Server

WATERMARK = 16 * 2**20
LARGE = 3 * WATERMARK


def channel(**state: Any) -> Channel:
    """What `writable` looks at, nothing of it true."""
    told = {"requests": [], "total_outbufs_len": 0, "will_close": False, "close_when_flushed": False, **state}
    return cast(Channel, SimpleNamespace(adj=SimpleNamespace(outbuf_high_watermark=WATERMARK), **told))


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        ({}, False),
        ({"total_outbufs_len": 10}, True),
        ({"total_outbufs_len": 10, "requests": ["under way"]}, False),
        ({"total_outbufs_len": WATERMARK + 1, "requests": ["under way"]}, True),
        ({"will_close": True, "requests": ["under way"]}, True),
        ({"close_when_flushed": True}, True),
    ],
)
def test_it_asks_to_send_only_what_no_worker_sends(state: dict[str, Any], asks: bool) -> None:
    assert Channel.writable(channel(**state)) is asks


@pytest.fixture
def server() -> Iterator[Server]:
    app = Flask("besar")

    @app.get("/")
    def large() -> Response:
        return Response((bytes([number % 251]) * 2**20 for number in range(LARGE // 2**20)), mimetype="text/plain")

    found = Server(app, "127.0.0.1", 0, 2)
    thread = threading.Thread(target=found.answer, daemon=True)
    thread.start()
    yield found
    found.stop()
    thread.join(30)
    found.close()


def answer(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        time.sleep(0.5)  # Until what may wait is full and the worker waits too.
        parts = list(iter(lambda: line.recv(1 << 16), b""))
    return b"".join(parts).partition(b"\r\n\r\n")[2]


def test_an_answer_larger_than_what_may_wait_comes_whole_to_several_slow_readers(server: Server) -> None:
    wanted = b"".join(bytes([number % 251]) * 2**20 for number in range(LARGE // 2**20))
    found: list[bool] = []
    readers = [threading.Thread(target=lambda: found.append(answer(server.port) == wanted)) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert found == [True] * 3


def test_every_door_gives_such_connections(server: Server) -> None:
    doors = [door for door in server._connections.values() if getattr(door, "accepting", False)]
    assert doors
    assert {door.channel_class for door in doors} == {Channel}

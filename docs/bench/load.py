"""A load generator in one process: keep-alive connections that each send the next request when the answer is whole."""

import argparse
import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path


class Connection:
    """One connection that plays its requests in a circle."""

    def __init__(self, address: tuple[str, int], requests: list[bytes]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.place = 0
        self.answer = b""
        self.begun = 0.0

    def send(self) -> None:
        """Send the next request."""
        self.begun = time.perf_counter()
        self.answer = b""
        self.socket.sendall(self.requests[self.place % len(self.requests)])
        self.place += 1

    def receive(self) -> bytes | None:
        """The status of a whole answer, None while it is still coming."""
        self.answer += self.socket.recv(262_144)
        head, mark, body = self.answer.partition(b"\r\n\r\n")
        if not mark:
            return None
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        return head.split(b" ", 2)[1] if len(body) >= length else None


def play(address: tuple[str, int], scripts: list[list[bytes]], seconds: float) -> dict[str, float]:
    """Play one script a connection for so long; requests a second and latencies in milliseconds."""
    chooser = selectors.DefaultSelector()
    connections = [Connection(address, script) for script in scripts]
    for connection in connections:
        chooser.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    times: list[float] = []
    statuses: dict[str, int] = {}
    begun = time.perf_counter()
    while not times or time.perf_counter() - begun < seconds:
        for key, _ in chooser.select(timeout=0.5):
            status = key.data.receive()
            if status is None:
                continue
            times.append(time.perf_counter() - key.data.begun)
            statuses[status.decode()] = statuses.get(status.decode(), 0) + 1
            key.data.send()
    elapsed = time.perf_counter() - begun
    times.sort()
    return {
        "a_second": round(len(times) / elapsed, 1),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p95_ms": round(1000 * times[int(len(times) * 0.95)], 1),
        **{f"status_{status}": count for status, count in statuses.items()},
    }


def read_scripts(path: Path) -> Iterator[list[bytes]]:
    """The scripts file: one JSON line a connection, a list of raw requests."""
    for line in path.read_text().splitlines():
        yield [request.encode("latin-1") for request in json.loads(line)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("scripts", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    json.dump(play(("127.0.0.1", options.port), list(read_scripts(options.scripts)), options.seconds), sys.stdout)

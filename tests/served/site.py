"""The real server process on a folder of its own, and phones that talk to it over plain sockets."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lms.db import engine as database
from lms.db.settings import ROOT

COURSE = ROOT / "tests" / "data" / "kursus"
sqlite: Any = database.sqlite  # type: ignore[attr-defined] # The very library that the server uses.
LINE_ERRORS = (OSError, http.client.HTTPException)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """`python -m lms serve` with its data folder; started and killed as often as a test wants."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def environ(self) -> dict[str, str]:
        """The environment of every command on this folder, with nothing of the machine's own settings in it."""
        ours = ("LMS_", "PORT", "HOST", "DATABASE_URL", "SECRET_KEY", "CARD_KEY", "SIGNING_KEY")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        given = {"LMS_DATA": str(self.data), "PORT": str(self.port), "LMS_URL": "", "DATABASE_URL": ""}
        return {**kept, **given, "PYTHONUNBUFFERED": "1"}

    def lms(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same folder to its end."""
        command = [sys.executable, "-W", "error", "-m", "lms", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environ(), text=True, capture_output=True, timeout=60)

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took, without those in which others had the processor."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "lms", "serve"]
        with (self.data / "keluaran.txt").open("a") as file:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ(), text=True, stdout=file, stderr=file)
        until(lambda: Phone(self.port).status("/siap") == 200, 20)
        return time.monotonic() - begun - kept_waiting(self.process.pid)

    def stop(self, number: int) -> int:
        """Send the signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)

    def output(self) -> str:
        return (self.data / "keluaran.txt").read_text()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database file holds."""
        connection = sqlite.connect(str(self.data / "sinau.db"))
        try:
            found: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
            return found
        finally:
            connection.close()


def kept_waiting(process: int) -> float:
    """Seconds in which the process was ready to run and the machine was busy with something else."""
    told = Path(f"/proc/{process}/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0


def until(ready: Callable[[], bool], seconds: float) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not _quietly(ready):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def _quietly(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except LINE_ERRORS:
        return False


class Phone:
    """A browser without script on a socket of its own for every request; keeps its cookies."""

    def __init__(self, port: int, timeout: float = 10) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self.token = ""

    def request(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, dict[str, str], str]:
        """(status, headers, text); raises what a broken line raises."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            line.request(method, path, body, headers)
            reply = line.getresponse()
            text = reply.read().decode()
        finally:
            line.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self.token = found[1]
        return reply.status, dict(reply.headers), text

    def status(self, path: str) -> int:
        return self.request("GET", path)[0]

    def get(self, path: str) -> str:
        return self.request("GET", path)[2]

    def send(self, path: str, **fields: str) -> tuple[int, dict[str, str], str]:
        """Post a form."""
        form = urlencode({"csrf_token": self.token, **fields})
        return self.request("POST", path, form, "application/x-www-form-urlencoded")

    def join(self, code: str, name: str, phone: str = "") -> None:
        """Become a new person of a cohort."""
        page = self.get(f"/ikut/{code}")
        form_id = re.search(r'name="formulir" value="([^"]+)"', page)
        assert form_id is not None
        status, _, _ = self.send(f"/ikut/{code}", formulir=form_id[1], nama=name, desa="33.12.01.2001", hp=phone)
        assert status == 303
        self.get("/huruf")

    def open_quiz(self, lesson: str = "kursus/dasar/dua") -> str:
        """The id of a fresh attempt."""
        status, headers, _ = self.send(f"/mulai-kuis/{lesson}", ke="1")
        assert status == 303
        return headers["Location"].rpartition("/")[2]

    def save(self, attempt: str, entry_id: str, counter: int, value: str = "x") -> list[str]:
        """The ids that the server says are safe; none for any other answer."""
        entry = {"id": entry_id, "number": 2, "counter": counter, "value": [value]}
        body = json.dumps({"entries": [entry]})
        status, _, text = self.request("POST", f"/kuis/{attempt}/jawaban", body, "application/json")
        saved: list[str] = json.loads(text)["saved"] if status == 200 else []
        return saved

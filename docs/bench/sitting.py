"""One sitting: the real site with learners signed in, a bare Flask view beside it, and the load played on both."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from lms.boot.app import create_app
from lms.boot.setup import initialise
from lms.cohort import actions as cohorts
from lms.db.engine import db, writing
from lms.db.settings import Settings, load_settings
from lms.db.tables import Cohort
from lms.people import actions as accounts
from lms.web.clock import now

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SLUG = "bimtek-dasar-psm"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*words: str, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that listens, ended by SIGTERM."""
    child = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORT": str(port), **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


@contextmanager
def awake() -> Iterator[None]:
    """Keep every core busy with work that gives way to any other.

    A core of a virtual machine that falls asleep between two requests is given to others and comes back cold, which
    costs a program the more the more of it there is: it is the host that is measured then.
    """
    words = "import os\nos.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"
    children = [subprocess.Popen([sys.executable, "-c", words]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


def wait_for(port: int, seconds: float = 30) -> float:
    """Wait until somebody listens; how long it took."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(port)


class Learners:
    """A data folder with people who joined the bundled course's self-study, and their session cookies."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.settings: Settings = load_settings({"LMS_DATA": str(folder)})
        self.app: Flask = create_app(self.settings)
        initialise(self.app, self.settings)
        with self.app.app_context():
            self.devices = self._people(count)

    def _people(self, count: int) -> list[str]:
        cohort = db.session.query(Cohort).order_by(Cohort.id).first()
        assert cohort is not None
        cohort_id, course_id, found = cohort.id, cohort.course_id, []
        with writing():
            for _ in range(count):
                person = accounts.add_person("Siti Aminah", now(), region="33.12.01.2001")
                cohorts.take_part(person.id, cohort_id, course_id, now())
                found.append(accounts.add_device(person.id, "uji", now()).id)
        return found

    def cookie(self, device: str, **more: str) -> str:
        """The session cookie of a device that has opened a page with a form before."""
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        value = signer.dumps(
            {"csrf_token": device[::-1], "_user_id": device, "_fresh": True, "_permanent": True, **more}
        )
        return f"sinau={value}"


def get(path: str, cookie: str = "") -> str:
    """A raw GET as a phone sends it."""
    line = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{line}\r\n"


def post_json(path: str, cookie: str, token: str, data: object) -> str:
    """A raw POST as the outbox sends it."""
    body = json.dumps(data)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-CSRFToken: {token}\r\n"
        f"Cookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def play(port: int, scripts: list[list[str]], seconds: float) -> dict[str, float]:
    """Play the scripts from a process of their own."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(json.dumps(script) for script in scripts))
        file.flush()
        words = [sys.executable, str(HERE / "load.py"), str(port), file.name, "--seconds", str(seconds)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def in_turn(rounds: int, **sides: Callable[[], dict[str, float]]) -> dict[str, list[dict[str, float]]]:
    """Play the sides in turn, so that a change of the machine's speed meets all of them."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            found[name].append(side())
    return found


def median(rows: list[dict[str, float]], name: str) -> float:
    """The middle one of a figure over the rounds."""
    values = sorted(row[name] for row in rows)
    return values[len(values) // 2]

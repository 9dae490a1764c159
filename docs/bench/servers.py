"""The same site on several servers in one sitting: pages, saves, slow phones, a sign-in storm, a long page, the end.

`python docs/bench/servers.py` prints the whole table; names of servers after it print only their rows. What is not
installed is left out: `uv pip install granian gunicorn cheroot`, `apt-get install nginx`.
"""

import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from desk import open_cohort
from flask import Flask, Response
from report import fill
from save import Attempts
from sitting import SLUG, Learners, free_port, get, median, play, process

from lms.boot.app import create_app
from lms.boot.server import serve
from lms.db.engine import db, writing
from lms.db.settings import load_settings
from lms.db.tables import Cohort
from lms.people import actions as accounts
from lms.web.clock import now

LESSON = f"/belajar/{SLUG}/konsep-psm/apa-itu-psm"
BARE = "/kosong"
SECONDS, ROUNDS = 2, 3
PHONES, BYTES_A_SECOND = 300, 20
PATIENCE = 3.0
GUNICORN = ("-m", "gunicorn", "-k", "gthread", "--log-level", "error", "--threads")
GRANIAN = ("-m", "granian", "--interface", "wsgi", "--log-level", "error", "--factory", "--blocking-threads")
SERVERS: dict[str, tuple[str, ...]] = {
    "lms serve, 4 threads": ("waitress", "4"),
    "lms serve, 8 threads": ("waitress", "8"),
    "granian 1": (*GRANIAN, "1"),
    "granian 2": (*GRANIAN, "2"),
    "granian 4": (*GRANIAN, "4"),
    "granian 4, back-pressure 64": (*GRANIAN, "4", "--backpressure", "64"),
    "gunicorn 1x4": (*GUNICORN, "4"),
    "gunicorn 1x8": (*GUNICORN, "8"),
    "cheroot 8": ("cheroot", "8"),
}
"""Name -> words for Python, or a server that this file starts and its threads."""


def site() -> Callable[..., Any]:
    """Return the site of the environment; one address of it is a bare view that sends the bytes of a lesson page."""
    settings = load_settings(os.environ)
    real, bare = create_app(settings), Flask("bare")
    page = (settings.data / "page.gz").read_bytes()

    @bare.get(BARE)
    def answer() -> Response:
        return Response(page, mimetype="text/html", headers={"Content-Encoding": "gzip"})

    return lambda environ, start: (bare if environ["PATH_INFO"] == BARE else real)(environ, start)


def run(kind: str) -> None:
    """Run a server that has no command of its own."""
    settings = load_settings(os.environ)
    if kind == "waitress":
        serve(site(), settings)  # type: ignore[arg-type] # Any WSGI application will do.
    else:
        from cheroot.wsgi import Server

        server = Server((settings.host, settings.port), site(), numthreads=settings.threads)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.stop).start())
        server.safe_start()


@contextmanager
def served(name: str, data: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start the server over a data folder; give its port."""
    words, port = SERVERS[name], free_port()
    environment = {"LMS_DATA": str(data), "HOST": "127.0.0.1", "PYTHONPATH": f"{Path(__file__).parent}:{os.getcwd()}"}
    if words[0] != "-m":
        environment |= {"LMS_THREADS": words[1], "SERVER": words[0]}
        words = (__file__,)
    elif words[1] == "granian":
        words = (*words, "--port", str(port), "servers:site")
    else:
        words = (*words, "--bind", f"127.0.0.1:{port}", "servers:site()")
    with process(*words, port=port, **environment) as child:
        until_page(port)
        yield port, child


def until_page(port: int) -> None:
    """Wait for the first page."""
    while page_seconds(port) is None:
        time.sleep(0.02)


def page_seconds(port: int) -> float | None:
    """Return the seconds of a lesson page on a connection of its own; None when it does not come."""
    begun, line = time.perf_counter(), http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", LESSON)
        return time.perf_counter() - begun if line.getresponse().read() and begun else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


@contextmanager
def slow_phones(port: int) -> Iterator[None]:
    """Keep 300 phones that trickle, half of them their headers and half a form."""
    over, lines = threading.Event(), list[socket.socket]()
    kind = b"Content-Type: application/x-www-form-urlencoded"  # Else nobody would read what it is.
    form = b"POST /huruf HTTP/1.1\r\nHost: x\r\n" + kind + b"\r\nContent-Length: 9000\r\n\r\n"
    for number in range(PHONES):
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(form if number % 2 else b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        lines.append(line)

    def trickle() -> None:
        while not over.wait(0.5):
            for line in lines:
                with suppress(OSError):
                    line.sendall(b"x" * (BYTES_A_SECOND // 2))

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        time.sleep(3)
        yield
    finally:
        over.set()
        thread.join()
        for line in lines:
            line.close()


def beside_phones(port: int) -> str:
    """Return the slowest of 20 pages beside slow phones, and how many did not come."""
    with slow_phones(port):
        times = [page_seconds(port) for _ in range(20 if page_seconds(port) else 2)]
    came = [seconds for seconds in times if seconds is not None]
    return (
        f"{1000 * max(came):.0f} ms" if len(came) == len(times) else f"{len(times) - len(came)} of {len(times)} blocked"
    )


@contextmanager
def behind_nginx(port: int, folder: Path) -> Iterator[int]:
    """Put nginx before a port as docs/contoh does; give its own port."""
    front = free_port()
    paths = " ".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 2000; }}\n"
        f"http {{ access_log off; {paths} server {{ listen 127.0.0.1:{front}; client_max_body_size 16m;\n"
        f"location / {{ proxy_pass http://127.0.0.1:{port};\n"
        "proxy_http_version 1.1; proxy_set_header Connection ''; } } }"
    )
    child = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    try:
        until_page(front)
        yield front
    finally:
        child.terminate()
        child.wait()


def sign_in(port: int, name: str) -> int:
    """Try a staff password, which costs a hash; return the status, 0 for none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", "/masuk")
        page = line.getresponse()
        token = page.read().decode().partition('name="csrf_token" value="')[2].partition('"')[0]
        cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        form = urlencode({"csrf_token": token, "nama": name, "sandi": "salah sekali ini"})
        line.request("POST", "/masuk", form, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def in_a_storm(port: int, lesson: str) -> str:
    """Return p95 of a page while ten people sign in without end."""
    over = threading.Event()

    def again(number: int) -> None:
        while not over.is_set():
            sign_in(port, f"uji{number}")

    with ThreadPoolExecutor(10) as pool:
        for number in range(10):
            pool.submit(again, number)
        time.sleep(0.5)
        found = play(port, [[lesson]], 3)
        over.set()
    return f"{found['p95_ms']:.0f} ms"


def beside_long_page(port: int, lesson: str, long: str) -> str:
    """Return p95 of a page while the trainer of 300 opens the analysis of a test without end."""
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(play, port, [[long]], 4)
        time.sleep(0.5)
        found = play(port, [[lesson]], 3)
        assert set(work.result()) >= {"status_200"}
    return f"{found['p95_ms']:.0f} ms"


def at_the_end(port: int, child: subprocess.Popen[bytes]) -> str:
    """Return how many of eight that sign in are answered when SIGTERM comes meanwhile."""
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(sign_in, port, f"akhir{number}") for number in range(8)]
        time.sleep(0.15)
        child.send_signal(signal.SIGTERM)
        return f"{sum(one.result() in (422, 429) for one in tries)} of 8"


def memory(pid: int) -> float:
    """Resident megabytes of a process and what it started."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(memory(int(child)) for child in children)


class Sitting:
    """A data folder with learners and a trainer of 300, and what is sent to every server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        learners = Learners(self.data, 32)
        self.attempts = Attempts(learners)
        cookies = [learners.cookie(device) for device in learners.devices]
        self.lessons = [get(LESSON, cookie) for cookie in cookies]
        with learners.app.app_context():
            trainer, cohort_id = open_cohort(learners, "Bimtek besar")
            fill(cohort_id)
            code = db.session.get_one(Cohort, cohort_id).code
            with writing():
                device = accounts.add_device(trainer, "uji", now()).id
            db.session.remove()
        self.long = get(f"/pelatih/{code}/tes?bagian=akhir", learners.cookie(device))
        client = learners.app.test_client(use_cookies=False)
        headers = {"Cookie": cookies[0], "Accept-Encoding": "gzip"}
        (self.data / "page.gz").write_bytes(client.get(LESSON, headers=headers, base_url="http://127.0.0.1").data)

    def scripts(self) -> dict[str, Callable[[], list[list[str]]]]:
        """Name of a measure -> what its connections send."""
        bare = get(BARE)
        return {
            "bare 32": lambda: [[bare]] * 32,
            "lesson 1": lambda: [[lesson] for lesson in self.lessons[:1]],
            "lesson 32": lambda: [[lesson] for lesson in self.lessons],
            "save 1": lambda: [self.attempts.script(0)],
            "save 32": lambda: [self.attempts.script(place) for place in range(32)],
        }

    def rows(self, names: list[str]) -> Iterator[tuple[str, list[str]]]:
        """Every server's figures; what is played is played on all of them in turn."""
        with ExitStack() as stack:
            running, begun = {}, dict[str, float]()
            for name in names:
                data = self.folder / name
                shutil.copytree(self.data, data)
                before = time.perf_counter()
                running[name] = stack.enter_context(served(name, data))
                begun[name] = time.perf_counter() - before
            played: dict[tuple[str, str], list[dict[str, float]]] = {}
            for _ in range(ROUNDS):
                for measure, scripts in self.scripts().items():
                    for name, (port, _) in running.items():
                        played.setdefault((name, measure), []).append(play(port, scripts(), SECONDS))
            for name, (port, child) in running.items():
                figures = [f"{begun[name]:.1f} s"]
                for measure in self.scripts():
                    rows = played[name, measure]
                    late = f" ({median(rows, 'p95_ms'):.0f} ms)" if measure.endswith(" 32") else ""
                    bad = sum(count for row in rows for key, count in row.items() if key[-3:] in ("500", "503"))
                    figures.append(f"{median(rows, 'a_second'):.0f}{late}{f', {bad:.0f} refused' if bad else ''}")
                figures += [f"{memory(child.pid):.0f} MB", beside_phones(port)]
                figures.append(self._behind_nginx(name, port))
                figures += [in_a_storm(port, self.lessons[0]), beside_long_page(port, self.lessons[0], self.long)]
                yield name, [*figures, at_the_end(port, child)]

    def _behind_nginx(self, name: str, port: int) -> str:
        if shutil.which("nginx") is None:
            return "–"
        folder = self.folder / f"nginx {name}".replace(" ", "-").replace(",", "")
        folder.mkdir()
        with behind_nginx(port, folder) as front:
            return beside_phones(front)


def main() -> None:
    """Print the table."""
    installed = [name for name, words in SERVERS.items() if _is_there(words)]
    names = [name for name in installed if not sys.argv[1:] or name in sys.argv[1:]]
    print(f"{os.cpu_count()} cores; {ROUNDS} rounds of {SECONDS} s, medians; a second, p95 in brackets")
    heads = ["first page", "bare 32", "lesson 1", "lesson 32", "save 1", "save 32", "memory", "300 slow phones"]
    heads += ["behind nginx", "sign-in storm", "long page", "SIGTERM"]
    print(f"| server | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}")
    with tempfile.TemporaryDirectory() as folder:
        for name, figures in Sitting(Path(folder)).rows(names):
            print(f"| {name} | {' | '.join(figures)} |", flush=True)


def _is_there(words: tuple[str, ...]) -> bool:
    return importlib.util.find_spec(words[1] if words[0] == "-m" else words[0]) is not None


if __name__ == "__main__":
    if kind := os.environ.get("SERVER"):
        run(kind)
    else:
        main()

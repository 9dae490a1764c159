"""The process itself: how it starts and ends, and that an acknowledged answer survives whatever happens to it."""

import random
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.db.settings import ROOT
from tests.effort import often
from tests.served.site import LINE_ERRORS, Phone, Served, free_port, sqlite, until

pytestmark = pytest.mark.served

KEYS = ("card_key.key", "secret_key.key", "signing_key.key")
ROUNDS = often(5, 20)
FOUR_AT_ONCE = """
import os, sys
from lms.boot.cli import main

def init(folder):
    os.environ["LMS_DATA"] = folder
    try:
        main(["init"], standalone_mode=False)
        os._exit(0)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)

for folder in sys.argv[1:]:
    children = [os.fork() or init(folder) for _ in range(4)]
    codes = [os.waitpid(child, 0)[1] for child in children]
    assert codes == [0, 0, 0, 0], (folder, codes)
"""


def test_without_python_one_line_says_what_to_install() -> None:
    words = ["make", "-s", "-B", "run", "PYTHON=tidak-ada", "VENV=tidak-dibuat"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert done.stdout == "Python tidak ditemukan. Debian/Ubuntu: sudo apt-get install -y python3 python3-venv\n"
    assert not (ROOT / "tidak-dibuat").exists()


def test_it_says_its_address_and_the_way_to_the_first_admin(empty: Served) -> None:
    empty.data.mkdir()
    empty.start()
    until(lambda: "pengelola" in empty.output(), 5)
    assert f"Sinau PSM siap di http://127.0.0.1:{empty.port}\n" in empty.output()
    link = re.search(rf"http://127\.0\.0\.1:{empty.port}/awal#(\S+)", empty.output())
    assert link is not None
    phone = Phone(empty.port)
    phone.get("/awal")
    assert "Buat akun pengelola" in phone.send("/awal", kode=link[1])[2]


def test_a_second_start_keeps_everything_and_is_ready_in_three_seconds(served: Served, code: str) -> None:
    phone = Phone(served.port)
    phone.join(code, "Siti Aminah")
    attempt = phone.open_quiz()
    assert phone.save(attempt, "a" * 20, 1) == ["a" * 20]
    keys = [(served.data / name).read_bytes() for name in KEYS]
    editions = served.rows("select id, fingerprint from edition")
    seconds = []
    for _ in range(3):  # Other work on the machine may slow one start down.
        assert served.stop(signal.SIGTERM) == 0
        seconds.append(served.start())
    assert min(seconds) < 3
    assert "Siti Aminah" in phone.get("/saya")
    assert [(served.data / name).read_bytes() for name in KEYS] == keys
    assert served.rows("select id, fingerprint from edition") == editions
    assert served.rows("select client_id from answer") == [("a" * 20,)]


def test_a_port_that_is_taken_gets_one_clear_line(empty: Served) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", empty.port))
        holder.listen()
        done = empty.lms("serve")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Porta {empty.port} sedang dipakai. Jalankan dengan porta lain, misalnya: PORT=8080 make run\n"
    )
    assert not (empty.data / "sinau.db").exists()


def test_a_second_server_of_the_same_data_gets_one_clear_line_and_the_first_goes_on(served: Served) -> None:
    again = Served(served.data)
    done = again.lms("serve")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Situs dengan data di {served.data} sudah dijalankan proses lain. Hentikan yang itu dulu, lalu ulangi.\n"
    )
    assert served.lms("editions").returncode == 0
    assert Phone(served.port).status("/siap") == 200
    served.stop(signal.SIGKILL)
    again.start()
    again.close()


def test_bad_settings_are_said_all_at_once_and_nothing_is_made(empty: Served) -> None:
    environ = {**empty.environ(), "PORT": "x", "LMS_THREADS": "0", "LMS_PRODUCTION": "1"}
    command = [sys.executable, "-m", "lms", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environ, text=True, capture_output=True, timeout=30)
    assert done.returncode == 1
    assert {line.partition(":")[0] for line in done.stderr.splitlines()} >= {"PORT", "LMS_THREADS", "LMS_URL"}
    assert "Traceback" not in done.stderr
    assert not empty.data.exists()


def test_a_request_under_way_is_answered_before_the_end(served: Served) -> None:
    phones = [Phone(served.port) for _ in range(8)]
    for phone in phones:
        phone.get("/masuk")

    def sign_in(number: int) -> int:  # Two hashes at a time: the last of eight waits for the others.
        return phones[number].send("/masuk", nama=f"petugas{number}", sandi="sandi yang salah")[0]

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(sign_in, number) for number in range(8)]
        time.sleep(0.08)
        assert served.stop(signal.SIGTERM) == 0
        assert [answer.result() for answer in answers] == [422] * 8
    with pytest.raises(OSError):  # noqa: PT011 # Whatever the platform says about a closed door.
        Phone(served.port).get("/")


class Learner(threading.Thread):
    """Saves one answer after another, each until the server says it is safe."""

    def __init__(self, port: int, attempt: str, phone: Phone, stop: Callable[[int], bool]) -> None:
        super().__init__()
        self.phone, self.attempt, self.stop = phone, attempt, stop
        self.phone.port, self.phone.timeout = port, 3
        self.safe: list[str] = []
        self.repeats = 0

    def run(self) -> None:
        while not self.stop(len(self.safe)):
            entry_id = f"{self.attempt[:12]}-{len(self.safe):06}"
            while not self._save(entry_id):
                self.repeats += 1
                time.sleep(0.02)
            self.safe.append(entry_id)

    def _save(self, entry_id: str) -> bool:
        try:
            return entry_id in self.phone.save(self.attempt, entry_id, len(self.safe) + 1)
        except LINE_ERRORS:
            return False


def learners(served: Served, code: str, count: int, port: int, stop: Callable[[int], bool]) -> list[Learner]:
    """People with an attempt each, who save through `port`."""
    found = []
    for number in range(count):
        phone = Phone(served.port)
        phone.join(code, f"Peserta {'abcdefgh'[number]}")
        found.append(Learner(port, phone.open_quiz(), phone, stop))
    return found


def test_killing_the_process_in_the_middle_of_saves_loses_no_acknowledged_answer(served: Served, code: str) -> None:
    over = threading.Event()
    people = learners(served, code, 4, served.port, lambda _: over.is_set())
    for person in people:
        person.start()
    for _ in range(3):
        time.sleep(0.7)
        served.stop(signal.SIGKILL)
        acknowledged = {entry for person in people for entry in list(person.safe)}
        assert acknowledged <= {row[0] for row in served.rows("select client_id from answer")}
        served.start()
    time.sleep(0.3)
    over.set()
    for person in people:
        person.join()
    safe = [entry for person in people for entry in person.safe]
    assert len(safe) > 20
    assert sum(person.repeats for person in people) > 0
    assert sorted(row[0] for row in served.rows("select client_id from answer")) == sorted(safe)
    assert served.rows("pragma integrity_check") == [("ok",)]


class DroppingProxy(threading.Thread):
    """Passes whole requests on and loses a quarter of the replies, after the server has committed."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.target, self.port = port, free_port()
        self.door = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.chance = random.Random(7)
        self.dropped = 0

    def run(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(line,), daemon=True).start()

    def _pass_on(self, line: socket.socket) -> None:
        with line, socket.create_connection(("127.0.0.1", self.target)) as server:
            head, _, body = line.recv(65_536).partition(b"\r\n\r\n")
            length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
            while len(body) < length:
                body += line.recv(65_536)
            server.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
            reply = b"".join(iter(lambda: server.recv(65_536), b""))
            if self.chance.random() < 0.25:
                self.dropped += 1
            else:
                line.sendall(reply)


def test_a_line_that_loses_a_quarter_of_the_replies_counts_every_answer_once(served: Served, code: str) -> None:
    proxy = DroppingProxy(served.port)
    proxy.start()
    people = learners(served, code, 4, proxy.port, lambda count: count >= 40)
    for person in people:
        person.start()
    for person in people:
        person.join()
    proxy.door.close()
    assert proxy.dropped > 10
    rows = served.rows("select client_id from answer order by id")
    assert sorted(row[0] for row in rows) == sorted(entry for person in people for entry in person.safe)
    assert len(rows) == 160


def test_the_log_holds_no_token_answer_or_phone_number(served: Served, code: str) -> None:
    phone = Phone(served.port)
    phone.join(code, "Siti Aminah", "081234567890")
    attempt = phone.open_quiz()
    phone.save(attempt, "a" * 20, 1, "jawaban rahasia saya")
    phone.get("/tidak-ada?ke=jawaban")
    letters = re.sub(r"<[^>]+>|\s", "", re.findall(r'class="letters".*?</p>', phone.get("/saya/kartu"), re.S)[0])
    for secret in (
        "81234567890",
        "jawaban rahasia",
        attempt,
        phone.cookies["sinau"],
        phone.token,
        letters[-20:],
        "Siti",
    ):
        assert secret not in served.output()


def test_the_audit_log_of_the_served_site_can_not_be_rewritten(served: Served) -> None:
    connection = sqlite.connect(str(served.data / "sinau.db"))
    connection.execute(
        "insert into audit_entry (at, action, object, fields, reason) values (datetime('now'), 'a', 'b', '[]', '')"
    )
    connection.commit()
    for statement in ("update audit_entry set reason = 'x'", "delete from audit_entry"):
        with pytest.raises(sqlite.IntegrityError, match="audit"):
            connection.execute(statement)
    connection.close()


def looked_after(folder: Path) -> None:
    """One edition, one self-study cohort, keys for their owner only, nothing left lying about."""
    connection = sqlite.connect(str(folder / "sinau.db"))
    for statement, wanted in (
        ("select count(*) from course", len([path for path in (ROOT / "courses").iterdir() if path.is_dir()])),
        ("select count(*) - (select count(*) from course) from edition", 0),
        ("select count(*) - (select count(*) from course) from publication", 0),
        ("select count(*) - (select count(*) from course) from cohort where kind = 'mandiri'", 0),
    ):
        assert connection.execute(statement).fetchone()[0] == wanted, statement
    connection.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {path.name for path in folder.iterdir()}
    assert files - {"sinau.db-wal", "sinau.db-shm"} == {*KEYS, "sinau.db", ".init.lock"}
    secrets = [(folder / name).read_bytes() for name in KEYS]
    assert len(set(secrets)) == 3
    for name in KEYS:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_starts_of_four_processes_on_an_empty_folder_end_as_one(tmp_path: Path, empty: Served) -> None:
    folders = [tmp_path / f"data{number}" for number in range(ROUNDS)]
    command = [sys.executable, "-c", FOUR_AT_ONCE, *map(str, folders)]
    done = subprocess.run(command, cwd=ROOT, env=empty.environ(), text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for folder in folders:
        looked_after(folder)


def test_four_commands_at_once_on_an_empty_folder_end_as_one(empty: Served) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: empty.lms("init"), range(4)))
    assert [run.returncode for run in done] == [0, 0, 0, 0], [run.stderr for run in done]
    assert sum("terbitan 1" in run.stdout for run in done) == 1
    looked_after(empty.data)

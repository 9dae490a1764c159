"""A list of ten thousand people, from the file to the last card: seconds, memory, and what others wait meanwhile."""

import http.client
import io
import resource
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from openpyxl import Workbook
from process import memory
from sitting import SLUG, Learners, free_port, process

from lms.db.engine import db, writing
from lms.db.tables import Cohort, Device, Membership
from lms.people.regions import villages

PEOPLE = 10_000
LESSON = f"/belajar/{SLUG}/konsep-psm/apa-itu-psm"
BORDER = "batas"
SYLLABLES = ["SU", "WA", "MI", "TRI", "NGA", "DI", "KAR", "SRI", "TU", "PON", "RA", "YU", "LAS", "BU", "HAR"]


def office_list() -> bytes:
    """An .xlsx with a letterhead, ten thousand people of all villages, and a column of NIK."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in (["DINAS SOSIAL"], ["DAFTAR PSM"], [], ["No", "Nama", "L/P", "Desa", "Kecamatan", "HP", "NIK"]):
        sheet.append(row)
    found = list(villages().values())
    for number in range(PEOPLE):
        place, name = found[number % len(found)], number * 7919 + 11
        parts = [SYLLABLES[name // 15**power % 15] for power in range(5)]
        words = f"{''.join(parts[:3])} {''.join(parts[3:])}{SYLLABLES[number // 294 % 15]}NINGSIH"
        sheet.append(
            [number + 1, words, "LP"[number % 2], place.name.upper(), place.district, 81200000000 + number, 33 * 10**14]
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class Trainer:
    """A browser that sends forms to one server."""

    def __init__(self, port: int, cookie: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port)
        self._cookie = cookie

    def ask(self, path: str, body: bytes = b"", kind: str = "application/x-www-form-urlencoded") -> tuple[str, str]:
        """(page, address it leads on to)."""
        headers = {"Cookie": self._cookie, "Content-Type": kind} if body else {"Cookie": self._cookie}
        self._line.request("POST" if body else "GET", path, body or None, headers)
        response = self._line.getresponse()
        text = response.read().decode()
        assert response.status in (200, 303), (path, response.status)
        return text, response.headers.get("Location", "")

    def send(self, path: str, page: str) -> str:
        """Where a form of this page leads when it is sent to the path."""
        return self.ask(path, urlencode({"csrf_token": token_in(page)}).encode())[1]


def token_in(page: str) -> str:
    """The form token of a page."""
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def upload(token: str, data: bytes) -> bytes:
    """The body of the form with a file."""
    field = f'--{BORDER}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    file = f'--{BORDER}\r\nContent-Disposition: form-data; name="berkas"; filename="daftar.xlsx"\r\n\r\n'
    return (field + file).encode() + data + f"\r\n--{BORDER}--\r\n".encode()


def others(port: int, done: threading.Event, waits: list[float]) -> None:
    """Somebody reads a lesson four times a second."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    while not done.wait(0.25):
        begun = time.perf_counter()
        line.request("GET", LESSON)
        line.getresponse().read()
        waits.append(1000 * (time.perf_counter() - begun))


def trained(learners: Learners) -> tuple[str, str]:
    """(code of a cohort, cookie of its trainer)."""
    with learners.app.app_context():
        device = db.session.get_one(Device, learners.devices[0])
        cohort = db.session.query(Cohort).order_by(Cohort.id).first()
        assert cohort is not None
        code, part = cohort.code, {"person_id": device.person_id, "cohort_id": cohort.id, "role": "pelatih"}
        with writing():
            db.session.add(Membership(joined_at=device.created_at, **part))
    return code, learners.cookie(learners.devices[0])


def importing() -> None:
    """Bring, look and write, as a browser does."""
    data = office_list()
    with tempfile.TemporaryDirectory() as name:
        code, cookie = trained(learners := Learners(Path(name) / "data", 1))
        port = free_port()
        with process("-m", "lms", "serve", port=port, LMS_DATA=str(learners.folder)) as server:
            trainer, done, waits = Trainer(port, cookie), threading.Event(), list[float]()
            form, _ = trainer.ask(f"/pelatih/{code}/impor")
            reader = threading.Thread(target=others, args=(port, done, waits))
            reader.start()
            begun = time.perf_counter()
            kind = f"multipart/form-data; boundary={BORDER}"
            _, place = trainer.ask(f"/pelatih/{code}/impor", upload(token_in(form), data), kind)
            read = time.perf_counter()
            page, _ = trainer.ask(place)
            looked = time.perf_counter()
            job = trainer.send(f"{place}/masukkan", page)
            while trainer.ask(job)[1] != place:
                trainer.send(job, page)
            end = time.perf_counter()
            done.set()
            reader.join()
            print(
                f"a list of {PEOPLE} people ({len(data) / 1000:.0f} KB): read {read - begun:.1f} s, "
                f"looked at {looked - read:.2f} s, written {end - looked:.1f} s, in all {end - begun:.1f} s; "
                f"server {memory(server.pid):.0f} MB"
            )
            print(f"a lesson meanwhile: median {statistics.median(waits):.0f} ms, worst {max(waits):.0f} ms")
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"the largest process of all: {children:.0f} MB")


if __name__ == "__main__":
    importing()

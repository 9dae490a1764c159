"""The process as a whole: its environment on disk, its start, a PDF, and its memory after work."""

import re
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from sitting import ROOT, SLUG, Learners, free_port, get, play, process

from lms.certificate.actions import SheetDraft, issue
from lms.certificate.pdf import render
from lms.certificate.snapshot import Snapshot, Subject
from lms.db.engine import writing
from lms.people.signatory import IssuingOffice, Signatory
from lms.web.clock import now

LESSON = f"/belajar/{SLUG}/konsep-psm/apa-itu-psm"
SAMPLE = Snapshot(
    token="x" * 22,
    short_code="ABCDEFGHJKMN",
    sample=False,
    number="400.9/001/PSM-MANDIRI/2026",
    revision=0,
    name="Siti Aminah, S.Pd.",
    name_note="Nama menurut isian peserta.",
    identity="Pekerja Sosial Masyarakat Desa Sumberagung, Kecamatan Pracimantoro",
    role="PESERTA",
    activity="Bimbingan Teknis Dasar PSM",
    organiser="Dinas Sosial Kabupaten Wonogiri",
    starts_on=date(2026, 11, 1),
    ends_on=date(2026, 11, 24),
    place="",
    mode="daring mandiri",
    subjects=(Subject("Konsep dasar PSM", "", 1, 0),),
    predicate="",
    issued_on=date(2026, 11, 24),
    issued_place="Wonogiri",
    office=IssuingOffice("PEMERINTAH KABUPATEN WONOGIRI", "DINAS SOSIAL", "", "Wonogiri"),
    signer=Signatory("Kepala Dinas Sosial", "", "NAMA LENGKAP", "", ""),
    legal_basis="",
    check_url="https://sinau.example.go.id/cek/" + "x" * 22,
)


def environment() -> None:
    """Size of what requirements.lock installs, in an environment of its own."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "site"
        words = [
            ".venv/bin/uv",
            "pip",
            "install",
            "-q",
            "--target",
            str(target),
            "--compile-bytecode",
            "-r",
            "requirements.lock",
        ]
        subprocess.run(words, cwd=ROOT, check=True)
        size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
        print(f"environment without the test tools: {size / 2**20:.0f} MB (and uv, 63 MB, which only sets up)")


def memory(pid: int) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def pdf() -> None:
    """One certificate, the first and the middle of twenty."""
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        render([SAMPLE])
        times.append(1000 * (time.perf_counter() - begun))
    print(f"a PDF: first {times[0]:.0f} ms, middle of 20 {sorted(times)[10]:.0f} ms")


def sample_of_the_first(learners: Learners) -> str:
    """The id of a sample certificate of the first learner."""
    draft = SheetDraft(1, 1, None, replace(SAMPLE, sample=True, number=""))
    with learners.app.app_context(), writing():
        return issue(draft, learners.settings.signing_key, now())


def serving() -> None:
    """Start to the first page, and memory after a bench, a picture by the typesetter and ten sign-ins."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        learners = Learners(folder, 32)
        cookies = [learners.cookie(device) for device in learners.devices]
        certificate = sample_of_the_first(learners)
        port, begun = free_port(), time.perf_counter()
        with process("-m", "lms", "serve", port=port, LMS_DATA=str(folder)) as server:
            play(port, [[get(LESSON)]], 0.01)
            print(f"start to first page: {time.perf_counter() - begun:.1f} s; memory {memory(server.pid):.0f} MB")
            play(port, [[get(LESSON, cookie)] for cookie in cookies], 5)
            print(f"memory after 5 s of lessons at 32 connections: {memory(server.pid):.0f} MB")
            play(port, [[get("/saya/kartu.png", cookies[0])]], 0.05)
            sign_ins(port)
            play(port, [[get(f"/sertifikat/{certificate}/pdf", cookies[0])]], 0.05)
            print(f"memory after a card, a PDF and ten sign-ins at once: {memory(server.pid):.0f} MB")


def sign_ins(port: int) -> None:
    """Ten tries of a staff password at once: each costs a hash, whether it is right or not."""
    from concurrent.futures import ThreadPoolExecutor
    from http.cookiejar import CookieJar
    from urllib.error import HTTPError
    from urllib.parse import urlencode
    from urllib.request import HTTPCookieProcessor, build_opener

    def one(number: int) -> int:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        page = opener.open(f"http://127.0.0.1:{port}/masuk").read().decode()
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        data = urlencode({"csrf_token": token, "nama": f"uji{number}", "sandi": "salah sekali ini"}).encode()
        try:
            return int(opener.open(f"http://127.0.0.1:{port}/masuk", data).status)
        except HTTPError as error:
            return error.code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(one, range(10)))
    assert statuses == [422] * 10, statuses


if __name__ == "__main__":
    environment()
    pdf()
    serving()

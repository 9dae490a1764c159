"""300 certificates of a bimtek: dry run, issued in a batch, one file for printing, a file each.

The office is as full as one may be: a coloured emblem, an address, two signers, a predicate and a table of scores.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typst
from desk import cpu_ms, open_cohort
from flask.testing import FlaskClient
from report import PEOPLE, SITE, fill, gather
from sitting import Learners
from sqlalchemy import insert, select

from lms.bimtek.predicate import OFFERED
from lms.certificate.office import set_office
from lms.certificate.signers import add_signer, read_signer_form
from lms.db.engine import db, writer, writing
from lms.db.tables import Certificate, Cohort, Exemption, Membership
from lms.people import actions as accounts
from lms.people.staff import set_identity
from lms.web.clock import now, today

OFFICE = """
[kantor]
pemerintah = "PEMERINTAH KABUPATEN CONTOH"
nama = "DINAS SOSIAL"
alamat = "Jalan Contoh Nomor 1, Kecamatan Contoh, Kabupaten Contoh 57600, telepon (0000) 000000"
tempat = "Contoh"
penyelenggara = "Dinas Sosial Kabupaten Contoh"
[penanda_tangan]
nama = "Dra. Nama Rekaan, S.Sos., M.Si."
jabatan = "Kepala Dinas Sosial Kabupaten Contoh"
pangkat = "Pembina Utama Muda"
nip = "19700101 199503 2 001"
[nomor.bimtek]
pola = "{klasifikasi}/{urut:03}/{kode}/{tahun}"
klasifikasi = "400.9"
kode = "PSM-BIMTEK"
"""
SECOND = {
    "sisi": "belakang",
    "nama": "Rekaan Kedua, S.ST., M.Si.",
    "jabatan": "Ketua Panitia",
    "pangkat": "Penata Tingkat I",
    "nip": "19850101 201001 1 001",
}
BASIS = (
    "Keputusan Kepala Dinas Sosial Kabupaten Contoh Nomor 000/00/2026 tentang Penyelenggaraan Bimbingan Teknis Dasar"
)
EMBLEM = Path(__file__).parents[1] / "contoh" / "lambang.svg"


@contextmanager
def bimtek(title: str, *also: Callable[[int], None]) -> Iterator[tuple[Learners, FlaskClient, dict[str, str], str]]:
    """A full bimtek that may be issued: the site, its trainer's browser with the headers, the page of certificates.

    `also`: what else is done to the cohort of this id before.
    """
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        site.app.config |= {"IS_HTTPS": True, "PUBLIC_URL": "https://sinau.example", "WTF_CSRF_ENABLED": False}
        with site.app.app_context():
            trainer, cohort_id = open_cohort(site, title)
            for change in (fill, *also):
                change(cohort_id)
            code = prepare(cohort_id, trainer)
            with writing():
                device = accounts.add_device(trainer, "uji", now()).id
            db.session.remove()
        client = site.app.test_client(use_cookies=False)
        yield site, client, {"Cookie": site.cookie(device)}, f"/pelatih/{code}/sertifikat"


def main() -> None:
    """Print the figures."""
    with bimtek("Bimtek besar") as (site, client, headers, page):
        print(f"dry run of {PEOPLE}: {cpu_ms(client, page, headers):.0f} ms of the processor")
        print(f"issued in a batch: {gather(client, page, headers):.1f} s")
        with site.app.app_context():
            assert db.session.query(Certificate).count() == PEOPLE
        for path in (f"{page}/cetak.pdf", f"{page}/berkas.zip"):
            begun, slices = time.perf_counter(), []
            with watched() as most:
                work = client.post(path, headers=headers, base_url=SITE).location
                while client.get(work, headers=headers, base_url=SITE).status_code == 200:
                    slice_began = time.perf_counter()
                    client.post(work, headers=headers, base_url=SITE)
                    slices.append(time.perf_counter() - slice_began)
                answer = client.post(path, headers=headers, base_url=SITE)
            assert answer.status_code == 200, path
            print(
                f"{path.rpartition('/')[2]:10} {len(answer.data) // 1024:6} KB {time.perf_counter() - begun:6.1f} s "
                f"in {len(slices)} requests, the longest {max(slices):.1f} s; "
                f"memory: serving process {most[0]} MB, child {most[1]} MB, most of both at once {most[2]} MB"
            )


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most resident memory in MB, while it goes on, of this process, of its children, and of all at one moment.

    What they share, which is mostly programs on the disk, is counted for each. Of a child it is the most that it ever
    had: its height is between two looks.
    """
    most, over = [0, 0, 0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            own, children = resident("self", "VmRSS"), sum(resident(each, "VmHWM") for each in children_of())
            most[:] = map(max, most, (own, children, own + children))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield most
    finally:
        over.set()
        watching.join()


def children_of() -> list[str]:
    """The processes that this one's threads started and that still are."""
    found = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    # One that is not yet the program it will be has this one's memory and words.
    return [pid for pid in found if told_of(pid, "cmdline") != told_of("self", "cmdline")]


def resident(pid: str, which: str) -> int:
    """MB of memory, 0 of a process that is over."""
    lines = told_of(pid, "status").splitlines()
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(which)), 0)


def told_of(pid: str, what: str) -> str:
    """What the system says of a process, "" where it is over."""
    try:
        return Path(f"/proc/{pid}/{what}").read_text(encoding="utf-8")
    except OSError:
        return ""


def prepare(cohort_id: int, trainer: int) -> str:
    """Everybody may have one, and there is an office that prints all there is to print; the cohort's code."""
    parts = select(Membership.id).where(Membership.cohort_id == cohort_id, Membership.role == "peserta")
    picture = emblem()
    with writing():
        set_office(OFFICE.encode(), now())
        set_identity({}, trainer, now(), emblem=picture)
        add_signer(read_signer_form(SECOND)[0], trainer, now())
        cohort = db.session.get_one(Cohort, cohort_id)
        cohort.starts_on = cohort.ends_on = today()
        cohort.predicates, cohort.prints_scores, cohort.basis = [list(band) for band in OFFERED], True, BASIS
        rows = [
            {"membership_id": part, "reason": "uji", "by_id": trainer, "at": now()} for part in writer().scalars(parts)
        ]
        writer().execute(insert(Exemption), rows)
        return cohort.code


def emblem() -> bytes:
    """An emblem that is nobody's, as a PNG as large as one is kept."""
    drawn = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg), height: 200pt)"
    )
    told = {"svg": EMBLEM.read_text(encoding="utf-8")}
    picture = typst.Compiler(input=drawn.encode(), sys_inputs=told).compile(format="png", ppi=216)
    assert isinstance(picture, bytes)
    return picture


if __name__ == "__main__":
    main()

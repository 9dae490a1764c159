"""300 certificates of a bimtek: dry run, issued in a batch, one file for printing, a file each."""

import resource
import tempfile
import time
from pathlib import Path

from desk import cpu_ms, open_cohort
from report import PEOPLE, SITE, fill, gather
from sitting import Learners
from sqlalchemy import insert, select

from lms.accounts import actions as accounts
from lms.certificates.office import set_office
from lms.database import db, writer, writing
from lms.models import Certificate, Cohort, Exemption, Membership
from lms.web.clock import now, today

OFFICE = """
[kantor]
pemerintah = "PEMERINTAH KABUPATEN CONTOH"
nama = "DINAS SOSIAL"
tempat = "Contoh"
penyelenggara = "Dinas Sosial Kabupaten Contoh"
[penanda_tangan]
nama = "Nama Rekaan, S.Sos."
jabatan = "Kepala Dinas Sosial"
[nomor.bimtek]
pola = "{urut:03}/PSM/{tahun}"
"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        site.app.config |= {"IS_HTTPS": True, "PUBLIC_URL": "https://sinau.example", "WTF_CSRF_ENABLED": False}
        with site.app.app_context():
            trainer, cohort_id = open_cohort(site, "Bimtek besar")
            fill(cohort_id)
            code = prepare(cohort_id, trainer)
            with writing():
                device = accounts.add_device(trainer, "uji", now()).id
            db.session.remove()
        client, headers = site.app.test_client(use_cookies=False), {"Cookie": site.cookie(device)}
        page = f"/pelatih/{code}/sertifikat"
        print(f"dry run of {PEOPLE}: {cpu_ms(client, page, headers):.0f} ms of the processor")
        print(f"issued in a batch: {gather(client, page, headers):.1f} s")
        with site.app.app_context():
            assert db.session.query(Certificate).count() == PEOPLE
        for path in (f"{page}/cetak.pdf", f"{page}/berkas.zip"):
            begun = time.perf_counter()
            answer = client.post(path, headers=headers, base_url=SITE)
            assert answer.status_code == 200, path
            print(f"{path.rpartition('/')[2]:10} {len(answer.data) // 1024:6} KB {time.perf_counter() - begun:6.1f} s")
        own, child = (
            resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"memory: serving process {own} MB, the typesetter's {child} MB")


def prepare(cohort_id: int, trainer: int) -> str:
    """Everybody may have one, and there is an office; the cohort's code."""
    parts = select(Membership.id).where(Membership.cohort_id == cohort_id, Membership.role == "peserta")
    with writing():
        set_office(OFFICE.encode(), now())
        cohort = db.session.get_one(Cohort, cohort_id)
        cohort.starts_on = cohort.ends_on = today()
        rows = [
            {"membership_id": part, "reason": "uji", "by_id": trainer, "at": now()} for part in writer().scalars(parts)
        ]
        writer().execute(insert(Exemption), rows)
        return cohort.code


if __name__ == "__main__":
    main()

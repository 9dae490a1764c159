"""Draws docs/sertifikat-300-*.webp: every page of one print file of 300 certificates, small, to be looked at.

A bimtek of 300 people who do not exist is issued in a batch as its trainer would do it; front and back stand side by
side in the order of the file. Usage: python docs/lembar_300.py [where the PDF itself is to be kept]
"""

import random
import sys
import tempfile
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
from PIL import Image
from sqlalchemy import select

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS / "bench"), str(DOCS.parent)]

from certificates import prepare  # noqa: E402 # The bench's own folder.
from desk import open_cohort  # noqa: E402
from report import PEOPLE, SITE, fill, gather  # noqa: E402
from sitting import Learners  # noqa: E402

from lms.accounts.actions import add_device  # noqa: E402
from lms.database import db, writing  # noqa: E402
from lms.demo_people import FIRST, LAST  # noqa: E402
from lms.models import Meeting, Membership, Person  # noqa: E402
from lms.web.clock import now  # noqa: E402

WIDTH, IN_A_ROW, GAP, QUALITY = 200, 6, 4, 50
PARTS = 3
TITLES = (("", ""), ("", ""), ("Hj.", ""), ("", "S.Pd."), ("Dra. Hj.", "M.Si."), ("", "S.Sos., M.M."))
LONGEST = "Raden Ajeng Siti Nur Hidayatul Mustaqimah Kusumaningtyas Prawirodirdjo Notosuwarno"
SUBJECTS = (
    *("Konsep dan kedudukan PSM", "Kerelawanan dan kesetiakawanan sosial", "Mengenali PPKS dan PSKS di desa"),
    *("Bantuan sosial dan pemutakhiran data", "Asesmen: bertanya, mengamati, mencatat", "IPSM dan kerja bersama"),
    *("Praktik asesmen dalam kelompok", "Rencana tindak lanjut"),
)
ODD = ("Suratmi", "Ng", "Tukiran", LONGEST, "Nur’aini Ayu-Dé Ḥasanah", "TUMINI WAHYUNINGRUM", "Wiyono Al-Maliki")


def name_all(cohort_id: int) -> None:
    """Names as they are here: of one word, with titles, in capitals, and one that is longer than any."""
    rng = random.Random(300)
    people = select(Person).join(Membership, Membership.person_id == Person.id)
    people = people.where(Membership.cohort_id == cohort_id, Membership.role == "peserta").order_by(Person.id)
    with writing():
        for place, person in enumerate(db.session.scalars(people)):
            person.name = f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}"
            person.title_before, person.title_after = rng.choice(TITLES)
            if place % 40 < len(ODD):
                person.name = ODD[place % 40]
        for meeting, title in zip(db.session.scalars(select(Meeting).order_by(Meeting.id)), SUBJECTS, strict=True):
            meeting.subject = title


def printed() -> bytes:
    """The print file."""
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        site.app.config |= {"IS_HTTPS": True, "PUBLIC_URL": "https://sinau.example", "WTF_CSRF_ENABLED": False}
        with site.app.app_context():
            trainer, cohort_id = open_cohort(site, "Bimbingan Teknis Dasar Pekerja Sosial Masyarakat")
            fill(cohort_id)
            code = prepare(cohort_id, trainer)
            name_all(cohort_id)
            with writing():
                device = add_device(trainer, "lembar", now()).id
            db.session.remove()
        client, headers = site.app.test_client(use_cookies=False), {"Cookie": site.cookie(device)}
        gather(client, f"/pelatih/{code}/sertifikat", headers)
        answer = client.post(f"/pelatih/{code}/sertifikat/cetak.pdf", headers=headers, base_url=SITE)
        assert answer.status_code == 200
        return answer.data


def sheets(data: bytes) -> list[Image.Image]:
    """Front and back of each certificate as one small picture."""
    file = pypdfium2.PdfDocument(data)
    assert len(file) == 2 * PEOPLE
    height = round(WIDTH * file[0].get_height() / file[0].get_width())
    found = []
    for start in range(0, len(file), 2):
        pair = Image.new("RGB", (2 * WIDTH + 1, height), "#999")
        for side in (0, 1):
            page = file[start + side].render(scale=2.5 * WIDTH / file[0].get_width()).to_pil().convert("RGB")
            pair.paste(page.resize((WIDTH, height), Image.Resampling.LANCZOS), (side * (WIDTH + 1), 0))
        found.append(pair)
    return found


def main() -> None:
    """Write the pictures, and the file itself where one is named."""
    data = printed()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_bytes(data)
    pairs = sheets(data)
    each = len(pairs) // PARTS
    wide, high = pairs[0].width + GAP, pairs[0].height + GAP
    for part in range(PARTS):
        shown = pairs[part * each : (part + 1) * each]
        whole = Image.new("RGB", (wide * IN_A_ROW + GAP, high * -(-each // IN_A_ROW) + GAP), "#999")
        for place, pair in enumerate(shown):
            whole.paste(pair, (GAP + wide * (place % IN_A_ROW), GAP + high * (place // IN_A_ROW)))
        whole.save(DOCS / f"sertifikat-300-{part + 1}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()

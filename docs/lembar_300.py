"""Draws docs/sertifikat-*.webp: every page of one print file of 300 certificates, small, to be looked at; one to read.

A bimtek of 300 people who do not exist, with who speaks and who helps, is issued in a batch as its trainer would do it,
by an office that prints all there is to print. In docs/sertifikat-300-*.webp front and back stand side by side in the
order of the file. Usage: python docs/lembar_300.py [where the PDF itself is to be kept]
"""

import random
import sys
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
from PIL import Image
from sqlalchemy import insert, select

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS / "bench"), str(DOCS.parent)]

from certificates import bimtek
from report import PEOPLE, SITE, gather

from lms.boot.demo_people import FIRST, LAST
from lms.cohort.actions import take_part
from lms.course.load import edition_view
from lms.db.engine import db, writer, writing
from lms.db.tables import Cohort, Course, Enrolment, Meeting, Membership, Person, Reading
from lms.people.names import with_titles
from lms.web.clock import now

WIDTH, IN_A_ROW, GAP, QUALITY = 200, 6, 4, 38
PARTS = 3
READ_WIDTH, READ_QUALITY, TO_READ = 1400, 70, 148
TITLES = (("", ""), ("", ""), ("Hj.", ""), ("", "S.Pd."), ("Dra. Hj.", "M.Si."), ("", "S.Sos., M.M."))
LONGEST = "Raden Ajeng Siti Nur Hidayatul Mustaqimah Kusumaningtyas Prawirodirdjo Notosuwarno"
AFTER_THE_COURSE = ("Praktik asesmen dalam kelompok", "Rencana tindak lanjut")
SPEAKERS = (
    ("Dr.", "Suharno Prasetyo", "M.Si.", "Kepala Bidang Pemberdayaan Sosial"),
    ("", "Endang Sulistyowati", "S.Sos., M.M.", "Penyuluh Sosial Ahli Madya"),
    ("Drs.", "Bambang Wicaksono", "", "Ketua IPSM Kabupaten Contoh"),
    ("", "Rr. Anindya Kusumastuti Hadiningrum", "S.ST., M.P.S.Sp.", "Pekerja Sosial Ahli Muda, Sentra Terpadu Contoh"),
    ("Hj.", "Nurjanah", "S.Ag.", "Pendamping Sosial Program Keluarga Harapan"),
    ("", "Teguh Santosa", "A.Md.", ""),
)
HELPERS = (
    ("", "Ratih Puspitasari", "S.Sos.", "Ketua panitia"),
    ("", "Bayu Nugroho", "", "Sekretaris panitia"),
    ("", "Kartika Dewi", "S.Kom.", ""),
    ("", "Slamet", "", "Seksi perlengkapan dan dokumentasi"),
)
"""Titles before a name, name, titles after it, and what its bearer is."""
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


def fill_lists(cohort_id: int) -> None:
    """Who speaks and who helps; on what, and for how long; and a materi or two that not everybody read to its end."""
    rng = random.Random(300)
    with writing():
        cohort = db.session.get_one(Cohort, cohort_id)
        slug = db.session.get_one(Course, cohort.course_id).slug
        edition = edition_view(cohort.edition_id or 0, slug)
        modules = edition.course.modules
        subjects = [(each.title, each.title, each.hall_jp) for each in modules]
        subjects += [("", title, 2) for title in AFTER_THE_COURSE]
        meetings = db.session.scalars(select(Meeting).where(Meeting.cohort_id == cohort_id).order_by(Meeting.id))
        for place, (meeting, said) in enumerate(zip(meetings, subjects, strict=True)):
            meeting.module, meeting.subject, meeting.jp = said
            before, name, after, _ = SPEAKERS[place % len(SPEAKERS)]
            meeting.speaker = with_titles(before, name, after)
        members = select(Enrolment.id).join(Membership, Membership.person_id == Enrolment.person_id)
        members = members.where(Membership.cohort_id == cohort_id, Enrolment.course_id == cohort.course_id)
        read = [
            {"enrolment_id": each, "lesson": lesson, "edition_id": edition.id, "at": now()}
            for each in writer().scalars(members)
            for module in rng.sample(modules, len(modules) - rng.choice((0, 0, 0, 1, 2)))
            for lesson in module.lessons
        ]
        writer().execute(insert(Reading), read)
        for role, crew in (("narasumber", SPEAKERS), ("panitia", HELPERS)):
            for before, name, after, position in crew:
                person = Person(name=name, title_before=before, title_after=after, position=position)
                person.created_at = person.card_since = now()
                db.session.add(person)
                db.session.flush()
                take_part(person.id, cohort_id, cohort.course_id, now(), role)


def printed() -> bytes:
    """The print file."""
    title = "Bimbingan Teknis Dasar Pekerja Sosial Masyarakat"
    with bimtek(title, name_all, fill_lists) as (_, client, headers, page):
        gather(client, page, headers)
        answer = client.post(f"{page}/cetak.pdf", headers=headers, base_url=SITE)
        assert answer.status_code == 200
        return answer.get_data()


def sheets(data: bytes) -> list[Image.Image]:
    """Front and back of each certificate as one small picture."""
    file = pypdfium2.PdfDocument(data)
    assert len(file) == 2 * (PEOPLE + len(SPEAKERS) + len(HELPERS))
    height = round(WIDTH * file[0].get_height() / file[0].get_width())
    found = []
    for start in range(0, len(file), 2):
        pair = Image.new("RGB", (2 * WIDTH + 1, height), "#999")
        for side in (0, 1):
            page = file[start + side].render(scale=2.5 * WIDTH / file[0].get_width()).to_pil().convert("RGB")
            pair.paste(page.resize((WIDTH, height), Image.Resampling.LANCZOS), (side * (WIDTH + 1), 0))
        found.append(pair)
    return found


def readable(data: bytes) -> None:
    """Front and back of one sheet, large enough to be read."""
    file = pypdfium2.PdfDocument(data)
    for side, name in enumerate(("depan", "belakang")):
        page = file[2 * TO_READ + side]
        picture = page.render(scale=2 * READ_WIDTH / page.get_width()).to_pil().convert("RGB")
        picture = picture.resize((READ_WIDTH, picture.height // 2), Image.Resampling.LANCZOS)
        picture.save(DOCS / f"sertifikat-{name}.webp", quality=READ_QUALITY, method=6)


def main() -> None:
    """Write the pictures, and the file itself where one is named."""
    data = printed()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_bytes(data)
    readable(data)
    pairs = sheets(data)
    each = -(-len(pairs) // PARTS)
    wide, high = pairs[0].width + GAP, pairs[0].height + GAP
    for part in range(PARTS):
        shown = pairs[part * each : (part + 1) * each]
        whole = Image.new("RGB", (wide * IN_A_ROW + GAP, high * -(-len(shown) // IN_A_ROW) + GAP), "#999")
        for place, pair in enumerate(shown):
            whole.paste(pair, (GAP + wide * (place % IN_A_ROW), GAP + high * (place // IN_A_ROW)))
        whole.save(DOCS / f"sertifikat-300-{part + 1}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()

"""The annexes of the report of a bimtek: who took part, who came, how the tests went, certificates, questions."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from lms.paper.document import Block, annex, listed, remark, section, table, words
from lms.report.texts import ERASED, Figures, ReportedBimtek, ReportedPerson
from lms.web.rounding import persen

Said = Sequence[tuple[str, Sequence[str]]]
"""Open questions of the survey with their answers."""

MARKS = {"hadir": "H", "terlambat": "T", "izin": "I", "tidak": "–"}
REMARKS = {
    "Rekap daftar hadir": "H hadir, T terlambat, I izin, – tidak hadir; kosong: belum dicatat.",
    "Jangkauan desa": "Kecamatan asal peserta. Terlatih: sertifikatnya terbit, atau semua syaratnya terpenuhi, di "
    "angkatan mana pun dari kursus ini.",
}
"""Title of an annex -> how it is to be read."""


def annexes(event: ReportedBimtek, figures: Figures, people: Mapping[int, ReportedPerson], said: Said) -> list[Block]:
    """All of them, each on a page of its own."""

    def named(member: int) -> ReportedPerson:
        return people.get(member, ERASED)

    found = {
        "Daftar peserta": _list_of_people(figures, named),
        "Rekap daftar hadir": _roll(event, figures, named),
        "Nilai tes": _scores(figures, named),
        "Register sertifikat": _register(figures, named),
        "Butir soal": _items(figures),
        "Jangkauan desa": _coverage(figures["jangkauan"]),
    }
    blocks: list[Block] = []
    for number, (title, block) in enumerate(found.items(), start=1):
        blocks += [annex(f"Lampiran {number}. {title}"), block or words("Tidak ada.")]
        if title in REMARKS:
            blocks.append(remark(REMARKS[title]))
    if said:
        blocks.append(annex("Lampiran 7. Tulisan peserta dalam survei"))
    for question, answers in said:
        blocks += [section(question), listed(answers)]
    return blocks


Named = Callable[[int], ReportedPerson]


def _list_of_people(figures: Figures, named: Named) -> Block | None:
    heading = {"No.": 7, "Nama": 34, "L/P": 6, "Desa/Kelurahan": 20, "Kecamatan": 18, "Jabatan": 18}
    rows = [
        [str(number), who.name, who.sex, who.village, who.district, who.position]
        for number, who in enumerate(map(named, figures["peserta"]), start=1)
    ]
    return table(heading, rows, right=[0]) if rows else None


def _roll(event: ReportedBimtek, figures: Figures, named: Named) -> Block | None:
    came = figures["hadir"]
    if not event.held or not came["dicatat"]:
        return None
    columns = {str(number): 6 for number in range(1, len(event.held) + 1)}
    rows = []
    for number, member in enumerate(figures["peserta"], start=1):
        who, share = named(member), came["persen"].get(str(member))
        marks = [MARKS.get(state, "") for state in came["orang"].get(str(member), [""] * len(columns))]
        rows.append([str(number), who.name, who.village, *marks, "" if share is None else persen(Fraction(share))])
    return table(
        {"No.": 7, "Nama": 34, "Desa/Kelurahan": 22, **columns, "Kehadiran": 14}, rows, right=[0, len(columns) + 3]
    )


def _scores(figures: Figures, named: Named) -> Block | None:
    rows = [
        [str(number), named(member).name, named(member).village, *told]
        for number, (member, *told) in enumerate(figures["tes"]["orang"], start=1)
    ]
    heading = {"No.": 7, "Nama": 34, "Desa/Kelurahan": 22, "Awal": 11, "Akhir": 11, "Gain": 11, "Kategori": 16}
    return table(heading, rows, right=[0, 3, 4, 5]) if rows else None


def _register(figures: Figures, named: Named) -> Block | None:
    """With the name on each sheet, for as long as its owner has one."""
    printed, rows = figures["nama_lembar"], []
    for number, (member, *told) in enumerate(figures["sertifikat"], start=1):
        who = named(member)
        name = who.name if who is ERASED else printed.get(told[0], who.name)
        rows.append([str(number), told[0], name, who.village, *told[1:]])
    heading = {"No.": 7, "Nomor": 30, "Nama": 28, "Desa/Kelurahan": 18, "Terbit": 16, "Keadaan": 12}
    return table(heading, rows, right=[0]) if rows else None


def _items(figures: Figures) -> Block | None:
    rows = [[str(number), *row] for number, row in enumerate(figures["tes"]["soal"], start=1)]
    heading = {"No.": 7, "Materi": 22, "Soal": 51, "Tes awal: benar": 12, "Tes akhir: benar": 12}
    return table(heading, rows, right=[0, 3, 4]) if rows else None


def _coverage(reached: Figures) -> Block | None:
    rows = [
        [name, f"{len(found['sudah'])} dari {sum(map(len, found.values()))}", *_named(found, "sedang", "belum")]
        for name, found in reached.items()
    ]
    heading = {"Kecamatan": 18, "Sudah ada PSM terlatih": 16, "Sedang belajar": 28, "Belum ada": 38}
    return table(heading, rows) if rows else None


def _named(found: Figures, *states: str) -> list[str]:
    return [f"{len(found[state])}: {', '.join(found[state])}" if found[state] else "–" for state in states]

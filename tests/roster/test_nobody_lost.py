"""Of lists made up by chance nobody is lost without a word: every line is a person, or named as what else it is."""

import random
from collections.abc import Iterator

import pytest

from lms.people.regions import villages
from lms.roster import header
from lms.roster.header import read_tables
from lms.roster.people import Listed, judged, read_row
from lms.roster.tables import ListTable
from tests.effort import often

FIRST = ["Siti", "Sugeng", "Wati", "Slamet", "Suharti", "Nur", "Jum'at", "Hari", "Desi", "Kelik", "Camelia", "Jumilah"]
LAST = ["Aminah", "Riyadi", "Lestari", "‘Aini", "Santoso", "Ketut", "Peserta", "Kecik", "Ketua", "Kepala"]
BEFORE = ["", "", "", "Hj. ", "Drs. ", "Ibu ", "Bapak "]
BETWEEN = [
    "KECAMATAN SELOGIRI (lanjutan)",
    "DESA PULE",
    "Jumlah",
    "Catatan: susulan",
    "*) belum pasti",
    "Mengetahui,",
    "A. PESERTA",
    "B. PANITIA",
]
ORDERS = (
    ["no", "nama", "desa", "kec"],
    ["nama", "desa", "kec", "hp"],
    ["no", "nama", "jk", "desa", "hp"],
    ["nama", "unsur"],
)
TITLES = {"no": "No.", "nama": "Nama", "desa": "Desa", "kec": "Kecamatan", "hp": "No HP", "jk": "L/P", "unsur": "Unsur"}
VILLAGES = list(villages().values())


def a_list(draw: random.Random) -> tuple[list[list[str]], int]:
    """(its lines, how many people are in it): each with a name, most with more."""
    order = draw.choice(ORDERS)
    heading = [TITLES[name] for name in order]
    rows = [["DAFTAR HADIR BIMTEK"] for _ in range(draw.randrange(3))] + [heading]
    people = 0
    for _ in range(draw.randrange(1, 25)):
        chance = draw.random()
        if people and chance < 0.1:
            rows.append(draw.choice([heading, [cell.upper() for cell in heading]]))
        elif people and chance < 0.25 and order[0] == "no":
            rows.append(["", draw.choice(BETWEEN)] if draw.random() < 0.5 else [draw.choice(BETWEEN)])
        elif people and chance < 0.3:
            rows.append([])
        else:
            people += 1
            rows.append(list(_person(draw, order, people)))
    return rows, people


def _person(draw: random.Random, order: list[str], number: int) -> Iterator[str]:
    village = draw.choice(VILLAGES)
    for name in order:
        if name == "no":
            yield str(number)
        elif name == "nama":
            yield f"{draw.choice(BEFORE)}{draw.choice(FIRST)} {draw.choice(LAST)} {draw.choice(LAST)}"
        elif name == "desa":
            yield draw.choice([f"Desa {village.name}", village.name, f"Ds. {village.name.upper()}", '"', "sda", ""])
        elif name == "kec":
            yield draw.choice([f"Kec. {village.district}", village.district.upper(), "", "idem"])
        elif name == "hp":
            yield draw.choice(["", f"08{draw.randrange(10**9, 10**10)}", "O8123456789O", "-"])
        else:
            yield draw.choice(["L", "P", ""] if name == "jk" else ["PSM", "Ketua RT", "Peserta", "Kepala Dusun"])


def lost(rows: list[list[str]], people: int) -> str:
    """What became of a list in which somebody is lost; "" where nobody is."""
    roster = read_tables([ListTable("Sheet1", [list(row) for row in rows])])
    found = judged([read_row(each.cells, roster.fields) for each in roster.rows if not each.nobody], [])
    nobody = [each.nobody for each in roster.rows if each.nobody]
    states = [person.state for person in found]
    told = f"{people} people, {states}, {nobody}, {rows}"
    if len(states) + len(nobody) != sum(map(any, rows)) or not all(nobody):
        return told
    spoken = all(person.told or person.fault or person.twins for person in found if person.state not in ("siap", "ada"))
    return "" if len(states) == people and spoken else told


@pytest.mark.parametrize("part", range(8))
def test_rows_read_are_the_ready_the_asked_the_refused_and_those_named_as_nobody(part: int) -> None:
    for seed in range(part * often(25, 1_250), (part + 1) * often(25, 1_250)):
        assert lost(*a_list(random.Random(seed))) == "", seed


def test_who_is_lost_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a row like those of offices taken for a heading, as it once was, lists of all kinds lose somebody."""
    kind = header._kind

    def once(cells: list[str], under: header.Header) -> str:
        places = [cell for cell in cells if cell.startswith(("Desa ", "Kec. "))]
        return header.HEADING if len(places) > 1 else kind(cells, under)

    monkeypatch.setattr(header, "_kind", once)
    assert any(lost(*a_list(random.Random(seed))) for seed in range(25))


def test_two_rows_are_one_person_only_where_nothing_differs() -> None:
    one = ["Suharti", "Pule", "Selogiri", "081234567890", "P"]
    fields = ["nama", "desa", "kecamatan", "hp", "jk"]
    for at, other in ((0, "Bapak Suharti"), (3, ""), (3, "081234567891"), (4, "L"), (4, "")):
        again = [*one[:at], other, *one[at + 1 :]]
        found: list[Listed] = judged([read_row(cells, fields) for cells in (one, again)], [])
        expected = "lewati" if again[0] != "Suharti" and again[4] == "P" else "ragu"
        assert found[1].state == expected, again
    assert judged([read_row(one, fields)] * 2, [])[1].state == "lewati"

"""Lists as offices make them are understood, and what is hostile is refused with what to do."""

import io
import json
import time
import zipfile
from typing import Any

import pytest

from lms.paper import child
from lms.paper.child import run
from lms.people.names import with_titles
from lms.people.regions import villages
from lms.roster.fields import field_of
from lms.roster.header import without_nik
from lms.roster.people import Listed, from_json, judged, read_row, with_choices
from lms.roster.places import find_villages
from lms.roster.room import ROOM
from lms.roster.spelling import part_name, read_phone
from tests.roster.ugly import UGLY, Ugly, book, opendocument

pytestmark = pytest.mark.child

READER = "read_roster"
SECONDS, MEGABYTES = 30.0, 250


@pytest.fixture(autouse=True)
def work_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an app, which says what work there is."""
    monkeypatch.setattr(child, "_entry_points", ROOM.children)


def read(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(READER, data, seconds=SECONDS, megabytes=MEGABYTES))
    return found


def people(answer: dict[str, Any]) -> list[Listed]:
    return judged([read_row(row["cells"], answer["fields"]) for row in answer["rows"]], [])


def told(person: Listed) -> tuple[str, str, str, str, str]:
    if person.state == "tolak":
        return "", "", "", "", "tolak"
    village = villages()[person.region].name if person.region else ""
    return with_titles(person.before, person.name, person.after), village, person.phone, person.sex, person.state


@pytest.mark.walk
@pytest.mark.parametrize("make", UGLY.values(), ids=UGLY.keys())
def test_an_ugly_list_is_understood(make: Any) -> None:
    ugly: Ugly = make()
    answer = read(ugly.data)
    assert "fault" not in answer
    assert [told(person) for person in people(answer)] == list(ugly.people)
    assert tuple(answer["left_out"]) == tuple(ugly.left_out)


def test_no_number_of_a_card_leaves_the_child() -> None:
    answer = read(UGLY["numbers that nobody needs, named or not"]().data)
    assert "33120101018000" not in json.dumps(answer)
    assert answer["hidden_numbers"] == 2


def test_what_became_of_a_sheet_is_said() -> None:
    assert read(UGLY["a sheet for each kecamatan and one of sums"]().data)["passed_over"] == ["REKAP"]


def test_a_list_without_headings_waits_for_its_columns_to_be_named() -> None:
    answer = read(b"Sugeng,Pule,Selogiri,08123456789\nWati,Pule,Selogiri,\n")
    assert answer["columns"] == ["Kolom A", "Kolom B", "Kolom C", "Kolom D"]
    assert {person.state for person in people(answer)} == {"tolak"}
    answer["fields"] = ["nama", "desa", "kecamatan", "hp"]
    assert [person.name for person in people(answer)] == ["Sugeng", "Wati"]


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


LAUGHS = (
    '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b0 "hahahahaha">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a>&b9;</a>"
)
WORKBOOK = b"<workbook/>"
HOSTILE: dict[str, bytes] = {
    "nothing": b" ",
    "noise": bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "old or locked": b"\xd0\xcf\x11\xe0" + bytes(2_000),
    "unpacks to 200 MB": _zip(xl__workbook_xml=WORKBOOK, xl__worksheets__sheet1_xml=bytes(200 * 2**20)),
    "names itself in entities": _zip(content_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "names itself in entities of UTF-16": _zip(content_xml=LAUGHS.encode("utf-16")),
    "a cell far away": _zip(xl__workbook_xml=WORKBOOK, xl__worksheets__sheet1_xml=b'<c r="XFD1048576"/>'),
    "half a zip": book({"A": [["Nama"], ["Sugeng"]]})[:-200],
    "a document of Word": _zip(word__document_xml=b"<w/>"),
    "rows without end": opendocument(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    ),
    "too many rows": b"Nama\n" + b"Sugeng\n" * 20_001,
    "only empty cells": b";;;\n;;;\n",
    "only a heading": b"Nama;Desa\n",
    "tables in tables": b"<table><tr><td>" * 20_000,
    "a cell over a million rows": b"<table><tr><td rowspan=99999999 colspan=99999999>Nama</td></tr></table>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes) -> None:
    begun = time.monotonic()
    assert read(data)["fault"].endswith(".")
    assert time.monotonic() - begun < 15  # The limit of the child process is higher.


@pytest.mark.walk
def test_many_cells_that_reach_far_down_end_in_time() -> None:
    rows = b"".join(b"<tr><td rowspan=9999>Nama<td rowspan=9999>%d" % number for number in range(2_000))
    assert run(READER, b"<table>" + rows, seconds=SECONDS, megabytes=MEGABYTES).startswith(b"{")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NAMA LENGKAP", "nama"),
        ("Nama Desa", "desa"),
        ("Nama Ibu Kandung", "tidak diambil"),
        ("No. KTP / NIK", "tidak diambil"),
        ("Nama Lengkap (sesuai KTP)", "nama"),
        ("NIK / Nama", "nama"),
        ("Nama sesuai KTP", "nama"),
        ("Desa menurut e-KTP", "desa"),
        ("Nama KK", "tidak diambil"),
        ("No.", "nomor"),
        ("NO. HP/WA", "hp"),
        ("L/P", "jk"),
        ("JK", "jk"),
        ("Desa/Kecamatan", "desa"),
        ("Jabatan dalam PSM", "jabatan"),
        ("DAFTAR NAMA PESERTA", ""),
        ("Nama Kegiatan", ""),
        ("x" * 90, ""),
    ],
)
def test_a_heading_says_what_its_column_is(heading: str, field: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("text", "district", "label", "sure"),
    [
        ("Ds. SUMBERAGUNG", "", "Desa Sumberagung, Kecamatan Pracimantoro", False),
        ("sumber agung", "Kec. Praci mantoro", "Desa Sumberagung, Kecamatan Pracimantoro", True),
        ("Dk Krajan, Ds. Pule RT 01/RW 02 Kec. Selogiri", "", "Desa Pule, Kecamatan Selogiri", True),
        ("Sumberejo (Wuryantoro)", "", "Desa Sumberejo, Kecamatan Wuryantoro", True),
        ("giriwno", "", "Kelurahan Giriwono, Kecamatan Wonogiri", False),
    ],
)
def test_a_village_is_found_as_people_write_it(text: str, district: str, label: str, sure: bool) -> None:
    codes, known = find_villages(text, district)
    found = [villages()[code].label for code in codes]
    assert label in found
    assert known == (sure or len(found) == 1)


def test_a_name_is_never_lost_to_its_titles() -> None:
    assert part_name("Hj.") == ("", "Hj.", "")
    assert part_name("S.Pd.") == ("", "S.Pd.", "")
    assert part_name("Sugeng, " + "S.Pd. " * 30) == ("", "Sugeng", "S.Pd., S.Pd., S.Pd., S.Pd.")
    assert part_name("Siti “Nur” Aminah") == ("", "Siti Nur Aminah", "")
    assert part_name("ស៊ីថា") is None


def test_a_phone_whose_digits_are_lost_is_not_made_up() -> None:
    assert read_phone("8.12E+09") == ("", "nomor HP rusak oleh Excel, sebagian angkanya hilang")
    assert read_phone("9E+99999")[0] == ""
    assert read_phone("8120000000") == ("", "nomor HP rusak oleh Excel, sebagian angkanya hilang")
    assert read_phone("81234500000")[0] == "081234500000"


def test_a_long_phone_is_no_number_of_a_card() -> None:
    for phone in ("62812345678901", "+62 812-3456-78901", "081234567890 / 081234567891", "8,1234567890E+10"):
        assert without_nik(phone) == phone
        assert read_phone(phone)[0]


def test_what_somebody_chose_settles_a_row() -> None:
    asked = read_row(["Ani", "Sumberejo"], ["nama", "desa"])
    assert asked.state == "ragu"
    assert from_json(json.loads(json.dumps({"name": "Ani", "villages": ["a"]}))).villages == ("a",)
    assert with_choices(asked, asked.villages[0], None).state == "siap"
    assert with_choices(asked, None, None).state == "ragu"
    twin = Listed(name="Ani", twins=(7, -2))
    assert with_choices(twin, None, 0).state == "siap"
    assert with_choices(twin, None, 7).is_person == 7
    assert with_choices(twin, None, -2).state == "lewati"
    assert with_choices(twin, None, 8) == twin

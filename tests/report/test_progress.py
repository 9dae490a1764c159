"""How far everybody is, in the workbook of everything: read back as an office program reads it."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Membership, Person
from lms.paper.spreadsheet import plain
from lms.web.dates import WIB
from tests.conftest import START, Cast, Client, add_member, add_person, sign_in
from tests.scene import Scene, send

PAGE = "/pelatih/B1MTEK/semua.xlsx"
SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
EPOCH = datetime(1899, 12, 30, tzinfo=WIB)


def tree(xml: bytes | str) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314 - The program's own file.


class Book:
    """The sheets of a workbook by name: rows of (value, style), shared strings filled in."""

    def __init__(self, data: bytes) -> None:
        self.file = zipfile.ZipFile(io.BytesIO(data))
        strings = tree(self.file.read("xl/sharedStrings.xml"))
        self.strings = ["".join(text.itertext()) for text in strings.findall("m:si", SPACE)]
        book = tree(self.file.read("xl/workbook.xml"))
        self.names = [sheet.attrib["name"] for sheet in book.iterfind("m:sheets/m:sheet", SPACE)]

    def xml(self, name: str) -> str:
        return self.file.read(f"xl/worksheets/sheet{self.names.index(name) + 1}.xml").decode()

    def rows(self, name: str) -> list[dict[str, object]]:
        """Column letters -> value."""
        root = tree(self.xml(name))
        return [
            {re.sub(r"\d", "", cell.attrib["r"]): self._value(cell) for cell in row.iterfind("m:c", SPACE)}
            for row in root.iterfind("m:sheetData/m:row", SPACE)
        ]

    def _value(self, cell: ElementTree.Element) -> object:
        found = cell.find("m:v", SPACE)
        if found is None or found.text is None:
            return None
        return self.strings[int(found.text)] if cell.attrib.get("t") == "s" else float(found.text)


def book(client: Client) -> Book:
    response = send(client, PAGE)
    assert response.status_code == 200
    assert response.mimetype.endswith("spreadsheetml.sheet")
    assert response.headers["Content-Disposition"] == 'attachment; filename="semua-b1mtek.xlsx"'
    assert response.headers["Cache-Control"] == "private, no-store"
    return Book(response.data)


def test_everybody_with_progress_scores_and_dates(scene: Scene) -> None:
    found = book(scene.browser("trainer"))
    title, heading, person = found.rows("Kemajuan")
    assert title["A"] == "Bimtek Angkatan I, 24 November 2026, 09.14 WIB"
    line = dict(zip(heading.values(), (person.get(column) for column in heading), strict=True))
    assert line["Nama"] == "Siti Aminah"
    assert EPOCH + timedelta(days=float(str(line["Ikut sejak (WIB)"]))) == START
    assert line["1. Dasar (dari 2)"] == 2
    assert line["Kuis lulus (dari 2)"] == 2
    assert line["Keadaan"] == "Siap sertifikat"
    assert [*heading.values()][-2:] == ["Kuis: Pelajaran satu", "Kuis: Pelajaran dua"]
    assert [*person.values()][-2:] == [100, 100]


def test_the_header_stays_and_columns_have_widths(scene: Scene) -> None:
    xml = book(scene.browser("trainer")).xml("Kemajuan")
    assert 'state="frozen"' in xml
    assert 'ySplit="3"' in xml
    assert xml.count("<col ") >= 10


def test_no_cell_is_a_formula(scene: Scene) -> None:
    with writing():
        for name in ("=1+1", "+62", "-Siti", "@nama", "\tTab", "\rCR"):
            person = Person(name=name, created_at=START)
            db.session.add(person)
    for person_id in [row[0] for row in db.session.query(Person.id).filter(Person.region.is_(None))]:
        add_member(person_id, scene.cast.bimtek)
    found = book(scene.browser("trainer"))
    names = {row.get("B") for row in found.rows("Peserta")[2:]}
    assert names >= {"'=1+1", "'+62", "'-Siti", "'@nama"}
    assert not any(str(name)[:1] in "=+-@\t\r" for name in names)
    assert all("<f>" not in found.xml(name) for name in found.names)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_could_be_a_formula_is_text(text: str) -> None:
    assert plain(text) == f"'{text}"
    assert plain(f"x{text}") == f"x{text}"


def test_the_address_of_the_list_gives_it_too_and_only_the_own_trainer_may(scene: Scene) -> None:
    old = PAGE.replace("semua", "daftar")
    for who, status in (("other_trainer", 404), ("admin", 404), ("owner", 404), ("nobody", 303)):
        assert send(scene.browser(who), old).status_code == status
        assert send(scene.browser(who), PAGE).status_code == status
    trainer = scene.browser("trainer")
    assert trainer.get(PAGE).status_code == 405
    assert Book(send(trainer, old).data).names == book(trainer).names
    before = db.session.query(AuditEntry).count()
    book(trainer)
    db.session.rollback()
    (entry,) = db.session.query(AuditEntry).order_by(AuditEntry.id).all()[before:]
    assert (entry.action, entry.actor_id, entry.reason) == ("berkas diunduh", scene.cast.trainer, "semua-b1mtek.xlsx")


def test_nobody_who_left_and_everybody_else(client: Client, cast: Cast) -> None:
    for number in range(205):
        add_member(add_person(f"Orang {number:03}"), cast.bimtek)
    with writing():
        db.session.query(Membership).filter_by(person_id=cast.participant).update({"left_at": START})
    response = sign_in(client, cast.trainer).send(PAGE)
    rows = Book(response.data).rows("Kemajuan")[2:]
    assert [row["B"] for row in rows] == [f"Orang {number:03}" for number in range(205)]
    assert [row["A"] for row in rows] == [*range(1, 206)]

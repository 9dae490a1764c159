"""All data of a bimtek as one workbook."""

from lms.db.engine import db, writing
from tests.report.conftest import FORMULA, PEOPLE, Event
from tests.report.test_progress import Book
from tests.report.test_report import DESK

SHEETS = ["Peserta", "Kemajuan", "Kehadiran", "Nilai tes", "Jawaban tes", "Survei", "Tulisan survei"]


def book(event: Event) -> Book:
    response = event.client.send(f"{DESK}/semua.xlsx")
    assert response.status_code == 200
    assert response.mimetype.endswith("spreadsheetml.sheet")
    return Book(response.get_data())


def named(found: Book, sheet: str, name: str, column: str = "B") -> list[dict[str, object]]:
    return [row for row in found.rows(sheet) if row.get(column) == name]


def test_a_sheet_each_tells_everything(event: Event) -> None:
    found = book(event)
    assert found.names == SHEETS
    (who,) = named(found, "Peserta", "Orang 001")
    assert [who[each] for each in "CDEFG"] == ["Sumberagung", "Pracimantoro", "P", "Ketua PSM", "081234567801"]
    assert len(found.rows("Peserta")) == PEOPLE + 2
    (came,) = named(found, "Kehadiran", "Orang 000")
    assert [came[each] for each in "DEF"] == ["Hadir", "Tidak hadir", 50]
    (scores,) = named(found, "Nilai tes", "Orang 001")
    assert [scores[each] for each in "DEFGHIJ"] == [0, 5, 0, 5, 5, 100, 1]
    answers = named(found, "Jawaban tes", "Orang 001")
    assert [row["G"] for row in answers] == ["Tidak"] * 5 + ["Ya"] * 5
    assert all(str(row["F"]).startswith("Betul") for row in answers[5:])


def test_a_formula_is_text_in_every_sheet(event: Event) -> None:
    found = book(event)
    for sheet in SHEETS:
        assert "<f>" not in found.xml(sheet)
    for sheet in SHEETS[:5]:
        assert named(found, sheet, f"'{FORMULA}")


def test_of_the_survey_only_what_anybody_may_read_is_there(event: Event) -> None:
    found = book(event)
    means = [[row.get(each) for each in "BCD"] for row in found.rows("Survei")[2:]]
    assert means == [["Kejelasan undangan", 3.5, 6], ["Ruang dan alat", 2, 6]]
    assert [row["B"] for row in found.rows("Tulisan survei")[2:]] == [f"Saran {number}" for number in range(6)]
    with writing():
        db.session.execute(db.text("update period set closes_at = null"))
    assert len(book(event).rows("Survei")) == 2

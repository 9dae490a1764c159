"""A figure reads the same on every page, in the report and in the workbook; a rounding of one's own is seen."""

import re
from collections.abc import Iterator

import pytest

from lms.db.engine import db, writing
from lms.db.tables import Attempt, Grading, SurveyResponse
from lms.quiz.queries import POSTTEST, PRETEST
from lms.report import figures
from tests.report.conftest import Event
from tests.report.test_progress import Book
from tests.report.test_report import DESK, READERS, text_of

WHO = "Orang 005"
CELL = re.compile(r"<td>([^<]+)</td><td>([\d,]+) → ([\d,]+)</td><td>Gain (−?[\d,]+)")


@pytest.fixture
def uneven(event: Event) -> Event:
    """One right of three, then two, where 67 passes; and means of the survey that end in 5 thousandths."""
    member = event.members[5]
    with writing():
        for test, right in ((PRETEST, 1), (POSTTEST, 2)):
            sat = db.session.query(Attempt).filter_by(membership_id=member, quiz=test).one()
            sat.sheet = {**sat.sheet, "lulus": 67}
            graded = db.session.query(Grading).filter_by(attempt_id=sat.id).one()
            graded.outcomes = [True] * right + [False] * (3 - right) + [None] * (len(graded.outcomes) - 3)
            graded.right, graded.asked, graded.passed = right, 3, False
        for answers in db.session.query(SurveyResponse).all():
            answers.answers = {"acara-undangan": 3}
        for number, value in enumerate((3, 4)):
            answers = {"acara-undangan": value}
            db.session.add(
                SurveyResponse(id=f"{number:022}", cohort_id=event.cast.bimtek, boxed=False, answers=answers)
            )
    return event


def differences(event: Event) -> Iterator[str]:
    """What the report or the workbook says otherwise than the pages."""
    event.gather()
    gain = event.client.page(f"{DESK}/tes?bagian=peningkatan")
    people = [cells.groups() for cells in CELL.finditer(gain)]
    means = re.findall(
        r"<span>([^<]+)</span><span><b>([\d,]+)</b>", event.client.page(f"{DESK}/survei").replace("\n", "")
    )
    tests = re.findall(r'Rata-rata">([\d,]+)</td><td[^>]+>([\d,]+)</td><td[^>]+>([\d,]+)</td>', gain)
    assert len(people) == 5
    assert len(tests) == 2
    assert means
    for extension in READERS:
        text = text_of(event, extension)
        yield from (f"{extension}: {who}" for who in people if " ".join(who[1:]) not in text)
        yield from (f"{extension}: {each}" for each in means if " ".join(each) not in text)
        yield from (f"{extension}: {each}" for each in tests if " ".join(each) not in text)
    found = Book(event.client.send(f"{DESK}/semua.xlsx").data)
    rows = {str(row.get("B")): [row.get(column) for column in "FIJ"] for row in found.rows("Nilai tes")}
    written = {name: [float(part.replace(",", ".").replace("−", "-")) for part in told] for name, *told in people}
    yield from (f"xlsx: {name}" for name, told in written.items() if rows.get(name) != told)
    asked = {str(row.get("B")): row.get("C") for row in found.rows("Survei")}
    yield from (f"xlsx: {words}" for words, told in means if asked[words] != float(told.replace(",", ".")))


def test_report_and_workbook_say_what_the_pages_say(uneven: Event) -> None:
    assert [*differences(uneven)] == []
    assert (WHO, "33", "66,6", "0,50") in [
        cells.groups() for cells in CELL.finditer(uneven.client.page(f"{DESK}/tes?bagian=peningkatan"))
    ]
    assert "<b>3,13</b>" in uneven.client.page(f"{DESK}/survei")
    desk = uneven.client.page(f"{DESK}/anggota/{uneven.members[5]}")
    assert "66,6 · belum lulus" in desk
    assert "Tes akhir 66,6" in uneven.client.page(DESK)


def test_a_report_that_rounds_in_its_own_way_is_seen(uneven: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(figures, "desimal", lambda exact, places: f"{float(exact):.{places}f}".replace(".", ","))
    found = [*differences(uneven)]
    assert [each for each in found if "3,13" in each]

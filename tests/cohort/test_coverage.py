"""Coverage of a course: who finished or is in training gives their village its state, and nobody is named."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Certificate, Membership, Person
from tests.conftest import COURSE, SLUG, Cast, Client, add_member, add_person, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.scene import Scene

PAGE, SHEET = "/pelatih/jangkauan", "/pelatih/jangkauan/belum.xlsx"
OTHER = "33.12.05.2003"


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def numbers(text: str) -> list[int]:
    """Villages that have, are getting, have not."""
    part = text.partition('<ul class="counts">')[2].partition("</ul>")[0]
    return [int(found.partition("<")[0]) for found in part.split("<b>")[1:]]


def test_villages_are_counted_by_the_furthest_of_their_people(trainer: Client, cast: Cast) -> None:
    assert numbers(trainer.page(PAGE)) == [0, 1, 293]
    with writing():
        person = db.session.get_one(Person, add_person_quietly())
        person.region = OTHER
    assert numbers(trainer.page(PAGE)) == [0, 1, 293]
    add_member(person.id, cast.bimtek)
    assert numbers(trainer.page(PAGE)) == [0, 2, 292]


def add_person_quietly() -> int:
    found = db.session.query(Person.id).filter_by(name="Wati").scalar()
    assert found
    return int(found)


def test_who_holds_a_certificate_or_lacks_nothing_is_trained(scene: Scene) -> None:
    trainer = scene.browser("trainer")
    with_sample = numbers(trainer.page(f"{PAGE}?kursus={SLUG}"))
    assert with_sample == [1, 0, 293]
    with writing():
        db.session.query(Membership).filter_by(person_id=scene.cast.participant).update({"trial": True})
    assert numbers(trainer.page(f"{PAGE}?kursus={SLUG}"))[0] == 0
    assert db.session.query(Certificate).count() == 2


def test_nobody_is_named(trainer: Client) -> None:
    text = trainer.page(PAGE)
    for name in ("Siti", "Budi", "Wati"):
        assert name not in text
    assert "Sumberagung: sedang belajar" in text


def test_the_list_for_the_next_invitation_has_who_is_missing(trainer: Client) -> None:
    response = trainer.get(SHEET)
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))  # type: ignore[union-attr] # It has a sheet.
    assert len(rows) == 294
    assert rows[0][0] == 1
    assert ("Pracimantoro", "Sumberagung", "desa", "sedang belajar") in [row[1:] for row in rows]


def test_a_course_can_be_chosen_and_one_that_is_not_there_is_404(trainer: Client) -> None:
    publish_course("lain", read_folder(COURSE))
    assert numbers(trainer.page(f"{PAGE}?kursus=lain")) == [0, 0, 294]
    assert numbers(trainer.page(f"{PAGE}?kursus={SLUG}")) == [0, 1, 293]
    for page in (PAGE, SHEET):
        assert trainer.get(f"{page}?kursus=tidak-ada").status_code == 404
        assert trainer.get(f"{page}?kursus=%00").status_code == 404


def test_it_costs_the_same_for_many(trainer: Client, cast: Cast) -> None:
    few = len(counted(trainer, PAGE))
    for number in range(30):
        add_member(add_person(f"Orang {number}"), cast.other_bimtek)
    assert len(counted(trainer, PAGE)) == few <= 7


def test_it_is_for_staff(cast: Cast, browser: Callable[[], Client]) -> None:
    for page in (PAGE, SHEET):
        assert browser().get(page).status_code == 303
        for person, status in ((cast.participant, 403), (cast.other_trainer, 200), (cast.admin, 200)):
            assert sign_in(browser(), person).get(page).status_code == status

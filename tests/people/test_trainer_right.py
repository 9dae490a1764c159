"""Being a trainer is a right of its own: a desk, the manual and a first cohort, and nobody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lms.db.engine import db, writing
from lms.db.migrations import migrate
from lms.db.tables import Person
from lms.people.viewer import load_viewer
from tests.conftest import SLUG, Cast, Client, add_device, sign_in
from tests.db.migrating import restore_before_base
from tests.db.test_migrations import empty as empty
from tests.scene import WHO, Scene
from tests.test_access_matrix import ACCESS, PARTS, differences, expected

DESK = ("/pelatih", "/pelatih/baru", "/pelatih/kursus", "/pelatih/jangkauan")


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.admin)


def hired(boss: Client, **rights: str) -> tuple[Client, str]:
    """The browser of somebody new, who used the link that the admin was shown, and where that led them."""
    page = boss.send("/kelola/staf", nama="Wulan Sari", masuk="wulan.sari", **rights).get_data(as_text=True)
    secret = page.partition("/sandi#")[2].partition("<")[0]
    theirs = boss.application.test_client()
    assert isinstance(theirs, Client)
    theirs.get("/")
    answer = theirs.send("/sandi/baru", kode=secret, sandi="melati kuning di pagar")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return theirs, answer.location


def test_a_new_trainer_lands_on_a_desk_with_the_first_cohort_and_the_manual(boss: Client) -> None:
    trainer, landed = hired(boss, pelatih="ya")
    assert landed == "/pelatih"
    desk = trainer.page("/pelatih")
    assert ">Buka angkatan pertama</a>" in desk
    assert '<a href="/belajar/panduan-pelatih">Panduan pelatih</a>' in desk
    for page in DESK:
        trainer.page(page)
    assert "Tugas Anda sebagai pelatih" in trainer.page("/")
    answer = trainer.send("/pelatih/baru", kursus=SLUG, nama="Bimtek pertama", mulai="2026-12-07", selesai="2026-12-08")
    assert answer.status_code == 303
    assert "Bimtek pertama" in trainer.page("/pelatih")
    assert ">Buka angkatan baru</a>" in trainer.page("/pelatih")


def test_the_form_for_somebody_new_offers_the_right_and_without_it_there_is_no_desk(boss: Client) -> None:
    assert 'name="pelatih" value="ya" checked' in boss.page("/kelola/staf")
    other, landed = hired(boss)
    assert landed == "/"
    assert [other.get(page).status_code for page in DESK] == [403] * len(DESK)


def test_who_trains_or_edits_keeps_the_desk_without_the_right(cast: Cast) -> None:
    with writing():
        db.session.get_one(Person, cast.trainer).is_trainer = False
    found = load_viewer(add_device(cast.trainer))
    assert found
    assert found.is_staff


def as_trainer(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What the table says where the stranger has the right: what staff may do without a cohort, and nothing more."""
    stranger, staff = WHO.index("stranger"), WHO.index("other_trainer")
    for name, entry in table.items():
        words = expected(entry)
        if words[stranger] == "403" and words[staff] != "403":
            words[stranger] = words[staff]
        yield name, " ".join(words)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_trainer_without_a_cohort_may_open_what_staff_may_and_nobody_elses(scene: Scene, part: int) -> None:
    with writing():
        db.session.get_one(Person, scene.cast.stranger).is_trainer = True
    table = dict(as_trainer(dict(list(ACCESS.items())[part::PARTS])))
    assert list(differences(scene, {name: words for name, words in table.items() if "/pelatih" in name})) == []


def test_the_migration_gives_the_right_to_who_trains_a_cohort(empty: object, tmp_path: Path) -> None:
    restore_before_base()
    with db.engine.begin() as connection:
        connection.execute(sa.text("update membership set role = 'peserta'"))
        person, login = connection.execute(sa.text("select id, login from person order by id")).first() or (0, "")
        connection.execute(sa.text("update person set login = null where id <> :id"), {"id": person})
        connection.execute(sa.text("update membership set role = 'pelatih', left_at = null where id = 1"))
        connection.execute(sa.text("update membership set person_id = :id where id = 1"), {"id": person})
    assert login
    migrate(db.engine, tmp_path / "data")
    found = db.session.query(Person.id).filter(Person.is_trainer).all()
    assert [row[0] for row in found] == [person]

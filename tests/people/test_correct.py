"""Correcting my own name, titles, village and phone: all faults at once, the old value kept, nothing lost."""

from typing import Any

import pytest
from sqlalchemy import select

from lms.course.privacy import NO_NIK
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Person, PersonChange
from lms.people.person import FROM_THE_LIST, LATIN, PHONE_OR_EMPTY
from tests.conftest import Cast, Client, sign_in
from tests.scene import Scene

GOOD = {
    "nama": "Siti Aminah",
    "gelar_depan": "",
    "gelar_belakang": "S.Pd.",
    "desa": "33.12.01.2002",
    "hp": "+62 812-3456-7890",
}


def send(client: Client, **changes: str) -> Any:
    return client.send("/saya/perbaiki", **{**GOOD, **changes})


@pytest.fixture
def me(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.participant)


def test_what_i_mend_stands_and_what_it_was_is_kept(me: Client, cast: Cast) -> None:
    assert send(me).location == "/saya?diperbaiki=1"
    assert "Data Anda sudah diperbaiki" in me.page("/saya?diperbaiki=1")
    person = db.session.get_one(Person, cast.participant)
    assert (person.name, person.title_after) == ("Siti Aminah", "S.Pd.")
    assert (person.region, person.phone) == ("33.12.01.2002", "081234567890")
    changes = db.session.execute(select(PersonChange.field, PersonChange.old, PersonChange.by_id)).all()
    assert sorted(changes) == [
        ("phone", "", cast.participant),
        ("region", "33.12.01.2001", cast.participant),
        ("title_after", "", cast.participant),
    ]


def test_the_audit_log_is_told_the_fields_and_no_value(me: Client) -> None:
    send(me)
    entries = db.session.scalars(select(AuditEntry)).all()
    assert sorted(field for entry in entries for field in entry.fields) == ["phone", "region", "title_after"]
    for entry in entries:
        assert "0812" not in repr((entry.action, entry.object, entry.fields, entry.reason))


def test_sent_again_nothing_is_written(me: Client) -> None:
    send(me)
    before = db.session.query(AuditEntry).count(), db.session.query(PersonChange).count()
    assert send(me).status_code == 303
    assert (db.session.query(AuditEntry).count(), db.session.query(PersonChange).count()) == before


def test_a_phone_is_taken_away_by_emptying_it(me: Client, cast: Cast) -> None:
    send(me)
    assert 'value="081234567890"' in me.page("/saya/perbaiki")
    send(me, hp="")
    assert db.session.get_one(Person, cast.participant).phone == ""


def test_the_form_holds_what_is_there_and_the_list_of_villages(me: Client) -> None:
    text = me.page("/saya/perbaiki")
    assert 'value="Siti Aminah"' in text
    assert 'value="33.12.01.2001" selected' in text
    assert text.count("<option ") == 295
    assert "js/desa.js" in text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("nama", "", LATIN),
        ("nama", "王小明", LATIN),
        ("nama", "Siti 3312012505800001", NO_NIK),
        ("gelar_depan", "<b>", LATIN),
        ("gelar_belakang", "S" * 41, LATIN),
        ("desa", "", FROM_THE_LIST),
        ("desa", "33.12.99.9999", FROM_THE_LIST),
        ("desa", "Atlantis", FROM_THE_LIST),
        ("hp", "12345", PHONE_OR_EMPTY),
        ("hp", "3312012505800001", NO_NIK),
        ("hp", "0812\0", PHONE_OR_EMPTY),
    ],
)
def test_each_fault_is_named_and_nothing_typed_is_lost(
    me: Client, cast: Cast, field: str, typed: str, said: str
) -> None:
    response = send(me, **{field: typed})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in text
    if field != "gelar_belakang":
        assert 'value="S.Pd."' in text
    if field != "desa":
        assert 'value="33.12.01.2002" selected' in text
    assert db.session.get_one(Person, cast.participant).region == "33.12.01.2001"


def test_staff_of_no_village_correct_their_data_without_naming_one(me: Client, cast: Cast) -> None:
    assert 'name="desa" required' in me.page("/saya/perbaiki")
    with writing():
        db.session.get_one(Person, cast.participant).region = None
    text = me.page("/saya/perbaiki")
    assert ("(boleh kosong)" in text, 'name="desa" required' in text) == (True, False)
    assert send(me, desa="").status_code == 303
    person = db.session.get_one(Person, cast.participant)
    assert (person.region, person.title_after, person.phone) == (None, "S.Pd.", "081234567890")
    assert db.session.query(PersonChange).filter_by(field="region").count() == 0
    assert send(me, desa="Atlantis").status_code == 422
    assert send(me).status_code == 303
    assert send(me, desa="").status_code == 422


def test_who_holds_a_certificate_is_told_that_it_stays_as_it_is(scene: Scene) -> None:
    said = "Sertifikat yang sudah terbit tidak ikut berubah"
    assert said not in scene.browser("owner").page("/saya/perbaiki"), "a sample is not issued"
    assert said not in scene.browser("stranger").page("/saya/perbaiki")

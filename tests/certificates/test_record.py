"""The training record shows its owner what holds, and nobody else anything."""

from collections.abc import Callable

from flask import Flask

from lms.certificates import actions, keys
from lms.core.certificate import key_id, new_key, public_key
from lms.core.dates import WIB
from lms.database import db, writing
from tests.certificates.test_take import office, ready, rows, take
from tests.conftest import KEY, START, Client, add_person, sign_in
from tests.learn.test_queries_count import counted

__all__ = ["office", "ready"]

RECORD = "/sertifikat/rekam"


def test_the_owner_finds_what_holds_with_its_hours(ready: Client, office: None) -> None:
    assert "Belum ada sertifikat yang berlaku" in ready.page(RECORD)
    take(ready)
    assert RECORD in ready.page("/saya")
    page = ready.page(RECORD)
    (row,) = rows()
    for words in ("Kursus kecil", "400.9/001/PSM/2026", "dari 1 sertifikat, per 24 November 2026", "<h2>2026: "):
        assert words in page
    assert row.token not in page


def test_a_sample_and_what_was_withdrawn_or_refused_are_left_out(ready: Client, office: None) -> None:
    take(ready)
    (row,) = rows()
    with writing():
        keys.end(key_id(public_key(KEY)), START.astimezone(WIB).date(), new_key(), START)
    assert "Belum ada sertifikat yang berlaku" in ready.page(RECORD)
    with writing():
        key = db.session.get_one(keys.SigningKey, row.key_id)
        key.ended_on = key.leaked_on = None
    assert "dari 1 sertifikat" in ready.page(RECORD)
    with writing():
        actions.revoke(row.id, "", START)
    assert "Belum ada sertifikat yang berlaku" in ready.page(RECORD)


def test_it_asks_as_often_for_none_as_for_one(ready: Client, office: None) -> None:
    none = len(counted(ready, RECORD))
    take(ready)
    assert len(counted(ready, RECORD)) == none


def test_another_finds_nothing_of_it(ready: Client, office: None, browser: Callable[[], Client], app: Flask) -> None:
    take(ready)
    other = sign_in(browser(), add_person("Wagiyem"))
    assert "Kursus kecil" not in other.page(RECORD)
    assert browser().get(RECORD).location.startswith("/masuk")

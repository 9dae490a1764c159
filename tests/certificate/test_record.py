"""The training record shows its owner what holds, and nobody else anything."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import typst
import zxingcpp
from flask import Flask
from PIL import Image

from lms.certificate import actions, keys
from lms.certificate.snapshot import key_id, new_key, public_key
from lms.certificate.training_record import Claim, seal
from lms.db.engine import db, writing
from lms.db.tables import Person
from lms.people.actions import correct
from lms.web.dates import WIB
from tests.certificate.test_check import words
from tests.certificate.test_take import office, ready, rows, take
from tests.conftest import KEY, START, Client, Time, add_person, sign_in
from tests.learn.test_queries_count import counted

__all__ = ["office", "ready"]

RECORD = "/sertifikat/rekam"


def test_the_owner_finds_what_holds_with_its_hours(ready: Client, office: None) -> None:
    assert "Belum ada sertifikat yang berlaku" in ready.page(RECORD)
    take(ready)
    assert RECORD in ready.page("/saya")
    page = ready.page(RECORD)
    (row,) = rows()
    for said in ("Kursus kecil", "400.9/001/PSM/2026", "dari 1 sertifikat, per 24 November 2026", "<h2>2026: "):
        assert said in page
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


def check_of(page: str) -> str:
    """Where a record says that it is checked."""
    (found,) = re.findall(r'href="https://sinau\.test(/cek/rekam/[^"]+)"', page)
    return str(found)


def test_a_printed_record_is_checked_by_whoever_holds_it(ready: Client, office: None, client: Client) -> None:
    assert "/cek/rekam/" not in ready.page(RECORD)
    assert ready.get(f"{RECORD}.svg").status_code == 404
    take(ready)
    address = check_of(ready.page(RECORD))
    page = client.page(address)
    for said in ("✓ Benar", "Siti Aminah, S.Pd.", "24 November 2026", "<b>2 JP</b>", "400.9/001/PSM/2026"):
        assert said in page
    assert '<meta name="robots" content="noindex">' in page
    assert "<script" not in page
    assert len(page.encode()) < 5_000
    assert rows()[0].token not in page
    source = b"#set page(width: 9cm, height: 9cm, margin: 5mm)\n#image(bytes(sys.inputs.svg), width: 8cm)"
    inputs = {"svg": ready.get(f"{RECORD}.svg").get_data(as_text=True)}
    picture = typst.compile(source, format="png", sys_inputs=inputs)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code.text == f"https://sinau.test{address}"


def test_once_something_changed_it_says_so(ready: Client, office: None, client: Client, time: Time) -> None:
    take(ready)
    address = check_of(ready.page(RECORD))
    time.forward(days=400)
    assert "✓ Benar" in client.page(address)
    with writing():
        actions.revoke(rows()[0].id, "", START)
    page = client.page(address)
    for said in ("Berubah", "Lembarnya menyebut 2 JP per 24 November 2026", "Mintalah rekam yang baru", "<b>0 JP</b>"):
        assert said in page
    assert "400.9/001" not in page


def test_another_name_is_seen_and_who_was_erased_shows_nothing(ready: Client, office: None, client: Client) -> None:
    take(ready)
    address = check_of(ready.page(RECORD))
    with writing():
        person = db.session.query(Person).filter_by(name="Siti Aminah").one()
        correct(person.id, {"name": "Siti Lain"}, person.id, START)
    assert "Rekam ini sudah berubah" in client.page(address)
    with writing():
        db.session.get_one(Person, person.id).erased_at = START
    answer = client.get(address)
    assert answer.status_code == 404
    unknown = [client.get(each) for each in (address, f"/cek/rekam/{'x' * 40}", f"/cek/{'A' * 22}")]
    assert len({words(each.get_data(as_text=True)) for each in unknown}) == 1
    assert "Siti" not in answer.get_data(as_text=True)


def test_nobody_seals_a_record_with_a_key_that_is_no_longer_believed(
    ready: Client, office: None, client: Client
) -> None:
    take(ready)
    address = check_of(ready.page(RECORD))
    person = db.session.query(Person.id).filter_by(name="Siti Aminah").scalar()
    day = START.astimezone(WIB).date()
    with writing():
        keys.end(key_id(public_key(KEY)), day, new_key(), START)
    assert client.get(address).status_code == 404
    assert "/cek/rekam/" not in ready.page(RECORD)
    before = seal(Claim(person, day - timedelta(9), 99, "m" * 12), KEY)
    assert "<b>0 JP</b>" in client.page(f"/cek/rekam/{before}")  # Dated back it still says what the register says.
    assert client.get(f"/cek/rekam/{seal(Claim(person, day, 99, 'm' * 12), new_key())}").status_code == 404


def test_it_asks_as_often_for_none_as_for_one(ready: Client, office: None) -> None:
    none = len(counted(ready, RECORD))
    take(ready)
    assert len(counted(ready, RECORD)) == none


def test_another_finds_nothing_of_it(ready: Client, office: None, browser: Callable[[], Client], app: Flask) -> None:
    take(ready)
    other = sign_in(browser(), add_person("Wagiyem"))
    assert "Kursus kecil" not in other.page(RECORD)
    assert browser().get(RECORD).location.startswith("/masuk")

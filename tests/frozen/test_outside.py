"""What lives outside the site goes on working: cookies, cards, links, printed codes, scripts on phones, backups,
databases of earlier migrations, work and attempts that were begun. The program as it was stored all of it."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.db.migrating import GONE
from tests.frozen.site import (
    FOLDER,
    SITE,
    WHO,
    Phone,
    bring_up_to_date,
    command,
    opened,
    rows,
    stop_time,
    unpack,
    verdict,
)

pytestmark = pytest.mark.walk

PHONE: dict[str, Any] = json.loads((FOLDER / "phone.json").read_text())
VALUES: dict[str, str] = SITE["values"]
BROUGHT = {f"{number:04}": number == 17 for number in range(1, 18)}
"""Migration -> whether a database of it is brought up to date; False: it is refused in words and left as it was."""
SCRIPTS = Path(__file__).parents[2] / "static" / "js"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        yield app


def contents(database: Path) -> dict[str, list[Any]]:
    """Every table with its rows, in any order."""
    connection = sqlite3.connect(database)
    try:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(connection.execute(f'select * from "{name}"'), key=repr) for name in names}
    finally:
        connection.close()


def test_the_frozen_database_has_a_row_in_every_table(tmp_path: Path) -> None:
    found = contents(unpack("sinau.db", tmp_path / "sinau.db"))
    assert len(found) > 50
    assert [name for name, lines in found.items() if not lines] == []


# --- phones that are signed in, cards, links


@pytest.mark.parametrize("who", WHO)
def test_a_phone_that_is_signed_in_stays_signed_in(site: Flask, who: str) -> None:
    response = Phone(site, who).ask("/saya")
    assert response.status_code == (303 if who == "nobody" else 200)


@pytest.mark.parametrize("who", SITE["cards"])
def test_a_card_opens_what_it_opened(site: Flask, who: str) -> None:
    phone = Phone(site, "nobody")
    address, _, letters = SITE["cards"][who].partition("#")
    assert address == "https://sinau.test/kartu"
    assert "kartu" in phone.page("/kartu")
    answer = phone.send("/kartu/masuk", kode=letters, ke="/saya")
    assert (answer.status_code, phone.ask("/saya").status_code) == (303, 200)
    wrong = letters[:-1] + ("0" if letters[-1] != "0" else "1")
    assert Phone(site, "nobody").send("/kartu/masuk", kode=wrong).status_code == 422


def test_links_that_were_handed_out_lead_where_they_led(site: Flask) -> None:
    phone = Phone(site, "stranger")
    assert "Bimtek Angkatan I" in Phone(site, "nobody").page("/ikut/B1MTEK")
    assert phone.send("/ikut/B1MTEK").status_code == 303
    assert phone.ask("/acara/B1MTEK").status_code == 200
    receipt = Phone(site, "owner").ask(f"/h/{VALUES['letters']}")
    assert (receipt.status_code, receipt.location[:7]) == (303, "/hadir/")
    assert Phone(site, "owner").ask(f"/hadir/{VALUES['receipt']}").status_code == 200
    assert Phone(site, "nobody").ask(f"/cek/rekam/{VALUES['record_seal']}").status_code == 410
    secret = Phone(site, "nobody").send("/awal", kode=VALUES["secret"])
    assert (secret.status_code, "Buat" in secret.get_data(as_text=True)) == (200, True)
    password = Phone(site, "nobody").send("/sandi", kode=VALUES["password_link"])
    assert password.status_code == 200


@pytest.mark.parametrize("printed", PHONE["printed"])
def test_a_printed_code_is_checked_by_its_address_and_without_a_network(site: Flask, printed: str) -> None:
    address, _, facts = printed.partition("#")
    page = Phone(site, "nobody").page(address.removeprefix("https://sinau.test"))
    assert re.search("Berlaku|CONTOH|DICABUT|diganti|menunggu tanda tangan", page, re.IGNORECASE)
    if not facts:
        return  # It is too long, or not signed yet: only its address was printed.
    name = facts.split(";")[7].replace("+", " ")
    assert re.sub(r"%([0-9A-F]{2})", lambda each: chr(int(each[1], 16)), name).partition(",")[0] in page
    assert verdict(printed) == "benar"
    assert verdict(printed.replace(";20261124;", ";20261125;")) == "salah"


# --- scripts that phones hold, and what they keep


def test_the_scripts_that_phones_hold_are_answered_as_they_were(site: Flask) -> None:
    for each in PHONE["requests"]:
        phone, sent = Phone(site, each["who"]), each["sent"]
        if sent is None:
            answer = phone.ask(each["address"], headers={"Accept": "application/json"})
        else:
            answer = phone.tell(each["address"], sent)
        assert (answer.status_code, answer.get_json()) == (each["status"], each["reply"]), each["address"]


def test_what_phones_keep_is_looked_for_under_the_names_it_has() -> None:
    scripts = "\n".join(script.read_text() for script in SCRIPTS.glob("*.js"))
    for start in ("kotak:${", "draf:${", "susun:${", "`pindai:${"):
        assert start in scripts, start
    for name in (":kirim", ":terima", ":lama"):
        assert name in scripts or f'"{name[1:]}"' in scripts, name
    kept = {key.split(":")[0] for keys in PHONE["storage"].values() for key in keys}
    assert kept == {"kotak", "draf", "pindai", "susun"}


def test_each_page_still_gives_the_mark_under_which_its_phone_kept_things(site: Flask) -> None:
    pages = {
        "owner": f"/kuis/{VALUES['attempt_id']}",
        "trainer": "/pelatih/B1MTEK/hadir/1/pindai",
        "admin": "/pelatih/kursus/kursus/sunting/dasar/satu.md",
    }
    for who, address in pages.items():
        marks = {key.split(":")[1] for key in PHONE["storage"][who]}
        assert len(marks) == 1
        assert re.search(rf'(?:data-owner="|data-kunci="pindai:){marks.pop()}\b', Phone(site, who).page(address)), who


# --- what was begun


def test_an_open_attempt_is_finished(site: Flask) -> None:
    phone, address = Phone(site, "owner"), f"/kuis/{VALUES['attempt_id']}"
    form = {"form_id": "g" * 16, "counter": "1", "q1": "a6db4800"}
    assert phone.send(address, **form, aksi="pasti").status_code == 303
    assert "Nilai Anda" in phone.page(f"{address}/hasil")


def test_an_open_form_keeps_what_is_written(site: Flask) -> None:
    phone, address = Phone(site, "owner"), f"/formulir/{VALUES['filling_id']}"
    form = {"form_id": "g" * 16, "counter": "1", "aksi": "simpan", "q3": "Lelah"}
    assert phone.send(address, **form).status_code == 303
    assert "Lelah" in phone.page(address)


@pytest.mark.parametrize("kind", SITE["jobs"])
def test_work_that_was_half_done_goes_on_to_its_end(site: Flask, kind: str) -> None:
    phone, address = Phone(site, "trainer"), f"/kerja/{SITE['jobs'][kind]}"
    state = f"select position, total, fault, ended_at, onward from job where id = '{SITE['jobs'][kind]}'"
    assert 0 < rows(state)[0][0] < rows(state)[0][1]
    for _ in range(20):
        assert phone.send(address).location == address
        if phone.ask(address).status_code == 303:
            break
    [(position, total, fault, ended_at, onward)] = rows(state)
    assert (position, fault, bool(ended_at)) == (total, "", True)
    assert phone.ask(address).location == onward
    answer = phone.ask(onward)
    if answer.status_code == 301:  # The page became a part of another since.
        answer = phone.ask(answer.location)
    assert answer.status_code == 200


# --- backups and earlier databases


def test_the_backup_is_restored_whole(tmp_path: Path) -> None:
    code, told = command(tmp_path / "data", "restore", FOLDER / "cadangan.zip")
    assert (code, "bukan kunci milik" in told) == (0, False), told
    assert "Dipulihkan dari cadangan 2026-11-24T02:14:00+00:00" in told
    restored, frozen = contents(tmp_path / "data" / "sinau.db"), contents(unpack("sinau.db", tmp_path / "frozen.db"))
    assert frozen.keys() - restored.keys() == GONE
    assert {name: len(lines) for name, lines in restored.items()} == {
        name: len(lines) for name, lines in frozen.items() if name not in GONE
    }


@pytest.mark.parametrize("number", BROUGHT)
def test_a_database_of_an_earlier_migration_is_brought_over_or_refused_in_words(number: str, tmp_path: Path) -> None:
    database = unpack(f"migrations/{number}.db", tmp_path / "data" / "sinau.db")
    before = contents(database)
    refusal = bring_up_to_date(tmp_path / "data")
    if BROUGHT[number]:
        assert refusal == ""
        assert contents(database).keys() == contents(unpack("sinau.db", tmp_path / "frozen.db")).keys() - GONE
    else:
        assert "basis data" in refusal.lower()
        assert contents(database) == before

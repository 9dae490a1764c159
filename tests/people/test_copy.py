"""The copy of my data: every table, as a file and as a page, for its owner only, and kept like every export."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from lms.db.engine import db
from lms.db.labels import TABLES
from lms.db.tables import AuditEntry
from lms.people import held as held_module
from lms.people.held import NOT_OWN, held, in_words
from tests.conftest import Client, add_person, sign_in
from tests.learn.test_queries_count import counted, statements
from tests.people.conftest import NAME, PHONE, Known


def download(client: Client) -> dict[str, Any]:
    response = client.send("/saya/unduh")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="data-saya-sinau-psm.json"'
    assert response.headers["Cache-Control"] == "private, no-store"
    found: dict[str, Any] = json.loads(response.data)
    return found


def test_the_file_has_rows_of_every_table_that_may_hold_any(known: Known) -> None:
    found = download(known.browser)
    assert set(found["data"]) == {title for name, title in TABLES.items() if name not in NOT_OWN}
    assert found["terpotong"] == []


def test_the_file_speaks_by_the_labels(known: Known) -> None:
    data = download(known.browser)["data"]
    (person,) = data["Orang"]
    assert person["Nama"] == NAME
    assert person["Nomor HP"] == PHONE
    assert person["Desa atau kelurahan"] == "Desa Sumberagung, Kecamatan Pracimantoro"
    assert person["Terdaftar sejak"] == "2026-11-24T09:14:00+07:00"
    assert {row["Kursus"] for row in data["Kursus yang diikuti"]} == {"Kursus kecil", "Kursus"}
    assert data["Keanggotaan angkatan"][0]["Angkatan"] == "Belajar mandiri"
    assert data["Perbaikan data"][0]["Diperbaiki oleh"] == "Retno Wulandari"
    assert {row["Bagian"] for row in data["Perbaikan data"]} == {"Nama", "Nomor HP"}
    assert {row["Terhadap"] for row in data["Catatan perbuatan"]} == {f"Orang {known.id}"}
    assert data["Pertanyaan dan laporan"][0]["Tulisan"] == "TULISAN-PRIBADI saya"
    assert any(row["Jawaban"] == ["TULISAN-PRIBADI"] for row in data["Jawaban"])
    printed = [row["Yang tercetak"] for row in data["Sertifikat"]]
    assert all(NAME in json.dumps(sheet) for sheet in printed)
    attempts = {row["Nomor"] for row in data["Percobaan kuis, tes, dan formulir"]}
    assert {row["Percobaan"] for row in data["Jawaban"]} <= attempts


def test_a_hash_is_said_to_be_there_and_not_shown(known: Known) -> None:
    text = json.dumps(download(known.browser))
    assert "SIDIK" not in text
    assert text.count("tersimpan teracak; tidak seorang pun dapat membacanya") >= 4


def test_taking_it_is_kept_in_the_audit_log(known: Known) -> None:
    data = download(known.browser)["data"]
    kept = db.session.execute(select(AuditEntry.actor_id, AuditEntry.object).where(AuditEntry.action == "data diunduh"))
    assert kept.all() == [(known.id, f"person:{known.id}")]
    assert data["Catatan perbuatan"][0]["Perbuatan"] == "data diunduh"


def test_it_is_asked_for_by_a_form_only(known: Known) -> None:
    assert known.browser.get("/saya/unduh").status_code == 405
    assert known.browser.post("/saya/unduh").status_code == 400


def test_nobody_elses_data_is_in_it(known: Known, browser: Callable[[], Client]) -> None:
    other = sign_in(browser(), add_person("Budi Santoso"))
    for text in (json.dumps(download(other)), other.page("/saya/data"), other.page("/saya")):
        assert NAME not in text
        assert PHONE not in text
        assert "TULISAN-PRIBADI" not in text


def test_the_page_says_the_same_in_words(known: Known) -> None:
    text = known.browser.page("/saya/data")
    for title, _, _ in held(known.id):
        assert title in text
    assert NAME in text
    assert PHONE in text
    assert "TULISAN-PRIBADI saya" in text
    assert "24 November 2026, 09.14 WIB" in text
    assert "SIDIK" not in text
    assert f'href="/sertifikat/{known.certificate_id}/pdf"' in text


def test_lessons_are_called_by_their_titles_and_choices_are_read_where_they_were_made(known: Known) -> None:
    data, text = download(known.browser)["data"], known.browser.page("/saya/data")
    assert {row["Pelajaran"] for row in data["Pelajaran selesai"]} == {"Pelajaran satu", "Pelajaran dua"}
    tried = {row["Kuis, tes, atau formulir"] for row in data["Percobaan kuis, tes, dan formulir"]}
    assert tried == {"Pelajaran satu", "Pelajaran dua"}
    assert "dasar/" not in text
    results = re.findall(r'href="(/kuis/[^"]+/hasil)">Soal dan jawabannya', text)
    assert len(results) == sum(bool(row["Tanda terima"]) for row in data["Percobaan kuis, tes, dan formulir"])
    for address in results:
        assert known.browser.get(address, follow_redirects=True).status_code == 200


def test_what_is_there_too_often_is_cut_and_said_so(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    ((answers, is_cut),) = [(rows, cut) for title, rows, cut in held(known.id, 3) if title == "Jawaban"]
    assert (len(answers), is_cut) == (3, True)
    monkeypatch.setattr("lms.people.mydata_views.ON_A_PAGE", 3)
    assert "Hanya 3 yang terbaru" in known.browser.page("/saya/data")
    assert held_module.MOST_ROWS == 5_000


@pytest.mark.walk
def test_it_costs_the_same_however_much_there_is(known: Known, browser: Callable[[], Client]) -> None:
    little = sign_in(browser(), add_person("Budi Santoso"))
    for client in (known.browser, little):
        client.lint = False
    assert len(counted(known.browser, "/saya/data")) == len(counted(little, "/saya/data"))
    costs = []
    for client in (known.browser, little):
        client.token()
        with statements() as sent:
            download(client)
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 40


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (0, "0"),
        (True, "ya"),
        (False, "tidak"),
        (["a", None, "b"], "a, b"),
        ("2026-11-24T09:14:00+07:00", "24 November 2026, 09.14 WIB"),
        ("dua puluh lima huruf pas!", "dua puluh lima huruf pas!"),
        ({"nomor": 1, "kosong": ""}, "nomor: 1"),
    ],
)
def test_values_are_said_in_words(value: object, said: str) -> None:
    assert in_words(value) == said

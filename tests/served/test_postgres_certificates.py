"""The way of certificates on PostgreSQL: office, batch, corrections, book, old paper, checks, electronic signing."""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from lms.certificate import keys
from lms.certificate.cohort_views import issue_some
from lms.certificate.queries import sheets_in
from lms.certificate.revisions import revise_some
from lms.certificate.snapshot import key_id, new_key, public_key, snapshot_of
from lms.db.engine import Busy, close_all, db, writing
from lms.db.tables import HandedSheet, Membership, Person, SignedSheet
from lms.people.job_views import Step
from lms.people.jobs import JobFacts
from tests.certificate.test_batch import PAGE, exempt, issue, job_facts, last_day, press, sheets
from tests.certificate.test_roles import CREW
from tests.certificate.test_signers import CHAIR
from tests.conftest import KEY, START, Client, sign_in
from tests.esign.signed import chain, sign
from tests.esign.test_signing import OFFICIAL, bring, handed_out, states, upload, waiting
from tests.people.pictures import png
from tests.people.test_admin import send_office
from tests.report.conftest import Event, event, exams
from tests.served.postgres import URL, app, at_once, browser_of, create, empty, slow_down

__all__ = ["app", "empty", "event", "exams", "last_day"]

REGISTER = "/kelola/register"
PEOPLE = 5


@pytest.fixture
def boss(event: Event, app: Flask) -> Client:
    """Who runs the site has set the office, its second signer and its numbers, of which paper took the third."""
    boss = sign_in(browser_of(app), event.cast.admin)
    assert send_office(boss, png(), dasar_hukum="Keputusan Nomor 9 Tahun 2026").status_code == 303
    second = {"sisi": "belakang", "nama": CHAIR.name, "jabatan": CHAIR.title, "mulai": "2026-01-01"}
    assert boss.send("/kelola/penanda-tangan", **second).status_code == 303
    series = {"pola": "{klasifikasi}/{urut:03}/PSM/{tahun}", "klasifikasi": "400.9"}
    assert boss.send("/kelola/nomor/bimtek", **series).status_code == 303
    taken = {"aksi": "catat", "dari": "3", "sampai": "3", "alasan": "Agenda"}
    assert boss.send("/kelola/nomor/bimtek/manual", **taken).status_code == 303
    return boss


def issue_to_all(event: Event) -> None:
    """A batch of five people and who spoke."""
    assert event.client.send(CREW, peran="narasumber", nama="Drs. Wiyono, M.Si.").status_code == 303
    exempt(event, *event.members[:PEOPLE])
    issue(event)


def number(sequence: int) -> str:
    return f"400.9/{sequence:03}/PSM/2026"


def work(node: Flask, job: JobFacts, step: Step = issue_some) -> Callable[[], None]:
    """A slice of a batch, as a node does it; who is told to come back does."""

    def slice_of() -> None:
        with node.app_context(), suppress(Busy):
            step(job)

    return slice_of


class TestCertificatesOnPostgres:
    __test__ = bool(URL)

    def test_a_batch_is_numbered_corrected_revoked_and_stands_in_the_book(self, event: Event, boss: Client) -> None:
        issue_to_all(event)
        first, second, *_, speaker = sheets(event)
        assert [snapshot_of(each.payload).number for each in sheets(event)] == [*map(number, (1, 2, 4, 5, 6, 7))]
        assert snapshot_of(speaker.payload).role == "NARASUMBER"
        assert event.client.taken(f"{PAGE}/cetak.pdf").data.startswith(b"%PDF")
        with writing():
            db.session.get_one(
                Person, db.session.get_one(Membership, first.membership_id).person_id
            ).name = "Nama Betul"
        corrected = event.client.send(f"{PAGE}/{first.id}", aksi="betulkan", alasan="Salah eja.").location
        assert "(revisi 1)" in event.client.page(corrected)
        assert event.client.send(f"{PAGE}/{second.id}", aksi="cabut", alasan="Keliru orang.").status_code == 303
        renewed = event.client.send(f"{PAGE}/{second.id}", aksi="ulang", alasan="Pencabutannya keliru.").location
        assert number(8) in event.client.page(renewed)
        book = boss.page(REGISTER)
        for words in ("revisi 1, berlaku", "diganti revisi", "dicabut 24 November 2026", "diambil manual: Agenda"):
            assert words in book
        assert "Nama Betul" in boss.send(REGISTER, cari="nama betul", tahun="2026").get_data(as_text=True)
        table = load_workbook(io.BytesIO(boss.send(f"{REGISTER}.xlsx", tahun="2026").data)).active
        assert table is not None
        numbers = [row[1].value for row in table.iter_rows(min_row=4)]
        assert numbers == [*map(number, (1, 1, 2)), "3", *map(number, (4, 5, 6, 7, 8))]

    def test_anybody_checks_a_sheet(self, event: Event, app: Flask) -> None:
        issue_to_all(event)
        public, (sheet, gone, *_) = browser_of(app), sheets(event)
        token, code = sheet.token, sheet.short_code
        event.client.send(f"{PAGE}/{gone.id}", aksi="cabut", alasan="Keliru orang.")
        assert "✓ Berlaku" in public.page(f"/cek/{token}")
        assert public.get(f"/cek?kode={code}").location == f"/cek/{token}"
        assert "sudah dicabut" in public.page(f"/cek/{gone.token}")
        assert public.get(f"/cek/{'A' * 22}").status_code == 404

    def test_what_is_signed_electronically_goes_out_comes_back_and_holds(self, event: Event, app: Flask) -> None:
        official, boss, public = chain(OFFICIAL), sign_in(browser_of(app), event.cast.admin), browser_of(app)
        assert upload(boss, "/kelola/rantai", official.root.pem, name="akar.pem").status_code == 303
        sheet, other = waiting(event)
        token = sheet.token
        assert "menunggu tanda tangan" in public.page(f"/cek/{token}").lower()
        signed = [sign(data, official) for data in handed_out(event)]
        assert "2 dari 2 berkas cocok" in bring(event, *signed)
        assert states(event) == ["berlaku"] * 2
        assert "✓ Berlaku" in public.page(f"/cek/{token}")
        assert event.client.get(f"/sertifikat/{sheet.id}/pdf").data in signed
        assert {row.data for row in db.session.query(SignedSheet)} == set(signed)
        event.client.send(f"{PAGE}/{other.id}", aksi="cabut", alasan="Keliru orang.")
        assert [each.state for each in sheets_in(event.cast.bimtek)] == ["berlaku", "dicabut"]
        assert boss.send("/kelola/rantai/1/keluarkan", alasan="Diganti.").status_code == 303

    def test_what_waits_in_vain_becomes_a_revision_for_ink_by_two_nodes_once(
        self, event: Event, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting(event, PEOPLE)
        other, fresh = create(tmp_path), new_key()
        with writing():
            keys.end(key_id(public_key(KEY)), START.date() + timedelta(1), fresh, START)
        for node in (app, other):
            node.config["SIGNING_KEY"] = fresh
        assert f"{PEOPLE} sertifikat menunggu" in event.client.page(f"{PAGE}/tte"), "signed before the key leaked"
        boxes = re.findall(r'name="lembar" value="([^"]+)"', event.client.page(f"{PAGE}/ulang"))
        job = str(event.client.send(f"{PAGE}/ulang", keadaan="menunggu", lembar=boxes, alasan="Belum ada.").location)
        assert f"Belum selesai (0 dari {PEOPLE})" in event.client.page(f"{PAGE}/ulang")
        facts = job_facts(event, job)
        db.session.rollback()
        slow_down(monkeypatch, "lms.certificate.actions.hold", 0.05)
        assert at_once(app, [work(node, facts, revise_some) for node in (app, other)]) == []
        with other.app_context():
            close_all()
        event.client.send(job)
        assert states(event) == ["diganti", "berlaku"] * PEOPLE

    def test_the_files_to_sign_are_handed_out_by_two_nodes_at_once(
        self, event: Event, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting(event)
        found, other = [], create(tmp_path)
        slow_down(monkeypatch, "lms.certificate.cohort_views.note")

        def take(node: Flask) -> None:
            browser = sign_in(browser_of(node), event.cast.trainer)
            found.append(browser.send(f"{PAGE}/tte.zip").status_code)

        assert at_once(app, [lambda: take(app), lambda: take(other)]) == []
        with other.app_context():
            close_all()
        assert found == [200, 200]
        assert db.session.query(HandedSheet).count() == 2

    def test_two_batches_at_once_on_two_nodes_issue_one_sheet_each(
        self, event: Event, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exempt(event, *event.members[:PEOPLE])
        pressed, other = [press(event), press(event)], create(tmp_path)
        slow_down(monkeypatch, "lms.certificate.numbers.next_sequence", 0.05)
        one, two = (job_facts(event, address) for address in pressed)
        db.session.rollback()
        works = [work(node, job) for node in (app, other) for job in (one, two)]
        assert at_once(app, works) == []
        with other.app_context():
            close_all()
        for address in pressed:
            event.client.send(address)
            assert event.client.get(address).location == PAGE
        assert [sheet.sequence for sheet in sheets(event)] == list(range(1, PEOPLE + 1))
        assert len({sheet.membership_id for sheet in sheets(event)}) == PEOPLE

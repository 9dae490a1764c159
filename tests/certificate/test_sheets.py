"""One sheet: what a correction shows and keeps, what its file says, who has which, and what is said of it."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import zxingcpp
from pypdf import PdfReader

from lms.certificate.candidates import lot
from lms.certificate.qr import short_id
from lms.certificate.queries import sheets_in
from lms.certificate.snapshot import canonical, public_key, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, Cohort, Meeting, Membership, Person, Signer
from lms.people.access import cohort_facts
from lms.people.union import merge
from tests.certificate.qr_reading import read
from tests.certificate.test_batch import PAGE, REASON, counts, exempt, issue, last_day, sheets
from tests.conftest import KEY, START, Client, Time, sign_in
from tests.report.conftest import PEOPLE, Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

__all__ = ["last_day"]


def test_other_days_and_hours_are_shown_and_can_be_corrected(event: Event) -> None:
    exempt(event, event.members[2])
    issue(event)
    (old,) = sheets(event)
    page = f"{PAGE}/{old.id}"
    with writing():
        for each in db.session.query(Meeting):
            each.jp = 3
        first = db.session.query(Meeting).order_by(Meeting.id).first()
        assert first is not None
        first.starts_at, first.ends_at = first.starts_at - timedelta(1), first.ends_at - timedelta(1)
        db.session.get_one(Cohort, event.cast.bimtek).starts_on = START.date() - timedelta(1)
    text = event.client.page(page)
    for was, now_is in (
        ("24 November 2026", "23 s.d. 24 November 2026"),
        ("4 JP", "6 JP"),
        ("0 JP daring, 2 JP tatap muka", "0 JP daring, 3 JP tatap muka"),
    ):
        assert f"<del>{was}</del><br><ins>{now_is}</ins>" in text
    assert event.client.send(page, aksi="betulkan", alasan="Tanggal dan jamnya keliru.").status_code == 303
    said = snapshot_of(sheets(event)[-1].payload)
    assert (said.total_jp, said.starts_on) == (6, START.date() - timedelta(1))


def test_who_left_is_still_among_the_issued_and_keeps_their_hours_in_a_correction(event: Event) -> None:
    member, other = event.members[2:4]
    exempt(event, member)
    issue(event)
    (old,) = sheets(event)
    with writing():
        db.session.get_one(Membership, member).left_at = db.session.get_one(Membership, other).left_at = START
        db.session.get_one(Person, db.session.get_one(Membership, member).person_id).name = "Orang Lain"
    assert f"{PAGE}/{old.id}" in event.client.page(PAGE)
    assert counts(event) == (0, PEOPLE - 2, 1)
    text = event.client.page(f"{PAGE}/{old.id}")
    assert "<ins>Orang Lain</ins>" in text
    assert "JP</ins>" not in text
    assert event.client.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="Ejaan.").status_code == 303
    assert snapshot_of(sheets(event)[-1].payload).subjects == snapshot_of(old.payload).subjects
    assert snapshot_of(old.payload).hall_jp == 4


def test_a_sheet_changed_in_the_database_is_refused_not_printed_and_set_right_by_a_revision(
    event: Event, client: Client
) -> None:
    exempt(event, *event.members[:2])
    issue(event)
    changed, good = sheets(event)
    with writing():
        row = db.session.get_one(Certificate, changed.id)
        row.payload = canonical(replace(snapshot_of(row.payload), name="PENYUSUP, S.Pd."))
    assert event.client.page(PAGE).count("✗ ditolak") == 1
    pages = PdfReader(io.BytesIO(event.client.taken(f"{PAGE}/cetak.pdf").data)).pages
    assert [snapshot_of(good.payload).name in page.extract_text() for page in pages] == [True, False]
    page = f"{PAGE}/{changed.id}"
    assert "<del>PENYUSUP, S.Pd.</del>" in event.client.page(page)
    event.client.send(page, aksi="betulkan", alasan="Diubah orang.")
    fresh = next(each for each in sheets(event) if each.revision)
    assert "Orang 000" in client.page(f"/cek/{fresh.token}")
    with writing():  # True facts of another sheet.
        row, other = (db.session.get_one(Certificate, each.id) for each in (fresh, good))
        row.payload, row.signature = other.payload, other.signature
    assert [each.state for each in sheets_in(event.cast.bimtek)] == ["diganti", "ditolak", "berlaku"]


def test_samples_left_over_are_not_among_the_real_ones_that_are_printed(event: Event) -> None:
    exempt(event, *event.members[2:4])
    with writing():
        db.session.query(Signer).one().is_active = False
    issue(event)
    assert len(PdfReader(io.BytesIO(event.client.taken(f"{PAGE}/cetak.pdf").data)).pages) == 4
    with writing():
        db.session.query(Signer).one().is_active = True
    event.client.send(f"{PAGE}/kecuali/{event.members[3]}", aksi="batal")
    issue(event)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(event.client.taken(f"{PAGE}/cetak.pdf").data)).pages]
    assert len(pages) == 2
    assert not any("CONTOH" in page for page in pages)
    packed = zipfile.ZipFile(io.BytesIO(event.client.taken(f"{PAGE}/berkas.zip").data))
    assert len(packed.namelist()) == 1


def test_the_file_of_a_sheet_that_no_longer_holds_says_so_and_no_key_vouches_for_it(event: Event) -> None:
    exempt(event, event.members[0])
    issue(event)
    (sheet,) = sheets(event)
    address, held = f"/sertifikat/{sheet.id}/pdf", {short_id(public_key(KEY)): public_key(KEY)}

    def verdict(mark: str) -> str:
        page = pypdfium2.PdfDocument(event.client.get(address).data)[0]
        assert (f"{mark} – TIDAK BERLAKU" in page.get_textpage().get_text_range()) is bool(mark)
        (code,) = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        assert code.text.startswith(f"https://sinau.test/cek/{sheet.token}")
        return read(code.text, held)[0]

    assert verdict("") == "benar"
    event.client.send(f"{PAGE}/{sheet.id}", aksi="cabut", alasan="Keliru orang.")
    assert verdict("DICABUT") == "salah"


def test_a_correction_after_new_year_stays_in_its_year(event: Event, time: Time) -> None:
    exempt(event, event.members[2])
    issue(event)
    (old,) = sheets(event)
    person = db.session.get_one(Membership, event.members[2]).person_id
    with writing():
        db.session.get_one(Person, person).name = "Nama Benar"
    time.forward(days=100)
    trainer = sign_in(event.client, event.cast.trainer)
    assert trainer.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="Ejaan.").status_code == 303
    db.session.rollback()
    assert {(each.year, each.sequence) for each in sheets(event)} == {(2026, 1)}
    assert "001/2026 (revisi 1)" in sign_in(event.client, person).page("/saya")


def merged(event: Event, stays: int, gone: int) -> None:
    """One of these members turns out to be the other."""
    one, other = (db.session.get_one(Membership, member).person_id for member in (stays, gone))
    with writing():
        assert merge(one, other, event.cast.trainer, START)
    db.session.rollback()


def test_who_was_two_people_holds_two_sheets_until_one_is_revoked(event: Event, client: Client) -> None:
    stays, gone = event.members[2:4]
    exempt(event, stays, gone)
    issue(event)
    merged(event, stays, gone)
    first, second = sheets(event)
    page = event.client.page(PAGE)
    assert "Memegang dua sertifikat" in page
    assert f"{PAGE}/{second.id}" in page
    assert f'<a href="{PAGE}/{first.id}">001/2026</a> Terbit' in event.client.page(f"{PAGE}/{second.id}")
    event.client.send(f"{PAGE}/{second.id}", aksi="cabut", alasan="Ganda.")
    page = event.client.page(PAGE)
    assert "Memegang dua sertifikat" not in page
    assert f"{PAGE}/{first.id}" in page
    assert len(PdfReader(io.BytesIO(event.client.taken(f"{PAGE}/cetak.pdf").data)).pages) == 2


def test_an_exception_goes_with_whom_it_was_made_for_and_can_still_be_taken_back(event: Event) -> None:
    stays, gone = event.members[2:4]
    exempt(event, gone)
    merged(event, stays, gone)
    assert [each.membership_id for each in lot(cohort_facts(event.cast.bimtek)).ready] == [stays]
    event.client.send(f"{PAGE}/kecuali/{stays}", aksi="batal")
    assert counts(event)[0] == 0


def test_why_it_was_made_corrected_and_revoked_stands_with_each_sheet_and_its_owner_reads_why_it_ended(
    event: Event, client: Client
) -> None:
    member = event.members[2]
    exempt(event, member)
    issue(event)
    (old,) = sheets(event)
    page, person = f"{PAGE}/{old.id}", db.session.get_one(Membership, member).person_id
    trainer = db.session.get_one(Person, event.cast.trainer).name
    assert f"Terbit dengan pengecualian oleh {trainer}: {REASON}" in event.client.page(page)
    assert "Lembar ini" not in event.client.page(page)
    event.client.send(f"{PAGE}/kecuali/{member}", aksi="batal")
    with writing():
        db.session.get_one(Person, person).name = "Nama Benar"
    newer = str(event.client.send(page, aksi="betulkan", alasan="Salah eja.").location)
    text = event.client.page(newer)
    assert REASON in text
    assert f'<a href="{page}">001/2026</a> Diganti oleh {trainer}' in text
    assert "Salah eja." in text
    assert f'<a href="{newer}">001/2026 (revisi 1)</a> Terbit' in event.client.page(page)
    event.client.send(newer, aksi="cabut", alasan="Bukan peserta.")
    hers = sign_in(client, person)
    assert "Alasannya: Salah eja." in hers.page(f"/sertifikat/{old.id}")
    assert "Alasannya: Bukan peserta." in hers.page(f"/sertifikat/{sheets(event)[-1].id}")
    told = re.findall(r'href="/sertifikat/([^"]+)">[^<]*</a> <span class="tag">([^<]*)<', hers.page("/saya"))
    assert told == [(sheets(event)[-1].id, "✗ dicabut"), (old.id, "diganti")]
    assert "Bukan peserta." not in client.page(f"/cek/{sheets(event)[-1].token}")


def test_who_was_revoked_by_mistake_gets_a_sheet_under_a_new_number_once(event: Event, client: Client) -> None:
    member = event.members[2]
    exempt(event, member)
    issue(event)
    (first,) = sheets(event)
    assert event.client.send(f"{PAGE}/{first.id}", aksi="ulang", alasan="Masih berlaku.").status_code == 409
    with writing():
        db.session.get_one(Person, db.session.get_one(Membership, member).person_id).name = "Nama Benar"
    page = str(event.client.send(f"{PAGE}/{first.id}", aksi="betulkan", alasan="Ejaan.").location)
    event.client.send(page, aksi="cabut", alasan="Keliru orang.")
    assert counts(event) == (0, PEOPLE - 1, 1)
    assert "Terbitkan dengan nomor baru" in event.client.page(page)
    assert event.client.send(page, aksi="ulang", alasan="").status_code == 422
    answer = event.client.send(page, aksi="ulang", alasan="Pencabutannya keliru.")
    fresh = sheets(event)[-1]
    assert answer.location == f"{PAGE}/{fresh.id}"
    assert (fresh.sequence, fresh.revision, snapshot_of(fresh.payload).number) == (2, 0, "002/2026")
    assert [each.state for each in sheets_in(event.cast.bimtek)] == ["diganti", "dicabut", "berlaku"]
    assert "Pencabutannya keliru." in event.client.page(str(answer.location))
    assert event.client.send(page, aksi="ulang", alasan="Lagi.").status_code == 409
    assert "Terbitkan dengan nomor baru" not in event.client.page(page)
    assert counts(event) == (0, PEOPLE - 1, 1)
    assert "✓ Berlaku" in client.page(f"/cek/{fresh.token}")
    assert "✗ Dicabut" in client.page(f"/cek/{sheets(event)[1].token}")
    person = db.session.get_one(Membership, member).person_id
    assert f"/sertifikat/{fresh.id}" in sign_in(client, person).page("/acara/B1MTEK")


def test_who_lacks_something_now_is_not_renewed(event: Event) -> None:
    exempt(event, event.members[2])
    issue(event)
    page = f"{PAGE}/{sheets(event)[0].id}"
    event.client.send(page, aksi="cabut", alasan="Tidak berhak.")
    event.client.send(f"{PAGE}/kecuali/{event.members[2]}", aksi="batal")
    assert "Terbitkan dengan nomor baru" not in event.client.page(page)
    assert event.client.send(page, aksi="ulang", alasan="Coba.").status_code == 409
    assert len(sheets(event)) == 1


def test_the_person_s_history_tells_each_sheet_s_number_what_happened_and_why(event: Event) -> None:
    member = event.members[0]
    exempt(event, member)
    event.client.send(f"{PAGE}/cara", cara="tte")
    issue(event)
    home = f"/pelatih/B1MTEK/anggota/{member}"
    assert "Sertifikat 001/2026</a>: Menunggu tanda tangan elektronik, 24 November 2026" in event.client.page(home)
    (old,) = sheets(event)
    with writing():
        db.session.add(CertificateEvent(certificate_id=old.id, kind="signed", at=START))
        who = db.session.get_one(Membership, member).person_id
        db.session.get_one(Person, who).name = "Orang Lain"
    assert "001/2026</a>: PDF bertanda tangan elektronik diterima, " in event.client.page(home)
    assert event.client.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="Ejaan namanya.").status_code == 303
    text = event.client.page(home)
    assert re.search(r'001/2026</a>: Diganti, [^<]+<br><span class="small">Ejaan namanya[.]', text)
    assert "Sertifikat 001/2026 (revisi 1)</a>: Terbit, " in text


def test_a_sheet_leads_to_the_data_and_corrected_data_lead_back_to_the_sheet(event: Event) -> None:
    member = event.members[4]
    exempt(event, member)
    issue(event)
    (sheet,) = sheets(event)
    form = f"/pelatih/B1MTEK/anggota/{member}/data"
    assert f'href="{form}"' in event.client.page(f"{PAGE}/{sheet.id}")
    told, link = "Sertifikatnya masih memuat data lama", f"{PAGE}/{sheet.id}#betulkan"
    data = {"nama": "Orang Empat", "desa": "33.12.01.2001"}
    after = event.client.page(event.client.send(form, **data).location)
    assert told in after
    assert f'href="{link}"' in after
    assert told not in event.client.page(event.client.send(form, **data, hp="081298765432").location)
    assert event.client.send(f"{PAGE}/{sheet.id}", aksi="cabut", alasan="Keliru.").status_code == 303
    data["nama"] = "Orang Lima"
    assert told not in event.client.page(event.client.send(form, **data).location)


def test_a_title_of_two_lines_shows_its_slash_on_no_page(
    event: Event, client: Client, browser: Callable[[], Client]
) -> None:
    def sign_as(title: str) -> None:
        with writing():
            row = db.session.query(Signer).one()
            row.title, row.on_behalf = title, "a.n. Bupati Wonogiri"

    sign_as("Kepala Dinas P3A / Kabupaten Wonogiri")
    told, slash = "a.n. Bupati Wonogiri, Kepala Dinas P3A, Kabupaten Wonogiri", "P3A / Kabupaten"
    exempt(event, event.members[2])
    assert f"<dd>{told}:<br>" in event.client.page(PAGE)
    issue(event)
    (sheet,) = sheets(event)
    boss = sign_in(browser(), event.cast.admin)
    for reader, address in ((client, f"/cek/{sheet.token}"), (boss, "/kelola/penanda-tangan")):
        assert told in reader.page(address)
        assert slash not in reader.page(address)
    sign_as("Kepala Dinas P3A, Kabupaten Wonogiri")
    text = event.client.page(f"{PAGE}/{sheet.id}")
    assert "<del>Kepala Dinas P3A\nKabupaten Wonogiri</del><br><ins>Kepala Dinas P3A, Kabupaten" in text
    assert slash not in text

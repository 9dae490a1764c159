"""The certificates of a bimtek: a dry run, exceptions, issuing in a batch, printing, correcting, revoking."""

import io
import re
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import zxingcpp
from flask import Flask
from pypdf import PdfReader

from lms.certificate import keys, pdf
from lms.certificate.candidates import NO_HOURS, lot
from lms.certificate.cohort_views import KIND, issue_some
from lms.certificate.qr import short_id
from lms.certificate.queries import sheets_in
from lms.certificate.snapshot import key_id, new_key, public_key, sentence, snapshot_of
from lms.db.engine import Busy, db, writing
from lms.db.tables import (
    Attendance,
    AuditEntry,
    Blob,
    Certificate,
    CertificateEvent,
    Cohort,
    Enrolment,
    Exemption,
    Job,
    Meeting,
    Membership,
    NumberBlock,
    NumberSeries,
    Office,
    Person,
    Reading,
    Signer,
)
from lms.people.access import cohort_facts
from lms.people.jobs import JobFacts, job_of
from lms.web.dates import WIB
from tests.certificate import papers
from tests.certificate.qr_reading import read
from tests.conftest import KEY, START, Client, add_member, add_person, sign_in
from tests.learn.test_queries_count import statements
from tests.report.conftest import FORMULA, PEOPLE, Event, came
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

PAGE = "/pelatih/B1MTEK/sertifikat"
REASON = "Tugas daringnya diserahkan di kertas."


@pytest.fixture(autouse=True)
def last_day(event: Event) -> None:
    """The bimtek's last day is today."""
    with writing():
        cohort = db.session.get_one(Cohort, event.cast.bimtek)
        cohort.starts_on = cohort.ends_on = START.date()


def counts(event: Event) -> tuple[int, int, int]:
    """(ready, lacking, issued) as the dry run says."""
    db.session.rollback()
    found = lot(cohort_facts(event.cast.bimtek))
    return len(found.ready), len(found.waiting), len(found.issued)


def exempt(event: Event, *members: int, reason: str = REASON) -> None:
    for member in members or event.members:
        answer = event.client.send(f"{PAGE}/kecuali/{member}", aksi="kecualikan", alasan=reason)
        assert answer.location == PAGE


def press(event: Event) -> str:
    """Press "Terbitkan"; where the work goes on."""
    response = event.client.send(PAGE)
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location)


def issue(event: Event) -> None:
    job = press(event)
    for _ in range(20):
        if event.client.get(job).status_code == 303:
            break
        event.client.send(job)
    assert event.client.get(job).location == PAGE


def sheets(event: Event) -> list[Certificate]:
    db.session.rollback()
    return list(db.session.query(Certificate).order_by(Certificate.sequence, Certificate.revision))


def test_the_dry_run_says_who_lacks_what_and_writes_nothing(event: Event) -> None:
    text = event.client.page(PAGE)
    assert "Kurang: 3 pelajaran, 2 kuis, tes akhir." in text
    assert "Belum ada yang menunggu diterbitkan" in text
    assert counts(event) == (0, PEOPLE, 0)
    assert event.client.send(PAGE).status_code == 422
    assert not db.session.query(Job).filter_by(kind=KIND).count()
    assert not sheets(event)


def test_the_dry_run_shows_names_with_the_titles_that_will_be_printed(event: Event) -> None:
    with writing():
        who = db.session.query(Person).filter_by(name="Orang 000").one()
        who.title_before, who.title_after = "Prof. Dr.", "M.Si."
    assert "Prof. Dr. Orang 000, M.Si.<br>" in event.client.page(PAGE).partition("Masih kurang")[2]
    exempt(event, event.members[0])
    assert "Prof. Dr. Orang 000, M.Si.<br>" in event.client.page(PAGE).partition("Masih kurang")[0]


def test_above_the_button_stand_numbers_day_signers_and_hours_and_afterwards_what_became_of_it(event: Event) -> None:
    with writing():
        (series,) = db.session.query(NumberSeries).filter_by(kind="bimtek")
        taken = {"reason": "Agenda kertas", "by_id": event.cast.admin, "at": START}
        db.session.add(NumberBlock(series_id=series.id, year=START.year, first=2, last=4, **taken))
        db.session.add(Signer(side="belakang", title="Sekretaris Dinas", on_behalf="Plh.", name="Dra. Belakang"))
    empty = event.client.page(PAGE)
    assert "Plh. Sekretaris Dinas" not in empty
    assert empty.count("nama belum dibenarkan") == PEOPLE
    exempt(event, *event.members[:2])
    page = event.client.page(PAGE)
    assert "<dd>001/2026 sampai 005/2026<br>" in page
    assert "<dt>Tanggal</dt><dd>" in page
    assert "<dd>Kepala Dinas Sosial:<br>Drs. H. Contoh, M.Si.</dd>" in page
    assert "<dd>Plh. Sekretaris Dinas:<br>Dra. Belakang</dd>" in page
    ready = page.partition('id="siap"')[2].partition("</ol>")[0]
    assert re.findall(r">(\d+) JP<", ready) == ["2", "4"]
    assert ready.count("nama belum dibenarkan") == 2
    assert page.count("nama belum dibenarkan") == PEOPLE
    issue(event)
    assert [each.sequence for each in sheets(event)] == [1, 5]
    page = event.client.page(PAGE)
    assert "Terakhir: 2 sertifikat terbit, nomor 001/2026 sampai 005/2026." in page
    assert '<button class="btn">Cetak semua' in page


def test_a_sheet_that_got_a_new_number_since_is_none_of_the_last_batch(event: Event) -> None:
    exempt(event, *event.members[:3])
    issue(event)
    first = sheets(event)[0].id
    event.client.send(f"{PAGE}/{first}", aksi="cabut", alasan="Keliru orang")
    event.client.send(f"{PAGE}/{first}", aksi="ulang", alasan="Ternyata benar")
    assert [each.sequence for each in sheets(event)] == [1, 2, 3, 4]
    assert "Terakhir: 3 sertifikat terbit, nomor 002/2026 sampai 003/2026." in event.client.page(PAGE)


def test_the_numbers_of_the_last_batch_are_told_as_they_were_counted_past_999_too(event: Event) -> None:
    with writing():
        (series,) = db.session.query(NumberSeries).filter_by(kind="bimtek")
        taken = {"reason": "Agenda kertas", "by_id": event.cast.admin, "at": START}
        db.session.add(NumberBlock(series_id=series.id, year=START.year, first=1, last=998, **taken))
    exempt(event, *event.members[:3])
    issue(event)
    assert "Terakhir: 3 sertifikat terbit, nomor 999/2026 sampai 1001/2026." in event.client.page(PAGE)


def test_before_its_last_day_nothing_is_issued(event: Event) -> None:
    exempt(event)
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).ends_on = START.date().replace(day=28)
    response = event.client.send(PAGE)
    assert response.status_code == 422
    assert "belum selesai" in response.get_data(as_text=True)
    assert "Terbitkan 12" not in event.client.page(PAGE)


def test_an_exception_needs_a_reason_stays_with_the_sheet_and_can_be_taken_back(event: Event) -> None:
    first, second = event.members[:2]
    page = f"{PAGE}/kecuali/{first}"
    refused = event.client.send(page, aksi="kecualikan", alasan="  ")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.get_data(as_text=True)
    exempt(event, first, second)
    assert counts(event) == (2, PEOPLE - 2, 0)
    assert event.client.send(f"{PAGE}/kecuali/{second}", aksi="batal").location == PAGE
    assert counts(event) == (1, PEOPLE - 1, 0)
    issue(event)
    (sheet,) = sheets(event)
    told = snapshot_of(sheet.payload).evidence["pengecualian"]
    assert told == {"alasan": REASON, "oleh": event.cast.trainer}
    noted = [entry.action for entry in db.session.query(AuditEntry) if "exemption" in entry.fields]
    assert noted == ["syarat dikecualikan"] * 2 + ["pengecualian dicabut"]


def test_a_batch_numbers_without_gap_and_repeating_it_issues_nothing_twice(event: Event) -> None:
    exempt(event)
    issue(event)
    assert [sheet.sequence for sheet in sheets(event)] == list(range(1, PEOPLE + 1))
    assert counts(event) == (0, 0, PEOPLE)
    assert event.client.send(PAGE).status_code == 422
    assert len(sheets(event)) == PEOPLE


def job_facts(event: Event, address: str) -> JobFacts:
    job = job_of(event.cast.trainer, address.removeprefix("/kerja/"))
    assert job is not None
    return job


def test_two_that_work_at_once_and_two_batches_issue_one_sheet_each(event: Event, app: Flask) -> None:
    exempt(event)
    jobs = [press(event), press(event)]
    facts = [job_facts(event, address) for address in jobs]

    def work(job: JobFacts) -> None:
        with app.app_context(), suppress(Busy):  # Who is told to come back does, below.
            issue_some(job)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [*facts, *facts]))
    for address in jobs:
        for _ in range(5):
            event.client.send(address)
        assert event.client.get(address).location == PAGE
    assert [sheet.sequence for sheet in sheets(event)] == list(range(1, PEOPLE + 1))
    assert len({sheet.membership_id for sheet in sheets(event)}) == PEOPLE


def test_who_is_ready_no_longer_is_passed_over_and_told(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press(event)
    event.client.send(f"{PAGE}/kecuali/{event.members[1]}", aksi="batal")
    event.client.send(job)
    assert [sheet.membership_id for sheet in sheets(event)] == [event.members[0]]
    assert "1 dilewati" in event.client.page(PAGE)


def test_hours_are_those_of_the_meetings_somebody_came_to(event: Event) -> None:
    absent, late = event.members[:2]
    exempt(event, absent, late)
    issue(event)
    told = {
        sheet.membership_id: {
            row.title: (row.speaker, row.online_jp, row.hall_jp) for row in snapshot_of(sheet.payload).subjects
        }
        for sheet in sheets(event)
    }
    opening = ("Drs. Wiyono", 0, 2)
    assert told[absent] == {"Asesmen <awal> & lanjut": opening}
    assert told[late] == {"Asesmen <awal> & lanjut": opening, "Bantuan sosial": ("Sri Hartini, S.Sos.", 0, 2)}


def test_a_meeting_with_hours_whose_roll_nobody_took_is_named_before(event: Event) -> None:
    told = "Kehadiran belum dicatat untuk Bantuan sosial."
    assert "belum dicatat" not in event.client.page(PAGE)
    with writing():
        second = db.session.query(Meeting).filter_by(subject="Bantuan sosial").one()
        db.session.query(Attendance).filter_by(meeting_id=second.id).delete()
    assert told in event.client.page(PAGE)
    with writing():
        db.session.query(Meeting).filter_by(subject="Bantuan sosial").one().jp = 0
    assert "belum dicatat" not in event.client.page(PAGE)
    with writing():
        db.session.query(Attendance).delete()
    assert "Kehadiran belum dicatat di sini." in event.client.page(PAGE)


def test_a_sheet_says_the_bimtek_its_day_place_and_decree(event: Event) -> None:
    exempt(event, event.members[0])
    issue(event)
    said = snapshot_of(sheets(event)[0].payload)
    assert (said.activity, said.place, said.role) == ("Bimtek Angkatan I", "Pendopo Kecamatan Pracimantoro", "PESERTA")
    assert said.starts_on == said.ends_on == START.date()
    assert said.legal_basis == "Surat Keputusan Kepala Dinas Sosial Nomor 400.9/11/2026"
    assert said.identity.startswith("Pekerja Sosial Masyarakat Desa ")
    assert said.mode == "tatap muka"
    assert said.number == "001/2026"


def test_where_the_plan_names_no_decree_the_rule_of_the_office_stands(event: Event) -> None:
    with writing():
        db.session.query(Office).update({"legal_basis": "Keputusan Nomor 9"})
        db.session.query(Cohort).update({"basis": ""})
    exempt(event, event.members[0])
    issue(event)
    assert snapshot_of(sheets(event)[0].payload).legal_basis == "Keputusan Nomor 9"


def test_before_issuing_the_page_says_that_the_emblem_is_missing(event: Event) -> None:
    assert "Lambang kantor belum ada" in event.client.page(PAGE)
    with writing():
        db.session.add(Blob(hash="a" * 64, data=b""))
        db.session.flush()
        db.session.query(Office).update({"emblem_hash": "a" * 64})
    assert "Lambang kantor belum ada" not in event.client.page(PAGE)


def test_a_letter_that_no_font_draws_takes_no_number(event: Event) -> None:
    with writing():
        db.session.query(Person).filter_by(name=FORMULA).one().name = "Siti 王"
    exempt(event, event.members[2], event.members[3])
    page = event.client.page(PAGE)
    assert re.search(r"<li>Siti 王<br>[^/]*Nama memuat huruf “王”", page)
    assert "Terbitkan 1 sertifikat" in page
    issue(event)
    assert [(sheet.membership_id, sheet.sequence) for sheet in sheets(event)] == [(event.members[3], 1)]
    assert event.client.send(PAGE).status_code == 422


def test_nobody_gets_a_certificate_of_no_hours(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press(event)
    with writing():
        db.session.query(Meeting).update({"cancelled_at": START})
    event.client.send(job)
    assert not sheets(event)
    assert f"Orang 000: {NO_HOURS}" in event.client.page(PAGE).partition("2 dilewati")[2].partition("</p>")[0]
    assert f'<span class="small">{NO_HOURS}</span>' in event.client.page(PAGE)
    assert event.client.send(PAGE).status_code == 422


def test_a_batch_whose_key_is_ended_meanwhile_stops_in_words(event: Event) -> None:
    exempt(event, *event.members[:2])
    job = press(event)
    with writing():
        keys.keep(KEY, START)
        keys.end(key_id(public_key(KEY)), None, new_key(), START)
    assert event.client.send(job).status_code == 303
    assert keys.KEY_ENDED in event.client.page(job)
    assert not sheets(event)


def test_a_batch_stops_in_words_at_a_number_that_old_paper_has(event: Event, browser: Callable[[], Client]) -> None:
    boss = sign_in(browser(), event.cast.admin)
    papers.written(boss, papers.sheet([["1", "2/2026", "Kertas Lama", "", "", "Bimtek", "11/6/2026"]]))
    exempt(event, event.members[0])
    assert "buku register" not in event.client.page(PAGE)
    exempt(event, event.members[1])
    told = (
        "<b>Nomor 002/2026 sudah ada di buku register</b>; penerbitan akan berhenti di situ. Minta pengelola memajukan"
    )
    assert told in event.client.page(PAGE)
    job = press(event)
    event.client.send(job)
    assert "nomor 002/2026 sudah ada di buku register" in event.client.page(job)
    assert counts(event) == (1, PEOPLE - 2, 1)
    taken = {"aksi": "catat", "dari": "2", "sampai": "2", "alasan": "Sertifikat kertas"}
    assert boss.send("/kelola/nomor/bimtek/manual", **taken).status_code == 303
    assert "buku register" not in event.client.page(PAGE)
    issue(event)
    assert [snapshot_of(each.payload).number for each in sheets(event)] == ["001/2026", "003/2026"]


@pytest.mark.walk
@pytest.mark.parametrize("at_once", [5, PEOPLE])
def test_all_are_printed_in_one_file_by_place_and_in_files_of_their_own(
    event: Event, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(pdf, "SET_AT_ONCE", at_once)
    exempt(event)
    assert event.client.send(f"{PAGE}/cetak.pdf").status_code == 409
    issue(event)
    whole = event.client.send(f"{PAGE}/cetak.pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(whole.data)).pages]
    assert len(pages) == 2 * PEOPLE
    assert all("SERTIFIKAT" in page for page in pages[::2])
    assert all("halaman 2 dari 2" in page for page in pages[1::2])
    order = [each.sheet for each in lot(cohort_facts(event.cast.bimtek)).candidates]
    for sheet, page in zip(order, pages[1::2], strict=True):
        assert sheet is not None
        assert sheet.snapshot.number is not None
        assert sheet.snapshot.number in page
    packed = zipfile.ZipFile(io.BytesIO(event.client.send(f"{PAGE}/berkas.zip").data))
    assert len(packed.namelist()) == len(set(packed.namelist())) == PEOPLE
    assert packed.namelist()[0].startswith("001-orang-011-")
    assert len(PdfReader(io.BytesIO(packed.read(packed.namelist()[0]))).pages) == 2
    noted = [entry.reason for entry in db.session.query(AuditEntry) if entry.action == "berkas diunduh"]
    assert noted == ["sertifikat-b1mtek.pdf", "sertifikat-b1mtek.zip"]


def test_a_correction_keeps_the_number_and_the_old_sheet_says_it_was_replaced(event: Event, client: Client) -> None:
    member = event.members[0]
    exempt(event, member)
    issue(event)
    (old,) = sheets(event)
    page = f"{PAGE}/{old.id}"
    same = event.client.send(page, aksi="betulkan", alasan="Keliru.")
    assert same.status_code == 422
    assert "Tidak ada yang berbeda" in same.get_data(as_text=True)
    with writing():
        who = db.session.query(Person).filter_by(name="Orang 000").one()
        who.name, who.title_after = "Orang Nol", "S.Pd."
    assert "<ins>Orang Nol, S.Pd.</ins>" in event.client.page(page)
    assert event.client.send(page, aksi="betulkan", alasan="").status_code == 422
    answer = event.client.send(page, aksi="betulkan", alasan="Nama salah eja.")
    first, second = sheets(event)
    assert answer.location == f"{PAGE}/{second.id}"
    assert (second.sequence, second.revision, first.revision) == (first.sequence, 1, 0)
    assert "(revisi 1)" in event.client.page(answer.location)
    assert "sudah diganti" in client.page(f"/cek/{first.token}")
    assert "Orang Nol, S.Pd." in client.page(f"/cek/{second.token}")
    assert event.client.send(page, aksi="betulkan", alasan="Lagi.").status_code == 409
    assert counts(event) == (0, PEOPLE - 1, 1)


def test_revoking_says_why_and_its_number_is_not_used_again(event: Event, client: Client) -> None:
    exempt(event, event.members[0])
    issue(event)
    (sheet,) = sheets(event)
    page = f"{PAGE}/{sheet.id}"
    assert event.client.send(page, aksi="cabut", alasan=" ").status_code == 422
    for status in (303, 409):
        assert event.client.send(page, aksi="cabut", alasan="0").status_code == status
    assert "sudah dicabut" in client.page(f"/cek/{sheet.token}")
    kinds = [each.kind for each in db.session.query(CertificateEvent).order_by(CertificateEvent.id)]
    assert kinds == ["issued", "revoked"]
    exempt(event, event.members[1])
    issue(event)
    assert [each.sequence for each in sheets(event)] == [1, 2]
    assert [each.state for each in sheets_in(event.cast.bimtek)] == ["dicabut", "berlaku"]


def test_a_participant_confirms_their_name_once_and_finds_their_sheet(event: Event, client: Client) -> None:
    member = event.members[0]
    person = db.session.get_one(Membership, member).person_id
    exempt(event, member)
    assert "1 orang belum membenarkan namanya" in event.client.page(PAGE)
    hers = sign_in(client, person)
    assert "Benarkah nama dan gelar Anda?" in hers.page("/acara/B1MTEK")
    for _ in range(2):
        assert hers.send("/acara/B1MTEK/nama").location == "/acara/B1MTEK#sertifikat"
    assert "Sudah Anda benarkan" in hers.page("/acara/B1MTEK")
    trainer = Event(event.cast, sign_in(client, event.cast.trainer), event.members)
    assert "belum membenarkan" not in trainer.client.page(PAGE)
    issue(trainer)
    hers = sign_in(client, person)
    issued = sheets(event)[0]
    assert f'<a class="btn" href="/sertifikat/{issued.id}">Lihat sertifikat</a>' in hers.page("/acara/B1MTEK")
    assert f'href="/sertifikat/{issued.id}">{snapshot_of(issued.payload).number}</a>' in hers.page("/saya")


def test_a_trainer_of_another_cohort_and_a_participant_reach_nothing_of_it(event: Event, client: Client) -> None:
    exempt(event, event.members[0])
    issue(event)
    (sheet,) = sheets(event)
    for who in (event.cast.other_trainer, event.cast.participant):
        other = sign_in(client, who)
        for address in (PAGE, f"{PAGE}/{sheet.id}", f"{PAGE}/kecuali/{event.members[0]}"):
            assert other.get(address).status_code == 404
            assert other.send(address, aksi="cabut", alasan="x").status_code == 404


def test_the_dry_run_asks_as_often_for_many_as_for_few(event: Event) -> None:
    exempt(event, *event.members[:6])
    issue(event)

    def asked() -> int:
        with statements() as sent:
            event.client.page(PAGE)
        return len(sent)

    many = asked()
    with writing():
        for member in event.members[1:11]:
            db.session.get_one(Membership, member).left_at = START
    assert asked() == many <= 20


def test_the_dry_run_asks_as_often_with_40_ready_as_with_5(event: Event) -> None:
    def asked() -> int:
        with statements() as sent:
            event.client.page(PAGE)
        return len(sent)

    def ready(*members: int) -> None:
        with writing():
            for member in members:
                db.session.add(Exemption(membership_id=member, reason=REASON, by_id=event.cast.trainer, at=START))

    ready(*event.members[:5])
    assert "Terbitkan 5 sertifikat" in event.client.page(PAGE)
    few = asked()
    more = [add_member(add_person(f"Orang {number}"), event.cast.bimtek) for number in range(35)]
    ready(*more)
    with writing():
        db.session.add_all(came(member, 1, "hadir", f"c{member}") for member in more)
    assert "Terbitkan 40 sertifikat" in event.client.page(PAGE)
    assert asked() == few <= 24


def test_a_batch_s_print_files_carry_the_signed_facts(event: Event) -> None:
    exempt(event, *event.members[:2])
    issue(event)
    held = {short_id(public_key(KEY)): public_key(KEY)}
    whole = event.client.send(f"{PAGE}/cetak.pdf").data
    packed = zipfile.ZipFile(io.BytesIO(event.client.send(f"{PAGE}/berkas.zip").data))
    for file in (whole, *(packed.read(name) for name in packed.namelist())):
        (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(file)[0].render(scale=150 / 72).to_pil())
        verdict, facts = read(code.text, held)
        assert verdict == "benar"
        assert facts is not None
        assert facts.token in [sheet.token for sheet in sheets(event)]


def test_what_a_leaked_key_signed_is_issued_again_under_its_number_by_the_new_one(
    event: Event, client: Client, app: Flask
) -> None:
    exempt(event, event.members[0])
    issue(event)
    (old,) = sheets(event)
    page, fresh = f"{PAGE}/{old.id}", new_key()
    with writing():
        keys.end(key_id(public_key(KEY)), START.astimezone(WIB).date(), fresh, START)
    assert '<span class="tag">✗ ditolak</span>' in event.client.page(PAGE)
    assert "✗ Ditolak" in event.client.page(page)
    assert event.client.send(f"{PAGE}/cetak.pdf").status_code == 409
    exempt(event, event.members[1])
    assert keys.KEY_ENDED in event.client.send(PAGE).get_data(as_text=True)
    assert keys.KEY_ENDED in event.client.send(page, aksi="betulkan", alasan="Bocor.").get_data(as_text=True)
    app.config["SIGNING_KEY"] = fresh
    assert "ditolak saat diperiksa" in event.client.page(page)
    answer = event.client.send(page, aksi="betulkan", alasan="Kuncinya bocor.")
    first, second = sheets(event)
    assert answer.location == f"{PAGE}/{second.id}"
    assert (second.sequence, second.revision) == (first.sequence, 1)
    assert "Sertifikat ini sudah diganti" in client.page(f"/cek/{first.token}")
    assert "✓ Berlaku" in client.page(f"/cek/{second.token}")


def test_place_and_days_are_those_of_the_meetings_somebody_came_to(event: Event) -> None:
    alone, both, never_online = event.members[:3]
    with writing():
        cohort = db.session.get_one(Cohort, event.cast.bimtek)
        cohort.starts_on = START.date() - timedelta(20)
        db.session.query(Attendance).filter_by(membership_id=alone).delete()
        for member in (alone, both):
            person_id = db.session.get_one(Membership, member).person_id
            enrolment = db.session.query(Enrolment).filter_by(person_id=person_id).one()
            for lesson in ("dasar/satu", "dasar/dua", "lanjut/tiga"):
                read_it = Reading(lesson=lesson, edition_id=cohort.edition_id, at=START)
                read_it.enrolment_id = enrolment.id
                db.session.merge(read_it)
    exempt(event, alone, both, never_online)
    issue(event)
    said = {sheet.membership_id: snapshot_of(sheet.payload) for sheet in sheets(event)}
    told = {member: " ".join(sentence(each)) for member, each in said.items()}
    assert "Pendopo" not in told[alone]
    assert "pada tanggal 4 s.d. 24 November 2026, secara daring mandiri, dengan" in told[alone]
    assert "di Pendopo Kecamatan Pracimantoro pada hari Selasa, 24 November 2026, secara tatap muka, " in told[both]
    assert "tatap muka, didahului belajar mandiri secara daring, dengan" in told[both]
    assert "pada hari Selasa, 24 November 2026, secara tatap muka, dengan" in told[never_online]

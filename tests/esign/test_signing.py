"""Certificates signed electronically: chosen, issued, handed out, brought back, kept byte for byte, and checked."""

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from lms.certificate import pdf, register
from lms.certificate.offline import _data
from lms.certificate.pdf import render
from lms.certificate.queries import holding_certificates, own_sheet, sheets_in
from lms.certificate.snapshot import snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import (
    AuditEntry,
    Certificate,
    CertificateEvent,
    Cohort,
    HandedSheet,
    Membership,
    SignedSheet,
    Signer,
)
from lms.esign import queries as signing
from lms.esign import views as tte_views
from lms.esign.signing import MOST_BYTES, MOST_FILES, same_person, uploaded
from tests.certificate.test_batch import PAGE, exempt, issue, sheets
from tests.certificate.test_batch import last_day as last_day
from tests.conftest import KEY, START, Client, add_member, sign_in
from tests.esign.signed import Chain, chain, made, sign
from tests.esign.trusting import believe
from tests.report.conftest import Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

OFFICIAL = "Drs. H. CONTOH, M.Si."


@pytest.fixture
def official(event: Event) -> Chain:
    """The official of the sheets, whose chain the office believes."""
    found = chain(OFFICIAL)
    believe(event.cast.admin, found.root.pem)
    return found


def waiting(event: Event, count: int = 2) -> list[Certificate]:
    """So many sheets that were issued to be signed electronically."""
    assert event.client.send(f"{PAGE}/cara", cara="tte").location == PAGE
    exempt(event, *event.members[:count])
    issue(event)
    return sheets(event)


def handed_out(event: Event) -> list[bytes]:
    answer = event.client.send(f"{PAGE}/tte.zip")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return [packed.read(name) for name in packed.namelist()]


def bring(event: Event, *files: bytes, client: Client | None = None, name: str = "a.pdf") -> str:
    answer = upload(client or event.client, f"{PAGE}/tte", *files, name=name)
    assert answer.status_code in (200, 404, 422), answer.status_code
    return " ".join(answer.get_data(as_text=True).split())


def upload(client: Client, path: str, *files: bytes, name: str = "a.pdf") -> Any:
    """Send files as a browser does; the test client's own way leaves a large form open in a file."""
    sent = [FileStorage(io.BytesIO(data), name) for data in files]
    boundary, body = encode_multipart(MultiDict([("csrf_token", client.token()), *(("berkas", each) for each in sent)]))
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def states(event: Event) -> list[str]:
    db.session.rollback()
    return [each.state for each in sheets_in(event.cast.bimtek)]


def packed(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def test_until_it_is_signed_a_sheet_waits_everywhere_and_then_holds(event: Event, official: Chain) -> None:
    first, second = waiting(event)
    token, public = first.token, event.client.application.test_client()
    assert states(event) == ["menunggu"] * 2
    assert "2 sertifikat menunggu tanda tangan elektronik" in event.client.page(PAGE)
    assert "menunggu tanda tangan" in public.page(f"/cek/{token}").lower()
    assert "✓ Berlaku" not in public.page(f"/cek/{token}")
    assert event.client.get(f"/sertifikat/{first.id}/pdf").location == f"/sertifikat/{first.id}"
    assert event.client.taken(f"{PAGE}/cetak.pdf").status_code == 409, "what waits is not printed"
    one, two = (sign(data, official) for data in handed_out(event))
    assert "2 dari 2 berkas cocok" in bring(event, one, two)
    assert states(event) == ["berlaku"] * 2
    kept = {row.certificate_id: row.data for row in db.session.query(SignedSheet)}
    assert sorted(kept) == sorted([first.id, second.id])
    for sheet in (first, second):
        assert event.client.get(f"/sertifikat/{sheet.id}/pdf").data == kept[sheet.id]
    assert set(kept.values()) == {one, two}
    page = public.page(f"/cek/{token}")
    assert "✓ Berlaku" in page
    assert "PDF-nya sudah ditandatangani secara elektronik" in page
    said = db.session.query(CertificateEvent).filter_by(certificate_id=first.id, kind="signed").one().reason
    assert "Oleh Drs. H. CONTOH, M.Si., " in said
    assert "menurut penanda tangan, rantai " in said
    assert "PDF bertanda tangan elektronik diterima" in event.client.page(f"{PAGE}/{first.id}")


def test_the_signed_files_are_what_is_printed_and_packed_beside_wet_ones(event: Event, official: Chain) -> None:
    waiting(event, 1)
    (signed,) = (sign(data, official) for data in handed_out(event))
    bring(event, signed)
    event.client.send(f"{PAGE}/cara", cara="basah")
    exempt(event, event.members[1])
    issue(event)
    with zipfile.ZipFile(io.BytesIO(event.client.taken(f"{PAGE}/berkas.zip").data)) as archive:
        files = [archive.read(name) for name in archive.namelist()]
    assert len(files) == 2
    assert signed in files
    whole = PdfReader(io.BytesIO(event.client.taken(f"{PAGE}/cetak.pdf").data))
    numbers = [page.extract_text() for page in whole.pages]
    assert len(numbers) == 4
    assert ["001/2026" in numbers[0] or "001/2026" in numbers[2], "002/2026" in "".join(numbers)] == [True, True]


def test_file_names_have_the_number_and_none_is_needed_to_come_back(event: Event, official: Chain) -> None:
    waiting(event)
    answer = event.client.send(f"{PAGE}/tte.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert all("nomor-00" in name for name in archive.namelist())
        files = [sign(archive.read(name), official) for name in archive.namelist()]
    brought = bring(
        event, packed(**{"../../satu.pdf": files[0], "folder/lain.dat": files[1], "__MACOSX/x": b"x"}), name="a.zip"
    )
    assert "2 dari 2 berkas cocok" in brought
    assert "satu.pdf" in brought
    assert ".." not in brought.partition("</ul>")[0].rpartition("<ul")[2]


@pytest.mark.walk
def test_of_many_the_oldest_go_out_first_and_the_page_says_how_many_wait_behind(
    event: Event, official: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tte_views, "MOST_FILES", 2)
    waiting(event, 3)
    page = event.client.page(f"{PAGE}/tte")
    assert "3 sertifikat menunggu tanda tangan. Sekali unduh 2 terlama dulu" in page
    assert [number in page for number in ("001/2026", "002/2026", "003/2026")] == [True, True, False]
    answer = event.client.send(f"{PAGE}/tte.zip")
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = [archive.read(name) for name in archive.namelist()]
    assert [re.findall(r"\d{3}/2026", first_page(each))[0] for each in files] == ["001/2026", "002/2026"]
    bring(event, *(sign(each, official) for each in files))
    page = event.client.page(f"{PAGE}/tte")
    assert "1 sertifikat menunggu tanda tangan. Satu PDF" in page
    assert "003/2026" in page


def first_page(data: bytes) -> str:
    return PdfReader(io.BytesIO(data)).pages[0].extract_text()


def own_state(event: Event, sheet: Certificate) -> str:
    found = own_sheet(event.cast.bimtek, sheet.membership_id)["sheet"]
    assert found
    return found.state


def test_what_was_revoked_waits_no_more_for_its_owner(event: Event) -> None:
    (sheet,) = waiting(event, 1)
    assert own_state(event, sheet) == "menunggu"
    event.client.send(f"{PAGE}/{sheet.id}", aksi="cabut", alasan="Keliru orang.")
    assert own_state(event, sheet) == "dicabut"
    assert event.client.send(f"{PAGE}/tte.zip").status_code == 409


def test_the_same_file_again_changes_nothing_and_another_one_is_not_taken(event: Event, official: Chain) -> None:
    (sheet,) = waiting(event, 1)
    (data,) = handed_out(event)
    signed, again = sign(data, official), sign(data, official)
    assert signed != again
    bring(event, signed)
    events = db.session.query(CertificateEvent).count()
    assert "Sudah tersimpan sebelumnya" in bring(event, signed)
    assert "Yang pertama tetap dipakai" in bring(event, again)
    db.session.rollback()
    assert db.session.query(CertificateEvent).count() == events
    assert db.session.get_one(SignedSheet, sheet.id).data == signed
    assert "2 dari 2 berkas cocok" in bring(event, signed, signed)


def test_what_is_refused_is_refused_in_words_and_nothing_of_it_is_kept(event: Event, official: Chain) -> None:
    first, second = waiting(event)
    one, two = handed_out(event)
    facts = snapshot_of(first.payload)
    forged = render([replace(facts, name="ORANG LAIN")], signing_key=KEY)
    flipped = bytearray(sign(one, official))
    flipped[5_000] ^= 1
    unknown = render([replace(facts, short_code="ZZZZZZZZZZZZ")], signing_key=KEY)
    bad = {
        "Belum ditandatangani.": one,
        "Isi lembar berbeda dari PDF yang diunduh": sign(forged, official),
        "Berkas berubah setelah ditandatangani.": bytes(flipped),
        "Tanda tangan tidak dari rantai yang dipercaya": sign(one, chain(OFFICIAL)),
        "Ditandatangani orang lain, bukan Drs. H. Contoh, M.Si.": sign(
            one, replace(official, official=made("Budi Santoso", official.between))
        ),
        "Nomor tidak dikenal": sign(unknown, official),
        "Bukan PDF.": b"\x00\x01 bukan apa-apa" * 50,
        "PDF ini rusak": b"%PDF-1.7\n" + bytes(range(256)) * 30,
        "Terlalu besar": b"%PDF-1.7\n" + b"0" * MOST_BYTES,
        "Kotak tanda tangan menutupi": sign(one, official, box=(100, 260, 600, 400)),
    }
    told = bring(event, *bad.values(), sign(two, official))
    assert [words for words in bad if told.count(words) != 1] == []
    assert "M.Si.." not in told
    assert "1 dari 11 berkas cocok" in told, "one bad file stops no other"
    assert sorted(states(event)) == ["berlaku", "menunggu"]
    assert [row.certificate_id for row in db.session.query(SignedSheet)] in ([first.id], [second.id])


def test_an_empty_file_is_told_and_a_field_without_a_file_is_none(event: Event, official: Chain) -> None:
    waiting(event)
    one, _ = handed_out(event)
    told = bring(event, b"", sign(one, official))
    assert "1 dari 2 berkas cocok" in told
    assert told.count("Bukan PDF.") == 1
    assert uploaded([("", b"")]) == []


def test_revoking_and_replacing_win_over_waiting(event: Event, official: Chain) -> None:
    first, _ = waiting(event)
    signed = [sign(data, official) for data in handed_out(event)]
    event.client.send(f"{PAGE}/{first.id}", aksi="cabut", alasan="Keliru orang.")
    told = bring(event, *signed)
    assert "Sertifikat sudah dicabut." in told
    assert "1 dari 2 berkas cocok" in told
    assert sorted(states(event)) == ["berlaku", "dicabut"]
    assert "dicabut" in event.client.application.test_client().page(f"/cek/{first.token}").lower()


def test_a_correction_waits_again_and_the_old_file_is_not_taken_for_it(event: Event, official: Chain) -> None:
    (old,) = waiting(event, 1)
    (data,) = handed_out(event)
    bring(event, sign(data, official))
    with writing():
        db.session.get_one(Cohort, event.cast.bimtek).name = "Bimtek Angkatan Satu"
    event.client.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="Nama kegiatan keliru.")
    assert states(event) == ["diganti", "menunggu"]
    assert "sudah diganti revisi" in bring(event, sign(data, official))
    (fresh,) = handed_out(event)
    assert "1 dari 1 berkas cocok" in bring(event, sign(fresh, official))
    assert states(event) == ["diganti", "berlaku"]


def test_what_waits_counts_in_no_record_and_the_book_and_the_saved_page_say_that_it_waits(
    event: Event, official: Chain
) -> None:
    (sheet,) = waiting(event, 1)
    person = db.session.get_one(Membership, sheet.membership_id).person_id

    def told() -> tuple[int, list[str], list[str]]:
        db.session.rollback()
        ended = _data([], START.date())["akhir"]
        return len(holding_certificates(person)), [state for state, _ in ended.values()], [own_sheet_waits()]

    def own_sheet_waits() -> str:
        (line,), _ = register.lines(START.year, "", 1)
        assert own_state(event, sheet) == line["note"].split()[0]
        return str(line["note"])

    assert told() == (0, ["menunggu"], ["menunggu tanda tangan"])
    bring(event, *(sign(data, official) for data in handed_out(event)))
    assert told() == (1, [], ["berlaku"])


def test_more_than_fits_is_refused_before_it_is_read(event: Event) -> None:
    assert upload(event.client, f"{PAGE}/tte", bytes(16 * 2**20)).status_code == 413


def test_who_gives_up_on_it_corrects_to_ink(event: Event) -> None:
    (old,) = waiting(event, 1)
    event.client.send(f"{PAGE}/cara", cara="basah")
    assert "Cara tanda tangan" in event.client.page(f"{PAGE}/{old.id}")
    event.client.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="TTE belum dapat dipakai.")
    assert states(event) == ["diganti", "berlaku"]


def test_a_second_signer_signs_too(event: Event, official: Chain) -> None:
    with writing():
        db.session.add(Signer(name="Sri Wahyuni, S.Sos.", title="Ketua Panitia", side="belakang"))
    waiting(event, 1)
    (data,) = handed_out(event)
    once = sign(data, official)
    told = bring(event, once)
    assert "Belum lengkap: belum ada tanda tangan Sri Wahyuni, S.Sos." in told
    assert "S.Sos.." not in told
    other = replace(official, official=made("SRI WAHYUNI", official.between))
    assert "1 dari 1 berkas cocok" in bring(event, sign(once, other, field="Tanda2", page=1))


def test_the_page_names_who_must_sign(event: Event) -> None:
    told = "Yang harus menandatangani setiap PDF"
    assert told not in event.client.page(f"{PAGE}/tte")
    (sheet,) = waiting(event, 1)
    official = snapshot_of(sheet.payload).signer.name
    assert f"{told}: <b>{official}</b>." in event.client.page(f"{PAGE}/tte")
    with writing():
        db.session.add(Signer(name="Sri Wahyuni, S.Sos.", title="Ketua Panitia", side="belakang"))
    exempt(event, event.members[1])
    issue(event)
    page = event.client.page(f"{PAGE}/tte")
    assert f"{told} (lihat lembarnya): <b>{official}</b>." in page
    assert f"<b>{official}</b> dan <b>Sri Wahyuni, S.Sos.</b> (halaman belakang), keduanya" in page


def test_an_official_who_is_written_otherwise_is_believed_by_their_certificate_or_nip(
    event: Event, official: Chain
) -> None:
    waiting(event, 2)
    one, two = handed_out(event)
    odd = replace(official, official=made("CONTOH HADI", official.between))
    by_nip = replace(official, official=made("C. HADI", official.between, serial="197001011990011001"))
    assert "Ditandatangani orang lain" in bring(event, sign(one, odd))
    believe(event.cast.admin, odd.official.der)
    assert "2 dari 2 berkas cocok" in bring(event, sign(one, odd), sign(two, by_nip))


def test_nobody_brings_or_takes_files_of_a_bimtek_they_do_not_train(event: Event, official: Chain) -> None:
    (sheet,) = waiting(event, 1)
    (data,) = handed_out(event)
    other = event.client.application.test_client()
    sign_in(other, event.cast.other_trainer)
    assert "Cocok" not in bring(event, sign(data, official), client=other)
    assert other.send(f"{PAGE}/tte.zip").status_code == 404
    assert other.send(f"{PAGE}/cara", cara="basah").status_code == 404
    add_member(event.cast.other_trainer, role="pelatih", cohort_id=event.cast.other_bimtek)
    with writing():
        code = db.session.get_one(Cohort, event.cast.other_bimtek).code
    answer = upload(other, f"/pelatih/{code}/sertifikat/tte", sign(data, official))
    assert "Bukan angkatan ini" in answer.get_data(as_text=True)
    assert states(event) == ["menunggu"]
    assert db.session.get(SignedSheet, sheet.id) is None


def test_what_was_handed_out_before_a_new_print_is_known_too(
    event: Event, official: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key or the program may change while files are with the official."""
    waiting(event, 1)
    (before,) = handed_out(event)
    monkeypatch.setattr(pdf, "QR_MASK", 2)
    (after,) = handed_out(event)
    assert before != after
    assert db.session.query(HandedSheet).count() == 2
    assert "1 dari 1 berkas cocok" in bring(event, sign(before, official))


def test_zips_that_want_harm_are_refused_as_a_whole(event: Event) -> None:
    many = packed(**{f"{number}.pdf": b"%PDF" for number in range(MOST_FILES + 1)})
    for data in (
        packed(bomb=bytes(200 * 2**20)),
        packed(**{f"{n}.pdf": b"\0" * 4_000_000 for n in range(9)}),
        many,
        b"PK\x03\x04rusak",
    ):
        answer = upload(event.client, f"{PAGE}/tte", data, name="a.zip")
        assert answer.status_code in (200, 422)
        assert "berkas cocok" not in answer.get_data(as_text=True) or "0 dari" in answer.get_data(as_text=True)
    assert event.client.send(f"{PAGE}/tte").status_code == 422
    assert upload(event.client, f"{PAGE}/tte", b"", name="").status_code == 422


def test_one_file_that_breaks_its_reader_keeps_none_of_the_others_out(
    event: Event, official: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(event, 1)
    (data,) = handed_out(event)
    good = sign(data, official)
    real = signing.run

    def breaks(function: str, payload: bytes, **limits: Any) -> bytes:
        if payload.count(b'"JVBERi') > 1 or b"JVBERi0xLjcgYmVyYX" in payload:
            raise signing.ChildFailed("memory")
        return real(function, payload, **limits)

    monkeypatch.setattr(signing, "run", breaks)
    told = bring(event, b"%PDF-1.7 berat", good)
    assert "1 dari 2 berkas cocok" in told
    assert "terlalu berat untuk dibaca" in told
    told = bring(event, *[b"%PDF-1.7 berat"] * 4, good)
    assert (told.count("terlalu berat untuk"), told.count("Tidak sempat diperiksa")) == (3, 2)


@pytest.mark.parametrize("way", ["0", "TTE", "cap"])
def test_another_way_of_signing_is_none(event: Event, way: str) -> None:
    assert event.client.send(f"{PAGE}/cara", cara=way).status_code == 400
    assert event.client.send(PAGE, cara=way).status_code == 400


def test_the_way_is_chosen_with_the_very_press_that_issues(event: Event) -> None:
    exempt(event, event.members[0])
    assert 'value="basah" checked' in event.client.page(PAGE)
    job = event.client.send(PAGE, cara="tte").location
    event.client.send(job)
    assert states(event) == ["menunggu"]
    exempt(event, event.members[1])
    assert 'value="tte" checked' in event.client.page(PAGE)


def test_what_was_done_is_in_the_log_without_a_name(event: Event, official: Chain) -> None:
    waiting(event, 1)
    bring(event, *(sign(data, official) for data in handed_out(event)), name="siti-aminah.pdf")
    entries = {entry.action: entry for entry in db.session.query(AuditEntry)}
    assert entries["cara tanda tangan dipilih"].reason == "tte"
    assert entries["PDF bertanda tangan disimpan"].object.startswith("certificate:")
    assert not any("aminah" in entry.reason for entry in entries.values())


@pytest.mark.parametrize(
    ("certified", "printed", "same"),
    [
        ("SRI WAHYUNI", "Dra. Sri Wahyuni, M.Si.", True),
        ("Drs. H. Contoh, M.Si", "Drs. H. CONTOH, M.Si.", True),
        ("dr sri wahyuni", "Sri Wahyuni", True),
        ("SRI WAHYUNINGSIH", "Sri Wahyuni", False),
        ("WAHYUNI SRI", "Sri Wahyuni", False),
        ("", "", False),
        ("Drs., M.Si.", "Drs. Contoh", False),
    ],
)
def test_names_are_compared_without_titles_and_case(certified: str, printed: str, same: bool) -> None:
    assert same_person(certified, printed) is same


def test_where_no_chain_is_trusted_the_way_is_not_offered_without_a_warning(event: Event) -> None:
    exempt(event, event.members[0])
    told = "TTE belum dapat dipakai"
    page = event.client.page(PAGE)
    assert told in page
    assert "Mintalah pengelola situs" in page
    believe(event.cast.admin, chain(OFFICIAL).root.pem)
    assert told not in event.client.page(PAGE)


def test_what_waits_is_counted_beside_what_was_issued(event: Event, official: Chain) -> None:
    waiting(event, 2)
    page = event.client.page(PAGE)
    assert "<li><b>0</b> sudah terbit</li>" in page
    assert "<li><b>2</b> menunggu tanda tangan</li>" in page
    bring(event, sign(handed_out(event)[0], official))
    page = event.client.page(PAGE)
    assert "<li><b>1</b> sudah terbit</li>" in page
    assert "<li><b>1</b> menunggu tanda tangan</li>" in page


def test_each_verdict_names_its_sheet_and_a_workbook_is_no_zip(event: Event, official: Chain) -> None:
    waiting(event, 2)
    first, second = handed_out(event)
    told = bring(event, sign(first, official), second)
    assert "1 dari 2 berkas cocok" in told
    for number in ("001/2026", "002/2026"):
        assert re.search(rf'<span class="small">Orang \d+, {number}</span>', told)
    assert "Tandatangani dulu di aplikasinya, lalu unggah lagi." in told
    told = bring(event, packed(**{"satu.pdf": first, "xl/sheet1.xml": b"<x/>"}), name="daftar.xlsx")
    assert "0 dari 1 berkas cocok" in told
    assert "Bukan PDF." in told

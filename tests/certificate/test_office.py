"""`lms office`: the office, its signer and its numbers from one file, or every fault of it at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.certificate.office import OfficeFault, set_office
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, NumberSeries, Office, Signer
from lms.people.office import issuer
from lms.web.dates import tanggal
from tests.certificate.test_take import OFFICE, draft_of
from tests.conftest import START, Cast, Client, sign_in

DAY = START.date()


def keep(data: bytes) -> None:
    with writing():
        set_office(data, START)


def faults(data: bytes) -> list[str]:
    with pytest.raises(OfficeFault) as caught, writing():
        set_office(data, START)
    return caught.value.faults


def test_before_it_is_set_nobody_issues(app: Flask) -> None:
    assert issuer("mandiri", DAY) is None


def test_what_the_file_says_is_who_issues(app: Flask) -> None:
    keep(OFFICE)
    found = issuer("mandiri", DAY)
    assert found is not None
    assert (found.office.name, found.office.address) == ("DINAS SOSIAL", "")
    assert (found.signer.name, found.signer.nip) == ("NAMA REKAAN, S.Sos.", "19000101 192001 1 001")
    assert (found.pattern, found.classification, found.code) == ("{klasifikasi}/{urut:03}/PSM/{tahun}", "400.9", "")
    assert issuer("bimtek", DAY) is None


def test_the_same_file_again_adds_nothing(app: Flask) -> None:
    for _ in range(2):
        keep(OFFICE)
    assert [db.session.query(table).count() for table in (Office, Signer, NumberSeries)] == [1, 1, 1]
    entries = db.session.query(AuditEntry).all()
    assert {entry.action for entry in entries} == {"kantor diatur"}
    assert "REKAAN" not in repr([entry.fields for entry in entries])


def test_a_new_signer_signs_from_now_on_and_the_old_one_is_kept(app: Flask) -> None:
    keep(OFFICE)
    keep(OFFICE.replace(b"NAMA REKAAN", b"NAMA BARU"))
    found = issuer("mandiri", DAY)
    assert found is not None
    assert found.signer.name == "NAMA BARU, S.Sos."
    assert [signer.is_active for signer in db.session.query(Signer).order_by(Signer.id)] == [False, True]


def test_who_gave_way_to_the_file_is_listed_with_the_day_it_happened(app: Flask, client: Client, cast: Cast) -> None:
    keep(OFFICE)
    keep(OFFICE.replace(b"NAMA REKAAN", b"NAMA BARU"))
    page = sign_in(client, cast.admin).get("/kelola/penanda-tangan").text
    past = page[page.index("Yang dulu (1)") :]
    assert "NAMA REKAAN" in past
    assert f"sampai {tanggal(DAY)}" in past
    assert "dikoreksi" in past


def test_a_file_that_is_no_toml_is_said_with_its_line_and_without_english(app: Flask) -> None:
    (fault,) = faults(OFFICE.replace(b'nama = "DINAS SOSIAL"', b'nama = "DINAS SOSIAL'))
    assert fault.startswith("kantor.toml:4: galat: TOML tidak terbaca mulai kolom 21; periksa tanda kutip")
    keep(b"\xef\xbb\xbf" + OFFICE.replace(b"\n", b"\r\n"))


def test_who_signs_before_or_later_stays_when_the_file_names_somebody_new(app: Flask) -> None:
    keep(OFFICE)
    week = timedelta(days=7)
    with writing():
        for name, first, last in (("DULU", DAY - 2 * week, DAY - week), ("PLT", DAY + week, None)):
            db.session.add(Signer(name=name, title="Kepala", valid_from=first, valid_to=last))
    keep(OFFICE.replace(b"NAMA REKAAN", b"NAMA BARU"))
    signing = {day: issuer("mandiri", day) for day in (DAY, DAY + week)}
    assert [found and found.signer.name for found in signing.values()] == ["NAMA BARU, S.Sos.", "PLT"]
    assert [signer.is_active for signer in db.session.query(Signer).order_by(Signer.id)] == [False, True, True, True]


def test_who_ended_signs_again_when_the_file_is_run_again(app: Flask) -> None:
    keep(OFFICE)
    with writing():
        db.session.query(Signer).update({"valid_to": DAY - timedelta(days=1)})
    assert issuer("mandiri", DAY) is None
    keep(OFFICE)
    assert issuer("mandiri", DAY) is not None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nip", "19XXXXXX XXXXXX X XXX", "NIP hanya berisi angka"),
        ("nip", "19700101 199513 1 001", "bukan bulan"),
        ("atas_nama", "Pengganti", "Tulis Plt., Plh., atau a.n."),
        ("nama", "王", "tidak dapat dicetak"),
        ("nama", "N" * 121, "Paling banyak 120"),
    ],
)
def test_the_file_refuses_of_a_signer_what_the_page_refuses(app: Flask, field: str, value: str, words: str) -> None:
    own = {"nama": 'nama = "NAMA REKAAN, S.Sos."', "nip": 'nip = "19000101 192001 1 001"'}
    line = own.get(field, own["nip"])
    found = faults(OFFICE.replace(line.encode(), f'{field} = "{value}"'.encode()))
    assert len(found) == 1
    assert found[0].startswith(f"[penanda_tangan] {field}: ")
    assert words.casefold() in found[0].casefold()


def test_the_file_refuses_letters_that_no_sheet_can_print(app: Flask) -> None:
    found = faults(OFFICE.replace(b"DINAS SOSIAL", "DINAS 王".encode()))
    assert found == ["[kantor] nama: huruf “王” tidak dapat dicetak."]


def test_the_example_in_the_docs_is_taken(app: Flask) -> None:
    keep(Path("docs/contoh/kantor.toml").read_bytes())
    assert issuer("bimtek", DAY) is not None


def test_another_series_is_added_and_the_first_goes_on(app: Flask) -> None:
    keep(OFFICE)
    keep(OFFICE.replace(b"[nomor.mandiri]", b"[nomor.bimtek]").replace(b"/PSM/", b"/BIMTEK/"))
    one, two = issuer("mandiri", DAY), issuer("bimtek", DAY)
    assert one is not None
    assert two is not None
    assert one.series_id != two.series_id


def test_two_series_that_write_the_same_number_are_refused_in_one_file_and_in_two(app: Flask) -> None:
    twins = OFFICE.replace(b"[nomor.mandiri]", b"[nomor.bimtek]").replace(b"{urut:03}", b"{urut}")
    assert "nomor kembar" in faults(OFFICE + twins[twins.index(b"[nomor") :])[0]
    assert db.session.query(NumberSeries).count() == 0
    keep(OFFICE)
    assert "nomor kembar" in faults(twins)[0]
    assert issuer("bimtek", DAY) is None


def test_every_fault_is_said_at_once_and_nothing_is_kept(app: Flask) -> None:
    broken = OFFICE.replace(b'tempat = "Wonogiri"', b'tmpat = "x"').replace(b'jabatan = "Kepala Dinas Sosial"', b"")
    found = faults(broken.replace(b"/{tahun}", b""))
    assert any(fault.startswith("[kantor] tmpat: tidak dikenal") for fault in found)
    assert "[kantor] tempat: wajib diisi dengan teks." in found
    assert "[penanda_tangan] jabatan: wajib diisi dengan teks." in found
    assert any(fault.startswith("[nomor.mandiri] pola: Tahun belum ada") for fault in found)
    assert db.session.query(Office).count() == 0


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[kantor", b"", b"kantor = 1", b"nomor = 3", b"[nomor]\nmandiri = 1"])
def test_what_is_no_such_file_is_refused_in_words(app: Flask, data: bytes) -> None:
    assert all(fault.endswith((".", ")", '…".')) or "TOML" in fault for fault in faults(data))


def test_a_value_that_is_no_text_is_named(app: Flask) -> None:
    assert "[kantor] nama: wajib diisi dengan teks." in faults(OFFICE.replace(b'"DINAS SOSIAL"', b"12"))


def test_the_rule_of_the_office_is_that_of_self_study(app: Flask, cast: Cast) -> None:
    keep(OFFICE)
    assert draft_of(cast.participant).snapshot.legal_basis == ""
    with writing():
        db.session.query(Office).update({"legal_basis": "Keputusan Nomor 9"})
    assert draft_of(cast.participant).snapshot.legal_basis == "Keputusan Nomor 9"
    keep(OFFICE)
    assert db.session.query(Office.legal_basis).scalar() == "Keputusan Nomor 9"

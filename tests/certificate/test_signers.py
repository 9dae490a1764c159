"""Who signs: valid on the day of issue, never changed but by an end, and a second one for the back."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from lms.certificate.office import set_office
from lms.certificate.snapshot import Snapshot, canonical, printed_texts, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry
from lms.db.tables import Signer as Row
from lms.people.names import read_nip
from lms.people.office import issuer, signers_on
from lms.people.signatory import Signatory
from tests.certificate.samples import BIMTEK
from tests.certificate.test_pdf import FULL, LONG_SUBJECTS, assert_inside, letters, opened, overlapping, text_of
from tests.certificate.test_take import OFFICE
from tests.conftest import START, Cast, Client, sign_in

PAGE = "/kelola/penanda-tangan"
DAY = START.date()
HEAD = {
    "sisi": "depan",
    "nama": "Drs. Contoh Kepala, M.Si.",
    "jabatan": "Kepala Dinas Sosial Kabupaten Wonogiri",
    "pangkat": "Pembina Utama Muda",
    "nip": "19700101 199503 1 001",
    "mulai": "2026-01-01",
}
CHAIR = Signatory("Ketua Panitia", "", "Sri Contoh Ketua, S.Sos.", "Penata", "19800101 200503 2 001")
BOTH = replace(BIMTEK, second_signer=CHAIR)


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    with writing():
        set_office(OFFICE.replace(b"nomor.mandiri", b"nomor.bimtek"), START)
        db.session.query(Row).delete()
    return sign_in(client, cast.admin)


def signs(day: date = DAY, side: str = "depan") -> str:
    db.session.rollback()
    found = signers_on(day).get(side)
    return found.name if found else ""


def test_somebody_added_signs_on_their_days_only(boss: Client) -> None:
    assert "Belum ada penanda tangan" in boss.page(PAGE)
    answer = boss.send(PAGE, **HEAD, sampai="2026-12-31")
    assert answer.status_code == 303
    assert "Tersimpan." in boss.page(answer.location)
    assert [signs(day) for day in (date(2025, 12, 31), DAY, date(2026, 12, 31), date(2027, 1, 1))] == [
        "",
        HEAD["nama"],
        HEAD["nama"],
        "",
    ]
    assert "mulai 1 Januari 2026 sampai 31 Desember 2026" in boss.page(PAGE)
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.action, "Contoh" in repr(entry.fields)) == ("penanda tangan ditambahkan", False)


def test_a_deputy_signs_while_they_deputise_and_then_the_head_again(boss: Client) -> None:
    boss.send(PAGE, **HEAD)
    deputy = {**HEAD, "nama": "Dra. Contoh Wakil", "atas_nama": "plt", "mulai": "2026-11-20", "sampai": "2026-11-24"}
    boss.send(PAGE, **deputy)
    assert [signs(DAY + timedelta(days=days)) for days in (-5, 0, 1)] == [HEAD["nama"], deputy["nama"], HEAD["nama"]]
    found = issuer("bimtek", DAY)
    assert found is not None
    assert found.signer.on_behalf == "Plt."


def test_a_form_sent_twice_is_one_signer(boss: Client) -> None:
    for _ in range(2):
        boss.send(PAGE, **HEAD)
    assert db.session.query(Row).count() == 1


def test_a_correction_is_a_row_of_its_own_and_an_end_is_kept(boss: Client) -> None:
    boss.send(PAGE, **HEAD)
    assert boss.send(f"{PAGE}/1", **{**HEAD, "pangkat": "Pembina"}).status_code == 303
    db.session.rollback()
    rows = db.session.query(Row).order_by(Row.id).all()
    assert [(row.rank, row.is_active) for row in rows] == [("Pembina Utama Muda", False), ("Pembina", True)]
    assert (boss.get(f"{PAGE}/1").status_code, boss.send(f"{PAGE}/1", **HEAD).status_code) == (404, 404)
    assert boss.send(f"{PAGE}/2/akhiri", terakhir="2026-11-23").status_code == 303
    assert (signs(DAY - timedelta(days=1)), signs()) == (HEAD["nama"], "")
    page = boss.page(PAGE)
    assert ("berakhir" in page, "dikoreksi" in page, "Belum ada penanda tangan" in page) == (True, True, True)
    for last in ("", "2025-01-01", "besok"):
        refused = boss.send(f"{PAGE}/2/akhiri", terakhir=last)
        assert (refused.status_code, HEAD["nama"] in refused.get_data(as_text=True)) == (422, True)


def test_who_is_corrected_into_somebody_who_is_there_signs_no_more(boss: Client) -> None:
    other = {**HEAD, "nama": "Bu Kedua"}
    boss.send(PAGE, **HEAD)
    boss.send(PAGE, **other)
    assert boss.send(f"{PAGE}/1", **other).status_code == 303
    db.session.rollback()
    assert [(row.name, row.is_active) for row in db.session.query(Row).order_by(Row.id)] == [
        (HEAD["nama"], False),
        ("Bu Kedua", True),
    ]
    assert boss.send(f"{PAGE}/2", **other).status_code == 303  # With nothing changed they go on.
    assert signs() == "Bu Kedua"


def test_the_second_signer_signs_the_back_of_a_bimtek_only(boss: Client) -> None:
    boss.send(PAGE, **HEAD)
    boss.send(PAGE, **{**HEAD, "sisi": "belakang", "nama": CHAIR.name, "jabatan": CHAIR.title, "nip": ""})
    assert (signs(), signs(side="belakang")) == (HEAD["nama"], CHAIR.name)
    with writing():
        set_office(OFFICE.replace(b"/PSM/", b"/PSM-M/"), START)
    pair = [issuer(kind, DAY) for kind in ("bimtek", "mandiri")]
    assert [found and found.second_signer and found.second_signer.name for found in pair] == [CHAIR.name, None]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nama": ""}, "nama"),
        ({"nama": "王"}, "nama"),
        ({"jabatan": " "}, "jabatan"),
        ({"jabatan": "K" * 161}, "jabatan"),
        ({"nip": "19700101 199503 1 00"}, "nip"),
        ({"atas_nama": "untuk Bupati"}, "atas_nama"),
        ({"mulai": "kemarin"}, "mulai"),
        ({"sampai": "2025-12-31"}, "sampai"),
        ({"sisi": "atas"}, "sisi"),
    ],
)
def test_what_can_not_stand_is_said_at_its_field_and_kept(boss: Client, wrong: dict[str, str], field: str) -> None:
    answer = boss.send(PAGE, **{**HEAD, **wrong})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, f'id="{field}-salah"' in text, HEAD["pangkat"] in text) == (422, True, True)
    assert db.session.query(Row).count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("PLH.", "Plh."), ("A.n. Bupati Wonogiri", "a.n. Bupati Wonogiri"), ("an Bupati", "a.n. Bupati")],
)
def test_for_whom_somebody_signs_is_written_as_offices_do(boss: Client, typed: str, kept: str) -> None:
    boss.send(PAGE, **HEAD, atas_nama=typed)
    assert db.session.query(Row.on_behalf).scalar() == kept


def test_a_nip_is_grouped_and_its_parts_are_looked_at() -> None:
    assert read_nip("197001011995031001") == ("19700101 199503 1 001", "")
    for wrong, word in (
        ("19701301 199503 1 001", "tanggal lahir"),
        ("19700101 199513 1 001", "bulan"),
        ("19700101 197503 1 001", "terlalu dekat"),
        ("19700101 199503 3 001", "ke-15"),
        ("19700101 199503 1 000", "nomor urut"),
        ("1970010119950310011", "19 angka"),
        ("１９７００１０１１９９５０３１００１", "hanya berisi angka"),
        ("19XXXXXX XXXXXX X XXX", "hanya berisi angka"),
    ):
        assert (read_nip(wrong)[0], word in read_nip(wrong)[1]) == ("", True), wrong


def test_a_payload_of_before_there_were_two_is_read_and_gives_its_own_bytes() -> None:
    old: dict[str, Any] = json.loads(canonical(BIMTEK))
    assert "second_signer" not in old
    assert canonical(Snapshot.from_dict(old)) == canonical(BIMTEK)
    assert snapshot_of(canonical(BOTH)) == BOTH
    assert canonical(BOTH) != canonical(BIMTEK)
    assert printed_texts(BOTH)["Nama penanda tangan kedua"] == CHAIR.name


def test_the_second_signer_is_printed_on_the_back_in_letters_of_nine_points() -> None:
    document = opened(replace(BOTH, subjects=LONG_SUBJECTS[:6]))
    assert len(document) == 2
    for page in document:
        assert_inside(page)
        assert min(size for _, size, _ in letters(page)) >= 9
    front, back = (text_of(page) for page in document)
    assert CHAIR.name not in front
    for part in ("Ketua Panitia,", CHAIR.name, "Penata", f"NIP {CHAIR.nip}", "halaman 2 dari 2"):
        assert part in back


def test_the_fullest_back_still_has_room_for_the_second_signer() -> None:
    document = opened(replace(FULL, second_signer=FULL.signer))
    last = document[len(document) - 1]
    assert_inside(last)
    assert overlapping(last) == []
    assert FULL.signer.name in text_of(last)


def test_a_title_of_two_lines_for_somebody_else_has_room_on_both_sides() -> None:
    signer = replace(
        FULL.signer, title="Kepala Dinas Sosial / Kabupaten Wonogiri", on_behalf="a.n. Bupati Kabupaten Wonogiri"
    )
    document = opened(replace(FULL, signer=signer, second_signer=signer))
    for page in (document[0], document[len(document) - 1]):
        assert_inside(page)
        assert overlapping(page) == []
        assert "Kepala Dinas Sosial /" not in text_of(page)
        assert "Kabupaten Wonogiri," in text_of(page)


def test_nobody_but_an_admin_sees_who_signs(app: Flask, client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert client.get(PAGE).status_code == 403

"""The list to tick, in bulk, with corrections and their reasons; and the paper."""

import re

import pypdf
import pytest

from lms.certificate.office import set_office
from lms.db.engine import db, writing
from lms.db.settings import ROOT
from lms.db.tables import Attendance, AuditEntry, Person
from tests.bimtek.hall import add_meeting, note, noted, part_of
from tests.conftest import START, Cast, Client, add_member, add_person
from tests.learn.test_queries_count import counted, statements


@pytest.fixture
def page(cast: Cast) -> str:
    for name in ("Wagiyem", "Painem"):
        add_member(add_person(name), cast.bimtek)
    return f"/pelatih/B1MTEK/hadir/{add_meeting(cast.bimtek)}/daftar"


def seen(page: str) -> str:
    """The address at which the list is shown; its form is sent to `page`."""
    return page.replace("/daftar", "?bagian=daftar")


def boxes(text: str) -> list[tuple[str, bool]]:
    """(membership, ticked) of everybody on the page."""
    found = re.findall(r'name="orang" value="(\d+)"( checked)?', text)
    return [(number, bool(mark)) for number, mark in found]


def test_everybody_who_is_ticked_is_noted_once(trainer: Client, cast: Cast, page: str) -> None:
    everybody = [number for number, _ in boxes(trainer.page(seen(page)))]
    assert len(everybody) == 3
    for _ in range(2):
        assert trainer.send(page, orang=everybody[:2], keadaan="hadir").status_code == 303
    assert [(str(member), state, way) for member, state, way in noted(1)] == [
        (everybody[0], "hadir", "daftar"),
        (everybody[1], "hadir", "daftar"),
    ]
    assert "<b>2</b> dari 3 peserta" in trainer.page(seen(page))
    assert [number for number, _ in boxes(trainer.page(f"{seen(page)}&saring=belum"))] == everybody[2:]


def test_all_who_are_missing_can_be_ticked_at_once(trainer: Client, page: str) -> None:
    assert [mark for _, mark in boxes(trainer.page(f"{seen(page)}&saring=belum&centang=semua"))] == [True] * 3


def test_leave_and_a_correction_need_a_reason_and_keep_what_was(trainer: Client, cast: Cast, page: str) -> None:
    member = str(part_of(cast.participant, cast.bimtek))
    refused = trainer.send(page, orang=member, keadaan="izin")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.get_data(as_text=True)
    assert (member, True) in boxes(refused.get_data(as_text=True))
    trainer.send(page, orang=member, keadaan="izin", alasan="Sakit")
    tadi = f"{member}:izin"
    assert f'name="tadi" value="{tadi}"' in trainer.page(seen(page))
    assert trainer.send(page, orang=member, keadaan="hadir", tadi=tadi).status_code == 422
    trainer.send(page, orang=member, keadaan="hadir", tadi=tadi, alasan="Datang siang")
    rows = db.session.query(Attendance).order_by(Attendance.id).all()
    assert [(row.state, row.reason, row.by_id) for row in rows] == [
        ("izin", "Sakit", cast.trainer),
        ("hadir", "Datang siang", cast.trainer),
    ]


def test_who_was_noted_since_the_list_was_shown_is_left_so_and_named(trainer: Client, cast: Cast, page: str) -> None:
    everybody = [number for number, _ in boxes(trainer.page(seen(page)))]
    member = part_of(cast.participant, cast.bimtek)
    note(1, member, "hadir")
    refused = trainer.send(page, orang=everybody, keadaan="izin").get_data(as_text=True)
    assert (str(member), False) in boxes(refused)
    assert "tidak diubah: Siti Aminah (hadir)." in refused
    answer = trainer.send(page, orang=everybody, keadaan="tidak", alasan="Tanpa kabar")
    assert "tidak diubah: Siti Aminah (hadir)." in trainer.page(str(answer.location))
    assert [state for who, state, _ in noted(1) if who == member] == ["hadir"]
    assert [state for who, state, _ in noted(1) if who != member] == ["tidak"] * 2
    again = {"orang": everybody, "keadaan": "tidak", "alasan": "Sudah pulang", "tadi": f"{member}:hadir"}
    assert "terlewat" not in str(trainer.send(page, **again).location)
    assert noted(1)[-1][:2] == (member, "tidak")


def test_what_is_missing_is_told(trainer: Client, cast: Cast, page: str) -> None:
    assert "Beri tanda pada orang" in trainer.send(page, keadaan="hadir").get_data(as_text=True)
    member = str(part_of(cast.participant, cast.bimtek))
    assert "Pilih dulu" in trainer.send(page, orang=member, keadaan="mungkin").get_data(as_text=True)
    stranger = str(part_of(cast.other, cast.other_bimtek))
    for wrong in (stranger, "x", "0", "9" * 40):
        assert trainer.send(page, orang=wrong, keadaan="hadir").status_code == 422
    assert noted(1) == []


@pytest.mark.walk
def test_a_hall_of_300_asks_the_same_as_one_of_three(trainer: Client, cast: Cast, page: str) -> None:
    trainer.lint = False
    pages = (seen(page), page.removesuffix("/daftar"), page.replace("daftar", "kode"), page.replace("daftar", "pindai"))
    few = [len(counted(trainer, each)) for each in pages]
    for number in range(297):
        add_member(add_person(f"Orang {number}"), cast.bimtek)
    everybody = [number for number, _ in boxes(trainer.page(seen(page)))]
    assert len(everybody) == 300
    with statements() as sent:
        assert trainer.send(page, orang=everybody, keadaan="hadir").status_code == 303
    assert len({statement.partition(" VALUES ")[0] for statement in sent}) <= 10, "rows of one insert are traced singly"
    assert len(noted(1)) == 300
    assert [len(counted(trainer, each)) for each in pages] == few
    assert max(few) <= 10


def test_who_noted_people_is_told_how_many(trainer: Client, page: str) -> None:
    assert "baru saja tercatat" not in trainer.page(seen(page))
    everybody = [number for number, _ in boxes(trainer.page(seen(page)))]
    response = trainer.send(page, orang=everybody, keadaan="hadir")
    assert f"{len(everybody)} orang baru saja tercatat." in trainer.page(response.location)
    for planted in ("0", "x", "²", "-1"):
        assert "baru saja tercatat" not in trainer.page(f"{seen(page)}&tercatat={planted}")


def text_of(data: bytes) -> list[str]:
    from io import BytesIO

    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages]


def test_the_paper_has_everybody_by_village_and_two_officials(trainer: Client, cast: Cast, page: str) -> None:
    with writing():
        person = db.session.get_one(Person, cast.participant)
        person.phone, person.sex, person.position = "081234567890", "P", "Ketua IPSM"
        person.title_before, person.title_after = "Hj.", "S.Pd."
        db.session.get_one(Person, cast.participant).region = "33.12.02.2001"
        set_office((ROOT / "docs" / "contoh" / "kantor.toml").read_bytes(), START)
    response = trainer.send("/pelatih/B1MTEK/hadir/daftar.pdf", hari="2026-11-24")
    assert response.mimetype == "application/pdf"
    text = "\n".join(text_of(response.data))
    for words in ("DAFTAR HADIR", "Bimtek Angkatan I", "Selasa, 24 November 2026", "Pendopo Kecamatan Pracimantoro"):
        assert words in text
    for words in ("Tanda tangan", "Pagi", "Siang", "Mengetahui", "Ketua panitia", "Ketua IPSM", "7890"):
        assert words in text
    assert "081234567890" not in text.replace(" ", "")
    assert "Hj. Siti Aminah, S.Pd." in " ".join(text.split())
    assert text.index("Siti Aminah") < text.index("Painem") < text.index("Wagiyem"), (
        "Giritontro comes before Pracimantoro"
    )
    assert db.session.query(AuditEntry).filter_by(action="daftar hadir dicetak").one().reason == "3 orang"


@pytest.mark.parametrize("count", [11, 12, 13, 14, 15, 28])
def test_no_official_signs_a_page_without_people(trainer: Client, cast: Cast, count: int) -> None:
    for number in range(count - 1):
        add_member(add_person(f"Orang {number}"), cast.bimtek)
    pages = text_of(trainer.send("/pelatih/B1MTEK/hadir/daftar.pdf", hari="2026-11-24").data)
    assert f"{count - 1}. {count - 1}." in pages[-1]
    assert f"{count}. {count}." in pages[-1]
    assert "Mengetahui" in pages[-1]
    assert all("Desa/Kelurahan" in each for each in pages), "each page has the heading"


def test_the_paper_can_be_printed_before_anything_is_set(trainer: Client, cast: Cast) -> None:
    for day in ("", "bukan tanggal"):
        data = trainer.send("/pelatih/B1MTEK/hadir/daftar.pdf", hari=day).data
        assert "DINAS SOSIAL" in text_of(data)[0]

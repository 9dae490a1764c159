"""The book of a year: every number once, found by name, number and village, at one cost however long it is."""

import io
from dataclasses import replace
from datetime import datetime, time

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from lms.certificate import actions, keys, queries
from lms.certificate import snapshot as certificate
from lms.certificate.office import set_office
from lms.certificate.snapshot import Snapshot, key_id, new_key, public_key
from lms.db.engine import db, writer, writing
from lms.db.tables import AuditEntry, Certificate, CertificateEvent, Cohort, Person
from lms.web.clock import now
from lms.web.dates import WIB
from tests.certificate.papers import ROWS, sheet, written
from tests.certificate.samples import BIMTEK
from tests.certificate.test_numbers import issue_to, take
from tests.certificate.test_take import OFFICE, draft_of
from tests.conftest import KEY, START, Cast, Client, add_member, sign_in
from tests.learn.test_queries_count import counted

PAGE = "/kelola/register"


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    with writing():
        set_office(OFFICE, START)
    return sign_in(client, cast.admin)


@pytest.fixture
def held(boss: Client, cast: Cast) -> str:
    """One certificate, of somebody from Sumberagung."""
    drafted = draft_of(cast.participant)
    told = {"identity": "Warga Desa Sumberagung, Kecamatan Pracimantoro", "subjects": BIMTEK.subjects}
    named = replace(drafted.snapshot, name="SITI AMINAH, S.Pd.", **told)
    with writing():
        return actions.issue(replace(drafted, snapshot=named), KEY, START)


def book(boss: Client, address: str = PAGE) -> str:
    """A page of it as it is read: where a number may go on in the next line is not seen."""
    return boss.page(address).replace("/<wbr>", "/")


def search(boss: Client, word: str, year: int | str = 2026, **more: str) -> str:
    found = str(boss.send(PAGE, cari=word, tahun=str(year), **more).get_data(as_text=True))
    return found.replace("/<wbr>", "/")


def test_an_empty_year_says_so(boss: Client) -> None:
    assert "Belum ada sertifikat di tahun ini." in book(boss)
    assert "Buku register 2019" in book(boss, f"{PAGE}?tahun=2019")
    assert boss.get(f"{PAGE}?tahun=x&hal=-1").status_code == 200


def test_a_line_has_the_columns_of_the_office(boss: Client, held: str) -> None:
    page = book(boss)
    for words in (
        "400.9/001/PSM/2026",
        "SITI AMINAH, S.Pd.",
        ">Desa Sumberagung, Kecamatan Pracimantoro<",
        '<td data-label="JP">12</td>',
        "24 November 2026",
    ):
        assert words in page
    assert ">berlaku<" in page
    token = db.session.query(Certificate.token).scalar()
    assert f'href="/cek/{token}"' in page


def test_it_is_found_by_name_number_and_village_and_nothing_else(boss: Client, held: str) -> None:
    for word in ("siti aminah", "AMINAH S.Pd", "400.9/001", "sumberagung", "Kecamatan Praci"):
        assert "SITI AMINAH" in search(boss, word).partition("<tbody>")[2], word
    for word in ("sugeng", "%", "_", "-", "…", "400.9/002"):
        found = search(boss, word)
        assert ("Tidak ada baris yang cocok" in found, "SITI AMINAH" in found) == (True, False), word
    assert "SITI AMINAH" in search(boss, " ")
    assert "Tidak ada baris yang cocok" in search(boss, "siti", 2025)


def test_revisions_and_revoking_are_told(boss: Client, cast: Cast, held: str) -> None:
    draft = draft_of(cast.participant)
    with writing():
        second = actions.reissue(
            held, replace(draft, snapshot=replace(draft.snapshot, name="Siti Lain")), KEY, "Nama", now()
        )
    page = book(boss)
    assert ("diganti revisi yang lebih baru" in page, "revisi 1, berlaku" in page) == (True, True)
    with writing():
        actions.revoke(second, "Keliru orang.", now())
    assert "revisi 1, dicabut 24 November 2026: Keliru orang." in book(boss)


def test_what_a_leaked_key_signed_is_refused_in_the_book_as_in_the_check(boss: Client, held: str) -> None:
    assert "berlaku" in book(boss)
    with writing():
        keys.end(key_id(public_key(KEY)), START.astimezone(WIB).date(), new_key(), START)
    page = book(boss)
    assert "ditolak: kunci tanda tangannya diakhiri" in page
    assert ">berlaku<" not in page


def test_who_was_erased_with_it_is_named_no_more_and_found_no_more(boss: Client, cast: Cast, held: str) -> None:
    with writing():
        actions.revoke(held, "Dihapus", now())
        db.session.get_one(Person, cast.participant).erased_at = now()
    page = book(boss)
    assert ("400.9/001/PSM/2026" in page, "SITI AMINAH" in page, "(dihapus)" in page) == (True, False, True)
    assert "Tidak ada baris yang cocok" in search(boss, "siti aminah")


def test_numbers_taken_by_hand_and_paper_stand_in_their_place(boss: Client) -> None:
    take(boss, 2, 4, "Piagam lomba")
    for name in ("Agus", "Bowo"):
        issue_to(name)
    page = book(boss)
    places = [page.index(words) for words in ("400.9/001", "2 sampai 4", "diambil manual: Piagam lomba", "400.9/005")]
    assert places == sorted(places)
    assert "Piagam lomba" in search(boss, "3")
    written(boss, sheet(ROWS))
    assert "2019" in book(boss)
    old = book(boss, f"{PAGE}?tahun=2019")
    assert ("SITI AMINAH" in old, ">kertas<" in old, "11 Juni 2019" in old) == (True, True, True)
    assert "800/13" in search(boss, "sugeng", 2019)


def test_all_years_are_searched_at_once_the_newest_first(boss: Client, held: str) -> None:
    take(boss, 5, 5)
    written(boss, sheet(ROWS))
    assert "Coba sebagian nama, atau semua tahun" in search(boss, "800/12", 2026)
    both = search(boss, "siti aminah", "semua")
    assert "<h1>Buku register semua tahun</h1>" in both
    assert '<option value="semua" selected>' in both
    places = [both.index(words) for words in ("2 baris", "400.9/001/PSM/2026", "800/12/PSM/2019")]
    assert places == sorted(places)
    assert "sugeng" not in both.lower()
    every = book(boss, f"{PAGE}?tahun=semua")
    assert all(words in every for words in ("4 baris", "SITI AMINAH", "Sugeng", "diambil manual: Agenda Mei"))
    assert "800/12" not in book(boss, f"{PAGE}?tahun=2026")
    answer = boss.send(f"{PAGE}.xlsx", tahun="semua", cari="siti")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="buku-register-semua.xlsx"'
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.object, entry.reason) == ("register:semua", "2 baris")


def test_what_was_looked_for_is_what_is_printed(boss: Client, held: str) -> None:
    """The word goes along in the form and in no address."""
    many(held, 600)
    found = search(boss, "siti aminah", "semua")
    form = found[: found.index("Siapkan untuk dicetak")].rpartition("<form")[2]
    for field in ('name="cari" value="siti aminah"', 'name="tahun" value="semua"', 'name="cetak" value="1"'):
        assert field in form
    printed = search(boss, "siti aminah", "semua", cetak="1")
    assert ("601 baris yang memuat" in printed, printed.count("<tr>"), "halaman 1 dari 2" in printed) == (
        True,
        501,
        True,
    )
    assert "data-cetak" in printed
    further = printed[: printed.index("Berikutnya")].rpartition("<form")[2]
    assert ('name="cetak" value="1"' in further, 'name="hal" value="2"' in further) == (True, True)
    assert 'name="cetak"' not in found[: found.index("Berikutnya")].rpartition("<form")[2]
    assert "cari=" not in found + printed


def test_the_spreadsheet_holds_the_year_and_is_noted(boss: Client, held: str) -> None:
    take(boss, 5, 5)
    answer = boss.send(f"{PAGE}.xlsx", tahun="2026")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="buku-register-2026.xlsx"'
    page = load_workbook(io.BytesIO(answer.data)).active
    assert page is not None
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    assert rows[0][:4] == ["No urut", "Nomor", "Nama", "Desa/Kecamatan"]
    assert rows[1][5:7] == [12, datetime.combine(START, time.min)]
    assert page["G4"].number_format == "dd/mm/yyyy"
    assert [row[5:7] for row in rows[2:]] == [[None, None]]
    assert rows[1][:3] == [1, "400.9/001/PSM/2026", "SITI AMINAH, S.Pd."]
    assert rows[2][7] == "diambil manual: Agenda Mei"
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.action, entry.object, entry.reason) == ("buku register diunduh", "register:2026", "2 baris")


def many(certificate_id: str, count: int) -> None:
    """Copies of a certificate under further numbers, as a revision each, since a person has one of its own only."""
    with writing():
        row = db.session.get_one(Certificate, certificate_id)
        copied = {column.name: getattr(row, column.name) for column in Certificate.__table__.columns}
        rows = [
            {
                **copied,
                "id": f"salinan-{number}",
                "token": f"t{number}",
                "short_code": f"k{number}",
                "sequence": number,
                "revision": 1,
            }
            for number in range(2, count + 2)
        ]
        writer().execute(insert(Certificate), rows)
        events = [{"certificate_id": each["id"], "kind": "issued", "reason": "", "at": START} for each in rows]
        writer().execute(insert(CertificateEvent), events)


def test_a_trainer_s_page_of_one_sheet_reads_no_sheet_of_others(
    boss: Client, held: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(cast.trainer, role="pelatih")
    code = db.session.query(Cohort.code).filter_by(kind="mandiri").order_by(Cohort.id).limit(1).scalar()
    trainer, seen = sign_in(boss, cast.trainer), list[bytes]()

    def snapshot_of(payload: bytes) -> Snapshot:
        seen.append(payload)
        return certificate.snapshot_of(payload)

    monkeypatch.setattr(queries, "snapshot_of", snapshot_of)
    assert "SITI AMINAH" in trainer.page(f"/pelatih/{code}/sertifikat/{held}")
    alone = len(seen)
    for name in ("Agus", "Bowo", "Cahyo"):
        issue_to(name)
    trainer.page(f"/pelatih/{code}/sertifikat/{held}")
    assert len(seen) == 2 * alone <= 6
    assert trainer.get(f"/pelatih/{code}/sertifikat/tidak-ada").status_code == 404


@pytest.mark.walk
def test_ten_thousand_lines_cost_no_statement_more(boss: Client, held: str) -> None:
    book(boss)
    ways = (f"{PAGE}?hal=150", f"{PAGE}?cetak=1", f"{PAGE}?tahun=semua&hal=150")
    cost = [len(counted(boss, way)) for way in (PAGE, f"{PAGE}?cetak=1", f"{PAGE}?tahun=semua")]
    many(held, 10_000)
    assert [len(counted(boss, way)) for way in ways] == cost
    page = book(boss, f"{PAGE}?hal=201")
    assert ("10001 baris" in page, "halaman 201 dari 201" in page, page.count("<tr>")) == (True, True, 2)
    assert book(boss, f"{PAGE}?cetak=1").count("<tr>") == 501
    assert "10001 baris" in search(boss, "siti aminah")

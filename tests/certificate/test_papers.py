"""Old paper: brought, looked at, written once; and checked by number and name together, else by nothing."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import count

import pytest

from lms.certificate import check_views, office_views, papers
from lms.certificate.check_views import MISSES_OF_A_NUMBER
from lms.certificate.paper_reading import last_day
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, PaperBatch, PaperCertificate
from tests.certificate.papers import HEADING, ROWS, SITI, bring, separated, sheet, written
from tests.conftest import START, Cast, Client, Time, sign_in
from tests.learn.test_queries_count import statements
from tests.roster.ugly import OLD, opendocument


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.admin)


def ask(client: Client, number: str, name: str) -> tuple[int, str]:
    answer = client.send("/cek/kertas", nomor=number, nama=name)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("make", [sheet, separated])
def test_a_list_is_looked_at_before_it_counts(boss: Client, make: type) -> None:
    place = bring(boss, make(ROWS)).location
    page = boss.page(place)
    for words in ("<b>2</b> baris baru", "<b>3</b> tidak dapat", "Desa</th>", "11 Juni 2019", "kosong: Nomor"):
        assert words in page
    assert "tanggal tidak terbaca: kapan-kapan" in page
    assert "3312010101700001" not in page
    assert "Sumberagung, Kecamatan Pracimantoro" in page
    assert ask(boss, SITI[1], SITI[2])[0] == 404
    assert "Belum ada sertifikat" in boss.page("/kelola/register?tahun=2019")
    assert [boss.send(place).status_code for _ in range(2)] == [303, 303]
    assert ask(boss, SITI[1], SITI[2])[0] == 200
    assert "kertas" in boss.page("/kelola/register?tahun=2019")
    entries = db.session.query(AuditEntry).filter_by(action="sertifikat kertas dimasukkan").all()
    assert [entry.reason for entry in entries] == ["2 baris"]


def test_the_same_file_again_changes_nothing(boss: Client) -> None:
    written(boss, sheet(ROWS))
    before = [(row.id, row.batch_id) for row in db.session.query(PaperCertificate)]
    place = bring(boss, separated(ROWS)).location
    assert "Tidak ada baris baru" in boss.page(place)
    boss.send(place)
    db.session.rollback()
    assert [(row.id, row.batch_id) for row in db.session.query(PaperCertificate)] == before


def webpage(rows: Sequence[Sequence[str]]) -> bytes:
    """The list as the page that offices' programs call .xls."""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADING, *rows))
    return f"<html><body><table>{lines}</table></body></html>".encode()


def opened(rows: Sequence[Sequence[str]]) -> bytes:
    """The list as .ods."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    return opendocument(
        "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in (HEADING, *rows))
    )


@pytest.mark.parametrize(("make", "name"), [(webpage, "lama.xls"), (opened, "lama.ods"), (separated, "lama.csv")])
def test_other_kinds_of_lists_are_read_alike(boss: Client, make: type, name: str) -> None:
    page = boss.page(bring(boss, make(ROWS), name).location)
    for words in ("<b>2</b> baris baru", "<b>3</b> tidak dapat", "11 Juni 2019", "SITI AMINAH, S.Pd."):
        assert words in page
    assert "Judul kolom belum ditemukan" in bring(boss, OLD.read_bytes(), "lama.xls").get_data(as_text=True)


def test_what_is_refused_says_what_to_do(boss: Client) -> None:
    page = boss.page(bring(boss, sheet([*ROWS, ["6", "800/17/PSM/2019", "W" * 121, "", "", "B", "1/1/2019"]])).location)
    for words in (
        "kosong: Nomor; isilah di berkasnya",
        "tanggal tidak terbaca: kapan-kapan; tulis seperti 11 Juni 2019",
        "hapus dulu angkanya",
        "terlalu panjang: Nama; ringkaslah",
        "Betulkan di berkasnya, lalu unggah lagi.",
    ):
        assert words in page


OTHER = [["7", "800/99/PSM/2018", "Wagiman", "Baturetno", "", "Bimtek 2018", "3/5/2018"]]


def test_a_list_is_taken_out_again_with_its_own_rows_and_the_reason(boss: Client, cast: Cast) -> None:
    written(boss, sheet(OTHER))
    place = written(boss, sheet([*ROWS, *OTHER]))
    refused = boss.send(place, aksi="batal", alasan=" ")
    assert (refused.status_code, "Tulis alasannya" in refused.get_data(as_text=True)) == (422, True)
    assert ask(boss, SITI[1], SITI[2])[0] == 200
    assert boss.send(place, aksi="batal", alasan="Daftar tahun lain.").location == "/kelola/kertas"
    assert boss.send(place, aksi="batal", alasan="Lagi.").status_code == 404
    assert ask(boss, SITI[1], SITI[2])[0] == 404
    assert ask(boss, "800/99/PSM/2018", "Wagiman")[0] == 200
    assert "Belum ada sertifikat" in boss.page("/kelola/register?tahun=2019")
    assert "Wagiman" in boss.page("/kelola/register?tahun=2018")
    (entry,) = db.session.query(AuditEntry).filter_by(action="sertifikat kertas dibatalkan")
    assert (entry.actor_id, entry.reason, "2 baris" in entry.fields) == (cast.admin, "Daftar tahun lain.", True)
    written(boss, sheet(ROWS))
    assert ask(boss, SITI[1], SITI[2])[0] == 200


def test_what_two_lists_name_goes_with_the_first_and_comes_back_with_the_second(boss: Client) -> None:
    first = written(boss, sheet(ROWS))
    assert "Tidak ada baris baru" in boss.page(bring(boss, separated(ROWS)).location)
    boss.send(first, aksi="batal", alasan="Tertukar.")
    assert ask(boss, SITI[1], SITI[2])[0] == 404
    written(boss, separated(ROWS))
    assert ask(boss, SITI[1], SITI[2])[0] == 200


def test_a_list_that_was_not_written_makes_room_for_the_next(boss: Client) -> None:
    first = bring(boss, sheet(ROWS)).location
    second = bring(boss, sheet(ROWS)).location
    assert boss.get(first).status_code == 404
    assert "<b>2</b> baris baru" in boss.page(second)
    assert db.session.query(PaperBatch).count() == 1


def test_of_two_lists_brought_at_once_one_waits_and_the_other_is_told(
    boss: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = count(1)

    def after_others() -> AbstractContextManager[None]:
        """Between the first rows and the next another admin brings a list."""
        if next(writes) == 3:
            with writing():
                papers.begin([], cast.admin, START)
        return writing()

    monkeypatch.setattr(office_views, "CHUNK", 1)
    monkeypatch.setattr(office_views, "writing", after_others)
    answer = bring(boss, sheet(ROWS))
    assert (answer.status_code, "daftar Anda tidak tersimpan" in answer.get_data(as_text=True)) == (422, True)
    assert (db.session.query(PaperBatch).count(), db.session.query(PaperCertificate).count()) == (1, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Pilih dulu berkasnya"),
        (b"\x00\x01", "bukan daftar"),
        (b"Nama;Desa\nSiti;Sumberagung", "Judul kolom belum ditemukan"),
        (b"PK\x03\x04rusak", "tidak utuh"),
    ],
)
def test_what_is_no_list_is_refused_in_words(boss: Client, data: bytes, words: str) -> None:
    answer = bring(boss, data)
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    assert db.session.query(PaperBatch).count() == 0


def test_anybody_checks_by_number_and_name_however_they_are_spelt(boss: Client, browser: type) -> None:
    written(boss, sheet(ROWS))
    anybody = browser()
    for number, name in (
        (SITI[1], SITI[2]),
        ("800 / 12 / psm / 2019", "siti aminah s.pd"),
        ("800.12/PSM-2019", "SITIAMINAHSPD"),
    ):
        status, page = ask(anybody, number, name)
        assert (status, "ada di buku register" in page, "Bimtek Dasar PSM" in page) == (200, True, True)


def test_papers_whose_numbers_differ_by_their_strokes_are_two(boss: Client, browser: type) -> None:
    strokes = [("1/12/2019", "Bimtek Dasar"), ("11/2/2019", "Bimtek Lanjutan")]
    written(boss, sheet([["1", number, "Siti", "", "", activity, "11/6/2019"] for number, activity in strokes]))
    anybody = browser()
    for number, activity in strokes:
        assert activity in ask(anybody, number, "siti")[1]
    assert ask(anybody, "1122019", "Siti")[0] == 404


def test_everything_else_has_one_answer_that_tells_nothing(boss: Client, browser: type) -> None:
    written(boss, sheet(ROWS))
    anybody = browser()
    tries = [
        (SITI[1], "Sugeng"),
        ("", SITI[2]),
        (SITI[1], ""),
        ("", ""),
        (SITI[1], "SITI"),
        ("%", "%"),
        ("x" * 500, "\0"),
    ]
    pages = set()
    for number, name in tries:
        status, page = ask(anybody, number, name)
        assert (status, "Tidak ditemukan" in page, "Bimtek Dasar" in page) == (404, True, False)
        shown = page.partition("<h1>")[2].partition("<form")[0]
        pages.add(shown)
    assert len(pages) == 1
    assert "Periksa dengan nomor dan nama" in anybody.page("/cek")
    assert len(anybody.get("/cek/kertas").data) < 10_000


def test_names_are_guessed_at_ten_times_an_hour_for_a_number(boss: Client, browser: type, time: Time) -> None:
    written(boss, sheet(ROWS))
    anybody = browser()
    for place in range(MISSES_OF_A_NUMBER):
        assert ask(anybody, (SITI[1], "800 12 psm 2019")[place % 2], f"Nama {place}")[0] == 404
    status, page = ask(browser(), SITI[1], SITI[2])  # Not even by the right name, and from no other browser.
    assert (status, "Tunggu sebentar" in page, "Bimtek" in page) == (429, True, False)
    assert ask(anybody, "800/13/PSM/2019", "Sugeng")[0] == 200
    time.forward(hours=1)
    assert [ask(anybody, SITI[1], SITI[2])[0] for _ in range(MISSES_OF_A_NUMBER + 1)] == [200] * 11


def test_the_site_answers_so_many_misses_an_hour(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_views, "MISSES_OF_ALL", 3)
    assert [ask(boss, str(number), "Siti")[0] for number in range(5)] == [404, 404, 404, 429, 429]


def test_a_wrong_name_takes_as_long_as_an_unknown_number(boss: Client) -> None:
    written(boss, sheet(ROWS))
    asked = []
    for number, name in ((SITI[1], "Sugeng"), ("9", SITI[2]), ("8", ""), ("7" * 200, "x" * 500)):
        with statements() as sent:
            assert ask(boss, number, name)[0] == 404
        asked.append(len(sent))
    assert asked[0] >= 1
    assert len(set(asked)) == 1


def test_the_day_of_a_range_is_its_last() -> None:
    for text, day in (
        ("9 s.d. 11 Juni 2019", date(2019, 6, 11)),
        ("Selasa, 9 JUNI 2019", date(2019, 6, 9)),
        ("2019-06-09", date(2019, 6, 9)),
        ("9/6/2019", date(2019, 6, 9)),
        ("31 Februari 2019", None),
        ("Juni 2019", None),
    ):
        assert last_day(text) == day, text

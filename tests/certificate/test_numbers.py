"""Under which numbers: the pattern, where counting begins, what the paper agenda took, and fifty at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.certificate import actions, numbers
from lms.certificate.numbering import next_numbers
from lms.certificate.office import set_office
from lms.db.engine import Busy, db, writing
from lms.db.tables import AuditEntry, Certificate, NumberBlock, NumberSeries
from lms.people.office import issuer
from lms.web.clock import now
from tests.certificate.taken import take_already
from tests.certificate.test_take import OFFICE, at_once, draft_of, rows, snapshot
from tests.conftest import KEY, START, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted

PAGE = "/kelola/nomor/mandiri"
PATTERN = "{klasifikasi}/{urut:03}/PSM/{tahun}"


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    with writing():
        set_office(OFFICE, START)
    return sign_in(client, cast.admin)


def upcoming() -> int:
    with writing():
        return numbers.next_sequence(1, 2026)


def take(boss: Client, first: object, last: object, reason: str = "Agenda Mei") -> int:
    return boss.send(f"{PAGE}/manual", aksi="catat", dari=first, sampai=last, alasan=reason).status_code


def begin_at(boss: Client, number: object) -> int:
    return boss.send(f"{PAGE}/manual", aksi="mulai", mulai=number).status_code


def issue_to(name: str) -> str:
    person = add_person(name)
    add_member(person)
    with writing():
        return actions.issue(draft_of(person), KEY, START)


def test_a_pattern_is_shown_before_it_is_kept(boss: Client) -> None:
    typed = {"pola": "{urut}/{kode}/{bulan_romawi}/{tahun}", "kode": "PSM"}
    page = boss.send(PAGE, **typed, aksi="lihat").get_data(as_text=True)
    for number in ("1/PSM/XI/2026", "2/PSM/XI/2026", "3/PSM/XI/2026"):
        assert number in page
    assert db.session.query(NumberSeries.pattern).scalar() == PATTERN
    assert boss.send(PAGE, **typed).status_code == 303
    assert "<li><b>1/PSM/XI/2026</b></li>" in boss.page(PAGE)
    assert db.session.query(NumberSeries.pattern).scalar() == typed["pola"]


def test_a_series_that_is_not_set_yet_begins_here(boss: Client) -> None:
    way = "/kelola/nomor/bimtek"
    assert "belum diatur" in boss.page(way)
    assert "Dari buku agenda" not in boss.page(way)
    assert boss.send(f"{way}/manual", aksi="mulai", mulai="5").status_code == 404
    assert boss.send(way, pola="{urut}/B/{tahun}").status_code == 303
    assert "1/B/2026" in boss.page(way)
    assert boss.get("/kelola/nomor/lain").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pola": "{urut}"}, "Tahun belum ada"),
        ({"pola": "{nomor}/{tahun}"}, "Tanda {nomor} tidak dikenal"),
        ({"pola": "{kode}/{urut}/{tahun}"}, "Pola memakai {kode}"),
        ({"pola": "王/{urut}/{tahun}"}, "tidak dapat dicetak"),
        ({"pola": "{urut}/{tahun}", "kode": "K" * 41}, "Paling banyak 40"),
    ],
)
def test_faults_are_said_in_words(boss: Client, typed: dict[str, str], words: str) -> None:
    answer = boss.send(PAGE, **typed)
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    assert boss.send(PAGE, **typed, aksi="lihat").status_code == 200


def test_two_series_never_write_the_same_number(boss: Client) -> None:
    for pattern, code in (("{klasifikasi}/{urut}/{kode}/{tahun}", "PSM"), ("400.9/{urut:05}/PSM/{tahun}", "")):
        answer = boss.send("/kelola/nomor/bimtek", pola=pattern, klasifikasi="400.9", kode=code)
        assert (answer.status_code, "nomor kembar" in answer.get_data(as_text=True)) == (422, True)
    assert boss.send("/kelola/nomor/bimtek", pola="400.9/{urut:03}/PSM-B/{tahun}").status_code == 303


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("{urut}/{bulan_romawi}/{tahun}", ""), ("{urut}/xii - {tahun}", ""), ("{urut}/{kode}/{tahun}", "VI")],
)
def test_a_month_that_a_series_writes_is_no_code_of_the_other(boss: Client, pattern: str, code: str) -> None:
    assert boss.send(PAGE, pola="{urut:03}/{bulan_romawi}/{tahun}").status_code == 303
    assert boss.send("/kelola/nomor/bimtek", pola=pattern, kode=code).status_code == 422
    assert boss.send("/kelola/nomor/bimtek", pola="{urut}/B/{tahun}").status_code == 303


def test_codes_exchanged_between_the_series_write_no_number_twice(boss: Client, cast: Cast) -> None:
    ways = ("/kelola/nomor/bimtek", PAGE)
    for codes in (("A", "B"), ("B-lama", "A-baru"), ("B", "A")):
        for way, code in zip(ways, codes, strict=True):
            assert boss.send(way, pola="{urut:03}/{kode}/{tahun}", kode=code).status_code == 303
        if codes[0] == "A":
            issue_to("Wulan")
    assert snapshot(rows()[0].id).number == "001/B/2026"
    with writing():
        bimtek = issuer("bimtek", START.date())
        drafted = draft_of(cast.participant)
        with pytest.raises(actions.NumberTaken, match="nomor 001/B/2026 sudah ada"):
            actions.issue(replace(drafted, issuer=bimtek), KEY, START)
    assert len(rows()) == 1


def test_a_number_that_the_book_has_is_told_before_anybody_issues(boss: Client) -> None:
    for at in (2, 3):
        take_already(f"400.9/{at}/psm/2026")
    told = "<b>Nomor 400.9/002/PSM/2026 dan 1 nomor lain sudah ada di buku register</b>; "
    assert told in boss.page(PAGE)
    tried = {"pola": "400.9/{urut:03}/{kode}/{tahun}", "aksi": "lihat"}
    for code, is_taken in (("PSM", True), ("PSM-B", False)):
        assert ("buku register" in boss.send(PAGE, **tried, kode=code).get_data(as_text=True)) == is_taken
    assert begin_at(boss, 4) == 303
    assert "buku register" not in boss.page(PAGE)


def test_with_the_agenda_at_41_the_next_is_42(boss: Client) -> None:
    assert [begin_at(boss, 42) for _ in range(2)] == [303, 303]
    assert upcoming() == 42
    assert snapshot(issue_to("Wulan")).number == "400.9/042/PSM/2026"
    assert [begin_at(boss, number) for number in (42, "0", "dua", "")] == [422] * 4
    assert db.session.query(NumberBlock).count() == 1
    with writing():
        assert numbers.next_sequence(1, 2027) == 1


def test_counting_begins_past_numbers_that_were_noted(boss: Client) -> None:
    assert [take(boss, 10, 20), take(boss, 25, 25), take(boss, 50, 60)] == [303] * 3
    answer = boss.send(f"{PAGE}/manual", aksi="mulai", mulai="15")
    assert (answer.status_code, "Mulailah dari 21." in answer.get_data(as_text=True)) == (422, True)
    assert [begin_at(boss, 42) for _ in range(2)] == [303, 303]
    assert upcoming() == 42
    blocks = db.session.query(NumberBlock.first, NumberBlock.last).order_by(NumberBlock.first)
    assert [tuple(each) for each in blocks] == [(1, 9), (10, 20), (21, 24), (25, 25), (26, 41), (50, 60)]
    assert [begin_at(boss, 61), upcoming()] == [303, 61]


def test_numbers_of_the_agenda_are_skipped_and_nothing_else(boss: Client) -> None:
    assert [take(boss, 2, 3), take(boss, 5, 5), take(boss, 5, 5)] == [303, 303, 303]
    found = [snapshot(issue_to(f"Orang {number}")).number for number in "abc"]
    assert found == [f"400.9/{number:03}/PSM/2026" for number in (1, 4, 6)]
    assert [take(boss, 6, 8), take(boss, 3, 9), take(boss, 9, 8), take(boss, "x", 9), take(boss, 9, 9, "")] == [422] * 5
    assert take(boss, 9, 12) == 303
    answer = boss.send(f"{PAGE}/manual", aksi="catat", dari="11", sampai="13", alasan="x").get_data(as_text=True)
    assert "Nomor 9 sampai 12 sudah dicatat." in answer
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.action, entry.fields, entry.reason) == ("nomor diambil manual", ["9–12/2026"], "Agenda Mei")


def test_a_block_noted_by_mistake_goes_while_it_leaves_no_gap(boss: Client) -> None:
    take(boss, 2, 3)
    take(boss, 8, 9)
    for name in ("Wulan", "Sri"):
        issue_to(name)
    assert boss.send(f"{PAGE}/manual/1/hapus").status_code == 422
    assert [boss.send(f"{PAGE}/manual/2/hapus").status_code for _ in range(2)] == [303, 303]
    assert [(row.first, row.last) for row in db.session.query(NumberBlock)] == [(2, 3)]
    assert "manual/1/hapus" not in boss.page(PAGE)


def test_before_a_block_goes_the_page_says_which_number_comes_next(boss: Client) -> None:
    take(boss, 1, 5)
    take(boss, 8, 9)
    rows = boss.page(PAGE).split("<details><summary>Hapus")[1:]
    assert ["Nomor berikutnya menjadi <b>1</b>" in rows[0], "Nomor berikutnya menjadi <b>6</b>" in rows[1]] == [
        True
    ] * 2
    assert "memakai 8 sampai 9 untuk sertifikat" in rows[1]


def test_the_agenda_of_next_year_begins_and_that_of_last_year_is_completed(boss: Client) -> None:
    assert boss.send(f"{PAGE}/manual", aksi="mulai", mulai="10", tahun="2027").status_code == 303
    typed = {"aksi": "catat", "dari": "3", "sampai": "4", "alasan": "Agenda lama", "tahun": "2025"}
    there = boss.send(f"{PAGE}/manual", **typed).headers["Location"]
    assert "3 sampai 4" in boss.page(there.split("#")[0])
    assert "3 sampai 4" not in boss.page(PAGE)
    assert "400.9/010/PSM/2027" in boss.page(f"{PAGE}?tahun=2027")
    assert upcoming() == 1
    with writing():
        assert numbers.next_sequence(1, 2027) == 10
    assert boss.send(f"{PAGE}/manual/1/hapus", tahun="2025").status_code == 303
    assert db.session.query(NumberBlock).count() == 2
    assert boss.send(f"{PAGE}/manual/1/hapus", tahun="2027").status_code == 303
    assert [row.year for row in db.session.query(NumberBlock)] == [2025]


@pytest.mark.parametrize("year", ["2024", "2028", "x", "99999999999", ""])
def test_another_year_is_this_one(boss: Client, year: str) -> None:
    assert "Dari buku agenda, 2026" in boss.page(f"{PAGE}?tahun={year}")


@pytest.mark.parametrize("year", ["2024", "2028", "2030", "x", ""])
def test_a_form_about_a_year_that_the_page_does_not_offer_is_refused(boss: Client, year: str) -> None:
    forged = {"aksi": "catat", "dari": "3", "sampai": "4", "alasan": "Agenda lama", "tahun": year}
    assert boss.send(f"{PAGE}/manual", **forged).status_code == 400
    assert boss.send(PAGE, pola=PATTERN, klasifikasi="400.9", tahun=year).status_code == 400
    assert db.session.query(NumberBlock).count() == 0


def test_the_answer_stands_where_the_page_jumps_to(boss: Client) -> None:
    there = boss.send(f"{PAGE}/manual", aksi="mulai", mulai="42").headers["Location"]
    assert there.endswith("#manual")
    above, below = boss.page(there.split("#")[0]).split('id="manual"')
    assert ["Tersimpan" in above, "Tersimpan. Nomor berikutnya 42." in below] == [False, True]


def test_after_revoking_no_number_comes_back(boss: Client, time: Time) -> None:
    begin_at(boss, 10)
    first = issue_to("Wulan")
    with writing():
        actions.revoke(first, "", time.now)
    assert snapshot(issue_to("Sri")).number == "400.9/011/PSM/2026"


@pytest.mark.walk
def test_fifty_at_once_have_no_gap_no_double_and_none_of_the_agenda(boss: Client, app: Flask) -> None:
    take(boss, 10, 14)
    take(boss, 30, 30)
    drafts = []
    for number in range(50):
        person = add_person(f"Peserta {chr(65 + number // 26)}{chr(65 + number % 26)}")
        add_member(person)
        drafts.append(draft_of(person))

    def issue(draft: actions.SheetDraft) -> Callable[[], None]:
        def work() -> None:
            for _ in range(100):
                with suppress(Busy), writing():
                    actions.issue(draft, KEY, now())
                    return

        return work

    at_once(app, [issue(draft) for draft in drafts])
    expected = [number for number in range(1, 57) if not 10 <= number <= 14 and number != 30]
    assert sorted(row.sequence or 0 for row in rows()) == expected
    assert len({snapshot(row.id).number for row in rows()}) == 50


def test_the_pages_ask_no_more_with_more_numbers(boss: Client) -> None:
    cost = len(counted(boss, PAGE))
    for number in range(20):
        take(boss, 10 * number + 5, 10 * number + 6)
    assert len(counted(boss, PAGE)) == cost
    assert db.session.query(Certificate).count() == 0


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=6))
def test_what_comes_next_is_the_first_that_nobody_has(newest: int, found: list[tuple[int, int]]) -> None:
    blocks = [(first, first + more) for first, more in found]
    taken = {number for first, last in blocks for number in range(first, last + 1)}
    free = [number for number in range(newest + 1, 200) if number not in taken]
    assert next_numbers(newest, blocks, 5) == free[:5]

"""A trainer brings a list: it is looked at, settled, written in slices, reported and undone."""

import io
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.db.engine import db, read, writing
from lms.db.tables import AuditEntry, Cohort, ExtraTry, ImportRow, Membership, NoticeAgreement, Person
from lms.people import actions as accounts
from lms.people.cards import card_hash, card_token
from lms.people.queries import card_holders
from lms.people.retention import let_go
from lms.people.union import merge
from tests.conftest import KEY, START, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted
from tests.roster.ugly import UGLY

HOME = "/pelatih/B1MTEK/impor"
LIST = (
    "Nama;L/P;Desa;Kecamatan;HP;Jabatan;NIK\n"
    "HJ. SUMINAH, S.Sos;P;Pule;Selogiri;81234567890;Kader;3312010101800001\n"
    "Sugeng;L;Ds. Pule;Selogiri;;Ketua RT;3312010101800002\n"
    "Slamet;L;Sumberejo;;;;3312010101800003\n"
    ";;Pule;Selogiri;;;\n"
)


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer, "Retno Wulandari")


def bring(client: Client, data: bytes | str, name: str = "daftar.csv", home: str = HOME) -> TestResponse:
    data = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": client.token(), "berkas": (io.BytesIO(data), name)}
    return client.post(home, data=form, content_type="multipart/form-data")


def brought(client: Client, data: bytes | str = LIST, name: str = "daftar.csv") -> str:
    """The address of the list."""
    response = bring(client, data, name)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location


def written(client: Client, place: str) -> str:
    """The list's page after all that is clear was written."""
    location = client.send(f"{place}/masukkan").location
    if location.startswith("/kerja/"):
        client.send(location)
        assert client.get(location).location == place
    return client.page(place)


def members() -> list[str]:
    db.session.rollback()
    found = select(Person.name).join(Membership, Membership.person_id == Person.id)
    found = found.join(Cohort, Cohort.id == Membership.cohort_id).where(Cohort.code == "B1MTEK")
    found = found.where(Membership.left_at.is_(None), Membership.role == "peserta")
    return list(db.session.scalars(found.order_by(Person.name)))


def people() -> int:
    return read(select(func.count()).select_from(Person)).scalar_one()


def sums(text: str) -> list[int]:
    return [int(count) for count in re.findall(r"<li[^>]*><b>(\d+)</b>", text)[:3]]


def test_what_was_understood_is_shown_and_nobody_is_made(trainer: Client) -> None:
    before = people()
    text = trainer.page(brought(trainer))
    assert sums(text) == [2, 1, 1]
    assert "Sengaja tidak diambil: NIK." in text
    assert "Desa Sumberejo, Kecamatan Wuryantoro" in text
    assert people() == before


def test_no_number_of_a_card_is_in_the_database(trainer: Client) -> None:
    place = brought(trainer)
    rows = db.session.execute(select(ImportRow.cells, ImportRow.listed)).all()
    assert len(rows) == 5
    assert "3312010101" not in repr(rows)
    assert "3312010101" not in trainer.page(place)


def test_no_number_of_a_card_is_kept_whatever_its_column_is_called(trainer: Client) -> None:
    ugly = UGLY["numbers of cards under other headings and beside names"]()
    place = brought(trainer, ugly.data, ugly.file_name)
    written(trainer, place)
    for table in db.metadata.sorted_tables:
        kept = re.sub(r"[\W_]", "", repr(db.session.execute(select(table)).all()))
        assert not re.search("331201?01?0?180|312010101800|1010180E", kept), table.name
    text = trainer.page(place)
    assert "Sengaja tidak diambil: Identitas; No. KTP." in text
    assert "6 isian memuat angka yang tampak seperti NIK" in text


def test_phones_are_shown_by_their_end(trainer: Client) -> None:
    place = brought(trainer)
    text = trainer.page(f"{place}?bagian=jelas")
    assert "••••7890" in text
    assert "81234567890" not in text


def test_no_number_is_shown_whole_wherever_it_stands(trainer: Client) -> None:
    text = (
        "Nama;Desa;Kecamatan;HP;Jabatan\n"
        "Sugeng 081234567801;Pule;Selogiri;;\n"
        "Wati;Pule 0812 - 3456 - 7802;Selogiri;;\n"
        "Narti;Pule;Selogiri;istri 3456780;\n"
        "Slamet;Pule;Selogiri;;Kader (0812) 3456.7803 / 0812_3456_7804\n"
        "Sri;Pule;Selogiri;;Ketua RT 2019-2024\n"
        "Tarno;Pule;Selogiri;8,1234567E+10;\n"
    )
    place = brought(trainer, text)
    pages = [trainer.page(f"{place}?bagian={part}") for part in ("ragu", "jelas", "tidak")]
    sheet = load_workbook(io.BytesIO(trainer.send(f"{place}/laporan.xlsx").data)).active
    assert sheet is not None
    pages.append(repr([[cell.value for cell in row] for row in sheet.iter_rows()]))
    written(trainer, place)
    pages += [repr(db.session.execute(select(Person.position)).all()), *(trainer.page(f"{place}?bagian=jelas"),)]
    for page in pages:
        shown = page.partition("<main")[2] or page
        assert not re.search(r"(?<![\d.])8?1?2?[ _)-]*34[\W_]?56|3456780|1234567", shown), shown
    assert "••••7801" in pages[2]
    assert "••••7802" in pages[0]
    assert "nomor HP tidak terbaca: ••••780" in pages[1]
    assert "Ketua RT 2019-2024" in pages[1]


def test_what_is_clear_is_written_once_with_cards(trainer: Client, cast: Cast) -> None:
    place = brought(trainer)
    text = written(trainer, place)
    assert "Sudah dimasukkan: 2 orang baru" in text
    assert {"Suminah", "Sugeng"} <= set(members())
    person = db.session.query(Person).filter_by(name="Suminah").one()
    assert (person.title_before, person.title_after, person.region) == ("Hj.", "S.Sos.", "33.12.11.2004")
    assert (person.phone, person.sex, person.position) == ("081234567890", "P", "Kader")
    assert person.card_hash == card_hash(card_token(KEY[::-1], person.id, 1))
    assert person.id in {holder.id for holder in card_holders(cast.bimtek)}
    assert db.session.query(NoticeAgreement).filter_by(person_id=person.id).count() == 0
    before = people()
    written(trainer, place)
    assert people() == before


def test_who_was_on_a_list_is_told_of_their_data_when_they_come_in(
    trainer: Client, browser: Callable[[], Client]
) -> None:
    written(trainer, brought(trainer))
    person = db.session.query(Person).filter_by(name="Suminah").one().id
    theirs = sign_in(browser(), person, "Suminah")
    assert "dimasukkan dari daftar Dinas Sosial" in theirs.page("/saya")
    theirs.send("/saya/pemberitahuan")
    assert "dimasukkan dari daftar" not in theirs.page("/saya")


def test_the_quota_is_told_before_anybody_comes_in_and_gone_beyond_only_knowingly(trainer: Client, cast: Cast) -> None:
    there = add_person("Sugeng")
    add_member(there, cast.bimtek)
    with writing():
        db.session.get_one(Person, there).region = "33.12.11.2004"
    place = brought(trainer)
    assert "Kuota" not in trainer.page(place)
    for quota, told in ((9, "muat semuanya"), (len(members()), "tempatnya sudah habis"), (1, "tempatnya sudah habis")):
        with writing():
            db.session.get_one(Cohort, cast.bimtek).quota = quota
        text = trainer.page(place)
        assert f"Kuota bimtek ini {quota} orang dan sudah ada {len(members())} peserta" in text
        assert told in text
        assert ("1 dari 1 orang yang siap melebihi kuota" in text) == (quota < 9)
    before = members()
    response = trainer.send(f"{place}/masukkan")
    assert response.status_code == 422
    assert "melebihi kuota. Beri tanda dulu" in response.get_data(as_text=True)
    assert members() == before
    trainer.send(trainer.send(f"{place}/masukkan", lebih="ya").location)
    assert "Suminah" in members()
    assert "Kuota" not in trainer.page(place)


def test_the_doubtful_are_written_after_somebody_chose(trainer: Client) -> None:
    place = brought(trainer)
    row = re.search(r'name="baris" value="(\d+)"', trainer.page(place))
    assert row
    response = trainer.send(f"{place}/pilih", baris=row[1], **{f"tulis-{row[1]}": "Desa Antah"})
    assert response.status_code == 422
    assert "“Desa Antah” tidak ada di daftar" in response.get_data(as_text=True)
    trainer.send(f"{place}/pilih", baris=row[1], **{f"desa-{row[1]}": "33.12.09.2002"})
    assert sums(trainer.page(place)) == [3, 0, 1]
    written(trainer, place)
    assert "Slamet" in members()


def test_the_same_file_again_changes_nothing(trainer: Client) -> None:
    written(trainer, brought(trainer))
    before, here = people(), members()
    text = written(trainer, brought(trainer))
    assert "2 sudah menjadi peserta" in text
    assert (people(), members()) == (before, here)


def test_who_became_known_since_the_list_was_looked_at_is_not_made_again(trainer: Client, cast: Cast) -> None:
    one, other = brought(trainer), brought(trainer)
    with writing():
        joined = accounts.add_person("Sugeng", START, region="33.12.11.2004").id
    add_member(joined, cast.bimtek)
    before = people()
    assert "1 orang baru" in written(trainer, one)
    assert (people(), members().count("Sugeng")) == (before + 1, 1)
    here = members()
    assert "2 sudah menjadi peserta" in written(trainer, other)
    assert (people(), members()) == (before + 1, here)


def settle(client: Client, place: str, **fields: str) -> None:
    """Say the same of every row that asks."""
    rows = re.findall(r'name="baris" value="(\d+)"', client.page(f"{place}?bagian=ragu"))
    said = {f"{name}-{row}": value for row in rows for name, value in fields.items()}
    assert client.post(f"{place}/pilih", data={"csrf_token": client.token(), "baris": rows, **said}).status_code == 303


def test_what_was_asked_and_settled_is_not_made_again_by_the_same_file(trainer: Client) -> None:
    text = "Nama;Desa\nSlamet;Sumberejo\nSlamet;Sumberejo\nSiti Aminah;Sumberejo\nSiti Aminnah;Sumberejo\n"
    place = brought(trainer, text)
    assert sums(trainer.page(place)) == [0, 4, 0]
    settle(trainer, place, desa="33.12.09.2002")
    assert sums(trainer.page(place)) == [2, 2, 0]
    settle(trainer, place, orang="-1")
    settle(trainer, place, orang="-3")
    assert sums(trainer.page(place)) == [2, 0, 2]
    written(trainer, place)
    before, here = people(), members()
    assert {"Slamet", "Siti Aminah"} <= set(here)
    again = brought(trainer, text)
    settle(trainer, again, desa="33.12.09.2002")
    written(trainer, again)
    assert (people(), members()) == (before, here)


def test_two_who_were_said_to_be_two_stay_two_by_the_same_file(trainer: Client) -> None:
    text = "Nama;Desa;Kecamatan;HP\nSri Lestari;Pule;Selogiri;081234567890\nSri Lestari;Pule;Selogiri;081234567891\n"
    place = brought(trainer, text)
    settle(trainer, place, orang="0")
    written(trainer, place)
    assert members().count("Sri Lestari") == 2
    before = people()
    again = brought(trainer, text)
    assert sums(trainer.page(again)) == [2, 0, 0]
    written(trainer, again)
    assert people() == before


def row_of(client: Client, place: str, name: str, part: str) -> str:
    """The number of the row with this name, of which "Betulkan" speaks."""
    found = re.search(rf'betul=(\d+)">Betulkan<span class="hidden">: {name}', client.page(f"{place}?bagian={part}"))
    assert found
    return found[1]


def test_every_line_of_the_file_is_told_of(trainer: Client) -> None:
    text = trainer.page(brought(trainer, f"DAFTAR PESERTA\n{LIST};Jumlah;;;;;3\n;;;;;;\nMengetahui;;;;;;\n"))
    assert re.search(r"<b>3</b>bukan orang|<b>4</b>bukan orang", text)
    assert "8 baris dibaca dari berkas. Yang bukan orang: 1 judul kolom, 1 jumlah, 1 kop, 1 tanda tangan." in text
    assert sum(int(count) for count in re.findall(r"<li[^>]*><b>(\d+)</b>", text)[:4]) == 8
    place = re.search(r'href="([^"]+)\?bagian=bukan"', text)
    assert place
    shown = trainer.page(f"{place[1]}?bagian=bukan")
    assert "Mengetahui" in shown
    assert "baris 1" in shown


def test_who_was_left_out_as_the_same_comes_in_as_somebody_else(trainer: Client) -> None:
    text = "Nama;Desa;Kecamatan;HP\nSuharti;Pule;Selogiri;081234567890\nSuharti;Pule;Selogiri;081234567890\n"
    place = brought(trainer, text)
    assert sums(trainer.page(place)) == [1, 0, 1]
    row = row_of(trainer, place, "Suharti", "tidak")
    assert "Masukkan juga, orang lain" in trainer.page(f"{place}?bagian=tidak")
    trainer.send(f"{place}/pilih", baris=row, bagian="tidak", **{f"orang-{row}": "0"})
    assert sums(trainer.page(place)) == [2, 0, 0]
    written(trainer, place)
    assert members().count("Suharti") == 2


def test_who_was_taken_for_somebody_known_may_be_somebody_else(trainer: Client, cast: Cast) -> None:
    known = add_person("Sumarni")
    add_member(known, cast.bimtek)
    place = brought(trainer, "Nama;Desa;Kecamatan\nSumarni;Sumberagung;Pracimantoro\n")
    row = row_of(trainer, place, "Sumarni", "jelas")
    trainer.send(f"{place}/pilih", baris=row, **{f"orang-{row}": "0"})
    written(trainer, place)
    assert members().count("Sumarni") == 2


def test_a_second_namesake_is_not_taken_for_the_one_who_is_known(trainer: Client, cast: Cast) -> None:
    add_member(add_person("Sumarni"), cast.bimtek)
    row = "Sumarni;Sumberagung;Pracimantoro\n"
    assert sums(trainer.page(brought(trainer, f"Nama;Desa;Kecamatan\n{row}{row}"))) == [1, 1, 0]


def test_a_row_is_corrected_in_the_preview(trainer: Client, cast: Cast) -> None:
    text = "Nama;Desa;Kecamatan;HP\nSugeng 2;Pule;Selogiri;O81234567890\nWati;Pule;Selogiri;\n"
    place = brought(trainer, text)
    row = row_of(trainer, place, "Sugeng 2", "tidak")
    page = trainer.page(f"{place}?bagian=tidak&betul={row}")
    assert "Sekarang HP ••••7890" in page
    faulty = {f"nama-{row}": "Sugeng 3", f"hp-{row}": "12", f"tulis-{row}": "Antah"}
    for name, words in (
        (f"nama-{row}", "memuat angka"),
        (f"hp-{row}", "bukan nomor HP"),
        (f"tulis-{row}", "tidak ada"),
    ):
        said = {f"nama-{row}": "Sugeng", name: faulty[name]}
        response = trainer.send(f"{place}/pilih", baris=row, bagian="tidak", betul=row, **said)
        assert response.status_code == 422
        assert words in response.get_data(as_text=True)
        assert sums(trainer.page(place)) == [1, 0, 1]
    said = {
        f"nama-{row}": "Drs. Sugeng",
        f"hp-{row}": "0812 3456 7899",
        f"tulis-{row}": "Sumberagung, Kecamatan Pracimantoro",
    }
    trainer.send(f"{place}/pilih", baris=row, bagian="tidak", **said)
    written(trainer, place)
    person = db.session.query(Person).filter_by(name="Sugeng").one()
    assert (person.title_before, person.phone, person.region) == ("Drs.", "081234567899", "33.12.01.2001")


def test_a_corrected_name_may_be_somebody_known_and_a_row_may_stay_out(trainer: Client, cast: Cast) -> None:
    add_member(add_person("Sumarni"), cast.bimtek)
    place = brought(trainer, "Nama;Desa;Kecamatan\nSumarmi;Sumberagung;Pracimantoro\nWati;Pule;Selogiri\n")
    row, other = row_of(trainer, place, "Sumarmi", "jelas"), row_of(trainer, place, "Wati", "jelas")
    trainer.send(f"{place}/pilih", baris=row, **{f"nama-{row}": "Sumarni"})
    trainer.send(f"{place}/pilih", baris=other, **{f"nama-{other}": "Wati", f"orang-{other}": "lewati"})
    page = trainer.page(f"{place}?bagian=jelas")
    assert sums(page) == [1, 0, 1]
    assert "sudah dikenal: Sumarni" in page
    assert "Semua yang siap sudah menjadi peserta angkatan ini" in page


def test_a_line_that_is_nobody_can_be_made_a_person(trainer: Client) -> None:
    place = brought(trainer, "Nama;Desa;Kecamatan\nSugeng;Pule;Selogiri\nDesa Ratnasari;;\n")
    row = row_of(trainer, place, "Desa Ratnasari", "bukan")
    trainer.send(
        f"{place}/pilih", baris=row, bagian="bukan", **{f"nama-{row}": "Desa Ratnasari", f"desa-{row}": "kosong"}
    )
    assert sums(trainer.page(place)) == [2, 0, 0]


def test_the_work_goes_on_where_it_stood_and_is_one_however_often_it_is_begun(
    trainer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.roster.views.A_TIME", 1)
    place = brought(trainer)
    job = trainer.send(f"{place}/masukkan").location
    assert trainer.send(f"{place}/masukkan").location == job
    monkeypatch.setattr("lms.people.job_views.SLICE_SECONDS", 0.0)
    trainer.send(job)
    assert "Suminah" not in members()
    moments = itertools.count(0, 3)
    monkeypatch.setattr("lms.people.job_views.SLICE_SECONDS", 4.0)
    monkeypatch.setattr("lms.people.job_views.time.monotonic", lambda: next(moments) - 1)
    trainer.send(job)
    assert {"Suminah", "Sugeng"} & set(members()) == {"Suminah"}
    assert "1</b> dari 2" in trainer.page(job)
    trainer.send(job)
    assert {"Suminah", "Sugeng"} <= set(members())


def test_a_cohort_closed_meanwhile_ends_the_work_with_its_reason(trainer: Client, cast: Cast, time: Time) -> None:
    job = trainer.send(f"{brought(trainer)}/masukkan").location
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = time.now
    trainer.send(job)
    assert "sudah ditutup" in trainer.page(job)
    assert "Suminah" not in members()


def test_a_cohort_closed_just_before_the_write_takes_nobody(
    trainer: Client, cast: Cast, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = trainer.send(f"{brought(trainer)}/masukkan").location

    @contextmanager
    def after_another() -> Iterator[None]:
        with writing():
            db.session.get_one(Cohort, cast.bimtek).closed_at = time.now
        with writing():
            yield

    monkeypatch.setattr("lms.roster.views.writing", after_another)
    trainer.send(job)
    assert "sudah ditutup" in trainer.page(job)
    assert "Suminah" not in members()


@pytest.mark.walk
@pytest.mark.parametrize("value", ["", "x", "-", "--1", "0x1", "9" * 30, "\0", "²", "33.12.01.2001", "Sumberejo"])
def test_whatever_a_form_says_is_answered(trainer: Client, value: str) -> None:
    place = brought(trainer)
    row = re.search(r'name="baris" value="(\d+)"', trainer.page(place))
    assert row
    for field in ("baris", f"desa-{row[1]}", f"tulis-{row[1]}", f"orang-{row[1]}", "hal", "bagian", "kolom-0"):
        for step in ("pilih", "kolom"):
            assert trainer.send(f"{place}/{step}", **{"baris": row[1], field: value}).status_code in (303, 422)
    assert trainer.get(f"{place}?bagian={value}&hal={value}").status_code == 200


def test_who_is_known_from_another_cohort_of_mine_is_brought_in_and_not_made_again(trainer: Client, cast: Cast) -> None:
    add_member(cast.trainer, role="pelatih")
    known = add_person("Sumarni")
    add_member(known)
    before = people()
    place = brought(trainer, "Nama;Desa;Kecamatan;JK\nSUMARNI;Sumberagung;Pracimantoro;P\n")
    assert "sudah dikenal: Sumarni" in trainer.page(f"{place}?bagian=jelas")
    written(trainer, place)
    assert people() == before
    assert "Sumarni" in members()
    assert db.session.get_one(Person, known).sex == "P"


def test_who_was_made_one_since_is_that_one_and_whose_account_ended_is_left_out(
    trainer: Client, cast: Cast, time: Time
) -> None:
    add_member(cast.trainer, role="pelatih")
    stays, gone, ended = add_person("Sumarni Dewi"), add_person("Sumarni"), add_person("Wagiman")
    for known in (stays, gone, ended):
        add_member(known)
    place = brought(
        trainer, "Nama;Desa;Kecamatan\nSumarni;Sumberagung;Pracimantoro\nWagiman;Sumberagung;Pracimantoro\n"
    )
    with writing():
        assert merge(stays, gone, cast.trainer, time.now)
        db.session.get_one(Person, ended).deactivated_at = time.now
    before = people()
    text = written(trainer, place)
    assert people() == before
    assert "Sumarni Dewi" in members()
    assert not {"Sumarni", "Wagiman"} & set(members())
    assert sums(text)[2] == 1
    assert "sudah dinonaktifkan" in trainer.page(f"{place}?bagian=tidak")


def test_nobody_of_a_cohort_that_is_not_mine_is_found(trainer: Client, cast: Cast) -> None:
    stranger = add_person("Sumarni")
    add_member(stranger, cast.other_bimtek)
    place = brought(trainer, "Nama;Desa;Kecamatan\nSumarni;Sumberagung;Pracimantoro\n")
    before = people()
    written(trainer, place)
    assert people() == before + 1
    assert stranger not in {holder.id for holder in card_holders(cast.bimtek)}


def test_who_may_be_known_is_shown_beside_them(trainer: Client, cast: Cast) -> None:
    known = add_person("Sumarni Lestari")
    add_member(known, cast.bimtek)
    place = brought(trainer, "Nama;Desa;Kecamatan\nSumarni Lestar;Sumberagung;Pracimantoro\n")
    text = trainer.page(place)
    assert "Ya, sama dengan <b>Sumarni Lestari</b>" in text
    row = re.search(r'name="baris" value="(\d+)"', text)
    assert row
    trainer.send(f"{place}/pilih", baris=row[1], **{f"orang-{row[1]}": "999999"})
    assert sums(trainer.page(place))[1] == 1
    trainer.send(f"{place}/pilih", baris=row[1], **{f"orang-{row[1]}": str(known)})
    before = people()
    written(trainer, place)
    assert people() == before


def test_the_same_name_with_another_sex_is_asked_about(trainer: Client, cast: Cast) -> None:
    known = add_person("Sumarni")
    add_member(known, cast.bimtek)
    with writing():
        db.session.get_one(Person, known).sex = "P"
    text = "Nama;Desa;Kecamatan;L/P\nSumarni;Sumberagung;Pracimantoro;L\nSri;Pule;Selogiri;P\nSri;Pule;Selogiri;L\n"
    place = brought(trainer, text)
    page = trainer.page(place)
    assert sums(page) == [1, 2, 0]
    assert re.search(r"Ya, sama dengan <b>Sumarni</b>.*?Desa Sumberagung, Kecamatan Pracimantoro · P<", page)
    settle(trainer, place, orang="0")
    written(trainer, place)
    assert [members().count(name) for name in ("Sumarni", "Sri")] == [2, 2]
    assert db.session.get_one(Person, known).sex == "P"
    assert sums(trainer.page(brought(trainer, text))) == [3, 0, 0]


def test_a_name_that_only_sounds_the_same_is_asked_about(trainer: Client) -> None:
    place = brought(trainer, "Nama;Desa;Kecamatan\nVani Lestari;Pule;Selogiri\nFani Lestari;Pule;Selogiri\n")
    assert sums(trainer.page(place)) == [1, 1, 0]
    settle(trainer, place, orang="0")
    written(trainer, place)
    assert {"Vani Lestari", "Fani Lestari"} <= set(members())


def test_columns_can_be_named_anew(trainer: Client) -> None:
    place = brought(trainer, "Sugeng,Pule,Selogiri\nWati,Pule,Selogiri\n")
    text = trainer.page(place)
    assert sums(text) == [0, 0, 2]
    assert "Baris judul kolomnya tidak ditemukan. Tentukan dulu kolom mana yang berisi nama orang." in text
    assert "Lanjut: kartu dan undangan" not in text
    assert trainer.send(f"{place}/kolom", **{"kolom-1": "desa"}).status_code == 422
    trainer.send(f"{place}/kolom", **{"kolom-0": "nama", "kolom-1": "desa", "kolom-2": "kecamatan"})
    text = trainer.page(place)
    assert sums(text) == [2, 0, 0]
    assert "tidak ditemukan" not in text


def test_the_report_says_what_became_of_each_row(trainer: Client) -> None:
    place = brought(trainer)
    written(trainer, place)
    response = trainer.send(f"{place}/laporan.xlsx")
    sheet = load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[2] for row in rows[:4]] == ["Suminah", "Sugeng", "Slamet", None]
    became = ["orang baru", "orang baru", "belum dipilih", "tidak dapat dimasukkan", "judul kolom"]
    assert [row[4] for row in rows] == became
    assert rows[3][5] == "nama kosong"
    assert db.session.query(AuditEntry).filter_by(action="laporan daftar diunduh").count() == 1


def test_undone_is_who_did_nothing_since(trainer: Client, cast: Cast, time: Time) -> None:
    known = add_person("Sumarni")
    add_member(cast.trainer, role="pelatih")
    add_member(known)
    place = brought(trainer, f"{LIST}Sumarni;P;Sumberagung;Pracimantoro;;;\n")
    written(trainer, place)
    with writing():
        accounts.add_device(db.session.query(Person).filter_by(name="Sugeng").one().id, "HP", time.now)
    assert trainer.send(f"{place}/batal").status_code == 422
    location = trainer.send(f"{place}/batal", yakin="ya").location
    trainer.send(location)
    text = trainer.page(place)
    assert "2 orang sudah dikeluarkan lagi" in text
    assert "Sugeng" in members()
    assert not {"Suminah", "Sumarni"} & set(members())
    assert db.session.get_one(Person, known).name == "Sumarni"
    assert db.session.query(Person).filter_by(name="Suminah").count() == 0
    assert "(dihapus)" not in trainer.page("/pelatih/B1MTEK?saring=keluar")


def test_undoing_a_list_leaves_whom_another_list_names_and_who_was_given_something(
    trainer: Client, cast: Cast, time: Time
) -> None:
    first = brought(trainer, f"{LIST}Wagiman;L;Pule;Selogiri;;;\nTukiyem;P;Pule;Selogiri;;;\n")
    written(trainer, first)
    written(trainer, brought(trainer, "Nama;Desa;Kecamatan\nSugeng;Pule;Selogiri\n"))
    with writing():
        wagiman = db.session.query(Membership).join(Person).filter(Person.name == "Wagiman").one()
        db.session.add(ExtraTry(membership_id=wagiman.id, quiz="tes:akhir", by_id=cast.trainer, at=time.now))
        tukiyem = db.session.query(Person).filter_by(name="Tukiyem").one().id
        db.session.add(NoticeAgreement(person_id=tukiyem, version="1", at=time.now))
    trainer.send(trainer.send(f"{first}/batal", yakin="ya").location)
    assert {"Sugeng", "Wagiman", "Tukiyem"} <= set(members())
    assert "Suminah" not in members()


def test_after_a_month_it_is_too_late(trainer: Client, time: Time) -> None:
    place = brought(trainer)
    written(trainer, place)
    time.forward(days=30, seconds=1)
    sign_in(trainer, 3, "Retno Wulandari")
    assert trainer.send(f"{place}/batal", yakin="ya").status_code == 409
    assert "Batalkan impor ini" not in trainer.page(place)
    let_go(time.now)
    assert db.session.query(ImportRow).count() == 0
    assert "isinya sudah dihapus" in trainer.page(HOME)
    assert sums(trainer.page(place)) == [0, 0, 0]


def test_a_closed_cohort_takes_nobody(trainer: Client, cast: Cast, time: Time) -> None:
    place = brought(trainer)
    with writing():
        db.session.get_one(Cohort, cast.bimtek).closed_at = time.now
    before = people()
    for response in (bring(trainer, LIST), trainer.send(f"{place}/masukkan"), trainer.send(f"{place}/pilih")):
        assert response.status_code == 409
        assert "sudah ditutup" in response.get_data(as_text=True)
    assert people() == before


def test_a_list_is_settled_by_who_brought_it(trainer: Client, cast: Cast, browser: Callable[[], Client]) -> None:
    place = brought(trainer)
    colleague = add_person("Wiwik")
    add_member(colleague, cast.bimtek, "pelatih")
    other = sign_in(browser(), colleague, "Wiwik")
    assert other.get(place).status_code == 404
    assert "Buka" not in other.page(HOME).partition("<main")[2]


def test_no_file_and_an_empty_one_are_told_apart(trainer: Client) -> None:
    none = trainer.post(HOME, data={"csrf_token": trainer.token()}, content_type="multipart/form-data")
    assert "Pilih dulu berkasnya" in none.get_data(as_text=True)
    assert "kosong (0 byte)" in bring(trainer, b"").get_data(as_text=True)
    for kind in (".tsv", ".xlsm"):
        assert kind in trainer.page(HOME).partition("accept=")[2].partition(">")[0]


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04rusak"])
def test_what_is_no_list_is_refused_kindly(trainer: Client, data: bytes) -> None:
    response = bring(trainer, data)
    assert response.status_code == 422
    fault = re.search(r'<p class="fault" role="alert"[^>]*>([^<]+)<', response.get_data(as_text=True))
    assert fault
    assert re.search("lagi|berkas baru", fault[1])


def test_a_file_that_is_too_large_is_not_read(trainer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.roster.intake.MOST_BYTES", len(LIST) - 1)
    response = bring(trainer, LIST)
    assert response.status_code == 422
    assert "lebih dari 5 MB" in response.get_data(as_text=True)


def test_a_page_costs_the_same_for_many_rows(trainer: Client) -> None:
    few = brought(trainer)
    many = brought(trainer, LIST + "".join(f"Orang {chr(97 + n % 26) * 3} {n}x;L;Sumberejo;;;;\n" for n in range(300)))
    trainer.lint = False
    for part in ("ragu", "jelas", "tidak"):
        costs = [len(counted(trainer, f"{place}?bagian={part}")) for place in (few, many)]
        assert costs[0] == costs[1] <= 10


@pytest.mark.walk
@pytest.mark.parametrize("make", UGLY.values(), ids=UGLY.keys())
def test_every_ugly_list_can_be_looked_at(trainer: Client, make: Callable[[], object]) -> None:
    ugly = make()
    place = brought(trainer, ugly.data, ugly.file_name)  # type: ignore[attr-defined] # Each makes an Ugly.
    for part in ("ragu", "jelas", "tidak"):
        assert trainer.get(f"{place}?bagian={part}").status_code == 200

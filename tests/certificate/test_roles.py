"""Certificates of who spoke or helped: by membership, numbered among all others, with hours given and none learnt."""

import io
import zipfile
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from lms.certificate.candidates import lot
from lms.certificate.hours import speaks
from lms.certificate.snapshot import Snapshot, snapshot_of
from lms.db.engine import db, writing
from lms.db.tables import (
    AuditEntry,
    Certificate,
    CertificateEvent,
    Cohort,
    Meeting,
    Membership,
    Person,
    PersonChange,
    Signer,
)
from lms.people.access import cohort_facts
from lms.report import queries as reports
from tests.certificate.test_batch import PAGE, counts, exempt, issue, last_day, sheets
from tests.conftest import START, Client, add_member, add_person, sign_in
from tests.report.conftest import PEOPLE, Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

__all__ = ["last_day"]

CREW = "/pelatih/B1MTEK/petugas"


@pytest.fixture
def helped(event: Event) -> Event:
    """The bimtek with a speaker of its first meeting, one of none, and somebody of the committee."""
    for role, name in (
        ("narasumber", "Drs. Wiyono, M.Si."),
        ("narasumber", "Dra. Sulastri"),
        ("panitia", "Kartika"),
    ):
        assert event.client.send(CREW, peran=role, nama=name).status_code == 303
    return event


def said(name: str) -> tuple[Certificate, Snapshot]:
    """The newest sheet of somebody, and what it says."""
    found = [(sheet, snapshot_of(sheet.payload)) for sheet in db.session.query(Certificate)]
    return max((each for each in found if name in each[1].name), key=lambda each: each[0].revision)


def person_of(name: str) -> Person:
    return db.session.query(Person).filter_by(name=name).one()


def test_the_dry_run_shows_them_by_role_and_asks_neither_lessons_nor_tests(helped: Event) -> None:
    assert counts(helped) == (3, PEOPLE, 0)
    page = helped.client.page(PAGE)
    assert "<h3>Narasumber (2)</h3>" in page
    assert "<h3>Panitia (1)</h3>" in page
    assert "Membawakan Asesmen &lt;awal&gt; &amp; lanjut." in page
    assert "Tanpa jam pelajaran: namanya tidak ada di" in page
    assert "3 orang belum mengecek namanya" in page
    assert "Terbitkan 3 sertifikat" in page


def test_before_the_last_day_and_where_nothing_was_held_they_lack_it(helped: Event) -> None:
    with writing():
        db.session.get_one(Cohort, helped.cast.bimtek).ends_on = START.date().replace(day=28)
    assert counts(helped) == (0, PEOPLE + 3, 0)
    assert "Kurang: pelaksanaan bimteknya." in helped.client.page(PAGE)
    assert helped.client.send(PAGE).status_code == 422
    with writing():
        db.session.get_one(Cohort, helped.cast.bimtek).ends_on = START.date()
        db.session.query(Meeting).update({"cancelled_at": START})
    assert counts(helped) == (0, PEOPLE + 3, 0)


def test_nobody_of_them_needs_an_exception_or_gets_one(helped: Event) -> None:
    who = db.session.query(Membership).filter_by(role="panitia").one()
    assert helped.client.get(f"{PAGE}/kecuali/{who.id}").status_code == 404
    assert f"kecuali/{who.id}" not in helped.client.page(PAGE)


def test_one_batch_numbers_them_behind_the_participants_with_their_roles_and_hours(helped: Event) -> None:
    exempt(helped, *helped.members[:2])
    issue(helped)
    told = [(each.sequence, snapshot_of(each.payload)) for each in sheets(helped)]
    assert [(number, snapshot.role) for number, snapshot in told] == [
        (1, "PESERTA"),
        (2, "PESERTA"),
        (3, "NARASUMBER"),
        (4, "NARASUMBER"),
        (5, "PANITIA"),
    ]
    spoke = said("Wiyono")[1]
    assert spoke.name == "Drs. Wiyono, M.Si."
    assert [(row.title, row.speaker, row.online_jp, row.hall_jp) for row in spoke.subjects] == [
        ("Asesmen <awal> & lanjut", "", 0, 2)
    ]
    assert [said(name)[1].total_jp for name in ("Sulastri", "Kartika")] == [0, 0]
    assert counts(helped) == (0, PEOPLE - 2, 5)
    assert helped.client.send(PAGE).status_code == 422


def test_who_was_taken_off_is_still_among_the_issued_but_gets_none_anew(helped: Event) -> None:
    issue(helped)
    with writing():
        db.session.query(Membership).filter_by(role="panitia").one().left_at = START
    assert counts(helped) == (0, PEOPLE, 3)
    with writing():
        db.session.query(CertificateEvent).delete()
        db.session.query(Certificate).delete()
    assert counts(helped) == (2, PEOPLE, 0)


def test_who_takes_part_and_helps_gets_one_sheet_for_each(helped: Event) -> None:
    member = db.session.get_one(Membership, helped.members[0])
    with writing():
        db.session.add(
            Membership(person_id=member.person_id, cohort_id=member.cohort_id, role="panitia", joined_at=START)
        )
    exempt(helped, helped.members[0])
    issue(helped)
    issued = [
        snapshot_of(each.payload)
        for each in db.session.query(Certificate).join(Membership).filter_by(person_id=member.person_id)
    ]
    assert sorted((each.role, each.number) for each in issued) == [("PANITIA", "005/2026"), ("PESERTA", "001/2026")]
    assert {each.role: each.total_jp for each in issued} == {"PESERTA": 2, "PANITIA": 0}


def test_they_are_printed_last_checked_listed_and_found_in_the_register(helped: Event, client: Client) -> None:
    exempt(helped, helped.members[0])
    issue(helped)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(helped.client.taken(f"{PAGE}/cetak.pdf").data)).pages]
    for role, page in zip(("PESERTA", "NARASUMBER", "NARASUMBER", "PANITIA"), pages[::2], strict=True):
        assert role in page
    assert "tanpa jam pelajaran" in pages[-1]
    assert len(zipfile.ZipFile(io.BytesIO(helped.client.taken(f"{PAGE}/berkas.zip").data)).namelist()) == 4
    sheet, _ = said("Wiyono")
    check = client.page(f"/cek/{sheet.token}")
    assert "<dd>NARASUMBER</dd>" in check
    assert "Bimtek Angkatan I, 2 JP dibawakan" in check
    assert "JP" not in client.page(f"/cek/{said('Kartika')[0].token}").partition("Kegiatan")[2].partition("</dd>")[0]
    register = sign_in(client, helped.cast.admin).page("/kelola/register")
    assert "narasumber, berlaku" in register
    assert "panitia, berlaku" in register
    named = reports.crew(helped.cast.bimtek)
    assert {named[row[0]].name for row in reports.certificates(helped.cast.bimtek) if row[0] in named} == {
        "Drs. Wiyono, M.Si.",
        "Dra. Sulastri",
        "Kartika",
    }
    assert [state for *_, state in reports.certificates(helped.cast.bimtek)] == ["berlaku"] * 4


def test_a_sheet_of_theirs_is_corrected_under_its_number_and_revoked(helped: Event, client: Client) -> None:
    issue(helped)
    old, _ = said("Wiyono")
    page = f"{PAGE}/{old.id}"
    assert f'href="{CREW}/{old.membership_id}#betulkan">halaman orangnya' in helped.client.page(page)
    with writing():
        person_of("Wiyono").title_after = "M.M."
        db.session.query(Meeting).filter_by(subject="Bantuan sosial").update({"speaker": "Wiyono dan Sri Hartini"})
    assert "<ins>Drs. Wiyono, M.M.</ins>" in helped.client.page(page)
    helped.client.send(f"{CREW}/keluar", anggota=str(old.membership_id))
    assert "<ins>Drs. Wiyono, M.M.</ins>" in helped.client.page(page)
    answer = helped.client.send(page, aksi="betulkan", alasan="Gelarnya keliru.")
    fresh, snapshot = said("Wiyono")
    assert answer.location == f"{PAGE}/{fresh.id}"
    assert (fresh.sequence, fresh.revision, snapshot.total_jp) == (old.sequence, 1, 4)
    assert "sudah diganti" in client.page(f"/cek/{old.token}")
    assert helped.client.send(answer.location, aksi="cabut", alasan="Tidak hadir.").status_code == 303
    assert "sudah dicabut" in client.page(f"/cek/{fresh.token}")


def test_their_trainer_finds_their_sheets_beside_their_names_and_what_happened_behind_them(helped: Event) -> None:
    who = db.session.query(Membership).filter_by(person_id=person_of("Wiyono").id).one().id
    home = f"{CREW}/{who}"
    assert f'<a href="{home}">Drs. Wiyono, M.Si.</a>' in helped.client.page(CREW)
    assert "Sertifikat 00" not in helped.client.page(CREW)
    assert "Belum ada. Sertifikat terbit dari halaman" in helped.client.page(home)
    issue(helped)
    old, snapshot = said("Wiyono")
    link = f'<a href="{PAGE}/{old.id}">Sertifikat {snapshot.number}</a>'
    assert f'{link} <span class="tag ok">✓ berlaku</span>' in helped.client.page(CREW)
    assert helped.client.page(CREW).count("✓ berlaku") == 3
    assert f"{link} Terbit oleh " in helped.client.page(home)
    with writing():
        person_of("Wiyono").title_after = "M.M."
    helped.client.send(f"{PAGE}/{old.id}", aksi="betulkan", alasan="Gelarnya keliru.")
    fresh = said("Wiyono")[0]
    helped.client.send(f"{PAGE}/{fresh.id}", aksi="cabut", alasan="Tidak hadir.")
    page = helped.client.page(CREW)
    assert f'{snapshot.number} (revisi 1)</a> <span class="tag">✗ dicabut</span>' in page
    assert link not in page
    helped.client.send(f"{CREW}/keluar", anggota=str(who))
    told = helped.client.page(home)
    assert told.index("Gelarnya keliru.") < told.index("Tidak hadir.")
    assert f"{link} Diganti oleh " in told


@pytest.mark.parametrize("who", ["participant", "elsewhere", "nobody"])
def test_such_a_page_is_of_the_bimtek_s_own_crew_only(helped: Event, who: str) -> None:
    far = add_member(add_person("Jauh"), helped.cast.other_bimtek, "panitia")
    members = {"participant": helped.members[0], "elsewhere": far, "nobody": 999_999_999}
    assert helped.client.get(f"{CREW}/{members[who]}").status_code == 404


def test_a_sample_of_theirs_is_called_one(helped: Event) -> None:
    with writing():
        db.session.query(Signer).one().is_active = False
    issue(helped)
    assert helped.client.page(CREW).count(">Contoh sertifikat</a>") == 3
    who = db.session.query(Membership).filter_by(role="panitia").one().id
    assert ">Contoh sertifikat</a> Terbit oleh " in helped.client.page(f"{CREW}/{who}")


def test_their_trainer_corrects_what_is_printed_and_what_it_was_is_kept(
    helped: Event, browser: Callable[[], Client]
) -> None:
    who = person_of("Wiyono")
    member, phone = db.session.query(Membership).filter_by(person_id=who.id).one().id, who.phone
    home, theirs = f"{CREW}/{member}", sign_in(browser(), who.id)
    assert theirs.send("/acara/B1MTEK/nama").status_code == 303
    issue(helped)
    sheet, _ = said("Wiyono")
    assert "memuat data lama" not in helped.client.page(home)
    data = {"nama": "Wiyono  Slamet", "gelar_depan": "Drs.", "gelar_belakang": "M.M.", "jabatan": "Kepala  Bidang"}
    after = helped.client.page(helped.client.send(home, **data, desa="33.12.01.2001", hp="081200000000").location)
    assert "Data sudah disimpan." in after
    assert f'href="{PAGE}/{sheet.id}#betulkan">terbitkan revisinya' in after
    assert "<ins>Drs. Wiyono Slamet, M.M.</ins>" in helped.client.page(f"{PAGE}/{sheet.id}")
    assert "<ins>Kepala Bidang</ins>" in helped.client.page(f"{PAGE}/{sheet.id}")
    kept = db.session.query(PersonChange).filter_by(person_id=who.id, by_id=helped.cast.trainer)
    assert {each.field: each.old for each in kept} == {"name": "Wiyono", "title_after": "M.Si.", "position": ""}
    noted = db.session.query(AuditEntry).filter_by(action="data diperbaiki").one()
    assert (noted.actor_id, noted.object) == (helped.cast.trainer, f"person:{who.id}")
    db.session.expire_all()
    person = db.session.get_one(Person, who.id)
    assert (person.region, person.phone) == (None, phone), "only what is printed"
    assert db.session.get_one(Membership, member).name_confirmed_at is None, "a changed name is asked about anew"
    assert "gelar di belakang, jabatan" in sign_in(browser(), helped.cast.admin).page("/kelola/catatan")
    assert "Tidak ada yang berubah" in helped.client.page(helped.client.send(home, **data).location)
    helped.client.send(f"{PAGE}/{sheet.id}", aksi="betulkan", alasan="Gelarnya keliru.")
    assert (said("Wiyono")[1].name, said("Wiyono")[1].identity) == ("Drs. Wiyono Slamet, M.M.", "Kepala Bidang")
    assert "memuat data lama" not in helped.client.page(home)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nama": ""}, "nama"),
        ({"nama": "王"}, "nama"),
        ({"gelar_depan": "{7}"}, "gelar_depan"),
        ({"gelar_belakang": "S" * 41}, "gelar_belakang"),
        ({"jabatan": "K" * 81}, "jabatan"),
        ({"jabatan": "a\0b"}, "jabatan"),
        ({"jabatan": "王 官"}, "jabatan"),
        ({"jabatan": "3312010101800001"}, "jabatan"),
    ],
)
def test_what_can_not_be_printed_of_them_comes_back(helped: Event, changed: dict[str, str], field: str) -> None:
    member = db.session.query(Membership).filter_by(role="panitia").one().id
    data = {"nama": "Kartika", "gelar_depan": "", "gelar_belakang": "S.Sos.", "jabatan": "Staf"} | changed
    answer = helped.client.send(f"{CREW}/{member}", **data)
    assert answer.status_code == 422
    assert f'id="{field}-salah"' in answer.get_data(as_text=True)
    assert 'value="S.Sos."' in answer.get_data(as_text=True) or field == "gelar_belakang"
    assert not db.session.query(PersonChange).count()


def test_in_a_closed_bimtek_a_name_is_still_corrected(helped: Event) -> None:
    assert helped.client.send("/pelatih/B1MTEK/acara", aksi="tutup", yakin="ya").status_code == 303
    assert "Nama yang keliru masih dapat dibetulkan" in helped.client.page(CREW)
    member = db.session.query(Membership).filter_by(role="panitia").one().id
    assert helped.client.send(f"{CREW}/{member}", nama="Kartika Sari").status_code == 303
    assert "<h1>Kartika Sari</h1>" in helped.client.page(f"{CREW}/{member}")


def test_the_dry_run_shows_their_posts_and_where_both_are_corrected(helped: Event) -> None:
    with writing():
        person_of("Kartika").position = "Sekretaris Camat"
    page = helped.client.page(PAGE)
    assert '<span class="small quiet">Sekretaris Camat</span>' in page
    assert f'<a href="{CREW}">halaman mereka</a>' in page


def test_they_confirm_their_name_and_find_their_sheet(helped: Event, browser: Callable[[], Client]) -> None:
    theirs = sign_in(browser(), person_of("Wiyono").id)
    page = theirs.page("/acara/B1MTEK")
    assert "Nanti tercetak: <b>Drs. Wiyono, M.Si.</b>, sebagai narasumber" in page
    assert theirs.send("/acara/B1MTEK/nama").status_code == 303
    assert "Sudah Anda benarkan" in theirs.page("/acara/B1MTEK")
    assert "2 orang belum mengecek namanya" in helped.client.page(PAGE)
    issue(helped)
    sheet, _ = said("Wiyono")
    assert f"/sertifikat/{sheet.id}" in theirs.page("/acara/B1MTEK")
    assert theirs.get(f"/sertifikat/{sheet.id}/pdf").status_code == 200
    assert sign_in(browser(), person_of("Kartika").id).get(f"/sertifikat/{sheet.id}").status_code == 404


def test_a_trainer_who_speaks_sees_their_own_sheet_and_one_who_does_not_confirms_nothing(helped: Event) -> None:
    assert helped.client.send("/acara/B1MTEK/nama").status_code == 404
    with writing():
        db.session.add(
            Membership(person_id=helped.cast.trainer, cohort_id=helped.cast.bimtek, role="narasumber", joined_at=START)
        )
    assert "sebagai narasumber" in helped.client.page("/acara/B1MTEK")
    assert helped.client.send("/acara/B1MTEK/nama").status_code == 303


def test_who_was_taken_off_is_no_candidate(helped: Event) -> None:
    who = db.session.query(Membership).filter_by(role="panitia").one()
    helped.client.send(f"{CREW}/keluar", anggota=str(who.id))
    found = lot(cohort_facts(helped.cast.bimtek))
    assert [each.role for each in found.ready] == ["narasumber", "narasumber"]


@pytest.mark.parametrize(
    ("speaker", "name", "is_one"),
    [
        ("Drs. Wiyono, M.Si.", "Wiyono", True),
        ("WIYONO", "Wiyono", True),
        ("Sri Hartini, S.Sos. dan Drs. Wiyono", "Wiyono", True),
        ("Sri Hartini; Wiyono", "Wiyono", True),
        ("Rr. Sri Hartini, S.Sos.", "Rr. Sri Hartini", True),
        ("Wiyono Slamet", "Wiyono", False),
        ("Sri Hartini", "Sri", False),
        ("Ramdan", "Ram", False),
        ("", "Wiyono", False),
        ("12", "Wiyono", False),
    ],
)
def test_a_speaker_is_known_by_name_whatever_the_titles(speaker: str, name: str, is_one: bool) -> None:
    assert speaks(speaker, name) is is_one

"""Whose name, titles and post a trainer corrects of those who speak or help, also when that changes meanwhile."""

import re
from collections.abc import Callable

import pytest

from lms.certificate import cohort_views
from lms.certificate.snapshot import printed_texts
from lms.db.engine import db, writing
from lms.db.tables import Cohort, CourseEditor, ErasureRequest, Membership, Person, PersonChange
from lms.people.erasure import carry_out
from lms.people.union import merge
from tests.certificate.test_batch import PAGE, issue, last_day
from tests.certificate.test_roles import CREW, helped, person_of, said
from tests.conftest import START, Client, add_member, add_person, after, sign_in
from tests.report.conftest import Event, event, exams

__all__ = ["event", "exams", "helped", "last_day"]

ALL = {"nama": "Kartika Baru", "gelar_depan": "", "gelar_belakang": "", "jabatan": "Staf"}
OWN_NAME = "hanya dapat dibetulkan oleh orangnya sendiri, di halaman Saya"


def page_of(person_id: int) -> str:
    """The page of somebody of the committee."""
    return f"{CREW}/{db.session.query(Membership).filter_by(person_id=person_id, role='panitia').one().id}"


def take_off(helped: Event, page: str) -> None:
    assert helped.client.send(f"{CREW}/keluar", anggota=page.rpartition("/")[2]).status_code == 303


@pytest.fixture
def kartika(helped: Event) -> str:
    """The page of who helps and is no staff."""
    return page_of(person_of("Kartika").id)


@pytest.fixture
def retno(helped: Event) -> str:
    """The page of a trainer who helps, too."""
    sent = helped.client.send(CREW, nama="Retno Wulandari", peran="panitia", orang=helped.cast.trainer)
    assert sent.status_code == 303
    return page_of(helped.cast.trainer)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen after a correction was read and before it is written."""
    return lambda what: monkeypatch.setattr(cohort_views, "writing", lambda: after(what))


def test_who_was_erased_meanwhile_gets_no_name_back(
    helped: Event, kartika: str, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    person_id = person_of("Kartika").id

    def erase() -> None:
        asked = ErasureRequest(person_id=person_id, asked_at=START, keep_certificates=False)
        db.session.add(asked)
        db.session.flush()
        assert carry_out(asked.id, helped.cast.admin, START)

    meanwhile(erase)
    answer = helped.client.send(kartika, **ALL)
    assert answer.status_code == 409
    assert "Sudah berubah lebih dulu" in answer.get_data(as_text=True)
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    assert (person.name, person.position) == ("(dihapus)", "")
    assert not db.session.query(PersonChange).count()


def test_who_was_made_one_with_another_meanwhile_is_left_alone(
    helped: Event, kartika: str, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    gone, stays = person_of("Kartika").id, add_person("Kartika Dua")
    meanwhile(lambda: merge(stays, gone, helped.cast.admin, START))
    assert helped.client.send(kartika, **ALL).status_code == 409
    db.session.rollback()
    assert db.session.get_one(Person, gone).name == "Kartika"


@pytest.mark.parametrize("how", ["admin", "password", "trainer", "editor"])
def test_who_was_made_staff_meanwhile_keeps_the_name(
    helped: Event, kartika: str, meanwhile: Callable[[Callable[[], object]], None], how: str
) -> None:
    person_id = person_of("Kartika").id

    def promote() -> None:
        person = db.session.get_one(Person, person_id)
        if how == "admin":
            person.is_admin = True
        elif how == "password":
            person.login = "kartika.masuk"
        elif how == "trainer":
            part = {"cohort_id": helped.cast.other_bimtek, "role": "pelatih", "joined_at": START}
            db.session.add(Membership(person_id=person_id, **part))
        else:
            course_id = db.session.get_one(Cohort, helped.cast.bimtek).course_id
            db.session.add(CourseEditor(person_id=person_id, course_id=course_id, at=START))

    meanwhile(promote)
    answer = helped.client.send(kartika, **ALL)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Belum ada yang tersimpan." in told
    assert OWN_NAME in told
    db.session.rollback()
    assert (person_of("Kartika").position, db.session.query(PersonChange).count()) == ("", 0)


def test_who_was_taken_off_meanwhile_is_left_alone(
    helped: Event, kartika: str, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    def leave() -> None:
        db.session.query(Membership).filter_by(person_id=person_of("Kartika").id).update({"left_at": START})

    meanwhile(leave)
    answer = helped.client.send(kartika, **ALL)
    assert answer.status_code == 409
    assert "sudah dikeluarkan dari bimtek ini" in answer.get_data(as_text=True)
    assert person_of("Kartika").position == ""


def test_of_staff_the_post_alone_is_corrected_and_the_name_is_theirs(
    helped: Event, retno: str, browser: Callable[[], Client]
) -> None:
    page = helped.client.page(retno)
    assert OWN_NAME in page
    assert re.findall(r'<input id="(\w+)"', page) == ["jabatan"]
    after = helped.client.page(helped.client.send(retno, jabatan="Kepala  Bidang").location)
    assert "Data sudah disimpan." in after
    assert 'value="Kepala Bidang"' in after
    db.session.rollback()
    staff = db.session.get_one(Person, helped.cast.trainer)
    assert (staff.name, staff.position) == ("Retno Wulandari", "Kepala Bidang")
    refused = helped.client.send(retno, **ALL)
    assert refused.status_code == 409
    assert "Belum ada yang tersimpan." in refused.get_data(as_text=True)
    assert "Pelatih baru" not in refused.get_data(as_text=True)
    assert helped.client.send(retno).status_code == 422, "a form without fields empties no post"
    db.session.rollback()
    assert db.session.get_one(Person, helped.cast.trainer).position == "Kepala Bidang"
    assert 'name="nama"' in sign_in(browser(), helped.cast.trainer).page("/saya/perbaiki")


def test_the_sheet_of_staff_says_who_corrects_what(helped: Event, retno: str) -> None:
    issue(helped)
    sheet = said("Retno")[0]
    told = helped.client.page(f"{PAGE}/{sheet.id}")
    assert f'href="{retno}#betulkan">halaman orangnya</a> (nama dan gelar petugas situs ini: oleh orangnya' in told
    helped.client.send(retno, jabatan="Kepala Bidang")
    assert "<ins>Kepala Bidang</ins>" in helped.client.page(f"{PAGE}/{sheet.id}")


def test_who_can_not_sign_in_any_more_is_corrected_as_a_guest(helped: Event, kartika: str, retno: str) -> None:
    with writing():
        person_of("Kartika").deactivated_at = START
    assert "juga petugas" not in helped.client.page(kartika)
    listed = helped.client.page(CREW)
    assert listed.count("Akunnya dinonaktifkan, jadi tidak dapat masuk.") == 1
    assert listed.count("Masuk dengan akun petugasnya sendiri.") == 1
    assert helped.client.send(kartika, **ALL).status_code == 303
    assert "<h1>Kartika Baru</h1>" in helped.client.page(kartika)


def test_who_was_taken_off_is_corrected_while_a_sheet_is_theirs(helped: Event, kartika: str) -> None:
    issue(helped)
    sheet = said("Kartika")[0]
    take_off(helped, kartika)
    assert f'href="{kartika}#betulkan"' in helped.client.page(f"{PAGE}/{sheet.id}")
    assert "sudah dikeluarkan" not in helped.client.page(kartika)
    assert helped.client.send(kartika, **ALL).status_code == 303
    assert "<ins>Kartika Baru</ins>" in helped.client.page(f"{PAGE}/{sheet.id}")
    answer = helped.client.send(f"{PAGE}/{sheet.id}", aksi="betulkan", alasan="Namanya keliru.")
    assert answer.status_code == 303
    assert said("Kartika")[1].name == "Kartika Baru"


def test_who_was_taken_off_without_a_sheet_is_not_and_the_page_says_so(helped: Event, kartika: str) -> None:
    take_off(helped, kartika)
    for told in (helped.client.page(kartika), helped.client.send(kartika, **ALL).get_data(as_text=True)):
        assert "sudah dikeluarkan dari bimtek ini dan tidak mempunyai sertifikatnya" in told
        assert 'name="nama"' not in told
    assert helped.client.send(kartika, **ALL).status_code == 409
    assert helped.client.send(kartika, jabatan="Staf").status_code == 409
    assert not db.session.query(PersonChange).count()


def test_a_letter_that_can_not_be_printed_is_named_by_its_field(helped: Event, kartika: str) -> None:
    answer = helped.client.send(kartika, **ALL | {"jabatan": "王 官"})
    assert "Jabatan memuat huruf “王” (U+738B) yang tidak dapat dicetak." in answer.get_data(as_text=True)
    with writing():
        person_of("Kartika").position = "王"
    assert "Jabatan memuat huruf “王”" in helped.client.page(PAGE)
    assert "Keterangan peserta" not in helped.client.page(PAGE)


def test_a_post_with_a_stroke_is_compared_in_one_line_as_it_is_printed(helped: Event, kartika: str) -> None:
    issue(helped)
    sheet, snapshot = said("Kartika")
    assert "Jabatan" in printed_texts(snapshot)
    assert helped.client.send(kartika, **ALL | {"jabatan": "Staf / Bendahara"}).status_code == 303
    told = helped.client.page(f"{PAGE}/{sheet.id}")
    assert '<dt>Jabatan</dt><dd class="written"><del>kosong</del><br><ins>Staf / Bendahara</ins>' in told


def test_another_bimtek_s_sheet_opens_nothing_here(helped: Event, kartika: str) -> None:
    issue(helped)
    far = add_member(person_of("Kartika").id, helped.cast.other_bimtek, "panitia")
    with writing():
        said("Kartika")[0].membership_id = far
    take_off(helped, kartika)
    assert helped.client.send(kartika, **ALL).status_code == 409

"""Speakers and committee: they belong to a bimtek, find its page, are counted nowhere and see no desk."""

import html
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from lms.bimtek import actions as survey
from lms.db.engine import db, writing
from lms.db.tables import (
    Attendance,
    AuditEntry,
    Certificate,
    CourseEditor,
    Enrolment,
    Meeting,
    Membership,
    NoticeAgreement,
    Person,
)
from lms.people.cards import card_hash
from tests.conftest import SLUG, START, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted
from tests.report.conftest import Event
from tests.report.conftest import event as event
from tests.report.conftest import exams as exams

DESK = "/pelatih/B1MTEK"
PAGE = f"{DESK}/petugas"
WIYONO = {"nama": "DRS. WIYONO, M.Si", "hp": "0812 3456 7890", "peran": "narasumber"}
COUNTING = (
    "/pelatih",
    DESK,
    f"{DESK}?saring=macet",
    f"{DESK}/hadir/1",
    f"{DESK}/hadir/1?bagian=daftar",
    f"{DESK}/tes",
    f"{DESK}/tes?bagian=awal",
    f"{DESK}/tes?bagian=akhir",
    f"{DESK}/tes?bagian=peningkatan",
    f"{DESK}/survei",
    f"{DESK}/rtl",
    f"{DESK}/laporan",
    f"{DESK}/undangan",
    f"{DESK}/ganda",
    f"{DESK}/kotak?bagian=catatan",
    "/pelatih/jangkauan",
)


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def crew() -> list[tuple[str, str, str, str, str]]:
    """(role, title, name, title, phone) of everybody who speaks or helps."""
    db.session.rollback()
    return [
        (part.role, who.title_before, who.name, who.title_after, who.phone)
        for part, who in db.session.query(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .filter(Membership.role.in_(("narasumber", "panitia")), Membership.left_at.is_(None))
        .order_by(Membership.id)
    ]


def main(text: str) -> str:
    """A page without its form tokens and moments, and without the step and the letters that are about the crew."""
    part = text.partition("<main")[2].partition("</main>")[0]
    part = re.sub(r"<h2>Surat dan daftar</h2>.*?<h2>", "<h2>", part, flags=re.DOTALL)
    part = re.sub(r"<li[^>]*><span[^>]*>[^<]*</span><a[^>]*>Narasumber dan panitia<.*?</li>", "", part)
    part = re.sub(r"<span[^>]*>\d dari 5 selesai</span>", "", part)
    return re.sub(r'name="csrf_token" value="[^"]*"', "", part)


def test_a_new_person_is_made_once_with_a_card_and_without_a_course(trainer: Client) -> None:
    for _ in range(2):
        assert add(trainer, WIYONO).status_code == 303
    assert crew() == [("narasumber", "Drs.", "Wiyono", "M.Si.", "081234567890")]
    person = db.session.query(Person).filter_by(name="Wiyono").one()
    assert person.card_hash
    assert db.session.query(Enrolment).filter_by(person_id=person.id).count() == 0
    assert db.session.query(NoticeAgreement).filter_by(person_id=person.id).count() == 0
    noted = db.session.query(AuditEntry).filter_by(action="narasumber ditambahkan").one()
    assert "Wiyono" not in f"{noted.fields}{noted.reason}"


def add(client: Client, form: dict[str, str], **more: object) -> TestResponse:
    """Send the form; a namesake that was just made is asked about, and the first is meant."""
    answer = client.send(PAGE, **form, **more)
    if answer.status_code == 422 and (who := re.search(r'name="orang" value="(\d+)"', answer.get_data(as_text=True))):
        return client.send(PAGE, **form, orang=who[1])
    return answer


def test_pressed_twice_a_new_person_is_one(trainer: Client) -> None:
    for _ in range(2):
        assert trainer.send(PAGE, **WIYONO, orang="baru").status_code == 303
    assert len(crew()) == 1


def test_the_card_opens_the_page_of_the_bimtek_and_no_desk(trainer: Client, browser: Callable[[], Client]) -> None:
    trainer.send(PAGE, **WIYONO)
    assert "Tampilkan nomor dan pesan" in trainer.page(PAGE)
    assert "/kartu#" not in trainer.page(PAGE)
    shown = html.unescape(trainer.send(f"{PAGE}/pesan").get_data(as_text=True))
    assert "hadir sebagai narasumber di Bimtek Angkatan I" in shown
    assert "https://sinau.test/acara/B1MTEK" in shown
    token = shown.partition("/kartu#")[2][:24]
    person = db.session.query(Person).filter_by(card_hash=card_hash(token)).one()
    assert person.name == "Wiyono"
    assert db.session.query(AuditEntry).filter_by(action="undangan ditampilkan").count() == 1
    speaker = sign_in(browser(), person.id, "Wiyono")
    text = speaker.page("/acara/B1MTEK")
    assert "sebagai <b>narasumber</b>" in text
    assert "Kehadiran Anda" not in text
    assert 'href="/acara/B1MTEK"' in speaker.page(f"/belajar/{SLUG}")
    for path, status in (
        ("/pelatih", 403),
        (DESK, 404),
        (PAGE, 404),
        ("/acara/B2MTEK", 404),
        ("/survei/B1MTEK", 404),
        ("/rtl/B1MTEK", 404),
    ):
        assert speaker.get(path).status_code == status, path
    assert "narasumber sejak" in speaker.page("/saya")


@pytest.mark.walk
@pytest.mark.parametrize("role", ["narasumber", "panitia"])
def test_they_are_counted_on_no_page_and_in_no_report(event: Event, role: str, time: Time) -> None:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=event.cast.trainer, at=START))
        survey.open_survey(event.cast.other_bimtek, event.cast.trainer, time.now)
    event.client.lint = False
    event.gather()
    pages = [main(event.client.page(path)) for path in COUNTING]
    figures = report(event)
    people = [add_person(f"Petugas {number}") for number in range(2)]
    with writing():
        for person in people:
            db.session.get_one(Person, person).region = "33.12.05.2003"
    for person in people:
        add_member(person, event.cast.bimtek, role)
    for path, before in zip(COUNTING, pages, strict=True):
        assert main(event.client.page(path)) == before, path
    event.gather()
    assert report(event) == figures
    assert "Petugas" not in event.client.send(f"{DESK}/semua.xlsx").get_data().decode("latin-1")


def report(event: Event) -> str:
    """The words of the report."""
    from tests.report.test_report import text_of

    return text_of(event, "docx")


def test_the_same_two_as_participants_change_those_pages(event: Event) -> None:
    event.client.lint = False
    pages = [main(event.client.page(path)) for path in COUNTING]
    for number in range(2):
        add_member(add_person(f"Petugas {number}"), event.cast.bimtek)
    changed = [path for path, before in zip(COUNTING, pages, strict=True) if main(event.client.page(path)) != before]
    for path in (DESK, f"{DESK}/hadir/1", f"{DESK}/tes", f"{DESK}/survei", f"{DESK}/laporan"):
        assert path in changed


def test_neither_card_nor_code_notes_them_as_present(
    trainer: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    trainer.send(PAGE, **WIYONO)
    person = db.session.query(Person).filter_by(name="Wiyono").one()
    card, who = person.card_hash, person.id
    with writing():
        db.session.add(
            Meeting(cohort_id=cast.bimtek, starts_at=START, ends_at=START.replace(hour=5), subject="Praktik")
        )
    scan = {"pindaian": [{"id": "a" * 32, "sidik": card, "umur": 0}]}
    headers = {"X-CSRFToken": trainer.token(), "Referer": "https://sinau.test/"}
    answer = trainer.post(f"{DESK}/hadir/1/pindai", json=scan, headers=headers)
    assert answer.get_json() == {"pindaian": [{"id": "a" * 32, "nama": "", "hasil": "tak dikenal"}]}
    letters = trainer.get(f"{DESK}/hadir/1/kode").get_json()["kode"]
    speaker = sign_in(browser(), who, "Wiyono")
    receipt = speaker.get(f"/h/{letters}").location
    assert "belum terdaftar sebagai peserta" in speaker.page(receipt)
    assert speaker.send(receipt).status_code == 403
    assert db.session.query(Attendance).count() == 0
    assert db.session.query(Certificate).count() == 0


def test_with_a_namesake_among_the_trainers_own_people_it_is_asked_who_is_meant(trainer: Client, cast: Cast) -> None:
    form = {"nama": "Siti Aminah", "peran": "panitia"}
    answer = trainer.send(PAGE, **form)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Pilih orangnya, atau orang baru" in text
    assert f'name="orang" value="{cast.participant}"' in text
    assert crew() == []
    assert trainer.send(PAGE, **form, orang=cast.participant).status_code == 303
    assert [each[0] for each in crew()] == ["panitia"]
    assert db.session.query(Person).filter_by(name="Siti Aminah").count() == 1
    assert trainer.page("/pelatih/B1MTEK").count("Siti Aminah") > 0


def test_nobody_of_another_trainers_cohort_can_be_meant_nor_their_card_seen(trainer: Client, cast: Cast) -> None:
    form = {"nama": "Budi Santoso", "peran": "panitia"}
    assert trainer.send(PAGE, **form, orang=cast.other).status_code == 303
    made = db.session.query(Membership).filter_by(role="panitia").one()
    assert made.person_id != cast.other
    assert db.session.query(Person).filter_by(name="Budi Santoso").count() == 2


def test_the_card_of_staff_is_shown_to_nobody(trainer: Client, cast: Cast) -> None:
    assert trainer.send(PAGE, nama="Retno Wulandari", peran="narasumber", orang=cast.trainer).status_code == 303
    assert "Masuk dengan akun petugasnya sendiri" in trainer.page(PAGE)
    assert "/kartu#" not in trainer.send(f"{PAGE}/pesan").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nama": "3312010101800001"}, "nomor KTP"),
        ({"nama": "王"}, "huruf Latin"),
        ({"nama": ""}, "huruf Latin"),
        ({"hp": "12"}, "Tulis seperti 0812"),
        ({"peran": "pelatih"}, "Pilih dulu"),
    ],
)
def test_what_can_not_be_kept_comes_back(trainer: Client, changed: dict[str, str], said: str) -> None:
    answer = trainer.send(PAGE, **WIYONO | changed)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert crew() == []


def test_who_is_taken_off_finds_the_page_no_more_and_may_come_back(
    trainer: Client, cast: Cast, browser: Callable[[], Client]
) -> None:
    trainer.send(PAGE, **WIYONO)
    part = db.session.query(Membership).filter_by(role="narasumber").one()
    member, person = part.id, part.person_id
    trainer.send(f"{DESK}/petugas/keluar", anggota=1)
    assert db.session.query(Membership).filter(Membership.left_at.is_not(None)).count() == 0
    for _ in range(2):
        assert trainer.send(f"{PAGE}/keluar", anggota=member).status_code == 303
    assert db.session.query(AuditEntry).filter_by(action="narasumber dikeluarkan").count() == 1
    assert sign_in(browser(), person, "Wiyono").get("/acara/B1MTEK").status_code == 404
    assert crew() == []
    assert trainer.send(PAGE, **WIYONO).status_code == 303
    assert trainer.send(f"{DESK}/acara", aksi="tutup", yakin="ya").status_code == 303
    assert trainer.send(f"{PAGE}/keluar", anggota=member).status_code == 409
    assert trainer.send(PAGE, nama="Baru", peran="panitia").status_code == 409
    assert len(crew()) == 1


def test_a_speaker_of_the_programme_is_offered_until_they_belong_to_it(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.add(
            Meeting(
                cohort_id=cast.bimtek,
                starts_at=START,
                ends_at=START.replace(hour=5),
                subject="Praktik",
                speaker="Drs. Wiyono, M.Si.",
            )
        )
    found = re.search(r'href="([^"]+)">Tambahkan Drs. Wiyono, M.Si.', trainer.page(PAGE))
    assert found
    assert 'value="Drs. Wiyono, M.Si."' in trainer.page(html.unescape(found[1]).partition("#")[0])
    for other in ("99", "0", "x", "9" * 30):
        assert 'value="Drs.' not in trainer.page(f"{PAGE}?pertemuan={other}")
    trainer.send(PAGE, **WIYONO)
    assert "Tambahkan Drs. Wiyono" not in trainer.page(PAGE)


def test_who_helps_and_learns_alone_keeps_the_tests_of_learning_alone(
    exams: int, cast: Cast, browser: Callable[[], Client]
) -> None:
    person = add_person("Wagiyem")
    add_member(person)
    client = sign_in(browser(), person, "Wagiyem")
    assert "Mulai tes awal" in client.page(f"/tes/{SLUG}/awal")
    add_member(person, cast.bimtek, "panitia")
    assert "Mulai tes awal" in client.page(f"/tes/{SLUG}/awal")
    assert client.send(f"/tes/{SLUG}/awal").location.startswith("/kuis/")


def test_the_page_asks_the_same_for_many(trainer: Client, cast: Cast) -> None:
    few = len(counted(trainer, PAGE))
    for number in range(20):
        add_member(add_person(f"Orang {number}"), cast.bimtek, "panitia")
    assert len(counted(trainer, PAGE)) == few <= 10

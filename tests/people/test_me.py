"""My page: everything held about me in plain words, and nothing of anybody else."""

import re

import pytest
from sqlalchemy import select, text

from lms.db.engine import db, writing
from lms.db.tables import Inquiry, InquiryReply, NoticeAgreement, Person
from lms.people.actions import NOTICE_VERSION, correct, note
from tests.conftest import SLUG, Cast, Client, Time, add_person, membership_of, sign_in
from tests.learn.test_queries_count import counted
from tests.scene import Scene


def test_it_says_who_i_am_how_i_come_in_and_where_i_learn(client: Client, cast: Cast) -> None:
    shown = sign_in(client, cast.participant).page("/saya")
    assert "Desa Sumberagung, Kecamatan Pracimantoro" in shown
    assert "belum diisi" in shown
    assert "Bimtek Angkatan I" in shown
    assert "peserta sejak 24 November 2026" in shown
    assert "0 pelajaran selesai, 0 kuis, tes, dan formulir dikerjakan, 0 jawaban" in shown
    assert "Belum ada. Sertifikat diambil di halaman kursus" in shown
    assert 'href="/saya/masuk"' in shown
    assert "pelatih Anda" not in shown


def test_it_counts_what_was_learned_and_lists_certificates(scene: Scene) -> None:
    page = scene.browser("owner").page("/saya")
    found = re.search(r"(\d+) pelajaran selesai, (\d+) kuis, tes, dan formulir dikerjakan, (\d+) jawaban", page)
    assert found
    mine = "coalesce(e.person_id, m.person_id) = :me"
    owned = "attempt a left join enrolment e on e.id = a.enrolment_id left join membership m on m.id = a.membership_id"
    expected = [
        db.session.execute(text(statement), {"me": scene.cast.participant}).scalar_one()
        for statement in (
            "select count(distinct lesson) from reading join enrolment on id = enrolment_id where person_id = :me",
            f"select count(*) from {owned} where {mine}",
            f"select count(*) from answer join ({owned}) on a.id = attempt_id where {mine}",
        )
    ]
    assert min(expected) > 3
    assert [int(number) for number in found.groups()] == expected
    assert f'href="/sertifikat/{scene.values["certificate_id"]}"' in page


def test_a_login_and_a_pin_are_named_and_nothing_of_them_shown(client: Client, cast: Cast) -> None:
    with writing():
        person = db.session.get_one(Person, cast.trainer)
        person.login, person.password_hash, person.pin_hash = "retno", "SIDIK-SANDI", "SIDIK-PIN"
    sign_in(client, cast.trainer)
    for page in ("/saya", "/saya/data"):
        shown = client.page(page)
        assert "retno" in shown
        assert "SIDIK" not in shown
        assert person.card_hash
        assert person.card_hash not in shown


def test_corrections_and_acts_are_told_with_who_did_them(client: Client, cast: Cast, time: Time) -> None:
    with writing():
        correct(cast.participant, {"region": "33.12.01.2002"}, cast.trainer, time.now)
        note(cast.participant, "data diunduh", f"person:{cast.participant}", time.now)
        note(cast.other_trainer, "data diunduh", f"person:{cast.other}", time.now)
    shown = sign_in(client, cast.participant).page("/saya")
    assert "Desa atau kelurahan, sebelumnya “Desa Sumberagung, Kecamatan Pracimantoro”" in shown
    assert "Data diperbaiki (Desa atau kelurahan)" in shown
    assert "24 November 2026, 09.14 WIB, oleh Retno Wulandari" in shown
    assert "24 November 2026, 09.14 WIB, oleh Anda" in shown
    assert "Joko Susilo" not in shown


def test_an_act_on_something_of_mine_is_told_too(scene: Scene) -> None:
    with writing():
        for name in (f"attempt:{scene.values['attempt_id']}", "membership:3", "attempt:milik-orang-lain"):
            note(scene.cast.trainer, f"menyentuh {name[:9]}", name, db.session.get_one(Person, 1).created_at)
    shown = scene.browser("owner").page("/saya")
    assert shown.count("Menyentuh") == 2


def test_questions_say_whether_they_were_answered(client: Client, cast: Cast, time: Time) -> None:
    with writing():
        for number, words in enumerate(("Apa itu desil?", "Kata ini keliru."), 1):
            kind = "tanya" if number == 1 else "keliru"
            asked = Inquiry(
                form_id=f"f{number}", person_id=cast.participant, edition_id=1, kind=kind, lesson="dasar/satu"
            )
            asked.text, asked.at = words, time.now
            db.session.add(asked)
        db.session.flush()
        db.session.add(InquiryReply(inquiry_id=1, text="Baca lagi.", by_id=cast.trainer, at=time.now))
    shown = sign_in(client, cast.participant).page("/saya")
    assert re.search(r"Apa itu desil\?.*?pertanyaan.*?sudah dijawab", shown, re.DOTALL)
    assert re.search(r"Kata ini keliru\..*?laporan kekeliruan.*?menunggu jawaban", shown, re.DOTALL)


def test_who_agreed_to_an_older_notice_is_told_quietly_until_they_read_it(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    assert "sudah berubah sejak itu" not in client.page("/saya")
    with writing():
        for agreed in db.session.scalars(select(NoticeAgreement).where(NoticeAgreement.person_id == cast.participant)):
            agreed.version = "2025-01"
    shown = client.page("/saya")
    assert "pemberitahuan data versi 2025-01" in shown
    assert "sudah berubah sejak itu" in shown
    assert client.get(f"/belajar/{SLUG}/dasar/satu").status_code == 200
    for _ in range(2):
        assert client.send("/saya/pemberitahuan").location == "/saya"
    shown = client.page("/saya")
    assert f"pemberitahuan data versi {NOTICE_VERSION}" in shown
    assert "sudah berubah sejak itu" not in shown
    kept = select(NoticeAgreement.version).where(NoticeAgreement.person_id == cast.participant)
    assert list(db.session.scalars(kept)) == ["2025-01", NOTICE_VERSION]


def test_an_account_merged_into_mine_is_mine(client: Client, cast: Cast, time: Time) -> None:
    double, further = add_person("Siti Aminnah"), add_person("Siti A")
    with writing():
        db.session.get_one(Person, double).merged_into_id = cast.participant
        db.session.get_one(Person, further).merged_into_id = double
        note(cast.trainer, "kartu dicetak", f"person:{further}", time.now)
    assert "Kartu dicetak" in sign_in(client, cast.participant).page("/saya")


@pytest.mark.walk
@pytest.mark.parametrize("page", ["/saya", "/saya/data", "/saya/hapus", "/saya/perbaiki"])
def test_it_costs_the_same_however_much_is_held(scene: Scene, page: str) -> None:
    little, much = scene.browser("stranger"), scene.browser("owner")
    for client in (little, much):
        client.lint = False
        client.page("/saya")
    assert len(counted(little, page)) == len(counted(much, page)) <= 40


@pytest.mark.parametrize("page", ["/saya", "/saya/data", "/saya/hapus", "/saya/perbaiki", "/kelola"])
def test_a_page_with_personal_data_is_kept_by_nobody(scene: Scene, page: str) -> None:
    response = scene.browser("admin").get(page)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_what_a_trainer_did_is_told_in_words_and_not_by_columns(client: Client, cast: Cast, time: Time) -> None:
    part = membership_of(cast.participant, cast.bimtek).id
    with writing():
        note(cast.trainer, "keluar angkatan", f"membership:{part}", time.now, ["left_at"])
    text = sign_in(client, cast.participant).page("/saya")
    assert "Keluar angkatan (Keluar)" in text
    assert "left_at" not in text

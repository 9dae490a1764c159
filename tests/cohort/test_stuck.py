"""Who is stuck: a message for each with their own next step, phone numbers only when asked for, and noted."""

import re
import textwrap
from html import unescape
from urllib.parse import unquote

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Membership, Person
from tests.conftest import SLUG, Cast, Client, Time, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.sitting import ONE, sit

PAGE, NUMBERS = "/pelatih/B1MTEK?saring=macet", "/pelatih/B1MTEK/macet"
PHONE = "081234567890"


@pytest.fixture
def trainer(client: Client, cast: Cast, time: Time) -> Client:
    """A week after the participant joined, who then gave a phone number."""
    with writing():
        db.session.get_one(Person, cast.participant).phone = PHONE
    time.forward(days=8)
    return sign_in(client, cast.trainer, "Retno Wulandari")


def messages(text: str) -> list[str]:
    return re.findall(r"<textarea[^>]*>([^<]*)</textarea>", text)


def audit() -> list[AuditEntry]:
    db.session.rollback()
    return db.session.query(AuditEntry).order_by(AuditEntry.id).all()


def test_a_polite_message_with_the_own_next_step_and_link(trainer: Client, cast: Cast) -> None:
    one, group = messages(trainer.page(PAGE))
    assert one.startswith("Salam hormat, Bapak/Ibu Siti Aminah.")
    assert "Saya Retno Wulandari, pelatih Bimtek Angkatan I (Kursus kecil)." in one
    assert "sudah terdaftar sejak 24 November 2026" in one
    assert f"berikutnya: Pelajaran satu\nhttps://sinau.test/belajar/{SLUG}/{ONE}\n" in one
    assert "Siti" not in group
    assert "peserta Bimtek Angkatan I (Kursus kecil)." in group
    assert f"https://sinau.test/belajar/{SLUG}\n" in group


def test_a_cohort_called_after_its_course_is_not_named_twice(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).name = "Kursus kecil, belajar mandiri"
    for message in messages(trainer.page(PAGE)):
        assert message.count("Kursus kecil") == 1


def test_names_come_first_and_each_message_is_folded_below_its_own(trainer: Client) -> None:
    text = trainer.page(PAGE)
    assert re.search(r"<details><summary>Pesan untuk Siti Aminah</summary>", text)
    assert 'class="next"' not in text


def test_the_box_shows_all_of_its_message_on_a_narrow_phone(trainer: Client) -> None:
    text = trainer.page(PAGE)
    boxes = re.findall(r'<textarea class="message"[^>]* rows="(\d+)"[^>]*>([^<]*)<', text)
    assert len(boxes) == 2
    for rows, message in boxes:
        assert int(rows) > sum(len(textwrap.wrap(line, 36)) or 1 for line in message.split("\n"))
    assert 'class="btn" data-salin' in text
    assert "belum mulai, ikut 8 hari lalu" in text


def test_what_was_begun_is_gone_on_with(trainer: Client, cast: Cast, time: Time) -> None:
    learner = sign_in(trainer.application.test_client(), cast.participant)  # type: ignore[arg-type] # Ours, as set by the fixture.
    learner.send(f"/belajar/{SLUG}/{ONE}")
    sitting = sit(learner, ONE)
    assert "Tidak ada yang macet" in trainer.page(PAGE)
    time.forward(days=9)
    text = trainer.page(PAGE)
    assert "macet 9 hari" in text
    one, _ = messages(text)
    assert "1 dari 2 pelajaran sudah selesai. Terakhir Anda belajar 2 Desember 2026." in one
    assert f"Lanjutkan kuis: Pelajaran satu\nhttps://sinau.test/kuis/{sitting.id}\n" in one


def test_numbers_are_shown_when_asked_for_and_that_is_noted(trainer: Client, cast: Cast) -> None:
    text = trainer.page(PAGE)
    assert "••••7890" in text
    assert PHONE not in text
    assert "wa.me" not in text
    assert audit() == []
    assert "tercatat atas nama Anda." in text
    assert '<form method="post" action="/pelatih/B1MTEK/macet#daftar" id="tampil">' in text
    response = trainer.send(NUMBERS, hal="1")
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    link = re.search(r'href="(https://wa\.me/6281234567890\?text=[^"]+)"', text)
    assert link
    assert f"Kirim lewat WhatsApp ke {PHONE}<" in text
    assert "sudah ditampilkan di bawah setiap pesan. Ini tercatat atas nama Anda." in text
    assert unquote(link[1].partition("?text=")[2]) == messages(text)[0]
    (entry,) = audit()
    assert (entry.actor_id, entry.object, entry.fields) == (cast.trainer, f"cohort:{cast.bimtek}", ["phone"])
    assert entry.reason == f"orang {cast.participant}"
    assert PHONE not in trainer.page(PAGE)


def test_what_was_typed_stays_when_numbers_are_asked_for(trainer: Client, cast: Cast) -> None:
    boxes = re.findall(r'<textarea[^>]* name="(pesan-[^"]+)" form="tampil"', trainer.page(PAGE))
    assert len(boxes) == 2
    typed = {name: f"Bu Siti & \u201c{name}\u201d,\r\nmari <lanjut>." for name in boxes}
    text = trainer.send(NUMBERS, hal="1", **typed).get_data(as_text=True)
    assert [unescape(each).strip() for each in messages(text)] == [
        words.replace("\r\n", "\n") for words in typed.values()
    ]
    link = re.search(r'href="(https://wa\.me/6281234567890\?text=[^"]+)"', text)
    assert link
    assert unquote(link[1].partition("?text=")[2]) == unescape(messages(text)[0])
    assert "Salam hormat" in messages(trainer.send(NUMBERS, **dict.fromkeys(boxes, " \n")).get_data(as_text=True))[0]


def test_without_a_number_it_says_what_to_do_and_nothing_is_noted(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).phone = ""
    assert "Tidak ada nomor HP" in trainer.page(PAGE)
    text = trainer.send(NUMBERS).get_data(as_text=True)
    assert "wa.me" not in text
    assert "tercatat atas nama" not in text
    assert audit() == []


def test_the_longest_first_a_page_at_a_time_at_the_same_cost(trainer: Client, cast: Cast, time: Time) -> None:
    few = len(counted(trainer, PAGE))
    for number in range(25):
        time.forward(minutes=1)
        add_member(add_person(f"Orang {number:02}"), cast.bimtek)
    with writing():
        db.session.query(Person).update({"phone": PHONE})
    time.forward(days=8)
    assert len(counted(trainer, PAGE)) == few
    first, second = trainer.page(PAGE), trainer.page(f"{PAGE}&hal=2")
    found = re.findall(r'id="nama-\d+"><a[^>]*>([^<]+)<', first + second)
    assert found == ["Siti Aminah", *(f"Orang {number:02}" for number in range(25))]
    assert "Halaman 2 dari 2" in second
    assert 'name="hal" value="2"' in second
    assert "Orang 19" in trainer.send(NUMBERS, hal="2").get_data(as_text=True)
    for page in ("x", "%00", "-1", "9" * 30):
        assert trainer.send(NUMBERS, hal=page).status_code == 200


def test_who_left_or_may_not_sign_in_is_not_written_to(trainer: Client, cast: Cast, time: Time) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).deactivated_at = time.now
    assert "Tidak ada yang macet" in trainer.page(PAGE)
    with writing():
        db.session.get_one(Person, cast.participant).deactivated_at = None
        db.session.query(Membership).filter_by(person_id=cast.participant).update({"left_at": time.now})
    assert "Tidak ada yang macet" in trainer.page(PAGE)

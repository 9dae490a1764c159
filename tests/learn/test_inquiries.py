"""“Tanya pelatih” and “Ada yang keliru?”: one box to the desk, and the answer."""

from collections.abc import Callable

import pytest

from lms.course.load import edition_view, questions_in
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Inquiry, InquiryReply, Membership
from tests.conftest import SLUG, START, Cast, Client, add_member, sign_in

WAY = f"/tanya/{SLUG}"
FORM = {"formulir": "a" * 22, "jenis": "keliru", "di": "dasar/satu", "isi": "Angka tahunnya berbeda dengan buku."}


@pytest.fixture
def asker(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.participant)


@pytest.fixture
def desk(browser: Callable[[], Client], cast: Cast) -> Client:
    """The browser of the trainer of the asker's bimtek."""
    return sign_in(browser(), cast.trainer)


def kept() -> list[Inquiry]:
    db.session.rollback()
    return db.session.query(Inquiry).all()


def test_a_question_goes_from_a_lesson_to_the_desk_and_back(asker: Client, desk: Client) -> None:
    assert f'{WAY}?di=dasar/satu"' in asker.page(f"/belajar/{SLUG}/dasar/satu")
    assert "Tanya pelatih" in asker.page(f"{WAY}?di=dasar/satu")
    assert asker.send(WAY, **FORM).location == "/saya/pertanyaan?terkirim=1"
    assert "menunggu jawaban" in asker.page("/saya/pertanyaan")
    page = desk.page("/pelatih/B1MTEK/kotak")
    assert "1 menunggu jawaban" in page
    assert "Angka tahunnya" in page
    assert "1 pertanyaan menunggu" in desk.page("/pelatih/B1MTEK")
    assert '/pelatih/B1MTEK/kotak">1 pertanyaan menunggu</a>' in desk.page("/pelatih")
    assert "menjawab Anda" not in asker.page("/")
    (asked,) = kept()
    desk.send(f"/pelatih/B1MTEK/kotak/{asked.id}", isi="Terima kasih, sudah diperbaiki.")
    assert f'<a href="/saya/pertanyaan#tanya-{asked.id}">Pelatih Retno Wulandari menjawab Anda</a>' in asker.page("/")
    assert "menunggu" not in desk.page("/pelatih") + desk.page("/pelatih/B1MTEK")
    assert "Terima kasih, sudah diperbaiki." in asker.page("/saya/pertanyaan")
    assert "Semua sudah dijawab: 1" in desk.page("/pelatih/B1MTEK/kotak")


def test_sent_and_answered_twice_it_is_there_once(asker: Client, desk: Client) -> None:
    for _ in range(2):
        assert asker.send(WAY, **FORM).status_code == 303
    (asked,) = kept()
    for _ in range(2):
        desk.send(f"/pelatih/B1MTEK/kotak/{asked.id}", isi="Ya.")
    db.session.rollback()
    assert db.session.query(InquiryReply).count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Tulis dulu"),
        ("   ", "Tulis dulu"),
        ("a" * 2_001, "Terlalu panjang"),
        ("NIK 3312010101800001 salah", "NIK"),
        ("a\0b", "tidak terbaca"),
    ],
)
def test_what_can_not_be_sent_is_said_and_kept_in_the_box(asker: Client, text: str, told: str) -> None:
    answer = asker.send(WAY, **{**FORM, "isi": text})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, told in page, kept()) == (422, True, [])
    assert text.strip().replace("\0", "")[:20] in page.replace("�", "")


def test_a_place_that_is_not_there_is_the_whole_course(asker: Client) -> None:
    asker.send(WAY, **{**FORM, "di": "tidak/ada", "soal": "zz", "jenis": "lain"})
    (asked,) = kept()
    assert (asked.lesson, asked.question_hash, asked.kind) == ("", "", "tanya")


@pytest.mark.parametrize("form_id", ["", "a", "a b" * 8, "a" * 60])
def test_a_form_without_its_number_is_refused(asker: Client, form_id: str) -> None:
    assert asker.send(WAY, **{**FORM, "formulir": form_id}).status_code == 400


def test_nobody_asks_the_whole_day_long(asker: Client) -> None:
    for number in range(30):
        assert asker.send(WAY, **{**FORM, "formulir": f"{number:022}"}).status_code == 303
    assert asker.send(WAY, **{**FORM, "formulir": "z" * 22}).status_code == 429
    assert len(kept()) == 30


def test_who_has_not_joined_is_led_to_the_course(client: Client, cast: Cast) -> None:
    sign_in(client, cast.stranger)
    assert client.get(WAY).location == f"/belajar/{SLUG}"


def test_a_bimtek_with_a_trainer_answers_before_self_study(asker: Client, cast: Cast) -> None:
    asker.send(WAY, **FORM)
    (asked,) = kept()
    assert asked.cohort_id == cast.bimtek


def test_nothing_is_asked_of_a_desk_in_the_archive_while_another_is_read(
    asker: Client, desk: Client, cast: Cast
) -> None:
    with writing():
        db.session.get_one(Cohort, cast.bimtek).archived_at = START
    asker.send(WAY, **FORM)
    assert "1 pertanyaan menunggu" in desk.page("/pelatih").partition("Arsip (1)")[2]
    (asked,) = kept()
    assert asked.cohort_id == cast.bimtek
    selfstudy = db.session.query(Cohort).filter_by(kind="mandiri").one().id
    add_member(cast.other_trainer, selfstudy, "pelatih")
    asker.send(WAY, **{**FORM, "formulir": "b" * 22})
    assert [each.cohort_id for each in kept()] == [cast.bimtek, selfstudy]


def test_a_doubt_about_a_question_leads_the_desk_to_its_ruling(asker: Client, desk: Client, cast: Cast) -> None:
    asked = next(each for each in questions_in(edition_view(1, SLUG), "dasar/satu.md").values() if each.counted)
    asker.send(WAY, **FORM, soal=asked.hash)
    text = desk.page("/pelatih/B1MTEK/kotak")
    assert f"Pelajaran satu – soal “{asked.title}”" in text
    assert f'href="/pelatih/B1MTEK/soal/{asked.hash}"' in text
    assert asked.title in desk.page(f"/pelatih/B1MTEK/soal/{asked.hash}")
    asker.send(WAY, **{**FORM, "formulir": "b" * 22})
    assert desk.page("/pelatih/B1MTEK/kotak").count("/soal/") == 1


def test_without_a_trainer_the_question_waits_in_the_newest_cohort(asker: Client, cast: Cast) -> None:
    with writing():
        db.session.query(Membership).filter_by(role="pelatih").update({"left_at": START})
    asker.send(WAY, **FORM)
    (asked,) = kept()
    assert db.session.get_one(Cohort, asked.cohort_id).kind == "bimtek"


def test_another_cohort_s_question_is_not_there(asker: Client, browser: Callable[[], Client], cast: Cast) -> None:
    asker.send(WAY, **FORM)
    (asked,) = kept()
    elsewhere = sign_in(browser(), cast.other_trainer)
    assert elsewhere.send(f"/pelatih/B2MTEK/kotak/{asked.id}", isi="x").status_code == 404
    assert elsewhere.get("/pelatih/B1MTEK/kotak").status_code == 404
    assert "kosong" in elsewhere.page("/pelatih/B2MTEK/kotak")


def test_an_empty_answer_is_said_at_its_question(asker: Client, desk: Client) -> None:
    asker.send(WAY, **FORM)
    (asked,) = kept()
    answer = desk.send(f"/pelatih/B1MTEK/kotak/{asked.id}", isi=" ")
    assert (answer.status_code, f'id="isi-{asked.id}-salah"' in answer.get_data(as_text=True)) == (422, True)

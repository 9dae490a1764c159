"""Filling in a case without script, and what the outbox saves: nothing typed is lost, no key is told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from lms.db.engine import db
from lms.db.tables import Attempt, Grading, Reading
from tests.conftest import Client, add_person, sign_in
from tests.course.form_texts import PATH, SOURCE
from tests.learn.test_queries_count import counted
from tests.quiz.filling import HOME, MODEL, SLUG, Filling, begin, new_learner, open_case, publish, take_part

START = f"/mulai-formulir/{SLUG}/bu-tuti/{PATH}"
TOLD_AFTERWARDS = re.compile(r"KUNCI-|alasan-[a-z]")


@pytest.fixture
def learner(app: Flask, client: Client) -> Client:
    return new_learner(app, client)


def field(text: str, name: str) -> str:
    """The piece of the page that asks one field."""
    return text.partition(f'data-isian="{name}"')[2].partition("data-isian=")[0]


def review(text: str) -> list[tuple[str, str]]:
    """(name, section and fault) of what has to be filled in before the form can be sent."""
    found = re.findall(r'<li><a href="#isian-([0-9]+)">[^<]+<span>([^<]+)</span>', text)
    names = dict(re.findall(r'id="isian-([0-9]+)" data-isian="([a-z]+)"', text))
    return [(names[number], words) for number, words in found]


def is_hidden(text: str, name: str) -> bool:
    return field(text, name).partition(">")[0].endswith(" hidden")


def gradings() -> list[tuple[int, int, bool]]:
    db.session.rollback()
    return [(row.right, row.asked, row.passed) for row in db.session.query(Grading).order_by(Grading.id)]


def test_the_first_page_says_what_comes(learner: Client) -> None:
    text = learner.page(START)
    assert "8 isian" in text
    assert "Cerita ini memuat kematian." in text
    assert "Bu Tuti mengangguk" not in text
    assert "Yang sudah Anda kerjakan" not in text


def test_pressed_twice_it_is_one_attempt(learner: Client) -> None:
    assert begin(learner).location == begin(learner).location
    assert begin(learner, ordinal=2).location == begin(learner).location
    assert begin(learner, ordinal="x").location == START
    db.session.rollback()
    assert db.session.query(Attempt).count() == 1


def test_every_kind_of_field_is_asked_with_its_help(learner: Client) -> None:
    text = open_case(learner).look()
    assert 'type="date"' in field(text, "tanggal")
    assert field(text, "persetujuan").count('type="radio"') == 3
    assert field(text, "kebutuhan").count('type="checkbox"') == 4
    assert 'inputmode="decimal"' in field(text, "anak")
    assert "orang" in field(text, "anak")
    assert "<textarea" in field(text, "rencana")
    assert "Tulisan ini tidak dinilai" in field(text, "renungan")
    assert "Hari bertemu warga." in field(text, "tanggal")
    assert "Bu Tuti mengangguk" in text
    assert "Cerita ini memuat kematian." in text


def test_no_key_is_in_any_page_before_it_is_graded(learner: Client) -> None:
    filling = open_case(learner)
    pages = [learner.page(START), filling.look(), filling.look("/periksa"), learner.page(HOME)]
    gaps = open_case(learner, "pak-min")
    pages += [gaps.look(), gaps.look("/periksa")]
    assert [TOLD_AFTERWARDS.findall(page) for page in pages] == [[]] * len(pages)
    filling.save(True, **MODEL)
    assert TOLD_AFTERWARDS.search(filling.result()), "the words looked for are the ones told afterwards"


def test_what_is_saved_stands_there_again_and_decides_what_shows(learner: Client) -> None:
    filling = open_case(learner)
    text = filling.look()
    assert is_hidden(text, "alasan")
    assert is_hidden(text, "sekolah")
    filling.send(
        "simpan", tanggal=("14 Oktober 2026",), persetujuan=("menolak",), anak=("3",), kebutuhan=("obat", "akta")
    )
    text = filling.look()
    assert 'value="2026-10-14"' in field(text, "tanggal")
    assert 'value="menolak" checked' in field(text, "persetujuan")
    assert field(text, "kebutuhan").count(" checked") == 2
    assert not is_hidden(text, "alasan")
    assert not is_hidden(text, "sekolah")
    filling.send("simpan", persetujuan=("lisan",))
    text = filling.look()
    assert is_hidden(text, "alasan")
    assert 'value="3"' not in field(text, "anak"), "a form that was sent without it empties it"


def test_sending_is_held_back_with_a_message_at_the_field_and_nothing_lost(learner: Client) -> None:
    filling = open_case(learner)
    response = filling.send("kirim", tanggal=("besok",), persetujuan=("menolak",), anak=("99",), rencana=("Nanti.",))
    assert response.location == f"/formulir/{filling.id}/periksa"
    text = filling.look("/periksa")
    assert review(text) == [
        ("tanggal", "A. Persetujuan · Tulis tanggalnya seperti 12 Oktober 2026."),
        ("alasan", "A. Persetujuan · Isian ini perlu diisi."),
        ("anak", "B. Keluarga · Periksa lagi angkanya: 0 sampai 20."),
    ]
    assert "Tulis tanggalnya seperti 12 Oktober 2026." in field(text, "tanggal")
    assert 'value="besok"' in field(text, "tanggal")
    assert 'type="text"' in field(text, "tanggal")
    assert "Isian ini perlu diisi." in field(text, "alasan")
    assert "Periksa lagi angkanya: 0 sampai 20." in field(text, "anak")
    assert "Nanti." in field(text, "rencana")
    assert gradings() == []
    assert "perlu diisi" not in filling.look()


def test_the_script_is_held_back_too_and_led_to_the_messages(learner: Client) -> None:
    filling = open_case(learner)
    reply = filling.save(True, persetujuan=("lisan",)).get_json()
    assert reply["result"] == f"/formulir/{filling.id}/periksa"
    assert len(reply["saved"]) == 1
    assert gradings() == []
    reply = filling.save(True, **MODEL).get_json()
    assert reply["result"] == f"/formulir/{filling.id}/hasil"
    assert filling.save(True).get_json()["result"] == f"/formulir/{filling.id}/hasil"
    assert gradings() == [(1, 1, True)]


def test_a_sent_form_is_graded_once_and_is_a_lesson_finished(learner: Client) -> None:
    filling = open_case(learner)
    assert filling.send("kirim", **MODEL).location == f"/formulir/{filling.id}"
    assert learner.get(f"/formulir/{filling.id}").location == f"/formulir/{filling.id}/hasil"
    assert learner.get(f"/formulir/{filling.id}/periksa").location == f"/formulir/{filling.id}/hasil"
    assert gradings() == [(1, 1, True)]
    db.session.rollback()
    assert [row.lesson for row in db.session.query(Reading)] == [PATH]


def test_an_empty_form_can_not_be_sent_and_saved_alone_is_no_lesson(learner: Client) -> None:
    filling = open_case(learner)
    filling.send("kirim")
    filling.send("simpan", anak=("2",))
    db.session.rollback()
    assert db.session.query(Reading).count() == 0


def test_what_a_wrong_answer_hides_is_worth_nothing(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "anak": ("0",)})
    assert gradings() == [(4, 5, True)]
    text = filling.result()
    assert "Nilai Anda 80" in text
    assert "tidak tampil" in text


def test_gaps_show_what_is_filled_in_and_ask_the_rest(learner: Client) -> None:
    filling = open_case(learner, "pak-min")
    text = filling.look()
    assert "Lisan, disaksikan" in text
    assert re.findall(r'name="(q[0-9]+)"', text).count("q1") == 1
    assert 'name="q3"' not in text
    assert "Ditulis di awal cerita." not in text
    assert is_hidden(text, "sekolah")
    assert filling.send("kirim", anak=("2",), sekolah=("tidak",)).location == f"/formulir/{filling.id}"
    assert gradings() == [(1, 2, False)]
    result = filling.result()
    assert "Nilai Anda 50" in result
    assert "tidak menentukan kelulusan" in result
    assert "Belum lulus" not in result


def test_a_course_published_in_between_disturbs_nobody(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(persetujuan=("lisan",))
    newer = re.sub(r'"anak"|(?<=bila = \{ )anak', lambda match: match[0].replace("anak", "jumlah_anak"), SOURCE)
    publish(newer)
    assert 'data-isian="anak"' in filling.look()
    filling.save(True, **MODEL)
    assert gradings() == [(1, 1, True)]
    assert "Nilai Anda 100" in filling.result()
    assert 'data-isian="jumlah_anak"' in open_case(learner, ordinal=2).look()


def test_what_arrives_after_sending_is_late_and_said_so(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **MODEL)
    assert filling.save(persetujuan=("menolak",)).get_json()["late"] is True
    text = filling.result()
    assert "tercatat sebagai terlambat" in text
    assert "Nilai Anda 100" in text


def test_what_is_no_answer_is_refused(learner: Client) -> None:
    filling = open_case(learner)
    assert learner.send(f"/formulir/{filling.id}", aksi="kirim").status_code == 400
    filling.save(persetujuan=("entah", "lisan", "menolak"), kebutuhan=("x", "obat", "obat"))
    text = filling.look()
    assert field(text, "persetujuan").count(" checked") == 1
    assert field(text, "kebutuhan").count(" checked") == 1


def test_nobody_else_sees_it(learner: Client, browser: Callable[[], Client]) -> None:
    filling = open_case(learner)
    other = add_person("Budi")
    take_part(other)
    client = sign_in(browser(), other)
    for page in ("", "/periksa", "/hasil"):
        assert client.get(f"/formulir/{filling.id}{page}").status_code == 404
    assert Filling(client, filling.id).client.send(f"/formulir/{filling.id}", aksi="kirim").status_code == 404


def test_what_is_filled_in_is_not_told_while_it_hangs_on_what_is_asked(app: Flask, client: Client) -> None:
    learner = new_learner(app, client)
    publish(SOURCE.replace('kosong = ["anak", "sekolah"]', 'kosong = ["anak"]'))
    filling = open_case(learner, "pak-min")
    assert 'data-isian="sekolah"' not in filling.look()
    filling.send("simpan", anak=("2",))
    assert "Ya" in field(filling.look(), "sekolah")


def test_a_longer_form_asks_the_database_no_more_often(learner: Client) -> None:
    short, long = open_case(learner, "pak-min"), open_case(learner)
    pages = [len(counted(learner, f"/formulir/{filling.id}")) for filling in (short, long)]
    assert pages[0] == pages[1] <= 8
    short.save(True, anak=("2",), sekolah=("ya",))
    long.save(True, **MODEL)
    results = [len(counted(learner, f"/formulir/{filling.id}/hasil")) for filling in (short, long)]
    assert results[0] == results[1] <= 10


def test_an_unreadable_day_that_the_script_lets_through_is_held_back_by_the_server(learner: Client) -> None:
    filling = open_case(learner)
    reply = filling.save(True, **{**MODEL, "tanggal": ("entah",)}).get_json()
    assert reply["result"].endswith("/periksa")
    assert "Tulis tanggalnya seperti 12 Oktober 2026." in field(filling.look("/periksa"), "tanggal")

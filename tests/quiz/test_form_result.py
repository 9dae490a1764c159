"""The result of a form: what failed the whole first, then field by field what was answered, expected, and why."""

import re

import pytest
from flask import Flask

from lms.course.grading import RulingFact
from lms.course.questions.base import Value
from lms.db.engine import writing
from lms.quiz import actions
from lms.web.clock import now
from tests.conftest import Client
from tests.course.form_texts import PATH
from tests.learn.test_next_step import main_step
from tests.quiz.filling import HOME, MODEL, SLUG, new_learner, open_case

AGAIN = f"/mulai-formulir/{SLUG}/bu-tuti/{PATH}"


@pytest.fixture
def learner(app: Flask, client: Client) -> Client:
    return new_learner(app, client)


def part(text: str, name: str) -> str:
    """What is told of one field."""
    return text.partition(f'id="isian-{name}"')[2].partition("</section>")[0]


def lines(text: str) -> list[tuple[str, str]]:
    """(words, how they stand) of every line that says so."""
    return re.findall(r'<p class="line"><span>(.*?)</span> <span class="[a-z ]+">(.*?)</span>', text)


def test_each_field_is_told_with_ones_own_answer_the_expected_one_and_why(learner: Client) -> None:
    filling = open_case(learner)
    change = {"tanggal": ("1/10/2026",), "persetujuan": ("tertulis",), "kebutuhan": ("obat", "makan"), "sekolah": ()}
    filling.save(True, **{**MODEL, **change})
    text = filling.result()
    date = part(text, "tanggal")
    assert "✗ Belum tepat" in date
    assert "1 Oktober 2026" in date
    assert "14 s.d. 15 Oktober 2026" in date
    assert "alasan-tanggal" in date
    agreed = part(text, "persetujuan")
    assert "Sebagian tepat" in agreed
    assert "2,1 dari 3 poin" in agreed
    assert "0 dari 1 poin" in date
    assert "Lisan, disaksikan" in agreed
    assert "Makanan" in part(text, "kebutuhan")
    assert "Tidak Anda isi." in part(text, "sekolah")
    assert "✓ Tepat" in part(text, "anak")
    assert "2 orang" in part(text, "anak")
    free = part(text, "renungan")
    assert "tidak dinilai" in free
    assert "Saya ingin menjanjikan obat." in free
    assert "KUNCI-RENUNGAN" in free
    assert "dibaca pelatih angkatan Anda" in free
    assert " poin" not in free
    assert part(text, "alasan") == "", "what nobody answered and no key expects is not told"
    assert "Siapa yang Anda hubungi lebih dahulu?" in text
    assert "Tanda terima" in text


def test_of_several_choices_each_says_how_it_stands(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "kebutuhan": ("obat", "makan", "motor")})
    text = part(filling.result(), "kebutuhan")
    assert lines(text) == [
        ("Obat", "✓ tepat"),
        ("Makanan", "boleh, tidak dihitung"),
        ("Sepeda motor", "✗ keliru, mengurangi poin"),
        ("Obat", "✓ sudah Anda pilih"),
        ("Akta kelahiran", "✗ belum Anda pilih"),
    ]
    assert "0 dari 2 poin" in text


def test_a_ruling_that_accepts_an_answer_calls_none_of_its_choices_wrong(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "kebutuhan": ("obat", "motor")})
    facts = filling.facts
    ruled = facts.sheet.items[filling.number("kebutuhan") - 1].hash
    with writing():
        actions.decide(facts.course_id, RulingFact(ruled, "terima", ("obat", "motor")), "Juga benar.", 1, now())
    text = part(filling.result(), "kebutuhan")
    assert "✓ Tepat" in text
    assert "2 dari 2 poin" in text
    assert "✗" not in text


def test_the_top_says_in_which_sections_points_were_lost(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "persetujuan": ("tertulis",)})
    text = filling.result()
    top = text.partition('id="terlewat"')[2].partition("</section>")[0]
    assert "A. Persetujuan: 3,1 dari 4 poin" in top
    assert "B. Keluarga" not in top, "nothing was lost there"
    assert re.findall(r'href="#isian-(\w+)"', top) == ["persetujuan"]
    assert "9,1 dari 10 poin." in text
    assert text.index('id="terlewat"') < text.index('id="isian-tanggal"')
    again = open_case(learner, ordinal=2)
    again.save(True, **MODEL)
    assert "Di mana poin terlewat" not in again.result()
    assert "10 dari 10 poin." in again.result()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((), ["Tidak Anda isi.", "Tentang contoh jawaban:"]),
        (("Ke puskesmas.",), ["Sebagian tepat: 1 dari 2 pokok", "Tentang contoh jawaban:", "1 dari 2 poin"]),
        (MODEL["rencana"], ["✓ Tepat", "Alasan:", "2 dari 2 poin"]),
    ],
)
def test_what_is_said_of_a_written_answer_fits_how_much_was_written(
    learner: Client, answer: Value, said: list[str]
) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "rencana": answer})
    text = part(filling.result(), "rencana")
    assert [words in text for words in said] == [True] * len(said)
    assert text.count("<b>Alasan:</b>") == ("Alasan:" in said)


def test_nothing_written_for_the_trainer_is_not_said_to_be_read(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "renungan": ()})
    text = part(filling.result(), "renungan")
    assert "Tidak Anda isi." in text
    assert "dibaca pelatih angkatan Anda" not in text


def test_who_passes_is_led_on_and_who_does_not_may_try_again(learner: Client) -> None:
    failed = open_case(learner)
    failed.save(True, **{**MODEL, "rencana": (), "kebutuhan": ("obat",), "tanggal": ("1/1/2026",), "sekolah": ()})
    text = failed.result()
    assert "Nilai Anda 50" in text
    assert "Perlu 70 untuk lulus." in text
    assert main_step(text) == AGAIN
    passed = open_case(learner, ordinal=2)
    passed.save(True, **MODEL)
    assert main_step(passed.result()) == f"/sertifikat/ambil/{SLUG}"
    history = learner.page(AGAIN)
    assert "100 · lulus" in history
    assert "50 · belum lulus" in history
    assert "Isi lagi dari awal" in history
    assert "100 · lulus" in learner.page(HOME)


def test_what_fails_the_whole_is_named_first_with_its_reason(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **{**MODEL, "kebutuhan": ("obat", "akta", "motor")})
    text = filling.result()
    assert "Belum lulus" in text
    assert "Nilai Anda 90" in text
    assert "Nilainya cukup, tetapi ada isian penting yang keliru." in text
    assert text.index("alasan-butuh") < text.index("Tanda terima")


def test_without_a_grading_there_is_no_result(learner: Client) -> None:
    filling = open_case(learner)
    assert learner.get(f"/formulir/{filling.id}/hasil").location == f"/formulir/{filling.id}"

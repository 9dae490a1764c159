"""The result of a form: what failed the whole first, then field by field what was answered, expected, and why."""

import pytest
from flask import Flask

from tests.conftest import Client
from tests.core.forms import PATH
from tests.forms.filling import HOME, MODEL, SLUG, new_learner, open_case
from tests.learn.test_next_step import main_step

AGAIN = f"/mulai-formulir/{SLUG}/bu-tuti/{PATH}"


@pytest.fixture
def learner(app: Flask, client: Client) -> Client:
    return new_learner(app, client)


def part(text: str, name: str) -> str:
    """What is told of one field."""
    return text.partition(f'id="isian-{name}"')[2].partition("</section>")[0]


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
    assert "bobot 3" in agreed
    assert "Lisan, disaksikan" in agreed
    assert "Makanan" in part(text, "kebutuhan")
    assert "Tidak Anda isi." in part(text, "sekolah")
    assert "✓ Tepat" in part(text, "anak")
    assert "2 orang" in part(text, "anak")
    free = part(text, "renungan")
    assert "tidak dinilai" in free
    assert "Saya ingin menjanjikan obat." in free
    assert "KUNCI-RENUNGAN" in free
    assert "dibaca pelatih angkatan Anda, bila ada" in free
    assert part(text, "alasan") == "", "what nobody answered and no key expects is not told"
    assert "Siapa yang Anda hubungi lebih dahulu?" in text
    assert "Tanda terima" in text


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

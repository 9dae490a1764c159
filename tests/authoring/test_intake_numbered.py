"""Questions as people paste them from a word processor."""

import pytest

from lms.authoring.intake.draft import NewQuestion, ReadQuestions
from lms.authoring.intake.numbered import read_numbered

WORD = """SOAL LATIHAN PSM

A. Pilihan ganda
1. Apa tugas seorang PSM di desa
   yang didampinginya?
a. Mendata warga
b. Menilang pengendara
   di jalan desa
c. “Memberi” pinjaman
Kunci: A
Pembahasan: PSM bukan polisi
dan bukan bank.

2.\tSiapa yang memberi izin?
A) Warga sendiri   B) Tetangga   C) Kepala dusun
3) bukan nomor soal
"""


def of(text: str) -> ReadQuestions:
    return read_numbered(text)


def one(text: str) -> NewQuestion:
    reading = read_numbered(text)
    assert reading.problems == []
    assert len(reading.questions) == 1
    return reading.questions[0]


def right(question: NewQuestion) -> list[str]:
    return [option.text for option in question.options if option.right]


def told(text: str) -> list[str]:
    return [f"{problem.line}: {problem.text}" for problem in read_numbered(text).problems]


def test_a_text_as_people_write_it() -> None:
    reading = of(WORD)
    first, second = reading.questions
    assert first.title == "Apa tugas seorang PSM di desa yang didampinginya?"
    assert [option.text for option in first.options] == [
        "Mendata warga",
        "Menilang pengendara di jalan desa",
        "“Memberi” pinjaman",
    ]
    assert right(first) == ["Mendata warga"]
    assert first.explanation == "PSM bukan polisi dan bukan bank."
    assert first.line == 4
    assert [option.text for option in second.options] == [
        "Warga sendiri",
        "Tetangga",
        "Kepala dusun 3) bukan nomor soal",
    ]
    assert [problem.line for problem in reading.problems] == [1, 14]


@pytest.mark.parametrize(
    "choices",
    [
        "a. Satu\nb. Dua\nKunci: B",
        "A) Satu\nB) Dua\nJawaban: b",
        "(a) Satu\n(b) Dua\nKunci jawaban : B. Dua",
        "a.Satu\nb.Dua\nKUNCI = b",
        "a. Satu\n*b. Dua",
        "a. Satu\nb. Dua *",
        "a. Satu\n**b. Dua**",
        "a. Satu\nb. **Dua**",
        "a. Satu\nb. Dua (benar)",
        "a. Satu\n✓ b. Dua",
        "a. Satu\tb. Dua\tKunci: B",
        "a. Satu\nb. Dua\nKunci: dua",
        "• Satu\n• Dua\nKunci: B",
        "- [ ] Satu\n- [x] Dua",
        "a. Satu\nb. Dua\n\nKunci Jawaban\n1. B",
        "a. Satu\nb. Dua\n\nKunci jawaban: 1. B",
        "a. Satu\nb. Dua\n\nKunci:\nB",
    ],
)
def test_the_key_may_be_said_in_many_ways(choices: str) -> None:
    question = one(f"1. Mana?\n{choices}\n")
    assert [option.text for option in question.options] == ["Satu", "Dua"]
    assert right(question) == ["Dua"]


def test_two_columns_of_choices() -> None:
    question = one("1. Mana?\na. Satu\tc. Tiga\nb. Dua\td. Empat\nKunci: C")
    assert [option.text for option in question.options] == ["Satu", "Dua", "Tiga", "Empat"]
    assert right(question) == ["Tiga"]


def test_a_list_of_keys_at_the_end() -> None:
    text = (
        "1. A?\na. x\nb. y\n\n2. B?\na. x\nb. y\nc. z\n\n"
        "3. C?\n\n4. D?\n\nKunci Jawaban:\n1. B   2. A, C\n3. enam puluh\n4) bebas\n"
    )
    reading = of(text)
    assert reading.problems == []
    first, second, third, fourth = reading.questions
    assert (right(first), right(second)) == (["y"], ["x", "z"])
    assert (third.accepted, fourth.kind) == (("enam puluh",), "bebas")


def test_true_and_false_short_answers_and_order() -> None:
    reading = of(
        "1. PSM digaji. (B/S)\nKunci: S\n\n2. Umur lansia?\nKunci: 60 | enam puluh\n\n"
        "3. Urutkan langkahnya.\na. Pamit\nb. Salam\nc. Bertanya\nKunci: B-C-A\n"
    )
    assert reading.problems == []
    first, second, third = reading.questions
    assert [(option.text, option.right) for option in first.options] == [("Benar", False), ("Salah", True)]
    assert second.accepted == ("60", "enam puluh")
    assert third.steps == ("Salam", "Bertanya", "Pamit")


def test_statements_inside_a_question_stay_inside() -> None:
    question = one("1. Perhatikan:\n1) mendata\n2) menilang\nTugas PSM adalah …\na. 1\nb. 2\nKunci: A")
    assert question.prompt.split("\n")[1:] == ["1) mendata", "2) menilang Tugas PSM adalah …"]


def test_feedback_and_further_explanation() -> None:
    question = one("1. Mana?\na. x\n> Kurang tepat.\nb. y\nUmpan balik: Betul.\nKunci: b\nPenjelasan: Satu.\n\nDua.")
    assert [option.feedback for option in question.options] == ["Kurang tepat.", "Betul."]
    assert question.explanation == "Satu.\nDua."


def test_questions_without_numbers() -> None:
    reading = of("Apa itu PSM?\na. Relawan\nb. Pegawai\nKunci: a\n\nSiapa yang\nmendata?\na. PSM\nb. RT\nKunci: a\n")
    assert reading.problems == []
    assert [question.title for question in reading.questions] == ["Apa itu PSM?", "Siapa yang mendata?"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1. Mana?\na. x\nb. y\n", "1: soal nomor 1 belum punya kunci"),
        ("1. Mana?\n", "1: soal nomor 1 tidak punya pilihan dan kunci"),
        ("1. Mana?\na. x\nb. y\nKunci: e\n", "1: soal nomor 1 kuncinya"),
        ("1. Mana?\nKunci: b\n", "1: soal nomor 1 kuncinya"),
        ("1. Mana?\na. x\nc. y\nKunci: a\n", "1: soal nomor 1 tidak punya pilihan b"),
        ("1. Mana?\na. x\nb. y\nKunci: a\nKunci: b\n", "5: soal nomor 1 punya dua kunci"),
        ("1. Mana?\n*a. x\nb. y\nKunci: b\n", "1: soal nomor 1 ditandai berbeda"),
        ("1. Mana?\na. x\nb. y\n\nSoal hebat\n\n2. Lagi?\nKunci: 1\n\nKunci jawaban: 1. a", "5: baris"),
        ("1. Mana?\na. x\nb. y\nKunci: a\n\nKunci Jawaban\n7. A", "7: kunci nomor 7"),
        ("1. A?\nKunci: 1\n\n1. B?\na. x\nb. y\n\nKunci jawaban: 1. A", "8: nomor 1 ada 2 kali"),
        ("1.\na. x\nb. y\nKunci: a", "1: soal nomor 1 tidak punya pertanyaan"),
        ("1. Mana?\na.\nb. y\nKunci: b", "1: soal nomor 1 punya pilihan kosong"),
        ("", "1: tidak ada soal"),
        ("Sekadar tulisan.", "1: baris"),
    ],
)
def test_what_is_missing_or_not_understood_is_told_with_its_line(text: str, place: str) -> None:
    assert any(line.startswith(place) for line in told(text)), told(text)


def test_a_question_without_a_key_comes_in_all_the_same() -> None:
    (question,) = of("1. Mana?\na. x\nb. y\n").questions
    assert [option.right for option in question.options] == [False, False]

"""Questions as rows of the spreadsheet."""

import pytest

from lms.authoring.intake.draft import NewQuestion, Option, ReadQuestions
from lms.authoring.intake.rows import COLUMNS, read_rows


def of(*rows: dict[str, str]) -> ReadQuestions:
    return read_rows([list(COLUMNS), *([row.get(name, "") for name in COLUMNS] for row in rows)])


def one(**cells: str) -> NewQuestion:
    reading = of({name.replace("_", " "): cell for name, cell in cells.items()})
    assert reading.problems == []
    return reading.questions[0]


def test_a_row_of_choices() -> None:
    question = one(
        soal="Mana?", pilihan_a="x", umpan_balik_a="Kurang.", pilihan_b="y", kunci="b", penjelasan="Begini.\nBegitu."
    )
    assert question == NewQuestion(
        kind="pilihan",
        title="Mana?",
        options=(Option("x", False, "Kurang."), Option("y", True)),
        explanation="Begini.\nBegitu.",
        line=2,
    )


def test_several_right_choices_and_a_gap() -> None:
    question = one(soal="Mana?", jenis="Pilihan ganda", pilihan_a="x", pilihan_c="y", pilihan_d="z", kunci="A, D")
    assert [(option.text, option.right) for option in question.options] == [("x", True), ("y", False), ("z", True)]


def test_every_other_kind() -> None:
    assert [option.right for option in one(soal="PSM digaji.", kunci="Salah").options] == [False, True]
    assert one(soal="Umur?", jenis="isian", kunci="60 | enam puluh").accepted == ("60", "enam puluh")
    assert one(soal="Susun.", jenis="urutan", pilihan_a="x", pilihan_b="y").steps == ("x", "y")
    assert one(soal="Jodoh.", jenis="jodoh", pilihan_a="a = b", pilihan_b="c → d").pairs == (("a", "b"), ("c", "d"))
    assert one(soal="Cerita.", kunci="bebas").kind == "bebas"


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"pilihan a": "x"}, '2: galat: kolom "soal" kosong'),
        ({"soal": "S", "jenis": "tebak"}, '2: galat: jenis "tebak"'),
        ({"soal": "S", "jenis": "pilihan", "pilihan a": "x"}, "2: galat: kurang dari dua pilihan"),
        ({"soal": "S", "pilihan a": "x", "pilihan b": "y"}, "2: peringatan: kunci belum diisi"),
        ({"soal": "S", "pilihan a": "x", "pilihan b": "y", "kunci": "C"}, '2: peringatan: kunci "C"'),
        (
            {"soal": "S", "pilihan a": "x", "pilihan b": "y", "umpan balik c": "z", "kunci": "A"},
            "2: peringatan: umpan balik C",
        ),
        ({"soal": "S", "jenis": "isian"}, "2: peringatan: kunci belum diisi"),
        ({"soal": "S", "jenis": "benar-salah", "kunci": "mungkin"}, "2: peringatan: kunci belum terbaca"),
        ({"soal": "S", "jenis": "urutan", "pilihan a": "x"}, "2: galat: kurang dari dua langkah"),
        ({"soal": "S", "jenis": "jodoh", "pilihan a": "x = y", "pilihan b": "z"}, "2: galat: kurang dari dua pasangan"),
        ({}, "1: galat: belum ada soal"),
    ],
)
def test_what_is_missing_is_told_with_its_row(cells: dict[str, str], place: str) -> None:
    told = [f"{problem.line}: {problem.level}: {problem.text}" for problem in of(cells).problems]
    assert any(line.startswith(place) for line in told), told


def test_a_sheet_without_the_heading_is_told_so() -> None:
    assert "templat" in read_rows([["Pertanyaan", "Jawaban"], ["a", "b"]]).problems[0].text
    assert read_rows([]).questions == ()


def test_columns_may_stand_anywhere_and_a_stranger_is_told() -> None:
    reading = read_rows([["Daftar soal kami"], [], ["Kunci", "SOAL:", "Poin"], ["5", "2 + 3?", "10"]])
    assert reading.questions[0].accepted == ("5",)
    assert [problem.line for problem in reading.problems] == [3]
    assert reading.questions[0].line == 4

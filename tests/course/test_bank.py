"""tes.md: pools, aims, and what the checker says of them."""

from datetime import date

import pytest

from lms.course.bank import parse_bank, read_blueprint
from lms.course.check import CourseReport, check_course
from lms.course.folder import as_json
from lms.course.lesson import parse_lesson

TODAY = date(2026, 11, 24)
COURSE = """judul = "K"

[tes]
bank = "tes.md"

[[materi]]
judul = "Satu"
tujuan = ["Tahu", "Bisa"]
pelajaran = ["a/b.md"]

[[materi]]
judul = "Dua (baru)"
"""
LESSON = b"# A\n\nTeks.\n\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 1 Januari 2026\n"


def items(*aims: int, name: str = "Soal") -> str:
    found = ""
    for number, aim in enumerate(aims):
        said = f"\nTujuan: {aim}\n" if aim else ""
        found += f"\n### {name} {number}\n{said}\nIsi.\n\n- [x] a\n- [ ] b\n  > Karena.\n"
    return found


ONE = f"## Kuis: Satu (ambil 1)\n{items(1, 2)}"
TWO = f"\n## Kuis: dua  (Baru) (ambil 1)\n{items(0, 0, name='Lain')}"


def check(bank: str | None, course: str = COURSE) -> CourseReport:
    files = {"kursus.toml": course.encode(), "a/b.md": LESSON}
    return check_course(files if bank is None else {**files, "tes.md": bank.encode()}, TODAY)


def said(report: CourseReport) -> list[tuple[int, str]]:
    assert {problem.path for problem in report.problems} <= {"tes.md"}
    return [(problem.line, f"{problem.level}: {problem.text}") for problem in report.problems]


def test_a_bank_needs_no_title_no_legal_basis_and_no_listing() -> None:
    assert check(ONE + TWO).problems == []
    assert check(f"# Soal tes\n\n{ONE}{TWO}\n## Dasar hukum\n\n- UU A\n").problems == []


def test_the_report_as_data_keeps_its_shape() -> None:
    data = as_json(check(ONE + TWO))
    assert list(data) == ["problems", "lessons"]
    assert [lesson["path"] for lesson in data["lessons"]] == ["a/b.md"]


def test_the_aim_is_no_part_of_what_is_shown_and_stays_in_what_is_hashed() -> None:
    bank, _ = parse_bank("tes.md", ONE)
    question = bank.pools[0].questions[1]
    assert (question.prompt, question.explanation, bank.aims[question.line]) == ("Isi.", "", 2)
    lesson, _ = parse_lesson("a.md", ONE)
    assert lesson.quiz[0].questions[1].hash == question.hash
    assert lesson.quiz[0].questions[1].prompt == "Tujuan: 2\n\nIsi."


def test_an_aim_may_stand_right_below_the_heading_in_any_case() -> None:
    bank, problems = parse_bank(
        "tes.md", "## Kuis: Satu (ambil 1)\n### S\ntujuan:  2  \nIsi.\n\nJawaban: 1\n### T\n\nJawaban: 2\n"
    )
    assert list(bank.aims.values()) == [2]
    assert [question.prompt for question in bank.pools[0].questions] == ["Isi.", ""]
    assert problems == []


FAULTS = [
    (ONE.replace("Satu", "Tiga") + TWO, 1, 'galat: kumpulan soal ini bernama "Tiga", itu bukan judul materi'),
    (ONE.replace(": Satu", "") + TWO, 1, "galat: kumpulan soal ini belum bernama materi"),
    (ONE, 0, 'galat: materi "Dua (baru)" belum punya kumpulan soal; tulis "## Kuis: Dua (baru) (ambil 4)"'),
    (ONE.replace(" (ambil 1)", "") + TWO, 1, 'galat: kumpulan soal "Satu" belum menyebut "ambil"'),
    (ONE.replace("ambil 1", "ambil 2") + TWO, 1, 'galat: "ambil 2" butuh paling sedikit 4 soal, baru ada 2'),
    (ONE.replace("ambil 1", "ambil 3") + TWO, 1, 'galat: "ambil 3" lebih banyak daripada soal yang ada (2)'),
    (ONE + TWO.replace("Lain 1", "Soal 1"), 33, 'galat: judul soal "Soal 1" sudah dipakai di baris 13'),
    (ONE + TWO + ONE.replace("Soal", "Lagi"), 40, 'galat: materi "Satu" sudah punya kumpulan soal di baris 1'),
    (ONE + TWO + "\n## Latihan\n\n### L\n\nJawaban: 1\n", 41, "galat: di sini tidak ada latihan"),
    ("Pengantar.\n\n" + ONE + TWO, 1, "peringatan: di sini hanya ada soal, teks ini tidak pernah tampil"),
    (ONE.replace("1)\n", "1)\n\nPengantar.\n") + TWO, 3, "peringatan: di sini hanya ada soal"),
    (ONE + TWO + "\n## Kius: Satu\n\nTeks.\n", 41, "peringatan: di sini hanya ada soal"),
    (ONE.replace("Tujuan: 2", "Tujuan: 3") + TWO, 13, "galat: tujuan 3 tidak ada, materinya punya 2 tujuan"),
    (ONE.replace("Tujuan: 2", "Tujuan: 0") + TWO, 13, "galat: tujuan 0 tidak ada"),
    (ONE.replace("Tujuan: 2", "Tujuan: dua") + TWO, 15, 'galat: tujuan "dua" bukan nomor'),
    (ONE.replace("Tujuan: 2", "Tujuan: 1") + TWO, 1, 'peringatan: tujuan 2 materi "Satu" belum punya soal'),
    (ONE.replace("Tujuan: 2\n\nIsi.", "Isi.\n\nTujuan: 2") + TWO, 17, 'peringatan: "Tujuan: 2" tampil sebagai isi'),
    (ONE.replace("[x] a", "[ ] a", 1) + TWO, 3, 'galat: soal "Soal 0" tidak punya jawaban benar'),
    (ONE.replace("  > Karena.\n", "", 1) + TWO, 10, 'peringatan: pilihan salah "b" belum punya umpan balik'),
    (ONE + TWO + "\n### Cerita\n\nJawaban: bebas\n", 41, 'peringatan: soal "Cerita" tidak dapat dinilai'),
    (ONE.replace("Isi.", "![g](media/g.svg)", 1) + TWO, 7, "galat: gambar"),
    (ONE.replace("Isi.", "Kata " * 26 + "akhir.", 1) + TWO, 7, "peringatan: kalimat 27 kata"),
    (ONE + TWO + "\n```\nkode\n", 41, "galat: blok kode tidak ditutup"),
]


@pytest.mark.parametrize(("bank", "line", "text"), FAULTS)
def test_each_fault_is_said_with_its_line(bank: str, line: int, text: str) -> None:
    assert any(at == line and words.startswith(text) for at, words in said(check(bank))), said(check(bank))


def test_a_bank_that_is_not_there_is_said_once() -> None:
    (problem,) = check(None).problems
    assert (problem.path, problem.line, problem.text[:26]) == ("kursus.toml", 4, 'bank "tes.md" tidak ada di')


def test_tests_without_a_bank_named_are_a_galat() -> None:
    problems = check(None, COURSE.replace('bank = "tes.md"\n', "")).problems
    assert [problem.level for problem in problems] == ["galat"]


def test_a_bank_that_is_also_a_lesson_is_a_galat() -> None:
    report = check(ONE + TWO, COURSE.replace('"a/b.md"', '"a/b.md", "tes.md"'))
    assert "juga tercantum sebagai pelajaran" in report.problems[0].text


def test_a_bank_nobody_draws_from_and_a_posttest_that_is_not_there_are_said() -> None:
    course = COURSE.replace('[tes]\nbank = "tes.md"\n', "[sertifikat]\ntes_akhir = true\n")
    lines = [(problem.line, problem.level, problem.text) for problem in check(ONE + TWO, course).problems]
    assert [(line, level) for line, level, _ in lines] == [(4, "peringatan"), (0, "peringatan")]
    assert lines[1][2].startswith("tes.md tidak dipakai")
    assert lines[0][2].startswith("kursus ini tidak punya tes akhir, jadi sertifikat tidak memintanya")
    assert check(None, course.replace("[sertifikat]\ntes_akhir = true\n", "")).problems == []


@pytest.mark.walk
def test_no_bank_takes_more_than_a_moment() -> None:
    many = "".join(f"## Kuis: Satu (ambil 1)\n### S{number}\nTujuan: 9\n" for number in range(5_000))
    modules = "".join(f'[[materi]]\njudul = "M{number}"\n' for number in range(2_000))
    assert check(many, COURSE + modules).problems


def test_the_blueprint_is_a_grid_of_aims_and_items_with_its_holes() -> None:
    files = {"kursus.toml": COURSE.encode(), "tes.md": ONE.replace("Tujuan: 2\n\n", "").encode()}
    found = read_blueprint(files)
    assert not isinstance(found, str)
    assert found.lines == [
        "Satu: 2 soal, ambil 1",
        "  tujuan   1   2  jumlah",
        "       1   x   .       1  Tahu",
        "       2   .   .       0  Bisa",
        "       -   .   x       1  (tanpa tujuan)",
        "  soal  1: Soal 0",
        "  soal  2: Soal 1",
        "",
        "Dua (baru): belum ada soal",
        "",
        "Lubang (3):",
        "  Satu: tujuan 2 belum punya soal (Bisa)",
        "  Satu: soal “Soal 1” belum menyebut tujuan",
        "  Dua (baru): belum ada soal",
    ]
    full = read_blueprint({**files, "tes.md": (ONE + TWO.replace("Isi", "Isi")).encode()})
    assert not isinstance(full, str)
    assert full.holes == [f"Dua (baru): soal “Lain {number}” belum menyebut tujuan" for number in (0, 1)]


@pytest.mark.parametrize("files", [{}, {"kursus.toml": b"["}, {"kursus.toml": b'judul = "K"'}])
def test_a_folder_without_tests_has_no_blueprint(files: dict[str, bytes]) -> None:
    assert isinstance(read_blueprint(files), str)

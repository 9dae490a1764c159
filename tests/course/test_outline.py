"""kursus.toml: what it says, and what is said when it is wrong."""

from pathlib import Path

import pytest

from lms.course.outline import CertificateRules, CourseRules, QuizRules, file_of, identity_of, parse_course
from lms.course.outline import TestRules as BankRules

SAMPLE = Path(__file__).parents[1] / "data" / "kursus.toml"
SMALL = 'judul = "Kursus"\n[[materi]]\njudul = "Satu"\npelajaran = ["satu/a.md"]\n'


def course_of(source: str) -> CourseRules:
    course, problems = parse_course(source)
    assert not problems
    assert course
    return course


def faults(source: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in parse_course(source)[1]]


def test_the_sample_is_read_whole() -> None:
    course = course_of(SAMPLE.read_text())
    assert course.title == "Bimbingan Teknis Dasar PSM"
    assert course.audience == "Calon PSM dan PSM desa/kelurahan"
    assert course.quiz == QuizRules(70, 0)
    assert course.test == BankRules("tes.md", 70)
    assert course.certificate == CertificateRules(True, True, True, 80, True)
    assert course.moved == {"konsep-psm/rahasia": "konsep-psm/menjaga-rahasia"}
    assert course.lessons == ("konsep-psm/apa-itu-psm", "konsep-psm/tugas-dan-fungsi")
    assert (course.modules[0].online_jp, course.modules[0].hall_jp) == (1, 1)
    assert len(course.modules[0].goals) == 2


def test_what_is_not_written_is_not_asked() -> None:
    course = course_of(SMALL)
    assert course.test is None
    assert course.certificate == CertificateRules()
    assert course.quiz == QuizRules()
    assert course.moved == {}
    assert (course.for_trainers, course.rests_on_law) == (False, True)


def test_a_course_may_be_for_trainers_and_for_nobody_else() -> None:
    assert course_of(f'untuk = "pelatih"\n{SMALL}').for_trainers
    (fault,) = faults(f'untuk = "kepala dusun"\n{SMALL}')
    assert fault[0] == 1
    assert '"pelatih"' in fault[1]
    (fault,) = faults(f"untuk = 3\n{SMALL}")
    assert "teks dalam tanda kutip" in fault[1]


def test_bom_and_crlf_change_nothing() -> None:
    assert course_of("\ufeff" + SMALL.replace("\n", "\r\n")) == course_of(SMALL)


def test_a_form_keeps_its_ending_and_a_lesson_loses_it() -> None:
    course = course_of(SMALL.replace("satu/a.md", "asesmen/formulir.toml"))
    assert course.lessons == ("asesmen/formulir.toml",)
    assert file_of("asesmen/formulir.toml") == "asesmen/formulir.toml"
    assert file_of(identity_of("satu/a.md")) == "satu/a.md"


def test_broken_toml_tells_its_line() -> None:
    course, problems = parse_course('judul = "Kursus"\n\nringkasan = "tanpa penutup\n')
    assert course is None
    assert [(problem.line, problem.level) for problem in problems] == [(3, "galat")]
    assert "periksa tanda kutip" in problems[0].text


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("judl = 'x'", "judul"),
        ("[kuiz]\nlulus = 1", "kuis"),
        ("[kuis]\nluls = 70", "lulus"),
        ("[tes]\nbank = 'tes.md'\nbangk = 'x'", "bank"),
        ("[sertifikat]\nkehadirn = 80", "kehadiran"),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_one_and_its_line(line: str, near: str) -> None:
    source = f'judul = "Kursus"\n{line}\n' + SMALL.split("\n", 1)[1]
    ((number, text),) = faults(source)
    expected = 2 if "\n" not in line or "kuiz" in line else 1 + len(line.split("\n"))
    assert number == expected
    assert f'paling mirip: "{near}"' in text


def test_an_unknown_key_in_the_second_materi_is_found_there() -> None:
    source = SMALL + '[[materi]]\njudul = "Dua"\njp_darin = 1\n'
    assert [(line, '"jp_daring"' in text) for line, text in faults(source)] == [(7, True)]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('judul = "Kursus"', "judul = 3", 1, '"judul" harus teks'),
        ('judul = "Kursus"', 'judul = " "', 1, '"judul" belum diisi'),
        ('judul = "Kursus"\n', "", 1, '"judul" belum diisi'),
        ('judul = "Satu"\n', "", 2, '"judul" belum diisi'),
        ('judul = "Satu"', 'judul = "Satu"\njp_daring = 1.5', 4, '"jp_daring" harus angka bulat'),
        ('judul = "Satu"', 'judul = "Satu"\njp_daring = true', 4, '"jp_daring" harus angka bulat'),
        ('judul = "Satu"', 'judul = "Satu"\njp_daring = -1', 4, '"jp_daring" harus angka bulat'),
        ('judul = "Satu"', 'judul = "Satu"\ntujuan = "satu"', 4, '"tujuan" harus daftar teks'),
        ('["satu/a.md"]', '"satu/a.md"', 4, '"pelajaran" harus daftar teks'),
        ('["satu/a.md"]', '["satu/a.md", 7]', 4, '"pelajaran" harus daftar teks'),
        ("[[materi]]", "[kuis]\nlulus = 'tujuh puluh'\n[[materi]]", 3, '"lulus" harus angka bulat 0 sampai 100'),
        ("[[materi]]", "[kuis]\nlulus = 400\n[[materi]]", 3, '"lulus" harus angka bulat 0 sampai 100'),
        ("[[materi]]", "[tes]\nlulus = 60\n[[materi]]", 2, '"bank" belum diisi'),
        ("[[materi]]", "[tes]\nbank = '../tes.md'\n[[materi]]", 3, "keluar dari folder"),
        ("[[materi]]", "[sertifikat]\nkuis = 'ya'\n[[materi]]", 3, '"kuis" harus true atau false'),
        ("[[materi]]", "[pindah]\n'a' = 1\n[[materi]]", 3, '"a" harus teks'),
        ("[[materi]]", "kuis = 70\n[[materi]]", 2, "tulis [kuis]"),
        ('["satu/a.md"]', '[\n  "satu/a.md",\n  "satu/a.md",\n]', 6, "sudah tercantum di baris 5"),
        ("satu/a.md", "../a.md", 4, "keluar dari folder"),
        ("satu/a.md", "/a.md", 4, "keluar dari folder"),
        ("satu/a.md", "C:/a.md", 4, "keluar dari folder"),
        ("satu/a.md", "satu\\\\a.md", 4, "garis miring terbalik"),
        ("satu/a.md", "./a.md", 4, "tidak ditulis lurus"),
        ("satu/a.md", "satu/a", 4, "harus berakhir dengan .md"),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_remedy(old: str, new: str, line: int, words: str) -> None:
    assert old in SMALL
    found = faults(SMALL.replace(old, new, 1))
    assert [number for number, _ in found] == [line]
    assert words in found[0][1]


def test_a_table_that_should_be_many_is_told_once_and_nothing_raises() -> None:
    found = faults('judul = "Kursus"\n[materi]\njudul = "Satu"\n')
    assert found[0] == (0, 'kursus belum punya materi; tulis [[materi]] dengan judul = "…" dan pelajaran = ["…"]')
    assert "[[materi]]" in found[1][1]


def test_all_faults_are_told_at_once() -> None:
    source = 'judul = 1\nwarna = "x"\n[kuis]\nlulus = 101\n[[materi]]\njudul = "A"\npelajaran = ["../a.md", "b"]\n'
    assert [line for line, _ in faults(source)] == [1, 2, 4, 7, 7]


def test_what_a_bimtek_may_drop_is_of_what_is_asked() -> None:
    listed = "[sertifikat]\nkuis = true\nkehadiran = 80\nboleh_dilepas = ['kuis', 'survei', 'hadir']\n[[materi]]"
    course, problems = parse_course(SMALL.replace("[[materi]]", listed))
    assert course is not None
    assert course.certificate.droppable == ("kuis",)
    assert [(each.line, each.level, each.text.split(";")[0]) for each in problems] == [
        (5, "galat", '"hadir" bukan syarat'),
        (5, "peringatan", 'syarat "survei" tidak diminta, jadi tidak ada yang dilepas'),
    ]

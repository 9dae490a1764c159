"""The checker: each galat and peringatan with its line, and none for a course without fault."""

from datetime import date
from pathlib import Path

import pytest

from lms.course.check import CourseReport, check_course, check_text, place_of
from lms.course.folder import as_json
from lms.course.problems import Problem, stops_publishing

TODAY = date(2026, 11, 24)
DATA = Path(__file__).parents[1] / "data"
COURSE = 'judul = "Kursus"\n\n[[materi]]\njudul = "Satu"\npelajaran = ["satu/a.md"]\n'
FORM = (DATA / "formulir" / "kunjungan.toml").read_text(encoding="utf-8")
STORIES = {path.name: path.read_bytes() for path in (DATA / "formulir").glob("*.md")}
LEGAL = "\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 1 Januari 2026\n"
BANK = "## Kuis: Satu (ambil 1)\n" + "".join(
    f"\n### Soal {number}\n\nTujuan: {number}\n\n- [x] a\n- [ ] b\n  > Karena.\n" for number in (1, 2)
)
QUIZ = "\n## Kuis\n\n### Soal\n\n- [x] a\n- [ ] b\n  > Karena.\n"


def check(lesson: str | bytes, course: str = COURSE, picture: bytes | None = None) -> CourseReport:
    """Check a course of one lesson, with or without a picture beside it."""
    data = lesson if isinstance(lesson, bytes) else lesson.encode()
    files = {"kursus.toml": course.encode(), "satu/a.md": data}
    return check_course(files if picture is None else {**files, "satu/media/g.svg": picture}, TODAY)


def found(report: CourseReport) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.level) for problem in report.problems]


def told(lesson: str) -> list[Problem]:
    return check(f"# A\n\n{lesson}\n{LEGAL}").problems


def test_a_course_without_fault_has_no_problem() -> None:
    files = {
        "kursus.toml": (DATA / "kursus.toml").read_bytes(),
        "tes.md": BANK.replace("Satu", "Konsep dasar PSM").encode(),
        "glosarium.md": b"## PSM | relawan\n\nPekerja Sosial Masyarakat.\n",
        "konsep-psm/apa-itu-psm.md": f"# A\n\nPSM [lanjut](tugas-dan-fungsi.md#b-x).\n{QUIZ}{LEGAL}".encode(),
        "konsep-psm/tugas-dan-fungsi.md": (DATA / "rahasia.md").read_bytes(),
        "konsep-psm/media/teras.jpg": b"x",
    }
    report = check_course(files, TODAY)
    assert report.problems == []
    assert report.course
    assert list(report.lessons) == ["konsep-psm/apa-itu-psm", "konsep-psm/tugas-dan-fungsi"]


def test_a_course_that_rests_on_no_law_is_not_asked_for_it() -> None:
    manual = f"dasar_hukum = false\n{COURSE}"
    assert check("# A\n\nTeks.\n", manual).problems == []
    assert found(check("# A\n\nTeks.\n", f"dasar_hukum = true\n{COURSE}")) == [("satu/a.md", 0, "peringatan")]
    assert found(check("# A\n\nTeks.\n\n## Dasar hukum\n\n- UU A\n", manual)) == [("satu/a.md", 5, "peringatan")]


def test_the_smallest_course_is_valid() -> None:
    assert told("Teks.") == []


GALAT = [
    ("Teks.\n", 1, "pelajaran belum punya judul"),
    ("# A\n\n# B\n", 3, "judul kedua"),
    (f"# A\n{QUIZ.replace('[x]', '[ ]')}", 5, "tidak punya jawaban benar"),
    ("# A\n\n## Kuis\n\n### S\n\n- [x] a\n", 5, "hanya punya satu pilihan"),
    ("# A\n\n## Kuis\n\n### S\n\n- [x] a\n- [x] b\n", 5, "semua pilihan"),
    (f"# A\n{QUIZ}- [ ]\n", 10, "pilihan kosong"),
    (f"# A\n{QUIZ}- [ ] a\n  > k\n", 10, "ditulis dua kali"),
    (f"# A\n{QUIZ}{QUIZ}", 13, "sudah dipakai di baris 5"),
    (f"# A\n{QUIZ}- [v] c\n", 10, "kotak [v] tidak dikenal; tulis [x] untuk benar atau [ ] untuk salah"),
    (f"# A\n{QUIZ.replace('Kuis', 'Kuis (ambil 2)')}", 3, "lebih banyak daripada soal"),
    ("# A\n\n- butir\n---\n\nTeks.\n", 4, "garis pemisah menempel"),
    ("# A\n\n1. butir\n   lanjut\n***\n", 5, "garis pemisah menempel"),
    ("# A\n\n- butir\n> kutipan\n> lanjut\n", 4, "kutipan menempel"),
    ("# A\n\n- butir\n  > kutipan\n", 4, "kutipan menempel"),
    ("# A\n\n- butir\n```\nkode\n```\n", 4, "blok kode menempel"),
    ("# A\n\n- butir\n  ~~~\n  kode\n  ~~~\n", 4, "blok kode menempel"),
    (f"# A\n{QUIZ}```\nkode\n```\n", 10, "blok kode menempel"),
    ("# A\n\n![g](../media.svg)\n", 3, "tidak berada di folder media/"),
    ("# A\n\n![g](https://contoh.id/media/g.svg)\n", 3, "alamat lain"),
    ("# A\n\n![g](//contoh.id/media/g.svg)\n", 3, "alamat lain"),
    ("# A\n\n![g](data:image/png;base64,x)\n", 3, "alamat lain"),
    ("# A\n\n![g](../../media/g.svg)\n", 3, "keluar dari folder kursus"),
    ("# A\n\n![g](/media/g.svg)\n", 3, "keluar dari folder kursus"),
    ("# A\n\n![g](media/g.exe)\n", 3, "bukan gambar"),
    ("# A\n\nTeks\n![g\nh](media/g.svg 'judul').\n", 4, 'gambar "media/g.svg" menuju berkas yang tidak ada'),
    ("# A\n\n[![g](media/g.svg)](https://contoh.id)\n", 3, "tidak ada; periksa ejaannya"),
    ("# A\n\n![g][gambar]\n\n[gambar]: media/g.svg\n", 3, "tidak ada; periksa ejaannya"),
    ("# A\n\n[t](b.md)\n", 3, 'tautan "b.md" menuju berkas yang tidak ada; periksa ejaannya'),
    ("# A\n\n[t [u]](<b c.md>)\n", 3, 'tautan "b c.md"'),
    ("# A\n\n[t][b]\n\n[b]: b.md\n", 5, 'tautan "b.md"'),
    ("# A\n\n[t](A.md)\n", 3, 'nama berkasnya "satu/a.md"'),
    ("# A\n\n[t](../../x.md)\n", 3, "keluar dari folder kursus"),
    ("# A\n\n[t](..%2F..%2Fx.md)\n", 3, "keluar dari folder kursus"),
    ("# A\n\n[t](..\\\\x.md)\n", 3, "keluar dari folder kursus"),
    ("# A\n\n[t](a)\n", 3, "lengkap dengan .md"),
    ("# A\n\n[t](javascript:alert)\n", 3, "tidak dikenal; pakai https://"),
    ("# A\n\nNIK 3312014506780001.\n", 3, "NIK atau nomor KK"),
    ("# A\n\nKK 3312 0145 0678 0001.\n", 3, "NIK atau nomor KK"),
    ("# A\n\nKK 33.12.01.450678.0001\n", 3, "NIK atau nomor KK"),
    ("# A\n\n`3312014506780001`\n", 3, "NIK atau nomor KK"),
    ("# A\n\nTeks\0\n", 3, "NUL"),
]


@pytest.mark.parametrize(("lesson", "line", "words"), GALAT)
def test_each_galat_is_told_with_its_line(lesson: str, line: int, words: str) -> None:
    problems = check(lesson + LEGAL).problems
    galat = [problem for problem in problems if problem.level == "galat"]
    assert len(galat) == 1
    assert galat[0].line == line
    assert words in galat[0].text
    assert ";" in galat[0].text


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("NIK 3312014506780001, HP 0812-3456-7890.", ["galat", "peringatan"]),
        ("NIK 3312014506780001.", ["galat"]),
        ("KK 3302 0345 0678 0001.", ["galat"]),
        ("Pukul 0730-1200, desil 0,25, kode 33.12.02.2001, surat 0451/2022.", []),
    ],
)
def test_a_line_tells_each_kind_of_number_of_a_person_once(text: str, levels: list[str]) -> None:
    assert [problem.level for problem in check(f"# A\n\n{text}\n" + LEGAL).problems] == levels


NO_FORM = [
    ("kursus.toml", None),
    ("glosarium.md", b"## PSM\n\nPekerja Sosial Masyarakat.\n"),
    ("satu/catatan.toml", b'judul = "Catatan"\n'),
]


@pytest.mark.parametrize(("path", "data"), NO_FORM)
def test_what_is_neither_lesson_nor_form_is_a_galat_where_it_is_listed(path: str, data: bytes | None) -> None:
    course = COURSE.replace('"satu/a.md"', f'"satu/a.md", "{path}"')
    files = {"kursus.toml": course.encode(), "satu/a.md": f"# A\n\nTeks.\n{LEGAL}".encode()}
    report = check_course(files if data is None else {**files, path: data}, TODAY)
    told = [fault for fault in report.problems if fault.path == "kursus.toml"]
    assert [(fault.line, fault.level) for fault in told] == [(5, "galat")]
    assert f'pelajaran "{path}" bukan pelajaran atau formulir' in told[0].text
    around = place_of(dict.fromkeys([*files, path], 0), {**files, path: data or files["kursus.toml"]}, TODAY)
    assert told == check_text(files["kursus.toml"], "kursus.toml", around, "kursus")[1]


def test_a_form_is_no_fault_where_it_is_listed() -> None:
    course = COURSE.replace("satu/a.md", "satu/kunjungan.toml")
    report = check_course({"kursus.toml": course.encode(), "satu/kunjungan.toml": FORM.encode()}, TODAY)
    assert [fault for fault in report.problems if fault.path == "kursus.toml"] == []


@pytest.mark.parametrize("listed", ["pelajaran = []", ""])
def test_a_course_without_lessons_is_a_galat_at_its_first_module(listed: str) -> None:
    course = COURSE.replace('pelajaran = ["satu/a.md"]', listed)
    (fault,) = check_course({"kursus.toml": course.encode()}, TODAY).problems
    assert (fault.path, fault.line, fault.level) == ("kursus.toml", 3, "galat")
    assert "kursus belum punya pelajaran" in fault.text


def test_an_unclosed_fence_is_a_galat() -> None:
    report = check("# A\n\n```\nkode\n")
    assert ("satu/a.md", 3, "galat") in found(report)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"# A\n\nkaf\xe9\n", 3, "bukan UTF-8"),
        ("# A\n".encode("utf-16"), 1, "UTF-16"),
        (b"# A\n" + b"kata\n" * 41_000, 0, "paling besar 200 KB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_left_out(data: bytes, line: int, words: str) -> None:
    report = check(data)
    assert found(report) == [("satu/a.md", line, "galat")]
    assert words in report.problems[0].text
    assert report.lessons == {}


def test_a_lesson_of_exactly_200_kb_is_read() -> None:
    data = b"# A\n\n```\n" + b"x" * (200 * 1024 - 13) + b"\n```"
    assert len(data) == 200 * 1024
    assert not stops_publishing(check(data).problems)
    assert stops_publishing(check(data + b"\n").problems)


WARNINGS = [
    ("# A\n\n## Kuiz\n\n- [x] a\n", 5, 'ada jawaban [x] di luar bagian "## Kuis"; apakah judul bagiannya salah tulis?'),
    (f"# A\n{QUIZ}- [ ] c\n", 10, "1 pilihan salah belum punya umpan balik: baris 10; tulis"),
    ("# A\n\n![](media/g.svg)\n", 3, "belum punya teks pengganti"),
    ("# A\n\n" + "Satu dua. " * 351, 1, "bacaan 702 kata, sekitar 6 menit"),
    (
        "# A\n\nPendek.\nKata " + "kata " * 11 + "\n" + "kata " * 14 + ".\n",
        4,
        'kalimat 26 kata ("Kata kata kata kata …")',
    ),
    ("# A\n\n## Kuis\n\n### " + "kata " * 26 + "\n\nJawaban: a\n", 5, "kalimat 26 kata"),
    ("# A\n\nTeks.\n\nIkut PKH dan PKH.\n", 5, "singkatan PKH tidak dijelaskan"),
    ("# A\n\nKartu PBI-JK-nya.\n", 3, "singkatan PBI-JK tidak dijelaskan"),
    ("# A\n\nHubungi 0812-3456-7890.\n", 3, "nomor telepon"),
    ("# A\n\n## Judul bagian\n\n> **Ingat.** Kalimat yang perlu diingat.\n", 3, 'contoh "Judul bagian"'),
    ("# A\n\n> **Ingat.** Kalimat yang perlu diingat.\n", 3, 'contoh "Kalimat yang perlu diingat."'),
    ("# A\n\n## Kuis\n\n### Apa?\n\n- [x] Jawaban yang benar\n- [ ] Lain\n  > Bukan.\n", 7, "belum diganti"),
    ("# A\n\nHubungi +62 812 3456 7890.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi (0273) 321 002.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi 0273-321456.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi 0273 321456.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi 0273 321 456.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi 0273321456.\n", 3, "nomor telepon"),
    ("# A\n\nHubungi 021-5601234.\n", 3, "nomor telepon"),
]


@pytest.mark.parametrize(("lesson", "line", "words"), WARNINGS)
def test_each_warning_is_told_with_its_line(lesson: str, line: int, words: str) -> None:
    (problem,) = check(lesson + LEGAL, picture=b"<svg/>").problems
    assert (problem.line, problem.level) == (line, "peringatan")
    assert words in problem.text


@pytest.mark.parametrize(
    "lesson",
    [
        "- butir\n\n---\n\n- butir\n\n> kutipan\n\n- butir\n\n```\nkode\n```",
        "Teks\n\n* * *\n\nTeks\n> kutipan",
        "- [ ] centang\n- lain",
        "`[t](tidak-ada.md)` dan ``` ![](x.png) ``` dan \\[t](tidak-ada.md)",
        "```\n[t](tidak-ada.md) ![](x.png) PKH 0812\n```",
        "[t](a.md?x=1#b-y) [u](#b-y) [v](https://contoh.id/a_(b)) [w](mailto:a@b.id) [x](tel:171) <https://a.id>",
        "[catatan] (bukan tautan) dan [x]",
        "Program Keluarga Harapan (PKH) membantu. PKH itu baik.",
        "PKH membantu. **PKH** (Program Keluarga Harapan) itu baik.",
        "PKH adalah program. IPSM, yaitu ikatan. Disingkat DTSEN.",
        "KTP, RT/RW, e-KTP, bab III, dan JANGAN: jangan.",
        "Keputusan 14/HUK/KEP/II/1981.",
        "Tahun 2019 2020 2021 2022 dan 0000000000000000 dan 12345678901234567.",
        "Jam 08.00-12.30 tanggal 08-11-2026, harga 1.500.000, nomor 20812345678901.",
        "Ibu No. 5 " + "kata " * 10 + "selesai. " + "Kata " * 24 + "akhir!",
        "| " + "kata " * 20 + "| " + "kata " * 20 + "|\n|---|---|\n| a | b |",
        "- " + "kata " * 20 + "\n- " + "kata " * 20 + "\n\n> " + "kata " * 20 + "\n\n### " + "kata " * 20,
        "[" + "kata " * 10 + "](https://contoh.id/satu dua)",
    ],
)
def test_what_is_fine_is_not_told(lesson: str) -> None:
    assert told(lesson) == []


def test_a_quote_under_a_choice_in_a_pool_is_fine_and_under_a_step_is_not() -> None:
    assert told(QUIZ.replace("  >", ">")) == []
    report = check(f"# A\n\n## Kuis\n\n### S\n\nUrutkan:\n\n1. a\n> k\n2. b\n{LEGAL}")
    assert found(report) == [("satu/a.md", 10, "galat")]


def test_an_abbreviation_in_the_glossary_is_explained() -> None:
    files = {
        "kursus.toml": COURSE.encode(),
        "satu/a.md": f"# A\n\nIkut PKH.\n{LEGAL}".encode(),
        "glosarium.md": "\ufeff## Program Keluarga Harapan | pkh\r\n\r\nBantuan.\r\n".encode(),
    }
    assert check_course(files, TODAY).problems == []


@pytest.mark.parametrize(
    ("legal", "line", "words"),
    [
        ("", 0, "belum ada dasar hukum"),
        ("\n## Dasar hukum\n\nDiperiksa: 1 Januari 2026\n", 5, "belum ada dasar hukum"),
        ("\n## Dasar hukum\n\n- UU A\n", 3, "belum ada tanggal periksa"),
        ("\n## Dasar hukum\n\n- UU A\n\nDiperiksa: kemarin\n", 7, "belum ada tanggal periksa"),
        ("\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 23 November 2025\n", 7, "lebih dari setahun"),
        ("\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 25 November 2026\n", 7, "belum tiba"),
    ],
)
def test_the_legal_basis_is_there_and_fresh(legal: str, line: int, words: str) -> None:
    (problem,) = check(f"# A\n{legal}").problems
    assert (problem.line, problem.level) == (line, "peringatan")
    assert words in problem.text


@pytest.mark.parametrize("day", ["24 November 2025", "24 November 2026"])
def test_a_check_is_fresh_for_a_year(day: str) -> None:
    assert check(f"# A\n\n## Dasar hukum\n\n- UU A\n\nDiperiksa: {day}\n").problems == []


def test_a_listed_file_that_is_missing_is_told_where_it_is_listed() -> None:
    course = COURSE.replace('["satu/a.md"]', '[\n  "satu/a.md",\n  "satu/b.md",\n  "Satu/A.md",\n]')
    report = check(f"# A\n{LEGAL}", course)
    assert [(problem.line, problem.text) for problem in report.problems] == [
        (7, 'pelajaran "satu/b.md" tidak ada di folder; periksa ejaannya'),
        (8, 'pelajaran "Satu/A.md" berbeda huruf besar dan kecilnya; nama berkasnya "satu/a.md"'),
    ]


def test_a_missing_bank_and_a_missing_course_file_are_told() -> None:
    report = check(f"# A\n{LEGAL}", COURSE + '[tes]\nbank = "soal.md"\n')
    assert [(problem.line, problem.level) for problem in report.problems] == [(7, "galat")]
    report = check_course({}, TODAY)
    assert [(problem.path, problem.level) for problem in report.problems] == [("kursus.toml", "galat")]
    assert report.course is None


def test_faults_of_kursus_toml_come_first_and_lessons_in_their_order() -> None:
    course = COURSE.replace('["satu/a.md"]', '["satu/z.md", "satu/a.md"]').replace("judul", "jdul", 1)
    files = {"kursus.toml": course.encode(), "satu/a.md": b"# A\n", "satu/z.md": b"# Z\n", "satu/b.md": b"# B\n"}
    report = check_course(files, TODAY)
    paths = ["kursus.toml", "kursus.toml", "satu/z.md", "satu/a.md", "satu/b.md", "satu/b.md"]
    assert [problem.path for problem in report.problems] == paths
    assert list(report.lessons) == ["satu/z", "satu/a", "satu/b"]


def test_a_lesson_that_is_not_listed_is_a_warning() -> None:
    files = {"kursus.toml": COURSE.encode(), "satu/a.md": f"# A\n{LEGAL}".encode(), "b.md": f"# B\n{LEGAL}".encode()}
    assert found(check_course(files, TODAY)) == [("b.md", 0, "peringatan")]


def test_a_form_its_stories_bank_and_glossary_need_no_title_nor_listing() -> None:
    files = {
        "kursus.toml": (COURSE.replace("satu/a.md", "satu/f.toml") + '[tes]\nbank = "tes.md"\n').encode(),
        "satu/f.toml": FORM.replace("pak-min.md", "kasus-1.md").encode(),
        "satu/ibu-sari.md": STORIES["ibu-sari.md"],
        "satu/bu-tuti.md": STORIES["bu-tuti.md"],
        "satu/kasus-1.md": STORIES["pak-min.md"],
        "tes.md": BANK.replace("Tujuan: 1\n", "").replace("Tujuan: 2\n", "").encode(),
        "glosarium.md": b"## PSM\n\nRelawan.\n",
    }
    assert check_course(files, TODAY).problems == []
    files["satu/kasus-1.md"] = b"NIK 3312014506780001\n"
    files["tes.md"] = b"\xff\n"
    files["satu/f.toml"] = b'[[kasus]]\ncerita = "kasus-1.md"\njudul =\n'
    broken = found(check_course(files, TODAY))
    assert broken[0] == ("satu/f.toml", 3, "galat")
    assert ("tes.md", 1, "galat") in broken


def test_a_picture_above_5_mb_is_a_galat() -> None:
    lesson = f"# A\n\n![g](media/g.svg)\n{LEGAL}"
    largest = bytes(5 * 1024 * 1024)
    assert [problem.level for problem in check(lesson, picture=largest).problems] == ["peringatan"], "it is heavy only"
    _, problem = check(lesson, picture=largest + b"x").problems
    assert (problem.path, problem.level) == ("satu/media/g.svg", "galat")


def test_names_that_differ_in_capitals_only_are_a_galat() -> None:
    files = {"kursus.toml": COURSE.encode(), "satu/a.md": f"# A\n{LEGAL}".encode(), "satu/media/x.svg": b""}
    assert check_course(files, TODAY).problems == []
    files["satu/media/X.svg"] = b""
    assert found(check_course(files, TODAY)) == [("satu/media/x.svg", 0, "galat")]


def test_no_message_repeats_a_personal_number() -> None:
    report = check("# A\n\n3312014506780001\n\n081234567890\n")
    assert "3312" not in str(report.problems)
    assert "0812" not in str(report.problems)


def test_all_faults_of_a_lesson_are_told_at_once_and_in_order() -> None:
    report = check("Teks PKH.\n\n- [x] a\n\n## Kuis\n\n### S\n\n- [ ] a\n- [v] b\n\n[t](x.md)\n")
    lines = [problem.line for problem in report.problems]
    assert lines == sorted(lines)
    assert lines == [0, 1, 1, 3, 7, 9, 10, 12]


def test_a_lesson_can_be_checked_alone() -> None:
    around = place_of({"satu/b.md": 0}, {}, TODAY)
    lesson, problems = check_text(f"# A\n\n[t](b.md)\n{LEGAL}".encode(), "satu/a.md", around, "pelajaran")
    assert lesson
    assert problems == []


def test_the_report_is_json_and_tells_counts_not_keys() -> None:
    files = {"kursus.toml": COURSE.encode(), "satu/a.md": f"# A\n\nSatu dua.\n{QUIZ}{LEGAL}".encode()}
    files["kursus.toml"] += b"x = 1\n"
    report = as_json(check_course(files, TODAY))
    question = {"kind": "pilihan", "line": 7, "choices": 2, "right": 1}
    pool = {"kind": "kuis", "name": "", "draw": None, "questions": [question]}
    assert report["lessons"] == [{"path": "satu/a.md", "title": "A", "words": 2, "pools": [pool]}]
    (problem,) = report["problems"]
    assert (problem["path"], problem["line"], problem["level"]) == ("kursus.toml", 6, "galat")
    assert '"x" tidak dikenal' in problem["text"]


def test_a_lesson_over_a_hundred_kilobytes_with_its_pictures_is_told_so() -> None:
    text = f"# A\n\nSatu.\n\n![Sawah](media/g.svg)\n{LEGAL}"
    (problem,) = check(text, picture=b"<svg/>" + b" " * 101_500).problems
    assert (problem.path, problem.line, problem.level) == ("satu/a.md", 0, "peringatan")
    assert "102 KB bersama gambarnya" in problem.text
    assert check(text, picture=b"<svg/>" + b" " * 90_000).problems == []
    assert check(f"# A\n\nSatu.\n{LEGAL}", picture=b" " * 200_000).problems == [], "no lesson shows this one"

"""A lesson: its parts, its pools and what is code."""

import random
from datetime import date
from pathlib import Path

import pytest

from lms.course.drawing import draw_sheet
from lms.course.lesson import LegalBasis, Lesson, Pool, Prose, parse_lesson
from lms.course.questions.arranging import Ordering
from lms.course.questions.choice import SingleChoice
from tests.effort import seconds

SAMPLE = (Path(__file__).parents[1] / "data" / "rahasia.md").read_text()
CHOICES = "- [x] Ya, betul\n- [ ] Bukan\n  > Karena.\n"
QUESTION = f"### Soal satu\n\n{CHOICES}"


def lesson_of(source: str) -> Lesson:
    lesson, problems = parse_lesson("satu/a.md", source)
    assert problems == []
    return lesson


def faults(source: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in parse_lesson("satu/a.md", source)[1]]


def test_the_sample_is_read_whole() -> None:
    lesson = lesson_of(SAMPLE)
    assert lesson.title == "Menjaga rahasia warga"
    assert [type(part) for part in lesson.body] == [Prose, Pool, Pool]
    assert [len(pool.questions) for pool in lesson.pools] == [1, 5]
    assert lesson.quiz[0].draw == 3
    assert [question.kind for question in lesson.quiz[0].questions] == [
        *("pilihan-ganda", "isian", "urutan", "jodoh", "bebas")
    ]
    rule = "Permensos Nomor 10 Tahun 2019 tentang Pekerja Sosial Masyarakat"
    assert lesson.legal == LegalBasis((rule,), date(2026, 11, 24), 66)
    assert lesson.quiz[0].questions[2].slug == "urutan-pendekatan-awal"


def test_prose_says_where_it_starts() -> None:
    lesson = lesson_of(f"# A\n\nSatu.\n\n## Latihan\n\n{QUESTION}\n## Bagian\n\nDua.\n")
    assert [part.line for part in lesson.body] == [3, 5, 13]
    assert lesson.body[2] == Prose("## Bagian\n\nDua.", 13)


def test_words_are_counted_in_prose_only() -> None:
    prose = "Satu dua [tiga](https://alamat.id/x) – empat. ![lima enam](media/a.svg)"
    assert lesson_of(f"# Judul\n\n{prose}\n\n## Latihan\n\n{QUESTION}").words == 4


@pytest.mark.parametrize(("option", "asked"), [("", 3), (" (ambil 1)", 2)])
def test_a_quiz_asks_what_is_drawn_and_every_reflection(option: str, asked: int) -> None:
    questions = "".join(f"### Soal {name}?\n\nJawaban: {name}\n\n" for name in ("1", "2", "bebas"))
    pool = lesson_of(f"# Judul\n\n## Kuis{option}\n\n{questions}").quiz[0]
    assert pool.asked == asked
    assert len(draw_sheet("a.md", [pool], 70, random.Random(1)).items) == asked


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (140, 1), (141, 2), (700, 5), (701, 6)])
def test_minutes_are_rounded_up(words: int, minutes: int) -> None:
    assert lesson_of("# Judul\n\n" + "kata " * words).minutes == minutes


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Kuis", ("kuis", "", None, False)),
        ("kuis ##", ("kuis", "", None, False)),
        ("Latihan: Di warung", ("latihan", "Di warung", None, False)),
        ("Kuis (ambil 1)", ("kuis", "", 1, False)),
        ("Kuis: Bantuan (PKH)", ("kuis", "Bantuan (PKH)", None, False)),
        ("Kuis: Bantuan (PKH) (ambil 1)", ("kuis", "Bantuan (PKH)", 1, False)),
        ("KUIS : nama (Ambil  1, URUTAN tetap)", ("kuis", "nama", 1, True)),
        ("Latihan (urutan tetap)", ("latihan", "", None, True)),
    ],
)
def test_a_pool_says_its_name_and_options(heading: str, expected: tuple[object, ...]) -> None:
    (pool,) = lesson_of(f"# A\n\n## {heading}\n\nPengantar.\n\n{QUESTION}").pools
    assert (pool.kind, pool.name, pool.draw, pool.fixed) == expected
    assert pool.intro == "Pengantar."


@pytest.mark.parametrize("heading", ["Kuis tentang rahasia", "Kuisioner", "Latihan berat", "Tentang: Kuis"])
def test_a_heading_that_only_resembles_is_prose(heading: str) -> None:
    assert lesson_of(f"# A\n\n## {heading}\n\nIsi.\n").pools == ()


@pytest.mark.parametrize("option", ["ambil tiga", "ambil 0", "ambil -1", "acak", "ambil 12345", "urutan", ""])
def test_an_unknown_option_is_told(option: str) -> None:
    assert [line for line, _ in faults(f"# A\n\n## Kuis ({option})\n\n{QUESTION}")] == [3]


def test_drawing_more_than_there_is_is_told_and_reflections_are_no_stock() -> None:
    reflection = "\n### Refleksi\n\nJawaban: bebas\n"
    found = faults(f"# A\n\n## Kuis (ambil 2)\n\n{QUESTION}{reflection}")
    assert found == [(3, '"ambil 2" lebih banyak daripada soal yang ada (1); kurangi, atau tambah soal')]


def test_several_pools_make_one_quiz() -> None:
    lesson = lesson_of(f"# A\n\n## Kuis: satu\n\n{QUESTION}\n## Kuis: dua\n\n{QUESTION.replace('satu', 'dua')}")
    assert [pool.name for pool in lesson.quiz] == ["satu", "dua"]
    assert lesson.practice == ()


def test_a_fence_ends_with_the_item_it_stands_in_as_it_does_on_the_page() -> None:
    lesson, problems = parse_lesson("satu/a.md", f"# A\n\n1. Butir\n\n   ```\n## Kuis\n\n{QUESTION}")
    assert [(each.line, "tidak ditutup" in each.text) for each in problems] == [(5, True)]
    assert len(lesson.quiz) == 1


@pytest.mark.parametrize(
    "code",
    [
        "```\n## Kuis\n\n### Palsu\n- [x] a\n```\n",
        "~~~~ text\n## Kuis\n~~~\n- [x] a\n~~~~\n",
        "Contoh:\n\n    ## Kuis\n    - [x] a\n",
        "Contoh:\n\n\t- [x] a\n",
        "1. Butir\n\n   ```\n   ## Kuis\n   ```\n",
        "` `` `\n",
    ],
)
def test_what_stands_in_code_is_no_structure(code: str) -> None:
    lesson = lesson_of(f"# A\n\nTeks.\n\n{code}\n## Latihan\n\n{QUESTION}")
    assert [pool.kind for pool in lesson.pools] == ["latihan"]


def test_code_in_a_prompt_is_no_choice() -> None:
    lesson = lesson_of(f"# A\n\n## Kuis\n\n### Soal\n\n```\n- [x] palsu\nJawaban: 3\n```\n\n{CHOICES}")
    (question,) = lesson.quiz[0].questions
    assert question.prompt == "```\n- [x] palsu\nJawaban: 3\n```"
    assert question.choices == 2


def test_an_unclosed_fence_is_told_where_it_opens() -> None:
    assert [line for line, _ in faults("# A\n\nTeks.\n\n```\n## Kuis\n")] == [5]


def test_bom_crlf_and_cr_change_nothing_not_even_a_hash() -> None:
    plain = lesson_of(SAMPLE)
    for changed in ("\ufeff" + SAMPLE, SAMPLE.replace("\n", "\r\n"), SAMPLE.replace("\n", "\r")):
        assert lesson_of(changed) == plain


def test_the_source_of_a_question_ends_before_the_next() -> None:
    lesson = lesson_of(f"# A\n\n## Kuis\n\n{QUESTION}\n\n### Dua\n\nJawaban: 1\n")
    assert [question.source for question in lesson.quiz[0].questions] == [QUESTION, "### Dua\n\nJawaban: 1\n"]


def test_a_hash_depends_on_the_question_only() -> None:
    here = lesson_of(f"# A\n\n## Kuis\n\n{QUESTION}").quiz[0].questions[0]
    there = lesson_of(f"# B\n\nTeks.\n\n## Latihan\n\n{QUESTION}\n\n## Lain\n").practice[0].questions[0]
    changed = lesson_of(f"# A\n\n## Kuis\n\n{QUESTION.replace('betul', 'benar')}").quiz[0].questions[0]
    assert here.hash == there.hash != changed.hash


@pytest.mark.parametrize(
    ("source", "line"),
    [("", 1), ("Teks saja.\n", 1), ("## Bagian\n", 1), ("#\n", 1), ("#Rapat\n", 1), ("\n# Judul\n", 2)],
)
def test_a_title_stands_on_the_first_line(source: str, line: int) -> None:
    assert [number for number, _ in faults(source)] == [line]


def test_a_second_title_is_told() -> None:
    assert faults("# A\n\nTeks.\n\n# B\n") == [(5, 'ada judul kedua, "B"; pakai "## " untuk judul bagian')]


def test_a_file_without_title_is_named_after_its_file() -> None:
    assert parse_lesson("satu/a.md", "Teks.\n")[0].title == "a"


def test_a_right_box_outside_a_pool_is_doubted_and_a_checklist_is_not() -> None:
    _, problems = parse_lesson("satu/a.md", "# A\n\n## Kuiz\n\n- [ ] a\n- [x] b\n")
    text = 'ada jawaban [x] di luar bagian "## Kuis"; apakah judul bagiannya salah tulis?'
    assert [(problem.line, problem.level, problem.text) for problem in problems] == [(6, "peringatan", text)]


PARTS = {
    "a second practice": (
        f"## Latihan\n\n{QUESTION}\n## Bagian\n\n## Latihan\n\n### Lain\n\n{CHOICES}",
        13,
        "sudah ada di baris 3",
    ),
    "a second quiz": (f"## Kuis\n\n{QUESTION}\n## Kuis (ambil 1)\n\n### Lain\n\n{CHOICES}", 11, "sudah ada di baris 3"),
    "practice behind the quiz": (
        f"## Kuis\n\n{QUESTION}\n## Latihan\n\n### Lain\n\n{CHOICES}",
        11,
        "sesudah kuis di baris 3",
    ),
}


@pytest.mark.parametrize("case", PARTS)
def test_a_part_that_was_opened_by_mistake_is_doubted(case: str) -> None:
    source, line, words = PARTS[case]
    (problem,) = parse_lesson("satu/a.md", f"# A\n\n{source}")[1]
    assert (problem.line, problem.level) == (line, "peringatan")
    assert words in problem.text


def test_parts_with_names_of_their_own_are_not() -> None:
    named = f"## Kuis: satu\n\n{QUESTION}\n## Kuis: dua\n\n### Lain\n\n{CHOICES}"
    assert faults(f"# A\n\n{named}") == []


def test_choices_without_a_question_and_an_empty_pool_are_told() -> None:
    assert [line for line, _ in faults("# A\n\n## Kuis\n\n- [x] a\n- [ ] b\n")] == [3, 5]


def test_a_repeated_slug_is_told_at_the_second() -> None:
    found = faults(f"# A\n\n## Latihan\n\n{QUESTION}\n## Kuis\n\n{QUESTION.replace('Soal satu', 'SOAL, satu!')}")
    assert found == [(13, 'judul soal "SOAL, satu!" sudah dipakai di baris 5; beri judul lain')]


def test_a_question_without_title_is_told() -> None:
    assert [line for line, _ in faults(f"# A\n\n## Kuis\n\n###\n\n{CHOICES}")] == [5]


@pytest.mark.parametrize(
    ("legal", "rules", "checked"),
    [
        ("- UU A\n- UU B\n\nDiperiksa: 7 Juni 2022\n", ("UU A", "UU B"), date(2022, 6, 7)),
        ("Diperiksa: 7 juni 2022.\n\n1. UU A\n   lanjut\n", ("UU A\nlanjut",), date(2022, 6, 7)),
        ("UU A\n\nUU B\n", ("UU A", "UU B"), None),
        ("- UU A\n- **Diperiksa:** 31 Februari 2022\n", ("UU A",), None),
        ("", (), None),
    ],
)
def test_the_legal_basis_is_a_list_and_a_date(legal: str, rules: tuple[str, ...], checked: date | None) -> None:
    basis = lesson_of(f"# A\n\n## dasar  hukum\n\n{legal}").legal
    assert basis
    assert (basis.rules, basis.checked) == (rules, checked)


def test_a_lesson_without_legal_basis_has_none() -> None:
    assert lesson_of("# A\n").legal is None


def test_a_pool_runs_to_the_next_heading_of_its_level() -> None:
    lesson = lesson_of(f"# A\n\n## Kuis\n\n{QUESTION}\n#### Bukan soal\n\nTeks.\n\n## Lanjut\n\n### Bukan soal juga\n")
    (question,) = lesson.quiz[0].questions
    assert isinstance(question, SingleChoice)
    assert question.explanation == "#### Bukan soal\n\nTeks."


def test_an_ordering_in_a_pool_takes_its_numbers() -> None:
    lesson = lesson_of("# A\n\n## Kuis\n\n### Urut\n\nUrutkan:\n1. satu\n1. dua\n\nPenjelasan.\n")
    (question,) = lesson.quiz[0].questions
    assert isinstance(question, Ordering)
    assert question.steps == ("satu", "dua")
    assert question.explanation == "Penjelasan."


def realistic(lines: int) -> str:
    """A lesson of so many lines: prose, practice and quizzes with every kind of question."""
    body = SAMPLE.split("\n", 1)[1].split("## Dasar hukum")[0]
    copies = (body.replace("### ", f"### Nomor {at} ") for at in range(lines // body.count("\n") + 1))
    return "# A\n" + "".join(copies)


def fastest(source: str) -> float:
    return min(seconds(lambda: parse_lesson("satu/a.md", source)) for _ in range(3))


@pytest.mark.walk
def test_four_times_the_lines_take_about_four_times_as_long() -> None:
    assert len(parse_lesson("satu/a.md", realistic(2_000))[0].pools) == 68
    assert fastest(realistic(12_000)) < 9 * fastest(realistic(3_000))

"""Every kind of question: how it is read, what is right, what is shown and what is kept of an answer."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.lesson import parse_lesson
from lms.course.questions import KINDS
from lms.course.questions.arranging import Matching, Ordering
from lms.course.questions.base import Question, key_of, slug_of
from lms.course.questions.choice import MultipleChoice, SingleChoice
from lms.course.questions.written import Reflection, ShortAnswer

NAMES = st.lists(st.text("abcdefgh", min_size=1), min_size=2, max_size=6, unique=True)
SEEDS = st.integers(0, 10_000).map(random.Random)
HOSTILE = st.lists(st.text(st.characters()) | st.text("\0\ud800 a", max_size=5), max_size=8).map(tuple)


def read(body: str) -> tuple[Question, list[tuple[int, str, str]]]:
    """The question of this body, which starts at line 7, and what was said about it."""
    lesson, problems = parse_lesson("satu/a.md", f"# A\n\n## Kuis\n\n### Soal\n\n{body}")
    (question,) = lesson.quiz[0].questions
    return question, [(problem.line, problem.level, problem.text) for problem in problems]


def good(body: str) -> Question:
    question, problems = read(body)
    assert problems == []
    return question


def choices(texts: Sequence[str], right: int) -> str:
    boxes = ("x" if at < right else " " for at in range(len(texts)))
    return "".join(f"- [{box}] {text}\n  > Karena.\n" for box, text in zip(boxes, texts, strict=True))


def keys(*texts: str) -> tuple[str, ...]:
    return tuple(map(key_of, texts))


SINGLE = choices(["a", "b", "c"], 1)
MULTIPLE = choices(["a", "b", "c"], 2)
ORDERING = "Urutkan:\n\n1. a\n2. b\n3. c\n"
MATCHING = "Jodohkan:\n\n| L | R |\n|---|---|\n| p | a |\n| q | b |\n| r | c |\n"
BODIES = {
    "pilihan": SINGLE,
    "pilihan-ganda": MULTIPLE,
    "isian": "Jawaban: a\n",
    "urutan": ORDERING,
    "jodoh": MATCHING,
    "bebas": "Jawaban: bebas\n",
}
RIGHT = {
    "pilihan": keys("a"),
    "pilihan-ganda": keys("a", "b"),
    "isian": ("a",),
    "urutan": keys("a", "b", "c"),
    "jodoh": keys("a", "b", "c"),
}


def test_each_kind_is_read_by_its_class_and_has_a_label() -> None:
    assert set(KINDS) == set(BODIES)
    for kind, body in BODIES.items():
        question = good(body)
        assert type(question) is KINDS[kind]
        assert question.kind == kind
        assert question.label
        assert question.counted is (kind != "bebas")


@pytest.mark.parametrize("kind", RIGHT)
def test_the_authors_answer_is_right_and_a_part_of_it_is_not(kind: str) -> None:
    question, right = good(BODIES[kind]), RIGHT[kind]
    assert question.is_right(right)
    assert question.is_right(question.clean(right, question.shown(random.Random(1), True)))
    assert question.is_complete(right)
    for wrong in (
        (),
        ("",),
        right[:-1],
        (*right, key_of("zzz")),
        (*right[:-1], key_of("c")),
        tuple(reversed(right))[1:],
    ):
        assert wrong == right or not question.is_right(wrong)


def test_a_reflection_is_never_right_and_not_counted() -> None:
    question = good("Ceritakan.\n\nJawaban: Bebas.\n")
    assert isinstance(question, Reflection)
    assert not question.is_right(("apa saja",))
    assert question.is_complete(("apa saja",))
    assert (question.prompt, question.answer_text(), question.choices, question.right) == ("Ceritakan.", "", 0, 0)


@given(st.sampled_from(sorted(BODIES)), HOSTILE, st.lists(st.text(), max_size=4))
def test_no_answer_makes_a_question_raise(kind: str, value: tuple[str, ...], shown: list[str]) -> None:
    question = good(BODIES[kind])
    cleaned = question.clean(value, (*question.items, *shown))
    assert question.clean(cleaned, (*question.items, *shown)) == cleaned
    for each in (value, cleaned):
        question.is_right(each)
        question.is_blank(each)
        question.is_complete(each)
    if kind in ("isian", "bebas"):
        "".join(cleaned).encode("utf-8")


@given(NAMES, st.data())
def test_a_choice_question_is_right_for_exactly_one_set(texts: list[str], data: st.DataObject) -> None:
    right = data.draw(st.integers(1, len(texts) - 1))
    question = good(choices(texts, right))
    assert type(question) is (SingleChoice if right == 1 else MultipleChoice)
    assert (question.choices, question.right) == (len(texts), right)
    value = tuple(data.draw(st.lists(st.sampled_from(keys(*texts)), unique=True)))
    assert question.is_right(value) is (set(value) == set(keys(*texts[:right])))


@given(NAMES, SEEDS)
def test_an_order_is_right_only_as_written_and_never_first_shown_so(texts: list[str], rng: random.Random) -> None:
    question = good("Urutkan:\n" + "".join(f"{at}. {text}\n" for at, text in enumerate(texts, 1)))
    shown = question.shown(rng, True)
    assert sorted(shown) == sorted(keys(*texts))
    assert shown != keys(*texts)
    assert not question.is_right(shown)
    assert question.is_right(keys(*texts))


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=6), SEEDS)
def test_equal_right_cells_are_interchangeable(cells: list[str], rng: random.Random) -> None:
    rows = "".join(f"| kiri {at} | {cell} |\n" for at, cell in enumerate(cells))
    question = good(f"Jodohkan:\n\n| L | R |\n|---|---|\n{rows}")
    shown = question.shown(rng, False)
    assert sorted(shown) == sorted(set(keys(*cells)))
    assert len(shown) == 1 or shown != tuple(dict.fromkeys(keys(*cells)))
    assert question.is_right(keys(*cells))
    assert question.is_right(tuple(reversed(keys(*cells)))) is (cells == cells[::-1])


@given(NAMES, SEEDS)
def test_choices_are_a_permutation_and_stay_where_the_order_is_fixed(texts: list[str], rng: random.Random) -> None:
    question = good(choices(texts, 1))
    assert sorted(question.shown(rng, False)) == sorted(keys(*texts))
    assert question.shown(rng, True) == keys(*texts)


def test_choices_are_shuffled_unless_fixed() -> None:
    question = good(SINGLE)
    assert len({question.shown(random.Random(seed), False) for seed in range(50)}) == 6


@pytest.mark.parametrize(("first", "second"), [("Benar", "Salah"), ("Tidak.", "Ya."), ("**BENAR**", "**salah**")])
def test_true_and_false_keep_their_order(first: str, second: str) -> None:
    question = good(f"- [ ] {first}\n  > Karena.\n- [x] {second}\n")
    assert {question.shown(random.Random(seed), False) for seed in range(20)} == {keys(first, second)}


@given(st.sampled_from(sorted(BODIES)), st.integers())
def test_a_seed_decides_what_is_shown(kind: str, seed: int) -> None:
    question = good(BODIES[kind])
    assert question.shown(random.Random(seed), False) == question.shown(random.Random(seed), False)


def test_the_key_of_a_choice_does_not_tell_whether_it_is_right() -> None:
    assert set(good(choices(["a", "b"], 1)).items) == set(good(choices(["b", "a"], 1)).items)


def test_bullets_boxes_and_feedback_may_be_written_in_several_ways() -> None:
    question = good(
        "Pengantar.\n\n* [X] pilihan satu\n  baris kedua\n\n  alinea kedua\n  > umpan\nbalik\n>\n> lanjut\n\n"
        "- [ ] pilihan `dua`\n> Tidak menjorok.\n\n> **Ingat.** Penjelasan.\n\nAkhir.\n"
    )
    assert isinstance(question, SingleChoice)
    first, second = question.options
    assert first.text == "pilihan satu\nbaris kedua\n\nalinea kedua"
    assert first.feedback == "umpan\nbalik\n\nlanjut"
    assert (second.text, second.feedback) == ("pilihan `dua`", "Tidak menjorok.")
    assert (question.prompt, question.explanation) == ("Pengantar.", "> **Ingat.** Penjelasan.\n\nAkhir.")


def test_code_inside_a_choice_belongs_to_it() -> None:
    question = good("- [x] a\n\n  ```\n  > kode\n  ```\n- [ ] b\n  > Karena.\n")
    assert next(iter(question.items.values())) == "a\n\n```\n> kode\n```"


def test_the_right_answer_can_be_said() -> None:
    assert good(SINGLE).answer_text() == "a"
    assert good(MULTIPLE).answer_text() == "- a\n- b"
    assert good(ORDERING).answer_text() == "1. a\n2. b\n3. c"
    assert good(MATCHING).answer_text() == "- p: a\n- q: b\n- r: c"
    assert good("Jawaban: 58..60\n").answer_text() == "58 sampai 60"
    several = good("Jawaban: 58..60 | lima*puluh | 58 kg\n").answer_text()
    assert several == "58 sampai 60 (juga diterima: lima\\*puluh; 58 kg)"


def test_matching_reads_escaped_bars_and_the_text_around() -> None:
    question = good("Pasangkan.\n\nJodohkan:\na \\| b | c\n--- | ---\np \\| q | r\ns | t \\|\n\nPenjelasan.\n")
    assert isinstance(question, Matching)
    assert [(pair.left, pair.right) for pair in question.pairs] == [("p | q", "r"), ("s", "t |")]
    assert (question.prompt, question.explanation) == ("Pasangkan.", "Penjelasan.")


def test_cleaning_keeps_one_radio_each_box_once_and_a_place_for_every_row() -> None:
    a, b, c = keys("a", "b", "c")
    assert good(SINGLE).clean((b, a), (a, b, c)) == (b,)
    assert good(MULTIPLE).clean((b, "x", a, b), (a, b, c)) == (b, a)
    assert good(ORDERING).clean((c, c, a), (a, b, c)) == (c, a)
    assert good(MATCHING).clean((c, "x"), (a, b, c)) == (c, "", "")
    assert good(MATCHING).clean((a, a, b, c), (a, b, c)) == (a, a, b)
    assert good("Jawaban: a\n").clean(("\0x" * 3000, "y"), ()) == ("x" * 1000,)
    assert good("Jawaban: a\n").clean(("  \0",), ()) == ()


def test_blank_and_complete() -> None:
    ordering, matching, single = good(ORDERING), good(MATCHING), good(SINGLE)
    assert single.is_blank(())
    assert ordering.is_blank(())
    assert matching.is_blank(("", "", ""))
    assert not matching.is_complete((*keys("a", "b"), ""))
    assert not ordering.is_complete(keys("a", "b"))


@pytest.mark.parametrize(
    ("author", "person", "right"),
    [
        ("Enam puluh", "  enam   PULUH. ", True),
        ("Jum'at", "jum’at", True),
        ("kafé", "KAFE", True),
        ("non-tunai", "non–tunai", True),
        ("e-KTP", "ektp", False),
        ("?", "!", False),
        ("?", " ", False),
        ("60", "60", True),
        ("60", "60,0", True),
        ("60", "Rp 60", True),
        ("60", "60 %", True),
        ("60", "60 tahun", False),
        ("60", "6", False),
        ("1.500", "1500", True),
        ("1500", "Rp. 1.500,00", True),
        ("1500", "Rp1.500,-", True),
        ("1.500", "1,5", False),
        ("3,5", "3.5", True),
        ("3.5", "3,50", True),
        ("3.5", "3500", False),
        ("1.500.000", "1 500 000", True),
        ("0.500", "500", True),
        ("1.5000", "1,5", True),
        ("-5", "−5", True),
        ("-5", "5", False),
        ("1.2.3", "1.2.3", True),
        ("1.2.3", "123", False),
        ("1,2,3", "1,2,3", True),
        ("3,5.000", "3,5", False),
        ("58..60", "58", True),
        ("58..60", "60,0", True),
        ("58..60", "60,1", False),
        ("58..60", "57", False),
        ("58..60", "lima puluh delapan", False),
        ("1.500..2.000", "1750", True),
        ("-2..2", "-1", True),
        ("a..b", "a..b", True),
        ("٣", "3", False),
        ("³", "3", True),
        ("9" * 2000, "9" * 2000, True),
    ],
)
def test_a_short_answer_is_compared_by_the_rules(author: str, person: str, right: bool) -> None:
    assert good(f"Jawaban: {author}\n").is_right((person,)) is right


def test_a_short_answer_has_alternatives_and_escaped_bars() -> None:
    question = good("Jawaban: 60 | enam puluh | a \\| b |\n\nPenjelasan.\n")
    assert isinstance(question, ShortAnswer)
    assert question.accepted == ("60", "enam puluh", "a | b")
    assert question.right == 3
    assert question.explanation == "Penjelasan."
    assert question.is_right(("a | b",))


@given(st.text(st.characters(exclude_characters="|\\\r\n", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
def test_every_text_an_author_accepts_is_accepted(text: str) -> None:
    question, _ = read(f"Jawaban: {text}\n")
    if isinstance(question, ShortAnswer) and question.accepted:
        backwards = any(".." in part for part in question.accepted)
        assert question.is_right((text.strip(),)) or backwards
        assert not question.is_right((f"{text} zq 7",))


@given(st.text(st.characters()))
def test_a_slug_is_short_ascii_and_stable(text: str) -> None:
    slug = slug_of(text)
    assert slug == slug_of(slug)
    assert 0 < len(slug) <= 80
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug.strip("-") == slug


def test_slugs_fold_accents_and_case() -> None:
    assert slug_of("  Apa itu *Kafé* (PSM)?") == "apa-itu-kafe-psm"
    assert slug_of("???") == "soal"


GALAT = [
    ("- [ ] a\n  > k\n- [ ] b\n  > k\n", 5, 'soal "Soal" tidak punya jawaban benar; tandai dengan [x]'),
    ("Teks saja.\n", 5, "tidak punya jawaban benar"),
    ("Urutkan: langkah\n", 5, "tidak punya jawaban benar"),
    ("- [x] a\n", 5, "hanya punya satu pilihan"),
    ("- [x] a\n- [x] b\n", 5, "semua pilihan"),
    ("- [x]\n- [ ] b\n  > k\n", 7, "pilihan kosong"),
    ("- [x] a\n- [ ] a\n  > k\n", 8, 'pilihan "a" ditulis dua kali'),
    ("- [x] a\n- [v] b\n", 8, "kotak [v] tidak dikenal; tulis [x] untuk benar atau [ ] untuk salah"),
    ("- [x] a\n- [] b\n", 8, "kotak [] tidak dikenal"),
    ("- [x] a\n- [ x ] b\n", 8, "kotak [ x ] tidak dikenal"),
    ("Jawaban:\n", 7, "tidak punya jawaban benar"),
    ("Jawaban: |\n", 7, "tidak punya jawaban benar"),
    ("Jawaban: 60..58\n", 7, "terbalik"),
    ("Jawaban: 1\nJawaban: 2\n", 8, "lebih dari satu cara menjawab"),
    ("- [x] a\n- [ ] b\n  > k\n\nJawaban: 2\n", 11, "lebih dari satu cara menjawab"),
    ("Urutkan:\n\n1. a\n", 5, "paling sedikit dua langkah"),
    ("Urutkan:\n\n- a\n- b\n", 5, "daftar bernomor"),
    ("Urutkan:\n\n1. a\n2. a\n", 10, 'langkah "a" ditulis dua kali'),
    ("Urutkan:\n\n1. a\n2.\n", 10, "langkah kosong"),
    ("Jodohkan:\n\n| a | b |\n|--|--|\n| c | d |\n", 5, "paling sedikit dua baris isi"),
    ("Jodohkan:\n\n| a | b |\n|--|--|\n| c | d |\n| e | f | g |\n", 12, "punya 3 kolom"),
    ("Jodohkan:\n\n| a | b |\n|--|--|\n| c | d |\n| e | |\n", 12, "sel kosong"),
    ("Jodohkan:\n\n| a | b |\n|--|--|\n| c | d |\n| c | e |\n", 12, 'sisi kiri "c" ditulis dua kali'),
]


@pytest.mark.parametrize(("body", "line", "words"), GALAT)
def test_a_fault_is_told_with_its_line(body: str, line: int, words: str) -> None:
    _, problems = read(body)
    assert [(number, level) for number, level, _ in problems] == [(line, "galat")]
    assert words in problems[0][2]


def test_wrong_choices_without_feedback_are_one_warning_that_names_their_lines() -> None:
    _, problems = read("- [x] a\n- [ ] b\n- [ ] c\n- [ ] d\n  > Karena.\n- [ ] e\n")
    ((line, level, text),) = problems
    assert (line, level) == (8, "peringatan")
    assert "3 pilihan salah belum punya umpan balik: baris 8–9, 12;" in text


def test_a_box_of_another_letter_is_not_called_wrong_for_want_of_feedback() -> None:
    _, problems = read("- [x] a\n- [v] b\n- [ ] c\n  > Karena.\n")
    assert [level for _, level, _ in problems] == ["galat"]


@pytest.mark.parametrize(
    "body",
    [
        "- [x] Biru\n- [ ] biru\n  > Bukan.\n",
        "Urutkan:\n\n1. Biru\n2. biru\n",
        "Jodohkan:\n\n| A | B |\n| --- | --- |\n| Biru | satu |\n| biru | dua |\n",
    ],
)
def test_what_differs_in_capitals_only_is_a_warning_and_what_is_the_same_a_galat(body: str) -> None:
    _, problems = read(body)
    assert [level for _, level, _ in problems] == ["peringatan"]
    assert 'biru" hanya berbeda huruf besar dan kecil' in problems[0][2]
    _, problems = read(body.replace("Biru", "biru"))
    assert [level for _, level, _ in problems] == ["galat"]
    assert "ditulis dua kali" in problems[0][2]


def test_text_between_choices_is_a_warning_and_not_lost() -> None:
    question, problems = read("- [x] a\n\nNyasar.\n\n- [ ] b\n  > Karena.\n\nAkhir.\n")
    assert [(line, level) for line, level, _ in problems] == [(9, "peringatan")]
    assert "Nyasar." in question.explanation


def test_a_link_list_in_a_prompt_is_no_choice() -> None:
    question = good(f"- [a](b.md)\n- [b]: c\n\n{SINGLE}")
    assert question.choices == 3


def test_multiple_right_answers_make_check_boxes_and_one_right_radio_buttons() -> None:
    assert isinstance(good(MULTIPLE), MultipleChoice)
    assert not isinstance(good(SINGLE), MultipleChoice)
    assert isinstance(good(ORDERING), Ordering)

"""Whatever comes in is written so that the lesson's own reader finds exactly these questions."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.intake.draft import (
    NewQuestion,
    NoPlace,
    Option,
    apart,
    as_markdown,
    escaped,
    paragraphs,
    plain,
    put_into,
    titled,
)
from lms.course.lesson import parse_lesson
from lms.course.markup import inline
from lms.course.questions.arranging import Matching, Ordering
from lms.course.questions.base import Question
from lms.course.questions.choice import SingleChoice
from lms.course.questions.written import Reflection, ShortAnswer

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
MARKS = (
    *(
        "# ",
        "#",
        "### S",
        "- ",
        "-",
        "+ ",
        "* ",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "```",
        "> ",
        ">",
        "1. ",
        "12) ",
        "9.",
    ),
    *(
        "[x]",
        "- [x] a",
        "[ ]",
        "](",
        "![a](media/b.png)",
        "<b>",
        "<http://a.b>",
        "&amp;",
        "&",
        "\\",
        "\\|",
        "|",
        "| a |",
    ),
    *("Jawaban: a", "jawaban :", "Urutkan:", "Jodohkan:", "bebas", "Bebas.", "---", "|---|", "Diperiksa: 1 Mei 2020"),
    *(
        "kata",
        "Kata kata",
        " ",
        "nama_berkas_x",
        "C#",
        "a #",
        "http://a.id/b_c_d",
        "https://x.id/*a*",
        "www.a.id",
        "é",
        "3..5",
    ),
)
# What stands for a mark that is meant as one is taken out of a file before anything of it is read.
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Co")), max_size=3)
LINE = (st.lists(st.sampled_from(MARKS) | LETTERS, min_size=1, max_size=5).map("".join)).map(plain)
SAID = LINE.filter(bool)
TEXT = st.lists(LINE, max_size=3).map("\n".join).map(paragraphs)
OPTION = st.builds(Option, SAID, st.booleans(), LINE)
QUESTION = st.one_of(
    st.builds(
        NewQuestion, kind=st.just("pilihan"), title=SAID, options=st.lists(OPTION, min_size=1, max_size=5).map(tuple)
    ),
    st.builds(NewQuestion, kind=st.just("isian"), title=SAID, accepted=st.lists(SAID, max_size=3).map(tuple)),
    st.builds(NewQuestion, kind=st.just("urutan"), title=SAID, steps=st.lists(SAID, min_size=1, max_size=4).map(tuple)),
    st.builds(
        NewQuestion,
        kind=st.just("jodoh"),
        title=SAID,
        pairs=st.lists(st.tuples(SAID, SAID), min_size=1, max_size=4).map(tuple),
    ),
    st.builds(NewQuestion, kind=st.just("bebas"), title=SAID),
)
WHOLE = st.builds(lambda question, prompt, why: replace(question, prompt=prompt, explanation=why), QUESTION, TEXT, TEXT)


def bare(markdown: str) -> str:
    """The text that Markdown without any marks shows."""
    return ESCAPED.sub(r"\1", markdown)


def as_new(question: Question) -> NewQuestion:
    """What a question of a lesson says, as it would have been brought."""
    prompt, explanation = (bare(text.replace("\n\n", "\n")) for text in (question.prompt, question.explanation))
    return replace(_key(question), title=bare(question.title), prompt=prompt, explanation=explanation)


def _key(question: Question) -> NewQuestion:
    if isinstance(question, SingleChoice):
        options = tuple(Option(bare(each.text), each.right, bare(each.feedback)) for each in question.options)
        return NewQuestion(kind="pilihan", options=options)
    if isinstance(question, Ordering):
        return NewQuestion(kind="urutan", steps=tuple(map(bare, question.steps)))
    if isinstance(question, Matching):
        return NewQuestion(kind="jodoh", pairs=tuple((bare(pair.left), bare(pair.right)) for pair in question.pairs))
    if isinstance(question, ShortAnswer):
        return NewQuestion(kind="isian", accepted=question.accepted)
    assert isinstance(question, Reflection)
    return NewQuestion(kind="bebas")


def read_back(markdown: str) -> list[Question]:
    lesson, _ = parse_lesson("a/b.md", f"# T\n\n## Kuis\n\n{markdown}")
    assert len(lesson.pools) == 1
    return list(lesson.pools[0].questions)


@given(st.lists(WHOLE, min_size=1, max_size=4))
def test_what_is_written_is_read_as_exactly_these_questions(questions: list[NewQuestion]) -> None:
    assert [as_new(question) for question in read_back(as_markdown(questions))] == questions


def test_an_unescaped_text_is_red() -> None:
    """The negative control: without the escaping a text becomes a question of its own."""
    question = NewQuestion(kind="bebas", title="S", prompt="### Lain")
    spoiled = as_markdown([question]).replace("\\#", "#")
    assert [as_new(each) for each in read_back(spoiled)] != [question]


@given(st.text(alphabet=st.sampled_from("ab1 *_~`[]()<>&;#!\\|-+.:@=^$\"'{}/x")).map(plain).filter(bool))
def test_a_reader_sees_the_very_letters(text: str) -> None:
    shown = re.sub(r"<[^<>]*>", "", inline(escaped(text), "a/b.md"))
    assert html.unescape(shown) == text


@given(st.lists(WHOLE, min_size=1, max_size=6), st.sets(st.sampled_from(["soal", "kata", "s", "bebas"])))
def test_no_two_questions_have_one_slug(questions: list[NewQuestion], taken: set[str]) -> None:
    made = apart([*questions, *questions], taken)
    slugs = [question.slug for question in read_back(as_markdown(made))]
    assert len({*slugs, *taken}) == len(slugs) + len(taken)


def test_a_question_with_a_new_name_keeps_its_words() -> None:
    first, second = apart([NewQuestion(kind="bebas", title="Apa itu PSM?")] * 2, ())
    assert (second.title, second.prompt) == ("Apa itu PSM? (2)", "Apa itu PSM?")
    assert first.title == "Apa itu PSM?"


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Apa tugas PSM?", "", ("Apa tugas PSM?", "")),
        ("Apa tugas PSM?", "Tugas", ("Tugas", "Apa tugas PSM?")),
        ("Apa tugas PSM?", "Apa tugas", ("Apa tugas PSM?", "")),
        ("Bu Sari bercerita.\nApa jawaban Anda?", "", ("Bu Sari bercerita.", "Bu Sari bercerita.\nApa jawaban Anda?")),
        ("", "", ("Soal", "")),
    ],
)
def test_a_short_question_is_its_own_heading(text: str, name: str, wanted: tuple[str, str]) -> None:
    assert titled(text, name) == wanted


def test_a_long_question_gets_its_first_words_as_heading() -> None:
    title, prompt = titled("Bu Sari bercerita panjang lebar tentang utangnya kepada rentenir. " * 4)
    assert title == "Bu Sari bercerita panjang lebar tentang utangnya kepada…"
    assert prompt.startswith("Bu Sari bercerita panjang lebar tentang utangnya kepada rentenir.")


QUESTIONS = "### Baru\n\nJawaban: 1\n"
LESSON = (
    "# T\r\n\r\nTeks.\r\n\r\n## Kuis (ambil 1)\r\n\r\n### Satu\r\n\r\nJawaban: 1\r\n\r\n## Dasar hukum\r\n\r\n- UU\r\n"
)


def test_questions_go_to_the_end_of_their_pool_and_nothing_else_moves() -> None:
    made = put_into(LESSON, "kuis", QUESTIONS)
    assert made.replace("### Baru\r\n\r\nJawaban: 1\r\n\r\n", "") == LESSON
    assert [question.title for question in parse_lesson("a.md", made)[0].pools[0].questions] == ["Satu", "Baru"]


def test_a_lesson_without_such_a_pool_gets_one_before_its_legal_basis() -> None:
    made = put_into(LESSON, "latihan", QUESTIONS)
    lesson, problems = parse_lesson("a.md", made)
    assert [(pool.kind, len(pool.questions)) for pool in lesson.pools] == [("latihan", 1), ("kuis", 1)]
    assert made.index("## Latihan") < made.index("## Kuis") < made.index("## Dasar hukum")
    assert lesson.legal
    assert problems == []


@pytest.mark.parametrize(
    "source", ["", "# T", "# T\n", "\ufeff# T\n\n## Kuis", "# T\n\n## Kuis\n### A\n\nJawaban: 1\n## Lain\nx"]
)
@pytest.mark.parametrize("kind", ["latihan", "kuis"])
def test_questions_find_a_place_in_any_lesson(source: str, kind: str) -> None:
    made = put_into(source, kind, QUESTIONS)  # type: ignore[arg-type] # Both kinds there are.
    pools = [pool for pool in parse_lesson("a.md", made)[0].pools if pool.kind == kind]
    assert pools[-1].questions[-1].title == "Baru"
    assert not set(source.split("\n")) - set(made.split("\n"))


def test_an_open_fence_takes_no_questions() -> None:
    with pytest.raises(NoPlace, match="baris 3"):
        put_into("# T\n\n```\nx\n", "kuis", QUESTIONS)


@given(st.text() | TEXT, st.sampled_from(["latihan", "kuis"]))
def test_no_lesson_makes_putting_in_raise(source: str, kind: str) -> None:
    try:
        made = put_into(source, kind, QUESTIONS)  # type: ignore[arg-type] # Both kinds there are.
    except NoPlace:
        return
    assert QUESTIONS.split("\n")[0] in made

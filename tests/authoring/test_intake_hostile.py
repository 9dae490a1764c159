"""Nothing that is brought makes a reader raise, or think for long."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.intake.draft import (
    LONGEST_SOURCE,
    LONGEST_TEXT,
    MOST_PROBLEMS,
    MOST_QUESTIONS,
    ReadQuestions,
    apart,
    as_markdown,
)
from lms.authoring.intake.gift import read_gift
from lms.authoring.intake.numbered import read_numbered
from lms.authoring.intake.rows import COLUMNS, read_rows
from lms.course.lesson import parse_lesson
from tests.authoring.test_intake_draft import as_new
from tests.course.test_hostile import LESSONS, MANY
from tests.effort import K, often, takes_less

pytestmark = pytest.mark.walk

READERS: dict[str, Callable[[str], ReadQuestions]] = {"gift": read_gift, "numbered": read_numbered}
SOME = 20_000
GIFTS = {
    "open braces": "{" * MANY,
    "closed braces": "}" * MANY,
    "braces": "a{=b}" * 60 * K,
    "blocks of braces": "a{=b}\n\n" * 40 * K,
    "halves": "} {\n\n" * 50 * K,
    "open halves": "{\n\n" * 90 * K,
    "names": "::" * 150 * K,
    "wrong choices": "a{" + "~" * MANY + "}",
    "right choices": "a{" + "=b" * 100 * K + "}",
    "weights": "a{" + "~%" * 100 * K + "}",
    "arrows": "a{=" + "->" * 100 * K + "=b->c}",
    "feedback": "a{=b" + "#" * MANY + "}",
    "numbers": "a{#" + "9" * MANY + "}",
    "points": "a{#" + "1." * 100 * K + "}",
    "escapes": "\\" * MANY,
    "tags": "[html]" + "<" * MANY + "{}",
    "open tags": "[html]" + "<br " * 70 * K + "{}",
    "entities": "[html]" + "&amp" * 70 * K + "{}",
    "comments": "//\n" * 100 * K,
    "categories": "$CATEGORY: a\n" * 20 * K,
}
NUMBERED = {
    "numbers": "1. a\n" * 60 * K,
    "growing numbers": "".join(f"{at}. a\n" for at in range(1, 1_000)) * often(6, 30),
    "letters": "1. a\n" + "a. b\n" * 60 * K,
    "the alphabet": "1. a\n" + "a. b\nb. c\nc. d\n" * 20 * K,
    "wrapped": "1. a\na. b\n" + "c\n" * 140 * K,
    "wrapped keys": "1. a\nKunci: x\n" + "c\n" * 140 * K,
    "wrapped reasons": "1. a\nPenjelasan: x\n" + "c\n\n" * 90 * K,
    "loose": "x\n" * 140 * K + "a. b\n",
    "headings": "x\nA. y\n" * 40 * K,
    "keys": "1. a\nb. c\n" + "Kunci: a\n" * 30 * K,
    "key lists": "1. a\n\nKunci\n" + "1. B 2. C\n" * 25 * K,
    "one key list": "1. a\n\nKunci: " + "1a" * 140 * K,
    "key chains": "1. a\n\nKunci: 1" + "a," * 140 * K + "ab",
    "bullets": "1. a\n" + "- [x] b\n" * 35 * K,
    "stars": "1. a\na. " + "*" * MANY,
    "starred": "1. a\na. " + "* " * 140 * K + "b",
    "tabs": "1. a\n" + "\t" * MANY + "b. c",
    "spaces": "1. a\na. b" + " " * MANY + "(benar",
    "brackets": "1. a\na. b" + " (" * 140 * K,
    "feedback": "1. a\na. b\n" + "> c\n" * 70 * K,
}


HOSTILE = {
    **{f"gift: {name}": ("gift", text) for name, text in GIFTS.items()},
    **{f"numbered: {name}": ("numbered", text) for name, text in NUMBERED.items()},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_in_a_moment(name: str) -> None:
    reader, text = HOSTILE[name]
    found: list[ReadQuestions] = []
    assert takes_less(lambda: found.append(READERS[reader](text)))
    assert_is_whole(found[0])


@pytest.mark.parametrize("reader", READERS)
def test_what_is_hostile_to_lessons_is_no_worse_here(reader: str) -> None:
    for text in [*LESSONS.values(), *GIFTS.values(), *NUMBERED.values()]:
        assert_is_whole(READERS[reader](text[:SOME]))


def assert_is_whole(reading: ReadQuestions) -> None:
    """There is a question or a word about why not; what came in can be written and read again."""
    assert reading.questions or reading.problems
    assert len(reading.problems) <= MOST_PROBLEMS + 1
    assert len(reading.questions) <= MOST_QUESTIONS
    assert all(len(text) <= LONGEST_TEXT for question in reading.questions for text in question.texts)
    some = apart(reading.questions[:20], ())
    lesson, _ = parse_lesson("a.md", f"# T\n\n## Kuis\n\n{as_markdown(some)}")
    read = [as_new(question) for pool in lesson.pools for question in pool.questions]
    assert [(new.title, new.prompt, new.kind) for new in read] == [(new.title, new.prompt, new.kind) for new in some]


PIECES = (
    *(
        "1. ",
        "2) ",
        "a. ",
        "b) ",
        "(c) ",
        "*",
        "**",
        "✓",
        "- [x] ",
        "• ",
        "Kunci: ",
        "Kunci jawaban",
        "1. B 2. C",
        "Pembahasan: ",
    ),
    *(
        "> ",
        "\n",
        "\n\n",
        "\t",
        "  ",
        "::",
        "{",
        "}",
        "=",
        "~",
        "#",
        "->",
        "%50%",
        "####",
        "\\",
        "//",
        "$CATEGORY",
        "T",
        "[html]",
    ),
    *(
        "<b>",
        "&lt;",
        "kata",
        "bebas",
        "benar",
        "\ud800",
        "\0",
        "\u2028",
        "\x0b",
        "\ue000",
        "é",
        "58..60",
        "B",
        "A, C",
        "urutkan",
    ),
)
SOURCE = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join) | st.text()


@given(SOURCE)
def test_no_text_makes_a_reader_raise(source: str) -> None:
    for read in READERS.values():
        assert_is_whole(read(source))


CELL = st.sampled_from([*PIECES, *COLUMNS, "a = b", "isian", "jodoh", "urutan", "benar-salah"]) | st.text(max_size=5)


@given(st.lists(st.lists(CELL, max_size=18), max_size=6), st.booleans())
def test_no_sheet_makes_the_reader_raise(rows: list[list[str]], with_heading: bool) -> None:
    assert_is_whole(read_rows([list(COLUMNS), *rows] if with_heading else rows))


def test_what_is_too_long_or_too_much_is_told() -> None:
    long = read_numbered(f"1. {'kata ' * 500}\nKunci: a b c\n")
    assert long.questions == ()
    assert "2.000 huruf" in long.problems[0].text
    many = read_gift("a{=b}\n\n" * (MOST_QUESTIONS + 1))
    assert len(many.questions) == MOST_QUESTIONS
    assert "500 soal" in many.problems[0].text
    cut = read_gift("a{=b}\n\n" + "\n" * LONGEST_SOURCE)
    assert "300.000" in cut.problems[0].text

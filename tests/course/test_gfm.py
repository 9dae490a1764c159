"""Markdown is read GitHub's way: markdown-it-py in its GitHub mode is the judge."""

import random
import re
from pathlib import Path

import pytest
from markdown import markdown
from markdown_it import MarkdownIt

from lms.course.lines import code_spans, scan
from lms.course.markup import render
from tests.course.trees import tree

ROOT = Path(__file__).parents[2]
CONSTRUCTS = (ROOT / "tests/data/constructs.md").read_text().removesuffix("\n").split("\n%%\n")
LESSONS = sorted((ROOT / "courses").rglob("*.md"))

# Pieces for random texts: a construct that never ends would swallow what follows.
ENDLESS = {"```\ntak ditutup", "- ```\n  a\nb"}
PIECES = [construct for construct in CONSTRUCTS if construct not in ENDLESS]

# Where this program and the judge differ on purpose or harmlessly: source, what GitHub makes of it, reason.
KNOWN = [
    ("www.contoh.com", "www.", "GitHub links www. without a scheme, and so do we; the judge only knows schemes"),
    ("```\n    \na\n```", "spaces kept", "a line of spaces in a code block is an empty line here"),
    ("**bold*\n**Ingat.** a*b", "* and strong", "a star too many may pair with another one far away"),
]

BLOCK_SOUP = ["a", "b c", "- ", "* ", "1. ", "2. ", "> ", "  ", "    ", "\n", "\n", "\n\n", "```", "# ", "---", "==="]
BLOCK_SOUP += ["| a | b |", "|---|---|", "\n- ", "\n  ", "\n> ", "\n    ", "- [ ] "]
SPAN_SOUP = ["a", "b ", "*", "**", "_", "__", "`", "``", "~~", "[", "](/x)", "](y)", "!", "\\", "<", "&amp;", " "]
SPAN_SOUP += ["\n", "(", ")", ".", "***", "|"]


def judge(source: str, links: bool = True) -> str:
    """GitHub links addresses with a scheme and e-mail addresses, never a bare domain such as kursus.md."""
    reader = MarkdownIt("gfm-like", {"html": False, "linkify": links})
    assert reader.linkify
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    return str(reader.render(source))


def agrees(source: str, links: bool = True) -> bool:
    return tree(render(source, "a.md")) == tree(judge(source, links))


def rate(sources: list[str], links: bool = True) -> float:
    return sum(agrees(source, links) for source in sources) / len(sources)


def random_texts(seed: int, number: int, separator: str) -> list[str]:
    rng = random.Random(seed)
    return [separator.join(rng.choices(PIECES, k=rng.randint(2, 5))) for _ in range(number)]


def random_soup(seed: int, number: int, alphabet: list[str]) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(alphabet, k=rng.randint(3, 14))) for _ in range(number)]


@pytest.mark.parametrize("source", CONSTRUCTS)
def test_a_construct_reads_as_on_github(source: str) -> None:
    assert tree(render(source, "a.md")) == tree(judge(source))


@pytest.mark.walk
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_bundled_lesson_reads_as_on_github(lesson: Path) -> None:
    source = lesson.read_text()
    assert tree(render(source, "a.md")) == tree(judge(source))


@pytest.mark.parametrize(("source", "github", "reason"), KNOWN)
def test_a_known_difference_is_still_one(source: str, github: str, reason: str) -> None:
    assert not agrees(source), f"no longer differs ({github}: {reason}): take it off the list"


@pytest.mark.walk
def test_random_blocks_apart_read_as_on_github() -> None:
    assert rate(random_texts(1, 500, "\n\n")) >= 0.995


@pytest.mark.walk
def test_random_blocks_glued_together_read_as_on_github() -> None:
    assert rate(random_texts(2, 500, "\n")) >= 0.99


@pytest.mark.walk
def test_random_marks_of_blocks_read_nearly_as_on_github() -> None:
    assert rate(random_soup(3, 500, BLOCK_SOUP)) >= 0.97


@pytest.mark.walk
def test_random_marks_of_spans_read_nearly_as_on_github() -> None:
    assert rate(random_soup(4, 500, SPAN_SOUP), links=False) >= 0.97


def test_the_judge_tells_another_reading_apart() -> None:
    """The negative control: Python-Markdown as it comes fails the same gate."""
    texts = random_texts(1, 100, "\n\n")
    plain = [tree(markdown(text, extensions=["tables", "fenced_code"])) == tree(judge(text)) for text in texts]
    assert sum(plain) < 50


@pytest.mark.parametrize("source", CONSTRUCTS)
def test_the_checker_takes_for_code_what_a_page_shows_as_code(source: str) -> None:
    code = [line for line in scan(source)[0] if line.code]
    assert bool(code) == ("<pre>" in render(source, "a.md"))


@pytest.mark.parametrize(
    "source", ["a `b` c", "\\`b` c`", "``a`b`` `c`", "`a\\` b`", "\\\\`a` b", "` a", "a ``b` c`` `d"]
)
def test_the_checker_takes_for_a_code_span_what_a_page_shows_as_one(source: str) -> None:
    shown = re.findall("<code>(.*?)</code>", render(source, "a.md"))
    assert [source[start:end].strip("`").strip() for start, end in code_spans(source)] == [
        each.strip() for each in shown
    ]

"""Blocks of Markdown as GitHub reads them, and its lines, each knowing whether it is code.

What the checker takes for code, words or a heading is what a page shows as such. markdown-it-py finds the blocks, since
Python-Markdown nests by four spaces only and lets neighbours run together; what stands in them is Python-Markdown's.
Everything here is one pass over the lines, because authors' files and hostile ones go through it alike.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms.course.problems import Notes
from lms.web.plain import normalised

BACKTICKS = re.compile(r"(?<!\\)(\\*+)(`++)")
LETTER = re.compile(r"[^\n]")
BOX = re.compile(r"\A\[[ xX]\][ \t]+")
MARKS = re.compile(r"(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*+")

ITEM = re.compile(r"( {0,3})([-*+]|(\d{1,9})[.)])( +|$)")
RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})")
REFERENCE = re.compile(
    r""" {0,3}\[((?:[^\[\]\\]|\\.){1,200})\]:\s*(<[^<>\n]{0,2000}>|[^\s<]\S{0,1999})"""
    r"""(?:\s+("[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))? *$""",
    re.MULTILINE,
)


class _Blocks(MarkdownIt):
    """The reader of blocks; an address stays as it is written, since whoever shows it judges it."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


# Nobody reads deeper than this, and what walks the finished tree recurses once a level.
_BLOCKS = _Blocks("commonmark", {"maxNesting": 40, "inline_definitions": True}).enable("table")
_BLOCKS.disable(["normalize", "html_block", "inline", "text_join"])


def blocks_of(source: str) -> Sequence[Token]:
    """The blocks of a text, each with its lines, and the definitions of links."""
    return _BLOCKS.parse(source + "\n")


class Heading(NamedTuple):
    """The level and words of a heading, without the hashes that may close it."""

    level: int
    title: str


class Line(NamedTuple):
    """One line of a file; `code` is true inside fences (their marks included) and in indented code.

    Its words stand behind all marks of blocks, the box of a choice too; `begins`: a block starts with them. `heading`
    is one that is written with hashes at the start of its line.
    """

    number: int
    text: str
    code: bool = False
    words: str = ""
    begins: bool = False
    heading: Heading | None = None


@lru_cache(maxsize=4)
def scan(source: str) -> tuple[tuple[Line, ...], int | None]:
    """All lines of normalised source, and the number of the line whose fence is never closed.

    Kept for a moment, since a text is read and then checked.
    """
    lines = [Line(number, text) for number, text in enumerate(source.split("\n"), 1)]
    open_fence, blocks = None, blocks_of(source)
    for before, block in zip([None, *blocks], blocks, strict=False):
        start, end = block.map or (0, 0)
        if block.type in ("fence", "code_block"):
            for at in range(start, end):
                lines[at] = Line(at + 1, lines[at].text, True, lines[at].text.strip())
            if block.type == "fence" and end - start == block.content.count("\n") + 1:
                open_fence = open_fence or start + 1
        elif block.type in ("tr_open", "definition"):
            for at in range(start, end):
                _note_words(lines, at, MARKS.sub("", lines[at].text, count=1), at == start)
        elif block.type == "inline" and not lines[start].words:
            for at, words in enumerate(block.content.split("\n"), start):
                _note_words(lines, at, words, at == start)
            if before and before.markup[:1] == "#" == lines[start].text[0]:
                lines[start] = lines[start]._replace(heading=Heading(len(before.markup), block.content.strip()))
    return tuple(lines), open_fence


def _note_words(lines: list[Line], at: int, words: str, begins: bool) -> None:
    words = words.strip()
    lines[at] = Line(at + 1, lines[at].text, False, BOX.sub("", words) if begins else words, begins)


def markdown_of(lines: Iterable[Line]) -> str:
    """The lines as Markdown again, without blank lines around."""
    return "\n".join(line.text for line in lines).strip("\n").rstrip()


@dataclass(slots=True)
class ListItem:
    """An item of a list: the match of its first line, the text that belongs to it, the quote under it."""

    line: int
    match: re.Match[str]
    text: list[str]
    quote: list[str] = field(default_factory=list)

    def take(self, line: Line, after_blank: bool, with_quote: bool) -> None:
        """Add a further line to the text or, with_quote, to the quote it opens or goes on with."""
        stripped = line.text.strip()
        if with_quote and not line.code and stripped.startswith(">"):
            self.quote.append(stripped[1:].removeprefix(" "))
        elif self.quote and not after_blank:
            self.quote.append(stripped)
        else:
            self.text.extend([""] * after_blank)
            self.text.append(_dedented(line.text, self.match.end(1)))

    @property
    def markdown(self) -> str:
        """The item's own text, without its mark and its quote."""
        return "\n".join(self.text).strip()


class ItemList(NamedTuple):
    """The items of a list, text found between them, and what follows the last one."""

    items: list[ListItem]
    between: list[Line]
    rest: list[Line]


def read_items(lines: Iterable[Line], opener: re.Pattern[str], with_quote: bool = False) -> ItemList:
    """Items that `opener` starts: its group 1 is the mark, its last group the text.

    A line belongs to the item above until a blank line; after one, when it is indented.
    """
    items: list[ListItem] = []
    between: list[Line] = []
    rest: list[Line] = []
    inside, after_blank = False, False
    for line in lines:
        match = None if line.code else opener.match(line.text)
        if match:
            between += rest
            rest = []
            items.append(ListItem(line.number, match, [match[match.re.groups]]))
            inside, after_blank = True, False
        elif inside and not line.text.strip():
            after_blank = True
        elif inside and (not after_blank or line.text.startswith(("  ", "\t"))):
            items[-1].take(line, after_blank, with_quote)
            after_blank = False
        else:
            inside = False
            rest.append(line)
    return ItemList(items, between, rest)


def _dedented(text: str, columns: int) -> str:
    kept = text.lstrip(" \t")
    return text[min(columns, len(text) - len(kept)) :]


class Passage(NamedTuple):
    """A paragraph, list item, heading, quote or table row: its text without marks, still in its lines."""

    line: int
    text: str


def passages(lines: Iterable[Line]) -> list[Passage]:
    """Return the pieces that are read as one; code is left out."""
    found: list[Passage] = []
    collected: list[str] = []
    start = 0
    for line in lines:
        words = "" if line.code else line.words
        if collected and (line.begins or not words):
            found.append(Passage(start, "\n".join(collected)))
            collected = []
        if words:
            start = start if collected else line.number
            collected.append(words)
    return [*found, Passage(start, "\n".join(collected))] if collected else found


def without_code(text: str) -> str:
    """The text with blanks for every code span; line ends, and the places of all other letters, are kept."""
    kept, copied = [], 0
    for start, end in code_spans(text):
        kept += [text[copied:start], LETTER.sub(" ", text[start:end])]
        copied = end
    return "".join([*kept, text[copied:]])


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of code in a passage, their backticks included; a backtick behind a backslash opens none."""
    runs = list(BACKTICKS.finditer(text)) if "`" in text else []
    last = {len(run[2]): at for at, run in enumerate(runs)}
    at = 0
    while at < len(runs):
        start = runs[at].start(2) + len(runs[at][1]) % 2
        size = runs[at].end() - start
        if last.get(size, 0) > at:
            at = next(later for later in range(at + 1, len(runs)) if len(runs[later][2]) == size)
            yield start, runs[at].end()
        at += 1


def note_glued(lines: Iterable[Line], choices: Collection[int], notes: Notes) -> None:
    """Note a rule, quote or fence directly under a list item; a quote under a choice is its feedback."""
    item, was_code = 0, False
    for line in lines:
        glued = _block_start(line, was_code)
        was_code = line.code
        if glued and item and not (glued == "kutipan" and item in choices):
            text = f"{glued} menempel pada butir daftar di atasnya; beri satu baris kosong di antaranya"
            notes.galat(line.number, text)
            item = 0
        elif line.code or glued:
            item = item if glued == "kutipan" else 0
        elif not line.text.strip() or line.heading:
            item = 0
        elif ITEM.match(line.text.expandtabs(4).lstrip(" ")):
            item = line.number


def _block_start(line: Line, was_code: bool) -> str | None:
    """Return the name of the block that starts here: a fence, a rule or a quote."""
    stripped = line.text.strip(" \t")
    if line.code:
        return "blok kode" if not was_code and FENCE.match(stripped) else None
    if stripped.startswith(">"):
        return "kutipan"
    return "garis pemisah" if RULE.match(stripped) else None


def read_lines(source: str, notes: Notes) -> tuple[Line, ...]:
    """All lines of any source; a fence that is never closed is noted."""
    lines, fence = scan(normalised(source))
    if fence:
        notes.galat(fence, "blok kode tidak ditutup; tulis penutup yang sama dengan pembukanya pada baris sendiri")
    return lines

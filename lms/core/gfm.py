"""GitHub's reading of blocks for Python-Markdown, so that a lesson looks the same here and in any viewer.

Python-Markdown nests by four spaces and wants a blank line before a list; GitHub nests by the column of the text
and wants none. The lines are rewritten before anything else reads them; raw HTML stays text.
"""

import re

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

ITEM = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( +)(?=\S)")
FENCE = re.compile(r"^ *(`{3,}|~{3,})[^`]*$")
DELIMITER_ROW = re.compile(r"^ *\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*$")

# Python-Markdown recurses once a level; nobody reads a list twelve levels deep.
DEEPEST_LIST = 12


class _Rewriter:
    """Reads lines one by one and keeps where the text of each open list item begins (`columns`)."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.columns: list[int] = []
        self.fence = ""
        self.fence_column = 0
        self.after_blank = True
        self.after_prose = False

    def rewrite(self, lines: list[str]) -> list[str]:
        lines = [line.expandtabs(4) for line in lines]
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if self.fence:
                self._fenced(line)
            elif not line.strip():
                self.out.append("")
                self.after_blank = True
            else:
                self._text(line, following)
                self.after_blank = False
        return self.out

    @property
    def _pad(self) -> str:
        return " " * (4 * len(self.columns))

    def _fenced(self, line: str) -> None:
        body = line[min(_indent(line), self.fence_column) :]
        self.out.append(self._pad + body if body else "")
        closing = FENCE.match(line)
        if closing and closing[1].startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self.fence = ""

    def _text(self, line: str, following: str) -> None:
        indent, item = _indent(line), ITEM.match(line)
        prose = not item and not line.lstrip().startswith(("#", "|", "```", "~~~"))
        lazy = prose and not self.after_blank
        while self.columns and indent < self.columns[-1] and not lazy:
            self.columns.pop()
        base = self.columns[-1] if self.columns else 0
        starts_block = indent - base < 4
        if item and starts_block:
            self._item(line, item)
        else:
            if self._joins_prose and "|" in line and "|" in following and DELIMITER_ROW.match(following):
                self.out.append("")
            self.out.append(self._pad + line[min(indent, base) :])
            self.after_prose = prose and not self.columns
        fence = FENCE.match(line[item.end() :] if item else line)
        if fence and starts_block:
            self.fence, self.fence_column = fence[1], self.columns[-1] if self.columns else 0

    @property
    def _joins_prose(self) -> bool:
        return self.after_prose and not self.after_blank

    def _item(self, line: str, item: re.Match[str]) -> None:
        marker = item[2].replace(")", ".")
        interrupts = not marker[0].isdigit() or int(marker[:-1]) == 1
        if self._joins_prose and not self.columns and interrupts:
            self.out.append("")
        self.out.append(f"{self._pad}{marker} {line[item.end() :]}")
        self.after_prose = False
        if len(self.columns) < DEEPEST_LIST:
            self.columns.append(item.end() if len(item[3]) <= 4 else item.end(2) + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class GfmBlocks(Preprocessor):
    """Turns GitHub's list nesting into four spaces a level and lets a list or table follow a paragraph."""

    def run(self, lines: list[str]) -> list[str]:
        return _Rewriter().rewrite(lines)


class Gfm(Extension):
    """The preprocessor above, and raw HTML as text."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # 26 comes just before superfences, which takes the fences out at 25.
        md.preprocessors.register(GfmBlocks(md), "gfm_blocks", 26)

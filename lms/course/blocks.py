"""Blocks of Markdown as GitHub reads them: what the checker takes for code or words is what a page shows as such.

This follows the CommonMark specification (sections 4 and 5, "Appendix: a parsing strategy") with GitHub's tables and
task lists. It reads each line once and never recurses, so no text can make it slow.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString, code_escape

QUOTE = re.compile(r" {0,3}> ?")
ITEM = re.compile(r"( {0,3})([-*+]|(\d{1,9})[.)])( +|$)")
HEADING = re.compile(r" {0,3}(#{1,6})(?: |$)")
RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})")
UNDERLINE = re.compile(r" {0,3}(=+|-+) *$")
DELIMITER = re.compile(r" *:?-+:? *")
PIPE = re.compile(r"(?<!\\)\|")
TASK = re.compile(r"\[([ xX])\] +(?=\S)")
REFERENCE = re.compile(
    r""" {0,3}\[((?:[^\[\]\\]|\\.){1,200})\]:\s*(<[^<>\n]{0,2000}>|[^\s<]\S{0,1999})"""
    r"""(?:\s+("[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))? *$""",
    re.MULTILINE,
)

# Nobody reads deeper than this, and what walks the finished tree recurses once a level.
DEEPEST = 20
# Cells missing at the end of a row are filled in, but a wide table with many short rows must not explode.
MOST_FILLED_CELLS = 10_000


@dataclass
class Container:
    """The document, a quote or a list item that is still open."""

    element: Element
    # Columns that belong to an item's text; 0 for a quote.
    offset: int = 0
    # The list that the next item of the same kind continues.
    items: "Items | None" = None
    # The list that this item belongs to.
    owner: "Items | None" = None
    after_blank: bool = False


@dataclass
class Items:
    """A list with the mark its items start with; loose as soon as a blank line stands between its parts."""

    element: Element
    mark: str
    loose: bool = False


@dataclass
class Leaf:
    """The open block of text at the innermost place."""

    kind: str
    lines: list[str] = field(default_factory=list)
    fence: str = ""
    indent: int = 0
    # The line that opened a fence.
    number: int = 0
    is_closed: bool = False


class LineRead(NamedTuple):
    """The find on a line: how many of its last letters are words, whether a block begins with them, or code."""

    left: int = 0
    begins: bool = False
    code: bool = False


class Blocks:
    """The blocks of a text as a tree, with what was found on each of its lines; tabs are expanded before."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.root = Element("div")
        self.references: dict[str, tuple[str, str]] = {}
        self.lines: list[LineRead] = []
        self.open_fence: int | None = None
        self.open = [Container(self.root)]
        self.leaf: Leaf | None = None
        self.lists: list[Items] = []
        self.filled_cells = 0
        for line in lines:
            self.lines.append(LineRead())
            self._line(line)
        self._close_leaf()
        for items in self.lists:
            if not items.loose:
                _tighten(items.element)

    def _found(self, words: str, *, begins: bool = False, code: bool = False) -> None:
        self.lines[-1] = LineRead(len(words.lstrip(" ")), begins, code)

    def _line(self, line: str) -> None:
        rest, matched = self._continue_containers(line)
        all_matched = matched == len(self.open)
        if self.leaf and self.leaf.kind == "fence" and all_matched:
            self._found("", code=True)
            self._fenced(rest)
        elif not rest.strip():
            self._blank(rest, matched)
        else:
            self._text(rest, matched)
            for container in self.open:
                container.after_blank = False

    def _continue_containers(self, line: str) -> tuple[str, int]:
        """Return the rest of the line behind the marks of the open containers, and how many of them it continues."""
        for number, container in enumerate(self.open[1:], 1):
            if container.offset:
                if line.strip() and _indent(line) < container.offset:
                    return line, number
                line = line[container.offset :]
            else:
                quote = QUOTE.match(line)
                if not quote:
                    return line, number
                line = line[quote.end() :]
        return line, len(self.open)

    def _fenced(self, rest: str) -> None:
        assert self.leaf
        close = FENCE.match(rest)
        if close and close[2].startswith(self.leaf.fence) and not rest[close.end() :].strip():
            self.leaf.is_closed = True
            self._close_leaf()
        else:
            self.leaf.lines.append(rest[min(_indent(rest), self.leaf.indent) :])

    def _blank(self, rest: str, matched: int) -> None:
        if self.leaf and self.leaf.kind == "code" and matched == len(self.open):
            self.leaf.lines.append(rest[4:])
            self._found("", code=True)
        else:
            self._close_leaf()
        self._close_containers(matched)
        if self.open[-1].offset and not len(self.open[-1].element) and not self.leaf:
            # An item may begin with one blank line at most.
            self.open.pop()
        for container in reversed(self.open):
            container.after_blank = True
            if container.element.tag == "blockquote":
                break

    def _text(self, rest: str, matched: int) -> None:
        while True:
            in_paragraph = self.leaf is not None and self.leaf.kind == "paragraph"
            if _indent(rest) >= 4:
                break
            opened = self._open_container(rest, matched, in_paragraph and matched == len(self.open))
            if opened is None:
                break
            rest, matched = opened, len(self.open)
            if not rest.strip():
                return
        if in_paragraph and _indent(rest) >= 4:
            self._continue_paragraph(rest)
        elif self._start_leaf(rest, matched):
            return
        elif in_paragraph:
            self._continue_paragraph(rest)
        else:
            self._found(rest, begins=True)
            self._begin(matched, Leaf("paragraph", [rest.lstrip(" ")]))

    def _continue_paragraph(self, rest: str) -> None:
        assert self.leaf
        self._found(rest)
        self.leaf.lines.append(rest.lstrip(" "))

    def _open_container(self, rest: str, matched: int, interrupting: bool) -> str | None:
        """Opens a quote or an item and gives what stands after its mark."""
        if len(self.open) >= DEEPEST:
            return None
        quote = QUOTE.match(rest)
        if quote:
            self._close_to(matched)
            self.open.append(Container(self._add("blockquote")))
            return rest[quote.end() :]
        item = ITEM.match(rest)
        if not item or RULE.match(rest):
            return None
        text = rest[item.end() :]
        if interrupting and (not text or item[3] not in (None, "1")):
            return None
        self._close_to(matched)
        self._open_item(item, text)
        return rest[self.open[-1].offset :] if text else ""

    def _open_item(self, item: re.Match[str], text: str) -> None:
        parent, mark = self.open[-1], item[2][-1]
        if parent.items is None or parent.items.mark != mark:
            element = self._add("ol" if item[3] else "ul")
            if item[3] and int(item[3]) != 1:
                element.set("start", str(int(item[3])))
            parent.items = Items(element, mark)
            self.lists.append(parent.items)
        elif parent.after_blank:
            parent.items.loose = True
        width = item.end(2) + (len(item[4]) if text and len(item[4]) <= 4 else 1)
        self.open.append(Container(SubElement(parent.items.element, "li"), width, owner=parent.items))

    def _start_leaf(self, rest: str, matched: int) -> bool:
        """Starts or continues what is no plain paragraph; False when the line is text."""
        leaf, all_matched = self.leaf, matched == len(self.open)
        if _indent(rest) >= 4:
            self._found("", code=True)
            if leaf and leaf.kind == "code" and all_matched:
                leaf.lines.append(rest[4:])
            else:
                self._begin(matched, Leaf("code", [rest[4:]]))
            return True
        fence = FENCE.match(rest)
        if fence:
            self._found("", code=True)
            self._begin(matched, Leaf("fence", [], fence[2], len(fence[1]), len(self.lines)))
            return True
        heading = HEADING.match(rest)
        if heading:
            self._found(rest[heading.end() :], begins=True)
            self._close_to(matched)
            self._add(f"h{len(heading[1])}").text = _heading_text(rest[heading.end() :])
            return True
        if leaf and leaf.kind == "paragraph" and all_matched and self._underlined(leaf, rest):
            return True
        if RULE.match(rest):
            self._close_to(matched)
            self._add("hr")
            return True
        if leaf and leaf.kind == "table" and all_matched:
            self._found(rest, begins=True)
            leaf.lines.append(rest)
            return True
        return False

    def _underlined(self, leaf: Leaf, rest: str) -> bool:
        """The line under a paragraph makes it a heading or a table."""
        if self._is_table(leaf.lines[-1], rest):
            header = leaf.lines.pop()
            self.lines[-2] = self.lines[-2]._replace(begins=True)
            self._close_leaf()
            self.leaf = Leaf("table", [header, rest])
            return True
        underline = UNDERLINE.match(rest)
        if not underline or not self._take_references(leaf):
            return False
        self.leaf = None
        self._add("h1" if underline[1][0] == "=" else "h2").text = "\n".join(leaf.lines).strip()
        return True

    @staticmethod
    def _is_table(header: str, line: str) -> bool:
        if "|" not in line and ":" not in line and "|" not in header:
            return False
        cells = _cells(line)
        return all(map(DELIMITER.fullmatch, cells)) and len(cells) == len(_cells(header))

    def _begin(self, matched: int, leaf: Leaf) -> None:
        self._close_to(matched)
        self._notice_blank()
        self.leaf = leaf

    def _close_to(self, matched: int) -> None:
        self._close_leaf()
        self._close_containers(matched)

    def _close_containers(self, matched: int) -> None:
        if matched < len(self.open):
            self._close_leaf()
            del self.open[matched:]

    def _add(self, tag: str) -> Element:
        """A new block in the innermost container."""
        self._notice_blank()
        self.open[-1].items = None
        return SubElement(self.open[-1].element, tag)

    def _notice_blank(self) -> None:
        """A blank line between two blocks of an item makes its list loose."""
        container = self.open[-1]
        if container.owner and container.after_blank and len(container.element):
            container.owner.loose = True

    def _close_leaf(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf:
            getattr(self, f"_close_{leaf.kind}")(leaf)

    def _close_paragraph(self, leaf: Leaf) -> None:
        if not self._take_references(leaf):
            return
        text, element = "\n".join(leaf.lines).rstrip(), self._add("p")
        task = TASK.match(text) if self.open[-1].offset and len(self.open[-1].element) == 1 else None
        element.text = f"{'☐' if task[1] == ' ' else '☑'} {text[task.end() :]}" if task else text

    def _take_references(self, leaf: Leaf) -> bool:
        """Takes link definitions off the start of a paragraph; False when nothing else is left."""
        while leaf.lines and (found := REFERENCE.match("\n".join(leaf.lines[:3]))):
            name = " ".join(found[1].split()).lower()
            target = found[2][1:-1] if found[2].startswith("<") else found[2]
            self.references.setdefault(name, (target, (found[3] or "")[1:-1]))
            del leaf.lines[: found[0].count("\n") + 1]
        return bool(leaf.lines)

    def _close_code(self, leaf: Leaf) -> None:
        self._add_code("\n".join(leaf.lines).strip("\n"))

    def _close_fence(self, leaf: Leaf) -> None:
        if not leaf.is_closed and self.open_fence is None:
            self.open_fence = leaf.number
        self._add_code("\n".join(leaf.lines))

    def _add_code(self, text: str) -> None:
        code = SubElement(self._add("pre"), "code")
        code.text = AtomicString(code_escape(text) + "\n")

    def _close_table(self, leaf: Leaf) -> None:
        table = self._add("table")
        aligns = [_alignment(cell.strip()) for cell in _cells(leaf.lines[1])]
        self._row(SubElement(table, "thead"), "th", leaf.lines[0], aligns)
        if len(leaf.lines) > 2:
            body = SubElement(table, "tbody")
            for line in leaf.lines[2:]:
                self._row(body, "td", line, aligns)

    def _row(self, parent: Element, tag: str, line: str, aligns: list[str]) -> None:
        row, cells = SubElement(parent, "tr"), _cells(line)[: len(aligns)]
        missing = len(aligns) - len(cells)
        self.filled_cells += missing
        if self.filled_cells <= MOST_FILLED_CELLS:
            cells += [""] * missing
        for text, align in zip(cells, aligns, strict=False):
            cell = SubElement(row, tag, {"align": align} if align else {})
            cell.text = text.strip().replace("\\|", "|")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _heading_text(text: str) -> str:
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare.endswith(" ") else text


def _cells(line: str) -> list[str]:
    line = line.strip()
    cells = PIPE.split(line[1:] if line.startswith("|") else line)
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _alignment(delimiter: str) -> str:
    sides = delimiter.startswith(":"), delimiter.endswith(":")
    return {(True, True): "center", (True, False): "left", (False, True): "right"}.get(sides, "")


def _tighten(items: Element) -> None:
    """Takes the paragraphs of a tight list's items out of their <p>."""
    for item in items:
        for place, child in reversed(list(enumerate(item))):
            if child.tag == "p":
                _unwrap(item, place, child)


def _unwrap(item: Element, place: int, paragraph: Element) -> None:
    item.remove(paragraph)
    for inner in reversed(list(paragraph)):
        item.insert(place, inner)
    if place:
        item[place - 1].tail = (paragraph.text or "") + "\n"
    else:
        item.text = paragraph.text

"""GitHub's Markdown as an extension of Python-Markdown: other blocks, own code spans and links, raw HTML as text.

The code spans and links of Python-Markdown search the rest of the paragraph anew at each bracket; these stop early, so
that the time grows with the length of the text only.
"""

import re
from collections.abc import Collection
from string import punctuation
from typing import ClassVar
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString, code_escape
from markdown_it.common.utils import normalizeReference as name_of
from markdown_it.token import Token

from lms.course.lines import blocks_of

# More marks than this in one paragraph are no writing; the paragraph is shown as it stands.
MOST_MARKS = 400
MARKS = "[]*_~`\\<&!:@"
MAY_HOLD_SPANS = re.compile(r"[\[*_~`\\<&@\x02]|://|www\.|  \n", re.I)
# What definitions may add to a text in all; a long one named again and again would multiply.
MOST_REFERRED = 100_000

# Brackets inside a link's text, three deep at most.
TEXT = r"(?:[^\[\]]++|\[(?:[^\[\]]++|\[(?:[^\[\]]++|\[[^\[\]]*+\])*+\])*+\])*+"
# The address in parentheses behind a link's text, and its title; what reads a source finds backslashes in it too.
ADDRESS = (
    r"\(\s*+(?:<([^<>\n]*+)>|((?!<)(?:[^\s()\\]++|\\.|\((?:[^\s()\\]++|\\.|\((?:[^\s()\\]++|\\.)*+\))*+\))*+))"
    r"(?:\s++(\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+\s*+\)"
)
INLINE_ADDRESS = re.compile(ADDRESS, re.DOTALL)
TASK = re.compile(r"\[([ xX])\] +(?=\S)")
INDENT = re.compile(r"\n +")
LABEL = re.compile(r"\[([^\[\]]{0,200})\]")
INNER_LINK = re.compile(r"(?<!!)\[[^\[\]]*+\]\(")

Found = tuple[Element | str | None, int | None, int | None]


class GfmParser(BlockParser):
    """Stands in for Python-Markdown's block parser, which nests by four spaces and lets neighbours run together."""

    def parseDocument(self, lines: list[str]) -> ElementTree:  # type: ignore[override] # the stubs ask for a wider type
        """The tree of the whole text."""
        root = Element(self.md.doc_tag)
        around, before = [root], ""
        for block in blocks_of("\n".join(lines)):
            if block.type == "definition":
                self.md.references.setdefault(name_of(block.meta["label"]), (block.meta["url"], block.meta["title"]))
            elif block.type == "inline":
                _add_text(around[-1], INDENT.sub("\n", block.content), may_be_task=before == "list_item_open")
            elif block.type in ("fence", "code_block"):
                code = SubElement(SubElement(around[-1], "pre"), "code")
                code.text = AtomicString(code_escape(block.content.removesuffix("\n")) + "\n")
            elif not block.hidden and block.nesting < 0:
                around.pop()
            elif not block.hidden:
                around.append(SubElement(around[-1], block.tag, _attributes(block)))
                around = around[:-1] if block.type == "hr" else around
            before = block.type if block.type != "paragraph_open" else before
        return ElementTree(root)


def _add_text(around: Element, text: str, may_be_task: bool) -> None:
    """Put text where an item of a list without blank lines has no paragraph around it."""
    task = TASK.match(text) if may_be_task else None
    text = f"{'☐' if task[1] == ' ' else '☑'} {text[task.end() :]}" if task else text
    if len(around):
        around[-1].tail = text + "\n"
    else:
        around.text = text


def _attributes(block: Token) -> dict[str, str]:
    """The number that a list begins with, the side of a cell."""
    return {
        name.replace("style", "align"): str(value).removeprefix("text-align:") for name, value in block.attrs.items()
    }


class OneLine(BlockParser):
    """A title, a choice or a cell: spans only, in one paragraph."""

    def parseDocument(self, lines: list[str]) -> ElementTree:  # type: ignore[override] # the stubs ask for a wider type
        """The tree of the whole text."""
        self.root = Element(self.md.doc_tag)
        SubElement(self.root, "p").text = " ".join(lines).strip()
        return ElementTree(self.root)


class CodeSpan(InlineProcessor):
    """Text between runs of backticks of one length; a backslash before a backtick outside counts."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"\\[\\`]|`+", md)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # the stubs know one kind
        """See Python-Markdown: the element and the part of `data` it takes."""
        if m[0][0] == "\\":
            return f"{STX}{ord(m[0][1])}{ETX}", m.start(), m.end()
        close = re.compile(rf"(?<!`){m[0]}(?!`)").search(data, m.end())
        if not close or len(m[0]) > 50:
            return None, None, None
        text = data[m.end() : close.start()].replace("\n", " ")
        if text.strip() and text[0] == text[-1] == " ":
            text = text[1:-1]
        code = Element("code")
        code.text = AtomicString(code_escape(text))
        return code, m.start(), close.end()


class Ampersand(InlineProcessor):
    """An escaped & starts no entity; the general rule would give the entity back."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # the stubs know one kind
        """See Python-Markdown: the element and the part of `data` it takes."""
        return self.md.htmlStash.store("&amp;"), m.start(), m.end()


class LinkPattern(InlineProcessor):
    """A link to an address in parentheses or to a definition elsewhere in the text."""

    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def __init__(self, md: Markdown, opening: str = r"(?<!!)\[") -> None:
        super().__init__(rf"{opening}({TEXT})\]", md)
        self.referred = 0

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # the stubs know one kind
        """See Python-Markdown: the element and the part of `data` it takes."""
        found = self._target(m[1], data, m.end())
        if not found:
            return None, None, None
        address, title, end = found
        element = self._element(m[1], self.unescape(address))
        if element is None:
            return None, None, None
        if title:
            element.set("title", self.unescape(title))
        return element, m.start(), end

    def _target(self, text: str, data: str, end: int) -> tuple[str, str, int] | None:
        inline = INLINE_ADDRESS.match(data, end)
        if inline:
            address = inline[1] if inline[1] is not None else inline[2]
            return address, (inline[3] or "")[1:-1], inline.end()
        label = LABEL.match(data, end)
        address, title = self.md.references.get(name_of((label and label[1]) or text), ("", ""))
        self.referred += len(address) + len(title)
        if not address or self.referred > MOST_REFERRED:
            return None
        return address, title, label.end() if label else end

    def _element(self, text: str, address: str) -> Element | None:
        if INNER_LINK.search(text):
            # A link holds no other; the inner one wins.
            return None
        element = Element("a", {"href": address})
        element.text = text
        return element


class ImagePattern(LinkPattern):
    """A picture; its text becomes the alternative text."""

    ANCESTOR_EXCLUDES = ()

    def __init__(self, md: Markdown) -> None:
        super().__init__(md, r"!\[")

    def _element(self, text: str, address: str) -> Element | None:
        return Element("img", {"src": address, "alt": self.unescape(text)})


class Sparing(Treeprocessor):
    """Marks as plain text what has nothing to look for, or a flood of marks."""

    def run(self, root: Element) -> None:
        """See Python-Markdown."""
        for element in root.iter():
            if element.text and _is_plain(element.text):
                element.text = AtomicString(element.text)
            if element.tail and _is_plain(element.tail):
                element.tail = AtomicString(element.tail)


def _is_plain(text: str) -> bool:
    return not MAY_HOLD_SPANS.search(text) or (len(text) > MOST_MARKS and sum(map(text.count, MARKS)) > MOST_MARKS)


class Gfm(Extension):
    """GitHub's habits, once pymdownx gave emphasis and bare addresses."""

    def extendMarkdown(self, md: Markdown) -> None:
        """See Python-Markdown."""
        md.parser = GfmParser(md)
        md.ESCAPED_CHARS = list(punctuation)
        md.preprocessors.deregister("html_block")
        patterns = md.inlinePatterns
        for name in ("html", "reference", "image_reference", "short_reference", "short_image_ref"):
            patterns.deregister(name)
        patterns.register(CodeSpan(md), "backtick", 190)
        patterns.register(Ampersand(r"\\&", md), "ampersand", 185)
        patterns.register(LinkPattern(md), "link", 160)
        patterns.register(ImagePattern(md), "image_link", 150)
        patterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 100)
        # Just before the spans, which come at 20.
        md.treeprocessors.register(Sparing(md), "sparing", 21)

"""GitHub's Markdown as an extension of Python-Markdown: own blocks, own code spans and links, raw HTML as text.

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

from lms.course.blocks import Blocks

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
LABEL = re.compile(r"\[([^\[\]]{0,200})\]")
INNER_LINK = re.compile(r"(?<!!)\[[^\[\]]*+\]\(")


class GfmParser(BlockParser):
    """Stands in for Python-Markdown's block parser, which nests by four spaces and lets neighbours run together."""

    def parseDocument(self, lines: list[str]) -> ElementTree:  # type: ignore[override] # the stubs ask for a wider type
        """The tree of the whole text."""
        blocks = Blocks(line.rstrip("\n") for line in lines)
        self.md.references.update(blocks.references)
        return ElementTree(blocks.root)


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

    def handleMatch(  # type: ignore[override] # the stubs know one kind of match only
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
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

    def handleMatch(  # type: ignore[override] # the stubs know one kind of match only
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """See Python-Markdown: the element and the part of `data` it takes."""
        return self.md.htmlStash.store("&amp;"), m.start(), m.end()


class LinkPattern(InlineProcessor):
    """A link to an address in parentheses or to a definition elsewhere in the text."""

    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def __init__(self, md: Markdown, opening: str = r"(?<!!)\[") -> None:
        super().__init__(rf"{opening}({TEXT})\]", md)
        self.referred = 0

    def handleMatch(  # type: ignore[override] # the stubs know one kind of match only
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
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
        name = " ".join(((label and label[1]) or text).split()).lower()
        address, title = self.md.references.get(name, ("", ""))
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

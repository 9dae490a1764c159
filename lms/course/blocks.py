"""Blocks of Markdown as GitHub reads them: what the checker takes for code or words is what a page shows as such.

markdown-it-py finds them, since Python-Markdown nests by four spaces only and lets neighbours run together; what
stands in them is Python-Markdown's.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

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

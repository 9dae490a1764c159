"""HTML as nested tuples, so that two renderers can be compared by what they mean."""

import re
from html.parser import HTMLParser
from typing import Any

SAME = {"b": "strong", "s": "del"}
EMPTY = {"br", "hr", "img"}
BOX = re.compile("<span[^>]*>([☐☑])</span>")  # The judge knows no task lists: it leaves the box as text.
INLINE = {"a", "code", "del", "em", "img", "strong"}

# ("p", "text", ("em", "text"), ...)
Node = tuple[Any, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[list[Any]] = [["root"]]
        self.divs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "div":
            self.divs.append("blockquote" if given.get("class", "").startswith("callout") else "")
            if not self.divs[-1]:
                return
            tag = self.divs[-1]
        node = [_name(SAME.get(tag, tag), given)]
        self.stack[-1].append(node)
        if tag not in EMPTY:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY or (tag == "div" and not self.divs.pop()):
            return
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        siblings = self.stack[-1]
        if len(siblings) > 1 and isinstance(siblings[-1], str):
            siblings[-1] += data
        else:
            siblings.append(data)


def _name(tag: str, given: dict[str, str]) -> str:
    """The tag with what changes its meaning: a number, an alignment, an address outside."""
    kept = {
        "ol": "" if given.get("start") == "1" else given.get("start", ""),
        "td": given.get("align") or given.get("style", "").removeprefix("text-align:"),
        "a": given.get("href", "") if given.get("href", "").startswith(("http", "mailto")) else "",
    }
    kept["th"] = kept["td"]
    return f"{tag} {kept.get(tag, '')}".strip()


def _normal(node: list[Any], in_code: bool = False) -> Node:
    name, parts = node[0], node[1:]
    in_code = in_code or name in ("pre", "code")
    kept: list[Any] = []
    for place, part in enumerate(parts):
        if isinstance(part, list):
            kept.append(_normal(part, in_code))
        else:
            text = part.rstrip() if in_code else _words(part, _is_edge(node, place), _is_edge(node, place + 2))
            kept.append(text)
    kept = [part for part in kept if part not in ("", ("tbody",))]
    return (name, *kept)


def _is_edge(node: list[Any], index: int) -> bool:
    """Whether white space beside this neighbour (counted with the name in front) is none."""
    if index == 0 or index == len(node):
        return node[0].split()[0] not in INLINE
    return isinstance(node[index], list) and node[index][0].split()[0] not in INLINE


def _words(text: str, edge_before: bool, edge_after: bool) -> str:
    words = " ".join(text.split())
    if not words:
        return "" if edge_before or edge_after else " "
    before = "" if edge_before or not text[:1].isspace() else " "
    after = "" if edge_after or not text[-1:].isspace() else " "
    return before + words + after


def tree(html: str) -> Node:
    """Text, tags and their order; white space, ids, classes and this program's wrappers do not count."""
    reader = _Reader()
    reader.feed(BOX.sub(lambda box: "[ ]" if box[1] == "☐" else "[x]", str(html)))
    reader.close()
    return _normal(reader.stack[0])

"""A document of the office, read from the XML of its template: what a typesetter and a word processor's file both set.

The names are those of HTML, and whatever a person wrote comes escaped by the template. A document is a list of blocks,
each a dict with its `kind`; all of it is JSON.
"""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Block = dict[str, Any]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Letters that no XML may hold."""
NAMES_WIDTH = {"narrow": 24, "wide": 62, "": 44}
"""Class of facts -> millimetres that their names have."""
SHORT_TABLE = 12
"""A table of so many rows stays on one page."""
TEXTS = {
    "h2": "bab",
    "h2 annex": "lampiran",
    "h3": "bagian",
    "p": "teks",
    "p small": "catatan",
    "p center": "tengah",
    "p right": "kanan",
}
"""Element and class -> kind of block that is nothing but a text."""


def read(source: str) -> dict[str, Any]:
    """The attributes of the root and the `blocks` below it; a text that is empty makes none."""
    root = ElementTree.fromstring(FORBIDDEN.sub("", source))  # noqa: S314 - The program's own template.
    return {**root.attrib, "blocks": [block for element in root for block in _blocks(element)]}


def _blocks(element: Element) -> list[Block]:
    kind = TEXTS.get(f"{element.tag} {element.get('class', '')}".strip())
    if kind:
        text = _text(element)
        return [{"kind": kind, "text": text}] if text else []
    return [block] if isinstance(block := SHAPES[element.tag](element), dict) else block


def _text(element: Element | None) -> str:
    return "" if element is None else re.sub("[ \t\r\n]+", " ", "".join(element.itertext())).strip()


def _texts(element: Element, path: str = "p") -> list[str]:
    return [text for each in element.iterfind(path) if (text := _text(each))]


def written(element: Element) -> list[Block]:
    """Make blocks of a text field: lines that begin with a dash are a list, others paragraphs."""
    blocks: list[Block] = []
    for line in filter(None, (each.strip() for each in (element.text or "").splitlines())):
        if line[:2] in ("- ", "• ", "* "):
            if not blocks or blocks[-1]["kind"] != "daftar":
                blocks.append({"kind": "daftar", "items": []})
            blocks[-1]["items"].append(line[2:].strip())
        else:
            blocks.append({"kind": "teks", "text": line})
    return blocks


def _letterhead(element: Element) -> Block:
    """The head of the paper; of one that begins on a page of its own in the same file it is `new`."""
    new = element.get("class") == "new"
    return {"kind": "kop", "emblem": element.get("emblem", ""), "head": _texts(element), "new": new}


def _table(element: Element) -> Block:
    """Rows under words with the relative width of each column, said to be none where there is none; rows to sign in are
    high."""
    heads = list(element.iter("th"))
    rows = [[_text(cell) for cell in row] for row in element.iterfind("tbody/tr")]
    if not rows:
        return {"kind": "teks", "text": "Tidak ada."}
    return {
        "kind": "tabel",
        "heading": [[_text(head), int(head.get("width", "10"))] for head in heads],
        "rows": rows,
        "right": [at for at, head in enumerate(heads) if head.get("class") == "right"],
        "short": len(rows) <= SHORT_TABLE,
        "high": element.get("class") == "sign",
    }


def _facts(element: Element) -> Block:
    """Names with their values, side by side."""
    pairs = zip(element.iterfind("dt"), element.iterfind("dd"), strict=True)
    rows = [[_text(name), _text(value)] for name, value in pairs]
    return {"kind": "fakta", "rows": rows, "wide": NAMES_WIDTH[element.get("class", "")]}


def _signatures(element: Element) -> Block:
    """Those who sign side by side: lines, the space to sign in, a name or the line to write it on, and what follows."""
    signers = [
        {"above": _texts(each), "name": each.get("name", ""), "below": _texts(each, "small")} for each in element
    ]
    return {"kind": "tanda", "signers": signers}


SHAPES: dict[str, Callable[[Element], Block | list[Block]]] = {
    "header": _letterhead,
    "h1": lambda each: {"kind": "judul", "text": _text(each)},
    "pre": written,
    "ul": lambda each: {"kind": "baris" if each.get("class") == "plain" else "daftar", "items": _texts(each, "li")},
    "hr": lambda each: {"kind": "garis", "count": int(each.get("lines", "1"))},
    "dl": _facts,
    "table": _table,
    "figure": lambda each: {"kind": "gambar", "alt": each.get("title", ""), "svg": each.text or ""},
    "footer": _signatures,
}
"""Element -> what makes its block, or its blocks."""

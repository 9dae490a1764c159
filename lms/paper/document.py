"""The parts of a document of the office: plain values that a typesetter and a word processor's file both read.

A document is a list of blocks, each a dict with its `kind`; all of it is JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]


def chapter(text: str) -> Block:
    """The title of a chapter."""
    return {"kind": "bab", "text": text}


def section(text: str) -> Block:
    """The title of a part of a chapter."""
    return {"kind": "bagian", "text": text}


def words(text: str) -> Block:
    """A paragraph."""
    return {"kind": "teks", "text": text}


def remark(text: str) -> Block:
    """A paragraph in small letters, on how something is to be read."""
    return {"kind": "catatan", "text": text}


def listed(items: Sequence[str]) -> Block:
    """A list with dashes."""
    return {"kind": "daftar", "items": list(items)}


def facts(rows: Mapping[str, str]) -> Block:
    """Names with their values, side by side; what is empty is left out."""
    return {"kind": "fakta", "rows": [[name, value] for name, value in rows.items() if value]}


def table(heading: Mapping[str, int], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Block:
    """Rows under words with the relative width of each column; the columns `right` hold numbers."""
    return {"kind": "tabel", "heading": list(heading.items()), "rows": [list(row) for row in rows], "right": [*right]}


def picture(svg: str, alt: str) -> Block:
    """A drawing over the middle of the page."""
    return {"kind": "gambar", "svg": svg, "alt": alt}


def annex(text: str) -> Block:
    """The title of an annex, on a new page."""
    return {"kind": "lampiran", "text": text}


def signature(place: str, above: Sequence[str], name: str, below: Sequence[str]) -> Block:
    """Make the place and day, the signer, and the space to sign in; without a name a line to write it on."""
    return {"kind": "tanda", "place": place, "above": [*above], "name": name, "below": [*below]}


def written(text: str) -> list[Block]:
    """Make blocks of a text field: lines that begin with a dash are a list, others paragraphs."""
    blocks: list[Block] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        if line[:2] in ("- ", "• ", "* "):
            if not blocks or blocks[-1]["kind"] != "daftar":
                blocks.append(listed([]))
            blocks[-1]["items"].append(line[2:].strip())
        else:
            blocks.append(words(line))
    return blocks

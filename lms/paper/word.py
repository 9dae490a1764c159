"""A document of the office as a .docx file: the parts of WordprocessingML (ECMA-376) below data/docx, filled in.

It is written in a process of its own, since its pictures are drawn by typst. Reports need a few kinds of paragraphs and
one kind of table; a library for more takes seconds over hundreds of rows.
"""

import io
import json
import struct
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment, FileSystemLoader

from lms.paper.document import FORBIDDEN, Block
from lms.paper.typesetting import PIXELS_AN_INCH, png

PARTS = Path(__file__).parent / "data" / "docx"
EMU_AN_INCH = 914_400
EMBLEM_EMU = 18 * 36_000
"""18 mm."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def document(payload: bytes) -> bytes:
    """The file of a document told as JSON: `title`, `author`, `made` (a moment in ISO 8601, UTC) and `blocks`."""
    told = json.loads(payload)
    pictures = _pictures(told["blocks"])
    parts = Environment(loader=FileSystemLoader(PARTS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as book:
        for name in parts.list_templates():
            part = parts.get_template(name).render(told, pictures=pictures, scale=float(told.get("scale", "1")))
            book.writestr(ZipInfo(name, EPOCH), FORBIDDEN.sub("", part).strip(), ZIP_DEFLATED)
        for number, picture in enumerate(pictures, start=1):
            book.writestr(ZipInfo(f"word/media/gambar{number}.png", EPOCH), picture, ZIP_DEFLATED)
    return target.getvalue()


def _pictures(blocks: Sequence[Block]) -> list[bytes]:
    """Make the PNG of each drawing and emblem; `drawn` tells its block which it is, and how large in EMU."""
    pictures = []
    for block in blocks:
        if block["kind"] == "gambar":
            picture = png("report/gambar.typ", {"svg": block["svg"]})
        elif block.get("emblem"):
            picture = b64decode(block["emblem"])
        else:
            continue
        columns, lines = struct.unpack_from(">II", picture, 16)
        high = EMBLEM_EMU if "emblem" in block else lines * EMU_AN_INCH // PIXELS_AN_INCH
        pictures.append(picture)
        block["drawn"] = {"number": len(pictures), "wide": high * columns // lines, "high": high}
    return pictures

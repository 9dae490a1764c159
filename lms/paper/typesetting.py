"""Printed things by typst: the same bytes for the same data, in fonts that are shipped and nowhere else looked for."""

import json
import struct
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import segno
import typst

FONTS = Path(__file__).parent / "fonts"
TEMPLATES = Path(__file__).parents[2] / "templates"

# Archives ask for PDF/A, readers of the screen for PDF/UA. Under either, a missing letter is an error, not a gap.
STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
PIXELS_AN_INCH = 216


def pdf(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """A tagged PDF of a template below templates/; `timestamp` is the second it says it was made."""
    printed = _compiler(template, data).compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=timestamp)
    assert isinstance(printed, bytes)
    return printed


def png(template: str, data: dict[str, Any]) -> bytes:
    """A picture of a template of one page, at 216 pixels an inch."""
    picture = _compiler(template, data).compile(format="png", ppi=PIXELS_AN_INCH)
    assert isinstance(picture, bytes)
    return picture


def long_pdf(payload: bytes) -> bytes:
    """Return what `pdf` makes of its arguments, which come as the JSON of one object: for a process of its own."""
    return pdf(**json.loads(payload))


def pdf_files(payload: bytes) -> bytes:
    """A ZIP of many PDFs of one template: JSON of `template`, `shared` data, and `files` of (name, data, timestamp)."""
    told = json.loads(payload)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:  # A PDF is compressed already.
        for name, data, timestamp in told["files"]:
            archive.writestr(ZipInfo(name), pdf(told["template"], data | told["shared"], timestamp))
    return packed.getvalue()


def _compiler(template: str, data: dict[str, Any]) -> typst.Compiler:
    # A compiler is not safe to share between threads; the fonts are, and they are the slow part.
    path = (TEMPLATES / template).resolve()
    if not path.is_relative_to(TEMPLATES):
        raise ValueError("a template is below templates/")
    return typst.Compiler(input=str(path), root=str(path.parent), font_paths=fonts(), sys_inputs=inputs(data))


def inputs(data: dict[str, Any]) -> dict[str, str]:
    """Return the inputs of a template: one JSON text, so that nothing in it is ever read as markup.

    Every text called `qr` is given as the picture of its code, with the `mask` that stands beside it.
    """
    return {"data": json.dumps(_drawn(data))}


def _drawn(value: Any) -> Any:
    if isinstance(value, list):
        return [_drawn(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _qr(each, value.get("mask")) if key == "qr" else _drawn(each) for key, each in value.items()}


def _qr(text: str, mask: int | None) -> str:
    """SVG without a quiet zone: the page around it is white, and the symbol itself has the width that is asked.

    Looking for the best of the eight masks takes four fifths of the time; whoever makes many names one.
    """
    svg = BytesIO()
    segno.make(text, error="m", micro=False, mask=mask).save(svg, kind="svg", border=0, xmldecl=False)
    return svg.getvalue().decode()


@cache
def fonts() -> typst.Fonts:
    """The shipped fonts, read once a process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def printable_letters() -> frozenset[str]:
    """Return the letters that every shipped font can draw, without control and format characters, drawn as nothing."""
    codes = frozenset.intersection(*(_mapped(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))))
    return frozenset(letter for letter in map(chr, codes) if letter.isprintable())


def printable(value: Any) -> Any:
    """Every text in it with a question mark for each letter the fonts lack, for where nothing need be exact."""
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    if not isinstance(value, str):
        return value
    letters = printable_letters()
    return "".join(letter if letter in letters or letter == "\n" else "?" for letter in value)


def _mapped(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font, from format 12 of its cmap table (OpenType specification, "cmap")."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = dict(struct.iter_unpack(">4s4xI4x", font[12 : 12 + 16 * count]))
    start = tables[b"cmap"]
    count = struct.unpack_from(">H", font, start + 2)[0]
    for (offset,) in struct.iter_unpack(">4xI", font[start + 4 : start + 4 + 8 * count]):
        subtable = start + offset
        if struct.unpack_from(">H", font, subtable)[0] == 12:
            groups = struct.unpack_from(">I", font, subtable + 12)[0]
            spans = struct.iter_unpack(">II4x", font[subtable + 16 : subtable + 16 + 12 * groups])
            return frozenset(code for first, last in spans for code in range(first, last + 1))
    raise ValueError("the font has no cmap of format 12")

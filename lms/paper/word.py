"""A document of the office as a .docx file: WordprocessingML (ECMA-376), written by hand.

A library for it would be one more dependency, and takes seconds over tables of hundreds of rows; a document here is a
few kinds of blocks (`core.paper`). It is written in a process of its own, since its pictures are drawn by typst.
"""

import io
import json
import re
import struct
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lms.paper.document import Block
from lms.paper.typesetting import PIXELS_AN_INCH, png

PARTS = Path(__file__).parent / "data" / "docx"
WIDTH = 9354
"""Of the text, in twentieths of a point: A4 less 22.5 mm on either side."""
EMU_AN_INCH = 914_400
EMBLEM_EMU = 18 * 36_000
"""18 mm."""
EPOCH = (1980, 1, 1, 0, 0, 0)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def document(payload: bytes) -> bytes:
    """The file of a document told as JSON: `title`, `author`, `made` (a moment in ISO 8601, UTC) and `blocks`."""
    told = json.loads(payload)
    pictures = [picture for block in told["blocks"] if (picture := _drawn(block))]
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as book:
        for path in sorted(PARTS.rglob("*.xml")):
            name = path.relative_to(PARTS).as_posix().replace("types.xml", "[Content_Types].xml")
            _put(book, name, path.read_text(encoding="utf-8"))
        _put(book, "_rels/.rels", _package_links())
        _put(book, "docProps/core.xml", _properties(told))
        _put(book, "word/_rels/document.xml.rels", _links(len(pictures)))
        _put(book, "word/document.xml", _body(told["blocks"], pictures))
        for number, picture in enumerate(pictures, start=1):
            _put(book, f"word/media/gambar{number}.png", picture)
    return target.getvalue()


def _put(book: ZipFile, name: str, data: str | bytes) -> None:
    book.writestr(ZipInfo(name, EPOCH), data, ZIP_DEFLATED)


def _xml(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relationships(links: Iterable[tuple[str, str, str]]) -> str:
    each = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in links)
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _package_links() -> str:
    return _relationships(
        [
            ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ]
    )


def _links(pictures: int) -> str:
    fixed = [
        ("rStyles", f"{_OFFICE}/styles", "styles.xml"),
        ("rNumbers", f"{_OFFICE}/numbering", "numbering.xml"),
        ("rFooter", f"{_OFFICE}/footer", "footer1.xml"),
    ]
    drawn = [(f"rGambar{each}", f"{_OFFICE}/image", f"media/gambar{each}.png") for each in range(1, pictures + 1)]
    return _relationships(fixed + drawn)


def _properties(told: Mapping[str, str]) -> str:
    made = f'<dcterms:created xsi:type="dcterms:W3CDTF">{_xml(told["made"])}</dcterms:created>'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_xml(told['title'])}</dc:title><dc:creator>{_xml(told['author'])}</dc:creator>"
        f"{made}<dc:language>id-ID</dc:language></cp:coreProperties>"
    )


_W = (
    ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    f' xmlns:r="{_OFFICE}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1247" w:right="1276" w:bottom="1247" w:left="1276" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)


def _drawn(block: Block) -> bytes | None:
    """The PNG that a block shows: a drawing, or the emblem of the office."""
    if block["kind"] == "gambar":
        return png("report/gambar.typ", {"svg": block["svg"]})
    return b64decode(block["emblem"]) if block.get("emblem") else None


def _body(blocks: Sequence[Block], pictures: Sequence[bytes]) -> str:
    drawn = enumerate(pictures, start=1)
    parts = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block["kind"] == "gambar":
            parts.append(_picture(block["alt"], *next(drawn)))
            continue
        if block.get("emblem"):
            parts.append(_picture("Lambang daerah", *next(drawn), high=EMBLEM_EMU))
        if block["kind"] == "teks" and after and after["kind"] == "tanda":
            # What an official signs never stands on a page of its own.
            parts.append(paragraph(block["text"], more="<w:keepNext/>"))
            continue
        parts.append(_MAKERS[block["kind"]](block))
    return f"{HEAD}<w:document{_W}><w:body>{''.join(parts)}{_PAGE}</w:body></w:document>"


def paragraph(text: str, style: str = "", more: str = "", run: str = "") -> str:
    """One paragraph; `more` are its own properties, `run` those of its letters, in the order that the schema asks."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{_run(text, run)}</w:p>"


def _run(text: str, more: str = "") -> str:
    properties = f"<w:rPr>{more}</w:rPr>" if more else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{_xml(text)}</w:t></w:r>' if text else ""


def _title(block: Block) -> str:
    head = [paragraph(line, "Kop", run="<w:b/>" if at < 2 else "") for at, line in enumerate(block["head"]) if line]
    if head:
        line = '<w:pBdr><w:bottom w:val="double" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
        head.append(paragraph("", "Kop", line))
    return "".join([*head, *(paragraph(line, "Title") for line in block["lines"])])


def _facts(block: Block) -> str:
    widths = [2600, 200, WIDTH - 2800]
    rows = [
        _row([_cell(cell, "Tabel", width) for cell, width in zip((name, ":", value), widths, strict=True)])
        for name, value in block["rows"]
    ]
    return _table(rows, widths, "TableNormal")


def _grid(block: Block) -> str:
    weights = [weight for _, weight in block["heading"]]
    widths = [WIDTH * weight // sum(weights) for weight in weights]
    right = set(block["right"])
    titles = zip(block["heading"], widths, strict=True)
    head = _row([_cell(words, "KepalaTabel", width) for (words, _), width in titles], "<w:tblHeader/>")
    rows = [
        _row([_cell(text, "Angka" if at in right else "Tabel", widths[at]) for at, text in enumerate(row)])
        for row in block["rows"]
    ]
    return _table([head, *rows], widths, "TableGrid")


def _table(rows: Iterable[str], widths: Sequence[int], style: str) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    after = paragraph("", "Jarak")
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{after}"


def _row(cells: Iterable[str], more: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, style: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraph(text, style)}</w:tc>'


def _signature(block: Block) -> str:
    above, below = block["above"], block["below"]
    lines = [paragraph(line, "TandaTangan", "<w:keepNext/>") for line in ("", block["place"], *above, "", "", "")]
    name = block["name"] or "." * 40
    lines.append(paragraph(name, "TandaTangan", "<w:keepNext/>" if below else "", '<w:b/><w:u w:val="single"/>'))
    last = len(below) - 1
    return "".join(lines) + "".join(
        paragraph(line, "TandaTangan", "<w:keepNext/>" if at < last else "") for at, line in enumerate(below)
    )


def _picture(alt: str, number: int, data: bytes, high: int = 0) -> str:
    """A PNG in the middle, as high as is asked or as large as it was drawn."""
    columns, lines = struct.unpack_from(">II", data, 16)
    high = high or lines * EMU_AN_INCH // PIXELS_AN_INCH
    wide = high * columns // lines
    name = f'id="{number}" name="Gambar {number}" descr={quoteattr(_FORBIDDEN.sub("", alt))}'
    drawing = (
        f'<wp:inline><wp:extent cx="{wide}" cy="{high}"/><wp:docPr {name}/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="rGambar{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    )
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing>{drawing}</w:drawing></w:r></w:p>'


_MAKERS: Mapping[str, Callable[[Block], str]] = {
    "judul": _title,
    "bab": lambda block: paragraph(block["text"], "Heading1"),
    "bagian": lambda block: paragraph(block["text"], "Heading2"),
    "teks": lambda block: paragraph(block["text"]),
    "catatan": lambda block: paragraph(block["text"], "Catatan"),
    "daftar": lambda block: "".join(paragraph(item, "ListBullet") for item in block["items"]),
    "fakta": _facts,
    "tabel": _grid,
    "lampiran": lambda block: paragraph(block["text"], "Heading1", "<w:pageBreakBefore/>"),
    "tanda": _signature,
}

"""Any answer of the site as lines of text that say the same when they mean the same."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import zxingcpp
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader
from werkzeug.test import TestResponse

OWN_HEADERS = {"date", "content-length", "etag", "last-modified"}
"""Said anew with each answer, or following from the body."""

FRESH = [
    (re.compile(r"/static/[0-9a-f]{8,}/"), "/static/VERSI/"),
    (re.compile(r'(name="(?:form_id|formulir)" value=")[\w-]+'), r"\1ACAK"),
    (re.compile(r"(/hadir/)W[\w-]+\.[\w-]+"), r"\1TANDA"),
    (re.compile(r" · <small>versi [\d.]+</small>"), ""),
]
"""What is drawn anew at each request, follows from the bytes of a static file, or is told by each release (the version
in the foot, which tests/boot/test_version.py looks at)."""


def normalised(text: str) -> str:
    """Without what is fresh at each request."""
    for fresh, instead in FRESH:
        text = fresh.sub(instead, text)
    return text


def text_of(response: TestResponse, *, body: bool = True) -> str:
    """Status, headers and body."""
    headers = sorted((name, value) for name, value in response.headers if name.lower() not in OWN_HEADERS)
    lines = [f"{response.status_code}", *(normalised(f"{name}: {_header(name, value)}") for name, value in headers), ""]
    return "\n".join([*lines, content(response.mimetype, response.data) if body else "(tidak disimpan)"])


def _header(name: str, value: str) -> str:
    """A cookie is told by its name and attributes: its value is signed."""
    return re.sub(r"^([^=]+)=[^;]*", r"\1=…", value) if name == "Set-Cookie" else value


@cache
def content(mimetype: str, data: bytes) -> str:
    """The text of a body. The same one comes many times, and to read the codes on a sheet of paper takes long."""
    read = KINDS.get(mimetype)
    if read is None and (mimetype.startswith("text/") or mimetype == "image/svg+xml"):
        read = _plain
    return normalised(read(data)) if read else f"{mimetype}, SHA-256 {hashlib.sha256(data).hexdigest()}"


def _plain(data: bytes) -> str:
    return data.decode()


def _json(data: bytes) -> str:
    return json.dumps(json.loads(data), ensure_ascii=False, indent=1, sort_keys=True)


def _pdf(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    codes = codes_in(data)
    return "\n".join(
        f"-- halaman {number}\n{page.extract_text()}\n-- kode: {codes[number - 1]}"
        for number, page in enumerate(pages, 1)
    )


def codes_in(data: bytes) -> list[list[str]]:
    """The QR texts of each page of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_codes(page.render(scale=3).to_pil()) for page in document]
    finally:
        document.close()


def _codes(picture: Image.Image) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(picture))


def _workbook(data: bytes) -> str:
    def lines() -> Iterator[str]:
        for sheet in load_workbook(io.BytesIO(data)).worksheets:
            yield f"-- lembar {sheet.title}"
            for row in sheet.iter_rows():
                yield " | ".join("" if cell.value is None else repr(cell.value) for cell in row)

    return "\n".join(lines())


def _document(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        paragraphs = re.findall(r"<w:p[ >].*?</w:p>", parts.read("word/document.xml").decode(), re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", each)) for each in paragraphs)


def _archive(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        named = [
            (name, content(ENDINGS.get(name.rpartition(".")[2], "text/plain"), parts.read(name)))
            for name in sorted(parts.namelist())
        ]
    return "\n".join(f"-- berkas {name}\n{text}" for name, text in named)


def _picture(data: bytes) -> str:
    picture = Image.open(io.BytesIO(data))
    return f"gambar {picture.width}×{picture.height}, kode: {_codes(picture)}"


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Mapping[str, Callable[[bytes], str]] = {
    "application/json": _json,
    "application/pdf": _pdf,
    "application/zip": _archive,
    "image/png": _picture,
    WORKBOOK: _workbook,
    DOCUMENT: _document,
}
ENDINGS = {
    "pdf": "application/pdf",
    "xlsx": WORKBOOK,
    "docx": DOCUMENT,
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}

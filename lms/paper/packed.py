"""Office files that anybody may have made: zipped ones are looked at before a library reads them, in a child process.

A sheet of a few KB may say that it has a cell at XFD1048576, unpack to gigabytes or name itself in entities; what is
refused here never reaches the library, and what still does is bounded by the limits of the child.
"""

import codecs
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST_PARTS = 200
MOST_BYTES = 30 * 2**20
FARTHEST_ROW, FARTHEST_COLUMN = 20_000, 100
STEP = 2**16
OVERLAP = 64
DOCTYPE = b"<!DOCTYPE"
FAR_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


class Refused(Exception):
    """The file is not read; the text says why and what to do, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a file that unpacks to too much, is none of its kind, or has a cell far outside."""

    too_large: str
    broken: str
    too_far: str


def told(read: Callable[[], Mapping[str, object]], broken: str) -> bytes:
    """JSON of what is read from a file, or `{"fault": why}`: a broken file is told in these words, never raised."""
    try:
        answer = read()
    except Refused as refused:
        answer = {"fault": str(refused)}
    except MemoryError:
        raise
    # A broken file makes a library raise whatever it happens to trip over.
    except Exception:
        answer = {"fault": broken}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def look(data: bytes, words: Words) -> None:
    """Everything is unpacked once, a piece at a time, and nothing of it kept. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Refused(words.too_large)
            left = MOST_BYTES
            for part in parts:
                left = _look_at(book, part, left, words)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise Refused(words.broken) from error


def _look_at(book: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, words: Words) -> int:
    """Look through one part; how many bytes may still come."""
    tail = b""
    with book.open(part) as source:
        while piece := source.read(STEP):
            left -= len(piece)
            if left < 0:
                raise Refused(words.too_large)
            text = tail + piece
            if DOCTYPE in text.upper():
                raise Refused(words.broken)
            if part.filename.lower().endswith(".xml") and any(map(_is_far, FAR_CELL.finditer(text))):
                raise Refused(words.too_far)
            tail = text[-OVERLAP:]
    return left


def _is_far(cell: re.Match[bytes]) -> bool:
    column = 0
    for letter in cell[1]:
        column = 26 * column + letter - 64
    return int(cell[2]) > FARTHEST_ROW or column > FARTHEST_COLUMN


def decoded(data: bytes, not_a_text: str) -> str:
    """The text of a file as Notepad, Moodle, Excel and old programs of Windows store it. Raises Refused."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise Refused(not_a_text)
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")

"""Signing electronically, as far as it can be told without reading a PDF: names, and what is uploaded."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from lms.certificate.spelling import bare

MOST_FILES: Final = 300
MOST_BYTES: Final = 2 * 2**20
MOST_TOGETHER: Final = 16 * 2**20
ENTRY: Final = b"PK\x01\x02"
TITLES: Final = frozenset(("dr", "drs", "dra", "ir", "h", "hj", "prof"))
TOO_MANY: Final = f"Terlalu banyak berkas. Sekali unggah paling banyak {MOST_FILES}; bagi menjadi beberapa kali."
TOO_LARGE: Final = "Isi zip ini lebih dari 16 MB. Bagi menjadi beberapa zip."
NO_ZIP: Final = "Zip ini rusak atau terkunci. Buat zip sekali lagi, atau unggah PDF-nya langsung."


class UploadRefused(ValueError):
    """An upload that can't be taken; the text says why and what to do, in Indonesian."""


def same_person(certified: str, printed: str) -> bool:
    """Whether a name of an electronic certificate is that on a sheet, whatever the titles and the case."""
    words = _words(certified)
    return bool(words) and words == _words(printed)


def _words(name: str) -> list[str]:
    parts = name.partition(",")[0].split()
    return [bare(part) for part in parts if not part.endswith(".") and bare(part) not in TITLES]


def uploaded(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """(name, bytes) of every file, those in a .zip one by one; a file that is too large comes as one byte too many."""
    found: list[tuple[str, bytes]] = []
    for name, data in files:
        is_zip = name.lower().endswith(".zip") and data.startswith((b"PK\3\4", b"PK\5\6"))
        found += _unzipped(data) if is_zip else [(_plain(name), data)] if name else []
        if len(found) > MOST_FILES:
            raise UploadRefused(TOO_MANY)
        if sum(len(data) for _, data in found) > MOST_TOGETHER:
            raise UploadRefused(TOO_LARGE)
    return found


def _unzipped(data: bytes) -> Sequence[tuple[str, bytes]]:
    if data.count(ENTRY) > 3 * MOST_FILES:  # Reading a long list alone takes long.
        raise UploadRefused(TOO_MANY)
    found, total = [], 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
                    continue
                with packed.open(entry) as source:
                    content = source.read(MOST_BYTES + 1)
                found.append((_plain(entry.filename), content))
                total += len(content)
                if total > MOST_TOGETHER:
                    raise UploadRefused(TOO_LARGE)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, OverflowError) as error:
        raise UploadRefused(NO_ZIP) from error
    except ValueError as error:
        raise error if isinstance(error, UploadRefused) else UploadRefused(NO_ZIP) from error
    return found


def _plain(name: str) -> str:
    """A file's name for the eye alone: nothing is ever kept or looked for under it."""
    return "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())[:80]

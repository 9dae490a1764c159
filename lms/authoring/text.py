"""The bytes of a draft file as a text area holds them, and back: what was not changed stays byte for byte."""

import re

from lms.authoring.differences import ends
from lms.course.check import LONGEST_FILE, MARKS_OF_UTF16

BOM = "\ufeff"
LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")
PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|svg)", re.IGNORECASE)


class NotText(Exception):
    """The file can't be edited as text; the message says why and what to do, in Indonesian."""


def opened(path: str, data: bytes) -> str:
    """The text of a file for a text area: one kind of line end, no byte order mark. Raises NotText."""
    if PICTURE.search(path[-5:]):
        raise NotText("Ini gambar, bukan tulisan. Ganti gambarnya lewat tombol Gambar di pelajaran yang memakainya.")
    if len(data) > LONGEST_FILE:
        size = len(data) // 1024
        raise NotText(f"Berkas ini {size} KB; yang dapat disunting di sini paling besar 200 KB. Pecah dulu berkasnya.")
    if data.startswith(MARKS_OF_UTF16):
        raise NotText(
            'Berkas ini tersimpan sebagai UTF-16. Simpan ulang sebagai "UTF-8" di komputer Anda, lalu unggah lagi.'
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotText(f'Huruf di baris {line} bukan UTF-8. Simpan ulang sebagai "UTF-8", lalu unggah lagi.') from error
    if "\0" in text:
        raise NotText("Berkas ini bukan tulisan: ada karakter kosong di dalamnya. Unggah lagi berkas aslinya.")
    return typed(text.removeprefix(BOM))


def typed(text: str) -> str:
    """Return the text of a text area with one kind of line end and nothing that no file can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "ignore").decode()


def closed(text: str, original: bytes) -> bytes:
    """The typed text as a file, with the byte order mark and the line ends of the original.

    Where the original mixes them, lines that did not change above and below keep theirs, the others get the commonest.
    """
    before = original.decode("utf-8", "replace")
    mark = BOM if before.startswith(BOM) else ""
    old = _lines(before.removeprefix(BOM))
    used = [end for _, end in old if end]
    usual = max(dict.fromkeys(used), key=used.count) if used else "\n"
    new = text.split("\n")
    if len(set(used)) < 2:
        return (mark + usual.join(new)).encode("utf-8", "replace")
    head, tail = ends([line for line, _ in old], new)
    kept = [
        *(end for _, end in old[:head]),
        *[usual] * (len(new) - head - tail),
        *(end for _, end in old[len(old) - tail :]),
    ]
    # The last line of a file has no end; where another line took its place, there is one to fill in.
    kept = [*(end or usual for end in kept[:-1]), ""]
    return (mark + "".join(line + end for line, end in zip(new, kept, strict=True))).encode("utf-8", "replace")


def _lines(text: str) -> list[tuple[str, str]]:
    """Every line with its end; the last one has none."""
    found = [(match[1], match[2]) for match in LINE.finditer(text)]
    # Behind a text that ends with a line end, the pattern finds the empty last line once, elsewhere twice.
    return found[:-1] if len(found) > 1 and found[-2][1] == "" else found

"""The bytes of a draft file as a text area holds them, and back: what was not changed stays byte for byte."""

import re

from lms.authoring.differences import ends
from lms.course.check import LONGEST_FILE, MARKS_OF_UTF16

BOM = "\ufeff"
END = re.compile(r"(\r\n|\n|\r)")
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
    parts = END.split(before.removeprefix(BOM))
    old, used, new = parts[::2], parts[1::2], text.split("\n")
    usual = max(dict.fromkeys(used), key=used.count) if used else "\n"
    head, tail = ends(old, new)
    # The last line of a file has no end; where another line took its place, there is one to fill in.
    held = [*used, usual]
    held[head : len(old) - tail] = [usual] * (len(new) - head - tail)
    lines = (line + end for line, end in zip(new, [*held[:-1], ""], strict=True))
    return (mark + "".join(lines)).encode("utf-8", "replace")

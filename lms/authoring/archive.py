"""A course as one .zip, both ways byte for byte; whatever a stranger's archive may hide stays outside."""

import io
import posixpath
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.course.outline import COURSE_FILE
from lms.course.questions.base import quoted
from lms.paper.packed import Refused

MOST_FILES = 2_000
MOST_BYTES = 60 * 2**20
MOST_TEXT = 6 * 2**20
"""Bytes of texts together: some ten times the largest bundled course, and checked within seconds."""
LONGEST_PATH = 200
HIGHEST_RATIO = 200
WORTH_A_RATIO = 2**20
PACKED_ALREADY = (".png", ".jpg", ".jpeg", ".webp", ".gif")
LITTER = {"__macosx", "thumbs.db", "desktop.ini"}
ENTRY = b"PK\x01\x02"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
ENCRYPTED = 0x1
PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
NO_ZIP = "Berkas ini bukan zip yang utuh. Buat zip sekali lagi dari folder kursusnya, lalu unggah lagi."
TOO_MANY = "Zip ini berisi lebih dari 2.000 berkas. Pilih folder kursusnya saja, lalu buat zip lagi."
TOO_LARGE = "Isi zip ini lebih dari 60 MB. Kecilkan gambarnya atau keluarkan berkas yang tidak perlu."


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of a course by course path, the name of the folder they were in, and what was left out."""

    files: dict[str, bytes]
    folder: str
    left_out: tuple[str, ...]


def pack(files: Mapping[str, bytes], folder: str) -> bytes:
    """Pack the files in `folder`; equal files give equal bytes, whenever and by whom they are packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", LONG_AGO)
            entry.create_system, entry.external_attr = 3, PLAIN_FILE
            is_packed = path.lower().endswith(PACKED_ALREADY)
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def unpack(data: bytes) -> Unpacked:
    """The course in an archive. Raises Refused for whatever is none, is broken, or tries to do harm."""
    # Reading the list alone takes long when it is long, so its entries are counted first.
    if data.count(ENTRY) > 2 * MOST_FILES:
        raise Refused(TOO_MANY)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            kept = [entry for entry in entries if not _is_litter(entry.filename)]
            _refuse_list(kept)
            # Never more than the list says is unpacked; where it says too little, the checksum is wrong.
            files = {entry.filename: archive.open(entry).read(entry.file_size) for entry in kept}
    except BROKEN as error:
        raise Refused(NO_ZIP) from error
    left_out = tuple(entry.filename for entry in entries if _is_litter(entry.filename))
    around = posixpath.commonpath([posixpath.dirname(path) for path in files] or [""])
    files = {path.removeprefix(f"{around}/"): content for path, content in sorted(files.items())}
    if COURSE_FILE not in files:
        raise Refused("Tidak ada kursus.toml di dalam zip ini. Buat zip dari folder yang memuat kursus.toml.")
    if sum(len(data) for path, data in files.items() if path.endswith((".md", ".toml"))) > MOST_TEXT:
        raise Refused("Tulisan di dalam zip ini lebih dari 6 MB. Bagi menjadi beberapa kursus, lalu zip lagi.")
    return Unpacked(files, posixpath.basename(around), left_out)


BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError, OSError)
"""What the standard library raises for a zip that is none."""


def _is_litter(name: str) -> bool:
    """Tell whether Windows, macOS or an editor left this behind; hidden files are no part of a course either."""
    parts = [part.casefold() for part in name.split("/")]
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return hidden or not LITTER.isdisjoint(parts) or parts[-1].startswith("~$")


def _refuse_list(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what the list alone gives away, before anything is unpacked."""
    if len(entries) > MOST_FILES:
        raise Refused(TOO_MANY)
    names: set[str] = set()
    for entry in entries:
        name = quoted(entry.filename)
        if fault := path_fault(entry.orig_filename) or _kind_fault(entry):
            raise Refused(f"Berkas {name} di dalam zip {fault}")
        if entry.filename in names:
            raise Refused(f"Berkas {name} ada dua kali di dalam zip. Hapus salah satunya, lalu zip lagi.")
        names.add(entry.filename)
    if clashes := names & {str(folder) for name in names for folder in PurePosixPath(name).parents}:
        clash = quoted(min(clashes))
        raise Refused(f"Nama {clash} dipakai untuk berkas dan folder sekaligus. Ganti salah satunya, lalu zip lagi.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused(TOO_LARGE)


def path_fault(name: str) -> str:
    """Return the fault of a file's path, or ""."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or ":" in parts[0]:
        return "menunjuk ke luar folder kursus. Buat zip sekali lagi dari folder kursusnya."
    if "" in parts or "." in parts:
        return "jalurnya tidak lurus. Buat zip sekali lagi dari folder kursusnya."
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "namanya memuat huruf yang tidak terlihat. Ganti namanya, lalu zip lagi."
    if len(name) > LONGEST_PATH:
        return "namanya lebih dari 200 huruf. Pendekkan nama folder atau berkasnya, lalu zip lagi."
    return ""


def _kind_fault(entry: zipfile.ZipInfo) -> str:
    """Return the fault of an entry that is no plain file, or ""."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "adalah tautan, bukan berkas. Ganti dengan berkas aslinya, lalu zip lagi."
    if entry.flag_bits & ENCRYPTED:
        return "dikunci dengan sandi. Buat zip tanpa sandi."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "dimampatkan dengan cara yang tidak dikenal. Buat zip biasa, misalnya dari menu Kirim ke folder zip."
    if entry.file_size > WORTH_A_RATIO and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        return "mengembang terlalu besar. Periksa berkas itu, lalu zip lagi."
    return ""

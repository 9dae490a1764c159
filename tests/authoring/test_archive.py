"""A course as a zip: the same bytes out and in, and nothing that a stranger's zip may hide."""

import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring import archive
from lms.authoring.archive import pack, unpack
from lms.course.folder import read_folder
from lms.paper.packed import Refused
from tests.conftest import COURSE

TOML = b'judul = "K"\n'
SMALL = {"kursus.toml": TOML, "a/b.md": b"# B\r\n", "a/media/c.png": bytes(range(256)) * 20}


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compress) as made:
        for name, data in entries:
            made.writestr(name, data)
    return target.getvalue()


def with_toml(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    return zipped(("kursus.toml", TOML), *entries)


def test_a_course_comes_back_byte_for_byte() -> None:
    files = read_folder(COURSE)
    made = unpack(pack(files, "kursus"))
    assert (made.files, made.folder, made.left_out) == (files, "kursus", ())


NAME = st.text("abc/.é-", min_size=1, max_size=9).filter(lambda name: not name.endswith("/"))


@given(st.dictionaries(NAME, st.binary(max_size=99), max_size=6))
def test_whatever_packs_unpacks_or_is_refused(files: dict[str, bytes]) -> None:
    files = {"kursus.toml": TOML, **files}
    try:
        made = unpack(pack(files, "k"))
    except Refused:
        return
    assert made.files == {path: data for path, data in files.items() if f"k/{path}" not in made.left_out}


def test_the_same_course_gives_the_same_bytes() -> None:
    assert pack(SMALL, "k") == pack(dict(reversed(SMALL.items())), "k")


@pytest.mark.parametrize("folder", ["", "kursus/", "unduhan/kursus saya/"])
def test_the_folder_around_a_course_is_taken_off(folder: str) -> None:
    made = unpack(zipped(*((f"{folder}{path}", data) for path, data in SMALL.items())))
    assert made.files == SMALL


def test_what_computers_leave_behind_is_left_out_and_told() -> None:
    litter = ("__MACOSX/._b.md", "a/.DS_Store", "Thumbs.db", "a/~$b.docx", ".git/config", "a/Desktop.ini")
    made = unpack(with_toml(*((name, b"x") for name in litter)))
    assert made.files == {"kursus.toml": TOML}
    assert made.left_out == litter


def linked(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def packed(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    return entry


def encrypted() -> bytes:
    data = bytearray(with_toml(("a.md", b"x")))
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[at + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """The list says one byte, the entry has many."""
    data = bytearray(with_toml(("a.md", b"x" * 5_000)))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"bukan zip", "bukan zip yang utuh"),
    "nothing": (lambda: b"", "bukan zip yang utuh"),
    "half a zip": (lambda: pack(SMALL, "k")[:-30], "bukan zip yang utuh"),
    "an empty zip": (lambda: zipped(), "Tidak ada kursus.toml"),
    "no course": (lambda: zipped(("a.md", b"x"), ("b.md", b"y")), "Tidak ada kursus.toml"),
    "an absolute path": (lambda: with_toml(("/etc/passwd", b"x")), "ke luar folder"),
    "a way up": (lambda: with_toml(("a/../../b.md", b"x")), "ke luar folder"),
    "backslashes": (lambda: with_toml(("a\\b.md", b"x")), "ke luar folder"),
    "a drive": (lambda: with_toml(("C:/b.md", b"x")), "ke luar folder"),
    "an empty part": (lambda: with_toml(("a//b.md", b"x")), "tidak lurus"),
    "a point": (lambda: with_toml(("a/./b.md", b"x")), "tidak lurus"),
    "a control character": (lambda: with_toml(("a\x1b.md", b"x")), "tidak terlihat"),
    "a long name": (lambda: with_toml((f"{'a' * 200}.md", b"x")), "lebih dari 200 huruf"),
    "a link": (lambda: with_toml((linked("a.md"), b"/etc/passwd")), "tautan"),
    "a file and a folder": (lambda: with_toml(("a", b"x"), ("a/b.md", b"y")), "berkas dan folder"),
    "a password": (encrypted, "sandi"),
    "another method": (lambda: with_toml((packed("a.md", zipfile.ZIP_LZMA), b"x")), "tidak dikenal"),
    "a bomb": (lambda: with_toml(("a.md", bytes(5 * 2**20))), "mengembang"),
    "a wrong size": (lying, "bukan zip yang utuh"),
    "too many": (lambda: with_toml(*((f"{at}.md", b"") for at in range(2_001))), "2.000 berkas"),
    "far too many": (lambda: with_toml(*((f"{at}.md", b"") for at in range(4_500))), "2.000 berkas"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_with_its_reason(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(Refused, match=reason):
        unpack(make())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused() -> None:
    with pytest.raises(Refused, match="dua kali"):
        unpack(with_toml(("a.md", b"x"), ("a.md", b"y")))


def test_what_is_too_large_together_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    with pytest.raises(Refused, match="60 MB"):
        unpack(with_toml(("a.md", b"x" * 1_001)))


@given(st.data())
def test_no_damage_makes_unpacking_raise_anything_else(data: st.DataObject) -> None:
    whole = bytearray(pack(SMALL, "k"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = unpack(bytes(whole))
    except Refused:
        return
    assert "kursus.toml" in made.files


def test_an_archive_that_points_beyond_any_file_is_none() -> None:
    name, extra = b"kursus.toml", struct.pack("<HHQ", 1, 8, 2**64 - 1)
    here = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0x21, 0, 1, 1, len(name), 0) + name + b"x"
    sizes = (1, 1, len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF)
    listed = struct.pack("<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 0, 0, 0x21, 0, *sizes) + name + extra
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(here), 0)
    with pytest.raises(Refused, match="bukan zip yang utuh"):
        unpack(here + listed + end)


def test_more_text_than_a_course_has_is_refused_before_anybody_checks_it() -> None:
    text = random.Random(7).randbytes(2**19).hex().encode()
    files = {f"p{number}.md": text for number in range(7)}
    with pytest.raises(Refused, match="6 MB"):
        unpack(pack({"kursus.toml": b"", **files}, "kursus"))

"""What a file is, told by its first bytes, and how a picture crosses from one process to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.pictures import LARGEST, Picture, PictureRefused, packed, refuse_others, unpacked
from tests.people.pictures import png

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Pilih gambarnya"),
        (HEIC, "WhatsApp"),
        (HEIC.replace(b"heic", b"avif"), "AVIF"),
        (HEIC.replace(b"heic", b"isom"), "video"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04word/document.xml", "dokumen"),
        (b"BM\x36\0\0\0", "BMP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"Halo, ini teks.", "bukan gambar yang dikenal"),
        (b"<html><body>x</body></html>", "bukan gambar yang dikenal"),
        (b"\x89PNG" + bytes(LARGEST), "paling besar 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_way_out(data: bytes, words: str) -> None:
    with pytest.raises(PictureRefused, match=words):
        refuse_others(data)


@pytest.mark.parametrize(
    "data",
    [
        png(),
        b"\xff\xd8\xff\xe0rest",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\xef\xbb\xbf\n<?xml version='1.0'?><svg>",
        "<svg/>".encode("utf-16"),
    ],
)
def test_what_begins_as_a_picture_goes_on_to_be_read(data: bytes) -> None:
    refuse_others(data)
    with pytest.raises(PictureRefused):
        refuse_others(b"%" + data)


def test_the_size_is_told_as_people_write_it() -> None:
    with pytest.raises(PictureRefused, match="7,2 MB"):
        refuse_others(b"\xff\xd8\xff" + bytes(int(7.2 * 2**20)))


@given(st.binary(), st.sampled_from(["jpg", "png", "svg"]), st.integers(1, 9999), st.integers(1, 9999))
def test_a_picture_comes_back_as_it_was_packed(data: bytes, kind: str, width: int, height: int) -> None:
    picture = Picture(data, kind, width, height)
    assert unpacked(packed(picture)) == picture


def test_a_reason_comes_back_as_a_refusal() -> None:
    with pytest.raises(PictureRefused, match="Terlalu “gelap”"):
        unpacked(packed("Terlalu “gelap”"))

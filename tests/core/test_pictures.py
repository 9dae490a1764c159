"""What a picture file says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.pictures import png_size
from tests.admin.pictures import png


def test_a_whole_png_tells_its_size() -> None:
    assert png_size(png(8, 6)) == (8, 6)


@pytest.mark.parametrize("at", range(len(png())))
def test_a_png_with_any_byte_changed_is_none(at: int) -> None:
    data = bytearray(png())
    data[at] ^= 0x41
    assert png_size(bytes(data)) is None


@pytest.mark.parametrize("length", range(len(png())))
def test_a_png_cut_short_is_none(length: int) -> None:
    assert png_size(png()[:length]) is None


def test_a_png_without_extent_is_none() -> None:
    assert png_size(png(0, 6)) is None


@given(st.binary() | st.binary().map(lambda data: b"\x89PNG\r\n\x1a\n" + data))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert png_size(data) is None

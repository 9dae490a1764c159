import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web.crockford import ALPHABET, encode, grouped, normalise


def test_letters_carry_five_bits_each_from_the_front() -> None:
    assert encode(b"\x00" * 8, 12) == "000000000000"
    assert encode(b"\xff" * 15, 24) == "Z" * 24
    assert encode(bytes([0b00001_000, 0b10_00011_0, 0b0100_0000]), 4) == "1234"


def test_bits_beyond_the_letters_do_not_count_and_bits_within_do() -> None:
    assert encode(b"\xaa" * 7 + b"\xa0", 12) == encode(b"\xaa" * 7 + b"\xaf", 12)
    assert encode(b"\xaa" * 7 + b"\xa0", 12) != encode(b"\xaa" * 7 + b"\xb0", 12)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="60 bits"):
        encode(b"\x00" * 7, 12)


@given(st.binary(min_size=15, max_size=20))
def test_what_is_shown_can_be_typed_back(data: bytes) -> None:
    code = encode(data, 24)
    assert set(code) <= set(ALPHABET)
    assert normalise(grouped(code), 24) == code
    assert normalise(f" {grouped(code).lower()}\n", 24) == code


@pytest.mark.parametrize(
    "text", ["o1il-zzzz-zzzz", "0111 ZZZZ ZZZZ", "OIlL–zzzz‑zzzz", "0111\u00a0zzzzzzzz", "O-I-L-I-zzzzzzzz"]
)
def test_look_alikes_dashes_and_spaces_are_understood(text: str) -> None:
    assert normalise(text, 12) == "0111ZZZZZZZZ"


@pytest.mark.parametrize(
    "text", ["", "ABCD", "A" * 13, "ABCD-EFGH-JKMU", "ABCD-EFGH-JKM!", "ABCDEFGHJKMß", "٣BCDEFGHJKMN", "\0" * 12]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert normalise(text, 12) is None


def test_groups_of_four() -> None:
    assert grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"

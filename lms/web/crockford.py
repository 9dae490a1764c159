"""Codes a person can read aloud and type back: Crockford's base 32, which has no I, L, O and U."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_A_LETTER = 5

# Phones turn a hyphen into one of the dashes U+2010 to U+2015; a pasted text brings its own kinds of space.
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")
_LOOKALIKES = str.maketrans("OIL", "011")


def encode(data: bytes, letters: int) -> str:
    """The first 5·letters bits of the data; ValueError when the data holds fewer."""
    spare = len(data) * 8 - letters * BITS_A_LETTER
    if spare < 0:
        raise ValueError(f"{letters} letters need {letters * BITS_A_LETTER} bits, got {len(data) * 8}")
    bits = int.from_bytes(data) >> spare
    shifts = range((letters - 1) * BITS_A_LETTER, -1, -BITS_A_LETTER)
    return "".join(ALPHABET[bits >> shift & 31] for shift in shifts)


def normalise(text: str, letters: int) -> str | None:
    """The code a person meant, whatever case, spaces, hyphens or look-alikes they typed, or None."""
    code = _SEPARATORS.sub("", text)
    if len(code) != letters or not code.isascii():
        return None
    code = code.upper().translate(_LOOKALIKES)
    return code if all(letter in ALPHABET for letter in code) else None


def grouped(code: str) -> str:
    """ABCD-EFGH-JKMN"""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

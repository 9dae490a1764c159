"""Names and phone numbers as people type them, made into what is stored."""

import re
import unicodedata

LONGEST_NAME = 120
LONGEST_TITLE = 40
PHONE_EXAMPLE = "Tulis seperti 0812 3456 7890"
_SIGNS = " .,'’-"
_COUNTRY = re.compile(r"^(?:\+|00)?620?")
# A mobile number has 10 to 13 digits, one of a house or an office 9 to 12.
_PHONE = re.compile(r"08[0-9]{8,11}|0[2-79][0-9]{7,10}")


def clean_name(text: str, longest: int = LONGEST_NAME) -> str | None:
    """The name with single spaces, or None when it holds anything but Latin letters, space and . , ' ’ -"""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= longest or not any(letter.isalpha() for letter in name):
        return None
    return name if all(sign in _SIGNS or _is_latin(sign) for sign in name) else None


def one_line(text: str, longest: int) -> str | None:
    """One line with single spaces; None when it is too long or has signs that can't be seen."""
    line = " ".join(text.split())
    return line if len(line) <= longest and line.isprintable() else None


def clean_title(text: str) -> str | None:
    """An academic title such as "S.Sos."; "" when empty, None when it can't be printed."""
    return clean_name(text, LONGEST_TITLE) if text.strip() else ""


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN ")


def with_titles(before: str, name: str, after: str) -> str:
    """dr. SITI AMINAH, S.Pd."""
    full = f"{before} {name}".strip()
    return f"{full}, {after}" if after else full


def clean_phone(text: str) -> str | None:
    """Digits of an Indonesian phone number starting with 0; "" when empty, None when it can't be one.

    Understood as people write and paste it: 08…, 62…, +62…, 0062…, a (0) behind the country's number; spaces, dots,
    dashes and brackets of whatever kind, also those that don't show.
    """
    kept = "".join(sign for sign in text if not _parts_numbers(sign))
    if not kept:
        return ""
    digits = _COUNTRY.sub("0", kept)
    return digits if _PHONE.fullmatch(digits) else None


def _parts_numbers(sign: str) -> bool:
    """Whether a sign only makes a number easier to read: a space, a dash, a direction mark, a bracket, a dot."""
    return sign in ".()\u2212" or sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf")

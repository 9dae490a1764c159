"""Names, phone numbers and NIP as people type them, made into what is stored."""

import re
import unicodedata
from datetime import date
from typing import Any

LONGEST_NAME = 120
LONGEST_TITLE = 40
PHONE_EXAMPLE = "Tulis seperti 0812 3456 7890"
_SIGNS = " .,'’-"
_APOSTROPHES = str.maketrans(dict.fromkeys("‘ʼʻʽʹʾʿ`´′＇‛ˈ", "'"))
"""What clerks, phones and Word put for the sign in Nur'aini; the two that keyboards have stay as they are."""
_COUNTRY = re.compile(r"^(?:\+|00)?620?")
# A mobile number has 10 to 13 digits, one of a house or an office 9 to 12.
_PHONE = re.compile(r"08[0-9]{8,11}|0[2-79][0-9]{7,10}")


def clean_name(text: str, longest: int = LONGEST_NAME) -> str | None:
    """The name with single spaces, or None when it holds anything but Latin letters, space and . , ' ’ -"""
    name = " ".join(unicodedata.normalize("NFC", text.translate(_APOSTROPHES)).split())
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


def full_name(person: Any) -> str:
    """Return the name of a person, or of a row with these columns, with its titles."""
    return with_titles(person.title_before, person.name, person.title_after)


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


NIP_DIGITS = 18
YOUNGEST = 15


def read_nip(text: str) -> tuple[str, str]:
    """(the number as it is printed, 19700101 199503 1 001; what is wrong with it, "" for nothing). Spaces are free."""
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        return "", "NIP hanya berisi angka. Contoh: 19700101 199503 1 001"
    if len(digits) != NIP_DIGITS:
        return "", f"NIP terdiri atas 18 angka; ini {len(digits)} angka."
    born, appointed, sex, count = digits[:8], digits[8:14], digits[14], digits[15:]
    birthday, first_month = _day(born), _day(f"{appointed}01")
    if birthday is None:
        return "", f"Delapan angka pertama NIP ialah tanggal lahir; {born} bukan tanggal."
    if first_month is None:
        return "", f"Angka ke-9 sampai ke-14 ialah tahun dan bulan pengangkatan; {appointed} bukan bulan."
    if first_month.year < birthday.year + YOUNGEST:
        return "", "Pengangkatan menurut NIP ini terlalu dekat dengan tanggal lahirnya. Periksa angkanya."
    if sex not in "12":
        return "", "Angka ke-15 NIP ialah 1 (pria) atau 2 (wanita)."
    if count == "000":
        return "", "Tiga angka terakhir NIP ialah nomor urut, mulai 001."
    return f"{born} {appointed} {sex} {count}", ""


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None

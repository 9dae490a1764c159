"""The number of a civil servant (NIP): day of birth, month of appointment, sex, and a count; 8 6 1 3 digits."""

import re
from datetime import date

DIGITS = 18
YOUNGEST = 15


def read_nip(text: str) -> tuple[str, str]:
    """(the number as it is printed, 19700101 199503 1 001; what is wrong with it, "" for nothing). Spaces are free."""
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        return "", "NIP hanya berisi angka. Contoh: 19700101 199503 1 001"
    if len(digits) != DIGITS:
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

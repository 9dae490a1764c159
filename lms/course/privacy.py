"""Numbers that may belong to a real person: no lesson needs them."""

import re
from collections.abc import Iterator
from typing import Literal

DIGIT = re.compile(r"[0-9]")
PLAIN_NIK = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
SPACED_NIK = re.compile(r"(?<![0-9])(?<![0-9][ .\u00a0-])[0-9](?:[ .\u00a0-]?[0-9]){15}(?![ .\u00a0-]?[0-9])")
NIK_FORM = re.compile(r"[1-9][1-9][0-9]{4}(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{6}")
PHONE = re.compile(
    r"(?<![0-9])(?:\+62[ .-]?[1-9]|628[1-9]|08[1-9])(?:[ .-]?[0-9]){6,11}(?![0-9])|"
    r"(?<![0-9])\(0[0-9]{2,3}\)[ .-]?[0-9](?:[ .-]?[0-9]){4,8}(?![0-9])|"
    r"(?<![0-9])0[2-7][0-9]{1,2}[ .-]?[1-9](?:[ .-]?[0-9]){4,7}(?![0-9])"
)

LONG_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d\W{1,3}(?:19|20)\d\d\b)\d(?:[\W_]{0,3}\d){6,}")
"""As many digits as a phone may have, whatever parts them; two years ("2019-2024") are none."""

Kind = Literal["nik", "phone"]
NO_NIK = "Ini tampak seperti nomor KTP, yang tidak pernah kami minta. Hapus angkanya, lalu kirim lagi."
"""What to tell somebody who types one into a field."""


def personal_numbers(source: str) -> Iterator[tuple[int, Kind]]:
    """Line and kind of what looks like a NIK or nomor KK, and like a phone number beside it; one of each a line."""
    for number, text in enumerate(source.split("\n"), 1):
        if not DIGIT.search(text):
            continue
        found = list(niks(text))
        if found:
            yield number, "nik"
        for nik in found:
            text = text.replace(nik, "x")
        if PHONE.search(text):
            yield number, "phone"


def has_nik(text: str) -> bool:
    """True for sixteen digits in a row, or apart when region, day and month in them are possible.

    Years in a row ("2019 2020 2021 2022") are no NIK, and neither is one digit sixteen times.
    """
    return any(niks(text))


def niks(text: str) -> Iterator[str]:
    """Yield the parts of a text that look like one, as they stand there."""
    yield from (match[0] for match in PLAIN_NIK.finditer(text) if len(set(match[0])) > 1)
    for match in SPACED_NIK.finditer(text):
        digits = re.sub(r"[^0-9]", "", match[0])
        if NIK_FORM.fullmatch(digits) and len(set(digits)) > 1:
            yield match[0]


def masked(text: str) -> str:
    """The text with only the end of each long number."""
    return LONG_NUMBER.sub(lambda found: f"••••{re.sub(r'[^0-9]', '', found[0])[-4:]}", text)


def fault_of_text(text: str, longest: int) -> str:
    """Return the remedy for a text that somebody wrote freely, "" for one that may be kept."""
    if len(text) > longest:
        return f"Terlalu panjang, paling banyak {longest} huruf. Tulisan Anda masih ada; ringkaslah."
    if not re.sub(r"[\n\r\t]", "", text).isprintable():
        return "Ada huruf yang tidak terbaca. Ketik ulang, jangan disalin."
    return NO_NIK if has_nik(text) else ""

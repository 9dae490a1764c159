"""What a trainer types for the papers of a bimtek, every fault at once; what is kept is texts by key.

A page holds several forms, and each brings its own fields: what a form does not carry stays as it is. The number of a
speaker's bank account is written on paper only, so no field asks for it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lms.course.privacy import fault_of_text
from lms.people.names import one_line, read_nip
from lms.web.dates import read_any_date

LONGEST_TEXT = 4_000
LONGEST_LINE = 200
MOST_RUPIAH = 100_000_000
"""With it, what a thousand people get still has words."""


class Letter(NamedTuple):
    """A paper: its title, what it is for, and which FIELDS it asks for."""

    title: str
    hint: str
    fields: str = ""


LETTERS = {
    "undangan": Letter(
        "Surat undangan", "Dengan daftar yang diundang menurut kecamatan.", "nomor tanggal hal yth tembusan"
    ),
    "tugas": Letter("Surat tugas", "Untuk narasumber dan panitia.", "nomor tanggal tembusan"),
    "permohonan": Letter("Permohonan narasumber", "Satu surat untuk setiap narasumber.", "nomor tanggal hal tembusan"),
    "biodata": Letter("Biodata narasumber", "Nomor rekening ditulis di kertas saja; situs tidak menyimpannya."),
    "acara": Letter("Susunan acara", "Berhuruf besar, untuk ditempel di dinding."),
    "hadir": Letter("Daftar hadir narasumber dan panitia", "Satu halaman untuk setiap hari."),
    "terima": Letter("Tanda terima", "Jumlah untuk satu orang. Yang kosong tidak menjadi kolom.", "tanggal"),
    "notulen": Letter("Notulen", "Kepalanya terisi; isinya ditulis di kertas atau di Word."),
}
"""Name in the address -> paper."""

FIELDS = {
    "nomor": "Nomor surat",
    "tanggal": "Tanggal surat",
    "hal": "Hal",
    "yth": "Kepada (Yth.)",
    "tembusan": "Tembusan, satu baris satu",
}
AMOUNTS = {"transport": "Transport", "harian": "Uang harian", "bahan": "Bahan", "konsumsi": "Konsumsi"}
GROUPS = {"peserta": "Peserta", "narasumber": "Narasumber", "panitia": "Panitia"}
BIODATA = {"nip": "NIP", "pangkat": "Pangkat, golongan", "jabatan": "Jabatan", "instansi": "Instansi"}
WRITTEN = {
    "dasar": "Dasar",
    "tujuan": "Maksud dan tujuan",
    "hambatan": "Hambatan",
    "saran": "Saran",
    "penutup": "Penutup",
}
"""What a person writes of the report: key -> its title."""

Read = tuple[str, str]
"""What is kept of a field, and what is wrong with what was typed."""


def mark_of(speaker: str) -> str:
    """Return the mark that the fields of a speaker are known by."""
    return hashlib.sha256(speaker.casefold().encode()).hexdigest()[:10]


def _text(typed: str) -> Read:
    text = "\n".join(line.rstrip() for line in typed.splitlines()).strip()
    return text, fault_of_text(text, LONGEST_TEXT)


def _line(typed: str) -> Read:
    text = one_line(typed, LONGEST_LINE)
    return text or "", f"Tulis satu baris, paling panjang {LONGEST_LINE} huruf." if text is None else ""


def _day(typed: str) -> Read:
    text = " ".join(typed.split())[:40]
    return text, "" if not text or read_any_date(text) else "Tulis tanggalnya, misalnya 7/12/2026, atau kosongkan."


def _nip(typed: str) -> Read:
    return read_nip(typed) if typed.strip() else ("", "")


def _rupiah(typed: str) -> Read:
    """Digits, of 150.000, Rp150.000, 150000 or Rp 150.000,00."""
    text = re.sub(r"^rp\.?|,(?:00|-)$|\s", "", typed.strip().casefold())
    digits = text.replace(".", "")
    if not text or (re.fullmatch(r"\d{1,3}(\.\d{3})*|\d{1,9}", text, re.ASCII) and int(digits) <= MOST_RUPIAH):
        return str(int(digits)) if digits.strip("0") else "", ""
    return "", "Tulis rupiahnya dengan angka, misalnya 150.000, atau kosongkan."


def of(name: str, marks: Iterable[str]) -> dict[str, Callable[[str], Read]]:
    """Key of each field of a paper -> what reads it; `marks` are those of the speakers."""
    own = {"tanggal": _day, "tembusan": _text}
    found: dict[str, Callable[[str], Read]] = {
        f"{name}-{each}": own.get(each, _line) for each in LETTERS[name].fields.split()
    }
    if name == "terima":
        found |= {f"{amount}-{group}": _rupiah for amount in AMOUNTS for group in GROUPS}
    if name == "biodata":
        found |= {f"{each}-{mark}": _nip if each == "nip" else _line for each in BIODATA for mark in marks}
    return found


def read(form: Mapping[str, str], speakers: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Key -> what is to be kept, "" for nothing, of the fields that the form carries; and key -> what is wrong."""
    marks = list(map(mark_of, speakers))
    readers: dict[str, Callable[[str], Read]] = dict.fromkeys(WRITTEN, _text)
    for name in LETTERS:
        readers |= of(name, marks)
    found = {key: reader(form[key]) for key, reader in readers.items() if key in form}
    faults = {key: fault for key, (_, fault) in found.items() if fault}
    return {key: text for key, (text, _) in found.items()}, faults


def amounts(texts: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Group of people -> amount -> rupiah a person, without those that nobody of the group gets."""
    return {
        group: {name: int(text) for name in AMOUNTS if (text := texts.get(f"{name}-{group}", ""))} for group in GROUPS
    }

"""What who runs the site fills in: a new member of staff, the office's identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.core.names import clean_name
from lms.core.pictures import png_size
from lms.web.typesetting import printable_letters

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")
LARGEST_EMBLEM = 500 * 1024
MOST_PIXELS = 2_000
LENGTHS = {"government": 120, "name": 120, "address": 200, "place": 60, "organiser": 160}
NAMES = {
    "government": "pemerintah",
    "name": "nama",
    "address": "alamat",
    "place": "tempat",
    "organiser": "penyelenggara",
}


@dataclass(frozen=True, slots=True)
class StaffForm:
    """A new member of staff."""

    name: str
    login: str
    is_admin: bool
    faults: dict[str, str]


def read_staff_form(form: Mapping[str, str]) -> StaffForm:
    """What was typed, with a fault for every field that can't be used."""
    name, login = clean_name(form.get("nama", "")), form.get("masuk", "").strip().casefold()
    faults = {}
    if name is None:
        faults["nama"] = "Tulis dengan huruf Latin seperti di KTP."
    if not LOGIN.fullmatch(login):
        faults["masuk"] = "Pakai 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung. Contoh: siti.aminah"
    return StaffForm(name or "", login, form.get("pengelola") == "ya", faults)


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """Column of the office -> text; the emblem's picture when one was sent, or the wish to have none."""

    values: dict[str, str]
    emblem: bytes = b""
    without_emblem: bool = False
    faults: dict[str, str] = field(default_factory=dict)


def read_office_form(form: Mapping[str, str], picture: bytes) -> OfficeForm:
    """What was typed, with a fault for every field that can't be printed."""
    values = {column: " ".join(form.get(name, "").split()) for column, name in NAMES.items()}
    faults: dict[str, str] = {}
    for column, text in values.items():
        strange = [letter for letter in text if letter not in printable_letters()]
        if not text and column != "address":
            faults[NAMES[column]] = "Wajib diisi; tercetak di sertifikat."
        elif len(text) > LENGTHS[column]:
            faults[NAMES[column]] = f"Paling banyak {LENGTHS[column]} huruf."
        elif strange:
            faults[NAMES[column]] = f"Huruf “{strange[0]}” tidak dapat dicetak. Ganti huruf itu."
    if picture and (fault := _emblem_fault(picture)):
        faults["lambang"] = fault
    return OfficeForm(values, picture, form.get("tanpa_lambang") == "ya", faults)


def _emblem_fault(picture: bytes) -> str:
    size = png_size(picture)
    if size is None:
        return "Berkas ini bukan gambar PNG yang utuh. Simpan lambang sebagai PNG, lalu unggah lagi."
    if len(picture) > LARGEST_EMBLEM:
        return f"Gambar ini {len(picture) // 1024} KB; paling banyak {LARGEST_EMBLEM // 1024} KB. Kecilkan dulu."
    return f"Gambar ini terlalu besar; paling banyak {MOST_PIXELS} piksel." if max(size) > MOST_PIXELS else ""

"""What who runs the site fills in: a new member of staff, the office's identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.course.pictures import PictureRefused
from lms.course.redrawn import for_emblem
from lms.paper.typesetting import printable_letters
from lms.people.names import clean_name

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")
LENGTHS = {"government": 120, "name": 120, "address": 200, "place": 60, "organiser": 160, "legal_basis": 300}
NAMES = {
    "government": "pemerintah",
    "name": "nama",
    "address": "alamat",
    "place": "tempat",
    "organiser": "penyelenggara",
    "legal_basis": "dasar_hukum",
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
        if not text and column not in ("address", "legal_basis"):
            faults[NAMES[column]] = "Wajib diisi; tercetak di sertifikat."
        elif len(text) > LENGTHS[column]:
            faults[NAMES[column]] = f"Paling banyak {LENGTHS[column]} huruf."
        elif strange:
            faults[NAMES[column]] = f"Huruf “{strange[0]}” tidak dapat dicetak. Ganti huruf itu."
    emblem = b""
    try:
        emblem = for_emblem(picture).data if picture else b""
    except PictureRefused as refused:
        faults["lambang"] = str(refused)
    return OfficeForm(values, emblem, form.get("tanpa_lambang") == "ya", faults)

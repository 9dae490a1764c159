"""What a person says of themself in a form: name, titles, village, phone, with every fault at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.course.privacy import NO_NIK, has_nik
from lms.people.names import PHONE_EXAMPLE, clean_name, clean_phone, clean_title
from lms.people.regions import find_village

LATIN = "Tulis dengan huruf Latin seperti di KTP."
LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")
LOGIN_SHAPE = "Pakai 3 sampai 60 huruf kecil, angka, titik, atau tanda hubung. Contoh: siti.aminah"
LOGIN_TAKEN = "Nama masuk ini sudah dipakai; pilih yang lain."
FROM_THE_LIST = "Pilih desa atau kelurahan Anda dari daftar."
PHONE_OR_EMPTY = f"{PHONE_EXAMPLE}, atau kosongkan."


ASKS = {"nama": "name", "gelar_depan": "title_before", "gelar_belakang": "title_after", "desa": "region", "hp": "phone"}
"""Field of the form -> the column it fills."""


def as_typed(person: Any) -> dict[str, str]:
    """Return what is known of a person, by the fields of the form."""
    return {name: getattr(person, column) or "" for name, column in ASKS.items()}


@dataclass(frozen=True, slots=True)
class Typed:
    """`faults` is field of the form -> what to do about it; the rest holds for use only when it is empty."""

    name: str = ""
    title_before: str = ""
    title_after: str = ""
    region: str = ""
    phone: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def read_person(form: Mapping[str, str], *, village_needed: bool = True) -> Typed:
    """Check the fields nama, gelar_depan, gelar_belakang, desa and hp; titles that are not asked are empty.

    Somebody of whom no village is known, as of most staff, may leave it so.
    """
    name = clean_name(form.get("nama", ""))
    before, after = clean_title(form.get("gelar_depan", "")), clean_title(form.get("gelar_belakang", ""))
    village = find_village(form.get("desa", ""))
    phone = clean_phone(form.get("hp", ""))
    read = {
        "nama": (name, LATIN),
        "gelar_depan": (before, LATIN),
        "gelar_belakang": (after, LATIN),
        "desa": (village, FROM_THE_LIST),
        "hp": (phone, PHONE_OR_EMPTY),
    }
    if not village_needed and not form.get("desa", "").strip():
        del read["desa"]
    faults = {
        key: NO_NIK if has_nik(form.get(key, "")) else remedy for key, (value, remedy) in read.items() if value is None
    }
    return Typed(name or "", before or "", after or "", village.code if village else "", phone or "", faults)


def read_account(form: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """Return (name, login, what to do about the fields nama and masuk) of somebody who signs in with a password."""
    name, login = clean_name(form.get("nama", "")), form.get("masuk", "").strip().casefold()
    faults = {} if name else {"nama": LATIN}
    return name or "", login, faults if LOGIN.fullmatch(login) else faults | {"masuk": LOGIN_SHAPE}

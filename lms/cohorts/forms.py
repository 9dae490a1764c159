"""The join form: what a person typed, and every fault of it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.core.names import PHONE_EXAMPLE, clean_name, clean_phone
from lms.core.regions import find_village

FORM_ID = re.compile(r"[A-Za-z0-9_-]{16,32}")


@dataclass(frozen=True, slots=True)
class JoinForm:
    """`faults` is field -> what to do about it; the other fields hold for use only when it is empty."""

    form_id: str
    name: str = ""
    region: str = ""
    phone: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def read_join_form(form: Mapping[str, str]) -> JoinForm:
    """Check a sent join form."""
    faults: dict[str, str] = {}
    form_id = form.get("formulir", "")
    if not FORM_ID.fullmatch(form_id):
        faults["formulir"] = "Formulir ini rusak di jalan. Muat ulang halamannya, lalu isi lagi."
    name = clean_name(form.get("nama", ""))
    if name is None:
        faults["nama"] = "Tulis dengan huruf Latin seperti di KTP."
    village = find_village(form.get("desa", ""))
    if village is None:
        faults["desa"] = "Pilih desa atau kelurahan Anda dari daftar."
    phone = clean_phone(form.get("hp", ""))
    if phone is None:
        faults["hp"] = f"{PHONE_EXAMPLE}, atau kosongkan."
    return JoinForm(form_id, name or "", village.code if village else "", phone or "", faults)

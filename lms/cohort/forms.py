"""The join form: what a person typed, and every fault of it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.people.person import read_person

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
    typed, form_id = read_person(form), form.get("formulir", "")
    faults = dict(typed.faults)
    if not FORM_ID.fullmatch(form_id):
        faults["formulir"] = "Formulir ini rusak di jalan. Muat ulang halamannya, lalu isi lagi."
    return JoinForm(form_id, typed.name, typed.region, typed.phone, faults)

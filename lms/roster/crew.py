"""The form of somebody who speaks or helps at a bimtek."""

from collections.abc import Mapping

from lms.course.privacy import NO_NIK, has_nik
from lms.db.tables.cohorts import CREW
from lms.people.names import clean_phone
from lms.people.person import LATIN, PHONE_OR_EMPTY
from lms.roster.spelling import part_name


def read_crew(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of a person, with titles parted from the name, for use only without faults; and all faults of the
    fields peran, nama and hp."""
    faults: dict[str, str] = {}
    parted, phone = part_name(form.get("nama", "")), clean_phone(form.get("hp", ""))
    for name, found, remedy in (("nama", parted, LATIN), ("hp", phone, PHONE_OR_EMPTY)):
        if has_nik(form.get(name, "")):
            faults[name] = NO_NIK
        elif found is None:
            faults[name] = remedy
    if form.get("peran") not in CREW:
        faults["peran"] = "Pilih dulu: narasumber atau panitia."
    before, name, after = parted or ("", "", "")
    return {"title_before": before, "name": name, "title_after": after, "phone": phone or ""}, faults

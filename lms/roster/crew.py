"""What a trainer types of who speaks or helps at a bimtek."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.course.privacy import NO_NIK, has_nik
from lms.db.tables.cohorts import CREW
from lms.people.names import clean_phone
from lms.people.person import LATIN, PHONE_OR_EMPTY
from lms.roster.spelling import part_name


@dataclass(frozen=True, slots=True)
class CrewForm:
    """`person` are columns, with titles parted from the name; for use only without `faults`."""

    role: str
    person: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


def read_crew(form: Mapping[str, str]) -> CrewForm:
    """Check the fields peran, nama and hp, with every fault at once."""
    faults: dict[str, str] = {}
    parted, phone, role = part_name(form.get("nama", "")), clean_phone(form.get("hp", "")), form.get("peran", "")
    for name, found, remedy in (("nama", parted, LATIN), ("hp", phone, PHONE_OR_EMPTY)):
        if has_nik(form.get(name, "")):
            faults[name] = NO_NIK
        elif found is None:
            faults[name] = remedy
    if role not in CREW:
        faults["peran"] = "Pilih dulu: narasumber atau panitia."
    before, name, after = parted or ("", "", "")
    return CrewForm(role, {"title_before": before, "name": name, "title_after": after, "phone": phone or ""}, faults)

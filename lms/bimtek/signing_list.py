"""The daftar hadir on paper, as offices keep it: two staggered columns to sign in, the header, two officials."""

from collections.abc import Iterable
from datetime import date

from lms.bimtek.queries import Attendee
from lms.paper.printing import long_pdf
from lms.paper.typesetting import printable
from lms.people.access import CohortFacts
from lms.people.office import Issuer
from lms.web.dates import hari_tanggal

UNKNOWN_OFFICE = ("DINAS SOSIAL",)


def attendance_sheet(
    held: CohortFacts, day: date | None, people: Iterable[Attendee], issuer: Issuer | None, timestamp: int
) -> bytes:
    """Everybody by kecamatan and village, with the last digits of the phone, to be signed morning and afternoon."""
    signer = issuer.signer if issuer else None
    office = (issuer.office.government, issuer.office.name, issuer.office.address) if issuer else UNKNOWN_OFFICE
    official = (signer.on_behalf, signer.title, signer.name, signer.rank, signer.nip) if signer else ("",) * 5
    data = {
        "office": _all_printable(office),
        "activity": printable(held.name),
        "day": hari_tanggal(day) if day else "",
        "place": printable(held.place),
        "people": [_line(each) for each in sorted(people, key=lambda each: each.by_place)],
        "official": _all_printable(official),
    }
    return long_pdf("bimtek/daftar_hadir.typ", data, timestamp)


def _line(each: Attendee) -> list[str]:
    village, district = (each.village.name, each.village.district) if each.village else ("", "")
    return _all_printable((each.titled, each.sex, village, district, each.position, each.phone[-4:]))


def _all_printable(texts: Iterable[str]) -> list[str]:
    return [printable(text) for text in texts]

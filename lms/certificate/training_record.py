"""What somebody's certificates come to over the years: hours in a hall add up, each cohort once; so count those online
of a course.

Only what was learnt adds to it: who spoke or helped is listed with that role, and teaching is not being taught.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from lms.certificate.qr import base64_of, bytes_of, mark, short_id
from lms.certificate.snapshot import Snapshot, number_line, public_key, sign, verify

PREFIX: Final = b"sinau-psm/rekam/1\0"
_SEAL = re.compile(r"([0-9a-f]{8})\.([0-9]{1,18})\.([0-9]{8})\.([0-9]{1,6})\.([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{86})")


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate that holds, with its course and cohort; a correction keeps the year that its number counts in."""

    course_id: int
    cohort_id: int
    year: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A certificate, and what it adds to what earlier ones brought: of its course online, of its cohort in a hall."""

    snapshot: Snapshot
    online_jp: int
    hall_jp: int

    @property
    def counted_jp(self) -> int:
        """The hours that it adds to the sum."""
        return self.online_jp + self.hall_jp


@dataclass(frozen=True, slots=True)
class Year:
    """The certificates issued in one year, the oldest first."""

    year: int
    entries: Sequence[RecordEntry]

    @property
    def counted_jp(self) -> int:
        """The hours that the year adds to the sum."""
        return sum(entry.counted_jp for entry in self.entries)


def by_year(certificates: Iterable[HeldCertificate]) -> list[Year]:
    """Everything that holds -> the years, the oldest first."""
    online: dict[int, int] = {}
    hall: dict[int, int] = {}
    years: dict[int, list[RecordEntry]] = {}
    for each in sorted(certificates, key=lambda each: (each.year, each.snapshot.issued_on, each.snapshot.number or "")):
        snapshot, entry = each.snapshot, RecordEntry(each.snapshot, 0, 0)
        if snapshot.is_learnt:
            more = _beyond(online, each.course_id, snapshot.online_jp)
            entry = RecordEntry(snapshot, more, _beyond(hall, each.cohort_id, snapshot.hall_jp))
        years.setdefault(each.year, []).append(entry)
    return [Year(year, entries) for year, entries in years.items()]


def _beyond(most: dict[int, int], where: int, hours: int) -> int:
    before = most.get(where, 0)
    most[where] = max(before, hours)
    return most[where] - before


@dataclass(frozen=True, slots=True)
class Claim:
    """The statement of a printed record: whose, as of which day, how many hours; `mark` stands for name and list."""

    person_id: int
    day: date
    total_jp: int
    mark: str


def claimed(person_id: int, day: date, name: str, years: Sequence[Year]) -> Claim:
    """Return the claim that a record with this name and list makes."""
    entries = [entry for year in years for entry in year.entries]
    listed = [f"{number_line(entry.snapshot)}\n{entry.counted_jp}" for entry in entries]
    return Claim(person_id, day, sum(entry.counted_jp for entry in entries), mark("\n".join([name, *listed])))


def seal(claim: Claim, private: bytes) -> str:
    """The end of the address that checks a record: what it claims, signed."""
    key = short_id(public_key(private))
    text = f"{key}.{claim.person_id}.{claim.day:%Y%m%d}.{claim.total_jp}.{claim.mark}"
    return f"{text}.{base64_of(sign(private, PREFIX + text.encode()))}"


def unsealed(text: str, keys: Mapping[str, bytes]) -> tuple[str, Claim] | None:
    """(short id of the key, what it signed), or None for what none of the keys (short id -> public key) signed."""
    found = _SEAL.fullmatch(text) if text.isascii() else None
    signature = bytes_of(found[6]) if found else None
    if not found or not signature:
        return None
    if not verify(keys.get(found[1], b""), PREFIX + text[: found.start(6) - 1].encode(), signature):
        return None
    with suppress(ValueError):  # Who has a leaked key may sign a day that is none.
        day = date(int(found[3][:4]), int(found[3][4:6]), int(found[3][6:]))
        return found[1], Claim(int(found[2]), day, int(found[4]), found[5])
    return None

"""What somebody's certificates come to over the years: hours in a hall add up, those online of a course count once.

Only what was learnt adds to it: who spoke or helped is listed with that role, and teaching is not being taught.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from lms.core.certificate import Snapshot, number_line, public_key, sign, verify
from lms.core.certificate_code import base64_of, bytes_of, mark, short_id

PREFIX: Final = b"sinau-psm/rekam/1\0"
_SEAL = re.compile(r"([0-9a-f]{8})\.([0-9]{1,18})\.([0-9]{8})\.([0-9]{1,6})\.([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{86})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate, and the hours online that it adds to what an earlier one of the same course brought."""

    snapshot: Snapshot
    online_jp: int

    @property
    def counted_jp(self) -> int:
        """What it adds to the sum."""
        return self.online_jp + self.snapshot.hall_jp if self.snapshot.is_learnt else 0


@dataclass(frozen=True, slots=True)
class Year:
    """The certificates issued in one year, the oldest first."""

    year: int
    entries: Sequence[Entry]

    @property
    def counted_jp(self) -> int:
        """What the year adds to the sum."""
        return sum(entry.counted_jp for entry in self.entries)


def by_year(certificates: Iterable[tuple[int, Snapshot]]) -> list[Year]:
    """(course, what its certificate says) of everything that holds -> the years, the oldest first."""
    best: dict[int, int] = {}
    entries = []
    for course, snapshot in sorted(certificates, key=lambda pair: (pair[1].issued_on, pair[1].number or "")):
        more = max(0, snapshot.online_jp - best.get(course, 0)) if snapshot.is_learnt else 0
        best[course] = best.get(course, 0) + more
        entries.append(Entry(snapshot, more))
    return [Year(year, list(found)) for year, found in groupby(entries, lambda entry: entry.snapshot.issued_on.year)]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a printed record says: whose, as of which day, how many hours; `mark` stands for its name and its list."""

    person_id: int
    day: date
    total_jp: int
    mark: str


def claimed(person_id: int, day: date, name: str, years: Sequence[Year]) -> Claim:
    """What a record with this name and list says."""
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

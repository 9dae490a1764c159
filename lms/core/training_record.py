"""What somebody's certificates come to over the years: hours in a hall add up, those online of a course count once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from lms.core.certificate import Snapshot


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate, and the hours online that it adds to what an earlier one of the same course brought."""

    snapshot: Snapshot
    online_jp: int

    @property
    def counted_jp(self) -> int:
        """What it adds to the sum."""
        return self.online_jp + self.snapshot.hall_jp


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
        more = max(0, snapshot.online_jp - best.get(course, 0))
        best[course] = best.get(course, 0) + more
        entries.append(Entry(snapshot, more))
    return [Year(year, list(found)) for year, found in groupby(entries, lambda entry: entry.snapshot.issued_on.year)]

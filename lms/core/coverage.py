"""Which villages have somebody trained: a map of tiles, one for each kecamatan, about where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lms.core.regions import Village, by_district

State = Literal["sudah", "sedang", "belum"]
STATES: tuple[State, ...] = ("sudah", "sedang", "belum")

TILES = (
    ("", "Selogiri", "", "Girimarto", "Jatipurno", "Slogohimo", "Bulukerto", "Puhpelem"),
    ("", "Wonogiri", "Ngadirojo", "Sidoharjo", "Jatisrono", "", "Purwantoro", ""),
    ("Manyaran", "Wuryantoro", "Nguntoronadi", "", "Jatiroto", "", "Kismantoro", ""),
    ("Eromoko", "Baturetno", "Batuwarno", "Tirtomoyo", "", "", "", ""),
    ("Pracimantoro", "Giritontro", "Giriwoyo", "Karangtengah", "", "", "", ""),
    ("", "Paranggupito", "", "", "", "", "", ""),
)
"""Rows from north to south, columns from west to east."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A village with how many of its people are trained, and how many are in training."""

    village: Village
    trained: int
    learning: int

    @property
    def state(self) -> State:
        """One trained person is enough."""
        return "sudah" if self.trained else "sedang" if self.learning else "belum"


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan with its villages, and where its tile is, both counted from 1."""

    name: str
    row: int
    column: int
    spots: tuple[Spot, ...]

    def having(self, state: State) -> tuple[Spot, ...]:
        """Its villages in this state."""
        return tuple(spot for spot in self.spots if spot.state == state)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All kecamatan by name."""

    districts: tuple[District, ...]

    def count(self, state: State) -> int:
        """Villages in this state."""
        return sum(len(district.having(state)) for district in self.districts)

    @property
    def villages(self) -> int:
        """All villages."""
        return sum(len(district.spots) for district in self.districts)


def coverage(people: Mapping[str, tuple[int, int]]) -> Coverage:
    """From code of a village -> (trained, in training)."""
    places = {name: (row, column) for row, names in enumerate(TILES, 1) for column, name in enumerate(names, 1) if name}
    return Coverage(
        tuple(
            District(name, *places[name], tuple(Spot(each, *people.get(each.code, (0, 0))) for each in villages))
            for name, villages in sorted(by_district().items())
        )
    )

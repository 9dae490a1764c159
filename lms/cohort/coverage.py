"""Which villages have somebody trained: a map of tiles, one for each kecamatan, about where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lms.people.regions import Village, by_district

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
    """A village, and whether somebody of it is trained or in training."""

    village: Village
    state: State


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


def coverage(finished: Mapping[str, bool]) -> Coverage:
    """From code of a village with somebody in training -> whether one of them finished: one is enough."""
    places = {name: (row, column) for row, names in enumerate(TILES, 1) for column, name in enumerate(names, 1) if name}
    states: dict[bool | None, State] = {True: "sudah", False: "sedang", None: "belum"}
    return Coverage(
        tuple(
            District(name, *places[name], tuple(Spot(each, states[finished.get(each.code)]) for each in villages))
            for name, villages in sorted(by_district().items())
        )
    )

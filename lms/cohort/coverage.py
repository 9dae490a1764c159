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
class District:
    """A kecamatan with its villages (each trained, in training or neither), and where its tile is, counted from 1."""

    name: str
    row: int
    column: int
    states: Mapping[Village, State]

    def having(self, state: State) -> list[Village]:
        """Its villages in this state."""
        return [village for village, each in self.states.items() if each == state]


def coverage(finished: Mapping[str, bool]) -> list[District]:
    """All kecamatan by name, from code of a village with somebody in training -> whether one of them finished: one is
    enough."""
    places = {name: (row, column) for row, names in enumerate(TILES, 1) for column, name in enumerate(names, 1) if name}
    states: dict[bool | None, State] = {True: "sudah", False: "sedang", None: "belum"}
    return [
        District(name, *places[name], {each: states[finished.get(each.code)] for each in villages})
        for name, villages in sorted(by_district().items())
    ]

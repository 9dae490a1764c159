"""The villages of Kabupaten Wonogiri by their official codes; names alone are ambiguous (22 occur twice or more)."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_KIND = re.compile(r"^(?:desa|kelurahan|ds|kel)\b\.? *")
_DISTRICT = re.compile(r",? *\bkec(?:amatan)?\b\.? *")
CODE = re.compile(r"33\.12\.\d\d\.\d{4}")


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan; `kind` is one of these two words."""

    code: str
    name: str
    kind: str
    district: str

    @property
    def label(self) -> str:
        """Desa Sumberagung, Kecamatan Pracimantoro"""
        return f"{self.kind.capitalize()} {self.name}, Kecamatan {self.district}"


@cache
def villages() -> dict[str, Village]:
    """Code -> village, in order of kecamatan and name."""
    text = (Path(__file__).parent / "data" / "wilayah-wonogiri.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    districts = {row["kode"]: row["nama"] for row in rows if row["tingkat"] == "kecamatan"}
    found = [
        Village(row["kode"], row["nama"], row["tingkat"], districts[row["kode_induk"]])
        for row in rows
        if row["tingkat"] in ("desa", "kelurahan")
    ]
    found.sort(key=lambda village: (village.district, village.name))
    return {village.code: village for village in found}


@cache
def by_district() -> dict[str, tuple[Village, ...]]:
    """Name of the kecamatan -> its villages."""
    grouped: dict[str, list[Village]] = {}
    for village in villages().values():
        grouped.setdefault(village.district, []).append(village)
    return {district: tuple(found) for district, found in grouped.items()}


def village_label(region: str | None) -> str:
    """Desa Sumberagung, Kecamatan Pracimantoro; "" for no code or one that none has."""
    found = villages().get(region or "")
    return found.label if found else ""


def by_place(person: Any) -> tuple[str, str, str]:
    """Return kecamatan, village and name for sorting; people without a village come last."""
    village = villages().get(person.region or "")
    return (village.district, village.name, person.name) if village else ("\uffff", "", person.name)


class Villager:
    """Anybody with a name, and with the code `region` of the village they are from."""

    __slots__ = ()
    name: str
    region: str | None

    @property
    def village(self) -> Village | None:
        """Return the village they said they are from."""
        return villages().get(self.region or "")

    @property
    def by_place(self) -> tuple[str, str, str]:
        """Return what they are sorted by."""
        return by_place(self)


def find_village(text: str) -> Village | None:
    """The one village a person named: by code, by its label with or without Desa and Kecamatan, or by a name only one
    village has."""
    wanted = " ".join(text.split()).casefold()
    if CODE.fullmatch(wanted):
        return villages().get(wanted)
    wanted = _DISTRICT.sub(", ", _KIND.sub("", wanted))
    names = ((each.name.casefold(), each.district.casefold(), each) for each in villages().values())
    matches = [village for name, district, village in names if wanted in (name, f"{name}, {district}")]
    return matches[0] if len(matches) == 1 else None

"""Who comes to the demonstration: people who do not exist, each with a village, a stage and a first day."""

import random
import tomllib
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from lms.people.regions import Village, villages

SEED = 3312
DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("demo.toml").read_text(encoding="utf-8"))
FIRST, LAST, STAGES = DATA["first"], DATA["last"], DATA["stages"]


@dataclass(frozen=True, slots=True)
class Extra:
    """A person of the demonstration before they exist."""

    name: str
    village: Village
    stage: str
    days: float


def extras() -> list[Extra]:
    """Who takes part: always the same people, the longest learning ones first."""
    rng = random.Random(SEED)
    names = [f"{first} {last}" for first, last in zip(FIRST.split(), cycle(LAST.split()), strict=False)]
    rng.shuffle(names)
    places = [village for village in villages().values() if village.district in DATA["districts"]]
    stages = [stage for stage, amount in STAGES.items() for _ in range(amount)]
    started = {"baru ikut": (0.1, 3.0), "separuh jalan": (3.0, 12.0), "pernah belum lulus": (8.0, 20.0)}
    found = [
        Extra(name, rng.choice(places), stage, rng.uniform(*started.get(stage, (14.0, 40.0))))
        for name, stage in zip(names, stages, strict=True)
    ]
    return sorted(_with_a_double(found), key=lambda extra: -extra.days)


def _with_a_double(people: list[Extra]) -> list[Extra]:
    """The second one is somebody who lost the card and joined again, in capital letters: the desk finds the two."""
    before = next(extra for extra in people if extra.stage == "separuh jalan")
    again = replace(people[1], name=before.name.upper(), village=before.village)
    return [people[0], again, *people[2:]]

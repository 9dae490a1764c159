"""Who comes to the demonstration: people who do not exist, each with a village, a stage and a first day."""

import random
from dataclasses import dataclass, replace
from itertools import cycle

from lms.people.regions import Village, villages

SEED = 3312
DISTRICTS = ("Pracimantoro", "Giritontro", "Wuryantoro", "Eromoko", "Selogiri", "Jatisrono", "Slogohimo", "Wonogiri")

FIRST = """
Tumini Sukarsih Parjiyem Wagiman Suratmi Lasiyem Ngatini Paijo Sukiyem Tukiran Marsini Poniran Kasmi Sugiyem
Wakidi Rubiyem Saminah Kliwon Painem Darsono Legiyem Mujiyem Sarwono Katinem Turasih Wasiyem Sagiyo Pujiati
Ngadiran Rusmini Sumarmi Tarni Giyanto Suyatmi Waginem Narti Sukardi Partinah Jumini Tugiyem
"""
LAST = """
Lestariningsih Wahyuningrum Purwantini Handayani Setyowati Rahardjo Nugraheni Pangestuti Hartono Kusumadewi
Widyaningsih Prabowati Wiyono Sulistyorini Mulyaningsih Kuncoro Rahmawati Winarsih Yuliastuti Prihatin
"""

STAGES = {
    "baru ikut": 6,
    "separuh jalan": 7,
    "pernah belum lulus": 5,
    "kuis terbuka": 5,
    "selesai": 5,
    "berlaku": 7,
    "contoh": 2,
    "dicabut": 1,
    "diganti": 2,
}


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
    places = [village for village in villages().values() if village.district in DISTRICTS]
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

"""The questions that an attempt asks, in their order: drawn once, frozen, never drawn again from a seed."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lms.course.lesson import Pool
from lms.course.questions.base import Question


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One question of a sheet: where it stands, the SHA-256 of its source, the keys in the order shown."""

    question: str
    hash: str
    shown: tuple[str, ...]

    @property
    def path(self) -> str:
        """The lesson file the question stands in."""
        return self.question.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one attempt; question n of the screen is `items[n - 1]`."""

    pass_mark: int
    items: tuple[SheetItem, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the form in which the attempt stores it."""
        rows = [{"soal": item.question, "hash": item.hash, "urutan": list(item.shown)} for item in self.items]
        return {"lulus": self.pass_mark, "soal": rows}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The sheet that `to_json` came from."""
        return cls(
            data["lulus"], tuple(SheetItem(row["soal"], row["hash"], tuple(row["urutan"])) for row in data["soal"])
        )


def draw_sheet(path: str, pools: Sequence[Pool], pass_mark: int, rng: random.Random) -> Sheet:
    """Draw from each pool in turn; reflections are asked besides what is drawn, after it."""
    items = [
        SheetItem(f"{path}#{question.slug}", question.hash, question.shown(rng, pool.fixed))
        for pool in pools
        for question in _drawn(pool, rng)
    ]
    return Sheet(pass_mark, tuple(items))


def _drawn(pool: Pool, rng: random.Random) -> list[Question]:
    counted = [question for question in pool.questions if question.counted]
    count = len(counted) if pool.draw is None else min(pool.draw, len(counted))
    places = sorted(rng.sample(range(len(counted)), count))
    drawn = [counted[place] for place in places]
    if not pool.fixed:
        rng.shuffle(drawn)
    return drawn + [question for question in pool.questions if not question.counted]


@dataclass(frozen=True, slots=True)
class MetQuestions:
    """The questions (`path#slug`) that a person met in one test."""

    pretest: bool
    questions: frozenset[str]


def draw_test(
    path: str, pools: Iterable[Pool], pass_mark: int, met: Sequence[MetQuestions], rng: random.Random
) -> Sheet:
    """Draw from each pool what was met least; `met` is oldest first.

    What nobody showed this person comes first, then what they met longest ago, what a pre-test asked last of all.
    """
    rank: dict[str, tuple[bool, int]] = {}
    for turn, test in enumerate(met, start=1):
        for name in test.questions:
            rank[name] = (test.pretest or rank.get(name, (False, 0))[0], turn)
    items: dict[str, SheetItem] = {}
    for pool in pools:
        for question in _least_met(path, pool, rank, rng):
            item = SheetItem(f"{path}#{question.slug}", question.hash, question.shown(rng, pool.fixed))
            items.setdefault(item.question, item)
    return Sheet(pass_mark, tuple(items.values()))


def _least_met(path: str, pool: Pool, rank: dict[str, tuple[bool, int]], rng: random.Random) -> list[Question]:
    counted = [question for question in pool.questions if question.counted]
    order = rng.sample(range(len(counted)), len(counted))
    order.sort(key=lambda place: rank.get(f"{path}#{counted[place].slug}", (False, 0)))
    drawn = order[: pool.draw or 0]
    if pool.fixed:
        drawn.sort()
    else:
        rng.shuffle(drawn)
    return [counted[place] for place in drawn]

"""Two people changed one text: what each changed is put together, and where they changed the same place, both stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lms.authoring.alignment import runs
from lms.web.plain import normalised

MOST_CONFLICTS = 40
"""Above so many places nobody chooses one by one: the whole stretch from the first to the last becomes one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place as it was and as each of both left it; every line ends with a line end."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The text in order: what is settled as text, what is not as a conflict."""

    parts: tuple[str | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The places that somebody must decide."""
        return tuple(part for part in self.parts if isinstance(part, Conflict))

    @property
    def text(self) -> str | None:
        """The whole text, None while there are conflicts."""
        return None if self.conflicts else "".join(map(str, self.parts))


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Merge what became of `base` in two hands, line by line; line ends come out as LF, the last line with one."""
    before, here, there = map(_lines, (base, mine, theirs))
    parts: list[str | Conflict] = []
    at = Kept(0, 0, 0, 0)
    for kept in (*_kept(before, here, there), Kept(len(before), len(here), len(there), 0)):
        parts += _changed(before[at.base : kept.base], here[at.mine : kept.mine], there[at.theirs : kept.theirs])
        at = Kept(kept.base + kept.size, kept.mine + kept.size, kept.theirs + kept.size, 0)
        parts.append("".join(before[kept.base : at.base]))
    return Merged(_fewer(_settled(parts)))


class Kept(NamedTuple):
    """`size` lines that stand in all three texts, from these places on."""

    base: int
    mine: int
    theirs: int
    size: int


def _kept(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Kept]:
    """Where what both left as it was overlaps, in order: the stretches between are where something was changed."""
    here, there = runs(base, mine), runs(base, theirs)
    i = j = 0
    while i < len(here) and j < len(there):
        one, other = here[i], there[j]
        start, end = max(one.a, other.a), min(one.a + one.size, other.a + other.size)
        if start < end:
            yield Kept(start, one.b + start - one.a, other.b + start - other.a, end - start)
        if one.a + one.size <= other.a + other.size:
            i += 1
        else:
            j += 1


def _changed(base: list[str], mine: list[str], theirs: list[str]) -> list[str | Conflict]:
    """A stretch that was changed: by one of both, by both alike, or in two ways."""
    if mine in (base, theirs):
        return ["".join(theirs)]
    return ["".join(mine)] if theirs == base else _conflict(base, mine, theirs)


def _lines(text: str) -> list[str]:
    """Lines with their ends; str.splitlines would also cut where no editor does."""
    text = normalised(text)
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def _conflict(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str | Conflict]:
    """The conflict without the lines that both begin and end with."""
    shorter = min(len(mine), len(theirs))
    start = next((at for at in range(shorter) if mine[at] != theirs[at]), shorter)
    end = next((at for at in range(shorter - start) if mine[-1 - at] != theirs[-1 - at]), shorter - start)
    inside = Conflict("".join(base), "".join(mine[start : len(mine) - end]), "".join(theirs[start : len(theirs) - end]))
    return ["".join(mine[:start]), inside, "".join(mine[len(mine) - end :])]


def _settled(parts: list[str | Conflict]) -> list[str | Conflict]:
    """The same with neighbouring texts as one, and without empty ones."""
    joined: list[str | Conflict] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part:
            joined.append(part)
    return joined


def _fewer(parts: list[str | Conflict]) -> tuple[str | Conflict, ...]:
    places = [at for at, part in enumerate(parts) if isinstance(part, Conflict)]
    if len(places) <= MOST_CONFLICTS:
        return tuple(parts)
    start, end = places[0], places[-1] + 1
    sides = [
        "".join(part if isinstance(part, str) else str(getattr(part, side)) for part in parts[start:end])
        for side in ("base", "mine", "theirs")
    ]
    return (*parts[:start], Conflict(*sides), *parts[end:])

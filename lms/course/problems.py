"""The faults of an author's text: one form for the command line, the editor and publishing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

Level = Literal["galat", "peringatan"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in one place; `line` is 1-based and 0 stands for the file as a whole."""

    path: str
    line: int
    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.text}"


def stops_publishing(problems: list[Problem]) -> bool:
    """True when at least one problem is a galat; a peringatan never stops anybody."""
    return any(problem.level == "galat" for problem in problems)


@dataclass(slots=True)
class Notes:
    """Problems in the order they were found."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def galat(self, line: int, text: str) -> None:
        """Note a fault that stops publishing."""
        self.problems.append(Problem(self.path, line, "galat", text))

    def warn(self, line: int, text: str) -> None:
        """Note a fault that stops nobody."""
        self.problems.append(Problem(self.path, line, "peringatan", text))


def runs(numbers: Iterable[int]) -> str:
    """Write ascending numbers as a reader finds them: "10–12, 15"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("–".join(map(str, run)) for run in found)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of one file by line."""
    return sorted(problems, key=attrgetter("line", "level", "text"))

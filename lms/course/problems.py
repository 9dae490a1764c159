"""What is wrong with what an author wrote: one form for the command line, the editor and publishing."""

from dataclasses import dataclass
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

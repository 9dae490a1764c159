"""The problems of one file, noted while it is read: reading goes on, so that all faults are told at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from lms.course.problems import Problem


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


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of one file by line."""
    return sorted(problems, key=attrgetter("line", "level", "text"))

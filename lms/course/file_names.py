"""Names of new files in a course: made of a title, safe on every system, and nobody's yet."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from lms.course.questions.base import slug_of

LONGEST_PATH = 200
LONGEST_PART = 60
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
)
"""Windows opens a device where a file has one of these names, whatever its ending."""


def part_of(text: str) -> str:
    """A file's name made of what somebody typed."""
    part = slug_of(text)[:LONGEST_PART].rstrip("-")
    return f"{part}-1" if part in DEVICES else part


def folder_part(text: str) -> str:
    """A folder's name; that of the pictures is taken."""
    part = part_of(text)
    return f"{part}-1" if part == "media" else part


def folder_of(paths: Iterable[str], title: str) -> str:
    """Where a new lesson of a module belongs: beside most of the others, else in a folder named like the module."""
    folders = Counter(path.rpartition("/")[0] for path in paths)
    found = folders.most_common(1)
    return found[0][0] if found and found[0][0] else folder_part(title)


def free_path(folder: str, name: str, ending: str, taken: Collection[str]) -> str:
    """A path that no file has and none had; a number is put behind the name where one is needed."""
    used = {path.casefold() for path in taken}
    return next(path for path in _paths(f"{folder}/{part_of(name)}", ending) if path.casefold() not in used)


def _paths(start: str, ending: str) -> Iterator[str]:
    yield start + ending
    number = 2
    while True:
        yield f"{start}-{number}{ending}"
        number += 1

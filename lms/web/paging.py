"""The place of a page among the others of a long list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of so many lines, and how many pages there are."""

    count: int
    page: int
    pages: int


def paged(count: int, size: int, wanted: int) -> Paged:
    """The page that is wanted of so many lines, or the nearest that there is."""
    pages = max(1, -(-count // size))
    return Paged(count, min(max(1, wanted), pages), pages)

"""The place of a page among the others of a long list."""

from typing import NamedTuple


class Paged(NamedTuple):
    """A page and how many there are."""

    page: int
    pages: int


def paged(count: int, size: int, wanted: int) -> Paged:
    """The page that is wanted of so many lines, or the nearest that there is."""
    pages = max(1, -(-count // size))
    return Paged(min(max(1, wanted), pages), pages)

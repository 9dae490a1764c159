"""Where a page stands among the others of a long list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paged:
    """The people of a page: their memberships in order, how many there are, and where the page is among others."""

    memberships: list[int]
    count: int
    page: int
    pages: int

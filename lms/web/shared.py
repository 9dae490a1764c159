"""A page that many read alike, but for their own form token and mark: rendered once, filled in for each reader."""

from collections.abc import Callable, Hashable, Sequence

from flask import Response

from lms.web.cache import cached


def shared_page(key: tuple[Hashable, ...], own: Sequence[str], render: Callable[[], str]) -> Response:
    """Return the page under `key` for a reader with these words of their own; nothing else in it may be one reader's.

    The words must be unlike anything else in the page: random tokens, none empty.
    """
    page = cached(("page", *key), lambda: _kept(render(), own))
    for place, word in enumerate(own):
        page = page.replace(_gap(place), word)
    return Response(page)


def _kept(page: str, own: Sequence[str]) -> tuple[str, int]:
    """Return the page with gaps where this reader's words stood, and its weight."""
    for place, word in enumerate(own):
        if word not in page:
            raise ValueError("a reader's own word is not in the page that is to be kept without it")
        page = page.replace(word, _gap(place))
    return page, 2 * len(page)


def _gap(place: int) -> str:
    # No page holds a NUL.
    return f"\0{place}\0"

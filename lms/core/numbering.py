"""Which numbers of a series come next: one after the other, past what was taken by hand from the paper agenda."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice

from lms.core.certificate import format_number

LARGEST = 99_999
_ANY_DAY = date(2000, 1, 1)


def next_numbers(newest: int, blocks: Iterable[tuple[int, int]], count: int = 1) -> list[int]:
    """The next numbers after the newest one that was drawn; `blocks` are (first, last) of what was taken by hand."""
    return list(islice(_free(newest, sorted(blocks)), count))


def _free(newest: int, blocks: list[tuple[int, int]]) -> Iterator[int]:
    number = newest
    for first, last in blocks:
        yield from range(number + 1, first)
        number = max(number, last)
    while True:
        number += 1
        yield number


def same_numbers(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two series write the same text for the same count, however it is padded with noughts."""
    written = [
        format_number(each["pattern"], 10 * LARGEST, each["code"], each["classification"], _ANY_DAY)
        for each in (one, other)
    ]
    return written[0] == written[1]

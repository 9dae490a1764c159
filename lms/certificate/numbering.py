"""Which numbers of a series come next: one after the other, past what was taken by hand from the paper agenda."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from lms.certificate.snapshot import format_number
from lms.certificate.spelling import parted

LARGEST = 99_999
LONGEST_KEY = 300
TWINS = "Seri yang lain menulis nomor yang sama. Bedakan kodenya, supaya tidak ada nomor kembar."


def next_numbers(newest: int, blocks: Iterable[Any], count: int = 1) -> list[int]:
    """The next numbers after the newest one that was drawn; `blocks`, (first, last, …), were taken by hand."""
    return list(islice(_free(newest, sorted(blocks)), count))


def _free(newest: int, blocks: Iterable[Any]) -> Iterator[int]:
    number = newest
    for first, last, *_ in blocks:
        yield from range(number + 1, first)
        number = max(number, last)
    while True:
        number += 1
        yield number


def gaps(begin: int, end: int, blocks: Iterable[Any]) -> list[tuple[int, int]]:
    """First and last of what no block holds from `begin` to before `end`."""
    found = []
    for first, last, *_ in [*sorted(blocks), (end, end)]:
        if begin < min(first, end):
            found.append((begin, min(first, end) - 1))
        begin = max(begin, last + 1)
    return found


def number_key(number: str) -> str:
    """Return the key to compare numbers by: case, signs and padding with noughts make no difference."""
    return "/".join(part.lstrip("0") or "0" for part in parted(number).split("/"))[:LONGEST_KEY]


def same_numbers(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two series write the same number for the same count in any month."""

    def written(each: Mapping[str, str], month: int) -> str:
        day = date(2000, month, 1)
        return number_key(format_number(each["pattern"], 10 * LARGEST, each["code"], each["classification"], day))

    return any(written(one, month) == written(other, month) for month in range(1, 13))

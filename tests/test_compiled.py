"""Compiled statements are found again: by themselves first, else by what they say."""

from typing import Any

from flask import Flask
from sqlalchemy import literal, select

from lms.database import MOST_COMPILED, READING, Compiled, db, read


class Counting(Compiled):
    """Counts how often it had to compare what a statement says."""

    def __init__(self) -> None:
        super().__init__()
        self.compared = self.compiled = 0

    def get(self, key: Any, default: Any = None) -> Any:
        self.compared += (id(key[1]), *key[2:]) not in self._same
        return super().get(key, default)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.compiled += 1
        super().__setitem__(key, value)


def counting(app: Flask) -> Counting:
    cache = Counting()
    db.engines[READING].update_execution_options(compiled_cache=cache)
    return cache


def test_a_statement_that_is_built_once_is_neither_compiled_nor_compared_again(app: Flask) -> None:
    cache, once = counting(app), select(literal(7))
    assert [read(once).scalar() for _ in range(5)] == [7] * 5
    assert (cache.compiled, cache.compared) == (1, 2)


def test_one_that_says_the_same_is_not_compiled_again_and_keeps_its_own_values(app: Flask) -> None:
    cache = counting(app)
    assert [read(select(literal(number))).scalar() for number in range(5)] == [0, 1, 2, 3, 4]
    assert cache.compiled == 1
    assert cache.compared == 5


def test_what_is_held_is_bounded(app: Flask) -> None:
    cache = counting(app)
    for number in range(2 * MOST_COMPILED):
        read(select(literal(number)))
    assert len(cache._same) <= MOST_COMPILED

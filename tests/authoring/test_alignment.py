"""What two sequences have in common, for ordinary texts and for those made to take long."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.differences import runs
from tests.effort import seconds

WORDS = st.lists(st.sampled_from("abcd"), max_size=30)


@given(WORDS, WORDS)
def test_runs_are_common_in_order_and_never_touch(a: list[str], b: list[str]) -> None:
    *found, last = runs(a, b)
    assert last == (len(a), len(b), 0)
    for run in found:
        assert run.size > 0
        assert a[run.a : run.a + run.size] == b[run.b : run.b + run.size]
    for one, other in itertools.pairwise(found):
        assert (other.a >= one.a + one.size, other.b >= one.b + one.size) == (True, True)
        assert (one.a + one.size, one.b + one.size) != (other.a, other.b)


@given(WORDS)
def test_equal_texts_are_one_run(a: list[str]) -> None:
    assert runs(a, a)[:-1] == ([(0, 0, len(a))] if a else [])


def test_what_both_have_once_is_kept_together_amid_much_that_repeats() -> None:
    a = ["", "satu", "", "dua", "", "tiga", ""]
    b = ["", "satu", "", "baru", "", "", "dua", "", "tiga", ""]
    kept = [text for run in runs(a, b) for text in a[run.a : run.a + run.size]]
    assert kept == a
    long, other = a * 300, [*(a * 300)[:-4], "baru", *a[-4:]]
    assert [run.size for run in runs(long, other)] == [2096, 4, 0]


@pytest.mark.parametrize("words", [2, 60, 3_000], ids=["two lines", "sixty lines", "many lines"])
def test_ten_thousand_lines_take_a_moment(words: int) -> None:
    chance = random.Random(7)
    a, b = ([str(chance.randrange(words)) for _ in range(10_000)] for _ in range(2))
    assert seconds(lambda: runs(a, b)) < 3
    assert seconds(lambda: runs(a, [*a[:5_000], "lain", *a[5_000:]])) < 0.5

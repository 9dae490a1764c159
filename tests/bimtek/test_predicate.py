"""A predicate is the word of the highest bound that a score reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.bimtek.predicate import MOST, OFFERED, predicate, read_bands


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (None, ""),
        (0, ""),
        (69, ""),
        (70, "CUKUP"),
        (79, "CUKUP"),
        (80, "BAIK"),
        (90, "SANGAT BAIK"),
        (100, "SANGAT BAIK"),
    ],
)
def test_a_bound_is_reached_by_its_own_score(score: int | None, word: str) -> None:
    assert predicate(OFFERED, score) == word


def test_without_bands_there_is_none() -> None:
    assert predicate((), 100) == ""


bands = st.dictionaries(st.integers(0, 100), st.sampled_from(["CUKUP", "BAIK", "SANGAT BAIK"]), min_size=1)


@given(bands, st.integers(0, 100), st.integers(0, 100))
def test_more_is_never_called_less_and_order_does_not_matter(found: dict[int, str], one: int, other: int) -> None:
    def least(score: int) -> int:
        return max((bound for bound in found if bound <= score), default=-1)

    low, high = sorted((one, other))
    assert predicate(list(found.items()), low) == found.get(least(low), "")
    assert predicate(list(reversed(found.items())), high) == found.get(least(high), "")
    assert least(low) <= least(high)


def test_rows_are_read_by_score_and_empty_ones_left_out() -> None:
    rows = [("90", " SANGAT  BAIK "), ("", ""), (" 0 ", "Cukup")]
    assert read_bands(rows) == [(0, "Cukup"), (90, "SANGAT BAIK")]
    assert read_bands([(str(least), str(word)) for least, word in OFFERED]) == list(OFFERED)
    assert len(OFFERED) <= MOST


@pytest.mark.parametrize(
    "row",
    [
        ("70", ""),
        ("", "BAIK"),
        ("101", "BAIK"),
        ("-1", "BAIK"),
        ("7,5", "BAIK"),
        ("٧٠", "BAIK"),
        ("70", "王"),
        ("70", "B" * 31),
    ],
)
def test_what_can_not_be_read_is_refused(row: tuple[str, str]) -> None:
    assert read_bands([("80", "SANGAT BAIK"), row]) is None


def test_two_alike_and_none_at_all_are_refused() -> None:
    assert read_bands([("70", "CUKUP"), ("70", "BAIK")]) is None
    assert read_bands([("70", "BAIK"), ("80", "BAIK")]) is None
    assert read_bands([("", "")]) is None

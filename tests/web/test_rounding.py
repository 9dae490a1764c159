"""One rule rounds every figure."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web.rounding import desimal, nilai, persen, ringkas, rounded, score


def test_a_half_goes_away_from_zero_and_nought_has_no_sign() -> None:
    assert [desimal(Fraction(each), 2) for each in ("25/8", "-25/8", "0.5", "-0.004", "1/3")] == [
        *("3,13", "−3,13", "0,50", "0,00", "0,33")
    ]
    assert [desimal(Fraction(each), 1) for each in ("67", "66.65", "-0.05")] == ["67,0", "66,7", "−0,1"]


@given(st.decimals(-1000, 1000, places=5), st.integers(0, 4))
def test_it_rounds_as_exact_decimals_do(exact: Decimal, places: int) -> None:
    assert rounded(Fraction(exact), places) == exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("exact", "bounds", "told"),
    [
        ("69.6", (70,), "69,6"),
        ("69.99", (70,), "69,9"),
        ("69.5", (70,), "69,5"),
        ("69.49", (70,), "69"),
        ("70", (70,), "70"),
        ("70.5", (70,), "71"),
        ("69.6", (), "70"),
        ("89.7", (70, 90), "89,7"),
        ("200/3", (70,), "67"),
        ("99.6", (100,), "99,6"),
    ],
)
def test_a_score_is_whole_unless_it_would_seem_to_reach_a_bound(exact: str, bounds: tuple[int, ...], told: str) -> None:
    assert nilai(Fraction(exact), *bounds) == told


@given(st.fractions(0, 100), st.integers(1, 100))
def test_what_is_written_passes_when_the_score_does(exact: Fraction, bound: int) -> None:
    assert (score(exact, bound) >= bound) == (exact >= bound)


def test_a_percentage_and_points_say_no_more_than_they_must() -> None:
    assert [persen(Fraction(each)) for each in ("200/3", "100", "0")] == ["66,7%", "100%", "0%"]
    assert [ringkas(Fraction(each), 2) for each in ("2", "1.5", "2/3", "10")] == ["2", "1,5", "0,67", "10"]

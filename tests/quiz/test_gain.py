"""Gain: exact at its bounds, said where it can't be told, the mean of individual gains."""

from fractions import Fraction

import pytest

from lms.quiz.exam_report import NOBODY, GroupGain, Score, ScorePair, group_gain


def pair(pre: int, post: int) -> ScorePair:
    return ScorePair(Score(pre, 100), Score(post, 100), after_learning=False)


@pytest.mark.parametrize(
    ("pre", "post", "word"),
    [
        (0, 70, "tinggi"),
        (0, 69, "sedang"),
        (0, 30, "sedang"),
        (0, 29, "rendah"),
        (50, 85, "tinggi"),
        (50, 84, "sedang"),
        (40, 40, "rendah"),
        (40, 39, "turun"),
        (100, 100, "penuh"),
        (100, 60, "penuh"),
        (99, 100, "tinggi"),
    ],
)
def test_the_word_at_the_bounds(pre: int, post: int, word: str) -> None:
    assert pair(pre, post).word == word


def test_the_gain_is_exact_and_not_reckoned_from_rounded_scores() -> None:
    # 1 of 3 and 8 of 10: as scores 33 and 80, whose gain would be 47/67.
    found = ScorePair(Score(1, 3), Score(8, 10), False)
    assert found.gain == Fraction(7, 10)
    assert found.word == "tinggi"


def test_no_gain_can_be_told_where_nothing_was_left_to_gain() -> None:
    assert pair(100, 100).gain is None


def test_less_than_before_is_a_negative_gain() -> None:
    assert pair(50, 25).gain == Fraction(-1, 2)


def test_a_group_has_the_mean_of_its_members_gains() -> None:
    found = group_gain([pair(0, 50), pair(80, 100), pair(100, 90)])
    assert found == GroupGain(3, 2, Fraction(3, 4), Fraction(3, 5), Fraction(4, 5))


def test_the_gain_of_the_averages_and_the_average_of_the_gains_differ_and_are_both_told() -> None:
    # (20 to 60) and (80 to 90): both gain half. Then (0 to 100) and (90 to 90): 1 and 0, but 45 to 95 of the class.
    alike = group_gain([pair(20, 60), pair(80, 90)])
    assert (alike.of_means, alike.mean) == (Fraction(1, 2), Fraction(1, 2))
    unlike = group_gain([pair(0, 100), pair(90, 90)])
    assert (unlike.of_means, unlike.mean) == (Fraction(50, 55), Fraction(1, 2))


def test_who_was_full_before_has_no_gain_but_is_in_the_averages() -> None:
    found = group_gain([pair(100, 100), pair(0, 50)])
    assert (found.n, found.told, found.mean, found.of_means) == (2, 1, Fraction(1, 2), Fraction(1, 2))
    assert group_gain([pair(100, 90)]).of_means is None


def test_a_group_is_called_something_from_ten_people_on_and_a_falling_one_falling() -> None:
    assert group_gain([pair(0, 70)] * 9).word is None
    assert group_gain([pair(0, 70)] * 10).word == "tinggi"
    assert group_gain([pair(50, 40)] * 10).word == "turun"
    assert group_gain([pair(100, 40)] * 10).word == "penuh"


def test_a_group_of_nobody_has_no_mean() -> None:
    assert group_gain([]) == NOBODY == GroupGain(0, 0, None)

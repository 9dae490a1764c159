"""How much was learned between the pre-test and the first post-test: g = (post − pre) / (100 − pre), exactly.

The measure and its bounds (0.70 and 0.30) are Hake's. A group's gain is here the mean of its members' gains, not the
gain of their mean scores: everybody counts alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Word = Literal["tinggi", "sedang", "rendah", "turun", "penuh"]

HIGH = Fraction(70, 100)
MEDIUM = Fraction(30, 100)


@dataclass(frozen=True, slots=True)
class Score:
    """Questions right of those that count; at least one counts."""

    right: int
    asked: int

    @property
    def share(self) -> Fraction:
        """0 to 1, not rounded."""
        return Fraction(self.right, self.asked)


@dataclass(frozen=True, slots=True)
class Pair:
    """One person's pre-test and first post-test; `after_learning`: the pre-test came after a finished lesson."""

    pre: Score
    post: Score
    after_learning: bool

    @property
    def gain(self) -> Fraction | None:
        """At most 1, negative when less was right than before; None when the pre-test left nothing to gain."""
        left = 1 - self.pre.share
        return (self.post.share - self.pre.share) / left if left else None

    @property
    def word(self) -> Word:
        """The gain in one word; "turun" is a negative one, "penuh" one that can't be told."""
        if self.gain is None:
            return "penuh"
        if self.gain < 0:
            return "turun"
        return "tinggi" if self.gain >= HIGH else "sedang" if self.gain >= MEDIUM else "rendah"


@dataclass(frozen=True, slots=True)
class GroupGain:
    """`n` pairs, of which `told` have a gain; `mean` is the mean of those, None when there is none."""

    n: int
    told: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class CohortGain:
    """The two groups that are never put together: a pre-test after learning shows less than was learned."""

    before_learning: GroupGain
    after_learning: GroupGain


def cohort_gain(pairs: Sequence[Pair]) -> CohortGain:
    """The gain of a cohort, for those who began with the pre-test and for those who took it after a lesson."""
    return CohortGain(
        _group(pair for pair in pairs if not pair.after_learning),
        _group(pair for pair in pairs if pair.after_learning),
    )


def _group(pairs: Iterable[Pair]) -> GroupGain:
    gains = [pair.gain for pair in pairs]
    told = [gain for gain in gains if gain is not None]
    return GroupGain(len(gains), len(told), sum(told, Fraction(0)) / len(told) if told else None)

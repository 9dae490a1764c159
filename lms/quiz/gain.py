"""How much was learned between the pre-test and the first post-test: g = (post − pre) / (100 − pre), exactly.

The measure, its bounds (0.70 and 0.30) and the gain of a class are those of R. R. Hake, “Interactive-engagement versus
traditional methods”, American Journal of Physics 66 (1998), 64–74, doi:10.1119/1.18809. A group has two gains, which
differ: the gain of its averages, ⟨g⟩ = (⟨post⟩ − ⟨pre⟩) / (100 − ⟨pre⟩), Hake's, by which a class is called high,
medium or low; and the average of its members' gains, in which everybody counts alike but nobody whose pre-test was
full. An average is that of the members' shares, however many questions each was asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean
from typing import Literal

Word = Literal["tinggi", "sedang", "rendah", "turun", "penuh"]

HIGH = Fraction(70, 100)
MEDIUM = Fraction(30, 100)
ENOUGH = 10
"""From so many people on a group is called something; of fewer there are figures only."""


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
class ScorePair:
    """One person's pre-test and first post-test; `after_learning`: the pre-test came after a finished lesson."""

    pre: Score
    post: Score
    after_learning: bool

    @property
    def gain(self) -> Fraction | None:
        """At most 1, negative when less was right than before; None when the pre-test left nothing to gain."""
        return _gain(self.pre.right, self.pre.asked, self.post.right, self.post.asked)

    @property
    def word(self) -> Word:
        """The gain in one word; "turun" is a negative one, "penuh" one that can't be told."""
        return word_of(self.gain)


def _gain(pre: int, pre_of: int, post: int, post_of: int) -> Fraction | None:
    """Compute the gain in whole numbers: for the people of a whole class that takes a third of the time."""
    left = pre_of - pre
    return Fraction(post * pre_of - pre * post_of, post_of * left) if left > 0 else None


def word_of(gain: Fraction | None) -> Word:
    """A gain in one word."""
    if gain is None:
        return "penuh"
    if gain < 0:
        return "turun"
    return "tinggi" if gain >= HIGH else "sedang" if gain >= MEDIUM else "rendah"


@dataclass(frozen=True, slots=True)
class GroupGain:
    """`n` pairs, of which `told` have a gain of their own; `mean` is the average of those, None when there is none.

    `pre` and `post` are the averages of all `n`, 0 to 1; None of nobody.
    """

    n: int
    told: int
    mean: Fraction | None
    pre: Fraction | None = None
    post: Fraction | None = None

    @property
    def of_means(self) -> Fraction | None:
        """The gain of the averages."""
        if self.pre is None or self.post is None:
            return None
        return _gain(self.pre.numerator, self.pre.denominator, self.post.numerator, self.post.denominator)

    @property
    def word(self) -> Word | None:
        """The word for the gain of the group's averages; None of fewer than ENOUGH people."""
        return word_of(self.of_means) if self.n >= ENOUGH else None


NOBODY = GroupGain(0, 0, None)


def group_gain(pairs: Iterable[ScorePair]) -> GroupGain:
    """Both gains of a group."""
    held = list(pairs)
    if not held:
        return NOBODY
    told = [gain for pair in held if (gain := pair.gain) is not None]
    pre, post = (
        mean([score.share for score in scores]) for scores in zip(*((p.pre, p.post) for p in held), strict=True)
    )
    return GroupGain(len(held), len(told), mean(told) if told else None, pre, post)

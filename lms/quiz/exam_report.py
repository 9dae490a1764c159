"""Both tests of a cohort as one value: what was learned between them, and what its pages and a report on it say.

The gain between the pre-test and the first post-test is g = (post − pre) / (100 − pre), exactly. The measure, its
bounds (0.70 and 0.30) and the gain of a class are those of R. R. Hake, “Interactive-engagement versus traditional
methods”, American Journal of Physics 66 (1998), 64–74, doi:10.1119/1.18809. A group has two gains, which differ: the
gain of its averages, ⟨g⟩ = (⟨post⟩ − ⟨pre⟩) / (100 − ⟨pre⟩), Hake's, by which a class is called high, medium or low;
and the average of its members' gains, in which everybody counts alike but nobody whose pre-test was full. An average is
that of the members' shares, however many questions each was asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean
from typing import Literal

from lms.quiz.items import ENOUGH, Item, Sitting, analyse, most_missed

Word = Literal["tinggi", "sedang", "rendah", "turun", "penuh"]

HIGH = Fraction(70, 100)
MEDIUM = Fraction(30, 100)


@dataclass(frozen=True, slots=True)
class Score:
    """Questions right of those that count; at least one counts. One person's is passed from `mark` on."""

    right: int
    asked: int
    mark: int = 0

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


@dataclass(frozen=True, slots=True)
class Figures:
    """One test: how many took it, the mean of their shares, 0 to 1, the lowest and the highest of their scores.

    `subjects`: materi -> right of all that was asked about it.
    """

    n: int
    mean: Fraction
    lowest: Score
    highest: Score
    subjects: Mapping[str, Score]
    items: tuple[Item, ...]
    missed: tuple[Item, ...]

    @property
    def enough(self) -> bool:
        """Whether there are people enough to judge by."""
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class Group:
    """The people who took the pre-test before learning, or after: their gain, and that of each materi by its title."""

    after_learning: bool
    gain: GroupGain
    subjects: Mapping[str, GroupGain]


@dataclass(frozen=True, slots=True)
class ExamReport:
    """`pre` and `post` are None while nobody took the test; `post` is of first attempts, `passed` counts any.

    `pairs` is by person; `only_pre` and `only_post` took one test and are in no gain.
    """

    pre: Figures | None
    post: Figures | None
    passed: int
    groups: tuple[Group, ...]
    pairs: Mapping[int, ScorePair]
    only_pre: tuple[int, ...]
    only_post: tuple[int, ...]

    @property
    def passed_share(self) -> Fraction | None:
        """The share, 0 to 1, that passed the post-test among those who took it."""
        return Fraction(self.passed, self.post.n) if self.post else None


def exam_report(
    pre: Sequence[Sitting], post: Sequence[Sitting], passed: Collection[int], titles: Sequence[str]
) -> ExamReport:
    """From first attempts at both tests, who passed, and the materi in their order; a sheet without questions is none.

    Everybody counts once, and a voided question counts nowhere but in who passed.
    """
    before, after = ({each.who: each for each in sittings if each.replies} for sittings in (pre, post))
    both = {who: (before[who], after[who]) for who in before if who in after}
    return ExamReport(
        figures(list(before.values()), titles),
        figures(list(after.values()), titles),
        sum(who in passed for who in after),
        tuple(group for late in (False, True) if (group := _group(both, titles, after_learning=late))),
        {who: _pair(*sat) for who, sat in both.items()},
        tuple(who for who in before if who not in after),
        tuple(who for who in after if who not in before),
    )


def figures(sittings: Sequence[Sitting], titles: Sequence[str]) -> Figures | None:
    """One test in figures; None of nobody."""
    held = [sitting for sitting in sittings if sitting.replies]
    if not held:
        return None
    scores = sorted(map(_score, held), key=lambda score: score.share)
    items = analyse(held)
    subjects = {
        title: Score(sum(item.right for item in mine), sum(item.asked for item in mine))
        for title in titles
        if (mine := [item for item in items if item.subject == title])
    }
    place = {title: number for number, title in enumerate(titles)}
    ordered = sorted(items, key=lambda item: place.get(item.subject, len(place)))
    missed = tuple(most_missed(items))
    return Figures(
        len(held), mean(score.share for score in scores), scores[0], scores[-1], subjects, tuple(ordered), missed
    )


def _group(both: Mapping[int, tuple[Sitting, Sitting]], titles: Sequence[str], *, after_learning: bool) -> Group | None:
    mine = [sat for sat in both.values() if sat[0].after_learning is after_learning]
    if not mine:
        return None
    subjects = {title: group_gain(_pairs_about(mine, title)) for title in titles}
    told = {title: gain for title, gain in subjects.items() if gain.n}
    return Group(after_learning, group_gain(_pair(*sat) for sat in mine), told)


def _pairs_about(both: Sequence[tuple[Sitting, Sitting]], title: str) -> Iterator[ScorePair]:
    """Yield the pairs that the parts of both sheets about one materi make, where both have one."""
    for pre, post in both:
        before, after = ([each.right for each in sat.replies if each.subject == title] for sat in (pre, post))
        if before and after:
            yield ScorePair(Score(sum(before), len(before)), Score(sum(after), len(after)), pre.after_learning)


def _pair(pre: Sitting, post: Sitting) -> ScorePair:
    return ScorePair(_score(pre), _score(post), pre.after_learning)


def _score(sitting: Sitting) -> Score:
    return Score(sitting.right, len(sitting.replies), sitting.mark)

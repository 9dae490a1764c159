"""Both tests of a cohort as one value: what its pages show, and what a report on it says in the same numbers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean

from lms.quiz.gain import ENOUGH, GroupGain, Score, ScorePair, group_gain
from lms.quiz.items import Item, Sitting, analyse, most_missed


@dataclass(frozen=True, slots=True)
class Figures:
    """One test: how many took it, and the mean, the lowest and the highest of their shares, 0 to 1.

    `subjects`: materi -> right of all that was asked about it.
    """

    n: int
    mean: Fraction
    lowest: Fraction
    highest: Fraction
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
    shares = [Fraction(sitting.right, len(sitting.replies)) for sitting in held]
    items = analyse(held)
    subjects = {
        title: Score(sum(item.right for item in mine), sum(item.asked for item in mine))
        for title in titles
        if (mine := [item for item in items if item.subject == title])
    }
    place = {title: number for number, title in enumerate(titles)}
    ordered = sorted(items, key=lambda item: place.get(item.subject, len(place)))
    missed = tuple(most_missed(items))
    return Figures(len(held), mean(shares), min(shares), max(shares), subjects, tuple(ordered), missed)


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
    scores = [Score(sitting.right, len(sitting.replies)) for sitting in (pre, post)]
    return ScorePair(scores[0], scores[1], pre.after_learning)

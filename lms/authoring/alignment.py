"""Which elements of two sequences belong together, in a time that no text can stretch.

`difflib` takes quadratic time where lines repeat, or leaves them out. Here what both have once is the frame (patience
diff); what stands between is aligned by Myers' shortest edit as long as that is short, and else has nothing in common.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

DEEPEST = 40
"""How often what stands between two places of the frame is looked through for a frame of its own."""

MOST_EDITS = 100
"""How many elements may be added or removed in a stretch without a frame before it counts as written anew."""


class Run(NamedTuple):
    """`size` elements from `a` of the one sequence equal those from `b` of the other."""

    a: int
    b: int
    size: int


class Stretch(NamedTuple):
    """A part of both sequences that is yet to be looked at."""

    a: int
    a_end: int
    b: int
    b_end: int
    depth: int


def runs(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """What both sequences have in common, in order; two runs never touch in both."""
    found: list[Run] = []
    waiting = [Stretch(0, len(a), 0, len(b), 0)]
    while waiting:
        same, left = _without_ends(a, b, waiting.pop())
        found += same
        if left.a == left.a_end or left.b == left.b_end:
            continue
        frame = _frame(a, b, left) if left.depth < DEEPEST else []
        if frame:
            found += frame
            waiting += _between(frame, left)
        else:
            inside = _shortest(a[left.a : left.a_end], b[left.b : left.b_end])
            found += [Run(left.a + run.a, left.b + run.b, run.size) for run in inside]
    return _joined(found)


def _without_ends(a: Sequence[str], b: Sequence[str], part: Stretch) -> tuple[list[Run], Stretch]:
    """(what both begin and end with, what is left between)."""
    shorter = min(part.a_end - part.a, part.b_end - part.b)
    start = next((at for at in range(shorter) if a[part.a + at] != b[part.b + at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if a[part.a_end - 1 - at] != b[part.b_end - 1 - at]), rest)
    left = Stretch(part.a + start, part.a_end - end, part.b + start, part.b_end - end, part.depth)
    ends = (Run(part.a, part.b, start), Run(left.a_end, left.b_end, end))
    return [run for run in ends if run.size], left


def _frame(a: Sequence[str], b: Sequence[str], part: Stretch) -> list[Run]:
    """The longest row of elements that stand once in each of both and in the same order."""
    in_b = _once(b, part.b, part.b_end)
    pairs = [(at, in_b[text]) for text, at in _once(a, part.a, part.a_end).items() if text in in_b]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, b_at) in enumerate(pairs):
        length = bisect_left(ends, b_at)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [b_at]
        last[length : length + 1] = [place]
    row: list[Run] = []
    place = last[-1] if last else -1
    while place >= 0:
        row.append(Run(*pairs[place], 1))
        place = before[place]
    return row[::-1]


def _once(texts: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Element -> where it stands, of those that stand there once, in order."""
    counts = Counter(texts[start:end])
    return {texts[at]: at for at in range(start, end) if counts[texts[at]] == 1}


def _between(frame: Iterable[Run], part: Stretch) -> Iterable[Stretch]:
    a, b = part.a, part.b
    for run in frame:
        yield Stretch(a, run.a, b, run.b, part.depth + 1)
        a, b = run.a + 1, run.b + 1
    yield Stretch(a, part.a_end, b, part.b_end, part.depth + 1)


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """Myers' greedy shortest edit; nothing when it takes more than MOST_EDITS.

    `reach[k]` is how far a path gets in `a` on the diagonal k = place in a - place in b.
    """
    reach = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), MOST_EDITS) + 1):
        trace.append(dict(reach))
        for k in range(-edits, edits + 1, 2):
            x = reach[k + 1] if _adds(reach, k, edits) else reach[k - 1] + 1
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            reach[k] = x
            if x >= len(a) and x - k >= len(b):
                return _walked(trace, len(a), len(b))
    return []


def _adds(reach: dict[int, int], k: int, edits: int) -> bool:
    """Whether the path that gets farther on this diagonal comes there by adding an element of `b`."""
    return k == -edits or (k != edits and reach[k - 1] < reach[k + 1])


def _walked(trace: Sequence[dict[int, int]], x: int, y: int) -> list[Run]:
    """What the path that ends here left unchanged, walked back."""
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, k = trace[edits], x - y
        adds = _adds(reach, k, edits)
        came_from = k + 1 if adds else k - 1
        start = reach[came_from] + (not adds)
        if x > start:
            found.append(Run(start, start - k, x - start))
        x, y = reach[came_from], reach[came_from] - came_from
    return found


def _joined(found: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in sorted(found):
        if joined and (joined[-1].a + joined[-1].size, joined[-1].b + joined[-1].size) == (run.a, run.b):
            joined[-1] = Run(joined[-1].a, joined[-1].b, joined[-1].size + run.size)
        else:
            joined.append(run)
    return joined

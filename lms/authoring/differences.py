"""The differences of Markdown texts, for people who never saw a diff: by paragraphs, with their words marked, and put
together where two people changed one text. difflib aligns them, since libraries for merging are under the GPL."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from lms.course.lines import scan
from lms.web.plain import normalised

ALIKE = 0.4
"""The share of words that two paragraphs must have in common to be one that was changed."""

LOOK_AHEAD = 4
"""Among so many new paragraphs the one that an old one became is looked for."""

MOST_CONFLICTS = 40
"""Above so many places nobody chooses one by one: the whole stretch from the first to the last becomes one."""

MOST_PAIRS = 60_000
"""Above so many pairs of equal elements, those that repeat most are common only beside others that are."""

LONGEST = 8_000
"""Of more elements than this in a row, nothing is looked for in common: difflib's time grows with their square."""


def runs(a: Sequence[str], b: Sequence[str]) -> list[Match]:
    """Return the runs both sequences have in common, in order; no two touch in both, and an empty one ends the list."""
    start, end = ends(a, b)
    old, new = a[start : len(a) - end], b[start : len(b) - end]
    counts = Counter(new)
    matcher = SequenceMatcher(None, old, new, autojunk=sum(counts[each] for each in old) > MOST_PAIRS)
    inside = matcher.get_matching_blocks() if max(len(old), len(new)) <= LONGEST else []
    found = [Match(0, 0, start), *(Match(start + each.a, start + each.b, each.size) for each in inside)]
    found += [Match(len(a) - end, len(b) - end, end)]
    return [*(each for each in found if each.size), Match(len(a), len(b), 0)]


def ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """How many elements both begin with, and how many of the rest both end with."""
    shorter = min(len(a), len(b))
    start = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    end = next((at for at in range(shorter - start) if a[-1 - at] != b[-1 - at]), shorter - start)
    return start, end


class Piece(NamedTuple):
    """Words that follow each other and have one fate."""

    text: str
    mark: Literal["", "ins", "del"] = ""


class TextPiece(NamedTuple):
    """A paragraph, list item, heading or line of code; `heading` is the words of a heading that stayed."""

    kind: Literal["tetap", "berubah", "baru", "dihapus"]
    pieces: tuple[Piece, ...]
    heading: str = ""


class Folded(NamedTuple):
    """So many paragraphs that stayed the same; `heading` is the last heading among them, "" when there is none."""

    folded: int
    heading: str


def differences(before: str, after: str) -> list[TextPiece | Folded]:
    """The changed paragraphs in order with a neighbour on each side; none where only spaces or line breaks differ."""
    groups = [(same, list(group)) for same, group in groupby(marked(before, after), lambda row: row.kind == "tetap")]
    if all(same for same, _ in groups):
        return []
    rows: list[TextPiece | Folded] = []
    for at, (same, group) in enumerate(groups):
        first, last = int(at > 0), len(group) - int(at < len(groups) - 1)
        hidden = group[first:last] if same else []
        if len(hidden) > 1:
            heading = next((row.heading for row in reversed(hidden) if row.heading), "")
            rows += [*group[:first], Folded(len(hidden), heading), *group[last:]]
        else:
            rows += group
    return rows


def marked(before: str, after: str) -> list[TextPiece]:
    """The whole text of `after` with what became of `before`, nothing folded."""
    (old, _), (new, headings) = _paragraphs(before), _paragraphs(after)
    rows: list[TextPiece] = []
    a = b = 0
    for run in runs(old, new):
        rows += _changed(old[a : run.a], new[b : run.b])
        a, b = run.a + run.size, run.b + run.size
        rows += [TextPiece("tetap", (Piece(new[at]),), headings.get(at, "")) for at in range(run.b, b)]
    return rows


def _paragraphs(source: str) -> tuple[list[str], dict[int, str]]:
    """(the pieces of a text that are read as one, without breaks and indents; number of a heading -> its words)."""
    found: list[str] = []
    headings: dict[int, str] = {}
    goes_on = False
    for line in scan(normalised(source))[0]:
        text, heading = " ".join(line.text.split()), line.heading
        if text and goes_on and not (line.code or line.begins):
            found[-1] += f" {text}"
        elif text:
            headings |= {len(found): heading.title} if heading else {}
            found.append(text)
        goes_on = bool(text) and not (line.code or heading)
    return found, headings


def _changed(removed: Sequence[str], added: Sequence[str]) -> Iterator[TextPiece]:
    """Old and new paragraphs of one place: those that became others are shown as one."""
    new = [Counter(text.split()) for text in added]
    at = 0
    for text in removed:
        words = Counter(text.split())
        alike = {place: _likeness(words, new[place]) for place in range(at, min(at + LOOK_AHEAD, len(added)))}
        found = max(alike, key=alike.__getitem__, default=at)
        if alike.get(found, 0) < ALIKE:
            yield TextPiece("dihapus", (Piece(text, "del"),))
            continue
        yield from (TextPiece("baru", (Piece(each, "ins"),)) for each in added[at:found])
        yield TextPiece("berubah", tuple(_words(text.split(), added[found].split())))
        at = found + 1
    yield from (TextPiece("baru", (Piece(each, "ins"),)) for each in added[at:])


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that both have, of all words of both."""
    return 2 * (one & other).total() / (one.total() + other.total())


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    a = b = 0
    for run in _telling(runs(before, after)):
        if run.a > a:
            yield Piece(" ".join(before[a : run.a]), "del")
        if run.b > b:
            yield Piece(" ".join(after[b : run.b]), "ins")
        a, b = run.a + run.size, run.b + run.size
        if run.size:
            yield Piece(" ".join(after[run.b : b]))


def _telling(found: Sequence[Match]) -> Iterator[Match]:
    """Without the single words that happen to stand in the midst of something rewritten: they make it hard to read."""
    a = b = 0
    for at, run in enumerate(found):
        later = found[min(at + 1, len(found) - 1)]
        gap, gap_after = run.a - a + run.b - b, later.a - run.a + later.b - run.b - 2 * run.size
        if run.size != 1 or gap < 3 or gap_after < 3:
            a, b = run.a + run.size, run.b + run.size
            yield run


class Conflict(NamedTuple):
    """One place as it was and as each of both left it; every line ends with a line end."""

    base: str
    mine: str
    theirs: str


def merge(base: str, mine: str, theirs: str) -> list[str | Conflict]:
    """Merge what became of `base` in two hands, line by line: what is settled as text, what is not as a conflict.

    Line ends come out as LF, the last line with one.
    """
    before, here, there = map(_lines, (base, mine, theirs))
    in_mine, in_theirs = _places(before, here), _places(before, there)
    parts: list[str | Conflict] = []
    a = b = c = 0
    for line in sorted(in_mine.keys() & in_theirs.keys()):
        parts += _merged(before[a:line], here[b : in_mine[line]], there[c : in_theirs[line]])
        parts += before[line : line + 1]
        a, b, c = line + 1, in_mine[line] + 1, in_theirs[line] + 1
    return _fewer(_joined(parts))


def _lines(text: str) -> list[str]:
    """Lines with their ends; str.splitlines would also cut where no editor does."""
    text = normalised(text)
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Line of `base` -> the same line of `other`, of those that both have, and of the end."""
    found = runs(base, other)
    return {run.a + at: run.b + at for run in found for at in range(run.size)} | {len(base): len(other)}


def _merged(base: list[str], mine: list[str], theirs: list[str]) -> list[str | Conflict]:
    """A stretch that was changed: by one of both, by both alike, or in two ways; what these share stays outside."""
    if mine in (base, theirs):
        return list(theirs)
    if theirs == base:
        return list(mine)
    start, end = ends(mine, theirs)
    here, there = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    return [*mine[:start], Conflict("".join(base), "".join(here), "".join(there)), *mine[len(mine) - end :]]


def _joined(parts: Sequence[str | Conflict]) -> list[str | Conflict]:
    """Join neighbouring texts into one."""
    joined: list[str | Conflict] = []
    for kind, group in groupby(parts, type):
        held = list(group)
        joined += ["".join(map(str, held))] if kind is str else held
    return joined


def _fewer(parts: list[str | Conflict]) -> list[str | Conflict]:
    places = [at for at, part in enumerate(parts) if isinstance(part, Conflict)]
    if len(places) <= MOST_CONFLICTS:
        return parts
    start, end = places[0], places[-1] + 1
    sides = zip(*(part if isinstance(part, Conflict) else (part, part, part) for part in parts[start:end]), strict=True)
    return [*parts[:start], Conflict(*map("".join, sides)), *parts[end:]]

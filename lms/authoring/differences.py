"""What differs between two Markdown texts, for people who never saw a diff: by paragraphs, with their words marked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from lms.authoring.alignment import Run, runs
from lms.course.lines import heading_of, scan
from lms.web.plain import normalised

Mark = Literal["", "ins", "del"]
Kind = Literal["tetap", "berubah", "baru", "dihapus"]

ALIKE = 0.4
"""The share of words that two paragraphs must have in common to be one that was changed."""

LOOK_AHEAD = 4
"""Among so many new paragraphs the one that an old one became is looked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other and have one fate."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A paragraph, list item, heading or line of code."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """So many paragraphs that stayed the same; `heading` is the last heading among them, "" when there is none."""

    count: int
    heading: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is compared as one; `key` is its text without its line breaks and indents, `title` a heading's words."""

    text: str
    key: str
    title: str


def differences(before: str, after: str) -> list[TextPiece | Folded]:
    """The changed paragraphs in order with a neighbour on each side; none where only spaces or line breaks differ."""
    return list(_folded(_compared(paragraphs(before), paragraphs(after))))


def marked(before: str, after: str) -> list[TextPiece]:
    """The whole text of `after` with what became of `before`, nothing folded."""
    return [shown for shown, _ in _compared(paragraphs(before), paragraphs(after))]


def paragraphs(source: str) -> list[Paragraph]:
    """The text in pieces that are read as one; blank lines are none."""
    found: list[list[str]] = []
    titles: list[str] = []
    goes_on = False
    for line in scan(normalised(source))[0]:
        if not line.text.strip():
            goes_on = False
            continue
        heading = heading_of(line)
        if goes_on and not (line.code or line.begins):
            found[-1].append(line.text)
        else:
            found.append([line.text])
            titles.append(heading.title if heading else "")
        goes_on = not (line.code or heading)
    texts = ["\n".join(lines) for lines in found]
    return [Paragraph(text, " ".join(text.split()), title) for text, title in zip(texts, titles, strict=True)]


def _compared(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Iterator[tuple[TextPiece, str]]:
    """(every paragraph of both, its heading) in the order of the page."""
    a = b = 0
    for run in [*runs([each.key for each in before], [each.key for each in after]), Run(len(before), len(after), 0)]:
        yield from ((shown, "") for shown in _changed(before[a : run.a], after[b : run.b]))
        a, b = run.a + run.size, run.b + run.size
        for each in after[run.b : b]:
            yield TextPiece("tetap", (Piece(each.key),)), each.title


def _changed(removed: Sequence[Paragraph], added: Sequence[Paragraph]) -> Iterator[TextPiece]:
    """Old and new paragraphs of one place: those that became others are shown as one."""
    new = [_Words(each.key) for each in added]
    at = 0
    for each in removed:
        words = _Words(each.key)
        close = range(at, min(at + LOOK_AHEAD, len(added)))
        found = max(close, key=lambda place: _likeness(words, new[place]), default=None)
        if found is None or _likeness(words, new[found]) < ALIKE:
            yield TextPiece("dihapus", (Piece(each.key, "del"),))
            continue
        yield from (TextPiece("baru", (Piece(added[place].key, "ins"),)) for place in range(at, found))
        yield TextPiece("berubah", tuple(_words(each.key.split(), added[found].key.split())))
        at = found + 1
    yield from (TextPiece("baru", (Piece(each.key, "ins"),)) for each in added[at:])


class _Words:
    """The words of a paragraph, counted."""

    def __init__(self, text: str) -> None:
        self.counts = Counter(text.split())
        self.total = self.counts.total()


def _likeness(one: _Words, other: _Words) -> float:
    """The share of words that both have, of all words of both; 0 where their lengths alone leave too few."""
    sizes = one.total + other.total
    if 2 * min(one.total, other.total) < ALIKE * sizes:
        return 0
    return 2 * (one.counts & other.counts).total() / sizes


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    a = b = 0
    for run in [*_telling(runs(before, after)), Run(len(before), len(after), 0)]:
        if run.a > a:
            yield Piece(" ".join(before[a : run.a]), "del")
        if run.b > b:
            yield Piece(" ".join(after[b : run.b]), "ins")
        a, b = run.a + run.size, run.b + run.size
        if run.size:
            yield Piece(" ".join(after[run.b : b]))


def _telling(found: Sequence[Run]) -> list[Run]:
    """Without the single words that happen to stand in the midst of something rewritten: they make it hard to read."""
    kept: list[Run] = []
    for at, run in enumerate(found):
        a, b = (kept[-1].a + kept[-1].size, kept[-1].b + kept[-1].size) if kept else (0, 0)
        later = found[at + 1] if at + 1 < len(found) else None
        gap = run.a - a + run.b - b
        gap_after = later.a - run.a + later.b - run.b - 2 * run.size if later else 0
        if run.size > 1 or gap < 3 or gap_after < 3:
            kept.append(run)
    return kept


def _folded(rows: Iterator[tuple[TextPiece, str]]) -> Iterator[TextPiece | Folded]:
    """Of what stayed the same, a neighbour of each change is shown; nothing at all when nothing changed."""
    groups = [(same, list(group)) for same, group in groupby(rows, key=lambda row: row[0].kind == "tetap")]
    if all(same for same, _ in groups):
        return
    for at, (same, group) in enumerate(groups):
        shown = [row for row, _ in group]
        if not same:
            yield from shown
            continue
        first, last = int(at > 0), int(at < len(groups) - 1)
        hidden = group[first : len(group) - last]
        if len(hidden) < 2:
            yield from shown
            continue
        yield from shown[:first]
        yield Folded(len(hidden), next((title for _, title in reversed(hidden) if title), ""))
        yield from shown[len(shown) - last :]

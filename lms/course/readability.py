"""What makes a text hard to read for people who read slowly and well, each remark with its line and a way out."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal, NamedTuple

from lms.course.check import without_legal
from lms.course.glossary import Finder, Term, folded
from lms.course.lines import Passage, heading_of, passages, scan
from lms.course.prose import abbreviation_fault, long_sentences, readable, sentence_fault, sentences, unexplained
from lms.web.plain import normalised

Kind = Literal["kalimat", "singkatan", "istilah"]


class Remark(NamedTuple):
    """One place that could be easier to read; `text` says what to do about it."""

    line: int
    kind: Kind
    text: str


class Readability(NamedTuple):
    """All remarks in order of lines, and how many words a sentence has on average."""

    remarks: tuple[Remark, ...]
    sentence_words: float


def readability(source: str, terms: Sequence[Term]) -> Readability:
    """What to say of a text; abbreviations that the glossary explains need no explanation in it."""
    lines = scan(normalised(source))[0]
    reading = readable(passages(without_legal(lines)))
    known = frozenset(folded(name) for term in terms for name in term.names)
    remarks = [Remark(each.line, "kalimat", sentence_fault(each)) for each in long_sentences(reading)]
    remarks += [
        Remark(line, "singkatan", abbreviation_fault(name)) for name, line in unexplained(reading, known).items()
    ]
    headings = {line.number for line in lines if heading_of(line)}
    remarks += _jargon([each for each in reading if each.line not in headings], terms)
    counted = [each.words for each in sentences(reading)]
    return Readability(tuple(sorted(remarks)), sum(counted) / len(counted) if counted else 0)


def _jargon(reading: Iterable[Passage], terms: Iterable[Term]) -> list[Remark]:
    """The first use of each term for which the glossary has plainer words."""
    finder, found = Finder([term for term in terms if term.plain]), dict[str, Remark]()
    for passage in reading:
        text = escape(passage.text, quote=False)
        for use in finder.uses(text):
            if use.term.slug not in found:
                line = passage.line + text.count("\n", 0, use.start)
                found[use.term.slug] = Remark(line, "istilah", _plainer(text[use.start : use.end], use.term))
    return list(found.values())


def _plainer(written: str, term: Term) -> str:
    word = " ".join(written.split())
    return f'kata "{word}" belum tentu dikenal; bila cocok, pakai "{term.plain}", atau jelaskan di kalimatnya'

"""The readability of a lesson for people who read slowly and well: long sentences, unexplained abbreviations."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from lms.course.glossary import Finder, Term, folded
from lms.course.lesson import is_legal, sections_of
from lms.course.lines import Line, Passage, passages, scan, without_code
from lms.course.problems import Notes
from lms.course.questions.base import quoted
from lms.web.plain import normalised

LONGEST_SENTENCE = 25
CLOSERS = "\"'”’)]*_»"
ENDS = (".", "!", "?", "…")
NO_END = frozenset(
    {"no.", "jl.", "gg.", "hlm.", "tgl.", "rp.", "a.n.", "s.d.", "u.p.", "yth.", "bpk."}
    | {"kab.", "kec.", "kel.", "ds."}
)
"""Words that end with a point in the middle of a sentence."""

KNOWN = frozenset(
    {"RT", "RW", "KTP", "KK", "NIK", "HP", "WA", "SMS", "TV", "QR", "PIN", "PDF", "RI", "WIB"}
    | {"UU", "SD", "SMP", "SMA", "SMK", "TK", "PKK"}
)
"""What every reader in a village uses without knowing the long form."""

PICTURE = re.compile(r"!\[[^\[\]]*\]")
ADDRESS = re.compile(r"\]\([^()\n]*\)|https?://\S+|<[^<>\s]+>")
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
SHOUTED = re.compile(r"[A-Z][0-9]*[A-Z]")
"""Two capitals in one word: without them there is no abbreviation."""
ROMAN = re.compile(r"[IVXL]+")
IN_BRACKETS = re.compile(r"[(][*_\"“]*$")
CALLED = re.compile(r"(?:disingkat|disebut|singkatannya|dikenal sebagai|atau)[\s*_\"“]+$", re.IGNORECASE)
CLOSED = re.compile(r"[*_\"”]*\s*[),;]")
EXPLAINED = re.compile(
    r"[*_\"”]*,?\s*(?:\([*_\"“]*[^\W\d_]|(?:adalah|yaitu|ialah|yakni|merupakan|berarti|artinya|singkatan|kepanjangan)\b)"
)
NUMBERED_RULE = re.compile(r"[0-9]\S*/|/\S*[0-9]")


class Sentence(NamedTuple):
    """The line of a sentence, its first words, and its number of words."""

    line: int
    start: str
    words: int


Kind = Literal["kalimat", "singkatan", "istilah"]


class Remark(NamedTuple):
    """One place that could be easier to read; `text` says what to do about it."""

    line: int
    kind: Kind
    text: str


def readable(passages: Iterable[Passage]) -> list[Passage]:
    """The words a reader sees: no code, addresses or pictures; line ends kept."""
    return [Passage(line, ADDRESS.sub(" ", PICTURE.sub(" ", without_code(text)))) for line, text in passages]


def long_sentences(passages: Iterable[Passage]) -> Iterator[Remark]:
    """Remarks on the sentences above 25 words in readable passages."""
    for line, start, words in sentences(each for each in passages if len(each.text.split()) > LONGEST_SENTENCE):
        if words > LONGEST_SENTENCE:
            remedy = f"pecah menjadi paling banyak {LONGEST_SENTENCE} kata"
            yield Remark(line, "kalimat", f'kalimat {words} kata ("{start} …"); {remedy}')


def sentences(passages: Iterable[Passage]) -> list[Sentence]:
    """Every sentence; each passage starts a new one, and so does each table cell."""
    return [sentence for passage in passages for sentence in _sentences(passage)]


def _sentences(passage: Passage) -> Iterable[Sentence]:
    words: list[tuple[int, str]] = []
    ended = False
    for at, line in enumerate(passage.text.replace("|", " | ").split("\n")):
        for token in line.split():
            if words and (token == "|" or (ended and not token.lstrip("\"'“‘(*_")[:1].islower())):
                yield _sentence(words)
                words = []
            if token[0].isalnum() or any(map(str.isalnum, token)):
                words.append((passage.line + at, token))
            ended = _is_end(token)
    if words:
        yield _sentence(words)


def _sentence(words: list[tuple[int, str]]) -> Sentence:
    return Sentence(words[0][0], " ".join(word[:40] for _, word in words[:4]), len(words))


def _is_end(token: str) -> bool:
    if token[-1].isalnum():
        return False
    bare = token.rstrip(CLOSERS)
    return bare.endswith(ENDS) and len(bare) != 2 and bare.lower() not in NO_END


def unexplained(passages: Iterable[Passage], terms: Collection[str]) -> Iterator[Remark]:
    """Remarks on the abbreviations nobody explains, each at its first line; `terms` are the glossary's, folded."""
    passages = list(passages)
    first: dict[str, int] = {}
    explained: set[str] = set()
    for passage in passages:
        line, text, counted = *passage, 0
        for match in WORD.finditer(text) if SHOUTED.search(text) else ():
            name = _abbreviation(match[0]) if SHOUTED.search(match[0]) else None
            if name:
                line, counted = line + text.count("\n", counted, match.start()), match.start()
                if not _is_numbered_rule(text, match):
                    first.setdefault(name, line)
                if _is_explained(text, match):
                    explained.update([name, *name.split("-")])
    left = {n: line for n, line in first.items() if n not in explained and n.casefold() not in terms}
    plain_words = {match[0] for each in passages for match in WORD.finditer(each.text)} if left else set()
    for name, line in left.items():
        if name.lower() not in plain_words:
            text = f'singkatan {name} tidak dijelaskan; tulis kepanjangannya, misalnya "Kepanjangan ({name})"'
            yield Remark(line, "singkatan", f"{text}, atau masukkan ke glosarium.md")


def _abbreviation(word: str) -> str | None:
    """The capitals of "PBI-JK", "e-KTP" or "PSM-nya"; None for words, numerals and what everybody knows."""
    parts = [part for part in word.split("-") if _is_capitals(part)]
    return None if all(part in KNOWN for part in parts) else "-".join(parts)


def _is_capitals(part: str) -> bool:
    letters = sum("A" <= letter <= "Z" for letter in part)
    digits = sum("0" <= letter <= "9" for letter in part)
    return letters >= 2 and letters + digits == len(part) and not ROMAN.fullmatch(part)


def _is_explained(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 30) : match.start()]
    after = text[match.end() : match.end() + 40]
    in_brackets = IN_BRACKETS.search(before) and CLOSED.match(after)
    return bool(in_brackets or CALLED.search(before) or EXPLAINED.match(after))


def _is_numbered_rule(text: str, match: re.Match[str]) -> bool:
    """True inside the number of a rule, such as 14/HUK/KEP/II/1981."""
    before = text[max(0, match.start() - 30) : match.start()].rpartition(" ")[2]
    after = text[match.end() : match.end() + 30].partition(" ")[0]
    return bool(NUMBERED_RULE.search(f"{before}{match[0]}{after}")) and "/" in before[-1:] + after[:1]


def without_legal(lines: Iterable[Line]) -> Iterable[Line]:
    """The lines people read as text: names of rules are long and full of abbreviations."""
    return chain.from_iterable(each.lines for each in sections_of(lines) if not is_legal(each.heading))


class Readability(NamedTuple):
    """All remarks in order of lines, and how many words a sentence has on average."""

    remarks: tuple[Remark, ...]
    sentence_words: float


def readability(source: str, terms: Sequence[Term]) -> Readability:
    """Return all remarks about a text; abbreviations that the glossary explains need no explanation in it."""
    lines = scan(normalised(source))[0]
    reading = readable(passages(without_legal(lines)))
    known = frozenset(folded(name) for term in terms for name in term.names)
    headings = {line.number for line in lines if line.heading}
    jargon = _jargon([each for each in reading if each.line not in headings], terms)
    remarks = [*long_sentences(reading), *unexplained(reading, known), *jargon]
    counted = [each.words for each in sentences(reading)]
    return Readability(tuple(sorted(remarks)), sum(counted) / len(counted) if counted else 0)


def _jargon(reading: Iterable[Passage], terms: Iterable[Term]) -> Iterator[Remark]:
    """The first use of each term for which the glossary has plainer words."""
    finder, seen = Finder([term for term in terms if term.plain]), set[str]()
    for passage in reading:
        text = escape(passage.text, quote=False)
        for use in finder.uses(text):
            if use.term.slug not in seen:
                seen.add(use.term.slug)
                word = f'kata "{" ".join(text[use.start : use.end].split())}" belum tentu dikenal'
                remedy = f'bila cocok, pakai "{use.term.plain}", atau jelaskan di kalimatnya'
                yield Remark(passage.line + text.count("\n", 0, use.start), "istilah", f"{word}; {remedy}")


MARKS = re.compile(r"(?:#+|[>*+-]|[0-9]+[.)])?[ \t]*(?:\[[ xX]\][ \t]*)?(?:\*\*[^*]*\.\*\*[ \t]*)?")

STAND_INS = frozenset((Path(__file__).parent / "data" / "contoh.txt").read_text(encoding="utf-8").splitlines())
"""The words of the examples that an editor puts into a text."""


def note_stand_ins(lines: Iterable[Line], notes: Notes) -> None:
    """Note the first of them under each heading."""
    told = False
    for line in lines:
        told = told and not line.heading
        text = line.text.strip()
        words = MARKS.sub("", text, count=1)
        if not line.code and not told and words in STAND_INS:
            notes.warn(line.number, f"contoh {quoted(words)} belum diganti; tulis kata Anda sendiri")
            told = True

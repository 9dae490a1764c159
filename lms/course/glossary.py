"""glosarium.md: the terms of a course, what is wrong with them, and where a text uses them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from lms.course.lesson import count_words
from lms.course.lines import Line, markdown_of, read_lines
from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import quoted, slug_of, unique

GLOSSARY = "glosarium.md"
LONGEST_TEXT = 60
LONGEST_NAME = 8
"""Words of a name; a text is asked at each of its words for no more than so many."""
SPELLED_ALIKE = str.maketrans("v-/", "f  ")
DOUBLED = re.compile(r"([a-z])\1+")
PLAIN = re.compile(r"[ \t]*kata mudah[ \t]*:[ \t]*(.*?)[ \t]*", re.IGNORECASE)
LONGEST_PLAIN = 80


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its aliases, its explanation in Markdown, and the part of an address that names it.

    `plain` is what to say instead of it, "" where the author knows nothing plainer.
    """

    names: tuple[str, ...]
    text: str
    line: int
    slug: str
    plain: str = ""

    @property
    def shown(self) -> str:
        """The explanation as readers see it, the plain words below it."""
        return f"{self.text}\n\nKata mudah: {self.plain}" if self.plain else self.text

    @property
    def name(self) -> str:
        """The name it is listed under."""
        return self.names[0]

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        return self.names[1:]


def folded(text: str) -> str:
    """Text without case, accents and repeated spaces, as names are compared and searched.

    Folded piece by piece: decomposing a long run of accents takes quadratic time.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    pieces = (unicodedata.normalize("NFKD", text[at : at + 400].casefold()) for at in range(0, len(text), 400))
    letters = "".join(letter for piece in pieces for letter in piece if not unicodedata.combining(letter))
    return " ".join(letters.split())


def parse_glossary(source: str) -> tuple[tuple[Term, ...], list[Problem]]:
    """The terms in the order they are written; what is wrong is returned, never raised."""
    notes = Notes(GLOSSARY)
    before, sections = _sections(read_lines(source, notes))
    _note_unread(before, notes)
    taken: dict[str, int] = {}
    slugs: dict[str, int] = {}
    terms = []
    for section in sections:
        names = _names(section[0], taken, notes)
        plain, text = _plain_words(section[1:], notes)
        if names:
            slug = unique(slug_of(names[0]), slugs, first=2)
            terms.append(Term(names, markdown_of(text), section[0].number, slug, plain))
            _note_text(terms[-1], text, notes)
    return tuple(terms), in_order(notes.problems)


def _sections(lines: Iterable[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The lines above the first term, and those of each term, its heading first."""
    sections: list[list[Line]] = [[]]
    for line in lines:
        if line.heading and line.heading.level == 2:
            sections.append([])
        sections[-1].append(line)
    return sections[0], sections[1:]


def _note_unread(before: Iterable[Line], notes: Notes) -> None:
    """Only a title may stand above the first term."""
    for line in before:
        if line.text.strip() and not (line.heading and line.heading.level == 1):
            notes.warn(line.number, 'teks sebelum istilah pertama tidak ditampilkan; pindahkan ke bawah "## Istilah"')
            return


def _names(line: Line, taken: dict[str, int], notes: Notes) -> tuple[str, ...]:
    """The names in a heading that no earlier one has taken; `taken` has the line of each."""
    title = line.heading.title if line.heading else ""
    written = [" ".join(name.split()).strip(" *_`") for name in title.split("|")]
    if not any(written):
        notes.galat(line.number, 'istilah belum punya nama; tulis setelah "## "')
    names = []
    for name in filter(None, written):
        key = folded(name)
        if key in taken:
            notes.galat(line.number, f"istilah {quoted(name)} sudah ada di baris {taken[key]}; hapus salah satunya")
            continue
        taken[key] = line.number
        names.append(name)
        if len(words_of(name)) > LONGEST_NAME:
            text = f"istilah {quoted(name)} lebih dari {LONGEST_NAME} kata; tidak dikenali di pelajaran, pendekkan"
            notes.warn(line.number, text)
    return tuple(names)


def _plain_words(lines: Iterable[Line], notes: Notes) -> tuple[str, list[Line]]:
    """Return the words of the line `Kata mudah: …`, and the other lines."""
    plain, others = "", []
    for line in lines:
        found = None if line.code else PLAIN.fullmatch(line.text)
        if not found:
            others.append(line)
            continue
        if plain:
            notes.warn(line.number, 'baris "Kata mudah:" ditulis dua kali; yang pertama yang dipakai, hapus yang ini')
        elif not found[1]:
            notes.warn(line.number, 'baris "Kata mudah:" belum diisi; tulis kata penggantinya, atau hapus baris ini')
        elif len(found[1]) > LONGEST_PLAIN:
            notes.warn(line.number, f"kata mudah terlalu panjang; ringkas menjadi paling banyak {LONGEST_PLAIN} huruf")
        plain = plain or found[1][:LONGEST_PLAIN]
    return plain, others


def _note_text(term: Term, lines: Iterable[Line], notes: Notes) -> None:
    if not term.text:
        notes.galat(term.line, f"istilah {quoted(term.name)} belum dijelaskan; tulis artinya di bawahnya")
    words = count_words(term.text)
    if words > LONGEST_TEXT:
        text = f"penjelasan istilah {quoted(term.name)} {words} kata; ringkas menjadi paling banyak {LONGEST_TEXT}"
        notes.warn(term.line, text)
    for line in lines:
        if line.heading:
            text = 'judul di dalam penjelasan tampil sebagai teks biasa; istilah baru ditulis dengan "## "'
            notes.warn(line.number, text)


class GlossaryEntry(NamedTuple):
    """A line of the list of all terms: a term under its own name, or an alias that points to it."""

    name: str
    term: Term


def alphabetical(terms: Iterable[Term], *, aliases: bool) -> list[tuple[str, list[GlossaryEntry]]]:
    """Every name under its letter; digits and what is no letter stand first, under "0–9"."""
    entries = [GlossaryEntry(name, term) for term in terms for name in (term.names if aliases else term.names[:1])]
    letters: dict[str, list[GlossaryEntry]] = {}
    for entry in sorted(entries, key=lambda entry: (_letter(entry.name), folded(entry.name))):
        letters.setdefault(_letter(entry.name), []).append(entry)
    return list(letters.items())


def _letter(name: str) -> str:
    first = next(filter(str.isalnum, folded(name)), "0")
    return first.upper() if first.isalpha() else "0–9"


def sounding(text: str) -> str:
    """Folded as it is searched, without what people spell differently; cari-istilah.js does the same."""
    return DOUBLED.sub(r"\1", folded(text).translate(SPELLED_ALIKE))


def matching(terms: Iterable[Term], wanted: str) -> list[Term]:
    """The terms with these words in a name or in the explanation, those that are called so first."""
    wanted = sounding(wanted)
    found = [term for term in terms if wanted in sounding(" ".join([*term.names, term.shown]))]
    return sorted(found, key=lambda term: wanted not in map(sounding, term.names))


WORD = re.compile(r"&#?[A-Za-z0-9]{1,10};|[^\W_]+")
GLUE = frozenset("-._@")
"""What makes one word of two when no space is beside it: "e-KTP", "kemensos.go.id"."""
ENDINGS = frozenset({"nya", "ku", "mu", "lah", "kah", "pun"})
"""What may hang on a word by a hyphen: "PSM-nya"."""


class Word(NamedTuple):
    """A word of a text with what stands between it and the word before."""

    gap: str
    text: str
    start: int
    end: int


class Use(NamedTuple):
    """The span of a text that names a term."""

    start: int
    end: int
    term: Term


def words_of(html: str) -> list[Word]:
    """The words of escaped text; character references are no words."""
    found: list[Word] = []
    end = 0
    for match in WORD.finditer(html):
        if match[0][0] != "&":
            gap = html[end : match.start()]
            gap = gap if gap == " " else re.sub(r"\s+", " ", gap.replace("&nbsp;", " "))
            found.append(Word(gap, match[0], match.start(), match.end()))
            end = match.end()
    return found


class Finder:
    """Finds the terms of one glossary: whole words, the longest name first, capitals of abbreviations as they are."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._names: dict[str, tuple[list[Word], Term]] = {}
        self._longest: dict[str, int] = {}
        for term in terms:
            for name in term.names:
                words = words_of(escape(name, quote=False))
                if 0 < len(words) <= LONGEST_NAME:
                    self._names.setdefault(_key(words), (words, term))
                    first = words[0].text.casefold()
                    self._longest[first] = max(len(words), self._longest.get(first, 0))

    def uses(self, html: str) -> Iterator[Use]:
        """Every use in a piece of escaped text, in order; none lies inside another."""
        words = words_of(html)
        at = 0
        while at < len(words):
            count, term = self._longest_at(words, at)
            if term:
                yield Use(words[at].start, words[at + count - 1].end, term)
            at += count

    def _longest_at(self, words: Sequence[Word], at: int) -> tuple[int, Term | None]:
        """Return the length in words of the longest name that begins here, with its term."""
        for count in range(self._longest.get(words[at].text.casefold(), 0), 0, -1):
            piece = words[at : at + count]
            written, term = self._names.get(_key(piece), ([], None))
            if len(written) == count and all(map(_is_same, written, piece)) and not _is_glued(words, at, at + count):
                return count, term
        return 1, None


def _key(words: Sequence[Word]) -> str:
    return words[0].text.casefold() + "".join(word.gap + word.text.casefold() for word in words[1:])


def _is_same(name: Word, used: Word) -> bool:
    """Words written in capitals are abbreviations and mean nothing else: "PAS" is not "pas"."""
    return name.text == used.text if len(name.text) > 1 and name.text.isupper() else True


def _is_glued(words: Sequence[Word], start: int, end: int) -> bool:
    """True for a part of a longer word, an address or the number of a rule."""
    before = start > 0 and _holds(words[start].gap, words[start - 1])
    after = end < len(words) and words[end].text.casefold() not in ENDINGS and _holds(words[end].gap, words[end])
    return before or after


def _holds(gap: str, other: Word) -> bool:
    return gap in GLUE or (gap == "/" and any(map(str.isdigit, other.text)))

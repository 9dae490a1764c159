"""A question on its way in, whatever it was written in: plain text without any marks of its own."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from lms.course.lesson import PoolKind, is_legal, pool_heading, sections_of
from lms.course.lines import scan
from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import folded, quoted, slug_of
from lms.web.plain import normalised

Kind = Literal["pilihan", "isian", "urutan", "jodoh", "bebas"]

LONGEST_SOURCE = 300_000
"""Letters; what stands behind is not read, and that is said."""
LONGEST_TEXT = 2_000
LONGEST_TITLE = 160
SHORT_NAME = 60
MOST_QUESTIONS = 500
MOST_PROBLEMS = 200
NO_TITLE = "Soal"

KEPT_JOINERS = "\u200c\u200d"
PRIVATE = re.compile("[\ue000-\ue02f]")
STRESS = str.maketrans("*_`", "\ue020\ue021\ue022")
STRESSED = {held: letter for letter, held in STRESS.items()}
"""A mark of Markdown that is meant as one waits as a letter of a private area until the rest is escaped."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, on one line."""

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """A question; each line of `prompt` and `explanation` is a paragraph, all other texts are one line.

    `line` is where it stood in what was brought: a line of text or a row of a sheet.
    """

    kind: Kind
    title: str = ""
    prompt: str = ""
    options: tuple[Option, ...] = ()
    accepted: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    line: int = 0

    @property
    def texts(self) -> Iterable[str]:
        """Everything that is written in it."""
        yield from (self.title, self.prompt, self.explanation, *self.accepted, *self.steps)
        yield from (text for option in self.options for text in (option.text, option.feedback))
        yield from (cell for pair in self.pairs for cell in pair)


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions that could be read, and everything not understood: a galat was left out, a peringatan came in."""

    questions: tuple[NewQuestion, ...]
    problems: list[Problem]


class Unreadable(Exception):
    """A question that is none of ours; the text says what is wrong and what to do."""


def plain(text: str) -> str:
    """Text on one line: single spaces, no control characters, nothing invisible."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            each
            for each in text
            if each.isspace() or each in KEPT_JOINERS or unicodedata.category(each) not in ("Cc", "Cf", "Cs")
        )
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """The lines of a text, each as `plain`, without the empty ones."""
    return "\n".join(line for part in text.splitlines() if (line := plain(part)))


def titled(text: str, name: str = "") -> tuple[str, str]:
    """(title, prompt): a short question is its own heading, a long one gets the name or its first words."""
    text, name = paragraphs(text), plain(name)
    if len(name) > LONGEST_TITLE:
        text, name = f"{name}\n{text}".rstrip(), ""
    if name and not text.startswith(name.rstrip(".… ")):
        return name, text
    if "\n" in text or len(text) > LONGEST_TITLE:
        return _short(text), text
    return text or name or NO_TITLE, ""


def _short(text: str) -> str:
    """The first words of a text."""
    first = text.partition("\n")[0]
    if len(first) <= SHORT_NAME:
        return first
    words = first[:SHORT_NAME].rpartition(" ")[0].rstrip(" ,;:.")
    return f"{words or first[:SHORT_NAME]}…"


def apart(questions: Iterable[NewQuestion], taken: Collection[str]) -> list[NewQuestion]:
    """The questions with titles whose slugs differ from each other's and from those taken.

    One that needs another title gets a number behind it, and keeps the whole of the old one in its prompt.
    """
    known, found = set(taken), []
    for question in questions:
        if slug_of(question.title) in known:
            base, prompt = _short(question.title), question.prompt or question.title
            title = next(title for at in count(2) if slug_of(title := f"{base} ({at})") not in known)
            question = replace(question, title=title, prompt=prompt)
        known.add(slug_of(question.title))
        found.append(question)
    return found


def cut(source: str, notes: Notes) -> str:
    """As much of a source as is read, without letters that stand for marks here; that there was more is noted."""
    if len(source) > LONGEST_SOURCE:
        line = source.count("\n", 0, LONGEST_SOURCE) + 1
        notes.galat(line, "tulisan lebih dari 300.000 huruf; selebihnya tidak dibaca, bagi menjadi beberapa berkas")
    return PRIVATE.sub("", source[:LONGEST_SOURCE])


def finished(questions: Sequence[NewQuestion], notes: Notes, nothing: str, line: int = 1) -> ReadQuestions:
    """The reading without what is too long or too much, which is noted; `nothing` is said where there was nothing."""
    if not questions and not notes.problems:
        notes.galat(line, nothing)
    kept: list[NewQuestion] = []
    for question in questions:
        if any(len(text) > LONGEST_TEXT for text in question.texts):
            text = f"soal {quoted(question.title)} punya teks lebih dari 2.000 huruf; pendekkan, lalu masukkan lagi"
            notes.galat(question.line, text)
        elif len(kept) == MOST_QUESTIONS:
            notes.galat(question.line, "lebih dari 500 soal; mulai baris ini tidak dibaca, masukkan terpisah")
            break
        else:
            kept.append(question)
    problems = in_order(notes.problems)
    if len(problems) > MOST_PROBLEMS:
        more = f"masih ada {len(problems) - MOST_PROBLEMS} hal lain; perbaiki yang di atas dulu, lalu coba lagi"
        problems[MOST_PROBLEMS:] = [Problem(notes.path, problems[MOST_PROBLEMS].line, "galat", more)]
    return ReadQuestions(tuple(kept), problems)


PAIRS = (("Benar", "Salah"), ("Ya", "Tidak"))
YES_NO = {"benar": "Benar", "b": "Benar", "salah": "Salah", "s": "Salah", "ya": "Ya", "tidak": "Tidak"}
"""What a key may say -> the choice that is right then."""
FREE = frozenset({"bebas", "terbuka", "uraian", "esai", "essay", "jawaban bebas", "pendapat pribadi"})
SEPARATOR = re.compile(r" ?(?:,|;|/|&|-|–|>|\bdan\b) ?| ")


def ordered_letters(text: str) -> list[str]:
    """B; A, C; "a dan c"; C-A-B: the letters in the order they were written; [] for anything else."""
    if len(text) > 60:
        return []
    parts = [part.strip("().") for part in SEPARATOR.split(text.strip().casefold()) if part.strip("(). ")]
    return [part.upper() for part in parts] if all(len(part) == 1 and "a" <= part <= "z" for part in parts) else []


def bare(key: str) -> str:
    """A key as it is compared."""
    return key.casefold().strip(" .")


def letters_of(key: str, known: Collection[str]) -> set[str]:
    """The letters of a key when all are known; "B. Menolak" counts as B."""
    letters = ordered_letters(key)
    if not letters and re.match(r"\(?[A-Za-z][.)] ", key):
        letters = [key.lstrip("(")[0].upper()]
    return set(letters) if set(letters) <= set(known) else set()


def right_letters(key: str, options: Mapping[str, str]) -> set[str]:
    """The letters of the choices that a key names, or whose very text it says."""
    said = bare(key)
    return letters_of(key, options) or {letter for letter, text in options.items() if said and bare(text) == said}


def yes_or_no(right: str, feedback: Sequence[str] = ("", "")) -> tuple[Option, ...]:
    """Both choices; none is right where it is not known which."""
    words = next((pair for pair in PAIRS if right in pair), PAIRS[0])
    return tuple(Option(word, word == right, told) for word, told in zip(words, feedback, strict=True))


def accepted_in(key: str) -> tuple[str, ...]:
    """The texts of a written answer, divided by |."""
    return tuple(dict.fromkeys(text for part in key.split("|") if (text := part.strip())))


ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9._:/?#@!$()+,;=%-]+")
SPAN = re.compile(r"[\\`*~\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?! |$)|&(?=#?[A-Za-z0-9]{1,32};)|#+$")
START = re.compile(r"[-+>#]|[0-9]{1,9}(?=[.)](?: |$))")
ANSWER_WORD = re.compile(r"(jawaban|urutkan|jodohkan) ?(?=:)", re.IGNORECASE)
LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
HEADS = ("Pernyataan", "Pasangan")
POOL_HEADINGS: dict[PoolKind, str] = {"latihan": "## Latihan", "kuis": "## Kuis"}


class NoPlace(Exception):
    """The lesson can't take questions as it stands; the text says why, in Indonesian."""


def as_markdown(questions: Iterable[NewQuestion]) -> str:
    """The questions below their headings, one empty line between blocks, a line end at the end."""
    return "\n\n".join(_question(question) for question in questions).translate(STRESSED) + "\n"


def _question(question: NewQuestion) -> str:
    blocks = [f"### {escaped(question.title)}", *_paragraphs(question.prompt)]
    blocks += _answers(question)
    return "\n\n".join([*blocks, *_paragraphs(question.explanation)])


def _paragraphs(text: str) -> list[str]:
    return [escaped(line) for line in text.split("\n") if line]


def _answers(question: NewQuestion) -> list[str]:
    if question.kind == "pilihan":
        return ["\n".join(line for option in question.options for line in _option(option))]
    if question.kind == "urutan":
        return ["Urutkan:", "\n".join(f"{at}. {escaped(step)}" for at, step in enumerate(question.steps, 1))]
    if question.kind == "jodoh":
        rows = [HEADS, ("---", "---"), *((escaped(left), escaped(right)) for left, right in question.pairs)]
        return ["Jodohkan:", "\n".join(f"| {_cell(left)} | {_cell(right)} |" for left, right in rows)]
    return [f"Jawaban: {'bebas' if question.kind == 'bebas' else _accepted(question.accepted)}".rstrip()]


def _option(option: Option) -> list[str]:
    lines = [f"- [{'x' if option.right else ' '}] {escaped(option.text)}"]
    return [*lines, f"  > {escaped(option.feedback)}"] if option.feedback else lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _accepted(texts: Iterable[str]) -> str:
    """Write the accepted answers; they are no Markdown, and a lone "bebas" would open a question without a key."""
    written = " | ".join(_cell(text) for text in texts)
    return f"{written} |" if written.strip(" .").casefold() == "bebas" else written


def escaped(text: str) -> str:
    """One line of plain text as Markdown that shows nothing but it; addresses stay as they are."""
    pieces, end = [], 0
    for address in ADDRESS.finditer(text):
        pieces += [SPAN.sub(r"\\\g<0>", text[end : address.start()]), address[0]]
        end = address.end()
    line = "".join([*pieces, SPAN.sub(r"\\\g<0>", text[end:])])
    if match := START.match(line):
        at = match.end() if match[0].isdigit() else 0
        return f"{line[:at]}\\{line[at:]}"
    if match := ANSWER_WORD.match(line):
        return f"{line[: match.end()]}\\{line[match.end() :]}"
    return line


def put_into(source: str, kind: PoolKind, markdown: str, subject: str = "") -> str:
    """A text with the questions at the end of its last pool of this kind, or in a new one, practice before the quiz;
    every other letter stays, the kind of line ends too. In the bank of the tests `subject` is the materi that names the
    pool. Raises NoPlace.
    """
    lines, open_fence = scan(normalised(source))
    if open_fence:
        raise NoPlace(f"Blok kode di baris {open_fence} pelajaran ini belum ditutup; tutup dulu di penyunting.")
    sections = sections_of(lines)
    found = [(section, pool) for section in sections if (pool := pool_heading(section))]
    pools = [
        section
        for section, pool in found
        if pool.kind == kind and (not subject or folded(pool.name) == folded(subject))
    ]
    if pools:
        written = [line.number for line in pools[-1].lines if line.text.strip()]
        return _inserted(source, written[-1], markdown)
    after = [section for section in sections if is_legal(section.heading)]
    if kind == "latihan":
        after += [section for section, _ in found]
    end = min((section.lines[0].number for section in after), default=len(lines) + 1)
    written = [line.number for line in lines if line.text.strip() and line.number < end]
    return _inserted(source, written[-1] if written else 0, f"{_heading(kind, subject, markdown)}\n\n{markdown}")


def _heading(kind: PoolKind, subject: str, markdown: str) -> str:
    """Write the heading of a new pool; a test may draw half of its questions."""
    half = max(1, sum(line.startswith("### ") for line in markdown.split("\n")) // 2)
    return f"{POOL_HEADINGS[kind]}: {subject} (ambil {half})" if subject else POOL_HEADINGS[kind]


def _inserted(source: str, after: int, text: str) -> str:
    """The text as paragraphs of its own behind line `after`."""
    lines = LINE.findall(source)
    newline = next((line[len(line.rstrip("\r\n")) :] for line in lines), "") or "\n"
    text, behind = text.replace("\n", newline), "".join(lines[after:])
    if not after:
        return text + behind
    before = "".join(lines[:after])
    end = "" if before.endswith(("\r", "\n")) else newline
    gap = newline if behind and not behind.startswith(("\r", "\n")) else ""
    return before + end + newline + text + gap + behind

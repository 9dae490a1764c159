"""A question on its way in, whatever it was written in: plain text without any marks of its own."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import quoted, slug_of

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
TRUE, FALSE = "Benar", "Salah"


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
class Reading:
    """What could be read, and everything that was not understood: a galat was left out, a peringatan came in."""

    questions: tuple[NewQuestion, ...]
    problems: list[Problem]


def plain(text: str) -> str:
    """Text on one line: single spaces, no control characters, nothing invisible."""
    return " ".join(_seen(text).split())


def paragraphs(text: str) -> str:
    """The lines of a text, each as `plain`, without the empty ones."""
    return "\n".join(line for part in text.splitlines() if (line := plain(part)))


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs") or letter in KEPT_JOINERS
        else " "
        if letter in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85"
        else ""
        for letter in text
    )


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
    """The questions with titles whose slugs differ from each other's and from those taken."""
    known, found = set(taken), []
    for question in questions:
        if slug_of(question.title) in known:
            question = _renamed(question, known)
        known.add(slug_of(question.title))
        found.append(question)
    return found


def _renamed(question: NewQuestion, known: Collection[str]) -> NewQuestion:
    """A short title with a number behind it; the whole question stays in the prompt."""
    prompt = question.prompt if question.prompt else question.title
    base, number = _short(question.title), 2
    while slug_of(f"{base} ({number})") in known:
        number += 1
    return replace(question, title=f"{base} ({number})", prompt=prompt)


def cut(source: str, notes: Notes) -> str:
    """As much of a source as is read; that there was more is noted."""
    if len(source) > LONGEST_SOURCE:
        line = source.count("\n", 0, LONGEST_SOURCE) + 1
        notes.galat(line, "tulisan lebih dari 300.000 huruf; selebihnya tidak dibaca, bagi menjadi beberapa berkas")
    return source[:LONGEST_SOURCE]


def finished(questions: Sequence[NewQuestion], notes: Notes) -> Reading:
    """The reading without what is too long or too much, which is noted."""
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
    return Reading(tuple(kept), problems)

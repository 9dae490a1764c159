"""The common part of all kinds of question, and the block of lines a question is read from."""

import hashlib
import random
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from lms.course.lines import Line, markdown_of
from lms.course.problems import Notes

Value = tuple[str, ...]
"""What a person answered, for every kind: the keys chosen, in order, or one text."""


class Askable(Protocol):
    """A thing that an attempt asks, as far as saving its answers goes: a question, or a field of a form."""

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        """Clean an answer that comes from a client."""


LONGEST_SLUG = 80
NO_TITLE = "soal"


def digest(text: str) -> str:
    """SHA-256 in hex; a lone surrogate, which no file can hold, is hashed rather than refused."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def key_of(text: str) -> str:
    """The key of a choice: it says nothing about whether the choice is right."""
    return digest(text)[:8]


def slug_of(heading: str, without: str = NO_TITLE) -> str:
    """Lower-case ASCII letters, digits and hyphens, at most 80; `without` where nothing is left.

    The heading is cut first: decomposing a long run of accents takes quadratic time.
    """
    folded = unicodedata.normalize("NFKD", heading[:400]).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    return slug[:LONGEST_SLUG].rstrip("-") or without


def folded(title: str) -> str:
    """A title, a label or a name as it is compared: case and repeated spaces do not count."""
    return " ".join(title.casefold().split())


def unique(name: str, taken: dict[str, int], first: int) -> str:
    """The name, with a number behind it, from `first` on, where it is taken already; `taken` gets it."""
    candidate = name
    while candidate in taken:
        candidate = f"{name}-{taken[name]}"
        taken[name] += 1
    taken[candidate] = first
    return candidate


def quoted(text: str) -> str:
    """Text in quotation marks for a message, cut where it gets long."""
    flat = " ".join(text[:400].split())
    return f'"{flat}"' if len(flat) <= 60 else f'"{flat[:57].rstrip()}…"'


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one question, and where to note what is wrong in them."""

    title: str
    line: int
    source: str
    body: list[Line]
    notes: Notes

    @property
    def name(self) -> str:
        """The question as a message names it."""
        return f"soal {quoted(self.title)}"

    def note_texts(self, texts: Iterable[tuple[int, str]], what: str) -> None:
        """Note what is empty among texts, each with its line, and what stands there twice."""
        seen: set[str] = set()
        folded: set[str] = set()
        for line, text in texts:
            if not text:
                self.notes.galat(line, f"ada {what} kosong pada {self.name}; tulis teksnya atau hapus barisnya")
            elif text in seen:
                self.notes.galat(line, f"{what} {quoted(text)} ditulis dua kali; ubah atau hapus salah satunya")
            elif text.casefold() in folded:
                said = f"{what} {quoted(text)} hanya berbeda huruf besar dan kecil dari yang di atasnya"
                self.notes.warn(line, f"{said}; biarkan bila memang itu yang ditanyakan")
            seen.add(text)
            folded.add(text.casefold())


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question as its author wrote it; prompt and explanation are Markdown."""

    slug: str
    title: str
    prompt: str
    explanation: str
    line: int
    source: str

    kind: ClassVar[str]
    label: ClassVar[str]
    mark: ClassVar[re.Pattern[str]]
    """The line that shows that a question is of this kind."""
    counted: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def read(cls, block: Block, at: int) -> "Question":
        """Read the question of a block whose line `at` carries the mark."""

    @property
    def hash(self) -> str:
        """SHA-256 of the source text: no later parser changes it."""
        return digest(self.source)

    @property
    def items(self) -> dict[str, str]:
        """Key to Markdown of what is shown to choose from; empty where a person writes."""
        return {}

    @property
    def key(self) -> Value:
        """The right answer as a person would give it; empty where a person writes."""
        return ()

    @property
    def choices(self) -> int:
        """The number of things to choose, order or match."""
        return len(self.key)

    @property
    def right(self) -> int:
        """The number of right ones among them; for a written answer, of accepted texts."""
        return len(self.key)

    def is_right(self, value: Value) -> bool:
        """All or nothing."""
        return bool(value) and value == self.key

    def same(self, value: Value, other: Value) -> bool:
        """Tell whether two answers say the same: a ruling names one, and holds for all who gave it."""
        return value == other

    def answer_text(self) -> str:
        """The right answer as Markdown, for the result page; "" where none is right."""
        return ""

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        """The keys in the order they are shown."""
        keys = list(self.items)
        if not fixed:
            rng.shuffle(keys)
        return tuple(keys)

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        """Clean an answer that comes from a client of unknown keys and doubles."""
        known = set(shown)
        return tuple(dict.fromkeys(key for key in value if key in known))

    def is_blank(self, value: Value) -> bool:
        """True when nothing was answered."""
        return not any(part.strip() for part in value)

    def is_complete(self, value: Value) -> bool:
        """True when nothing is left to answer."""
        return not self.is_blank(value)


def common(block: Block, at: int, rest: list[Line]) -> dict[str, str]:
    """The texts every question has: its prompt stands before the mark, its explanation is the rest."""
    return {
        "slug": slug_of(block.title),
        "title": block.title,
        "source": block.source,
        "prompt": markdown_of(block.body[:at]),
        "explanation": markdown_of(rest),
    }


def misplaced(rng: random.Random, right: Sequence[str]) -> Value:
    """A random order of distinct keys, never the right one where there is another."""
    order = list(dict.fromkeys(right))
    rng.shuffle(order)
    if len(order) > 1 and order == list(dict.fromkeys(right)):
        turn = rng.randrange(1, len(order))
        order = order[turn:] + order[:turn]
    return tuple(order)

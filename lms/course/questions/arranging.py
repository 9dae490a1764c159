"""Questions answered by matching what stands left with what stands right in a table."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from lms.course.lines import Line, read_items
from lms.course.questions.base import Block, Question, Value, common, key_of, misplaced
from lms.course.questions.choice import as_list

CELL_END = re.compile(r"(?<!\\)\|")
RULE_CELL = re.compile(r"[ \t]*:?-+:?[ \t]*$")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: what is asked, and the key and text of what belongs to it."""

    left: str
    right: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """A table of two columns; equal cells on the right have one key and are interchangeable."""

    pairs: tuple[Pair, ...]

    kind: ClassVar[str] = "jodoh"
    label: ClassVar[str] = "Pilih pasangan yang cocok"
    mark: ClassVar[re.Pattern[str]] = re.compile(r"[ \t]{0,3}jodohkan[ \t]*:[ \t]*$", re.IGNORECASE)

    @classmethod
    def read(cls, block: Block, at: int) -> "Matching":
        """Read the table below the mark."""
        below = block.body[at + 1 :]
        blank = len(list(takewhile(lambda line: not line.text.strip(), below)))
        table = list(takewhile(_is_row, below[blank:]))
        rest = below[blank + len(table) :]
        rows = [(line.number, _cells(line.text)) for line in table]
        with_head = len(rows) > 1 and all(RULE_CELL.match(cell) for cell in rows[1][1])
        body = rows[2:] if with_head else []
        _note_faults(block, body)
        pairs = tuple(Pair(cells[0], cells[1], key_of(cells[1])) for _, cells in body if len(cells) == 2)
        return cls(pairs=pairs, line=block.line, **common(block, at, rest))

    @property
    def items(self) -> dict[str, str]:
        return {pair.key: pair.right for pair in self.pairs}

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        return misplaced(rng, list(self.items))

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        known = set(shown)
        chosen = [key if key in known else "" for key in value[: len(self.pairs)]]
        return tuple(chosen + [""] * (len(self.pairs) - len(chosen)))

    def is_complete(self, value: Value) -> bool:
        return len(value) == len(self.pairs) and all(value)

    @property
    def key(self) -> Value:
        return tuple(pair.key for pair in self.pairs)

    def answer_text(self) -> str:
        return as_list("-", [f"{pair.left}: {pair.right}" for pair in self.pairs])


def _is_row(line: Line) -> bool:
    return not line.code and "|" in line.text


def _cells(text: str) -> list[str]:
    row = text.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.replace("\\|", "|").strip() for cell in CELL_END.split(row)]


def _note_faults(block: Block, rows: Sequence[tuple[int, list[str]]]) -> None:
    if len(rows) < 2:
        remedy = 'di bawah "Jodohkan:" tulis tabel dua kolom dengan paling sedikit dua baris isi'
        block.notes.galat(block.line, f"{block.name} tidak punya jawaban benar; {remedy}")
    for number, cells in rows:
        if len(cells) != 2:
            text = f"baris tabel {block.name} punya {len(cells)} kolom, seharusnya dua"
            block.notes.galat(number, f"{text}; tulis garis tegak di dalam sel sebagai \\|")
        elif not all(cells):
            block.notes.galat(number, f"ada sel kosong pada {block.name}; isi kedua kolomnya")
    block.note_texts(((number, cells[0]) for number, cells in rows if all(cells)), "sisi kiri")


NUMBERED = re.compile(r"([ \t]*[0-9]{1,9}[.)](?:[ \t]+|$))(.*)")


@dataclass(frozen=True, kw_only=True)
class Ordering(Question):
    """`steps` stand in the right order."""

    steps: tuple[str, ...]

    kind: ClassVar[str] = "urutan"
    label: ClassVar[str] = "Susun dari langkah pertama"
    mark: ClassVar[re.Pattern[str]] = re.compile(r"[ \t]{0,3}urutkan[ \t]*:[ \t]*$", re.IGNORECASE)

    @classmethod
    def read(cls, block: Block, at: int) -> "Ordering":
        """Read the numbered list below the mark; its numbers themselves say nothing."""
        listed = read_items(block.body[at + 1 :], NUMBERED)
        block.note_texts(((item.line, item.markdown) for item in listed.items), "langkah")
        if len(listed.items) < 2:
            remedy = 'di bawah "Urutkan:" tulis daftar bernomor dengan paling sedikit dua langkah'
            block.notes.galat(block.line, f"{block.name} tidak punya jawaban benar; {remedy}")
        steps = tuple(item.markdown for item in listed.items)
        return cls(steps=steps, line=block.line, **common(block, at, listed.between + listed.rest))

    @property
    def items(self) -> dict[str, str]:
        return {key_of(step): step for step in self.steps}

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        return misplaced(rng, list(self.items))

    def is_complete(self, value: Value) -> bool:
        return len(value) == len(self.items)

    @property
    def key(self) -> Value:
        return tuple(self.items)

    def answer_text(self) -> str:
        numbered = (f"{number}. {step}" for number, step in enumerate(self.steps, 1))
        return "\n".join(step.replace("\n", "\n   ") for step in numbered)

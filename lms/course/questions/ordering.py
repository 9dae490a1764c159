"""Questions answered by putting things in order."""

import random
import re
from dataclasses import dataclass
from typing import ClassVar

from lms.course.lines import read_items
from lms.course.questions.base import Block, Question, Value, common, key_of, misplaced, quoted

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
        seen: set[str] = set()
        for item in listed.items:
            if not item.markdown:
                block.notes.galat(item.line, f"ada langkah kosong pada {block.name}; tulis teksnya atau hapus barisnya")
            elif item.markdown in seen:
                text = f"langkah {quoted(item.markdown)} ditulis dua kali; ubah atau hapus salah satunya"
                block.notes.galat(item.line, text)
            seen.add(item.markdown)
        if len(listed.items) < 2:
            remedy = 'di bawah "Urutkan:" tulis daftar bernomor dengan paling sedikit dua langkah'
            block.notes.galat(block.line, f"{block.name} tidak punya jawaban benar; {remedy}")
        steps = tuple(item.markdown for item in listed.items)
        return cls(steps=steps, line=block.line, **common(block, at, listed.between + listed.rest))

    @property
    def items(self) -> dict[str, str]:
        return {key_of(step): step for step in self.steps}

    @property
    def choices(self) -> int:
        return len(self.steps)

    @property
    def right(self) -> int:
        return len(self.steps)

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        return misplaced(rng, list(self.items))

    def is_complete(self, value: Value) -> bool:
        return len(value) == len(self.items)

    @property
    def key(self) -> Value:
        return tuple(self.items)

    def is_right(self, value: Value) -> bool:
        return bool(value) and value == self.key

    def answer_text(self) -> str:
        numbered = (f"{number}. {step}" for number, step in enumerate(self.steps, 1))
        return "\n".join(step.replace("\n", "\n   ") for step in numbered)

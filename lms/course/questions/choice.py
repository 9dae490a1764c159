"""Questions answered by choosing: one right choice, or several."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lms.course.lines import ListItem, read_items
from lms.course.problems import runs
from lms.course.questions.base import Block, Question, Value, common, key_of

BOX = re.compile(r"([ \t]*(?:[-+][ \t]*|\*[ \t]+))\[([^\[\]]{0,3})\](?![(\[:])[ \t]*(.*)")
RIGHT = ("x", "X")
BOXES = (" ", *RIGHT)
KEEPS_ORDER = ({"benar", "salah"}, {"ya", "tidak"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; text and feedback are Markdown."""

    key: str
    text: str
    right: bool
    feedback: str
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class SingleChoice(Question):
    """Exactly one choice is right: radio buttons."""

    options: tuple[Choice, ...]

    kind: ClassVar[str] = "pilihan"
    label: ClassVar[str] = "Pilih satu jawaban"
    mark: ClassVar[re.Pattern[str]] = BOX

    @classmethod
    def read(cls, block: Block, at: int) -> "SingleChoice":
        """Read choices and their feedback; two right ones make a MultipleChoice."""
        listed = read_items(block.body[at:], BOX, with_quote=True)
        options = tuple(_choice(item) for item in listed.items)
        _note_boxes(block, listed.items)
        _note_faults(block, options)
        _note_missing_feedback(block, listed.items, options)
        if listed.between:
            text = f"ada teks di antara pilihan {block.name}; pindahkan ke atas pilihan pertama"
            remedy = "atau beri dua spasi di depannya bila bagian dari pilihan"
            block.notes.warn(listed.between[0].number, f"{text}, {remedy}")
        kind = MultipleChoice if sum(option.right for option in options) > 1 else SingleChoice
        return kind(options=options, line=block.line, **common(block, at, listed.between + listed.rest))

    @property
    def items(self) -> dict[str, str]:
        return {option.key: option.text for option in self.options}

    @property
    def choices(self) -> int:
        return len(self.options)

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        words = {option.text.strip(" .*_").casefold() for option in self.options}
        return super().shown(rng, fixed or words in KEEPS_ORDER)

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        return super().clean(value, shown)[:1]

    @property
    def key(self) -> Value:
        return tuple(option.key for option in self.options if option.right)

    def is_right(self, value: Value) -> bool:
        return bool(self.key) and self.same(value, self.key)

    def same(self, value: Value, other: Value) -> bool:
        return bool(value) and set(value) == set(other)

    def answer_text(self) -> str:
        right = [option.text for option in self.options if option.right]
        return right[0] if len(right) == 1 else as_list("-", right)


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(SingleChoice):
    """Two or more choices are right: check boxes, all or nothing."""

    kind: ClassVar[str] = "pilihan-ganda"
    label: ClassVar[str] = "Pilih semua yang benar"

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        return Question.clean(self, value, shown)


def as_list(mark: str, texts: Sequence[str]) -> str:
    """A Markdown list; further lines of an item are indented below its text."""
    indent = "\n" + " " * (len(mark) + 1)
    return "\n".join(f"{mark} {text}".replace("\n", indent) for text in texts)


def _choice(item: ListItem) -> Choice:
    text = item.markdown
    feedback = "\n".join(item.quote).strip()
    return Choice(key_of(text), text, item.match[2] in RIGHT, feedback, item.line)


def _note_boxes(block: Block, items: list[ListItem]) -> None:
    for item in items:
        if item.match[2] not in BOXES:
            text = f"kotak [{item.match[2]}] tidak dikenal; tulis [x] untuk benar atau [ ] untuk salah"
            block.notes.galat(item.line, text)


def _note_faults(block: Block, options: Sequence[Choice]) -> None:
    right = sum(option.right for option in options)
    if not right:
        block.notes.galat(block.line, f"{block.name} tidak punya jawaban benar; tandai dengan [x]")
    if len(options) == 1:
        block.notes.galat(block.line, f"{block.name} hanya punya satu pilihan; tambahkan pilihan lain")
    elif right and right == len(options):
        text = f"semua pilihan {block.name} ditandai benar; beri setidaknya satu pilihan salah dengan [ ]"
        block.notes.galat(block.line, text)
    block.note_texts(((option.line, " ".join(option.text.split())) for option in options), "pilihan")


def _note_missing_feedback(block: Block, items: list[ListItem], options: Sequence[Choice]) -> None:
    wrong = [option for item, option in zip(items, options, strict=True) if item.match[2] == " "]
    lines = [option.line for option in wrong if option.text and not option.feedback]
    if lines:
        text = f"{len(lines)} pilihan salah belum punya umpan balik: baris {runs(lines)}"
        block.notes.warn(lines[0], f'{text}; tulis alasannya di baris bawahnya, diawali ">"')

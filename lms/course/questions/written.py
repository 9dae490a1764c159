"""Questions answered by writing: a short answer that is judged, a reflection that is not."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lms.course.questions.answers import accepts, reversed_range
from lms.course.questions.base import Block, Question, Value, common, quoted

LONGEST_TEXT = 2_000
ANSWER = re.compile(r"[ \t]{0,3}jawaban[ \t]*:(.*)", re.IGNORECASE)
BAR = re.compile(r"(?<!\\)\|")
SPECIAL = re.compile(r"([\\`*_\[\]])")


def clean_text(value: Sequence[str]) -> Value:
    """The first text without NUL and half characters, cut to 2,000 characters; nothing when it is blank."""
    text = value[0][:LONGEST_TEXT].replace("\0", "") if value else ""
    text = text.encode("utf-8", "ignore").decode()
    return (text,) if text.strip() else ()


@dataclass(frozen=True, kw_only=True)
class WrittenQuestion(Question):
    """What a short answer and a reflection share: the value is one text."""

    @property
    def items(self) -> dict[str, str]:
        return {}

    @property
    def choices(self) -> int:
        return 0

    @property
    def key(self) -> Value:
        return ()

    def shown(self, rng: random.Random, fixed: bool) -> Value:
        return ()

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        return clean_text(value)


@dataclass(frozen=True, kw_only=True)
class ShortAnswer(WrittenQuestion):
    """`accepted` are the texts, numbers and ranges that count as right."""

    accepted: tuple[str, ...]

    kind: ClassVar[str] = "isian"
    label: ClassVar[str] = "Tulis jawaban singkat"
    mark: ClassVar[re.Pattern[str]] = ANSWER

    @classmethod
    def read(cls, block: Block, at: int) -> "Question":
        """Read what is accepted; `bebas` makes a Reflection."""
        match = ANSWER.match(block.body[at].text)
        written = match[1].strip() if match else ""
        texts = common(block, at, block.body[at + 1 :])
        if written.strip(" .").casefold() == "bebas":
            return Reflection(line=block.line, **texts)
        parts = [part.replace("\\|", "|").strip() for part in BAR.split(written)]
        accepted = tuple(part[:LONGEST_TEXT] for part in parts if part)
        number = block.body[at].number
        if not accepted:
            block.notes.galat(number, f'{block.name} tidak punya jawaban benar; tulis setelah "Jawaban:"')
        for part in filter(reversed_range, accepted):
            block.notes.galat(number, f"rentang {quoted(part)} terbalik; tulis angka yang kecil dahulu")
        return cls(accepted=accepted, line=block.line, **texts)

    @property
    def right(self) -> int:
        return len(self.accepted)

    def is_right(self, value: Value) -> bool:
        if len(value) != 1 or self.is_blank(value):
            return False
        return any(accepts(wanted, value[0][:LONGEST_TEXT]) for wanted in self.accepted)

    def same(self, value: Value, other: Value) -> bool:
        return len(value) == 1 and len(other) == 1 and accepts(other[0], value[0][:LONGEST_TEXT])

    def answer_text(self) -> str:
        words = [SPECIAL.sub(r"\\\1", text.replace("..", " sampai ")) for text in self.accepted]
        return f"{words[0]} (juga diterima: {'; '.join(words[1:])})" if len(words) > 1 else "".join(words)


@dataclass(frozen=True, kw_only=True)
class Reflection(WrittenQuestion):
    """Asked, kept, read by the trainer; never drawn and never counted."""

    kind: ClassVar[str] = "bebas"
    label: ClassVar[str] = "Tulis dengan kata Anda sendiri"
    mark: ClassVar[re.Pattern[str]] = ANSWER
    counted: ClassVar[bool] = False

    @classmethod
    def read(cls, block: Block, at: int) -> "Question":
        """Read what stands around the mark."""
        return ShortAnswer.read(block, at)

    @property
    def right(self) -> int:
        return 0

    def is_right(self, value: Value) -> bool:
        return False

    def answer_text(self) -> str:
        return ""

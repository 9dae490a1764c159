"""Questions answered by writing: a short answer that is judged, a reflection that is not."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

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
    """The common part of a short answer and a reflection: the value is one text."""

    mark: ClassVar[re.Pattern[str]] = ANSWER

    @classmethod
    def read(cls, block: Block, at: int) -> "WrittenQuestion":
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
        return ShortAnswer(accepted=accepted, line=block.line, **texts)

    def clean(self, value: Sequence[str], shown: Sequence[str]) -> Value:
        return clean_text(value)


@dataclass(frozen=True, kw_only=True)
class ShortAnswer(WrittenQuestion):
    """`accepted` are the texts, numbers and ranges that count as right."""

    accepted: tuple[str, ...]

    kind: ClassVar[str] = "isian"
    label: ClassVar[str] = "Tulis jawaban singkat"

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
    counted: ClassVar[bool] = False


QUOTES_AND_DASHES = str.maketrans("‘’ʼ`“”‐‑‒–—−", "''''\"\"------")
THOUSANDS = re.compile(r"\.(?=[0-9]{3}(?![0-9]))")
WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def accepts(wanted: str, answer: str) -> bool:
    """True when the answer is what the author wrote: a text, a number, or a range `58..60`."""
    number = as_number(answer)
    limits = as_range(wanted)
    if limits and number is not None:
        return limits[0] <= number <= limits[1]
    wanted_number = as_number(wanted)
    if wanted_number is not None and number is not None:
        return wanted_number == number
    return bare(wanted) == bare(answer)


def as_range(text: str) -> tuple[Decimal, Decimal] | None:
    """The limits of `58..60`, both included."""
    low, dots, high = text.partition("..")
    limits = (as_number(low), as_number(high)) if dots else (None, None)
    return (limits[0], limits[1]) if limits[0] is not None and limits[1] is not None else None


def reversed_range(text: str) -> bool:
    """True for a range no number lies in."""
    limits = as_range(text)
    return limits is not None and limits[0] > limits[1]


def as_number(text: str) -> Decimal | None:
    """The number an Indonesian means: "1.500" is 1500, "3,5" and "3.5" are three and a half."""
    plain = _folded(text).replace("rp.", "").replace("rp", "").replace("%", "")
    plain = "".join(plain.split()).rstrip(".,;:!?-'\")").lstrip("'\"(")
    whole, comma, decimals = plain.partition(",")
    whole = THOUSANDS.sub("", whole)
    if comma and ("." in whole or not decimals.isdigit()):
        return None
    plain = f"{whole or '0'}.{decimals}" if comma else whole
    return Decimal(plain) if NUMBER.fullmatch(plain) else None


def bare(text: str) -> str:
    """Text without case, accents, punctuation at its ends and repeated spaces.

    What is nothing but punctuation keeps it, so that "?" is not the same answer as "!".
    """
    folded = " ".join(_folded(text).split())
    start, end = 0, len(folded)
    while start < end and _is_edge(folded[start]):
        start += 1
    while end > start and _is_edge(folded[end - 1]):
        end -= 1
    return folded[start:end] or folded


def words_of(text: str) -> list[str]:
    """The runs of letters and digits, without case and accents: "09.40" and "09:40" are the same two words."""
    return WORD.findall(_folded(text))


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(QUOTES_AND_DASHES)).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _is_edge(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter).startswith("P")

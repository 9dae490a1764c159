"""GIFT, the text format in which Moodle and many spreadsheets hand questions on.

The format is described at https://docs.moodle.org/en/GIFT_format. What we have no word for (shares of a point, free
stars, pictures, categories) is said with its line.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from lms.authoring.intake import draft
from lms.authoring.intake.draft import LONGEST_TEXT, NewQuestion, Option, ReadQuestions, Unreadable, plain, yes_or_no
from lms.course.problems import Notes
from lms.course.questions.base import quoted
from lms.web.plain import normalised

SPECIAL = "~=#{}:>-%\\"
HELD = {letter: chr(0xE000 + at) for at, letter in enumerate(SPECIAL)}
"""An escaped letter waits as one of a private area until everything is taken apart."""
HOLD = str.maketrans(HELD)
NEW_LINE = chr(0xE000 + len(SPECIAL))
RELEASE = str.maketrans({held: letter for letter, held in HELD.items()} | {NEW_LINE: "\n"})
# Moodle shows the stroke before a sign that needs none; nobody who reads the question wants to see it.
ESCAPE = re.compile(r"\\([~=#{}:>%\\?!.,;\"'-])")
WITH_ATTRIBUTES = re.compile(
    r"<[A-Za-z][A-Za-z0-9]*(?:\s+[A-Za-z-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"'=~{}]+))+\s*/?>"
)
NAME = re.compile(r"::(.*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,5})?)%")
MARK = re.compile(r"([=~])")
BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
PICTURE = re.compile(r"<img\b[^<>]*>?", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,9})?")
VERDICTS = {"T": "Benar", "TRUE": "Benar", "F": "Salah", "FALSE": "Salah"}
BLANK = " _____ "
FULL = 100.0


class GiftAnswer(NamedTuple):
    """One answer: `=` or `~`, percent of the point, its text and its feedback as they were written."""

    mark: str
    weight: float
    text: str
    feedback: str


def read_gift(source: str) -> ReadQuestions:
    """Every question of a GIFT file; what could not be read is in the problems."""
    notes = Notes("GIFT")
    text = ESCAPE.sub(_held, normalised(draft.cut(source, notes)))
    text = WITH_ATTRIBUTES.sub(lambda tag: tag[0].translate(HOLD), text)
    questions: list[NewQuestion] = []
    for line, block in _blocks(text.replace("\\n", NEW_LINE), notes):
        if len(questions) > draft.MOST_QUESTIONS:
            break
        try:
            questions.append(_question(line, block, notes))
        except Unreadable as error:
            notes.galat(line, str(error))
    return draft.finished(questions, notes, "tidak ada soal di sini; tulis seperti “Berapa 2 + 2? {=4}”")


def _held(escaped: re.Match[str]) -> str:
    return HELD.get(escaped[1], escaped[1])


def _blocks(text: str, notes: Notes) -> list[tuple[int, str]]:
    """(first line, text) of the questions, their escaped letters held back: an empty line ends one, but not inside its
    braces when they are closed further down."""
    blocks: list[tuple[int, str]] = []
    lines: list[str] = []
    start, told = 0, False
    for number, line in enumerate([*text.split("\n"), ""], 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            continue
        if stripped.startswith("$CATEGORY"):
            if not told:
                notes.warn(number, "$CATEGORY tidak dipakai; pelajaran dan bagiannya Anda pilih sendiri")
            stripped, told = "", True
        if stripped:
            start = start if lines else number
            lines.append(line)
        elif lines:
            block = "\n".join(lines)
            if blocks and _closes(block, blocks[-1][1]):
                start, above = blocks.pop()
                block = f"{above}\n{block}"
            blocks.append((start, block))
            lines = []
    return blocks


def _closes(block: str, above: str) -> bool:
    """Whether a block closes the braces of the one above."""
    _, brace, behind = above.rpartition("{")
    is_open = brace and "}" not in behind and len(above) < LONGEST_TEXT
    return bool(is_open) and "}" in block.partition("{")[0]


def _question(line: int, block: str, notes: Notes) -> NewQuestion:
    name = NAME.match(block.lstrip())
    rest = block.lstrip()[name.end() :] if name else block
    before, brace, behind = rest.partition("{")
    answers, closing, after = behind.partition("}")
    shown = quoted(plain((name[1] if name else before).translate(RELEASE)))
    if not brace:
        raise Unreadable(f'tidak ada kurung {{…}} pada {shown}, jadi ini bukan soal; tulis jawabannya di dalam "{{…}}"')
    if not closing:
        raise Unreadable(f'kurung "{{" pada {shown} tidak ditutup; tambahkan "}}" di akhir jawabannya')
    if "{" in after or "}" in after:
        raise Unreadable(f"ada lebih dari satu kurung {{…}} pada {shown}; tulis \\{{ dan \\}} bila bagian dari kalimat")
    if PICTURE.search(rest):
        notes.warn(line, f"gambar pada {shown} tidak ikut; pasang lagi setelah soalnya masuk")
    found = FORMAT.match(before)
    kind = found[1].lower() if found else ""
    text = _text(before + (BLANK + after if after.strip() else ""), kind)
    title, prompt = draft.titled(text, _text(name[1], "") if name else "")
    body, _, general = answers.partition("####")
    made = _Answers(line, shown, kind, notes).read(body.strip())
    explanation = "\n".join(part for part in (made.explanation, _text(general, kind)) if part)
    return replace(made, title=title, prompt=prompt, explanation=explanation, line=line)


def _text(raw: str, kind: str) -> str:
    """The text as it is read: a line end in the file is a space, `\\n` and the paragraphs of HTML are line ends; what
    Markdown stresses stays stressed.
    """
    found = FORMAT.match(raw)
    if found:
        raw, kind = raw[found.end() :], found[1].lower()
    text = PICTURE.sub("", raw.replace("\n", " ").translate(RELEASE))
    if kind == "html":
        text = html.unescape(TAG.sub("", BREAK.sub("\n", text)))
    elif kind == "markdown":
        text = text.translate(draft.STRESS)
    return draft.paragraphs(text)


def _listed(body: str, shown: str) -> list[GiftAnswer]:
    pieces = MARK.split(body)
    if pieces[0].strip() or len(pieces) < 3:
        raise Unreadable(f'jawaban {shown} tidak diawali "=" (benar) atau "~" (salah); tambahkan tandanya')
    found = []
    for mark, written in zip(pieces[1::2], pieces[2::2], strict=True):
        said = WEIGHT.match(written)
        weight = float(said[1]) if said else FULL if mark == "=" else 0.0
        text, _, feedback = (written[said.end() :] if said else written).partition("#")
        found.append(GiftAnswer(mark, weight, text, feedback))
    return found


class _Answers:
    """Reads what stands in the braces of one question."""

    def __init__(self, line: int, shown: str, kind: str, notes: Notes) -> None:
        self._shown, self._kind, self._warn = shown, kind, partial(notes.warn, line)

    def read(self, body: str) -> NewQuestion:
        """A question without its texts: these answers, and the feedback that has no choice to stand under."""
        verdict, *feedback = body.split("#")
        if not body:
            return NewQuestion(kind="bebas")
        if right := VERDICTS.get(verdict.strip().upper()):
            # The first feedback is for who answers wrong, the second for who answers right.
            told = [self._one_line(text) for text in [*feedback, "", ""][:2]]
            return NewQuestion(kind="pilihan", options=yes_or_no(right, told[::-1] if right == "Benar" else told))
        if body.startswith("#"):
            return self._numerical(body[1:].strip())
        answers = _listed(body, self._shown)
        if any(answer.mark == "~" for answer in answers):
            return NewQuestion(kind="pilihan", options=self._options(answers))
        if any("->" in answer.text for answer in answers):
            return NewQuestion(kind="jodoh", pairs=self._pairs(answers))
        return self._short(answers)

    def _one_line(self, raw: str) -> str:
        return plain(_text(raw, self._kind))

    def _options(self, answers: Sequence[GiftAnswer]) -> tuple[Option, ...]:
        """Right is what has the `=`; without any, every `~` that brings a share of the point."""
        with_sign = any(answer.mark == "=" for answer in answers)
        if sum(answer.mark == "=" for answer in answers) > 1:
            said = f"ada beberapa tanda = di antara ~ pada {self._shown}: periksa jawabannya"
            self._warn(f"{said}, dan tulis \\= bila bagian dari kalimat")
        options = []
        for mark, weight, raw, feedback in answers:
            right = mark == "=" and weight == FULL if with_sign else weight > 0
            text = self._one_line(raw)
            if not text:
                self._warn(f"ada pilihan kosong pada {self._shown}; pilihan itu tidak ikut")
                continue
            if weight > 0 and not right:
                said = f"pilihan {quoted(text)} bernilai sebagian; di sini dihitung salah"
                self._warn(f"{said}, ubah bila seharusnya benar")
            options.append(Option(text, right, self._one_line(feedback)))
        if len(options) < 2:
            raise Unreadable(f"{self._shown} punya kurang dari dua pilihan; tambahkan pilihan lain")
        return tuple(options)

    def _pairs(self, answers: Sequence[GiftAnswer]) -> tuple[tuple[str, str], ...]:
        pairs = []
        for answer in answers:
            left, right = (self._one_line(part) for part in answer.text.partition("->")[::2])
            if left and right:
                pairs.append((left, right))
            else:
                text = f"pasangan {quoted(left or right)} pada {self._shown} tidak lengkap dan tidak ikut"
                self._warn(f'{text}; tulis "=kiri -> kanan"')
        if len(pairs) < 2:
            raise Unreadable(
                f'{self._shown} punya kurang dari dua pasangan; tulis "=kiri -> kanan" paling sedikit dua kali'
            )
        return tuple(pairs)

    def _short(self, answers: Sequence[GiftAnswer]) -> NewQuestion:
        accepted, kept = [], []
        for answer in answers:
            text = self._one_line(answer.text)
            if answer.weight != FULL:
                said = f"jawaban {quoted(text)} bernilai sebagian dan tidak ikut"
                self._warn(f"{said}; tambahkan sendiri bila cukup benar")
            elif not text or text == "*":
                self._warn(f"jawaban {self._shown} yang menerima apa saja tidak ikut")
            else:
                accepted.append(text)
                kept.append(answer)
                if "*" in text:
                    said = f'tanda * pada jawaban {quoted(text)} dibaca sebagai bintang, bukan "apa saja"'
                    self._warn(f"{said}; tulis semua jawaban yang diterima")
        return self._written(accepted, kept)

    def _numerical(self, body: str) -> NewQuestion:
        answers = []
        for answer in _listed(body if MARK.match(body) else f"={body}", self._shown):
            if answer.mark == "~" or answer.weight != FULL:
                written = quoted(answer.text.strip())
                self._warn(f"angka {written} pada {self._shown} tidak bernilai penuh dan tidak ikut")
            elif answer.text.strip():
                answers.append(answer)
        return self._written([self._range(answer.text.translate(RELEASE)) for answer in answers], answers)

    def _written(self, accepted: Sequence[str], answers: Sequence[GiftAnswer]) -> NewQuestion:
        if not accepted:
            raise Unreadable(f'{self._shown} tidak punya jawaban benar; tulis seperti "{{=jawaban}}"')
        feedback = list(dict.fromkeys(text for answer in answers if (text := self._one_line(answer.feedback))))
        return NewQuestion(kind="isian", accepted=tuple(dict.fromkeys(accepted)), explanation="\n".join(feedback))

    def _range(self, written: str) -> str:
        """`3.5`, `3.5:0.1` and `3.4..3.6` in our way: a comma for decimals, two points for a range."""
        text = "".join(written.split())
        middle, _, tolerance = text.partition(":")
        low, dots, high = text.partition("..")
        parts = (low, high) if dots else (middle, tolerance or "0")
        if not all(NUMBER.fullmatch(part) for part in parts):
            remedy = 'tulis seperti "{#3}", "{#3:0.5}", atau "{#2.5..3.5}"'
            raise Unreadable(f"angka {quoted(written)} pada {self._shown} tidak terbaca; {remedy}")
        first, second = (Decimal(part.replace(",", ".")) for part in parts)
        if not dots:
            first, second = first - abs(second), first + abs(second)
        return _comma(first) if first == second else f"{_comma(first)}..{_comma(second)}"


def _comma(number: Decimal) -> str:
    return format(number.normalize(), "f").replace(".", ",")

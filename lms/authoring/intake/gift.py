"""GIFT, the text format in which Moodle and many spreadsheets hand questions on.

The format is described at https://docs.moodle.org/en/GIFT_format. What we have no word for (shares of a point, free
stars, pictures, categories) is said with its line.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.authoring.intake.draft import (
    FALSE,
    LONGEST_TEXT,
    MOST_QUESTIONS,
    TRUE,
    NewQuestion,
    Option,
    ReadQuestions,
    cut,
    finished,
    paragraphs,
    plain,
    titled,
)
from lms.course.problems import Notes
from lms.course.questions.base import quoted
from lms.web.plain import normalised

SPECIAL = "~=#{}:>-%\\"
HELD = {letter: chr(0xE000 + at) for at, letter in enumerate(SPECIAL)}
"""An escaped letter waits as one of a private area until everything is taken apart."""
NEW_LINE = chr(0xE000 + len(SPECIAL))
RELEASE = str.maketrans({held: letter for letter, held in HELD.items()} | {NEW_LINE: "\n"})
PRIVATE = re.compile("[\ue000-\ue00f]")
ESCAPE = re.compile(r"\\([~=#{}:>%\\-])")
NAME = re.compile(r"::(.*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,5})?)%")
MARK = re.compile(r"([=~])")
BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
PICTURE = re.compile(r"<img\b", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,9})?")
VERDICTS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
BLANK = " _____ "
FULL = 100.0


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one question, its escaped letters held back, and the line it starts on."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """One answer: `=` or `~`, percent of the point or None, its text and its feedback as they were written."""

    mark: str
    weight: float | None
    text: str
    feedback: str


class Unreadable(Exception):
    """A question that is none of ours; the text says what is wrong and what to do."""


def read_gift(source: str) -> ReadQuestions:
    """Every question of a GIFT file; what could not be read is in the problems."""
    notes = Notes("GIFT")
    text = PRIVATE.sub("", normalised(cut(source, notes)))
    questions = []
    for block in _blocks(ESCAPE.sub(lambda match: HELD[match[1]], text).replace("\\n", NEW_LINE), notes):
        try:
            questions.append(_question(block, notes))
        except Unreadable as error:
            notes.galat(block.line, str(error))
        if len(questions) > MOST_QUESTIONS:
            break
    if not questions and not notes.problems:
        notes.galat(1, "tidak ada soal di sini; tulis seperti “Berapa 2 + 2? {=4}”")
    return finished(questions, notes)


def _blocks(text: str, notes: Notes) -> list[Source]:
    """The questions: an empty line ends one, but not inside its braces when they are closed further down."""
    blocks: list[Source] = []
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
            _take(blocks, Source(start, "\n".join(lines)))
            lines = []
    return blocks


def _take(blocks: list[Source], block: Source) -> None:
    """Add a block, or join it to one whose braces it closes."""
    _, brace, behind = blocks[-1].text.rpartition("{") if blocks else ("", "", "")
    opened = brace and "}" not in behind and len(blocks[-1].text) < LONGEST_TEXT
    if opened and "}" in block.text.partition("{")[0]:
        last = blocks.pop()
        block = Source(last.line, f"{last.text}\n{block.text}")
    blocks.append(block)


def _question(block: Source, notes: Notes) -> NewQuestion:
    name = NAME.match(block.text.lstrip())
    rest = block.text.lstrip()[name.end() :] if name else block.text
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
        notes.warn(block.line, f"gambar pada {shown} tidak ikut; pasang lagi setelah soalnya masuk")
    is_html = bool((found := FORMAT.match(before)) and found[1].lower() == "html")
    text = _text(before + (BLANK + after if after.strip() else ""), is_html)
    title, prompt = titled(text, _text(name[1], False) if name else "")
    body, _, general = answers.partition("####")
    made = _Answers(block.line, shown, is_html, notes).read(body.strip())
    explanation = "\n".join(part for part in (made.explanation, _text(general, is_html)) if part)
    return replace(made, title=title, prompt=prompt, explanation=explanation, line=block.line)


def _text(raw: str, is_html: bool) -> str:
    """The text as it is read: a line end in the file is a space, `\\n` and the paragraphs of HTML are line ends."""
    found = FORMAT.match(raw)
    if found:
        raw, is_html = raw[found.end() :], found[1].lower() == "html"
    text = raw.replace("\n", " ").translate(RELEASE)
    if is_html:
        text = html.unescape(TAG.sub("", BREAK.sub("\n", text)))
    return paragraphs(text)


def _listed(body: str, shown: str) -> list[GiftAnswer]:
    pieces = MARK.split(body)
    if pieces[0].strip() or len(pieces) < 3:
        raise Unreadable(f'jawaban {shown} tidak diawali "=" (benar) atau "~" (salah); tambahkan tandanya')
    found = []
    for mark, written in zip(pieces[1::2], pieces[2::2], strict=True):
        weight = WEIGHT.match(written)
        text, _, feedback = (written[weight.end() :] if weight else written).partition("#")
        found.append(GiftAnswer(mark, float(weight[1]) if weight else None, text, feedback))
    return found


class _Answers:
    """Reads what stands in the braces of one question."""

    def __init__(self, line: int, shown: str, is_html: bool, notes: Notes) -> None:
        self._line, self._shown, self._is_html, self._notes = line, shown, is_html, notes

    def read(self, body: str) -> NewQuestion:
        """A question without its texts: these answers, and the feedback that has no choice to stand under."""
        verdict, *feedback = body.split("#")
        if not body:
            return NewQuestion(kind="bebas")
        if verdict.strip().upper() in VERDICTS:
            return NewQuestion(kind="pilihan", options=self._true_false(VERDICTS[verdict.strip().upper()], feedback))
        if body.startswith("#"):
            return self._numerical(body[1:])
        answers = _listed(body, self._shown)
        if all(answer.mark == "=" for answer in answers):
            if any("->" in answer.text for answer in answers):
                return NewQuestion(kind="jodoh", pairs=self._pairs(answers))
            return self._short(answers)
        return NewQuestion(kind="pilihan", options=self._options(answers))

    def _one_line(self, raw: str) -> str:
        return plain(_text(raw, self._is_html))

    def _true_false(self, truth: bool, feedback: Sequence[str]) -> tuple[Option, ...]:
        """The first feedback is for who answers wrong, the second for who answers right."""
        wrong, right = ([self._one_line(text) for text in feedback] + ["", ""])[:2]
        return tuple(Option(word, said is truth, right if said is truth else wrong) for word, said in _BOTH)

    def _options(self, answers: Sequence[GiftAnswer]) -> tuple[Option, ...]:
        """Right is what has the `=`; without any, every `~` that brings a share of the point."""
        with_sign = any(answer.mark == "=" for answer in answers)
        options = []
        for answer in answers:
            share = answer.weight or 0.0
            right = answer.mark == "=" and (answer.weight is None or share == FULL) if with_sign else share > 0
            text = self._one_line(answer.text)
            if not text:
                self._notes.warn(self._line, f"ada pilihan kosong pada {self._shown}; pilihan itu tidak ikut")
                continue
            if share > 0 and not right:
                said = f"pilihan {quoted(text)} bernilai sebagian; di sini dihitung salah"
                self._notes.warn(self._line, f"{said}, ubah bila seharusnya benar")
            options.append(Option(text, right, self._one_line(answer.feedback)))
        if len(options) < 2:
            raise Unreadable(f"{self._shown} punya kurang dari dua pilihan; tambahkan pilihan lain")
        return tuple(options)

    def _pairs(self, answers: Sequence[GiftAnswer]) -> tuple[tuple[str, str], ...]:
        pairs = []
        for answer in answers:
            left, arrow, right = (
                part if part == "->" else self._one_line(part) for part in answer.text.partition("->")
            )
            if arrow and left and right:
                pairs.append((left, right))
            else:
                text = f"pasangan {quoted(left or right)} pada {self._shown} tidak lengkap dan tidak ikut"
                self._notes.warn(self._line, f'{text}; tulis "=kiri -> kanan"')
        if len(pairs) < 2:
            raise Unreadable(
                f'{self._shown} punya kurang dari dua pasangan; tulis "=kiri -> kanan" paling sedikit dua kali'
            )
        return tuple(pairs)

    def _short(self, answers: Sequence[GiftAnswer]) -> NewQuestion:
        accepted = []
        for answer in answers:
            text = self._one_line(answer.text)
            if answer.weight not in (None, FULL):
                said = f"jawaban {quoted(text)} bernilai sebagian dan tidak ikut"
                self._notes.warn(self._line, f"{said}; tambahkan sendiri bila cukup benar")
            elif not text or text == "*":
                self._notes.warn(self._line, f"jawaban {self._shown} yang menerima apa saja tidak ikut")
            else:
                accepted.append(text)
                if "*" in text:
                    said = f'tanda * pada jawaban {quoted(text)} dibaca sebagai bintang, bukan "apa saja"'
                    self._notes.warn(self._line, f"{said}; tulis semua jawaban yang diterima")
        return self._written(accepted, answers)

    def _numerical(self, body: str) -> NewQuestion:
        body, answers = body.strip(), []
        for answer in _listed(body if MARK.match(body) else f"={body}", self._shown):
            if answer.mark == "~" or answer.weight not in (None, FULL):
                said = f"angka {quoted(answer.text.strip())} pada {self._shown} tidak bernilai penuh dan tidak ikut"
                self._notes.warn(self._line, said)
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


_BOTH = ((TRUE, True), (FALSE, False))


def _comma(number: Decimal) -> str:
    written = format(number, "f")
    return (written.rstrip("0").rstrip(".") if "." in written else written).replace(".", ",")

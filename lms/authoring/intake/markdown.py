"""The one writer of new questions: what it writes, `parse_lesson` reads as exactly these questions."""

import re
from collections.abc import Iterable

from lms.authoring.intake.draft import NewQuestion, Option
from lms.course.bank import folded
from lms.course.lesson import PoolKind, is_legal, pool_heading, sections_of
from lms.course.lines import scan
from lms.web.plain import normalised

ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9._:/?#@!$()+,;=%-]+")
SPAN = re.compile(r"[\\`*~\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?! |$)|&(?=#?[A-Za-z0-9]{1,32};)|#+$")
START = re.compile(r"[-+>#]|[0-9]{1,9}(?=[.)](?: |$))")
ANSWER_WORD = re.compile(r"(jawaban|urutkan|jodohkan) ?(?=:)", re.IGNORECASE)
LINE_END = re.compile(r"\r\n|\r|\n")
HEADS = ("Pernyataan", "Pasangan")
POOL_HEADINGS: dict[PoolKind, str] = {"latihan": "## Latihan", "kuis": "## Kuis"}


class NoPlace(Exception):
    """The lesson can't take questions as it stands; the text says why, in Indonesian."""


def as_markdown(questions: Iterable[NewQuestion]) -> str:
    """The questions below their headings, one empty line between blocks, a line end at the end."""
    return "\n\n".join(_question(question) for question in questions) + "\n"


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
    """What is accepted is no Markdown; the lone word "bebas" would open a question without a key."""
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
    """Of a new pool; what a test draws of it may be half of its questions."""
    half = max(1, sum(line.startswith("### ") for line in markdown.split("\n")) // 2)
    return f"{POOL_HEADINGS[kind]}: {subject} (ambil {half})" if subject else POOL_HEADINGS[kind]


def _inserted(source: str, after: int, text: str) -> str:
    """The text as paragraphs of its own behind line `after`."""
    ends = list(LINE_END.finditer(source))
    newline = ends[0][0] if ends else "\n"
    if not after:
        return text.replace("\n", newline) + source
    at = ends[after - 1].end() if after <= len(ends) else len(source)
    before = source[:at] if after <= len(ends) else source + newline
    behind = source[at:]
    gap = newline if behind and not LINE_END.match(behind) else ""
    return before + newline + text.replace("\n", newline) + gap + behind

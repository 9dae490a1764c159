"""A lesson as its author wrote it: prose, practice, quizzes and the rules it rests on. Nothing is rendered."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from lms.course.lines import Heading, Line, markdown_of, read_items, read_lines, scan
from lms.course.problems import Notes, Problem, in_order
from lms.course.questions import read_question
from lms.course.questions.base import Block, Question, folded, quoted
from lms.course.questions.choice import BOX, RIGHT
from lms.web.dates import read_date
from lms.web.plain import normalised

WORDS_A_MINUTE = 140
SECONDS_A_QUESTION = 45
LONGEST_SOURCE = 200 * 1024
"""The checker allows no more; what stands behind is not read, so that nothing takes more than a moment."""

PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
DRAW = re.compile(r"ambil ([0-9]{1,4})")

PoolKind = Literal["latihan", "kuis"]
POOL_KINDS: dict[str, PoolKind] = {"latihan": "latihan", "kuis": "kuis"}


@dataclass(frozen=True)
class LegalBasis:
    """The rules a lesson rests on (Markdown) and when somebody last checked them."""

    rules: tuple[str, ...]
    checked: date | None
    line: int = 0


@dataclass(frozen=True)
class Prose:
    """Markdown between pools; `line` is where it starts in the file."""

    source: str
    line: int


@dataclass(frozen=True)
class Pool:
    """The questions below one `## Latihan` or `## Kuis`; `draw` is None when all are asked."""

    kind: PoolKind
    name: str
    draw: int | None
    fixed: bool
    line: int
    questions: tuple[Question, ...]
    intro: str

    @property
    def asked(self) -> int:
        """The number of questions that an attempt asks: those drawn, and every reflection besides."""
        counted = sum(question.counted for question in self.questions)
        return min(self.draw or counted, counted) + len(self.questions) - counted


@dataclass(frozen=True)
class Lesson:
    """One lesson; `words` counts its prose only."""

    path: str
    title: str
    body: tuple[Prose | Pool, ...]
    legal: LegalBasis | None
    words: int

    @property
    def minutes(self) -> int:
        """Minutes of reading, at least one."""
        return max(1, -(-self.words // WORDS_A_MINUTE))

    @property
    def pools(self) -> tuple[Pool, ...]:
        """Practice and quizzes, in order."""
        return tuple(part for part in self.body if isinstance(part, Pool))

    @property
    def practice(self) -> tuple[Pool, ...]:
        """The pools that are judged at once and never graded."""
        return tuple(pool for pool in self.pools if pool.kind == "latihan")

    @property
    def quiz(self) -> tuple[Pool, ...]:
        """The graded pools: together they are the quiz of this lesson."""
        return tuple(pool for pool in self.pools if pool.kind == "kuis")


class Section(NamedTuple):
    """A heading of the first or second level with the lines below it; lines[0] is the heading."""

    heading: Heading
    lines: list[Line]


class PoolHeading(NamedTuple):
    """The words of `## Kuis: nama (ambil 3, urutan tetap)`, its options as they were written."""

    kind: PoolKind
    name: str
    options: tuple[str, ...]


def parse_lesson(path: str, source: str) -> tuple[Lesson, list[Problem]]:
    """Read a lesson in one pass; what is wrong is returned, never raised."""
    notes = Notes(path)
    if len(source) > LONGEST_SOURCE:
        notes.galat(0, "berkas jauh lebih panjang daripada sebuah pelajaran; pecah menjadi beberapa berkas")
    sections = sections_of(read_lines(source[:LONGEST_SOURCE], notes))
    title = _title(sections, notes)
    body = _body(sections, notes)
    note_repeated_slugs(body, notes)
    _note_parts([part for part in body if isinstance(part, Pool)], notes)
    legal = [line for section in sections if is_legal(section.heading) for line in section.lines]
    words = sum(count_words(part.source) for part in body if isinstance(part, Prose))
    basis = read_legal_basis(legal) if legal else None
    return Lesson(path, title or PurePosixPath(path).stem, body, basis, words), in_order(notes.problems)


def minutes_for(questions: int) -> int:
    """Minutes that so many questions take, about."""
    return -(-questions * SECONDS_A_QUESTION // 60)


def count_words(source: str) -> int:
    """Words in Markdown, without addresses and pictures."""
    return sum(any(map(str.isalnum, word)) for word in PICTURE.sub(" ", source).split())


def sections_of(lines: Iterable[Line]) -> list[Section]:
    """The lines below each heading of the first and second level; what stands before them comes first."""
    sections = [Section(Heading(0, ""), [])]
    for line in lines:
        if line.heading and line.heading.level <= 2:
            sections.append(Section(line.heading, []))
        sections[-1].lines.append(line)
    return sections


def _title(sections: Sequence[Section], notes: Notes) -> str:
    titles = [section for section in sections if section.heading.level == 1]
    if not titles or not titles[0].heading.title:
        notes.galat(1, 'pelajaran belum punya judul; tulis "# Judul pelajaran" di baris pertama')
    elif titles[0].lines[0].number > 1:
        notes.galat(titles[0].lines[0].number, "judul harus ada di baris pertama; pindahkan ke sana")
    for second in titles[1:]:
        text = f'ada judul kedua, {quoted(second.heading.title)}; pakai "## " untuk judul bagian'
        notes.galat(second.lines[0].number, text)
    return titles[0].heading.title if titles else ""


def _body(sections: Sequence[Section], notes: Notes) -> tuple[Prose | Pool, ...]:
    """Prose and pools in order; prose that no pool interrupts is one piece."""
    body: list[Prose | Pool] = []
    prose: list[Line] = []
    titled = False
    for section in sections:
        heading = pool_heading(section)
        legal = is_legal(section.heading)
        if heading or legal:
            body += _prose(prose, notes)
            prose = []
        if heading:
            body.append(read_pool(heading, section, notes))
        elif section.heading.level == 1 and not titled:
            titled = True
            prose += section.lines[1:]
        elif not legal:
            prose += section.lines
    return (*body, *_prose(prose, notes))


def _prose(lines: Sequence[Line], notes: Notes) -> list[Prose]:
    for line in lines:
        box = None if line.code else BOX.match(line.text)
        if box and box[2] in RIGHT:
            notes.warn(line.number, 'ada jawaban [x] di luar bagian "## Kuis"; apakah judul bagiannya salah tulis?')
    written = [line for line in lines if line.text.strip()]
    return [Prose(markdown_of(lines), written[0].number)] if written else []


def pool_heading(section: Section) -> PoolHeading | None:
    """The heading as a pool's; brackets belong to the name when nothing in them is an option."""
    if section.heading.level != 2:
        return None
    title = section.heading.title
    options: tuple[str, ...] = ()
    if title.endswith(")") and "(" in title:
        at = title.rindex("(")
        options = tuple(" ".join(each.split()) for each in title[at + 1 : -1].split(","))
        title = title[:at]
    word, _, name = (part.strip() for part in title.partition(":"))
    kind = POOL_KINDS.get(word.casefold())
    if kind and name and not any(each.casefold().startswith(("ambil", "urutan")) for each in options):
        return PoolHeading(kind, section.heading.title.partition(":")[2].strip(), ())
    return PoolHeading(kind, name, options) if kind else None


def read_pool(heading: PoolHeading, section: Section, notes: Notes, apart: Container[int] = ()) -> Pool:
    """The pool below a heading; lines with a number in `apart` belong to a question's source, not to its texts."""
    blocks: list[list[Line]] = [[]]
    for line in section.lines[1:]:
        if opens_question(line):
            blocks.append([])
        blocks[-1].append(line)
    number = section.lines[0].number
    questions = tuple(_question(block, notes, apart) for block in blocks[1:])
    _note_stray_boxes(blocks[0], notes)
    if not questions:
        notes.galat(number, f'bagian {quoted(section.heading.title)} belum punya soal; awali setiap soal dengan "### "')
    counted = sum(question.counted for question in questions)
    draw, fixed = _options(heading.options, number, notes)
    if draw and draw > counted:
        text = f'"ambil {draw}" lebih banyak daripada soal yang ada ({counted}); kurangi, atau tambah soal'
        notes.galat(number, text)
    return Pool(heading.kind, heading.name, draw, fixed, number, questions, markdown_of(blocks[0]))


def opens_question(line: Line) -> bool:
    """True for a heading of the third level."""
    return line.heading is not None and line.heading.level == 3


def _options(options: Iterable[str], line: int, notes: Notes) -> tuple[int | None, bool]:
    draw, fixed = None, False
    for option in options:
        count = DRAW.fullmatch(option.casefold())
        if count and int(count[1]):
            draw = int(count[1])
        elif option.casefold() == "urutan tetap":
            fixed = True
        else:
            text = f'pilihan bagian {quoted(option)} tidak dikenal; tulis seperti "(ambil 3)" atau "(urutan tetap)"'
            notes.galat(line, text)
    return draw, fixed


def _question(lines: Sequence[Line], notes: Notes, apart: Container[int]) -> Question:
    title = lines[0].heading.title if lines[0].heading else ""
    if not title:
        notes.galat(lines[0].number, 'soal belum punya judul; tulis setelah "### "')
    source = "\n".join(line.text for line in lines).rstrip() + "\n"
    body = [line for line in lines[1:] if line.number not in apart]
    return read_question(Block(title, lines[0].number, source, body, notes))


def _note_stray_boxes(intro: Iterable[Line], notes: Notes) -> None:
    """One choice without a question above it is enough to say so: the others follow it."""
    for line in intro:
        if not line.code and BOX.match(line.text):
            notes.galat(line.number, 'pilihan ini tidak berada di bawah soal; beri soalnya judul "### "')
            return


def note_repeated_slugs(body: Iterable[Prose | Pool], notes: Notes) -> None:
    """Note every question whose heading another one of the file has."""
    first: dict[str, Question] = {}
    for question in (each for part in body if isinstance(part, Pool) for each in part.questions):
        earlier = first.setdefault(question.slug, question)
        if earlier is not question:
            text = f"judul soal {quoted(question.title)} sudah dipakai di baris {earlier.line}; beri judul lain"
            notes.galat(question.line, text)


def _note_parts(pools: Iterable[Pool], notes: Notes) -> None:
    """Note a part that was opened twice, and practice behind the quiz: most often a question went there by mistake."""
    first: dict[tuple[PoolKind, str], int] = {}
    quiz = 0
    for pool in pools:
        line = first.setdefault((pool.kind, pool.name.casefold()), pool.line)
        if line != pool.line:
            text = f"bagian {quoted(pool.kind.capitalize())} sudah ada di baris {line}"
            notes.warn(pool.line, f"{text}; pindahkan soalnya ke sana, atau hapus yang tersisip")
        elif pool.kind == "latihan" and quiz:
            text = f"latihan ini sesudah kuis di baris {quiz}; pindahkan soalnya ke kuis bila harus dinilai"
            notes.warn(pool.line, text)
        quiz = quiz or (pool.line if pool.kind == "kuis" else 0)


CHECKED = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]*diperiksa[ \t]*:[*_ \t]*(.*)", re.IGNORECASE)
BULLET = re.compile(r"([ \t]{0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)(.*)")


def is_legal(heading: Heading) -> bool:
    """True for the heading that opens the legal basis."""
    return heading.level == 2 and folded(heading.title) == "dasar hukum"


def read_legal_basis(lines: Sequence[Line]) -> LegalBasis:
    """Rules are list items or paragraphs; the date may stand anywhere among them; lines[0] is the heading."""
    dates = [(line.number, match[1]) for line in lines if (match := _checked(line))]
    written = [line for line in lines if not _checked(line) and not line.heading]
    at = next((at for at, line in enumerate(written) if BULLET.match(line.text)), len(written))
    listed = read_items(written[at:], BULLET)
    loose = markdown_of([*written[:at], *listed.between, *listed.rest]).split("\n\n")
    rules = [item.markdown for item in listed.items] + [text.strip() for text in loose]
    number, text = dates[0] if dates else (lines[0].number, "")
    return LegalBasis(tuple(rule for rule in rules if rule), read_date(text), number)


def _checked(line: Line) -> re.Match[str] | None:
    return None if line.code else CHECKED.match(line.text)


class Story(NamedTuple):
    """Title, "" when the first line is none, and body as Markdown."""

    title: str
    body: str


def read_story(source: str) -> Story:
    """Read a story."""
    source = normalised(source)
    heading = scan(source.partition("\n")[0])[0][0].heading
    if heading is None or heading.level != 1:
        return Story("", source.strip())
    return Story(heading.title, source.partition("\n")[2].strip())

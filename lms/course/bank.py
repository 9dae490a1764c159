"""tes.md: the pools that pre-test and post-test draw from, one for each materi, and which aim each item is about."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from lms.course import lesson
from lms.course.lines import Line, read_lines
from lms.course.outline import COURSE_FILE, CourseRules, Module, parse_course
from lms.course.problems import Notes, Problem, in_order
from lms.course.questions.base import Question, folded, quoted

AIM = re.compile(r"[ \t]{0,3}tujuan[ \t]*:[ \t]*(.*)", re.IGNORECASE)
MOST_TITLES = 12
NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Bank:
    """The pools of tes.md in order; `aims` is line of a question -> number of the `tujuan` it is about."""

    path: str
    pools: tuple[lesson.Pool, ...]
    aims: Mapping[int, int]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its hash."""
        return {question.hash: question for pool in self.pools for question in pool.questions}

    @cached_property
    def subjects(self) -> dict[str, str]:
        """`path#slug` of every question -> the materi it belongs to, as the pool names it."""
        return {f"{self.path}#{each.slug}": pool.name for pool in self.pools for each in pool.questions}

    @cached_property
    def _by_title(self) -> dict[str, lesson.Pool]:
        return {folded(pool.name): pool for pool in reversed(self.pools)}

    def pool_of(self, title: str) -> lesson.Pool | None:
        """The pool of the materi with this title."""
        return self._by_title.get(folded(title))

    def pools_for(self, course: CourseRules) -> list[lesson.Pool]:
        """The pools of the course's materi, in its order."""
        titles = dict.fromkeys(folded(module.title) for module in course.modules)
        return [self._by_title[title] for title in titles if title in self._by_title]


def parse_bank(path: str, source: str) -> tuple[Bank, list[Problem]]:
    """Read tes.md in one pass; what is wrong is returned, never raised."""
    notes = Notes(path)
    lines, aims = read_lines(source[: lesson.LONGEST_SOURCE], notes), dict[int, int]()
    pools = [pool for section in lesson.sections_of(lines) if (pool := _pool(section, aims, notes))]
    lesson.note_repeated_slugs(pools, notes)
    return Bank(path, tuple(pools), aims), in_order(notes.problems)


def _pool(section: lesson.Section, aims: dict[int, int], notes: Notes) -> lesson.Pool | None:
    """The pool of a section; a title and a legal basis do no harm, other text is never read by anybody."""
    heading = lesson.pool_heading(section)
    if heading is None:
        if not lesson.is_legal(section.heading):
            _note_prose(section.lines[section.heading.level == 1 :], notes)
        return None
    if heading.kind == "latihan":
        notes.galat(section.lines[0].number, 'di sini tidak ada latihan; tulis "## Kuis: Judul materi (ambil 4)"')
        return None
    apart = _read_aims(section.lines, aims, notes)
    pool = lesson.read_pool(heading, section, notes, apart)
    _note_prose(takewhile(lambda line: not lesson.opens_question(line), section.lines[1:]), notes)
    _note_size(pool, notes)
    for question in pool.questions:
        if not question.counted:
            text = f"soal {quoted(question.title)} tidak dapat dinilai, jadi tidak ditanyakan dalam tes"
            notes.warn(question.line, f"{text}; pindahkan ke kuis sebuah pelajaran")
    return pool


def _note_prose(lines: Iterable[Line], notes: Notes) -> None:
    """The first line of text is enough to say so."""
    for line in lines:
        if line.text.strip():
            text = 'di sini hanya ada soal, teks ini tidak pernah tampil; hapus, atau periksa judulnya: "## Kuis: '
            notes.warn(line.number, f'{text}Judul materi (ambil 4)"')
            return


def _note_size(pool: lesson.Pool, notes: Notes) -> None:
    counted = sum(question.counted for question in pool.questions)
    if pool.draw is None:
        text = f'kumpulan soal {quoted(pool.name)} belum menyebut "ambil"'
        notes.galat(pool.line, f'{text}; tulis seperti "## Kuis: {pool.name or "Judul materi"} (ambil 4)"')
    elif counted // 2 < pool.draw <= counted:
        text = f'"ambil {pool.draw}" butuh paling sedikit {2 * pool.draw} soal, baru ada {counted}'
        notes.galat(pool.line, f"{text}; tes akhir menghindari soal tes awal. Tambah soal, atau kurangi angkanya")


def _read_aims(lines: Sequence[Line], aims: dict[int, int], notes: Notes) -> set[int]:
    """Keep the `Tujuan: n` that stands first below a question's heading; the numbers of all such lines."""
    apart: set[int] = set()
    question, expected = 0, False
    for line in lines:
        if lesson.opens_question(line):
            question, expected = line.number, True
        elif line.text.strip() and question:
            match = None if line.code else AIM.fullmatch(line.text.rstrip())
            if match and expected:
                apart.add(line.number)
                _keep_aim(match[1], question, line.number, aims, notes)
            elif match and NUMBER.fullmatch(match[1]):
                notes.warn(line.number, f'"{line.text.strip()}" tampil sebagai isi soal; pindahkan ke bawah judulnya')
            expected = False
    return apart


def _keep_aim(text: str, question: int, line: int, aims: dict[int, int], notes: Notes) -> None:
    if NUMBER.fullmatch(text):
        aims[question] = int(text)
    else:
        fault = f"tujuan {quoted(text)} bukan nomor"
        notes.galat(line, f'{fault}; tulis nomor urutnya di kursus.toml, misalnya "Tujuan: 2"')


def bank_fits(bank: Bank, course: CourseRules) -> list[Problem]:
    """Return the faults between the bank and the materi of the course."""
    notes = Notes(bank.path)
    modules = {folded(module.title): module for module in reversed(course.modules)}
    some = ", ".join(quoted(module.title) for module in course.modules[:MOST_TITLES])
    first: dict[str, int] = {}
    for pool in bank.pools:
        module = modules.get(folded(pool.name))
        if module is None:
            name = f"bernama {quoted(pool.name)}, itu bukan judul materi" if pool.name else "belum bernama materi"
            notes.galat(pool.line, f"kumpulan soal ini {name}; materi di {COURSE_FILE}: {some}")
        elif first.setdefault(module.title, pool.line) != pool.line:
            text = f"materi {quoted(module.title)} sudah punya kumpulan soal di baris {first[module.title]}"
            notes.galat(pool.line, f"{text}; gabungkan keduanya")
        else:
            _note_aims(bank, pool, module.goals, notes)
    for module in modules.values():
        if module.title not in first:
            text = f"materi {quoted(module.title)} belum punya kumpulan soal"
            notes.galat(0, f'{text}; tulis "## Kuis: {module.title} (ambil 4)" dan soal-soalnya')
    return in_order(notes.problems)


def _note_aims(bank: Bank, pool: lesson.Pool, goals: Sequence[str], notes: Notes) -> None:
    aims = {question.line: bank.aims[question.line] for question in pool.questions if question.line in bank.aims}
    for line, aim in aims.items():
        if not 1 <= aim <= len(goals):
            notes.galat(line, f"tujuan {aim} tidak ada, materinya punya {len(goals)} tujuan; perbaiki nomornya")
    covered = set(aims.values())
    missing = [str(number) for number in range(1, len(goals) + 1) if number not in covered]
    if missing:
        text = f"tujuan {', '.join(missing)} materi {quoted(pool.name)} belum punya soal"
        notes.warn(pool.line, f'{text}; tambah soal, atau tulis "Tujuan: {missing[0]}" di bawah judul soal yang cocok')


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The grid as lines in Indonesian, its holes among them."""

    lines: list[str]
    holes: list[str]


def read_blueprint(files: Mapping[str, bytes]) -> Blueprint | str:
    """The blueprint of a course's files, path to content; words about what keeps it from being drawn."""
    course, _ = parse_course(files.get(COURSE_FILE, b"").decode("utf-8", "replace"))
    if COURSE_FILE not in files or course is None:
        return f"{COURSE_FILE} tidak ada atau tidak terbaca di folder ini."
    if course.test is None or course.test.bank not in files:
        return f'Kursus ini belum punya tes; tulis [tes] bank = "tes.md" di {COURSE_FILE}, lalu berkasnya.'
    bank, _ = parse_bank(course.test.bank, files[course.test.bank].decode("utf-8", "replace"))
    return blueprint(course, bank)


def blueprint(course: CourseRules, bank: Bank) -> Blueprint:
    """For each materi a row for each aim and a column for each item, the items' titles below."""
    lines: list[str] = []
    holes: list[str] = []
    for module in course.modules:
        if pool := bank.pool_of(module.title):
            aims = _aims(pool, bank, module)
            lines += [*_grid(module, pool, aims), ""]
            holes += _holes(module, pool, aims)
        else:
            holes.append(f"{module.title}: belum ada soal")
            lines += [holes[-1], ""]
    lines += [f"Lubang ({len(holes)}):", *(f"  {hole}" for hole in holes)] if holes else ["Tidak ada lubang."]
    return Blueprint(lines, holes)


def _aims(pool: lesson.Pool, bank: Bank, module: Module) -> list[int]:
    """The aim of each item; 0 where it names none that the materi has."""
    found = [bank.aims.get(question.line, 0) for question in pool.questions]
    return [aim if aim <= len(module.goals) else 0 for aim in found]


def _grid(module: Module, pool: lesson.Pool, aims: list[int]) -> Iterator[str]:
    yield f"{module.title}: {len(aims)} soal, ambil {pool.draw or '?'}"
    yield f"  tujuan{''.join(f'{number:4}' for number in range(1, len(aims) + 1))}  jumlah"
    rows = list(enumerate(module.goals, start=1)) + ([(0, "(tanpa tujuan)")] if 0 in aims else [])
    for number, goal in rows:
        marks = "".join("   x" if aim == number else "   ." for aim in aims)
        yield f"  {number or '-':>6}{marks}  {aims.count(number):6}  {goal}"
    for number, question in enumerate(pool.questions, start=1):
        yield f"  soal {number:2}: {question.title}"


def _holes(module: Module, pool: lesson.Pool, aims: list[int]) -> Iterator[str]:
    for number, goal in enumerate(module.goals, start=1):
        if number not in aims:
            yield f"{module.title}: tujuan {number} belum punya soal ({goal})"
    for aim, question in zip(aims, pool.questions, strict=True):
        if aim == 0:
            yield f"{module.title}: soal “{question.title}” belum menyebut tujuan"

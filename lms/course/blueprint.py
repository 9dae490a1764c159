"""The blueprint of both tests: which aim of each materi has which items, and where it has holes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.course.bank import Bank, parse_bank
from lms.course.lesson import Pool
from lms.course.outline import COURSE_FILE, Course, Module, parse_course


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


def blueprint(course: Course, bank: Bank) -> Blueprint:
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


def _aims(pool: Pool, bank: Bank, module: Module) -> list[int]:
    """The aim of each item; 0 where it names none that the materi has."""
    found = [bank.aims.get(question.line, 0) for question in pool.questions]
    return [aim if aim <= len(module.goals) else 0 for aim in found]


def _grid(module: Module, pool: Pool, aims: list[int]) -> Iterator[str]:
    yield f"{module.title}: {len(aims)} soal, ambil {pool.draw or '?'}"
    yield f"  tujuan{''.join(f'{number:4}' for number in range(1, len(aims) + 1))}  jumlah"
    rows = list(enumerate(module.goals, start=1)) + ([(0, "(tanpa tujuan)")] if 0 in aims else [])
    for number, goal in rows:
        marks = "".join("   x" if aim == number else "   ." for aim in aims)
        yield f"  {number or '-':>6}{marks}  {aims.count(number):6}  {goal}"
    for number, question in enumerate(pool.questions, start=1):
        yield f"  soal {number:2}: {question.title}"


def _holes(module: Module, pool: Pool, aims: list[int]) -> Iterator[str]:
    for number, goal in enumerate(module.goals, start=1):
        if number not in aims:
            yield f"{module.title}: tujuan {number} belum punya soal ({goal})"
    for aim, question in zip(aims, pool.questions, strict=True):
        if aim == 0:
            yield f"{module.title}: soal “{question.title}” belum menyebut tujuan"

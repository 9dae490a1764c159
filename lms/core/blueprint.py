"""The blueprint of both tests: which aim of each materi has which items, and where it has holes."""

from collections.abc import Iterator

from lms.core.bank import Bank
from lms.core.course import Course, Module
from lms.core.lesson import Pool


def blueprint(course: Course, bank: Bank) -> list[str]:
    """The grid as lines in Indonesian: a row for each aim, a column for each item, its titles below."""
    lines: list[str] = []
    for module in course.modules:
        pool = bank.pool_of(module.title)
        if pool is None:
            lines += [f"{module.title}: belum punya kumpulan soal", ""]
        else:
            lines += [*_grid(module, pool, bank), ""]
    found = list(holes(course, bank))
    return [*lines, *([f"Lubang ({len(found)}):", *found] if found else ["Tidak ada lubang."])]


def _grid(module: Module, pool: Pool, bank: Bank) -> Iterator[str]:
    aims = [bank.aims.get(question.line, 0) for question in pool.questions]
    yield f"{module.title}: {len(aims)} soal, ambil {pool.draw or '?'}"
    yield "  tujuan " + "".join(f"{number:>4}" for number in range(1, len(aims) + 1)) + "   jumlah"
    for number, goal in enumerate(module.goals, start=1):
        marks = "".join("   x" if aim == number else "   ." for aim in aims)
        yield f"  {number:>6} {marks}   {aims.count(number):>6}  {goal}"
    if others := sum(not 1 <= aim <= len(module.goals) for aim in aims):
        marks = "".join("   ." if 1 <= aim <= len(module.goals) else "   x" for aim in aims)
        yield f"  {'-':>6} {marks}   {others:>6}  (tanpa tujuan)"
    for number, question in enumerate(pool.questions, start=1):
        yield f"  soal {number:>2}: {question.title}"


def holes(course: Course, bank: Bank) -> Iterator[str]:
    """A materi without items, an aim without one, an item without an aim."""
    for module in course.modules:
        pool = bank.pool_of(module.title)
        if pool is None:
            yield f"  {module.title}: belum punya kumpulan soal"
            continue
        aims = [bank.aims.get(question.line, 0) for question in pool.questions]
        for number, goal in enumerate(module.goals, start=1):
            if number not in aims:
                yield f"  {module.title}: tujuan {number} belum punya soal ({goal})"
        for aim, question in zip(aims, pool.questions, strict=True):
            if not 1 <= aim <= len(module.goals):
                yield f"  {module.title}: soal “{question.title}” belum menyebut tujuan"

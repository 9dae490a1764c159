"""Changes to kursus.toml, text to text: what is not asked for stays as it is, byte for byte, comments and layout too.

Nothing is written anew: a change takes the letters of one value, line or block and leaves all others where they are.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from operator import itemgetter
from posixpath import dirname
from typing import Any

from lms.course.form_reading import parse_form
from lms.course.lesson import pool_heading, sections_of
from lms.course.lines import passages, scan
from lms.course.links import course_path, links_of, relinked
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course
from lms.course.problems import Notes, Problem
from lms.course.questions.base import folded
from lms.course.tomlfile import BLANK, Place, Spans, TomlSection, quoted_text, read_toml, skip
from lms.web.plain import normalised

Setting = str | int | bool | tuple[str, ...] | None
"""What a key may be given; None takes the key away."""

Splice = tuple[int, int, str]
"""Where letters are taken out, and those that come instead."""

MOST_COMPARED = 250_000
BLANKS = " \t\r\n"
LONE_RETURN = re.compile(r"\r(?!\n)")
END_OF_LINE = re.compile(r"[ \t]*+(?:#[^\r\n]*+)?+(?=\r?\n)")
LAST_LINE = re.compile(r"\r?\n[ \t]*\Z")

ORDER = (
    *("judul", "ringkasan", "sasaran", "untuk", "dasar_hukum", "bank", "lulus", "kesempatan"),
    *("jp_daring", "jp_tatap_muka", "tujuan", "pelajaran", "kuis", "tes_akhir", "kehadiran", "survei", "boleh_dilepas"),
)
"""Where a key that was not there is written: below the nearest one that stands before it here."""


class CannotWrite(Exception):
    """The file can't be changed this way: it is broken, or written in a way that only its author can change."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _File(Spans):
    """kursus.toml as it was read, and what was said in it; the byte order mark stands aside."""

    def __init__(self, source: str) -> None:
        notes = Notes(COURSE_FILE)
        data = read_toml(normalised(source), notes)
        if data is None:
            raise CannotWrite(notes.problems[0])
        self.data: dict[str, Any] = data
        self.mark = "\ufeff" if source.startswith("\ufeff") else ""
        try:
            super().__init__(LONE_RETURN.sub("\n", source.removeprefix(self.mark)))
        except RecursionError:
            raise self.refusal(()) from None
        self.newline = "\r\n" if self.text.partition("\n")[0].endswith("\r") else "\n"

    def refusal(self, place: Place) -> CannotWrite:
        """Return the refusal for a place whose layout no button knows."""
        text = "bagian ini ditulis dengan cara yang tidak dapat diubah lewat formulir; ubah langsung di teksnya"
        return CannotWrite(Problem(COURSE_FILE, self.line(place), "galat", text))

    def value_at(self, place: Place) -> Any:
        """Return the value at a place; None when there is none."""
        value: Any = self.data
        for part in place:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    @property
    def modules(self) -> int:
        """The number of modules."""
        found = self.data.get("materi")
        return len(found) if isinstance(found, list) else 0

    def module_section(self, index: int) -> TomlSection:
        """The block of a module."""
        if not 0 <= index < self.modules:
            text = "materi ini sudah tidak ada; muat ulang halamannya"
            raise CannotWrite(Problem(COURSE_FILE, 0, "galat", text))
        section = self.section(("materi", index))
        if section is None:
            raise self.refusal(("materi",))
        return section

    def lessons(self, index: int) -> list[Any]:
        """Return the entries of a module's list, as they were written."""
        found = self.value_at(("materi", index, "pelajaran"))
        return found if isinstance(found, list) else []

    def find(self, path: str) -> tuple[int, int] | None:
        """Module and place of a listed file."""
        for module in range(self.modules):
            if path in (listed := self.lessons(module)):
                return module, listed.index(path)
        return None

    def spliced(self, *splices: Splice) -> str:
        """The whole file with all changes made; of those in one place the first stands first."""
        parts, at = [self.mark], 0
        for start, end, text in sorted(splices, key=itemgetter(0)):
            parts += [self.text[at:start], text]
            at = max(at, end)
        return "".join([*parts, self.text[at:]])

    def line_start(self, at: int) -> int:
        """Return the start of this letter's line."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Behind the end of the line of this letter."""
        return self.text.find("\n", at) + 1 or len(self.text)

    def line_at(self, at: int, line: str) -> Splice:
        """A new line where one begins, or where the file ends."""
        is_end = at > 0 and self.text[at - 1] != "\n"
        return at, at, self.newline + line if is_end else line + self.newline

    def block_at(self, at: int, *lines: str) -> Splice:
        """A new block with blank lines around it, where one begins or where the file ends."""
        before = self.text[:at]
        wanted = 2 - before[len(before.rstrip(BLANKS)) :].count("\n") if before else 0
        after = self.newline * (2 if at < len(self.text) else 1)
        return at, at, self.newline * wanted + self.newline.join(lines) + after

    def block_start(self, section: TomlSection) -> int:
        """Return the start of all that belongs to a header: the lines of comment right above it, too."""
        start = self.line_start(section.start)
        floor = self.line_end(self.sections[self.sections.index(section) - 1].end)
        for line in self.text[floor:start].split("\n")[-2::-1]:
            if not line.lstrip(" \t").startswith("#"):
                break
            start -= len(line) + 1
        return start


@dataclass(eq=False, slots=True)
class Unit:
    """One item of a list with what stands around it: before it, before its comma, and behind that on its line."""

    text: str
    lead: str = ""
    middle: str = ""
    tail: str = ""


class _List:
    """A list being changed: on one line its gaps keep their places, on many lines they go with their items."""

    def __init__(self, file: _File, place: Place) -> None:
        held, text = file.value_at(place), file.text
        if not isinstance(held, list):
            raise file.refusal(place)
        self._start, self._end = file.values[place]
        self._newline = file.newline
        self.units: list[Unit] = []
        has_comma = False
        at = skip(END_OF_LINE, text, self._start + 1)
        self._head = text[self._start + 1 : at]
        for number in range(len(held)):
            start, end = file.values[*place, number]
            comma = skip(BLANK, text, end)
            has_comma = text[comma] == ","
            middle, behind = (comma, comma + 1) if has_comma else (end, end)
            tail = skip(END_OF_LINE, text, behind)
            self.units.append(Unit(text[start:end], text[at:start], text[end:middle], text[behind:tail]))
            at = tail
        self._close = text[at : self._end - 1]
        self._before = tuple(self.units)
        gaps = [unit.lead for unit in self.units] or [self._close]
        self._on_lines = all("\n" in gap for gap in gaps)
        self._last_comma = has_comma if self.units else self._on_lines

    def put(self, at: int, unit: Unit) -> None:
        """An item more, before the one that stands there; on lines of their own its lead is that of its neighbour."""
        at = max(0, min(at, len(self.units)))
        near = LAST_LINE.search(self.units[max(0, at - 1)].lead) if self.units else None
        self.units.insert(at, replace(unit, lead=near[0] if near else f"{self._newline}    "))

    def splice(self) -> Splice:
        """Return the list as it is now; what went took along what stands on its line, no lines of comment above it."""
        above = self._above_kept() if self._on_lines else self._gaps_kept()
        close = above + self._on_new_line(self._close, self._on_lines and above != "")
        parts = ["[", self._head]
        in_comment = "#" in self._head
        for number, unit in enumerate(self.units, 1):
            comma = "," if number < len(self.units) or self._last_comma else ""
            parts += [self._on_new_line(unit.lead, in_comment), unit.text, unit.middle, comma, unit.tail]
            in_comment = "#" in unit.tail
        return self._start, self._end, "".join([*parts, self._on_new_line(close, in_comment), "]"])

    def _above_kept(self) -> str:
        """Give the comments above items that went to the next one that stays, and return those above none."""
        above, kept = "", set(self.units)
        for unit in self._before:
            if unit in kept:
                unit.lead, above = above + unit.lead, ""
            elif "#" in unit.lead:
                above += LAST_LINE.sub("", unit.lead)
        return above

    def _gaps_kept(self) -> str:
        """Leave the gaps where they are, and return the comments in those that are too many."""
        gaps = [unit.lead for unit in self._before]
        for at, unit in enumerate(self.units):
            unit.lead = gaps[at] if at < len(gaps) else " " if at else ""
        return "".join(gap for gap in gaps[len(self.units) :] if "#" in gap)

    def _on_new_line(self, gap: str, after_comment: bool) -> str:
        """The gap; behind a comment, which would swallow what follows, on a line of its own."""
        is_new = gap.lstrip(" \t").startswith(("\r", "\n"))
        return gap if is_new or not after_comment else self._newline + gap


def move_lesson(source: str, path: str, to: tuple[int, int]) -> str:
    """Move a listed file to a place in a module; what can't move stays."""
    file = _File(source)
    found = file.find(path)
    if found is None:
        return source
    (module, place), (target, at) = found, to
    if not 0 <= target < file.modules:
        return source
    listed = _List(file, ("materi", module, "pelajaran"))
    unit = listed.units.pop(place)
    if target != module:
        return file.spliced(listed.splice(), _put(file, target, at, unit))
    listed.units.insert(max(0, at), unit)
    return file.spliced(listed.splice())


def _put(file: _File, module: int, at: int, unit: Unit) -> Splice:
    """Put a file into a module's list, which is made when there is none."""
    place = ("materi", module, "pelajaran")
    if place not in file.values:
        return _entry(file, place, f"[{file.newline}    {unit.text}{unit.middle},{unit.tail}{file.newline}]")
    listed = _List(file, place)
    listed.put(at, unit)
    return listed.splice()


def move_module(source: str, index: int, to: int) -> str:
    """Move a module with everything in it to another place, one step after the other."""
    step = 1 if to > index else -1
    for at in range(index, to, step):
        file = _File(source)
        first, second = _block(file, at), _block(file, at + step)
        source = file.spliced((*first, file.text[slice(*second)]), (*second, file.text[slice(*first)]))
    return source


def _block(file: _File, index: int) -> tuple[int, int]:
    """Return the span from the comments above a module's header to its last letter that is no blank."""
    start = file.block_start(file.module_section(index))
    return start, len(file.text[: _next_block(file, index)].rstrip(BLANKS))


def _next_block(file: _File, index: int) -> int:
    """Return where what follows a module begins."""
    later = file.sections[file.sections.index(file.module_section(index)) + 1 :]
    others = (section for section in later if section.place[:2] != ("materi", index))
    return next(map(file.block_start, others), len(file.text))


def add_lesson(source: str, module: int, path: str, at: int | None = None) -> str:
    """List a file in a module, at its end unless a place is given; what is listed already stays where it is."""
    file = _File(source)
    if file.find(path):
        return source
    file.module_section(module)
    place = len(file.lessons(module)) if at is None else at
    return file.spliced(_put(file, module, place, Unit(quoted_text(path))))


def without_lessons(source: str, paths: Collection[str]) -> str:
    """Take all of these files out of the lists."""
    file, wanted = _File(source), frozenset(paths)
    splices = []
    for module in range(file.modules):
        gone = {at for at, path in enumerate(file.lessons(module)) if isinstance(path, str) and path in wanted}
        if gone:
            listed = _List(file, ("materi", module, "pelajaran"))
            listed.units = [unit for at, unit in enumerate(listed.units) if at not in gone]
            splices.append(listed.splice())
    return file.spliced(*splices)


def rename_file(source: str, old: str, new: str, *, same: bool) -> str:
    """List a file under its new path; when it is the same lesson, `[pindah]` says so, and earlier names follow."""
    if old == new:
        return source
    file = _File(source)
    found = file.find(old)
    if found:
        span = file.values["materi", found[0], "pelajaran", found[1]]
        source = file.spliced((*span, quoted_text(new)))
    if file.value_at(("tes", "bank")) == old:
        source = set_values(source, {("tes", "bank"): new})
    return _moved(source, identity_of(old), identity_of(new)) if same else source


def _moved(source: str, old: str, new: str) -> str:
    """Let a name lead to its new one. What leads away from the new one goes, so that nothing leads in a circle."""
    held = _File(source).value_at(("pindah",))
    held = held if isinstance(held, dict) else {}
    changes: dict[Place, Setting] = {
        ("pindah", name): new for name, target in held.items() if target == old and name != new
    }
    changes[("pindah", old)] = new
    if new in held:
        changes[("pindah", new)] = None
    return set_values(source, changes)


def add_module(source: str, title: str) -> str:
    """Add a module without lessons behind the last one."""
    file = _File(source)
    if not file.modules and "materi" in file.data:
        raise file.refusal(("materi",))
    end = _next_block(file, file.modules - 1) if file.modules else len(file.text)
    return file.spliced(file.block_at(end, "[[materi]]", f"judul = {quoted_text(title)}", "pelajaran = [", "]"))


def set_values(source: str, values: Mapping[Place, Setting]) -> str:
    """Give keys, named by their places, these values. What has its value already is not touched.

    ("tes",) or another table with None takes the whole table away.
    """
    file = _File(source)
    wanted = sorted(
        ((place, value) for place, value in values.items() if not _says(file, place, value)),
        key=lambda change: _rank(change[0][-1]),
    )
    splices: list[Splice] = []
    new_tables: dict[Place, list[str]] = {}
    for place, value in wanted:
        if value is None:
            splices.append(_removal(file, place))
        elif place in file.values:
            splices.append(_changed(file, place, value))
        elif file.value_at(place[:-1]) is not None:
            splices.append(_entry(file, place, _literal(file, value)))
        else:
            new_tables.setdefault(place[:-1], []).append(f"{_key(place[-1])} = {_literal(file, value)}")
    first = file.section(("materi", 0))
    at = file.block_start(first) if first else len(file.text)
    blocks = (file.block_at(at, f"[{table[0]}]", *lines) for table, lines in new_tables.items())
    return file.spliced(*splices, *blocks)


def _says(file: _File, place: Place, wanted: Setting) -> bool:
    """Tell whether a key has this value; true is no 1."""
    held = file.value_at(place)
    held = tuple(held) if isinstance(held, list) else held
    return bool(held == wanted) and isinstance(held, bool) == isinstance(wanted, bool)


def _literal(file: _File, wanted: Setting) -> str:
    if isinstance(wanted, bool):
        return "true" if wanted else "false"
    if isinstance(wanted, tuple):
        items = "".join(f"    {quoted_text(text)},{file.newline}" for text in wanted)
        return f"[{file.newline}{items}]" if wanted else "[]"
    return quoted_text(wanted) if isinstance(wanted, str) else str(wanted)


def _changed(file: _File, place: Place, wanted: Setting) -> Splice:
    """Return the new letters of a value; a list keeps its style, and the comments of the items that stay."""
    held = file.value_at(place)
    if not isinstance(wanted, tuple) or not isinstance(held, list) or len(held) * len(wanted) > MOST_COMPARED:
        return *file.values[place], _literal(file, wanted)
    listed = _List(file, place)
    steps = SequenceMatcher(None, [str(text) for text in held], wanted, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(steps):
        if kind == "equal":
            continue
        texts = [quoted_text(text) for text in wanted[first:last]]
        both = min(end - start, len(texts))
        for unit, text in zip(listed.units[start:end], texts, strict=False):
            unit.text = text
        del listed.units[start + both : end]
        for text in reversed(texts[both:]):
            listed.put(start + both, Unit(text))
    return listed.splice()


def _entry(file: _File, place: Place, literal: str) -> Splice:
    """A key that was not there, in its table, below the last one that stands before it in the order of keys."""
    section, key = file.section(place[:-1]), place[-1]
    if section is None:
        raise file.refusal(place[:-1])
    above = [each for each in section.entries if not each.key or _rank(each.key) <= _rank(key)][-1]
    indent = file.text[file.line_start(above.start) : above.start]
    return file.line_at(file.line_end(above.end) if above.end else 0, f"{indent}{_key(key)} = {literal}")


def _rank(key: str | int) -> int:
    return ORDER.index(str(key)) if key in ORDER else len(ORDER)


def _key(key: str | int) -> str:
    return str(key) if key in ORDER else quoted_text(str(key))


def _removal(file: _File, place: Place) -> Splice:
    """Take a key or a table away; lines of comment stay."""
    section = file.section(place)
    if section is not None:
        return _section_removal(file, section)
    start = file.line_start(file.start(place))
    if place not in file.values or file.text[start : file.start(place)].strip(" \t"):
        raise file.refusal(place)  # It stands in braces, with others.
    return start, file.line_end(file.values[place][1]), ""


def _section_removal(file: _File, section: TomlSection) -> Splice:
    starts = [file.line_start(entry.start) for entry in section.entries]
    ends = [file.line_end(entry.end) for entry in section.entries]
    kept = "".join(file.text[end:start] for end, start in zip(ends, starts[1:], strict=False))
    if "#" in kept:
        return starts[0], ends[-1], kept
    after = file.text[ends[-1] :]
    return starts[0], len(file.text) - len(after.lstrip("\r\n")), ""


Changes = dict[str, bytes | None]
"""Path -> its new content; None takes the file away."""


def pools_renamed(bank: str, titles: Mapping[str, str]) -> str:
    """The questions of the tests with pools named as their modules are now; `titles` is old title to new."""
    present = {folded(old): new for old, new in titles.items()}
    lines = re.split(r"(\r\n|\r|\n)", bank)
    for section in sections_of(scan(normalised(bank))[0]):
        pool = pool_heading(section)
        if pool and folded(pool.name) in present:
            at = 2 * (section.lines[0].number - 1)
            start, mark, name = lines[at].partition(":")
            lines[at] = start + mark + name.replace(pool.name, present[folded(pool.name)], 1)
    return "".join(lines)


def is_text(path: str) -> bool:
    """Tell whether a file is one that an author writes in."""
    return path.endswith((".md", ".toml"))


def text_in(data: bytes) -> str | None:
    """The text of a file; None when it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def renamed(files: Mapping[str, bytes], old: str, new: str, *, same: bool) -> Changes:
    """Give a lesson another path, and let whatever leads to it, and what it leads to, lead there as before.

    Raises CannotWrite when kursus.toml is broken.
    """
    moved = {old: new}
    changes: Changes = {old: None, new: files[old]}
    for path, data in files.items():
        text = text_in(data) if is_text(path) and path != COURSE_FILE else None
        if text is not None and (after := relinked(text, path, moved)) != text:
            changes[moved.get(path, path)] = after.encode()
    return changes | _course(files, rename_file(_course_text(files), old, new, same=same))


def removed(files: Mapping[str, bytes], path: str) -> Changes:
    """Take a file away, and a form with its stories; kursus.toml lists it no longer."""
    gone = {path, *(story for story in stories_of(files, path) if story in files)}
    return dict.fromkeys(sorted(gone)) | _course(files, without_lessons(_course_text(files), (path,)))


def listed_again(files: Mapping[str, bytes], path: str, published: CourseRules, present: CourseRules) -> Changes:
    """List a file where an edition had it: in the module of that title behind the same lessons, else in the last."""
    if path in map(file_of, present.lessons) or not present.modules:
        return {}
    for module in published.modules:
        lessons = [file_of(lesson) for lesson in module.lessons]
        if path in lessons:
            titles = [each.title for each in present.modules]
            at = titles.index(module.title) if module.title in titles else len(titles) - 1
            before = set(lessons[: lessons.index(path)])
            there = [file_of(lesson) for lesson in present.modules[at].lessons]
            place = 1 + max((there.index(each) for each in before & set(there)), default=-1)
            return _course(files, add_lesson(_course_text(files), at, path, place))
    return {}


def led_back(older: str, newer: str) -> str:
    """The kursus.toml of an older edition, in which the names that lessons have in a newer one lead to theirs in it.

    What an author wrote so that no program can change it stays as it is.
    """
    old, new = parse_course(older)[0], parse_course(newer)[0]
    if old is None or new is None:
        return older
    names = {*new.moved, *new.moved.values()}
    there = {new.present(name): name for name in sorted(names & set(old.lessons))}
    back = {name: there[new.present(name)] for name in sorted(names) if new.present(name) in there}
    leads: dict[Place, Setting] = {
        ("pindah", name): then for name, then in back.items() if old.present(name) not in old.lessons
    }
    try:
        return set_values(older, leads)
    except CannotWrite:
        return older


def stories_of(files: Mapping[str, bytes], path: str) -> set[str]:
    """The stories that a form's cases tell; none for a lesson."""
    text = text_in(files[path]) if path.endswith(".toml") and path != COURSE_FILE and path in files else None
    form = parse_form(path, text)[0] if text else None
    return {case.story for case in form.cases if case.story} if form else set()


def leading_to(files: Mapping[str, bytes], path: str) -> Iterator[str]:
    """The files that link to this one, or show it."""
    for other, data in files.items():
        text = text_in(data) if other != path and is_text(other) and other != COURSE_FILE else None
        links = links_of(passages(scan(normalised(text))[0])) if text else ()
        if any(course_path(dirname(other), link.target) == path for link in links):
            yield other


def _course_text(files: Mapping[str, bytes]) -> str:
    return files.get(COURSE_FILE, b"").decode("utf-8", "surrogateescape")


def _course(files: Mapping[str, bytes], text: str) -> Changes:
    """kursus.toml when it is another one now."""
    data = text.encode("utf-8", "surrogateescape")
    return {} if data == files.get(COURSE_FILE, b"") else {COURSE_FILE: data}

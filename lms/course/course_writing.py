"""Changes to kursus.toml, text to text: what is not asked for stays as it is, byte for byte, comments and layout too.

Nothing is written anew: a change takes the letters of one value, line or block and leaves all others where they are.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from posixpath import dirname
from typing import Any, Literal

from lms.course.bank import folded
from lms.course.form_reading import parse_form
from lms.course.lesson import pool_heading, sections_of
from lms.course.lines import passages, scan
from lms.course.links import course_path, links_of, relinked
from lms.course.outline import COURSE_FILE, CourseRules, file_of, identity_of, parse_course
from lms.course.problems import Notes, Problem
from lms.course.tomlfile import ListText, Place, Spans, TomlSection, TomlValue, Unit, quoted_text, read_toml
from lms.web.plain import normalised

Setting = str | int | bool | tuple[str, ...] | None
"""What a key may be given; None takes the key away."""

Way = Literal["up", "down"]
Splice = tuple[int, int, str]
"""Where letters are taken out, and those that come instead."""

MOST_COMPARED = 250_000

ORDER = (
    *("judul", "ringkasan", "sasaran", "untuk", "dasar_hukum", "bank", "lulus", "kesempatan"),
    *("jp_daring", "jp_tatap_muka", "tujuan", "pelajaran", "kuis", "tes_akhir", "kehadiran", "survei"),
)
"""Where a key that was not there is written: below the nearest one that stands before it here."""


class CannotWrite(Exception):
    """The file can't be changed this way: it is broken, or written in a way that only its author can change."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _File(Spans):
    """kursus.toml as it was read, and what was said in it."""

    def __init__(self, source: str) -> None:
        notes = Notes(COURSE_FILE)
        data = read_toml(normalised(source), notes)
        if data is None:
            raise CannotWrite(notes.problems[0])
        self.data: dict[str, Any] = data
        try:
            super().__init__(source)
        except RecursionError:
            raise self.refusal(0) from None
        at = source.find("\n")
        self.newline = "\r\n" if at > 0 and source[at - 1] == "\r" else "\r" if at < 0 and "\r" in source else "\n"

    def refusal(self, at: int) -> CannotWrite:
        """Return the refusal for a place whose layout no button knows."""
        text = "bagian ini ditulis dengan cara yang tidak dapat diubah lewat formulir; ubah langsung di teksnya"
        return CannotWrite(Problem(COURSE_FILE, self.line_of(at), "galat", text))

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
            raise self.refusal(_any_entry(self, ("materi",)))
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

    def list_at(self, place: Place) -> tuple[TomlValue, ListText]:
        """A list that is to be changed."""
        value = self.entries[place].value
        return value, ListText(value, self.newline)

    def replaced(self, start: int, end: int, text: str) -> str:
        """The whole file with these letters instead of those."""
        return self.text[:start] + text + self.text[end:]

    def line_at(self, at: int, line: str) -> Splice:
        """A new line where one begins, or where the file ends."""
        is_end = at > 0 and self.text[at - 1] not in "\r\n\ufeff"
        return at, at, self.newline + line if is_end else line + self.newline

    def block_at(self, at: int, block: str) -> Splice:
        """A new block with blank lines around it, where one begins or where the file ends."""
        before = self.text[:at].lstrip("\ufeff")
        gap = before[len(before.rstrip(" \t\r\n")) :]
        wanted = 2 - normalised(gap).count("\n") if before else 0
        return at, at, self.newline * wanted + block + self.newline * (2 if at < len(self.text) else 1)

    def block_start(self, section: TomlSection) -> int:
        """Return the start of all that belongs to a header: the lines of comment right above it, too."""
        place = self.sections.index(section)
        floor = self.line_end(self.sections[place - 1].content_end) if place else section.start
        start = self.line_start(section.start)
        while start > floor:
            above = self.line_above(start)
            if not self.text[above:start].lstrip(" \t").startswith("#"):
                break
            start = above
        return max(start, 1) if self.text.startswith("\ufeff") else start


def move_lesson(source: str, path: str, to: Way | tuple[int, int]) -> str:
    """Move a listed file one up or down, across modules too, or to a place in a module; what can't move stays."""
    file = _File(source)
    found = file.find(path)
    if found is None:
        return source
    module, place = found
    target, at = _neighbour(file, module, place, to) if isinstance(to, str) else to
    if target == module:
        value, listed = file.list_at(("materi", module, "pelajaran"))
        listed.move(place, max(0, min(at, len(listed) - 1)))
        return file.replaced(value.start, value.end, str(listed))
    if not 0 <= target < file.modules:
        return source
    value, listed = file.list_at(("materi", module, "pelajaran"))
    unit = listed.take(place)
    return _put(file.replaced(value.start, value.end, str(listed)), target, at, unit)


def _neighbour(file: _File, module: int, place: int, way: Way) -> tuple[int, int]:
    """The place one up or down."""
    if way == "up":
        return (module, place - 1) if place else (module - 1, len(file.lessons(module - 1)))
    return (module, place + 1) if place + 1 < len(file.lessons(module)) else (module + 1, 0)


def _put(source: str, module: int, at: int, unit: Unit) -> str:
    """Put a file into a module's list, which is made when there is none."""
    file = _File(source)
    place = ("materi", module, "pelajaran")
    if place not in file.entries:
        file.module_section(module)
        literal = f"[{file.newline}    {unit.text}{unit.middle},{unit.tail}{file.newline}]"
        return _spliced(source, _entry(file, place, literal))
    value, listed = file.list_at(place)
    if value.units is None:
        raise file.refusal(value.start)
    listed.put(max(0, min(at, len(listed))), unit)
    return file.replaced(value.start, value.end, str(listed))


def move_module(source: str, index: int, way: Way) -> str:
    """Move a module with everything in it one up or down; the first can't go up nor the last down."""
    file = _File(source)
    other = index + (-1 if way == "up" else 1)
    file.module_section(index)
    if not 0 <= other < file.modules:
        return source
    first, second = (_block(file, number) for number in sorted((index, other)))
    upper, lower = (file.text[start:end] for start, end in (first, second))
    (upper, upper_gap), (lower, lower_gap) = _without_gap(upper), _without_gap(lower)
    between = file.text[first[1] : second[0]]
    return file.replaced(first[0], second[1], lower + upper_gap + between + upper + lower_gap)


def _block(file: _File, index: int) -> tuple[int, int]:
    """Return the span from the comments above a module's header to the start of the next block."""
    section = file.module_section(index)
    for later in file.sections[file.sections.index(section) + 1 :]:
        if later.place[:2] != ("materi", index):
            return file.block_start(section), file.block_start(later)
    return file.block_start(section), len(file.text)


def _without_gap(block: str) -> tuple[str, str]:
    text = block.rstrip(" \t\r\n")
    return text, block[len(text) :]


def add_lesson(source: str, module: int, path: str, at: int | None = None) -> str:
    """List a file in a module, at its end unless a place is given; what is listed already stays where it is."""
    file = _File(source)
    if file.find(path):
        return source
    file.module_section(module)
    place = len(file.lessons(module)) if at is None else at
    return _put(source, module, place, Unit("", quoted_text(path)))


def remove_lesson(source: str, path: str) -> str:
    """Take a file out of the lists."""
    return without_lessons(source, (path,))


def without_lessons(source: str, paths: Collection[str]) -> str:
    """Take all of these files out of the lists."""
    file, wanted = _File(source), frozenset(paths)
    splices = []
    for module in range(file.modules):
        gone = {at for at, path in enumerate(file.lessons(module)) if isinstance(path, str) and path in wanted}
        if gone:
            value, listed = file.list_at(("materi", module, "pelajaran"))
            listed.drop(gone)
            splices.append((value.start, value.end, str(listed)))
    return _spliced(source, splices)


def _spliced(source: str, splices: Iterable[Splice]) -> str:
    """The text with all changes made; of those in one place the first stands first."""
    ordered = sorted(splices, key=lambda splice: splice[0])
    while ordered:
        start, end, text = ordered.pop()
        source = source[:start] + text + source[end:]
    return source


def rename_file(source: str, old: str, new: str, *, same: bool) -> str:
    """List a file under its new path; when it is the same lesson, `[pindah]` says so, and earlier names follow."""
    if old == new:
        return source
    file = _File(source)
    found = file.find(old)
    if found:
        value, listed = file.list_at(("materi", found[0], "pelajaran"))
        listed.say(found[1], quoted_text(new))
        source = file.replaced(value.start, value.end, str(listed))
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
    if file.modules:
        end = _block(file, file.modules - 1)[1]
    else:
        end = len(file.text)
        if "materi" in file.data:
            raise file.refusal(_any_entry(file, ("materi",)))
    lines = ("[[materi]]", f"judul = {quoted_text(title)}", "pelajaran = [", "]")
    return _spliced(source, [file.block_at(end, file.newline.join(lines))])


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
        elif place in file.entries:
            held = file.entries[place].value
            splices.append((held.start, held.end, _changed(file, place, value)))
        elif file.section(place[:-1]) or file.value_at(place[:-1]) is not None:
            splices += _entry(file, place, _literal(file, value))
        else:
            new_tables.setdefault(place[:-1], []).append(f"{_key(place[-1])} = {_literal(file, value)}")
    return _spliced(source, [*splices, *_tables(file, new_tables)])


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


def _changed(file: _File, place: Place, wanted: Setting) -> str:
    """Return the new letters of a value; a list keeps its style, and the comments of the items that stay."""
    held = file.value_at(place)
    if not isinstance(wanted, tuple) or not isinstance(held, list) or len(held) * len(wanted) > MOST_COMPARED:
        return _literal(file, wanted)
    _, listed = file.list_at(place)
    steps = SequenceMatcher(None, [str(text) for text in held], wanted, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(steps):
        if kind == "equal":
            continue
        both = min(end - start, last - first)
        for at in range(both):
            listed.say(start + at, quoted_text(wanted[first + at]))
        listed.drop(range(start + both, end))
        for text in reversed(wanted[first + both : last]):
            listed.put(start + both, Unit("", quoted_text(text)))
    return str(listed)


def _entry(file: _File, place: Place, literal: str) -> Iterator[Splice]:
    """A key that was not there, in its table."""
    section, key = file.section(place[:-1]), place[-1]
    if section is None:
        raise file.refusal(_any_entry(file, place[:-1]))
    line = f"{_key(key)} = {literal}"
    above = [entry for entry in section.entries if _rank(entry.key[0]) <= _rank(key)]
    if above:
        indent = file.text[file.line_start(above[-1].start) : above[-1].start].lstrip("\ufeff")
        yield file.line_at(file.line_end(above[-1].value.end), indent + line)
    else:
        yield file.line_at(file.line_end(section.end) if section.place else section.start, line)


def _tables(file: _File, tables: Mapping[Place, list[str]]) -> Iterator[Splice]:
    """Tables that were not there, before the first module."""
    first = file.section(("materi", 0))
    at = file.block_start(first) if first else len(file.text)
    for table, lines in tables.items():
        yield file.block_at(at, file.newline.join([f"[{table[0]}]", *lines]))


def _rank(key: str | int) -> int:
    return ORDER.index(str(key)) if key in ORDER else len(ORDER)


def _key(key: str | int) -> str:
    return str(key) if key in ORDER else quoted_text(str(key))


def _any_entry(file: _File, place: Place) -> int:
    """Return the start of the first entry in this place."""
    held = (entry.start for other, entry in file.entries.items() if other[: len(place)] == place)
    return next(held, 0)


def _removal(file: _File, place: Place) -> Splice:
    """Take a key or a table away; lines of comment stay."""
    section, entry = file.section(place), file.entries.get(place)
    if section is not None:
        return _section_removal(file, section)
    if entry is None:
        raise file.refusal(_any_entry(file, place))
    start = max(file.line_start(entry.start), 1 if file.text.startswith("\ufeff") else 0)
    if file.text[start : entry.start].strip(" \t"):
        raise file.refusal(entry.start)  # It stands in braces, with others.
    return start, file.line_end(entry.value.end), ""


def _section_removal(file: _File, section: TomlSection) -> Splice:
    starts = [file.line_start(section.start), *(file.line_start(entry.start) for entry in section.entries)]
    ends = [file.line_end(section.end), *(file.line_end(entry.value.end) for entry in section.entries)]
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
    return dict.fromkeys(sorted(gone)) | _course(files, remove_lesson(_course_text(files), path))


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


def form_of_story(files: Mapping[str, bytes], path: str) -> str | None:
    """The form one of whose cases a file tells."""
    beside = (each for each in files if each.endswith(".toml") and dirname(each) == dirname(path))
    return next((each for each in beside if path in stories_of(files, each)), None)


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

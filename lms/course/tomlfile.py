"""TOML as an author writes it: every complaint with its line, in Indonesian, and where everything stands.

The standard library says what a file means. It does not say where, so one pass over a file that it could read notes the
place of each value: a complaint names its line, and a change replaces these letters and leaves all others as they are.
"""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from lms.course.problems import Notes
from lms.web.plain import normalised

LONGEST = 200_000
DEEPEST = 32
"""Keys of thousands of parts and brackets in brackets keep the standard reader busy for minutes."""

STRING = re.compile(r'"(?:[^"\\]+|\\.)*+"?|\'[^\']*+\'?')
PLACE = re.compile(r"at line ([0-9]+), column ([0-9]+)")
MOST_UNKNOWN = 20

Place = tuple[str | int, ...]
SPACE = re.compile(r"[ \t]*+")
BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
END_OF_LINE = re.compile(r"[ \t]*+(?:#[^\r\n]*+)?+(?=[\r\n])")
LINE_END = re.compile(r"\r\n|\r|\n")
REST_OF_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)?+")
TEXT = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+'",
    re.DOTALL,
)
PLAIN = re.compile(r"[^,\]}#\r\n]++")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
LAST_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*\Z")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def read_toml(source: str, notes: Notes) -> dict[str, Any] | None:
    """The table in a file, or None with a note that says where reading stopped."""
    if len(source) > LONGEST:
        notes.galat(0, "berkas lebih dari 200 KB; pendekkan isinya")
        return None
    for number, text in enumerate(source.split("\n"), 1):
        bare = STRING.sub("", text)
        if max(bare.count("."), bare.count("["), bare.count("{")) > DEEPEST:
            notes.galat(number, "terlalu banyak titik atau kurung dalam satu baris; sederhanakan")
            return None
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        place = PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (source.count("\n") + 1, 1)
        text = f"TOML tidak terbaca mulai kolom {column}; periksa tanda kutip, kurung, koma, dan tanda ="
        notes.galat(line, text)
        return None


@dataclass(frozen=True, slots=True)
class Unit:
    """One item of a list with what stands around it: before it, before its comma, and behind that on its line."""

    lead: str
    text: str
    middle: str = ""
    tail: str = ""


@dataclass(slots=True)
class TomlValue:
    """The letters of a value; `units` for a list, `entries` for a table in braces, `items` for what stands in both."""

    start: int
    end: int
    units: list[Unit] | None = None
    items: list["TomlValue"] = field(default_factory=list)
    entries: list["TomlEntry"] = field(default_factory=list)
    head: str = ""
    close: str = ""
    has_last_comma: bool = False


@dataclass(slots=True)
class TomlEntry:
    """`key = value`; `start` is where the key begins."""

    key: Place
    start: int
    value: TomlValue


@dataclass(slots=True)
class TomlSection:
    """A header and the entries below it; the first section of a file has none."""

    place: Place
    start: int
    end: int
    entries: list[TomlEntry] = field(default_factory=list)

    @property
    def content_end(self) -> int:
        """The end of its last value, or of its header."""
        return self.entries[-1].value.end if self.entries else self.end


class Spans:
    """All sections of a file in order, and every entry under its place; the file was read before, so it is valid.

    A table inside [[kasus]] belongs to the last one above it, so its place carries that one's number.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(end.end() for end in LINE_END.finditer(text))]
        self._starts: dict[Place, int] = {}
        self.sections = list(self._sections())
        self.entries: dict[Place, TomlEntry] = {}
        for section in self.sections:
            self._starts.setdefault(section.place, section.start)
            self._keep(section.place, section.entries)

    def _keep(self, place: Place, entries: Sequence[TomlEntry]) -> None:
        for entry in entries:
            here = (*place, *entry.key)
            self.entries[here] = entry
            for end in range(len(place) + 1, len(here) + 1):
                self._starts.setdefault(here[:end], entry.start)
            self._keep(here, entry.value.entries)
            for number, item in enumerate(entry.value.items):
                self._keep((*here, number), item.entries)

    def section(self, place: Place) -> TomlSection | None:
        """The section with this place."""
        return next((section for section in self.sections if section.place == place), None)

    def line_start(self, at: int) -> int:
        """Return the start of this letter's line."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_above(self, start: int) -> int:
        """Return the start of the line before the one that begins here."""
        return self.line_start(start - (2 if self.text.endswith("\r\n", 0, start) else 1))

    def line_end(self, at: int) -> int:
        """Behind the end of the line of this letter."""
        found = REST_OF_LINE.match(self.text, at)
        return found.end() if found else at

    def line_of(self, at: int) -> int:
        """The number of a letter's line."""
        return bisect_right(self._lines, at)

    def line(self, place: Place) -> int:
        """The line of a key, or of the nearest table around it."""
        return self.line_of(self._start(place))

    def lines_of_items(self, place: Place, items: Sequence[str]) -> list[int]:
        """The line of each text in a list, which may stand on one line or on many."""
        at, found = self._start(place), list[int]()
        for item in items:
            ahead = self.text.find(item, at)
            if ahead < 0:
                break
            found.append(self.line_of(ahead))
            at = ahead + len(item)
        return found + [self.line_of(at)] * (len(items) - len(found))

    def _start(self, place: Place) -> int:
        while place and place not in self._starts:
            place = place[:-1]
        return self._starts.get(place, 0)

    def _sections(self) -> Iterator[TomlSection]:
        at = 1 if self.text.startswith("\ufeff") else 0
        section = TomlSection((), at, at)
        counts: dict[Place, int] = {}
        while (at := _skip(BLANK, self.text, at)) < len(self.text):
            if self.text[at] == "[":
                yield section
                many = self.text.startswith("[[", at)
                key, end = self._key(at + 1 + many)
                section = TomlSection(_numbered(key, many, counts), at, end + 1 + many)
                at = section.end
            else:
                section.entries.append(self._entry(at))
                at = section.entries[-1].value.end
        yield section

    def _key(self, at: int) -> tuple[Place, int]:
        """The parts of a key, and where what follows it begins."""
        parts: list[str] = []
        while True:
            at = _skip(SPACE, self.text, at)
            quote = self.text[at] in "\"'"
            end = _skip(TEXT if quote else BARE_KEY, self.text, at)
            parts.append(text_of(self.text[at:end]) if quote else self.text[at:end])
            at = _skip(SPACE, self.text, end)
            if self.text[at] != ".":
                return tuple(parts), at
            at += 1

    def _entry(self, at: int) -> TomlEntry:
        key, end = self._key(at)
        return TomlEntry(key, at, self._value(_skip(SPACE, self.text, end + 1)))

    def _value(self, at: int) -> TomlValue:
        first = self.text[at]
        if first == "[":
            return self._list(at)
        if first == "{":
            return self._braces(at)
        if first in "\"'":
            return TomlValue(at, _skip(TEXT, self.text, at))
        end = _skip(PLAIN, self.text, at)
        return TomlValue(at, at + len(self.text[at:end].rstrip(" \t")))

    def _list(self, start: int) -> TomlValue:
        units: list[Unit] = []
        found = TomlValue(start, start, units=units)
        at = _skip(END_OF_LINE, self.text, start + 1)
        found.head = self.text[start + 1 : at]
        while self.text[here := _skip(BLANK, self.text, at)] != "]":
            item = self._value(here)
            comma = _skip(BLANK, self.text, item.end)
            found.has_last_comma = self.text[comma] == ","
            end, behind = (comma, comma + 1) if found.has_last_comma else (item.end, item.end)
            tail = _skip(END_OF_LINE, self.text, behind)
            cut = self.text
            units.append(Unit(cut[at:here], cut[here : item.end], cut[item.end : end], cut[behind:tail]))
            found.items.append(item)
            at = tail
        found.close, found.end = self.text[at:here], here + 1
        return found

    def _braces(self, start: int) -> TomlValue:
        found = TomlValue(start, start)
        at = _skip(BLANK, self.text, start + 1)
        while self.text[at] != "}":
            found.entries.append(self._entry(at))
            at = _skip(BLANK, self.text, found.entries[-1].value.end)
            at = _skip(BLANK, self.text, at + 1) if self.text[at] == "," else at
        found.end = at + 1
        return found


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _numbered(key: Place, many: bool, counts: dict[Place, int]) -> Place:
    """The place of a header: a table of which there are many carries its number."""
    place: Place = ()
    for at, part in enumerate(key, 1):
        place = (*place, part)
        if many and at == len(key):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def text_of(token: str) -> str:
    """Return the content of a quoted text."""
    return str(tomllib.loads(f"x = {normalised(token)}")["x"])


def quoted_text(text: str) -> str:
    """A text in quotation marks, on one line."""
    return '"' + "".join(ESCAPES.get(sign) or _sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if sign < " " or sign == "\x7f" else sign


class Table:
    """A table being read: each key is asked for once; whatever nobody asked for is unknown."""

    def __init__(self, values: dict[str, Any], spans: Spans, notes: Notes, place: Place = ()) -> None:
        self._values, self._spans, self._notes, self.place = values, spans, notes, place
        self._asked: list[str] = []

    def line(self, key: str = "") -> int:
        """The line of a key, or of the table itself."""
        return self._spans.line((*self.place, key) if key else self.place)

    def galat(self, key: str, text: str) -> None:
        """Note a fault on the line of a key, or of the table itself."""
        self._notes.galat(self.line(key), text)

    def text(self, key: str, needed: bool = False) -> str:
        """A text; a needed one must say something."""
        value = self._get(key, str, 'teks dalam tanda kutip, misalnya {} = "…"')
        if needed and isinstance(self._values.get(key, ""), str) and not (value or "").strip():
            self.galat(key, f'"{key}" belum diisi; tulis {key} = "…"')
        return value or ""

    def number(self, key: str, highest: int, default: int) -> int:
        """A whole number from 0 to `highest`."""
        value = self.number_or_none(key, highest, default)
        return default if value is None else value

    def number_or_none(self, key: str, highest: int, example: int) -> int | None:
        """Return a whole number from 0 to `highest`, None when missing."""
        wanted = f"angka bulat 0 sampai {highest} tanpa tanda kutip, misalnya {{}} = {example}"
        value: int | None = self._get(key, int, wanted)
        if value is None or 0 <= value <= highest:
            return value
        self.galat(key, f'"{key}" harus {wanted.format(key)}')
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value: bool | None = self._get(key, bool, "true atau false tanpa tanda kutip, misalnya {} = true")
        return default if value is None else value

    def texts(self, key: str) -> list[tuple[str, int]]:
        """A list of texts, each with its line."""
        wanted = 'daftar teks dalam tanda kutip, misalnya {} = ["…", "…"]'
        values = self._get(key, list, wanted) or []
        if not all(isinstance(value, str) for value in values):
            self.galat(key, f'"{key}" harus {wanted.format(key)}')
        texts = [value for value in values if isinstance(value, str)]
        return list(zip(texts, self._spans.lines_of_items((*self.place, key), texts), strict=True))

    def integer(self, key: str, example: int) -> int | None:
        """A whole number of at most fifteen digits, below nought too; None when missing."""
        wanted = f"angka bulat tanpa tanda kutip, misalnya {{}} = {example}"
        value: int | None = self._get(key, int, wanted)
        if value is None or abs(value) < 10**15:
            return value
        self.galat(key, f'"{key}" harus {wanted.format(key)}')
        return None

    def has(self, key: str) -> bool:
        """Tell whether the author wrote this key."""
        return key in self._values

    def any(self, key: str) -> Any:
        """Return the author's value, of whatever kind, for a reader that says itself what it expected."""
        self._asked.append(key)
        return self._values.get(key)

    @property
    def names(self) -> list[str]:
        """Every key, where they are the author's own."""
        return list(self._values)

    @property
    def source(self) -> str:
        """All that stands in the table, in one form however it is laid out; "" for what no reader here accepts."""
        try:
            return json.dumps(self._values, sort_keys=True, default=str)
        except (ValueError, RecursionError):  # A number of thousands of digits, lists in lists without end.
            return ""

    def table(self, key: str) -> "Table | None":
        """A table inside this one."""
        value = self._get(key, dict, "bagian sendiri: tulis [{}] di barisnya, lalu isinya di bawah")
        return None if value is None else Table(value, self._spans, self._notes, (*self.place, key))

    def tables(self, key: str) -> "list[Table]":
        """Tables written as [[key]]."""
        wanted = "bagian sendiri: tulis [[{}]] di barisnya, lalu isinya di bawah"
        values = self._get(key, list, wanted) or []
        if not all(isinstance(value, dict) for value in values):
            self.galat(key, f'"{key}" harus {wanted.format(key)}')
        return [
            Table(value, self._spans, self._notes, (*self.place, key, at))
            for at, value in enumerate(values)
            if isinstance(value, dict)
        ]

    def free_texts(self) -> dict[str, str]:
        """The whole table, when its keys are the author's own."""
        return {key: self.text(key, needed=True) for key in self._values}

    def refuse_unknown(self) -> None:
        """Note every key nobody asked for, with the nearest known one."""
        unknown = [key for key in self._values if key not in self._asked]
        for key in unknown[:MOST_UNKNOWN]:
            near = get_close_matches(key[:40], self._asked, n=1, cutoff=0)
            text = f'kunci "{key[:40]}" tidak dikenal; yang paling mirip: "{near[0]}"'
            self.galat(key, text)
        if len(unknown) > MOST_UNKNOWN:
            text = f"masih ada {len(unknown) - MOST_UNKNOWN} kunci lain yang tidak dikenal; hapus atau perbaiki"
            self.galat(unknown[MOST_UNKNOWN], text)

    def _get(self, key: str, kind: type, wanted: str) -> Any:
        """The value when it is of this kind; true and false are no numbers."""
        self._asked.append(key)
        value = self._values.get(key)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        self.galat(key, f'"{key}" harus {wanted.format(key)}')
        return None


def read_table(source: str, notes: Notes) -> Table | None:
    """The outermost table of normalised source, or None with a note that says where reading stopped."""
    values = read_toml(source, notes)
    try:
        return None if values is None else Table(values, Spans(source), notes)
    except RecursionError:
        notes.galat(0, "terlalu banyak kurung di dalam kurung; sederhanakan")
        return None


class ListText:
    """A list being changed: on one line its gaps keep their places, on many lines they go with their items."""

    def __init__(self, value: TomlValue, newline: str) -> None:
        self._head, self._close = value.head, value.close
        self._units = list(value.units or ())
        self._newline = newline
        gaps = [unit.lead for unit in self._units] or [self._close]
        self._on_lines = all("\n" in gap or "\r" in gap for gap in gaps)
        self._last_comma = value.has_last_comma if self._units else self._on_lines

    def __len__(self) -> int:
        return len(self._units)

    def put(self, at: int, unit: Unit) -> None:
        """An item more, before the one that stands there; its lead becomes that of its neighbour."""
        near = self._units[max(0, min(at, len(self._units)) - 1)] if self._units else None
        if self._on_lines:
            line = LAST_LINE.search(near.lead) if near else None
            lead = line[0] if line else f"{self._newline}    "
            self._units.insert(at, replace(unit, lead=lead))
        else:
            leads = [unit.lead for unit in self._units]
            leads.append(" " if leads else "")
            self._units.insert(at, unit)
            self._place(leads)

    def take(self, at: int) -> Unit:
        """Take one item away; it comes with what stands on its line."""
        unit = self._units[at]
        self.drop({at})
        return unit

    def drop(self, gone: Collection[int]) -> None:
        """Take items away with what stands on their lines; lines of comment above them stay."""
        leads = [unit.lead for unit in self._units]
        kept: list[Unit] = []
        above = ""
        for at, unit in enumerate(self._units):
            if at not in gone:
                kept.append(replace(unit, lead=above + unit.lead))
                above = ""
            elif self._on_lines and "#" in unit.lead and (line := LAST_LINE.search(unit.lead)):
                above += unit.lead[: line.start()]
        self._units = kept
        if not self._on_lines:
            self._place(leads[: len(kept)])
            above = "".join(lead for lead in leads[len(kept) :] if "#" in lead)
        self._close = above + self._on_new_line(self._close, self._on_lines and above != "")

    def move(self, at: int, to: int) -> None:
        """Put an item elsewhere in the list, its comments with it."""
        leads = [unit.lead for unit in self._units]
        self._units.insert(to, self._units.pop(at))
        if not self._on_lines:
            self._place(leads)

    def say(self, at: int, text: str) -> None:
        """Give an item another text."""
        self._units[at] = replace(self._units[at], text=text)

    def _place(self, leads: Sequence[str]) -> None:
        self._units = [replace(unit, lead=lead) for unit, lead in zip(self._units, leads, strict=True)]

    def __str__(self) -> str:
        parts = ["[", self._head]
        in_comment = "#" in self._head
        for number, unit in enumerate(self._units, 1):
            comma = "," if number < len(self._units) or self._last_comma else ""
            parts += [self._on_new_line(unit.lead, in_comment), unit.text, unit.middle, comma, unit.tail]
            in_comment = "#" in unit.tail
        return "".join([*parts, self._on_new_line(self._close, in_comment), "]"])

    def _on_new_line(self, gap: str, after_comment: bool) -> str:
        """The gap; behind a comment, which would swallow what follows, on a line of its own."""
        is_new = gap.lstrip(" \t").startswith(("\r", "\n"))
        return gap if is_new or not after_comment else self._newline + gap

"""TOML as an author writes it: every complaint with its line, in Indonesian, and where everything stands.

The standard library says what a file means. It does not say where, so one pass over a file that it could read notes the
place of each value: a complaint names its line, and a change replaces these letters and leaves all others as they are.
"""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

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
BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
TEXT = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+'",
    re.DOTALL,
)
PLAIN = re.compile(r"[^,\]}#\r\n]++")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
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
        notes.galat(line, f"TOML tidak terbaca mulai kolom {column}; periksa tanda kutip, kurung, koma, dan tanda =")
        return None


class TomlEntry(NamedTuple):
    """A header, whose key is "", or the first part of the key of `key = value`; from its first letter to its last."""

    key: str
    start: int
    end: int


@dataclass(slots=True)
class TomlSection:
    """A header and the entries below it; that of the first section of a file is nothing at its start."""

    place: Place
    entries: list[TomlEntry]

    @property
    def start(self) -> int:
        """The first letter of its header."""
        return self.entries[0].start

    @property
    def end(self) -> int:
        """The end of its last value, or of its header."""
        return self.entries[-1].end


class Spans:
    """All sections of a file in order, and where each value stands; the file was read before, so it is valid.

    A table inside [[kasus]] belongs to the last one above it, so its place carries that one's number, as an item of a
    list carries its own.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(end.end() for end in re.finditer("\n", text))]
        self._starts: dict[Place, int] = {}
        self.values: dict[Place, tuple[int, int]] = {}
        self.sections = list(self._sections())

    def section(self, place: Place) -> TomlSection | None:
        """The section with this place."""
        return next((section for section in self.sections if section.place == place), None)

    def line_of(self, at: int) -> int:
        """The number of a letter's line."""
        return bisect_right(self._lines, at)

    def line(self, place: Place) -> int:
        """The line of a key or an item, or of the nearest table around it."""
        return self.line_of(self.start(place))

    def line_of_text(self, place: Place, text: str) -> int:
        """The line of a text in a list, which may stand on one line or on many."""
        return self.line_of(max(self.start(place), self.text.find(text, self.start(place))))

    def start(self, place: Place) -> int:
        """Where a key or an item begins, or the nearest table around it."""
        while place and place not in self._starts:
            place = place[:-1]
        return self._starts.get(place, 0)

    def _sections(self) -> Iterator[TomlSection]:
        section = TomlSection((), [TomlEntry("", 0, 0)])
        counts: dict[Place, int] = {}
        at = 0
        while (at := skip(BLANK, self.text, at)) < len(self.text):
            if self.text[at] == "[":
                yield section
                many = self.text.startswith("[[", at)
                key, end = self._key(at + 1 + many)
                section = TomlSection(_numbered(key, many, counts), [TomlEntry("", at, end + 1 + many)])
                self._begin(section.place, at)
            else:
                section.entries.append(self._entry(section.place, at))
            at = section.end
        yield section

    def _key(self, at: int) -> tuple[tuple[str, ...], int]:
        """The parts of a key, and where what follows it begins."""
        parts: list[str] = []
        while True:
            at = skip(SPACE, self.text, at)
            quote = self.text[at] in "\"'"
            end = skip(TEXT if quote else BARE_KEY, self.text, at)
            parts.append(text_of(self.text[at:end]) if quote else self.text[at:end])
            at = skip(SPACE, self.text, end)
            if self.text[at] != ".":
                return tuple(parts), at
            at += 1

    def _begin(self, place: Place, at: int) -> None:
        """Note where something begins, and with it every table around it that began nowhere before."""
        while place and place not in self._starts:
            self._starts[place] = at
            place = place[:-1]

    def _entry(self, place: Place, at: int) -> TomlEntry:
        key, end = self._key(at)
        self._begin((*place, *key), at)
        return TomlEntry(key[0], at, self._value((*place, *key), skip(SPACE, self.text, end + 1)))

    def _value(self, place: Place, start: int) -> int:
        """Note where a value and all that stands in it is; returns its end."""
        self._begin(place, start)
        first, at, number = self.text[start], start, 0
        if first in "[{":
            at = skip(BLANK, self.text, at + 1)
            while self.text[at] not in "]}":
                at = self._value((*place, number), at) if first == "[" else self._entry(place, at).end
                at = skip(BLANK, self.text, at)
                at = skip(BLANK, self.text, at + 1) if self.text[at] == "," else at
                number += 1
            at += 1
        elif first in "\"'":
            at = skip(TEXT, self.text, at)
        else:
            at += len(self.text[at : skip(PLAIN, self.text, at)].rstrip(" \t"))
        self.values[place] = start, at
        return at


def skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a pattern that begins here ends; here when none does."""
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
        self._inside: list[Table] = []

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
        value = self.number_or_none(key, default, highest)
        return default if value is None else value

    def number_or_none(self, key: str, example: int, highest: int | None = None) -> int | None:
        """A whole number from 0 to `highest`, else of fifteen digits and below nought too; None when missing."""
        span = "" if highest is None else f" 0 sampai {highest}"
        wanted = f"angka bulat{span} tanpa tanda kutip, misalnya {{}} = {example}"
        value: int | None = self._get(key, int, wanted)
        if value is None or (abs(value) < 10**15 if highest is None else 0 <= value <= highest):
            return value
        self._refuse_kind(key, wanted)
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value: bool | None = self._get(key, bool, "true atau false tanpa tanda kutip, misalnya {} = true")
        return default if value is None else value

    def texts(self, key: str) -> list[tuple[str, int]]:
        """A list of texts, each with its line."""
        found = self._items(key, str, 'daftar teks dalam tanda kutip, misalnya {} = ["…", "…"]')
        return [(value, self._spans.line((*self.place, key, at))) for at, value in found]

    def has(self, key: str) -> bool:
        """Tell whether the author wrote this key."""
        return key in self._values

    def any(self, key: str) -> Any:
        """Return the author's value, of whatever kind, for a reader that says itself what it expected."""
        self._asked.append(key)
        return self._values.get(key)

    def refuse(self, key: str, text: str) -> None:
        """Note the fault where the author wrote this key, which does not belong here."""
        if self.any(key) is not None:
            self.galat(key, text)

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
        return None if value is None else self._table(value, key)

    def tables(self, key: str) -> "list[Table]":
        """Tables written as [[key]]."""
        found = self._items(key, dict, "bagian sendiri: tulis [[{}]] di barisnya, lalu isinya di bawah")
        return [self._table(value, key, at) for at, value in found]

    def _table(self, values: dict[str, Any], *place: str | int) -> "Table":
        self._inside.append(Table(values, self._spans, self._notes, (*self.place, *place)))
        return self._inside[-1]

    def free_texts(self) -> dict[str, str]:
        """The whole table, when its keys are the author's own."""
        return {key: self.text(key, needed=True) for key in self._values}

    def refuse_unknown(self) -> None:
        """Note every key nobody asked for, here and in the tables inside, with the nearest known one."""
        unknown = [key for key in self._values if key not in self._asked]
        for key in unknown[:MOST_UNKNOWN]:
            near = get_close_matches(key[:40], self._asked, n=1, cutoff=0)
            self.galat(key, f'kunci "{key[:40]}" tidak dikenal; yang paling mirip: "{near[0]}"')
        if len(unknown) > MOST_UNKNOWN:
            text = f"masih ada {len(unknown) - MOST_UNKNOWN} kunci lain yang tidak dikenal; hapus atau perbaiki"
            self.galat(unknown[MOST_UNKNOWN], text)
        for table in self._inside:
            table.refuse_unknown()

    def _items(self, key: str, kind: type, wanted: str) -> list[tuple[int, Any]]:
        """Return what is of this kind in a list, each with its place in it."""
        values = self._get(key, list, wanted) or []
        found = [(at, value) for at, value in enumerate(values) if isinstance(value, kind)]
        if len(found) < len(values):
            self._refuse_kind(key, wanted)
        return found

    def _get(self, key: str, kind: type, wanted: str) -> Any:
        """The value when it is of this kind; true and false are no numbers."""
        value = self.any(key)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        self._refuse_kind(key, wanted)
        return None

    def _refuse_kind(self, key: str, wanted: str) -> None:
        self.galat(key, f'"{key}" harus {wanted.format(key)}')


def read_table(source: str, notes: Notes) -> Table | None:
    """The outermost table of normalised source, or None with a note that says where reading stopped."""
    values = read_toml(source, notes)
    try:
        return None if values is None else Table(values, Spans(source), notes)
    except RecursionError:
        notes.galat(0, "terlalu banyak kurung di dalam kurung; sederhanakan")
        return None

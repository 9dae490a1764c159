"""TOML as an author writes it: read with the standard library, every complaint with its line, in Indonesian."""

import json
import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from lms.course.notes import Notes

LONGEST = 200_000
DEEPEST = 32
"""Keys of thousands of parts and brackets in brackets keep the standard reader busy for minutes."""

STRING = re.compile(r'"(?:[^"\\]+|\\.)*+"?|\'[^\']*+\'?')
PLACE = re.compile(r"at line ([0-9]+), column ([0-9]+)")
KEY = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|\"([^\"\\]*)\"|'([^']*)')[ \t]*([.=\]])")
HEADER = re.compile(r"[ \t]*(\[\[?)")
MOST_UNKNOWN = 20

Place = tuple[str | int, ...]


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


class KeyLines:
    """The line of every key: a small scan of TOML that was read, because the standard reader does not tell.

    A table inside [[kasus]] belongs to the last one above it, so its place carries that one's number.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: list[int] = []
        self._lines: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}
        self._table: Place = ()
        quote, depth, at = "", 0, 0
        for number, text in enumerate(source.split("\n"), 1):
            self._starts.append(at)
            at += len(text) + 1
            inside = depth > 0 or quote != ""
            quote, code = _code_of(text, quote)
            header = None if inside else HEADER.match(text)
            if header:
                self._open_table(_key_at(text, header.end()), header[1] == "[[", number)
            elif not inside and (key := _key_at(text, 0)):
                for end in range(1, len(key) + 1):
                    self._lines.setdefault((*self._table, *key[:end]), number)
            if not header:
                depth = max(0, depth + sum(map(code.count, "[{")) - sum(map(code.count, "]}")))

    def _open_table(self, key: Place, is_one_of_many: bool, number: int) -> None:
        place: Place = ()
        for at, part in enumerate(key):
            place = (*place, part)
            if is_one_of_many and at == len(key) - 1:
                self._counts[place] = self._counts.get(place, -1) + 1
            if place in self._counts:
                place = (*place, self._counts[place])
        self._table = place
        self._lines.setdefault(place, number)

    def of(self, place: Place) -> int:
        """The line of a key, or of the nearest table around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def of_items(self, place: Place, items: Sequence[str]) -> list[int]:
        """The line of each text in a list, which may stand on one line or on many."""
        line, at = self.of(place), self._starts[self.of(place) - 1]
        found: list[int] = []
        for item in items:
            ahead = self._source.find(item, at)
            if ahead < 0:
                break
            line += self._source.count("\n", at, ahead)
            at = ahead + len(item)
            found.append(line)
        return found + [line] * (len(items) - len(found))


def _code_of(text: str, quote: str) -> tuple[str, str]:
    """The triple quote still open after this line, and what of the line is neither string nor comment."""
    was_open = quote
    for mark in (quote,) if quote else ('"""', "'''"):
        if text.count(mark) % 2:
            quote = "" if quote else mark
            break
    if was_open:
        text = "" if quote else text.rpartition(was_open)[2]
    return quote, STRING.sub("", text).partition("#")[0]


def _key_at(text: str, at: int) -> Place:
    """The key that starts here, in its parts; () when none does."""
    parts: list[str] = []
    while match := KEY.match(text, at):
        parts.append(match[1] or match[2] or match[3] or "")
        if match[4] != ".":
            return tuple(parts)
        at = match.end()
    return ()


class Table:
    """A table being read: each key is asked for once; whatever nobody asked for is unknown."""

    def __init__(self, values: dict[str, Any], lines: KeyLines, notes: Notes, place: Place = ()) -> None:
        self._values, self._lines, self._notes, self.place = values, lines, notes, place
        self._asked: list[str] = []

    def line(self, key: str = "") -> int:
        """The line of a key, or of the table itself."""
        return self._lines.of((*self.place, key) if key else self.place)

    def text(self, key: str, needed: bool = False) -> str:
        """A text; a needed one must say something."""
        value = self._get(key, str, 'teks dalam tanda kutip, misalnya {} = "…"')
        if needed and isinstance(self._values.get(key, ""), str) and not (value or "").strip():
            self._notes.galat(self.line(key), f'"{key}" belum diisi; tulis {key} = "…"')
        return value or ""

    def number(self, key: str, highest: int, default: int) -> int:
        """A whole number from 0 to `highest`."""
        value = self.number_or_none(key, highest, default)
        return default if value is None else value

    def number_or_none(self, key: str, highest: int, example: int) -> int | None:
        """The same, None when missing."""
        wanted = f"angka bulat 0 sampai {highest} tanpa tanda kutip, misalnya {{}} = {example}"
        value: int | None = self._get(key, int, wanted)
        if value is None or 0 <= value <= highest:
            return value
        self._notes.galat(self.line(key), f'"{key}" harus {wanted.format(key)}')
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
            self._notes.galat(self.line(key), f'"{key}" harus {wanted.format(key)}')
        texts = [value for value in values if isinstance(value, str)]
        return list(zip(texts, self._lines.of_items((*self.place, key), texts), strict=True))

    def integer(self, key: str, example: int) -> int | None:
        """A whole number of at most fifteen digits, below nought too; None when missing."""
        wanted = f"angka bulat tanpa tanda kutip, misalnya {{}} = {example}"
        value: int | None = self._get(key, int, wanted)
        if value is None or abs(value) < 10**15:
            return value
        self._notes.galat(self.line(key), f'"{key}" harus {wanted.format(key)}')
        return None

    def has(self, key: str) -> bool:
        """Whether the author wrote this key."""
        return key in self._values

    def any(self, key: str) -> Any:
        """Whatever the author wrote there, for a reader that says itself what it expected."""
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
        return None if value is None else Table(value, self._lines, self._notes, (*self.place, key))

    def tables(self, key: str) -> "list[Table]":
        """Tables written as [[key]]."""
        wanted = "bagian sendiri: tulis [[{}]] di barisnya, lalu isinya di bawah"
        values = self._get(key, list, wanted) or []
        if not all(isinstance(value, dict) for value in values):
            self._notes.galat(self.line(key), f'"{key}" harus {wanted.format(key)}')
        return [
            Table(value, self._lines, self._notes, (*self.place, key, at))
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
            self._notes.galat(self.line(key), text)
        if len(unknown) > MOST_UNKNOWN:
            text = f"masih ada {len(unknown) - MOST_UNKNOWN} kunci lain yang tidak dikenal; hapus atau perbaiki"
            self._notes.galat(self.line(unknown[MOST_UNKNOWN]), text)

    def _get(self, key: str, kind: type, wanted: str) -> Any:
        """The value when it is of this kind; true and false are no numbers."""
        self._asked.append(key)
        value = self._values.get(key)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        self._notes.galat(self.line(key), f'"{key}" harus {wanted.format(key)}')
        return None

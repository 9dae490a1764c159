"""Where everything in a TOML file stands, so that a change replaces these letters and leaves all others as they are.

The file was read by the standard reader before: what comes here is valid, and one pass over it is enough.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lms.course.tomlfile import Place
from lms.web.plain import normalised

SPACE = re.compile(r"[ \t]*+")
BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
END_OF_LINE = re.compile(r"[ \t]*+(?:#[^\r\n]*+)?+(?=[\r\n])")
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


@dataclass(frozen=True, slots=True)
class Unit:
    """One item of a list with what stands around it: before it, before its comma, and behind that on its line."""

    lead: str
    text: str
    middle: str = ""
    tail: str = ""


@dataclass(slots=True)
class Value:
    """The letters of a value; `units` for a list, `entries` for a table in braces, `items` for what stands in both."""

    start: int
    end: int
    units: list[Unit] | None = None
    items: list["Value"] = field(default_factory=list)
    entries: list["Entry"] = field(default_factory=list)
    head: str = ""
    close: str = ""
    has_last_comma: bool = False


@dataclass(slots=True)
class Entry:
    """`key = value`; `start` is where the key begins."""

    key: Place
    start: int
    value: Value


@dataclass(slots=True)
class Section:
    """A header and the entries below it; the first section of a file has none."""

    place: Place
    start: int
    end: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def content_end(self) -> int:
        """Where its last value, or its header, ends."""
        return self.entries[-1].value.end if self.entries else self.end


class Spans:
    """All sections of a file in order, and every entry under its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sections = list(self._sections())
        self.entries: dict[Place, Entry] = {}
        for section in self.sections:
            self._keep(section.place, section.entries)

    def _keep(self, place: Place, entries: Sequence[Entry]) -> None:
        for entry in entries:
            here = (*place, *entry.key)
            self.entries[here] = entry
            self._keep(here, entry.value.entries)
            for number, item in enumerate(entry.value.items):
                self._keep((*here, number), item.entries)

    def section(self, place: Place) -> Section | None:
        """The section with this place."""
        return next((section for section in self.sections if section.place == place), None)

    def line_start(self, at: int) -> int:
        """Where the line of this letter begins."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_above(self, start: int) -> int:
        """Where the line before the one that begins here begins."""
        return self.line_start(start - (2 if self.text.endswith("\r\n", 0, start) else 1))

    def line_end(self, at: int) -> int:
        """Behind the end of the line of this letter."""
        found = REST_OF_LINE.match(self.text, at)
        return found.end() if found else at

    def line_of(self, at: int) -> int:
        """The number of a letter's line."""
        return normalised(self.text[:at]).count("\n") + 1

    def _sections(self) -> Iterator[Section]:
        at = 1 if self.text.startswith("\ufeff") else 0
        section = Section((), at, at)
        counts: dict[Place, int] = {}
        while (at := _skip(BLANK, self.text, at)) < len(self.text):
            if self.text[at] == "[":
                yield section
                many = self.text.startswith("[[", at)
                key, end = self._key(at + 1 + many)
                section = Section(_numbered(key, many, counts), at, end + 1 + many)
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

    def _entry(self, at: int) -> Entry:
        key, end = self._key(at)
        return Entry(key, at, self._value(_skip(SPACE, self.text, end + 1)))

    def _value(self, at: int) -> Value:
        first = self.text[at]
        if first == "[":
            return self._list(at)
        if first == "{":
            return self._braces(at)
        if first in "\"'":
            return Value(at, _skip(TEXT, self.text, at))
        end = _skip(PLAIN, self.text, at)
        return Value(at, at + len(self.text[at:end].rstrip(" \t")))

    def _list(self, start: int) -> Value:
        units: list[Unit] = []
        found = Value(start, start, units=units)
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

    def _braces(self, start: int) -> Value:
        found = Value(start, start)
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
    """What a quoted text says."""
    return str(tomllib.loads(f"x = {normalised(token)}")["x"])


def quoted_text(text: str) -> str:
    """A text in quotation marks, on one line."""
    return '"' + "".join(ESCAPES.get(sign) or _sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if sign < " " or sign == "\x7f" else sign


class ListText:
    """A list being changed: on one line its gaps keep their places, on many lines they go with their items."""

    def __init__(self, value: Value, newline: str) -> None:
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

"""Links and pictures of a lesson, found without rendering it, and what is wrong with where they lead."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import quote, unquote

from lms.course.blocks import REFERENCE
from lms.course.gfm import ADDRESS
from lms.course.lines import Passage, code_spans, passages, scan, without_code
from lms.course.problems import Notes
from lms.course.questions.base import quoted
from lms.web.plain import normalised

TOKEN = re.compile(rf"\\.|(!?\[)|\]{ADDRESS}|\]\[([^\[\]\n]*)\]|(\])", re.DOTALL)
OUTSIDE = re.compile(r"https?://[^/?#]|mailto:.|tel:[+0-9]", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|svg)", re.IGNORECASE)
LONGEST_TEXT = 200


class Link(NamedTuple):
    """A link or picture; `text` is the beginning of its words or alternative text."""

    line: int
    target: str
    picture: bool
    text: str


def links_of(passages: Iterable[Passage]) -> list[Link]:
    """All links and pictures, the ones whose address stands elsewhere included."""
    passages = [Passage(each.line, without_code(each.text)) for each in passages if "[" in each.text]
    defined: dict[str, Link] = {}
    for each in passages:
        line = each.line
        for match in _definitions(each.text):
            defined.setdefault(_label(match[1]), Link(line, _target(match), False, match[1]))
            line += match[0].count("\n") + 1
    found: list[Link] = []
    for each in passages:
        found += _links_in(each, defined)
    shown = {link.target for link in found if link.picture}
    return found + [link for link in defined.values() if link.target not in shown]


def _links_in(passage: Passage, defined: Mapping[str, Link]) -> Iterable[Link]:
    """One pass with a stack of open brackets, so that pictures inside links are found too."""
    text = passage.text
    opened: list[tuple[int, bool]] = []
    line, counted = passage.line, 0
    for match in TOKEN.finditer(text):
        if match[1]:
            opened.append((match.end(), match[1] == "!["))
            continue
        if match[0][0] == "\\" or not opened:
            continue
        start, picture = opened.pop()
        words = text[start : min(match.start(), start + LONGEST_TEXT)]
        target = match[2] if match[2] is not None else match[3]
        if target is None and picture:
            label = _label(match[5] or words)
            target = defined[label].target if label in defined else None
        if target is not None:
            line, counted = line + text.count("\n", counted, start), start
            yield Link(line, target, picture, words)


def _definitions(text: str) -> Iterator[re.Match[str]]:
    """The definitions of links that a passage begins with."""
    at = 0
    while match := REFERENCE.match(text, at):
        yield match
        at = match.end() + 1


def _target(match: re.Match[str]) -> str:
    return match[2][1:-1] if match[2].startswith("<") else match[2]


def _label(text: str) -> str:
    return " ".join(text[:LONGEST_TEXT].split()).casefold()


def course_path(folder: str, target: str) -> str | None:
    """Return the file of the course that a relative address leads to; None when it leaves the course."""
    target = unquote(target.partition("#")[0].partition("?")[0])
    if target.startswith("/") or "\\" in target or "\0" in target:
        return None
    path = posixpath.normpath(posixpath.join(folder, target))
    return None if path.startswith("..") else path


def pictures_of(source: str, path: str) -> frozenset[str]:
    """The course paths of the pictures that the Markdown at `path` shows."""
    links = links_of(passages(scan(source)[0]))
    found = (course_path(posixpath.dirname(path), link.target) for link in links if link.picture)
    return frozenset(picture for picture in found if picture)


def note_links(links: Iterable[Link], files: Mapping[str, str], notes: Notes) -> None:
    """Note what is wrong with each; `files` has every course path under its folded name."""
    folder = posixpath.dirname(notes.path)
    for link in links:
        fault = _picture_fault(link, folder, files) if link.picture else _link_fault(link, folder, files)
        if fault:
            notes.galat(link.line, fault)
        if link.picture and not link.text.strip():
            text = f"gambar {quoted(link.target)} belum punya teks pengganti; tulis isinya di dalam ![…]"
            notes.warn(link.line, text)


def _picture_fault(link: Link, folder: str, files: Mapping[str, str]) -> str | None:
    name = f"gambar {quoted(link.target)}"
    remedy = "simpan di folder media/ di samping pelajaran"
    if SCHEME.match(link.target):
        return f"{name} diambil dari alamat lain; {remedy}"
    path = course_path(folder, link.target)
    if path is None:
        return f"{name} keluar dari folder kursus; {remedy}"
    if "media" not in path.split("/")[:-1]:
        return f"{name} tidak berada di folder media/; {remedy}"
    if not PICTURE.fullmatch(posixpath.splitext(path)[1]):
        return f"{name} bukan gambar yang dikenal; pakai .svg, .png, .jpg, .webp, atau .gif"
    return _missing(name, path, files)


def _link_fault(link: Link, folder: str, files: Mapping[str, str]) -> str | None:
    name = f"tautan {quoted(link.target)}"
    if OUTSIDE.match(link.target) or link.target.startswith("#"):
        return None
    if SCHEME.match(link.target):
        return f"{name} tidak dikenal; pakai https://, mailto:, tel:, atau jalur ke pelajaran"
    path = course_path(folder, link.target)
    if path is None:
        return f"{name} keluar dari folder kursus; tulis jalur dari berkas ini ke pelajaran di dalamnya"
    if not path.endswith(".md"):
        return f"{name} tidak menuju pelajaran; tulis jalurnya lengkap dengan .md"
    return _missing(name, path, files)


def _missing(name: str, path: str, files: Mapping[str, str]) -> str | None:
    """Return the remedy for a file that is not there, or there in other letters."""
    actual = files.get(path.casefold())
    if actual is None:
        return f"{name} menuju berkas yang tidak ada; periksa ejaannya"
    if actual != path:
        return f"{name} berbeda huruf besar dan kecilnya; nama berkasnya {quoted(actual)}"
    return None


LINE_END = re.compile(r"\r\n|\r|\n")
UNSAFE = re.compile(r"[\s()<>\\%#?\"]")

Span = tuple[int, int]


def relinked(source: str, path: str, moved: Mapping[str, str]) -> str:
    """A Markdown text at `path` with its links as they must be afterwards; `moved` is old path to new, its own too."""
    folder, target_folder = posixpath.dirname(path), posixpath.dirname(moved.get(path, path))
    kept, copied = [], 0
    for start, end in sorted(_targets(source)):
        target = source[start:end]
        leads_to = _path_in(folder, target)
        present = moved.get(leads_to, leads_to) if leads_to else None
        if leads_to is None or present is None or (present == leads_to and folder == target_folder):
            continue
        kept.append(source[copied:start])
        kept.append(_relative(target_folder, present) + target[len(re.split(r"[?#]", target)[0]) :])
        copied = end
    return "".join([*kept, source[copied:]])


def _path_in(folder: str, target: str) -> str | None:
    """The file of the course that a target names; None for an address outside and for a place in the same file."""
    if SCHEME.match(target) or target[:1] in ("", "#", "?"):
        return None
    return course_path(folder, target)


def _relative(folder: str, path: str) -> str:
    """The way from a folder to a file, written so that it can stand in a link."""
    way = posixpath.relpath(path, folder or ".")
    return UNSAFE.sub(lambda sign: quote(sign[0]), way)


def _targets(source: str) -> Iterator[Span]:
    """Yield the span in the file of the target of each link, picture and definition."""
    text = normalised(source)
    first = len(source) - len(source.removeprefix("\ufeff"))
    starts = [first, *(match.end() for match in LINE_END.finditer(source))]
    lines = text.split("\n")
    for passage in passages(scan(text)[0]):
        if "[" not in passage.text:
            continue
        own = passage.text.split("\n")
        own_starts = [0, *accumulate(len(line) + 1 for line in own)]
        # What a passage has of a line is near its end: marks and blanks around it are left out.
        begins = [starts[at] + lines[at].rfind(words) for at, words in enumerate(own, passage.line - 1)]
        for start, end in _targets_in(passage.text):
            at = bisect_right(own_starts, start) - 1
            begin = begins[at] + start - own_starts[at]
            yield begin, begin + end - start


def _targets_in(text: str) -> Iterator[Span]:
    """Targets in a passage; what stands in code is none."""
    at = 0
    for match in _definitions(text):
        at = match.end()
        start = match.start(2) + match[2].startswith("<")
        yield start, start + len(_target(match))
    opened = 0
    for match in TOKEN.finditer(_blanked(text), at):
        if match[1]:
            opened += 1
        elif match[0][0] != "\\" and opened:
            opened -= 1
            group = 2 if match[2] is not None else 3
            if match[group] is not None:
                yield match.span(group)


def _blanked(text: str) -> str:
    """The text with as many blanks as its code is long."""
    kept, copied = [], 0
    for start, end in code_spans(text):
        kept += [text[copied:start], " " * (end - start)]
        copied = end
    return "".join([*kept, text[copied:]])

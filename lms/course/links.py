"""Links and pictures of a lesson, found without rendering it, and what is wrong with where they lead."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import quote, unquote

from lms.course.gfm import ADDRESS
from lms.course.lines import REFERENCE, Passage, passages, scan, without_code
from lms.course.problems import Notes
from lms.course.questions.base import folded, quoted
from lms.web.plain import normalised

TOKEN = re.compile(rf"\\.|(!?\[)|\]{ADDRESS}|\]\[([^\[\]\n]*)\]|(\])", re.DOTALL)
OUTSIDE = re.compile(r"https?://[^/?#]|mailto:.|tel:[+0-9]", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|svg)", re.IGNORECASE)
LONGEST_TEXT = 200

Span = tuple[int, int]


class Link(NamedTuple):
    """A link, a picture or the definition of one; `text` is the beginning of its words or alternative text.

    A definition has a label; so has a picture whose address stands in one, and no `span` of its target.
    """

    line: int
    target: str
    picture: bool
    text: str
    label: str = ""
    span: Span | None = None


def links_of(passages: Iterable[Passage]) -> list[Link]:
    """All links and pictures, the ones whose address stands elsewhere included."""
    found = [link for each in passages for link in _links_in(each)]
    defined = {link.label: link for link in reversed(found) if link.label and link.span}
    shown = [link for link in found if link.span and not link.label]
    shown += [
        link._replace(target=defined[link.label].target) for link in found if not link.span and link.label in defined
    ]
    pictures = {link.target for link in shown if link.picture}
    return shown + [link for link in defined.values() if link.target not in pictures]


def _links_in(passage: Passage) -> Iterator[Link]:
    """The definitions a passage begins with, then by a stack of open brackets links and pictures, also inside links."""
    if "[" not in passage.text:
        return
    text, (line, at) = without_code(passage.text), (passage.line, 0)
    while match := REFERENCE.match(text, at):
        start, end = match.span(2)
        angle = text[start] == "<"
        span = start + angle, end - angle
        yield Link(line, text[slice(*span)], False, match[1], folded(match[1][:LONGEST_TEXT]), span)
        line += match[0].count("\n") + 1
        at = match.end() + 1
    opened: list[tuple[int, bool]] = []
    for match in TOKEN.finditer(text, at):
        if match[1]:
            opened.append((match.end(), match[1] == "!["))
            continue
        if match[0][0] == "\\" or not opened:
            continue
        start, picture = opened.pop()
        words = text[start : min(match.start(), start + LONGEST_TEXT)]
        group = 2 if match[2] is not None else 3
        target = match[group]
        if target is not None or picture:
            line, at = line + text.count("\n", at, start), max(at, start)
            label = folded((match[5] or words)[:LONGEST_TEXT]) if target is None else ""
            yield Link(line, target or "", picture, words, label, None if target is None else match.span(group))


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
        kept.append(relative(target_folder, present) + target[len(re.split(r"[?#]", target)[0]) :])
        copied = end
    return "".join([*kept, source[copied:]])


def _path_in(folder: str, target: str) -> str | None:
    """The file of the course that a target names; None for an address outside and for a place in the same file."""
    if SCHEME.match(target) or target[:1] in ("", "#", "?"):
        return None
    return course_path(folder, target)


def relative(folder: str, path: str) -> str:
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
        own = passage.text.split("\n")
        own_starts = [0, *accumulate(len(line) + 1 for line in own)]
        # What a passage has of a line is near its end: marks and blanks around it are left out.
        begins = [starts[at] + lines[at].rfind(words) for at, words in enumerate(own, passage.line - 1)]
        for start, end in filter(None, (link.span for link in _links_in(passage))):
            at = bisect_right(own_starts, start) - 1
            begin = begins[at] + start - own_starts[at]
            yield begin, begin + end - start

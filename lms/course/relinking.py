"""Links that go on leading where they led when files of a course get other paths. Only their targets change."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from urllib.parse import quote

from lms.course.lines import code_spans, passages, scan
from lms.course.links import DEFINITION, SCHEME, TOKEN, course_path
from lms.web.plain import normalised

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
    """Where in the file the target of each link, picture and definition stands."""
    text = normalised(source)
    first = len(source) - len(source.removeprefix("\ufeff"))
    starts = [first, *(match.end() for match in LINE_END.finditer(source))]
    lines = text.split("\n")
    for passage in passages(scan(text)[0]):
        if "[" not in passage.text:
            continue
        own = passage.text.split("\n")
        own_starts = [0, *accumulate(len(line) + 1 for line in own)]
        for start, end in _targets_in(own, passage.text):
            at = bisect_right(own_starts, start) - 1
            number = passage.line - 1 + at
            # What a passage has of a line is its end: marks before it and blanks behind it are left out.
            begin = starts[number] + len(lines[number].rstrip()) - len(own[at]) + start - own_starts[at]
            yield begin, begin + end - start


def _targets_in(lines: Sequence[str], text: str) -> Iterator[Span]:
    """Targets in a passage; what stands in code is none."""
    at = 0
    for line in lines:
        if not (match := DEFINITION.match(line)):
            break
        yield at + match.start(2), at + match.end(2)
        at += len(line) + 1
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

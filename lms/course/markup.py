"""HTML that a page may trust, made of an author's Markdown; the only module that makes trusted markup.

The order matters: Markdown makes HTML, nh3 keeps only what is listed here, and what this program adds (ids,
call-outs, labels of cells) is put in afterwards, from escaped or slugged text only.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape, unescape
from urllib.parse import unquote

import nh3
from markdown import Markdown
from markupsafe import Markup

from lms.course.gfm import Gfm, OneLine
from lms.course.glossary import Finder, Term
from lms.course.questions.base import slug_of, unique

# The checker refuses a longer lesson; here it is cut, so that no text can hold up a page.
LONGEST = 200 * 1024

INLINE_TAGS = {"br", "code", "em", "strong", "del", "a", "img"}
TAGS = {
    *INLINE_TAGS,
    *("p", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
EXPLANATION_TAGS = {*INLINE_TAGS, "p", "ul", "ol", "li", "blockquote"}
WITHOUT_TERMS = {"a", "b", "code", "pre", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
FIXED_VALUES = {"align": {"left", "right", "center"}}
EXTENSIONS = [f"pymdownx.{name}" for name in ("tilde", "betterem", "magiclink")]
CONFIG = {"pymdownx.tilde": {"subscript": False}}

OUTSIDE = re.compile(r"https?://[^/?#@]+(?:[/?#]|$)|mailto:.|tel:[+0-9]", re.I)
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
PICTURE = re.compile(r"(?:.+/)?media/(?:.+/)?[^/]+\.(?:png|jpe?g|webp|gif|svg)", re.I)


def render(source: str, path: str) -> Markup:
    """Safe HTML of the Markdown standing in the file at course path `path`.

    Lessons come out as href="lesson:identity#b-heading", pictures as src="media:course path"; `fill_in` sets
    their addresses. Headings h2 to h4 get an id that starts with "b-".
    """
    return _safe(_blocks().convert(_tidy(source)), path, TAGS)


def inline(source: str, path: str) -> Markup:
    """Safe HTML of one line of Markdown, without a block around it."""
    md = _blocks()
    md.parser = OneLine(md)
    return _safe(md.convert(_tidy(" ".join(source.split()))), path, INLINE_TAGS)


def explanation(source: str, path: str) -> Markup:
    """Safe HTML of a text that is shown inside others: paragraphs, lists and spans, and no ids."""
    return _safe(_blocks().convert(_tidy(source)), path, EXPLANATION_TAGS)


def mark_terms(html: str, finder: Finder, seen: dict[str, Term]) -> Markup:
    """Rendered markup in which the first use of each term leads to `#istilah-<slug>`; `seen` gets what was found.

    Headings (columns have them too), links, code and the names of call-outs stay as they are.
    """
    pieces, end, inside = [], 0, 0
    for tag in TAG.finditer(html):
        pieces += [
            _with_terms(html[end : tag.start()], finder, seen) if not inside else html[end : tag.start()],
            tag[1],
        ]
        inside += (-1 if tag[2] else 1) if tag[3] in WITHOUT_TERMS else 0
        end = tag.end()
    return Markup("".join([*pieces, _with_terms(html[end:], finder, seen)]))


def _with_terms(text: str, finder: Finder, seen: dict[str, Term]) -> str:
    pieces, end = [], 0
    for use in finder.uses(text):
        if use.term.slug not in seen:
            seen[use.term.slug] = use.term
            link = f'<a class="istilah" href="#istilah-{use.term.slug}">{text[use.start : use.end]}</a>'
            pieces += [text[end : use.start], link]
            end = use.end
    return "".join([*pieces, text[end:]])


def headings(html: str) -> list[tuple[str, str]]:
    """The h2 of rendered markup as (id, text), for the table of contents."""
    found = re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', html, re.S)
    return [(name, _text(content)) for name, content in found]


def fill_in(html: str, address: Callable[[str], str | None]) -> Markup:
    """Rendered markup with each lesson: and media: replaced by its address; None drops the attribute."""

    def replace(match: re.Match[str]) -> str:
        url = address(unescape(match[2]))
        return "" if url is None else f' {match[1]}="{escape(url)}"'

    # Only inside tags: the text of a lesson may well speak of src="media:...".
    return Markup(TAG.sub(lambda tag: COURSE_PATH.sub(replace, tag[0]), html))


def _blocks() -> Markdown:
    return Markdown(extensions=[*EXTENSIONS, Gfm()], extension_configs=CONFIG, output_format="html")


def _tidy(source: str) -> str:
    """Line ends as \\n, and nothing that is no text: NUL, half a surrogate pair."""
    source = source[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return source.encode("utf-8", "ignore").decode()


def _safe(html: str, path: str, tags: set[str]) -> Markup:
    """Sanitised HTML with what this program adds."""
    cleaned = nh3.clean(
        html,
        tags=tags,
        attributes=ATTRIBUTES,
        attribute_filter=partial(_allowed, posixpath.dirname(path)),
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return Markup("".join(_Decorator(cleaned).pieces()))


def _allowed(folder: str, tag: str, name: str, value: str) -> str | None:
    """The value an attribute may have, or None to drop it."""
    if name in ("href", "src") and UNSAFE.search(value):
        return None
    if name == "src":
        return _picture(folder, value)
    if name == "href":
        return _link(folder, value)
    return value if value in FIXED_VALUES.get(name, {value}) else None


def _picture(folder: str, value: str) -> str | None:
    path = _course_path(folder, value)
    return f"media:{path}" if path and PICTURE.fullmatch(path) else None


def _link(folder: str, value: str) -> str | None:
    if OUTSIDE.match(value):
        return value
    target, _, fragment = value.partition("#")
    anchor = f"#b-{slug_of(unquote(fragment), NAMELESS)}" if fragment else ""
    if not target:
        return anchor or None
    path = _course_path(folder, target)
    return f"lesson:{path.removesuffix('.md')}{anchor}" if path and path.endswith(".md") else None


def _course_path(folder: str, value: str) -> str | None:
    """A relative address as a path inside the course, or None when it is none."""
    value = unquote(value)
    if value.startswith("/") or UNSAFE.search(value) or re.search(r"[:?#]", value):
        return None
    path = posixpath.normpath(posixpath.join(folder, value))
    return None if any(part.startswith(".") for part in path.split("/")) else path


# nh3 quotes every value and writes no bare < or > outside a tag, so this splits its output exactly.
TAG = re.compile(r'(<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>)')
# A label stands in every row again, so it may not grow with the text.
LONGEST_LABEL = 80
NAMELESS = "bagian"
COURSE_PATH = re.compile(r' (href|src)="((?:lesson|media):[^"]*)"')
CALLOUT = re.compile(r"\s*<p><strong>(Ingat|Contoh|Hati-hati|Yang berubah)\.</strong>")
TASK = re.compile(r"(\s*(?:<p>\s*)?)([☐☑]) ")
TASK_WORDS = {"☐": "belum", "☑": "sudah"}
CALLOUT_CLASSES = {"Ingat": "ingat", "Contoh": "contoh", "Hati-hati": "hati-hati", "Yang berubah": "berubah"}


class _Decorator:
    """One walk over sanitised HTML, tag by tag."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.names: dict[str, int] = {}
        self.quotes: list[str] = []
        self.labels: list[str] = []
        self.column = 0
        self.skip_to = 0

    def pieces(self) -> Iterator[str]:
        end = 0
        for tag in TAG.finditer(self.html):
            if tag.start() < self.skip_to:
                continue
            yield self.html[max(end, self.skip_to) : tag.start()]
            yield self._tag(tag)
            end = max(tag.end(), self.skip_to)
        yield self.html[end:]

    def _tag(self, tag: re.Match[str]) -> str:
        closing, name, attributes = tag[2], tag[3], tag[4]
        if name == "blockquote":
            return self._quote(tag) if not closing else self.quotes.pop() if self.quotes else ""
        if name == "table":
            self.labels = []
            return "</table></div>" if closing else '<div class="table"><table>'
        if closing:
            return tag[1]
        if name in ("h2", "h3", "h4"):
            # GitHub's way: the second heading of one name ends in -1.
            return f'<{name} id="b-{unique(slug_of(self._content(tag), NAMELESS), self.names, first=1)}">'
        if name in ("tr", "th", "td"):
            return self._cell(tag)
        if name == "li" and (task := TASK.match(self.html, tag.end())):
            self.skip_to = task.end()
            return f'<li class="task">{task[1]}<span role="img" aria-label="{TASK_WORDS[task[2]]}">{task[2]}</span> '
        if name == "img":
            return f'<img{attributes} loading="lazy">'
        if name == "a" and re.search(r' href="https?:', attributes, re.I):
            return f'<a{attributes} rel="noopener noreferrer nofollow">'
        return tag[1]

    def _quote(self, tag: re.Match[str]) -> str:
        start = CALLOUT.match(self.html, tag.end())
        self.quotes.append("</div>" if start else "</blockquote>")
        if not start:
            return tag[1]
        self.skip_to = start.end()
        return f'<div class="callout {CALLOUT_CLASSES[start[1]]}"><p><b>{start[1]}.</b>'

    def _content(self, tag: re.Match[str]) -> str:
        end = self.html.find(f"</{tag[3]}>", tag.end())
        return _text(self.html[tag.end() : end])

    def _cell(self, tag: re.Match[str]) -> str:
        if tag[3] == "tr":
            self.column = 0
            return tag[1]
        if tag[3] == "th":
            self.labels.append(self._content(tag)[:LONGEST_LABEL])
            return tag[1]
        label = self.labels[self.column] if self.column < len(self.labels) else ""
        self.column += 1
        return f'<td{tag[4]} data-label="{escape(label)}">' if label else tag[1]


def _text(html: str) -> str:
    return " ".join(unescape(TAG.sub("", html)).split())


def trusted(html: str) -> Markup:
    """Mark the output of one of our templates as safe, to be kept and put into another page as it is."""
    return Markup(html)

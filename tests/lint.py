"""What every page owes its reader: one title, one h1, its language, labels, form tokens, no English left over."""

import re
from html.parser import HTMLParser

ENGLISH = re.compile(r"\b(submit|loading|error|login|logout|sign in|password|next|previous|save|cancel|home)\b", re.I)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "title", "svg"}


INLINE_SCRIPT = {"/cek/luring"}
"""Pages that hold their script within, let in by its hash."""


class _Page(HTMLParser):
    """Collects what the rules below look at."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.stack: list[str] = []
        self.text: list[str] = []
        self.title = ""
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if len(found) != len(attrs):
            self.problems.append(f"an attribute twice in <{tag}>")
        self.tags.append((tag, {**found, "_inside": " ".join(self.stack)}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag == "p" and "p" not in self.stack:
            self.problems.append("a block inside <p>")
            return
        while self.stack and self.stack.pop() != tag:
            self.problems.append(f"something left open before </{tag}>")

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "title":
            self.title += data
        if not UNSEEN & set(self.stack):
            self.text.append(data)


def page_problems(html: str) -> list[str]:
    """Every rule the page breaks."""
    page = _Page()
    page.feed(html)
    page.close()
    found = list(page.problems)
    found += _structure(page)
    found += _forms(page)
    text = " ".join(page.text)
    found += [f"English left over: {word!r}" for word in set(ENGLISH.findall(text))]
    if "{{" in html or "{%" in html or "None" in text.split():
        found.append("a template shows through")
    return found


def _structure(page: _Page) -> list[str]:
    found = []
    if not page.title.strip():
        found.append("no title")
    if sum(tag == "h1" for tag, _ in page.tags) != 1:
        found.append("not exactly one h1")
    if ("html", "id") not in [(tag, attrs.get("lang")) for tag, attrs in page.tags]:
        found.append("no lang")
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    found += [f"id twice: {name}" for name in {name for name in ids if ids.count(name) > 1}]
    for tag, attrs in page.tags:
        if tag == "img" and "alt" not in attrs:
            found.append(f"a picture without alt: {attrs.get('src')}")
        if "style" in attrs or any(name.startswith("on") for name in attrs):
            found.append(f"inline style or handler in <{tag}>")
        if tag == "script" and not attrs.get("src") and attrs.get("type") != "application/json":
            found.append("an inline script")
        if tag == "a" and not attrs.get("href"):
            found.append("a link without address")
    return found


def _forms(page: _Page) -> list[str]:
    found = []
    labels = {attrs.get("for") for tag, attrs in page.tags if tag == "label"}
    tokens = sum(attrs.get("name") == "csrf_token" for _, attrs in page.tags)
    posts = sum(tag == "form" and attrs.get("method", "get").lower() == "post" for tag, attrs in page.tags)
    if tokens != posts:
        found.append(f"{posts} forms that write, {tokens} tokens")
    for tag, attrs in page.tags:
        if tag not in ("input", "select", "textarea") or attrs.get("type") in ("hidden", "submit"):
            continue
        inside = "label" in attrs["_inside"].split()
        if not (inside or attrs.get("id") in labels or attrs.get("aria-label")):
            found.append(f"a field without label: {attrs.get('name')}")
    return found


def check_page(html: str, path: str) -> None:
    """Fail with everything the page breaks."""
    problems = [each for each in page_problems(html) if each != "an inline script" or path not in INLINE_SCRIPT]
    assert not problems, f"{path}: " + "; ".join(problems)

"""Looks at an open page as everybody must be able to use it: whether it fits the screen, and what axe finds."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response
from playwright.sync_api import Page

from tests.effort import often

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ADDRESS = "/static/axe.js"
WIDTHS = (320, 1280)
SIZES = ("biasa", "sangat-besar")
ENDS = ((320, "sangat-besar"), (1280, "biasa"))
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Whether axe is there. From an address that the browser keeps it is read once, and not anew for every page.
OPEN = f"""async () => {{
    document.querySelectorAll('details').forEach(part => part.open = true);
    if (window.axe || !document.querySelector('link[rel=stylesheet]')) return Boolean(window.axe);
    const script = document.createElement('script');
    script.src = '{ADDRESS}';
    const come = new Promise((done, failed) => Object.assign(script, {{onload: done, onerror: failed}}));
    document.head.append(script);
    await come;
    script.remove();
    return true;
}}"""
# Very large letters grow by half, the bar by a sixth.
CUT = """sizes => sizes.map(size => {
    const page = document.documentElement;
    if (size) page.className = `huruf-${size}`;
    const wider = [...document.querySelectorAll('body *')].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && box.right > page.clientWidth + 1 && !one.closest('[hidden], .hidden');
    });
    const bars = innerWidth < 400 ? [...document.querySelectorAll('main .next')] : [];
    return {
        scrolls: page.scrollWidth > page.clientWidth,
        wider: wider.map(one => one.tagName + '.' + one.className).slice(0, 3),
        tall: bars.filter(one => getComputedStyle(one).position === 'sticky')
            .map(one => Math.round(one.getBoundingClientRect().height))
            .filter(height => height > (page.className === 'huruf-sangat-besar' ? 140 : 120)),
    };
})"""
# What a bar that stays in sight happens to cover is a matter of how far one has scrolled; axe judges it at rest.
JUDGE = f"""async size => {{
    if (size) document.documentElement.className = `huruf-${{size}}`;
    const rest = where => document.querySelectorAll('main .next').forEach(bar => (bar.style.position = where));
    rest('static');
    const {{violations}} = await axe.run({{resultTypes: ['violations'], runOnly: {STANDARDS}}});
    rest('');
    return violations.map(({{id, nodes}}) => [id, nodes.slice(0, 3).map(node => node.target)]);
}}"""


def serve_axe(app: Flask) -> None:
    """Let the site give axe out, to be kept for ever."""
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    app.add_url_rule(ADDRESS, "axe", lambda: Response(AXE, mimetype="text/javascript", headers=kept))


def make_ready(page: Page) -> None:
    """Open everything that is folded up, and have axe in the page; one that loads nothing is given it as text."""
    if not page.evaluate(OPEN):
        page.evaluate(AXE)


def faults(page: Page, end: int = 0) -> Iterator[str]:
    """Tell what is wider than the screen at every width and size of letters, and what axe finds on the open page.

    In every run axe looks at one end, the narrowest with the largest letters or the widest with normal ones; in
    `make test-long` at all four. The width that the page has comes first: to change it is much of the work.
    """
    make_ready(page)
    has = (page.viewport_size or {"width": 0})["width"]
    for width in sorted(WIDTHS, key=lambda width: width != has):
        if width != has:
            page.set_viewport_size({"width": width, "height": 700})
        where = f"{urlsplit(page.url).path} {width} px"
        yield from cut(page, where, *SIZES)
        for size in SIZES:
            if (width, size) == ENDS[end % len(ENDS)] or often(0, 1):
                yield from judged(page, f"{where} {size}", size)


def cut(page: Page, where: str, *sizes: str) -> Iterator[str]:
    """What does not fit the screen, with letters of each size; "" are those that the page has."""
    for size, found in zip(sizes, page.evaluate(CUT, sizes), strict=True):
        at = f"{where} {size}".rstrip()
        if found["scrolls"]:
            yield f"{at}: scrolls sideways, {found['wider']}"
        yield from (f"{at}: a bar of {height} px" for height in found["tall"])


def judged(page: Page, where: str, size: str = "") -> Iterator[str]:
    """What axe finds on a page that was made ready."""
    yield from (f"{where}: {rule} {targets}" for rule, targets in page.evaluate(JUDGE, size))

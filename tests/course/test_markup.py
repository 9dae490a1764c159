"""What a page may trust, what it shows of a lesson, and that no text can hold it up."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from lms.course.markup import LONGEST, fill_in, headings, inline, render
from tests.effort import K, often, takes_less

HERE = "konsep-psm/apa-itu-psm.md"


class Attributes(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.found: list[tuple[str, str, str]] = []
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [(tag, name, value or "") for name, value in attrs]


def attribute(html: str, name: str) -> str | None:
    return next((value for _, found, value in Attributes(html).found if found == name), None)


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("tugas-dan-fungsi.md", "lesson:konsep-psm/tugas-dan-fungsi"),
        ("./tugas.md#Satu-dua", "lesson:konsep-psm/tugas#b-satu-dua"),
        ("../ipsm/fungsi.md", "lesson:ipsm/fungsi"),
        ("../glosarium.md#psm", "lesson:glosarium#b-psm"),
        ("tugas%20dan.md", "lesson:konsep-psm/tugas dan"),
        ("#mengapa-ini-penting", "#b-mengapa-ini-penting"),
        ("https://kemensos.go.id/a?b=1&c=2#d", "https://kemensos.go.id/a?b=1&c=2#d"),
        ("HTTP://kemensos.go.id", "HTTP://kemensos.go.id"),
        ("mailto:dinsos@contoh.go.id", "mailto:dinsos@contoh.go.id"),
        ("tel:+62273321002", "tel:+62273321002"),
    ],
)
def test_a_link_to_a_lesson_or_outside_is_kept(link: str, href: str) -> None:
    assert attribute(render(f"[teks]({link})", HERE), "href") == href


@pytest.mark.parametrize(
    "link",
    [
        *("../../rahasia.md", "/etc/passwd.md", "a/../../../b.md", "%2e%2e/%2e%2e/b.md", ".git/a.md", "..\\a.md"),
        *("//jahat.test/a.md", "\\\\jahat.test", "/\\jahat.test", "https:jahat.test", "https:///jahat.test"),
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#115;cript:alert(1)", "&#x6A;avascript:alert(1)"),
        *("javascript&colon;alert(1)", "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)"),
        *("%6aavascript:alert(1)//a.md", "javascript:alert(1)//a.md", "javascript%3Aalert(1)//a.md"),
        *("data:text/html,a", "vbscript:a", "file:///a.md", "ftp://a.test", "blob:a", "lesson:konsep-psm/a"),
        *("media:a.png", "halaman.html", "a.md?b", "", "?a", "http://kemensos.go.id@jahat.test", "mailto:", "tel:abc"),
        *("&#1;javascript:alert(1)", "https://a.test/%0a&#10;b"),
    ],
)
def test_any_other_link_loses_its_address(link: str) -> None:
    for html in (
        render(f"[teks](<{link}>)", HERE),
        render(f"[teks]({link})", HERE),
        render(f"[t]\n\n[t]: {link}", HERE),
    ):
        assert attribute(html, "href") is None


@pytest.mark.parametrize(
    ("picture", "src"),
    [
        ("media/alur.svg", "media:konsep-psm/media/alur.svg"),
        ("../ipsm/media/foto.JPG", "media:ipsm/media/foto.JPG"),
        ("media/2024/a%20b.webp", "media:konsep-psm/media/2024/a b.webp"),
    ],
)
def test_a_picture_of_the_course_is_kept(picture: str, src: str) -> None:
    html = render(f'![Dua "orang" <b>](<{picture}>)', HERE)
    assert attribute(html, "src") == src
    assert attribute(html, "alt") == 'Dua "orang" <b>'
    assert attribute(html, "loading") == "lazy"


@pytest.mark.parametrize(
    "picture",
    [
        *("alur.svg", "https://a.test/media/a.png", "//a.test/media/a.png", "../../media/a.png", "/media/a.png"),
        *("data:image/png;base64,AA", "media/a.html", "media/a.png?b", "media/a.png#b", "media/../a.png", "media/"),
        *("media\\a.png", "media/.a.png", "javascript:media/a.png", "media/%2e%2e/%2e%2e/%2e%2e/media/a.png"),
        *("media:media/a.png", "media/a&#10;b.png", "xmedia/a.png", ""),
    ],
)
def test_any_other_picture_loses_its_address(picture: str) -> None:
    assert attribute(render(f"![teks](<{picture}>)", HERE), "src") is None


def test_a_link_outside_tells_nobody_where_it_came_from() -> None:
    html = render("[a](https://a.test) https://b.test [c](c.md)", HERE)
    assert [value for _, name, value in Attributes(html).found if name == "rel"] == ["noopener noreferrer nofollow"] * 2


def test_raw_html_comes_out_as_text() -> None:
    html = render('<script>alert(1)</script>\n\nteks <b onclick="a">b</b> <!-- c -->\n\n<div>d</div>', HERE)
    assert Attributes(html).tags == {"p"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;!-- c --&gt;" in html


@pytest.mark.parametrize(
    ("start", "kind"),
    [("Ingat.", "ingat"), ("Contoh.", "contoh"), ("Hati-hati.", "hati-hati"), ("Yang berubah.", "berubah")],
)
def test_a_quote_with_a_known_start_becomes_a_callout(start: str, kind: str) -> None:
    html = render(f"> **{start}** Isi.\n>\n> > kutipan\n\n> biasa", HERE)
    assert html.startswith(f'<div class="callout {kind}"><p><b>{start}</b> Isi.</p>')
    assert html.count("<div") == html.count("</div>") == 1
    assert html.count("<blockquote>") == html.count("</blockquote>") == 2


@pytest.mark.parametrize("quote", ["> **Lain.** a", "> a **Ingat.**", "> *Ingat.* a", "> **Ingat** a", "**Ingat.** a"])
def test_any_other_quote_stays_a_quote(quote: str) -> None:
    assert "callout" not in render(quote, HERE)


def test_headings_get_ids_as_on_github() -> None:
    html = render('# Judul\n\n## Satu & "dua"\n\n### Kode `x`\n\n## Satu dua\n\n## Satu dua\n\n## ???\n\n##### E', HERE)
    assert re.findall(r'id="(.*?)"', html) == ["b-satu-dua", "b-kode-x", "b-satu-dua-1", "b-satu-dua-2", "b-bagian"]
    assert headings(html)[0] == ("b-satu-dua", 'Satu & "dua"')
    assert [text for _, text in headings(html)] == ['Satu & "dua"', "Satu dua", "Satu dua", "???"]


@given(st.lists(st.sampled_from(["a", "a 1", "a-1", "a 1 1", "", "b-a", "A", "á"]), max_size=30))
def test_ids_are_unique(titles: list[str]) -> None:
    found = re.findall(r' id="(.*?)"', render("\n\n".join(f"## {title}" for title in titles), HERE))
    assert len(set(found)) == len(found) == len(titles)


def test_a_cell_carries_its_column_heading() -> None:
    html = render('| Peran | "Contoh" <i> *x* |\n|:--|--:|\n| a | b |\n| c |', HERE)
    labels = [value for tag, name, value in Attributes(html).found if (tag, name) == ("td", "data-label")]
    assert labels == ["Peran", '"Contoh" <i> x'] * 2
    assert html.startswith('<div class="table"><table>')
    assert html.rstrip().endswith("</table></div>")


def test_a_task_list_shows_boxes_nobody_can_tick() -> None:
    html = render("- [ ] a\n- [x] b", HERE)
    assert "input" not in html
    assert '<li class="task"><span role="img" aria-label="belum">☐</span> a</li>' in html
    assert '<li class="task"><span role="img" aria-label="sudah">☑</span> b</li>' in html


@pytest.mark.parametrize(("source", "count"), [("- [ ] a\n- b", 1), ("- [ ] a\n\n- [x] b", 2), ("- a [ ]", 0)])
def test_an_item_with_a_box_is_known_so_that_it_has_no_bullet_too(source: str, count: int) -> None:
    assert render(source, HERE).count('<li class="task">') == count


def test_a_line_has_no_block_around_it() -> None:
    assert inline("1. **Apa** # itu\n> `PSM`?", HERE) == "1. <strong>Apa</strong> # itu &gt; <code>PSM</code>?"
    assert inline("[a](b.md) <i>", HERE) == '<a href="lesson:konsep-psm/b">a</a> &lt;i&gt;'
    assert inline("", HERE) == ""


def test_a_page_fills_in_addresses() -> None:
    html = render('[a](a.md#b) [x](x.md) ![g](media/g.png) [luar](http://a.test "lesson:a")', HERE)
    known = {"lesson:konsep-psm/a#b-b": '/belajar/"a"', "media:konsep-psm/media/g.png": "/media/1&2"}
    filled = fill_in(html, known.get)
    assert isinstance(filled, Markup)
    assert [value for _, name, value in Attributes(filled).found if name in ("href", "src")] == [
        *('/belajar/"a"', "/media/1&2", "http://a.test")
    ]
    assert 'title="lesson:a"' in filled


def test_an_address_in_the_text_is_not_filled_in() -> None:
    source = '`<a href="lesson:a">` dan src="media:b"\n\n![href="lesson:a"](media/a.png "src=&quot;media:b&quot;")'
    asked: list[str] = []

    def note(address: str) -> str:
        asked.append(address)
        return address

    fill_in(render(source, HERE), note)
    assert asked == ["media:konsep-psm/media/a.png"]


SIZE = LONGEST * K // 1_000
DEEP = often(300, 600)


def long(piece: str) -> str:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


def wide(columns: int, rest: str) -> str:
    return f"|{'a|' * columns}\n|{'-|' * columns}\n{rest}"


REPEATED = [
    *("[", "]", "[]", "![", "![ ", "[a ", "[a](", "[a](<b", '[a](b "', "[a](b 'c", "[a][b", "[a][b]", "[a](b) "),
    *("![a![b](c)](d)", "(", "\\", "\\*", "&", "&amp;", "&#x41;", "&a", "*", "* a ", "_a ", "**a ", "*a* ", "**a* "),
    *("*_", "*a _b ", "~", "~~a ", "`", "`a ", "` `` ", ">", "> ", "> a\n", "1. ", "+ - * ", "kata ", "a", "a.", "a-"),
    *("a@", "a@b.", "www.", "http://", "http://a.b/c ", "<", "<a", "<b>", "<http://a", "<a@b", "|-", "## a ", "=", "-"),
    *(
        "[a]:\n",
        "[a]: b 'c\n",
        "\n[a",
        "* * ",
        "- - -\n",
        "\n",
        " \n",
        "    a\n\n",
        "a\\\n",
        "- [",
        "\x02",
        "\0",
        "\ud800",
    ),
    *("\u202e\u2028", "\t\r\f\v\x1c", "\x02klzzwxh:0001\x03", "\x02wzxhzdk:0\x03"),
]
HOSTILE = [
    *map(long, REPEATED),
    "[" * 50 * K,
    "[" * (SIZE // 2) + "]" * (SIZE // 2),
    "*a " * 30 * K + "b* " * 30 * K,
    " ".join("`" * size for size in range(1, DEEP)),
    "\n".join(">" * depth + " a" for depth in range(DEEP)),
    "\n".join("  " * depth + "- a" for depth in range(DEEP * 11 // 15)),
    "\n".join(" " * depth + "- a" for depth in range(DEEP)),
    "## " + long("a "),
    "\n".join(f"[a{number}]: http://x" for number in range(10 * K)),
    "[a]: http://x/" + "y" * 1_900 + "\n\n" + "[a] " * 45 * K,
    "a" + long(" ") + "b",
    "- " * 90 * K + "x",
    long("a") + "@",
    "http://a.b/" + long(")"),
    "http://a.b/" + long("&a;"),
]
# So many tags that a quarter of the length says enough; each takes time in proportion.
CROWDED = [
    *(
        "- a\n\n",
        "- a\n",
        "- [ ] a\n",
        "- ```\n",
        "~~~\n`\n",
        "a|b\n-|-\n\n",
        "## a\n",
        "##\n",
        "a\n-\n",
        "> **Ingat.** a\n\n",
    ),
    wide(5_000, "a\n" * 15_000),
    wide(1_000, f"|{'b|' * 1_000}\n" * often(5, 22)),
    f"|{'x' * 20 * K}|\n|-|\n" + "|b|\n" * 7 * K,
    "a|b\n-|-\n" + "x|y\n" * 12 * K,
    "\n".join(f"## a {number}" for number in range(3 * K)) + "\n## a" * 3 * K,
]


@pytest.mark.walk
@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: repr(source[:12]))
def test_no_text_takes_two_seconds(source: str) -> None:
    assert takes_less(lambda: render(source, HERE))


@pytest.mark.walk
@pytest.mark.parametrize("source", CROWDED, ids=lambda source: repr(source[:12]))
def test_no_crowd_of_tags_takes_two_seconds(source: str) -> None:
    text = (source * SIZE)[: SIZE // 4] if len(source) < 20 else source
    assert takes_less(lambda: render(text, HERE), 2)


SOUP = st.lists(
    st.sampled_from([*"*_`~[]()<>!#|-+.:\\&\"'= \n\t\0\x02\x03", "\n\n", "1. ", "    ", "```", "http://a.b", "a", "é"])
    | st.text(max_size=3),
    max_size=60,
).map("".join)
MADE_HERE = {
    "p",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "del",
    "b",
}
MADE_HERE |= {"a", "img", "ul", "ol", "li", "input", "table", "thead", "tbody", "tr", "th", "td", "div"}
MADE_HERE_TOO = {"href", "src", "title", "alt", "start", "align", "type", "checked", "disabled"}
MADE_HERE_TOO |= {"id", "class", "data-label", "loading", "rel"}


@settings(max_examples=often(60, 500))
@given(SOUP)
def test_any_text_renders_to_what_is_listed(source: str) -> None:
    for html in (render(source, HERE), inline(source, HERE)):
        found = Attributes(html)
        assert found.tags <= MADE_HERE
        assert {name for _, name, _ in found.found} <= MADE_HERE_TOO


def test_what_is_longer_than_a_lesson_may_be_is_cut() -> None:
    assert "akhir" not in render("a " * LONGEST + "akhir", HERE)

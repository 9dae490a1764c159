"""An SVG is written anew: nothing that acts, fetches or tells of its maker comes through."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.pictures import PictureRefused
from lms.course.redraw import LARGEST, plain_svg
from lms.db.settings import ROOT

BUNDLED = sorted((ROOT / "courses").rglob("*.svg"))
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 60"'


def svg(inside: str, attributes: str = "") -> bytes:
    return f"{HEAD} {attributes}>{inside}</svg>".encode()


def made(data: bytes) -> str:
    return plain_svg(data).data.decode()


def test_a_drawing_stays_what_it_is() -> None:
    inside = (
        '<title>Alur &amp; peran</title><defs><linearGradient id="a"><stop offset="0" stop-color="#0e5a43"/>'
        '</linearGradient></defs><style>.b{fill:url(#a)}</style><g class="b" transform="translate(1,2)">'
        '<path d="M0 0h9"/><text x="1" y="2">Desa &lt;b&gt; <tspan>baru</tspan></text></g><use xlink:href="#a"/>'
    )
    assert inside in made(svg(inside))
    assert (plain_svg(svg("")).width, plain_svg(svg("")).height) == (90, 60)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_the_drawings_of_the_bundled_courses_pass_and_pass_again(path: Path) -> None:
    once = plain_svg(path.read_bytes())
    assert plain_svg(once.data) == once
    assert len(once.data) > 0.5 * path.stat().st_size


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg PUBLIC "x" "http://jahat.test/x.dtd">' + svg(""),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
        svg("<text>&tidakada;</text>"),
        svg("<script>alert(1)</script>"),
        svg('<script xlink:href="http://jahat.test/x.js"/>'),
        svg("<foreignObject><p>x</p></foreignObject>"),
        svg("", 'onload="alert(1)"'),
        svg('<path ONCLICK="x"/>'),
        svg('<image href="http://jahat.test/a.png"/>'),
        svg('<image href="data:image/png;base64,AAAA"/>'),
        svg('<use href="http://jahat.test/a.svg#b"/>'),
        svg('<use xlink:href="lain.svg#b"/>'),
        svg('<linearGradient xlink:href="javascript:alert(1)"/>'),
        svg('<a href="#x"><path/></a>'),
        svg('<path fill="url(http://jahat.test/#a)"/>'),
        svg("<path style=\"fill: URL( 'lain.svg#a')\"/>"),
        svg('<style>@import "http://jahat.test/x.css"</style>'),
        svg("<style>@im<!-- -->port 'x'</style>"),
        svg("<style>@im<g/>port 'x'</style>"),
        svg(r"<style>a{fill:u\72l(x)}</style>"),
        svg("<style><![CDATA[a{background:url(//jahat.test)}]]></style>"),
        svg('<animate attributeName="href" to="x"/>'),
        svg('<set attributeName="x"/>'),
        svg('<g id="a"><use href="#b"/><use href="#b"/></g><use href="#a"/>'),
        b'<svg viewBox="0 0 9 9"><path/></svg>',
        b'<html xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"/></html>',
        svg("<g>"),
        svg("")[:-3],
        svg("\0"),
        b'<?xml version="1.0" encoding="utf-77"?>' + svg(""),
        svg("<text>" + "a" * LARGEST + "</text>"),
        svg("").replace(b'viewBox="0 0 90 60"', b""),
        svg("").replace(b"0 0 90 60", b"0 0 0 60"),
        svg("").replace(b"0 0 90 60", b"0 0 -5 1e999"),
    ],
)
def test_what_a_drawing_needs_not_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="SVG"):
        plain_svg(data)


def test_traces_of_the_program_are_left_out() -> None:
    found = made(
        b"<?xml version='1.0'?><?xml-stylesheet href='http://jahat.test/x.css'?><!-- Siti, rumah -->"
        + svg(
            "<metadata><x>Siti</x></metadata><sodipodi:namedview><path/></sodipodi:namedview>"
            "<path inkscape:label='Siti'/>",
            'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xml:base="http://jahat.test/" '
            'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" inkscape:version="1"',
        )
    )
    head, _, rest = found.partition(">")
    assert (head.count("xmlns"), rest) == (1, "<path/></svg>")
    assert not [word for word in ("Siti", "jahat", "inkscape", "stylesheet") if word in found]


def test_the_size_may_be_told_without_a_view_box() -> None:
    data = svg("").replace(b'viewBox="0 0 90 60"', b'width="12.4mm" height="7"')
    assert (plain_svg(data).width, plain_svg(data).height) == (12, 7)


def test_another_encoding_becomes_utf_8() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + svg("<text>Desa “Ngadirojo”</text>").decode()
    assert "Desa “Ngadirojo”" in made(text.encode("utf-16"))


def test_what_nests_without_end_comes_to_an_end() -> None:
    assert made(svg("<g>" * 1_000 + "</g>" * 1_000)).count("<g") == 1_000
    with pytest.raises(PictureRefused, match="SVG"):
        plain_svg(svg("<g>" * 20_000 + "</g>" * 20_000))


def test_the_prefix_of_an_author_hides_nothing() -> None:
    prefixed = b'<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 90 60">%s<s:g>teks</s:g></s:svg>'
    assert made(prefixed % b"<x/>").endswith('viewBox="0 0 90 60"><s:g>teks</s:g></s:svg>')
    with pytest.raises(PictureRefused, match="script"):
        plain_svg(prefixed % b"<s:script/>")


@given(st.text().map(lambda text: svg(text)) | st.binary().map(lambda data: HEAD.encode() + data))
def test_any_drawing_gets_an_answer_that_passes_again(data: bytes) -> None:
    try:
        once = plain_svg(data)
    except PictureRefused:
        return
    assert plain_svg(once.data).data == once.data

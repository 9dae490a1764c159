"""Two who saved at once: both texts on one page, and what comes back from it is the whole text."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from lms.authoring.editor_views import OpenFile, conflict_page, resolved
from lms.authoring.queries import DraftView
from lms.people.access import Editing
from lms.people.viewer import Viewer
from tests.conftest import SLUG
from tests.lint import check_page

PATH = "dasar/satu.md"
BASE = '# Judul\n\nSatu.\n\nDua.\n\nTiga <b>tebal</b> & "kutip".\n'
MINE = BASE.replace("Dua.", "Dua dari saya.")
THEIRS = BASE.replace("Dua.", "Dua dari Budi.").replace("Tiga", "Ketiga")


class Form(HTMLParser):
    """What a browser would send of the form if nothing were chosen: line ends become CRLF on the way."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "input" and held.get("type") == "hidden":
            self.fields[held["name"]] = held["value"].replace("\n", "\r\n")
        self._area = held.get("name", "") if tag == "textarea" else ""
        if self._area:
            self.fields[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n").replace("\n", "\r\n")

    def handle_endtag(self, tag: str) -> None:
        self._area = ""


def chosen(fields: dict[str, str]) -> str | None:
    """What comes back of the form that a browser sent."""
    return resolved(MultiDict(fields))


def shown(app: Flask, base: str, mine: str, theirs: str, theirs_hash: str = "b" * 64, by: str = "Budi") -> str:
    """The page of a conflict, read critically."""
    editing = Editing(Viewer("d", 1, "Retno", False), 1, SLUG, 1)
    with app.test_request_context("/"):
        there = OpenFile(editing, DraftView(SLUG, {}), PATH, theirs_hash, b"", theirs)
        html = conflict_page(there, "a" * 64, base, mine, by)
    check_page(html, "bentrok")
    return html


def test_what_does_not_touch_is_merged_and_only_confirmed(app: Flask) -> None:
    html = shown(app, BASE, MINE, BASE.replace("Satu", "SATU"))
    fields = Form(html).fields
    assert "sudah digabung" in html
    assert "Simpan gabungan" in html
    assert 'type="radio"' not in html
    assert fields["dasar"] == "b" * 64
    assert chosen(fields) == MINE.replace("Satu", "SATU")


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("saya", "Dua dari saya.\n"),
        ("mereka", "Dua dari Budi.\n"),
        ("keduanya", "Dua dari saya.\nDua dari Budi.\n"),
        ("sendiri", "Dua berdua.\n"),
        ("", "Dua dari saya.\nDua dari Budi.\n"),
        ("lain", "Dua dari saya.\nDua dari Budi.\n"),
    ],
)
def test_each_way_to_choose_gives_the_whole_text(app: Flask, way: str, said: str) -> None:
    html = shown(app, BASE, MINE, THEIRS)
    assert "Tinggal 1 tempat" in html
    fields = Form(html).fields
    at = next(name for name in fields if name.startswith("saya-")).removeprefix("saya-")
    assert fields[f"sendiri-{at}"] == "Dua dari saya.\r\n", "rewriting begins with one's own words"
    fields |= {f"pilih-{at}": way, f"sendiri-{at}": "Dua berdua."}
    assert chosen(fields) == THEIRS.replace("Dua dari Budi.\n", said)


def test_both_texts_are_on_the_page_whole(app: Flask) -> None:
    html = shown(app, BASE, MINE, THEIRS)
    for text in ("Dua dari saya.", "Dua dari Budi.", "Ketiga &lt;b&gt;tebal&lt;/b&gt; &amp; &#34;kutip&#34;."):
        assert text in html
    assert "<b>tebal" not in html
    assert "<ins>" in html


def test_one_who_removed_a_place_is_told_so(app: Flask) -> None:
    html = shown(app, BASE, BASE.replace("Dua.\n\n", ""), BASE.replace("Dua.", "Dua lagi."))
    assert "Anda menghapus bagian ini" in html
    fields = Form(html).fields
    at = next(name for name in fields if name.startswith("saya-")).removeprefix("saya-")
    assert (
        chosen(fields | {f"pilih-{at}": "sendiri", f"sendiri-{at}": " "})
        == '# Judul\n\nSatu.\n\nTiga <b>tebal</b> & "kutip".\n'
    )


def test_a_file_that_was_deleted_meanwhile_can_be_saved_again(app: Flask) -> None:
    html = shown(app, BASE, MINE, "", theirs_hash="", by="")
    assert "Berkas ini sudah dihapus" in html
    assert (Form(html).fields["dasar"], chosen(Form(html).fields)) == ("", MINE)


def test_both_made_the_same_new_file(app: Flask) -> None:
    fields = Form(shown(app, "", "# Saya\n", "# Budi\n")).fields
    assert chosen(fields) == "# Saya\n# Budi\n"


def test_another_form_is_none_of_these_and_a_broken_one_is_refused() -> None:
    assert chosen({"teks": "a"}) is None
    assert chosen({"bagian": "0"}) == ""
    for broken in ({"bagian": "x"}, {"bagian": ""}, {"bagian": "9" * 9}, {"bagian": "2", "tetap-0": "a"}):
        with pytest.raises(BadRequest):
            chosen(broken)
    with pytest.raises(BadRequest):
        chosen({"bagian": "1", "saya-0": "a"})


@pytest.mark.walk
def test_a_long_place_is_not_sent_three_times(app: Flask) -> None:
    mine, theirs = "a b c d\n" * 20_000, "e f g h\n" * 20_000
    fields = Form(shown(app, "", mine, theirs)).fields
    assert sum(map(len, fields.values())) < 400_000
    assert chosen(fields | {"pilih-0": "saya"}) == mine

"""The XML of a paper becomes blocks: whatever a name holds, it is text, and what is empty makes nothing."""

from xml.etree.ElementTree import ParseError

import pytest
from flask import Flask

from lms.paper.document import SHORT_TABLE, read

HOSTILE = "<b>Siti & \"Budi\"</b> 'x' ]]> &amp; <!-- \x00\x1b\ud800\ufffe{{ 7 * 7 }} --> %}"
SHOWN = "<b>Siti & \"Budi\"</b> 'x' ]]> &amp; <!-- {{ 7 * 7 }} --> %}"


def one(source: str) -> dict[str, object]:
    """The only block of a document."""
    (block,) = read(f"<document>{source}</document>")["blocks"]
    assert isinstance(block, dict)
    return block


def test_what_a_template_is_given_is_text_whatever_it_holds(app: Flask) -> None:
    template = app.jinja_env.get_template("report/_naskah.xml")
    macros = template.module
    fact = str(macros.fact(HOSTILE, HOSTILE))  # type: ignore[attr-defined] # A macro.
    assert one(f"<dl>{fact}</dl>") == {"kind": "fakta", "rows": [[SHOWN, SHOWN]], "wide": 44}


def test_markup_that_was_not_escaped_is_red() -> None:
    with pytest.raises(ParseError):
        read("<document><p>Siti & Budi</p></document>")


def test_what_is_empty_makes_nothing() -> None:
    assert read("<document title='Surat &amp; tugas'><p> \n </p><h2></h2></document>") == {
        "title": "Surat & tugas",
        "blocks": [],
    }


def test_lines_with_a_dash_are_a_list() -> None:
    blocks = read("<document><pre>Satu\n- dua\n• tiga\n\n  empat </pre></document>")["blocks"]
    assert blocks == [
        {"kind": "teks", "text": "Satu"},
        {"kind": "daftar", "items": ["dua", "tiga"]},
        {"kind": "teks", "text": "empat"},
    ]


def test_a_table_without_rows_says_so_and_a_short_one_stays_together() -> None:
    head = '<table><thead><tr><th width="7" class="right">No.</th><th>Nama</th></tr></thead><tbody>{}</tbody></table>'
    row = "<tr><td>1</td><td>A  <b>B</b>\n C</td></tr>"
    assert one(head.format("")) == {"kind": "teks", "text": "Tidak ada."}
    short, long = (one(head.format(row * count)) for count in (SHORT_TABLE, SHORT_TABLE + 1))
    assert (short["heading"], short["right"]) == ([["No.", 7], ["Nama", 10]], [0])
    assert short["rows"] == [["1", "A B C"]] * SHORT_TABLE
    assert (short["short"], long["short"]) == (True, False)


def test_signers_stand_side_by_side_and_who_has_no_name_gets_a_line() -> None:
    signer = '<address name="Siti"><p>Wonogiri</p><p></p><small>NIP 1</small></address><address/>'
    assert one(f"<footer>{signer}</footer>") == {
        "kind": "tanda",
        "signers": [
            {"above": ["Wonogiri"], "name": "Siti", "below": ["NIP 1"]},
            {"above": [], "name": "", "below": []},
        ],
    }

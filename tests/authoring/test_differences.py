"""A difference that is read as text: paragraphs, words marked, what stayed the same folded."""

import random

import pytest

from lms.authoring.differences import Folded, Piece, TextPiece, differences
from tests.effort import seconds

TEXT = """# Judul

Pembuka yang tetap.

## Satu

Warga datang ke balai desa pagi ini.
Ia membawa surat.

- butir satu
- butir dua

## Dua

Penutup.
"""


def said(before: str, after: str) -> list[str]:
    """Each row in one line: +words+ added, -words- left."""
    signs = {"ins": "+", "del": "-", "": ""}
    return [
        f"({row.folded} {row.heading})"
        if isinstance(row, Folded)
        else " ".join(f"{signs[piece.mark]}{piece.text}{signs[piece.mark]}" for piece in row.pieces)
        for row in differences(before, after)
    ]


def test_words_are_marked_inside_a_paragraph_and_the_rest_is_folded() -> None:
    assert said(TEXT, TEXT.replace("balai desa pagi", "kantor desa sore")) == [
        "(2 Judul)",
        "## Satu",
        "Warga datang ke -balai- +kantor+ desa -pagi- +sore+ ini. Ia membawa surat.",
        "- butir satu",
        "(3 Dua)",
    ]


def test_new_and_removed_paragraphs_stand_alone() -> None:
    assert said(TEXT, TEXT.replace("- butir dua\n", "").replace("Penutup.", "Penutup.\n\nSalam."))[1:] == [
        "- butir satu",
        "-- butir dua-",
        "## Dua",
        "Penutup.",
        "+Salam.+",
    ]


def test_a_paragraph_written_anew_is_not_called_changed() -> None:
    kinds = [
        row.kind
        for row in differences(TEXT, TEXT.replace("Pembuka yang tetap.", "Sama sekali lain."))
        if isinstance(row, TextPiece)
    ]
    assert kinds == ["tetap", "dihapus", "baru", "tetap"]


def test_a_changed_paragraph_is_found_below_new_ones() -> None:
    after = TEXT.replace("Pembuka yang tetap.", "Baru.\n\nLagi baru.\n\nPembuka yang akan tetap.")
    assert said(TEXT, after)[1:4] == ["+Baru.+", "+Lagi baru.+", "Pembuka yang +akan+ tetap."]


def test_other_line_breaks_and_spaces_are_no_difference() -> None:
    assert differences(TEXT, TEXT.replace("pagi ini.\nIa", "pagi\nini. Ia").replace("\n\n", "\n\n\n")) == []
    assert differences(TEXT, TEXT.replace("\n", "\r\n")) == []
    assert differences("", "") == []


def test_a_single_word_in_the_midst_of_something_rewritten_is_not_left_standing() -> None:
    before = "satu dua tiga yang empat lima enam ekor tetap sampai di akhir"
    after = "tujuh delapan sembilan yang sepuluh sebelas belasan ekor tetap sampai di akhir"
    assert differences(before, after) == [
        TextPiece(
            "berubah",
            (
                Piece("satu dua tiga yang empat lima enam", "del"),
                Piece("tujuh delapan sembilan yang sepuluh sebelas belasan", "ins"),
                Piece("ekor tetap sampai di akhir"),
            ),
        )
    ]


def test_code_is_compared_line_by_line() -> None:
    assert said("```\na\nb\n```\n", "```\na\nc\n```\n") == ["```", "a", "-b-", "+c+", "```"]


def test_everything_written_is_shown_or_counted() -> None:
    chance = random.Random(3)
    words = ["desa", "warga", "rapat", "kartu", "- butir", "## Bagian", ""]
    for _ in range(200):
        before, after = ("\n\n".join(chance.choices(words, k=chance.randrange(12))) for _ in range(2))
        rows = differences(before, after)
        shown = [p.text for row in rows if isinstance(row, TextPiece) for p in row.pieces if p.mark != "del"]
        folded = sum(row.folded for row in rows if isinstance(row, Folded))
        count = sum(bool(part) for part in after.split("\n\n"))
        assert not rows or len(shown) + folded == count


@pytest.mark.walk
def test_ten_thousand_lines_that_repeat_take_a_moment() -> None:
    chance = random.Random(5)
    lines = ["warga desa", "rapat di balai", "kartu baru", "- butir", "> kutipan"]
    before, after = ("\n\n".join(chance.choices(lines, k=10_000)) for _ in range(2))
    assert seconds(lambda: differences(before, after)) < 8
    long = " ".join(chance.choices(["yang", "dan", "warga"], k=30_000))
    assert seconds(lambda: differences(long, f"awal {long[:90_000]} tengah {long[90_000:]}")) < 3

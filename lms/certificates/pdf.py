"""The printed sheet: an A4 landscape PDF, front and back, that is the same bytes for the same facts."""

import json
import re
import struct
from collections.abc import Sequence
from datetime import datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import segno
import typst

from lms.core import crockford
from lms.core.certificate import (
    SAMPLE_MARK,
    SCAN_LINE,
    Office,
    Snapshot,
    number_line,
    printed_texts,
    sentence,
    signer_lines,
)
from lms.core.dates import WIB, tanggal

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parents[2] / "templates" / "certificates" / "sertifikat.typ"

# Archives ask for PDF/A, readers of the screen for PDF/UA. Under either, a missing letter is an error, not a gap.
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]

LONG_WORD = re.compile(r"(\S{28})(?=\S)")


class Unprintable(ValueError):
    """A text holds a letter the shipped fonts lack; the message names the field and the letter, for a person."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(explain(field, letter) for field, letter in missing))


def explain(field: str, letter: str) -> str:
    """Nama memuat huruf "王" (U+738B) yang tidak dapat dicetak. …"""
    shown = f"“{letter}” " if letter.isprintable() else ""
    return f"{field} memuat huruf {shown}(U+{ord(letter):04X}) yang tidak dapat dicetak. Ganti huruf itu."


def missing_glyphs(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Field and letter of everything that cannot be printed; ask before a number is drawn."""
    letters = _printable_letters()
    return [
        (field, letter)
        for field, text in printed_texts(snapshot).items()
        for letter in dict.fromkeys(text)
        if letter not in letters
    ]


def render(snapshots: Sequence[Snapshot]) -> bytes:
    """One PDF with two pages for each snapshot (at least one), dated by the last day of issue.

    Unprintable when a text has a letter that no shipped font draws.
    """
    missing = [fault for snapshot in snapshots for fault in missing_glyphs(snapshot)]
    if missing:
        raise Unprintable(missing)
    # A compiler is not safe to share between threads; the fonts are, and they are the slow part.
    compiler = typst.Compiler(
        input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(), sys_inputs=inputs(snapshots)
    )
    issued = max(snapshot.issued_on for snapshot in snapshots)
    stamp = int(datetime.combine(issued, time(12), WIB).timestamp())
    printed = compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=stamp)
    assert isinstance(printed, bytes)
    return printed


def inputs(snapshots: Sequence[Snapshot]) -> dict[str, str]:
    """What the template is given: one JSON text."""
    first = snapshots[0]
    title = f"Sertifikat {number_line(first)}: {first.name}" if len(snapshots) == 1 else "Sertifikat"
    document = {
        "title": f"{title}, {first.activity}",
        "author": first.organiser,
        "sheets": [_sheet(snapshot) for snapshot in snapshots],
    }
    return {"batch": json.dumps(document)}


def _sheet(snapshot: Snapshot) -> dict[str, Any]:
    """What one sheet says; `issuer`, `signer` and `list` are often the same for a whole batch."""
    number = f"Nomor {number_line(snapshot)}" if snapshot.number else "Tanpa nomor"
    texts = {
        "issuer": _issuer(snapshot.office),
        "number": number_line(snapshot),
        "identity": snapshot.identity,
        "name_note": snapshot.name_note,
        "role": snapshot.role,
        "activity": snapshot.activity,
        "sentence": sentence(snapshot),
        "predicate": bool(snapshot.predicate),
        "signer": _signer(snapshot),
        "list": _list(snapshot),
        "page_mark": f"{number} – halaman 2 dari 2",
    }
    return {key: _breakable(text) for key, text in texts.items()} | {
        "sample": snapshot.sample,
        "sample_mark": SAMPLE_MARK,
        "name": snapshot.name,
        "qr": _qr(snapshot.check_url),
        "qr_alt": f"Kode QR menuju {snapshot.check_url}",
        "code": crockford.grouped(snapshot.short_code),
        "scan_line": SCAN_LINE,
    }


def _issuer(office: Office) -> dict[str, str]:
    return {"government": office.government, "office": office.name, "address": office.address}


def _signer(snapshot: Snapshot) -> dict[str, Any]:
    signer = snapshot.signer
    return {
        "issued": f"{snapshot.issued_place}, {tanggal(snapshot.issued_on)}",
        "above": signer_lines(signer),
        "name": signer.name,
        "below": [line for line in (signer.rank, signer.nip and f"NIP {signer.nip}") if line],
    }


def _list(snapshot: Snapshot) -> dict[str, Any]:
    """The back; a column nobody has anything in is left out."""
    speakers = any(subject.speaker for subject in snapshot.subjects)
    halls = any(subject.hall_jp for subject in snapshot.subjects)

    def row(first: str, subject: str, speaker: str, hours: Sequence[object]) -> list[str]:
        online, hall, total = map(str, hours)
        return [first, subject, *([speaker] if speakers else []), online, *([hall] if halls else []), total]

    return {
        "activity": snapshot.activity,
        "speakers": speakers,
        "halls": halls,
        "columns": row("No", "Materi", "Narasumber", ("Daring (JP)", "Tatap muka (JP)", "Jumlah")),
        "subjects": [
            row(str(number), part.title, part.speaker, (part.online_jp, part.hall_jp, part.total_jp))
            for number, part in enumerate(snapshot.subjects, start=1)
        ],
        "totals": row("", "", "", (snapshot.online_jp, snapshot.hall_jp, snapshot.total_jp))[2 + speakers :],
        "hours_note": "JP = jam pelajaran, 45 menit.",
        "legal_basis": snapshot.legal_basis,
    }


def _breakable(value: Any) -> Any:
    """A zero-width space in a word longer than any Indonesian one, which could otherwise run off the paper."""
    if isinstance(value, dict):
        return {key: _breakable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_breakable(part) for part in value]
    return LONG_WORD.sub("\\1\u200b", value) if isinstance(value, str) else value


def _qr(address: str) -> str:
    """SVG without a quiet zone: the page around it is white, and the symbol itself shall be 30 mm wide."""
    svg = BytesIO()
    segno.make(address, error="m", micro=False).save(svg, kind="svg", border=0, xmldecl=False)
    return svg.getvalue().decode()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _printable_letters() -> frozenset[str]:
    """What every shipped font can draw; control and format characters, drawn as nothing, are left out."""
    codes = frozenset.intersection(*(_mapped(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))))
    return frozenset(letter for letter in map(chr, codes) if letter.isprintable())


def _mapped(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font, from format 12 of its cmap table (OpenType specification, "cmap")."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = dict(struct.iter_unpack(">4s4xI4x", font[12 : 12 + 16 * count]))
    start = tables[b"cmap"]
    count = struct.unpack_from(">H", font, start + 2)[0]
    for (offset,) in struct.iter_unpack(">4xI", font[start + 4 : start + 4 + 8 * count]):
        subtable = start + offset
        if struct.unpack_from(">H", font, subtable)[0] == 12:
            groups = struct.unpack_from(">I", font, subtable + 12)[0]
            spans = struct.iter_unpack(">II4x", font[subtable + 16 : subtable + 16 + 12 * groups])
            return frozenset(code for first, last in spans for code in range(first, last + 1))
    raise ValueError("the font has no cmap of format 12")

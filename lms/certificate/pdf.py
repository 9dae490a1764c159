"""The printed sheet: an A4 landscape PDF, front and back, that is the same bytes for the same facts."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, time
from io import BytesIO
from itertools import groupby
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, Any
from zipfile import ZipFile, ZipInfo

from lms.certificate import snapshot as core
from lms.certificate.qr import encode
from lms.certificate.snapshot import TTE, Snapshot, State, number_line
from lms.paper.child import run
from lms.paper.printing import MEGABYTES, long_pdf, pdf
from lms.paper.typesetting import printable_letters
from lms.people.signatory import Signatory, signer_lines
from lms.web import crockford
from lms.web.dates import WIB, tanggal

TEMPLATE = "certificate/sertifikat.typ"

SECONDS = 120
"""For many sheets: on a slow machine that others use too."""

SET_AT_ONCE = 25
"""Sheets of a part: with all there is to print the typesetter takes 57 MB and 2.2 MB for each of them; and each file of
its own may hold an emblem of 1 MB."""

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
NO_HOURS = "Sertifikat ini menerangkan peran sebagai {role}, tanpa jam pelajaran."
WHOLE_NUMBER = 60
QR_MASK = 4  # Any will do; to look for the best one costs five times the drawing.
LONG_WORD = re.compile(r"(\S{28})(?=\S)")


class Unprintable(ValueError):
    """A text holds a letter the shipped fonts lack; the message names the field and the letter, for a person."""


def explain(field: str, letter: str) -> str:
    """Nama memuat huruf "王" (U+738B) yang tidak dapat dicetak. …"""
    shown = f"“{letter}” " if letter.isprintable() else ""
    return f"{field} memuat huruf {shown}(U+{ord(letter):04X}) yang tidak dapat dicetak. Ganti huruf itu."


def missing_glyphs(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Field and letter of everything that cannot be printed; ask before a number is drawn."""
    letters = printable_letters()
    return [
        (field, letter)
        for field, text in core.printed_texts(snapshot).items()
        for letter in dict.fromkeys(text)
        if letter not in letters
    ]


def unprintable(snapshot: Snapshot) -> str:
    """Name what of a sheet no shipped font can print; "" when all can be printed."""
    return " ".join(explain(field, letter) for field, letter in missing_glyphs(snapshot))


def render(
    snapshots: Sequence[Snapshot],
    emblems: Mapping[str, bytes] = NO_FILES,
    *,
    signing_key: bytes | None = None,
    stands: State = "berlaku",
) -> bytes:
    """One PDF with two pages for each snapshot (at least one), or more where the back is long, dated by the last issue.

    `emblems` is SHA-256 -> PNG of the emblems that the snapshots name; one that is not there leaves its space.
    `signing_key` is the one that signs today, whichever signed the snapshots: it vouches for the facts in each QR,
    which is the address alone without it. What no longer holds says so across every page.
    Unprintable when a text has a letter that no shipped font draws.
    """
    if fault := " ".join(filter(None, map(unprintable, snapshots))):
        raise Unprintable(fault)
    return pdf(TEMPLATE, document(snapshots, emblems, signing_key, stands), _moment(snapshots))


def print_part(
    snapshots: Sequence[Snapshot],
    emblems: Mapping[str, bytes] = NO_FILES,
    *,
    signing_key: bytes | None = None,
    signed: Mapping[str, bytes] = NO_FILES,
) -> bytes:
    """Sheets on paper of their own, made in child processes; raises ChildFailed and ChildBusy.

    At most `SET_AT_ONCE`: every page costs memory until the last is set. Of a sheet whose token is in `signed` it has
    the pages of that file, with what was stamped on them.
    """
    parts = []
    for token, group in groupby(snapshots, lambda each: each.token if each.token in signed else ""):
        sheets = list(group)
        told = document(sheets, emblems, signing_key) | {"duplex": True}
        parts.append(signed[token] if token else long_pdf(TEMPLATE, told, _moment(sheets)))
    return bound(parts, snapshots[0])


def bound(parts: Sequence[bytes], first: Snapshot) -> bytes:
    """The print file of these parts, named by the activity of its first sheet."""
    if len(parts) == 1:
        return parts[0]
    head = {"title": f"Sertifikat, {first.activity}", "author": first.organiser, "sizes": [len(part) for part in parts]}
    return _made_apart("bound", b"\n".join((json.dumps(head).encode(), b"".join(parts))))


def files_part(
    snapshots: Sequence[Snapshot],
    emblems: Mapping[str, bytes] = NO_FILES,
    *,
    start: int = 0,
    signing_key: bytes | None = None,
    signed: Mapping[str, bytes] = NO_FILES,
) -> bytes:
    """A ZIP with a PDF for each of at most `SET_AT_ONCE` sheets, named by its place, its number, name and code.

    `start` is how many stand before these. A sheet whose token is in `signed` is that very file.
    """
    named = [(_file_name(place, each), each) for place, each in enumerate(snapshots, start=start + 1)]
    files = [
        [name, document([each], signing_key=signing_key) | {"emblems": {}}, _moment([each])]
        for name, each in named
        if each.token not in signed
    ]
    shared = {"emblems": {name: emblem_svg(data) for name, data in emblems.items()}}
    told = {"template": TEMPLATE, "shared": shared, "files": files}
    whole = BytesIO(_made_apart("pdf_files", json.dumps(told).encode()))
    with ZipFile(whole, "a") as packed:
        for name, sheet in named:
            if sheet.token in signed:
                packed.writestr(ZipInfo(name), signed[sheet.token])
    return whole.getvalue()


def pack(parts: Iterable[bytes], whole: IO[bytes]) -> None:
    """Write ZIPs into one, a file at a time: with an emblem in each it may be 100 MB, which no memory need hold."""
    with ZipFile(whole, "w") as packed:
        for part in parts:
            with ZipFile(BytesIO(part)) as some:
                for each in some.infolist():
                    packed.writestr(each, some.read(each))
    whole.seek(0)


def single_files(
    snapshots: Sequence[Snapshot], emblems: Mapping[str, bytes] = NO_FILES, *, signing_key: bytes | None = None
) -> IO[bytes]:
    """A ZIP of any number of sheets, as `files_part` makes it of a few: a file on the disk."""
    starts = range(0, len(snapshots), SET_AT_ONCE)
    with ExitStack() as unfinished:
        whole = unfinished.enter_context(TemporaryFile())
        some = (snapshots[start : start + SET_AT_ONCE] for start in starts)
        parts = zip(some, starts, strict=True)
        pack((files_part(each, emblems, start=start, signing_key=signing_key) for each, start in parts), whole)
        unfinished.pop_all()
        return whole


def _made_apart(function: str, payload: bytes) -> bytes:
    return run(function, payload, seconds=SECONDS, megabytes=MEGABYTES)


def _file_name(place: int, snapshot: Snapshot) -> str:
    """012-siti-aminah-7k2mqw0rzt4b.pdf; of one to be signed 012-nomor-027-2026-siti-aminah-….pdf."""
    number = f"nomor {snapshot.number} " if snapshot.signing == TTE else ""
    name = re.sub(r"[^a-z0-9]+", "-", f"{number}{snapshot.name}".casefold()).strip("-")[:80]
    return f"{place:03}-{name}-{snapshot.short_code.casefold()}.pdf"


def _moment(snapshots: Sequence[Snapshot]) -> int:
    """Noon of the last day of issue: the same sheets give the same bytes whenever they are printed."""
    issued = max(snapshot.issued_on for snapshot in snapshots)
    return int(datetime.combine(issued, time(12), WIB).timestamp())


def document(
    snapshots: Sequence[Snapshot],
    emblems: Mapping[str, bytes] = NO_FILES,
    signing_key: bytes | None = None,
    stands: State = "berlaku",
) -> dict[str, Any]:
    """Return the data of the template."""
    first = snapshots[0]
    title = f"Sertifikat {number_line(first)}: {first.name}" if len(snapshots) == 1 else "Sertifikat"
    return {
        "title": f"{title}, {first.activity}",
        "author": first.organiser,
        "duplex": False,
        "emblems": {name: emblem_svg(data) for name, data in emblems.items()},
        "sheets": [_sheet(snapshot, signing_key, stands) for snapshot in snapshots],
    }


def _sheet(snapshot: Snapshot, signing_key: bytes | None, stands: State) -> dict[str, Any]:
    """Return the data of one sheet; `issuer`, `signer` and `list` are often the same for a whole batch."""
    office, number = snapshot.office, f"Nomor {number_line(snapshot)}" if snapshot.number else "Tanpa nomor"
    texts = {
        "issuer": {"government": office.government, "office": office.name, "address": office.address},
        "number": number_line(snapshot),
        "identity": snapshot.identity,
        "name_note": snapshot.name_note,
        "role": snapshot.role,
        "activity": snapshot.activity,
        "sentence": core.sentence(snapshot),
        "predicate": bool(snapshot.predicate),
        "signer": _signer(snapshot.signer, f"{snapshot.issued_place}, {tanggal(snapshot.issued_on)}", snapshot.signing),
        "list": _list(snapshot),
        "page_mark": number,
    }
    # A number of usual length stays whole, so that it can be copied and searched for.
    whole = {"number", "page_mark"} if len(number) <= WHOLE_NUMBER else set[str]()
    return {key: text if key in whole else _breakable(text) for key, text in texts.items()} | {
        "emblem": office.emblem,
        "scores": [value for _, value in snapshot.printed_scores],
        "mark": core.mark("contoh" if snapshot.sample else stands),
        "name": snapshot.name,
        "qr": _code(snapshot, signing_key),
        "mask": QR_MASK,
        "qr_alt": f"Kode QR menuju {snapshot.check_url}",
        "code": crockford.grouped(snapshot.short_code),
        "scan_line": f"{core.SCAN_LINE} Atau ketik kodenya di {_typed_address(snapshot.check_url)}.",
        "signing_line": core.TTE_LINE if snapshot.signing == TTE else "",
    }


def _code(snapshot: Snapshot, signing_key: bytes | None) -> str:
    """The address with the signed facts; alone where it is so long that nothing fits behind it."""
    if signing_key is None:
        return snapshot.check_url
    with suppress(ValueError):
        return encode(snapshot, signing_key)
    return snapshot.check_url


def _typed_address(check_url: str) -> str:
    """sinau.example.go.id/cek: what somebody without a scanner types."""
    return check_url.partition("://")[2].rpartition("/")[0]


def emblem_svg(picture: bytes) -> str:
    """The PNG, whole, in the middle of a square SVG: what a template is given is text."""
    source = f"data:image/png;base64,{b64encode(picture).decode()}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image width="100" height="100" href="{source}"/></svg>'
    )


def _signer(signer: Signatory, issued: str, signing: str) -> dict[str, Any]:
    """The lines around a signature; one that tools stamp into the PDF gets more room, and nothing stands in it."""
    return {
        "room": 25 if signing == TTE else 19,
        "issued": issued,
        "above": signer_lines(signer),
        "name": signer.name,
        "below": [line for line in (signer.rank, signer.nip and f"NIP {signer.nip}") if line],
    }


def _list(snapshot: Snapshot) -> dict[str, Any]:
    """The back; a column nobody has anything in is left out, and so is the table of who has no hours by their role."""
    speakers = any(subject.speaker for subject in snapshot.subjects)
    halls = any(subject.hall_jp for subject in snapshot.subjects)
    learnt, listed = snapshot.is_learnt, snapshot.is_learnt or bool(snapshot.subjects)

    def row(first: str, subject: str, speaker: str, hours: Sequence[object]) -> list[str]:
        online, hall, total = map(str, hours)
        shown = [speaker] * speakers + [online] * learnt + [hall] * halls
        return [first, subject, *shown, total]

    return {
        "heading": "DAFTAR MATERI" if learnt else "MATERI YANG DIBAWAKAN" if listed else "KETERANGAN KEGIATAN",
        "listed": listed,
        "scores": [name for name, _ in snapshot.printed_scores],
        "activity": snapshot.activity,
        "speakers": speakers,
        "onlines": learnt,
        "halls": halls,
        "columns": row("No", "Materi", "Narasumber", ("Daring (JP)", "Tatap muka (JP)", "Jumlah")),
        "subjects": [
            row(str(number), part.title, part.speaker, (part.online_jp, part.hall_jp, part.total_jp))
            for number, part in enumerate(snapshot.subjects, start=1)
        ],
        "totals": row("", "", "", (snapshot.online_jp, snapshot.hall_jp, snapshot.total_jp))[2 + speakers :],
        "hours_note": "JP = jam pelajaran, 45 menit." if listed else NO_HOURS.format(role=snapshot.role),
        "legal_basis": snapshot.legal_basis,
        "signer": _signer(snapshot.second_signer, "", snapshot.signing) if snapshot.second_signer else None,
    }


def _breakable(value: Any) -> Any:
    """A zero-width space in a word longer than any Indonesian one, which could otherwise run off the paper."""
    if isinstance(value, dict):
        return {key: _breakable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_breakable(part) for part in value]
    return LONG_WORD.sub("\\1\u200b", value) if isinstance(value, str) else value

"""A file that a trainer brings, read in a child process and understood here; nothing of it is written yet."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.child import ChildFailed, run
from lms.core.doubles import Someone
from lms.core.roster.people import Listed, judged, read_row
from lms.turn import aside

READER = "lms.core.roster.reading:read_roster"
SECONDS, MEGABYTES = 20.0, 250
MOST_BYTES = 5 * 2**20
CHUNK = 400
"""Rows of one write, so that nobody waits long for the lock."""

NO_FILE = "Pilih dulu berkasnya, lalu tekan lagi."
TOO_LARGE = "Berkas ini lebih dari 5 MB. Hapus gambar di dalamnya, atau salin daftarnya saja ke berkas baru."
TOO_HEAVY = "Berkas ini terlalu berat untuk dibaca. Salin daftarnya saja ke berkas baru, lalu unggah lagi."


class NotReadable(Exception):
    """No list is in what was brought; the message says why and what to do, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A list with its rows, (number, place, cells, who is understood); `left_out` says what of it was not taken."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[int, str, list[str], Listed]]
    left_out: Mapping[str, Any]


def brought(data: bytes, known: Sequence[Someone]) -> Brought:
    """The list in a file, seen beside the people who are known. Raises NotReadable."""
    if not data or len(data) > MOST_BYTES:
        raise NotReadable(TOO_LARGE if data else NO_FILE)
    try:
        answer = json.loads(run(READER, data, seconds=SECONDS, megabytes=MEGABYTES))
    except ChildFailed as failed:
        raise NotReadable(TOO_HEAVY) from failed
    if "fault" in answer:
        raise NotReadable(answer["fault"])
    rows = answer["rows"]
    people = understood([row["cells"] for row in rows], answer["fields"], known)
    several = len({row["sheet"] for row in rows}) > 1
    places = [f"{row['sheet'][:80]}, baris {row['line']}" if several else f"baris {row['line']}" for row in rows]
    return Brought(
        list(zip(answer["columns"], answer["fields"], strict=True)),
        [
            (number, place, row["cells"], person)
            for number, (place, row, person) in enumerate(zip(places, rows, people, strict=True), start=1)
        ],
        {key: answer[key] for key in ("left_out", "passed_over", "hidden_numbers")},
    )


def understood(cells: Sequence[list[str]], fields: Sequence[str], known: Sequence[Someone]) -> list[Listed]:
    """The people in these rows when their columns mean these fields."""
    with aside():  # Ten thousand rows take a second in which others want their pages.
        return judged([read_row(row, fields) for row in cells], known)


def in_chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows, as many at a time as one write takes."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

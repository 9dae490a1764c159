"""A file that a trainer brings, read in a child process and understood here; nothing of it is written yet."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lms.paper.child import ChildFailed, run
from lms.people.doubles import Someone

READER, JUDGE = "read_roster", "judge"
SECONDS, MEGABYTES = 30.0, 250
MOST_BYTES = 5 * 2**20
CHUNK = 400
"""Rows of one write, so that nobody waits long for the lock."""

NO_FILE = "Pilih dulu berkasnya, lalu tekan lagi."
NOTHING_IN_IT = (
    "Berkas ini kosong (0 byte). Barangkali belum selesai disalin; unggah lagi berkas yang berisi daftarnya."
)
TOO_LARGE = "Berkas ini lebih dari 5 MB. Hapus gambar di dalamnya, atau salin daftarnya saja ke berkas baru."
TOO_HEAVY = "Berkas ini terlalu berat untuk dibaca. Salin daftarnya saja ke berkas baru, lalu unggah lagi."


class NotReadable(Exception):
    """No list is in what was brought; the message says why and what to do, in Indonesian."""


def brought(
    data: bytes | None, known: Sequence[Someone]
) -> tuple[list[tuple[str, str]], list[tuple[int, str, list[str], Mapping[str, Any]]], dict[str, Any]]:
    """(columns, rows, what was left out) of the list in a file, None for no file, beside the people who are known.

    Raises NotReadable. A row is (number, place, cells, what `people.as_kept` makes of who is understood).
    """
    if not data or len(data) > MOST_BYTES:
        raise NotReadable(TOO_LARGE if data else NO_FILE if data is None else NOTHING_IN_IT)
    answer = _told(READER, data)
    if "fault" in answer:
        raise NotReadable(answer["fault"])
    rows = sorted(answer["rows"], key=lambda row: bool(row["nobody"]))  # People are counted from one on.
    people = understood([(row["cells"], row["nobody"]) for row in rows], answer["fields"], known)
    several = len({row["sheet"] for row in rows}) > 1
    places = [", ".join([row["sheet"][:60]] * several + [f"baris {row['line']}", *row["notes"]])[:120] for row in rows]
    return (
        list(zip(answer["columns"], answer["fields"], strict=True)),
        [
            (number, place, row["cells"], person)
            for number, (place, row, person) in enumerate(zip(places, rows, people, strict=True), start=1)
        ],
        {key: answer[key] for key in ("left_out", "passed_over", "hidden_numbers")},
    )


def understood(
    rows: Sequence[tuple[list[str], str]], fields: Sequence[str], known: Sequence[Someone]
) -> list[Mapping[str, Any]]:
    """Return what is kept of rows (cells, why it is nobody) whose columns mean these fields. Raises NotReadable."""
    people = [(each.id, each.name, each.region, each.phone, each.sex) for each in known]
    found: list[Mapping[str, Any]] = _told(
        JUDGE, json.dumps({"rows": rows, "fields": fields, "known": people}).encode()
    )
    return found


def _told(function: str, payload: bytes) -> Any:
    try:
        return json.loads(run(function, payload, seconds=SECONDS, megabytes=MEGABYTES))
    except ChildFailed as failed:
        raise NotReadable(TOO_HEAVY) from failed


def in_chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows, as many at a time as one write takes."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

"""The files of a whole batch: made a part at a time, then kept for an hour in the data folder.

Each is named by all that it says, so that whoever asks again, or works for the same at once, gets the same file. Parts
that another machine made are made again where they are missing.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from flask import current_app

from lms.certificate import pdf
from lms.certificate.queries import IssuedSheet, sheets_in
from lms.certificate.snapshot import Snapshot, canonical, key_id, public_key
from lms.course.queries import blobs
from lms.db.settings import VERSION
from lms.people.jobs import JobFacts
from lms.web.above import above, is_above

FOLDER = "cetakan"
KEPT_SECONDS = 3600


def name_of(extension: str, snapshots: Sequence[Snapshot]) -> str:
    """Name the file of these sheets by what they say, by the key that vouches for it and by this program."""
    said = [VERSION, key_id(public_key(current_app.config["SIGNING_KEY"]))]
    told = b"\n".join([*(each.encode() for each in said), *map(canonical, snapshots)])
    return f"{sha256(told).hexdigest()}.{extension}"


def parts_of(sheets: Sequence[object]) -> int:
    """In how many parts these are made."""
    return -(-len(sheets) // pdf.SET_AT_ONCE)


def kept(name: str) -> Path | None:
    """The file of this name, as long as it is kept."""
    path = _folder() / name
    with suppress(FileNotFoundError):
        return path if path.stat().st_mtime > time.time() - KEPT_SECONDS else None
    return None


def sweep() -> int:
    """Delete what was kept for its hour, and parts that nobody goes on with; how many files."""
    past = [path for path in _folder().iterdir() if path.stat().st_mtime <= time.time() - KEPT_SECONDS]
    for path in past:
        path.unlink(missing_ok=True)
    return len(past)


def make(job: JobFacts) -> None:
    """Make the next part of what this job is for, or at last the whole. Raises ChildFailed and ChildBusy."""
    count, name = job.total - 1, job.told["berkas"]
    if job.position < count:
        _part(job, job.position)
    elif kept(name) is None:
        paths = [_part(job, part) for part in range(count)]
        parts = (path.read_bytes() for path in paths)
        with _new(_folder() / name) as whole:
            if name.endswith(".zip"):
                pdf.pack(parts, whole)
            else:
                whole.write(pdf.bound(list(parts), _sheets(job, 0)[0].snapshot))
        for path in paths:
            path.unlink(missing_ok=True)


def _part(job: JobFacts, part: int) -> Path:
    path = _folder() / f"{job.told['berkas']}.{part}"
    if not path.exists():
        start = part * pdf.SET_AT_ONCE
        sheets = _sheets(job, start)
        snapshots = [each.snapshot for each in sheets]
        emblems = blobs({each.office.emblem for each in snapshots} - {""})
        came_back = {each.snapshot.token: above("signed_file", each.id) for each in sheets if is_above("signed_file")}
        signed = {token: data for token, data in came_back.items() if data}
        key = current_app.config["SIGNING_KEY"]
        if ".zip" in path.suffixes:
            made = pdf.files_part(snapshots, emblems, start=start, signing_key=key, signed=signed)
        else:
            made = pdf.print_part(snapshots, emblems, signing_key=key, signed=signed)
        with _new(path) as file:
            file.write(made)
    return path


def _sheets(job: JobFacts, start: int) -> list[IssuedSheet]:
    ids = job.told["lembar"][start : start + pdf.SET_AT_ONCE]
    return sorted(sheets_in(job.cohort_id or 0, ids=ids), key=lambda each: ids.index(each.id))


def _folder() -> Path:
    found: Path = current_app.config["DATA"] / FOLDER
    found.mkdir(mode=0o700, exist_ok=True)
    return found


@contextmanager
def _new(path: Path) -> Iterator[IO[bytes]]:
    """A file that only this program may read, there whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        yield file
    os.replace(file.name, path)

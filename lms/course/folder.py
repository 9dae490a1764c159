"""A course folder on disk: read whole into a mapping of course paths, written back byte for byte."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

MARK = "kursus.toml"
MAX_FILES = 2_000
MAX_BYTES = 200 * 2**20


class FolderError(Exception):
    """The folder can't be taken in; the text says why, in Indonesian."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Course path -> bytes of every file below `folder`; hidden files and links are left out.

    Raises FolderError when it is no course folder or too big to be one.
    """
    if not (folder / MARK).is_file():
        raise FolderError(f"{folder}: tidak ada kursus.toml di folder ini; tunjuk folder sebuah kursus.")
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        total += path.stat().st_size
        if len(files) >= MAX_FILES or total > MAX_BYTES:
            raise FolderError(f"{folder}: terlalu besar untuk sebuah kursus (paling banyak 2.000 berkas, 200 MB).")
        files[name] = path.read_bytes()
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into `folder`, which must be empty or not yet there; raises FolderError otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder}: sudah berisi; pilih folder kosong atau yang belum ada.")
    for name, data in files.items():
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise FolderError(f"{name}: jalurnya keluar dari folder kursus.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

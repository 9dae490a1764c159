"""`lms backup` and `lms restore`: the whole site in one file, without its keys, and back, tried before trusted."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError

from lms.certificate.snapshot import key_id, public_key
from lms.db.engine import engine_options, journal_mode, prepare_engine
from lms.db.migrations import copy_name, copy_to, migrate, one_at_a_time, pragma, refusal, revision_of
from lms.db.settings import SECRETS, VERSION, Settings
from lms.people.cards import card_hash, card_token

DATABASE = "sinau.db"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 2**20
SIDE_FILES = ("-wal", "-shm", "-journal")

POSTGRES_BACKUP = (
    "Basis data ini PostgreSQL. Cadangkan dengan: pg_dump --format=custom --file=sinau.dump ALAMAT_BASIS_DATA"
)
POSTGRES_RESTORE = (
    "Basis data ini PostgreSQL. Pulihkan dengan: pg_restore --clean --if-exists --dbname=ALAMAT_BASIS_DATA sinau.dump"
)
NO_BACKUP = "bukan cadangan Sinau PSM. Pilih berkas yang dibuat dengan: lms backup"
BROKEN = "rusak: isinya tidak sama dengan yang dicadangkan. Pakai cadangan lain."


class BackupError(Exception):
    """Nothing was changed; the text says why, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `counts` is table -> rows, `made_at` is ISO text in UTC."""

    version: str
    made_at: str
    revision: str
    sha256: str
    size: int
    counts: dict[str, int]


Restored = tuple[Manifest, Path | None, list[str]]
"""What was put in place, where the database before it was kept, and the keys that are other ones."""


def back_up(engine: Engine, file: Path, now: datetime) -> Manifest:
    """Write the whole database into one new file, mode 0600; a site that runs goes on running."""
    if engine.dialect.name != "sqlite":
        raise BackupError(POSTGRES_BACKUP)
    if file.exists():
        raise BackupError(f"{file} sudah ada. Pilih nama lain; cadangan lama tidak pernah ditimpa.")
    try:
        with _beside(file) as folder:
            copy = copy_to(engine, folder / DATABASE)
            manifest = _describe(copy, now)
            packed = folder / "packed"
            with _private(packed).open("wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
                archive.write(copy, DATABASE)
            _put(packed, file)
    except OSError as error:
        raise BackupError(f"{file} tidak dapat ditulis: {error.strerror}.") from error
    return manifest


def _put(packed: Path, file: Path) -> None:
    """Give the finished backup its name in one step; a memory stick knows no links and gets a copy instead."""
    try:
        os.link(packed, file)
    except FileExistsError:
        raise
    except OSError:
        with packed.open("rb") as source, file.open("xb") as target:
            shutil.copyfileobj(source, target)


def _describe(copy: Path, now: datetime) -> Manifest:
    with _opened(copy) as engine:
        counts, revision = _counts(engine), revision_of(engine)
    if revision is None:
        raise BackupError("Basis data ini belum disiapkan. Jalankan dulu: lms init")
    return Manifest(VERSION, now.isoformat(timespec="seconds"), revision, _digest(copy), copy.stat().st_size, counts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(file: Path, settings: Settings, *, replace: bool) -> Restored:
    """Check a backup in every way, bring it up to date, then put it in place in one step.

    With `replace` a database that is there already is kept as a copy; without it that is refused.
    """
    if settings.database_url:
        raise BackupError(POSTGRES_RESTORE)
    target = settings.data / DATABASE
    try:
        with one_at_a_time(settings.data):
            if target.exists() and not replace:
                already = f"{target} sudah ada. Untuk menggantinya (yang lama disimpan sebagai salinan): --timpa"
                raise BackupError(already)
            return _put_in_place(file, target, settings)
    except OSError as error:
        raise BackupError(f"Pemulihan tidak selesai: {error.strerror}. Basis data yang lama tidak berubah.") from error


def _put_in_place(file: Path, target: Path, settings: Settings) -> Restored:
    with _beside(target) as folder:
        manifest = _manifest(file)
        fresh = _unpacked(file, manifest, folder)
        _check(fresh, manifest, file)
        unfit = _bring_up_to_date(fresh, settings)
        copy = _set_aside(target, settings.data) if target.exists() else None
        fresh.replace(target)
    return manifest, copy, unfit


def _manifest(file: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise ValueError
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        if [type(value) for value in astuple(manifest)] != [str, str, str, str, int, dict]:
            raise TypeError
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise BackupError(f"{file} {NO_BACKUP}") from error
    return manifest


def _unpacked(file: Path, manifest: Manifest, folder: Path) -> Path:
    """The database of a backup as a file in `folder`, exactly as long and with the hash that the manifest says."""
    fresh = folder / DATABASE
    try:
        with zipfile.ZipFile(file) as archive, archive.open(DATABASE) as packed, _private(fresh).open("wb") as unpacked:
            if archive.getinfo(DATABASE).file_size == manifest.size:  # No more than this ever comes out of it.
                shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        raise BackupError(f"{file} {BROKEN}") from error
    if _digest(fresh) != manifest.sha256:
        raise BackupError(f"{file} {BROKEN}")
    return fresh


def _check(fresh: Path, manifest: Manifest, file: Path) -> None:
    """The database itself is whole, has the rows that the manifest says, and is of a version this program knows."""
    try:
        with _opened(fresh) as engine:
            revision, counts, sound = revision_of(engine), _counts(engine), _is_sound(engine)
    except DatabaseError as error:
        raise BackupError(f"{file} {BROKEN}") from error
    if not sound or counts != manifest.counts or revision != manifest.revision:
        raise BackupError(f"{file} {BROKEN}")
    if why := refusal(manifest.revision):
        raise BackupError(f"{file} dibuat oleh Sinau PSM {manifest.version}. {why}")


def _is_sound(engine: Engine) -> bool:
    with engine.connect() as connection:
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        return whole and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


def _counts(engine: Engine) -> dict[str, int]:
    quoted = engine.dialect.identifier_preparer.quote_identifier
    with engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        ).scalars()
        return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(name)}").scalar_one() for name in names}


def _bring_up_to_date(fresh: Path, settings: Settings) -> list[str]:
    """Migrate, set the journal as `lms init` would, and say which keys are not the ones of this database."""
    with _opened(fresh) as engine:
        migrate(engine, settings.data)
        _set_journal(engine, journal_mode())
        return _unfit_keys(engine, settings)


def _unfit_keys(engine: Engine, settings: Settings) -> list[str]:
    with engine.connect() as connection:
        card = connection.exec_driver_sql(
            "SELECT id, card_serial, card_hash FROM person WHERE card_hash IS NOT NULL LIMIT 1"
        ).first()
        signing = set(connection.exec_driver_sql("SELECT id FROM signing_key").scalars())
    unfit = []
    if card and card_hash(card_token(settings.card_key, card[0], card[1])) != card[2]:
        unfit.append("CARD_KEY")
    if signing and key_id(public_key(settings.signing_key)) not in signing:
        unfit.append("SIGNING_KEY")
    return unfit


def _set_aside(target: Path, data: Path) -> Path:
    """Keep the present database among the copies; it stays in its place until the new one takes it."""
    copy = copy_name(data, "sebelum-pemulihan")
    sides = [target.with_name(target.name + ending) for ending in SIDE_FILES]
    kept = {side: copy.with_name(side.name.replace(target.name, copy.name)) for side in sides if side.exists()}
    for side, other in kept.items():
        os.link(side, other)
    try:
        with _opened(target) as engine:
            # Leaving WAL needs the file for itself, and takes everything of the side files into it.
            _set_journal(engine, "DELETE")
    except DatabaseError as error:
        if "locked" in str(error):
            _remove(kept.values())
            raise BackupError("Situs masih berjalan dengan basis data ini. Hentikan dulu, lalu ulangi.") from error
        _remove(sides)  # Too broken to be opened: what lay beside it is kept with it.
    else:
        _remove(kept.values())
    os.link(target, copy)
    copy.chmod(0o600)
    return copy


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url, 1))
    prepare_engine(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _set_journal(engine: Engine, mode: str) -> None:
    with engine.connect() as connection:
        try:
            pragma(connection.connection, "busy_timeout=500")
            pragma(connection.connection, f"journal_mode={mode}")
        except Exception as error:
            raise DatabaseError(mode, None, error) from error


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A private folder on the same disk as `file`, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".cadangan-", dir=file.absolute().parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private(path: Path) -> Path:
    """The path, made as an empty file that only its owner reads."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def where_keys_are(settings: Settings) -> list[str]:
    """One line a key: the file it lies in, or the setting it comes from."""
    found = []
    for name in SECRETS:
        file = settings.data / f"{name}.key"
        place = str(file) if file.exists() else "di pengaturan (lingkungan atau .env)"
        found.append(f"{name.upper()}: {place}")
    return found

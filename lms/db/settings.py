"""Typed settings from the environment or a `.env` file; a bad or missing one stops the start with all faults said."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

VERSION = "0.2.0"
"""What `lms --version` and the foot of each page tell; pyproject.toml says the same."""

ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """The settings can't be used; `faults` says in Indonesian, one line each, what to mend."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _setting(name: str, default: Any, help: str, *, secret: bool = False, most: int = 0) -> Any:
    told = {"name": name, "help": help, "secret": secret, "most": most}
    return field(default=default, repr=not secret, metadata=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the environment decides. Secrets are raw bytes; paths are absolute."""

    data: Path = _setting("LMS_DATA", ROOT / "data", "Folder data: basis data, kunci, salinan.")
    database_url: str = _setting("DATABASE_URL", "", "Alamat PostgreSQL; kosong berarti SQLite di folder data.")
    production: bool = _setting("LMS_PRODUCTION", False, "1 pada server sungguhan: kunci wajib diisi.")
    demo: bool = _setting("LMS_DEMO", False, "1 untuk peragaan: alamat sendiri dianggap https.")
    url: str = _setting("LMS_URL", "", "Alamat umum, misalnya https://sinau.wonogirikab.go.id; dicetak di kode QR.")
    host: str = _setting("HOST", "127.0.0.1", "Alamat tempat server mendengar.")
    port: int = _setting("PORT", 8000, "Porta tempat server mendengar.", most=65535)
    threads: int = _setting("LMS_THREADS", 4, "Jumlah permintaan yang dikerjakan bersamaan.", most=64)
    trusted_proxy: int = _setting("LMS_TRUSTED_PROXY", 0, "Banyaknya proxy tepercaya di depan (nginx: 1).")
    card_days: int = _setting("LMS_CARD_DAYS", 395, "Berapa hari sebuah kartu berlaku, paling lama 395.", most=395)
    secret_key: bytes = _setting("SECRET_KEY", b"", "Kunci sesi, 32 bita base64.", secret=True)
    card_key: bytes = _setting("CARD_KEY", b"", "Kunci kartu peserta, 32 bita base64.", secret=True)
    signing_key: bytes = _setting("SIGNING_KEY", b"", "Kunci tanda tangan sertifikat, 32 bita base64.", secret=True)

    @property
    def public_url(self) -> str:
        """The address people use, without a slash at the end."""
        return self.url or f"http://{self.host}:{self.port}"

    @property
    def is_https(self) -> bool:
        """True when certificates may count their address as https (a demonstration counts as such)."""
        return self.demo or self.public_url.startswith("https://")

    @property
    def sqlalchemy_url(self) -> str:
        """The database address as SQLAlchemy wants it."""
        return self.database_url or f"sqlite:///{self.data / 'sinau.db'}"


SECRETS = tuple(entry.name for entry in fields(Settings) if entry.metadata["secret"])


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment over `.env`; outside production missing secrets are made and kept, mode 0600.

    Raises SettingsError with every fault at once.
    """
    if environ is None:
        environ = {**{k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}, **os.environ}
    faults: list[str] = []
    values = {
        entry.name: _read(entry.metadata["name"], environ[entry.metadata["name"]], entry.default, faults)
        for entry in fields(Settings)
        if environ.get(entry.metadata["name"], "").strip()
    }
    faults += _faults(values)
    if faults:
        raise SettingsError(faults)
    settings = Settings(**values)
    try:
        kept: dict[str, Any] = {
            name: _kept_secret(settings.data / f"{name}.key") for name in SECRETS if not getattr(settings, name)
        }
    except OSError as error:
        fault = f"LMS_DATA: folder {settings.data} tidak dapat dipakai ({error.strerror})."
        raise SettingsError([fault]) from error
    return replace(settings, **kept)


def _read(name: str, text: str, default: Any, faults: list[str]) -> Any:
    text = text.strip()
    if isinstance(default, bool):
        if text.lower() not in ("0", "1"):
            faults.append(f"{name}: tulis 1 atau 0, bukan “{text}”.")
        return text == "1"
    if isinstance(default, int):
        if not text.isascii() or not text.isdigit() or len(text) > 5:
            faults.append(f"{name}: tulis bilangan bulat, bukan “{text}”.")
            return default
        return int(text)
    if isinstance(default, bytes):
        return _secret(name, text, faults)
    return Path(text).expanduser().absolute() if isinstance(default, Path) else text


def _secret(name: str, text: str, faults: list[str]) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != 32:
        faults.append(f"{name}: harus 32 bita base64. Buat dengan: openssl rand -base64 32")
    return value


def _faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    if values.get("production"):
        secret = "wajib diisi pada server sungguhan. Buat dengan: openssl rand -base64 32"
        faults += [f"{name.upper()}: {secret}" for name in SECRETS if not values.get(name)]
        if not str(values.get("url", "")).startswith("https://"):
            faults.append("LMS_URL: wajib diisi dengan alamat https://… pada server sungguhan.")
    url = values.get("url")
    if url and not _is_address(url):
        faults.append("LMS_URL: tulis seperti https://sinau.wonogirikab.go.id, tanpa garis miring di akhir.")
    if not _is_database(values.get("database_url", "")):
        like = "postgresql+psycopg://pengguna:sandi@localhost/sinau"
        faults.append(f"DATABASE_URL: tulis seperti {like}, atau kosongkan.")
    for entry in fields(Settings):
        most = entry.metadata["most"]
        if most and not 1 <= values.get(entry.name, 1) <= most:
            faults.append(f"{entry.metadata['name']}: tulis bilangan 1 sampai {most}.")
    return faults


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not url.endswith("/")


def _is_database(url: str) -> bool:
    """Whether it names a kind of database we work on, with a driver that is there."""
    try:
        dialect = make_url(url or "sqlite://").get_dialect()
        dialect.import_dbapi()
    except (ArgumentError, ImportError, ValueError):  # The last for a port that is no number.
        return False
    return dialect.name in ("postgresql", "sqlite")


def _kept_secret(path: Path) -> bytes:
    """The 32 bytes in `path`, made on the first call; two starts at once end with the same secret."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = _beside(path, secrets.token_bytes(32))
        try:
            with suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            fresh.unlink()
    return base64.b64decode(path.read_bytes())


def replace_kept_secret(path: Path, fresh: bytes, before: Path) -> None:
    """Put another secret into a file that this program made, and the one that was there into `before`."""
    os.link(path, before)
    _beside(path, fresh).replace(path)


def _beside(path: Path, secret: bytes) -> Path:
    """A new file in the same folder that only its owner reads, with this secret."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secret))
    return new


def settings_table() -> str:
    """The table of settings for docs/pengaturan.md."""
    rows = ["| nama | bawaan | arti |", "|---|---|---|"]
    for entry in fields(Settings):
        default = "data/" if isinstance(entry.default, Path) else entry.default
        shown = f"`{int(default) if isinstance(default, bool) else default}`" if default not in ("", b"") else "–"
        rows.append(f"| `{entry.metadata['name']}` | {shown} | {entry.metadata['help']} |")
    return "\n".join(rows) + "\n"

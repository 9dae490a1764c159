"""The site's own files: read once at start, compressed once, under addresses that change with their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

bp = Blueprint("assets", __name__)

COMPRESSIBLE = (".css", ".js", ".svg", ".json", ".txt")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its compressed form, which is empty where compressing does not help."""

    data: bytes
    packed: bytes
    mimetype: str
    version: str


class Assets:
    """Every file below a folder by its relative name."""

    def __init__(self, folder: Path) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*")) if path.is_file()
        }
        # Modules import each other by plain names, so one version covers all of them.
        everything = "".join(asset.version for asset in self._assets.values())
        self.version = hashlib.sha256(everything.encode()).hexdigest()[:10]

    def get(self, name: str) -> Asset | None:
        """The file under this name."""
        return self._assets.get(name)

    def url(self, name: str) -> str:
        """Its address, good for ever; KeyError for a name that is not there."""
        self._assets[name]
        return f"/static/{self.version}/{name}"


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    packed = _pack(data) if path.suffix in COMPRESSIBLE else b""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(data, packed if len(packed) < len(data) else b"", kind, hashlib.sha256(data).hexdigest()[:10])


@cache  # A process may hold several apps over the same files.
def _pack(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def init_assets(app: Flask, folder: Path) -> None:
    """Read the folder and let templates name its files by `asset(name)`."""
    assets = Assets(folder)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.register_blueprint(bp)


@bp.get("/static/<version>/<path:name>")
def serve(version: str, name: str) -> Response:
    """A file of the site; an old version gets the present content, but is not kept for ever."""
    assets: Assets = current_app.extensions["assets"]
    found = assets.get(name) or abort(404)
    packed = bool(found.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if packed else found.data, mimetype=found.mimetype)
    if found.packed:
        response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    fresh = version == assets.version
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return response

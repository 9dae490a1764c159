"""Files of a course as they leave the server: of a kind that is known, and able to do nothing."""

from flask import Response

PICTURE_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
TEXT_TYPES = dict.fromkeys(("md", "toml"), "text/plain; charset=utf-8")
POWERLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def media(path: str, data: bytes, types: dict[str, str] = PICTURE_TYPES) -> Response | None:
    """The file at a course path as an answer, None for a kind that is none of these."""
    kind = types.get(path.rpartition(".")[2].lower())
    return Response(data, content_type=kind, headers={"Content-Security-Policy": POWERLESS}) if kind else None

"""What a picture file says of itself, without drawing it."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels; None for anything but a whole PNG, whose every chunk has the checksum it names.

    Structure after the PNG specification (ISO/IEC 15948), sections 5.3 and 11.2.2.
    """
    if not data.startswith(_SIGNATURE):
        return None
    at, size, kind = len(_SIGNATURE), None, b""
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 8 + length
        if end + 4 > len(data) or struct.unpack_from(">I", data, end)[0] != zlib.crc32(data[at + 4 : end]):
            return None
        if size is None:
            if kind != b"IHDR" or length != 13:
                return None
            size = struct.unpack_from(">II", data, at + 8)
        at = end + 4
        if kind == b"IEND":
            break
    return size if kind == b"IEND" and size and all(size) else None

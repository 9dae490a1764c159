"""A page that many read alike, but for a form token: rendered and compressed once, joined for each reader."""

import struct
import zlib
from collections.abc import Callable, Hashable, Sequence

from flask import Response, g, request, session
from flask_wtf.csrf import generate_csrf

from lms.course.load import cached

# RFC 1952: no name, no time, no system. What follows are RFC 1951 blocks; the last one is empty.
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_BLOCK = b"\x03\x00"


class SharedPage:
    """HTML cut where a reader's own words stood; `places[n]` says which of them stands after piece n."""

    def __init__(self, html: str, own: Sequence[str]) -> None:
        pieces, self.places = [html], list[int]()
        for place, word in enumerate(own):
            if word not in html:
                raise ValueError("a reader's own word is not in the page that is to be cut there")
            for number in range(len(pieces) - 1, -1, -1):
                parts = pieces[number].split(word)
                pieces[number : number + 1] = parts
                self.places[number:number] = [place] * (len(parts) - 1)
        self.pieces = [piece.encode() for piece in pieces]
        self.packed = [_pack(piece) for piece in self.pieces]

    @property
    def weight(self) -> int:
        """Bytes it takes to keep."""
        return sum(map(len, self.pieces)) + sum(map(len, self.packed))

    def plain(self, own: Sequence[bytes]) -> bytes:
        """The page of a reader with these words of their own."""
        words = [*(own[place] for place in self.places), b""]
        return b"".join([part for pair in zip(self.pieces, words, strict=True) for part in pair])

    def gzipped(self, own: Sequence[bytes]) -> bytes:
        """The same as one gzip stream: kept pieces, and between them the reader's words as stored blocks."""
        blocks = [_stored(own[place]) for place in self.places]
        body = b"".join([part for pair in zip(self.packed, [*blocks, LAST_BLOCK], strict=True) for part in pair])
        plain = self.plain(own)
        return GZIP_HEAD + body + struct.pack("<II", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)


def _pack(piece: bytes) -> bytes:
    """Deflate blocks that end on a byte and refer to nothing outside the piece, so that others may follow."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(word: bytes) -> bytes:
    return struct.pack("<BHH", 0, len(word), len(word) ^ 0xFFFF) + word


def form_token() -> str:
    """This session's form token. It never runs out, so it is signed once and not anew for every page."""
    secret = session.get("csrf_token")
    if secret is None:
        return str(generate_csrf())
    token = cached(("token", secret), lambda: (str(generate_csrf()), 300))
    # A template that asks Flask-WTF gets the very same one: the page is cut where it stands.
    g.csrf_token = token
    return token


def shared_page(key: tuple[Hashable, ...], own: Sequence[str], render: Callable[[], str]) -> Response:
    """The page under `key` for a reader whose own words are `own`; it must hold nothing else that is one reader's.

    The words must be unlike anything else in the page: random tokens, none empty, below 64 KB.
    """

    def make() -> tuple[SharedPage, int]:
        page = SharedPage(render(), own)
        return page, page.weight

    page = cached(("page", *key), make)
    words = [word.encode() for word in own]
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(page.plain(words))
    return Response(page.gzipped(words), headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})

"""An SVG as a lesson may show it: written anew without anything that acts, fetches or tells of its maker.

What browsers get is what was read here, so no parser can see another drawing in it than this one did.
"""

import re
from html import escape
from xml.parsers import expat

from lms.course.pictures import Picture, PictureRefused

LARGEST = 200 * 1024
SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "style",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "pattern",
        "clipPath",
        "mask",
        "marker",
        "filter",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feConvolveMatrix",
        "feDiffuseLighting",
        "feDisplacementMap",
        "feDistantLight",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "fePointLight",
        "feSpecularLighting",
        "feSpotLight",
        "feTile",
        "feTurbulence",
    ]
)
LEFT_OUT = {"metadata"}
KEPT_NAMES = {f"{XLINK} href": "xlink:href", f"{XML} space": "xml:space", f"{XML} lang": "xml:lang"}
REMEDY = "Simpan sebagai “SVG biasa” (Plain SVG), atau unggah sebagai PNG."
FETCHES = re.compile(r"@import|\\|image-set|src\(", re.I)
ADDRESS = re.compile(r"url\(\s*[\"']?\s*(.?)", re.I | re.S)
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?", re.I)
LONGEST_SIDE = 10_000


def plain_svg(data: bytes) -> Picture:
    """The drawing without the traces of its program; raises PictureRefused for what a drawing needs not."""
    if len(data) > LARGEST:
        raise PictureRefused(
            f"Gambar SVG ini {len(data) // 1024} KB; paling besar 200 KB. Sederhanakan, atau unggah sebagai PNG."
        )
    writer = _Writer()
    try:
        writer.read(data)
    except (expat.ExpatError, ValueError, LookupError) as error:  # The latter two: an encoding that is none.
        line = getattr(error, "lineno", 1)
        words = f"SVG ini rusak di baris {line}. Buka di program gambar Anda, lalu simpan lagi."
        raise PictureRefused(words) from error
    return writer.picture()


class _Writer:
    """Takes the drawing in piece by piece and puts out what may stay."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._left_out = 0
        self._open_tag = False
        self._path: list[tuple[str, str]] = []
        self._size = (0, 0)
        self._uses: list[tuple[str, frozenset[str]]] = []
        self._css: list[str] = []

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def picture(self) -> Picture:
        inside_itself = {name for _, around in self._uses for name in around}
        _refuse_fetching("".join(self._css))
        if any(target in inside_itself for target, _ in self._uses):
            raise PictureRefused(f"SVG ini memakai ulang bagian yang memakai ulang bagian lain. {REMEDY}")
        return Picture("".join(self._pieces).encode(), "svg", *self._size)

    def _doctype(self, *_: object) -> None:
        raise PictureRefused(f"SVG ini memuat <!DOCTYPE>. Hapus barisnya, atau: {REMEDY}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._path and not self._left_out:
            if (space, local) != (SVG, "svg"):
                raise PictureRefused(f'Berkas ini bukan SVG: tidak dimulai dengan <svg xmlns="{SVG}">. {REMEDY}')
            self._size = _extent(attributes)
        if self._left_out or space != SVG or local in LEFT_OUT:
            self._left_out += 1
            return
        if local not in ELEMENTS:
            raise PictureRefused(f"SVG ini memuat <{local[:40]}>, yang tidak diperlukan sebuah gambar. {REMEDY}")
        kept = self._kept(attributes)
        first = not self._path
        self._path.append((local, attributes.get("id", "")))
        if local == "use":
            target = (kept.get("href") or kept.get("xlink:href") or "#")[1:]
            self._uses.append((target, frozenset(name for _, name in self._path if name)))
        spaces = f' xmlns="{SVG}" xmlns:xlink="{XLINK}"' if first else ""
        self._put("".join([f"<{local}{spaces}", *(f' {key}="{escape(value)}"' for key, value in kept.items())]))
        self._open_tag = True

    def _kept(self, attributes: dict[str, str]) -> dict[str, str]:
        kept = {}
        for full, value in attributes.items():
            name = KEPT_NAMES.get(full, full)
            if " " in name:
                continue  # What a drawing program notes for itself.
            if name.lower().startswith("on"):
                raise PictureRefused(f"SVG ini memuat perintah ({name[:40]}). {REMEDY}")
            if name in ("href", "xlink:href") and not value.startswith("#"):
                raise PictureRefused(f"SVG ini menunjuk ke luar berkasnya ({name}). {REMEDY}")
            _refuse_fetching(value if name == "style" or "(" in value else "")
            kept[name] = value
        return kept

    def _end(self, _name: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        local, _ = self._path.pop()
        if self._open_tag:
            self._open_tag = False
            self._pieces.append("/>")
        else:
            self._pieces.append(f"</{local}>")

    def _text(self, text: str) -> None:
        if self._left_out:
            return
        if any(local == "style" for local, _ in self._path):
            self._css.append(text)
        self._put(escape(text, quote=False))

    def _put(self, piece: str) -> None:
        if self._open_tag:
            self._open_tag = False
            self._pieces.append(">")
        self._pieces.append(piece)


def _refuse_fetching(css: str) -> None:
    if FETCHES.search(css) or any(first != "#" for first in ADDRESS.findall(css)):
        raise PictureRefused(f"SVG ini mengambil sesuatu dari luar berkasnya (url atau @import). {REMEDY}")


def _extent(attributes: dict[str, str]) -> tuple[int, int]:
    """Width and height from the viewBox, else from the attributes of that name."""
    found = NUMBER.findall(attributes.get("viewBox", ""))[2:4] or [
        number for name in ("width", "height") for number in NUMBER.findall(attributes.get(name, ""))[:1]
    ]
    sides = [round(min(float(side), LONGEST_SIDE)) for side in found]
    if len(sides) != 2 or min(sides) < 1:
        raise PictureRefused('SVG ini tidak menyebut ukurannya. Tambahkan viewBox="0 0 lebar tinggi" pada <svg>.')
    return sides[0], sides[1]

"""A photograph or drawing made anew, small and without anything it knew of its making. Runs in a child process only.

Nothing of the file that came in is kept but its pixels, turned upright and as sRGB: no EXIF with the place it was
taken at, no XMP, no comment, no profile. Formats are those of any old browser: JPEG and PNG.
"""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from lxml import etree
from PIL import Image, ImageChops, ImageCms, ImageOps

from lms.course.pictures import BROKEN, Picture, PictureRefused, is_drawing, packed

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_MILLIONS, MOST_MILLIONS_OF_WEBP = 40, 30
"""Of pixels; the reader of WebP keeps four copies of them."""
WIDEST = 1280
TARGET = 100 * 1024
SIDES = (WIDEST, 1024, 800)
QUALITIES = (82, 74, 66, 58)
FLAT_SHARE = 0.6
END_OF_PNG = b"\0\0\0\0IEND\xaeB`\x82"
Image.MAX_IMAGE_PIXELS = None  # The bounds are those above, asked before any pixel is read.


def for_lesson(data: bytes) -> bytes:
    """The packed picture as a lesson shows it, at most 1280 pixels wide or high, or why there is none."""
    return answer(_for_lesson, data)


def answer(make: Callable[[bytes], Picture], data: bytes) -> bytes:
    """Make a picture of the bytes and pack it, or the reason why there is none."""
    try:
        return packed(make(data))
    except PictureRefused as refused:
        return packed(str(refused))
    except MemoryError:
        raise
    except Exception:  # Of a broken file Pillow raises nearly anything.
        return packed(BROKEN)


def _for_lesson(data: bytes) -> Picture:
    if is_drawing(data):
        return plain_svg(data)
    image = opened(data, WIDEST)
    see_through = image.mode == "RGBA"
    if see_through or _is_flat(image):
        drawn = saved_png(few_colours(image))
        if len(drawn.data) <= TARGET:
            return drawn
        return min(drawn, _jpeg(_on_white(image)), key=lambda picture: len(picture.data))
    return _jpeg(image)


def opened(data: bytes, widest: int) -> Image.Image:
    """The first frame as L, RGB or, where one sees through it, RGBA: shrunk, upright, in sRGB, and bare."""
    image: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
    most = MOST_MILLIONS_OF_WEBP if image.format == "WEBP" else MOST_MILLIONS
    if image.width * image.height > most * 1_000_000:
        size = f"{image.width} × {image.height} titik"
        raise PictureRefused(f"Gambar ini {size}; paling banyak {most} juta titik. Kecilkan dulu, lalu unggah.")
    if not image.width or not image.height or (image.format == "PNG" and not _is_whole_png(data)):
        raise PictureRefused(BROKEN)
    profile = image.info.get("icc_profile")
    image = _even(image)
    image.thumbnail((widest, widest), Image.Resampling.LANCZOS)
    image = _as_srgb(_upright(image), profile)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image


def _is_whole_png(data: bytes) -> bool:
    """Tell whether its end is there; raises when a part has another checksum than it names, which reading overlooks."""
    Image.open(BytesIO(data), formats=("PNG",)).verify()
    return END_OF_PNG in data


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # A broken EXIF makes no broken picture.
        return image


def _even(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be shrunk smoothly; a photograph is not even read yet."""
    if image.mode in ("P", "PA", "LA") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # Sixteen bits of grey.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "L":
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # A profile of another kind of picture, or none at all.
            converted = None
        colours = converted or colours
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _is_flat(image: Image.Image) -> bool:
    """Tell whether most points are of exactly the colour of the point beside them, as in no photograph."""
    beside = ImageChops.difference(image, ImageChops.offset(image, 1, 0))
    bands = beside.split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.histogram()[0] >= FLAT_SHARE * image.width * image.height


def few_colours(image: Image.Image) -> Image.Image:
    """At most 256 of them."""
    if image.mode == "L":
        return image
    method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
    return image.quantize(256, method=method, dither=Image.Dither.NONE)


def saved_png(image: Image.Image) -> Picture:
    """The picture as PNG."""
    return _saved(image, "png", format="PNG", optimize=True)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _jpeg(image: Image.Image) -> Picture:
    """Save it as well as fits into the target: first less exact, then smaller; the last try stays."""
    image = image.copy()
    for side in SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            made = _saved(image, "jpg", format="JPEG", quality=quality, optimize=True, progressive=True)
            if len(made.data) <= TARGET:
                return made
    return made


def _saved(image: Image.Image, kind: str, **how: Any) -> Picture:
    target = BytesIO()
    image.save(target, **how)
    return Picture(target.getvalue(), kind, image.width, image.height)


LARGEST = 200 * 1024
SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
ELEMENTS = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "style", "path", "rect", "circle", "ellipse", "line"),
        *("polyline", "polygon", "text", "tspan", "textPath", "linearGradient", "radialGradient", "stop", "pattern"),
        *("clipPath", "mask", "marker", "filter", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite"),
        *("feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood"),
        *("feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology"),
        *("feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence"),
    }
)
KEPT_NAMES = {f"{{{XLINK}}}href", f"{{{XML}}}space", f"{{{XML}}}lang"}
HREFS = ("href", f"{{{XLINK}}}href")
REMEDY = "Simpan sebagai “SVG biasa” (Plain SVG), atau unggah sebagai PNG."
FETCHES = re.compile(r"@import|\\|image-set|src\(", re.I)
ADDRESS = re.compile(r"url\(\s*[\"']?\s*(.?)", re.I | re.S)
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?", re.I)
LONGEST_SIDE = 10_000


def plain_svg(data: bytes) -> Picture:
    """The drawing without the traces of its program; raises PictureRefused for what a drawing needs not."""
    if len(data) > LARGEST:
        size = f"Gambar SVG ini {len(data) // 1024} KB; paling besar 200 KB."
        raise PictureRefused(f"{size} Sederhanakan, atau unggah sebagai PNG.")
    root = _read(data)
    if root.tag != f"{{{SVG}}}svg":
        raise PictureRefused(f'Berkas ini bukan SVG: tidak dimulai dengan <svg xmlns="{SVG}">. {REMEDY}')
    extent = _extent(root.attrib)
    of_programs = {each.tag for each in root.iter() if not each.tag.startswith(f"{{{SVG}}}")}
    etree.strip_elements(root, f"{{{SVG}}}metadata", *of_programs, with_tail=False)
    for element in root.iter():
        _check(element)
    _refuse_fetching("".join(text for style in root.iter(f"{{{SVG}}}style") for text in style.itertext()))
    _refuse_nested_uses(root)
    etree.cleanup_namespaces(root)
    return Picture(etree.tostring(root, encoding="utf-8"), "svg", *extent)


def _read(data: bytes) -> Any:
    """The root of the drawing, without comments and instructions; no entity is resolved and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:  # The latter two: an encoding that is none.
        line = getattr(error, "lineno", 1)
        words = f"SVG ini rusak di baris {line}. Buka di program gambar Anda, lalu simpan lagi."
        raise PictureRefused(words) from error
    if root.getroottree().docinfo.doctype:
        raise PictureRefused(f"SVG ini memuat <!DOCTYPE>. Hapus barisnya, atau: {REMEDY}")
    return root


def _check(element: Any) -> None:
    """Raise for what no drawing needs, and take away the attributes that a program keeps for itself."""
    local = etree.QName(element).localname
    if local not in ELEMENTS:
        raise PictureRefused(f"SVG ini memuat <{local[:40]}>, yang tidak diperlukan sebuah gambar. {REMEDY}")
    for name, value in element.attrib.items():
        if name.startswith("{") and name not in KEPT_NAMES:
            del element.attrib[name]
            continue
        if name.lower().startswith("on"):
            raise PictureRefused(f"SVG ini memuat perintah ({name[:40]}). {REMEDY}")
        if name in HREFS and not value.startswith("#"):
            raise PictureRefused(f"SVG ini menunjuk ke luar berkasnya (href). {REMEDY}")
        _refuse_fetching(value if name == "style" or "(" in value else "")


def _refuse_nested_uses(root: Any) -> None:
    """What is used again may not use anything again: a few lines would draw a thousand million."""
    use = f"{{{SVG}}}use"
    used = {(each.get("href") or each.get(f"{{{XLINK}}}href") or "#")[1:] for each in root.iter(use)} - {""}
    if any(each.get("id") in used and next(each.iter(use), None) is not None for each in root.iter()):
        raise PictureRefused(f"SVG ini memakai ulang bagian yang memakai ulang bagian lain. {REMEDY}")


def _refuse_fetching(css: str) -> None:
    if FETCHES.search(css) or any(first != "#" for first in ADDRESS.findall(css)):
        raise PictureRefused(f"SVG ini mengambil sesuatu dari luar berkasnya (url atau @import). {REMEDY}")


def _extent(attributes: Mapping[str, str]) -> tuple[int, int]:
    """Width and height from the viewBox, else from the attributes of that name."""
    found = NUMBER.findall(attributes.get("viewBox", ""))[2:4] or [
        number for name in ("width", "height") for number in NUMBER.findall(attributes.get(name, ""))[:1]
    ]
    sides = [round(min(float(side), LONGEST_SIDE)) for side in found]
    if len(sides) != 2 or min(sides) < 1:
        raise PictureRefused('SVG ini tidak menyebut ukurannya. Tambahkan viewBox="0 0 lebar tinggi" pada <svg>.')
    return sides[0], sides[1]

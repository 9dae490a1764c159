"""Nothing of a photograph is kept but its pixels; what is broken is refused in words."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageOps, ImageStat, PngImagePlugin

from lms.course.pictures import BROKEN, Picture, PictureRefused, unpacked
from lms.course.redraw import TARGET, WIDEST, for_lesson
from lms.people.emblem import SIDES, for_emblem
from tests.people.pictures import png

GPS = {1: "S", 2: (7.0, 48.0, 50.0), 3: "E", 4: (110.0, 55.0, 30.0)}


def photo(width: int = 300, height: int = 200) -> Image.Image:
    """Soft spots with grain, as a camera sees them."""
    bands = [Image.effect_noise((16, 12), 120).resize((width, height), Image.Resampling.BICUBIC) for _ in range(3)]
    grain = Image.effect_noise((width, height), 24).filter(ImageFilter.GaussianBlur(0.7))
    return Image.merge("RGB", [Image.blend(band, grain, 0.2) for band in bands])


def drawing(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height), "white" if mode == "RGB" else (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.rectangle((10, 10, width // 2, height // 2), fill=(14, 90, 67))
    pen.ellipse((width // 2, height // 2, width - 10, height - 10), fill=(154, 27, 27))
    return image


def written(image: Image.Image, kind: str, **how: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **how)
    return target.getvalue()


def talkative_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x8298] = "RAHASIA-MEREK", orientation, "RAHASIA-NAMA"
    exif.get_ifd(0x8825).update(GPS)
    return exif


def talkative(kind: str) -> bytes:
    """A photograph that tells everything a file of its kind can."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    how: dict[str, Any] = {"exif": talkative_exif(), "icc_profile": profile}
    if kind == "JPEG":
        how |= {"comment": b"RAHASIA-KATA", "xmp": b"<x:xmpmeta>RAHASIA-XMP</x:xmpmeta>"}
    if kind == "WEBP":
        how |= {"xmp": b"<x:xmpmeta>RAHASIA-XMP</x:xmpmeta>"}
    if kind == "PNG":
        how["pnginfo"] = PngImagePlugin.PngInfo()
        how["pnginfo"].add_text("Author", "RAHASIA-NAMA")
        how["pnginfo"].add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>RAHASIA-XMP</x:xmpmeta>")
    return written(photo(), kind, **how)


def opened(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.data))
    image.load()
    assert image.size == (picture.width, picture.height)
    assert (image.format or "").lower() == {"jpg": "jpeg"}.get(picture.kind, picture.kind)
    return image


def told(data: bytes) -> list[str]:
    """What a picture tells beside its pixels."""
    image = Image.open(BytesIO(data))
    image.load()
    gps = image.getexif().get_ifd(0x8825)
    marks = [
        mark
        for mark in ("RAHASIA", "Exif", "adobe", "XMP ", "ICC_PROFILE", "iCCP", "eXIf", "tEXt")
        if mark.encode() in data
    ]
    return [
        *marks,
        *map(str, image.getexif()),
        *map(str, gps),
        *set(image.info) & {"exif", "xmp", "comment", "icc_profile"},
    ]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_told_of_place_maker_or_camera(kind: str) -> None:
    assert len(told(talkative(kind))) > 5  # The picture that goes in tells much indeed.
    for made in (for_lesson(talkative(kind)), for_emblem(talkative(kind))):
        assert told(unpacked(made).data) == []


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright(kind: str, orientation: int) -> None:
    data = written(drawing(60, 40), kind, exif=talkative_exif(orientation))
    expected = ImageOps.exif_transpose(Image.open(BytesIO(data))).convert("RGB")
    made = opened(unpacked(for_lesson(data))).convert("RGB")
    assert made.size == expected.size
    corners = [(x, y) for x in (1, made.width // 4, made.width - 2) for y in (1, made.height // 4, made.height - 2)]
    for corner in corners:
        pairs = zip(made.getpixel(corner), expected.getpixel(corner), strict=True)  # type: ignore[arg-type] # RGB has three.
        assert all(abs(one - other) < 40 for one, other in pairs), corner


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_exif_spoils_no_picture() -> None:
    data = written(photo(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\x01\x12")
    assert unpacked(for_lesson(data)).width == 300


@pytest.mark.parametrize(
    ("size", "expected"),
    [((2600, 1300), (1280, 640)), ((900, 2560), (450, 1280)), ((120, 80), (120, 80)), ((5000, 1), (1280, 1))],
)
def test_a_picture_is_shrunk_and_never_enlarged(size: tuple[int, int], expected: tuple[int, int]) -> None:
    made = unpacked(for_lesson(written(drawing(*size) if min(size) > 20 else Image.new("RGB", size), "PNG")))
    assert (made.width, made.height) == expected
    assert max(expected) <= WIDEST


def test_a_photograph_becomes_a_light_jpeg() -> None:
    heavy = written(photo(3000, 2000), "JPEG", quality=97)
    made = unpacked(for_lesson(heavy))
    assert (made.kind, len(made.data) <= TARGET, made.width >= 800) == ("jpg", True, True)
    assert len(heavy) > 5 * TARGET
    assert opened(made).mode == "RGB"


@pytest.mark.walk
def test_a_picture_of_noise_comes_out_as_small_as_may_be() -> None:
    made = unpacked(for_lesson(written(Image.effect_noise((1600, 1200), 250).convert("RGB"), "JPEG", quality=95)))
    assert (made.kind, made.width) == ("jpg", 800)


def test_a_drawing_becomes_a_png_with_its_very_colours() -> None:
    drawn = drawing()
    made = opened(unpacked(for_lesson(written(drawn, "WEBP", lossless=True))))
    assert made.format == "PNG"
    assert made.mode == "P"
    assert made.convert("RGB").tobytes() == drawn.tobytes()


def test_what_one_sees_through_stays_so() -> None:
    made = opened(unpacked(for_lesson(written(drawing(mode="RGBA"), "PNG")))).convert("RGBA")
    assert made.getpixel((1, 1))[3] == 0  # type: ignore[index] # RGBA has four.
    assert made.getpixel((20, 20)) == (14, 90, 67, 255)


def test_a_photograph_one_sees_through_nowhere_becomes_a_jpeg() -> None:
    assert unpacked(for_lesson(written(photo().convert("RGBA"), "PNG"))).kind == "jpg"


@pytest.mark.walk
def test_a_heavy_cut_out_is_laid_on_white() -> None:
    cut_out = photo(1280, 960)
    cut_out.putalpha(Image.effect_noise((1280, 960), 60))
    made = unpacked(for_lesson(written(cut_out, "PNG")))
    assert (made.kind, opened(made).mode) == ("jpg", "RGB")


def test_of_what_moves_the_first_picture_stays() -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    data = written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    made = opened(unpacked(for_lesson(data)))
    assert (made.convert("RGB").getpixel((5, 5)), getattr(made, "n_frames", 1)) == ((255, 0, 0), 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_colours_is_read(mode: str) -> None:
    grey = Image.new("L", (64, 48), 128)
    image = Image.new("I;16", (64, 48), 128 * 256) if mode == "I;16" else grey.convert("RGB").convert(mode)
    made = opened(unpacked(for_lesson(written(image, "JPEG" if mode == "CMYK" else "PNG")))).convert("L")
    mean = ImageStat.Stat(made).mean[0]
    assert abs(mean - 128) < (40 if mode == "1" else 6)


def test_colours_of_a_profile_are_those_it_means() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
    data = written(Image.new("RGB", (40, 40), "red"), "PNG", icc_profile=swapped)
    red, green, _ = opened(unpacked(for_lesson(data))).convert("RGB").getpixel((9, 9))  # type: ignore[misc] # RGB.
    assert green > 200 > 60 > red


def test_a_profile_that_is_none_changes_nothing() -> None:
    data = written(drawing(), "PNG", icc_profile=b"bukan profil")
    assert opened(unpacked(for_lesson(data))).convert("RGB").tobytes() == drawing().tobytes()


def reason(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        unpacked(for_lesson(data))
    return str(refused.value)


def test_too_many_pixels_are_refused_before_one_is_read() -> None:
    width, height = 8_000, 6_000
    header = png(1, 1)
    told = b"IHDR" + struct.pack(">II", width, height) + header[24:29]
    data = header.replace(header[12:33], told + struct.pack(">I", zlib.crc32(told)))
    assert "8000 × 6000 titik; paling banyak 40 juta" in reason(data)


@pytest.mark.parametrize("at", range(len(png())))
def test_a_png_with_any_byte_changed_is_refused(at: int) -> None:
    data = bytearray(png())
    data[at] ^= 0x41
    assert reason(bytes(data))


@pytest.mark.parametrize("length", range(len(png())))
def test_a_png_cut_short_is_refused(length: int) -> None:
    assert reason(png()[:length])


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_a_picture_cut_in_half_is_refused(kind: str) -> None:
    data = written(photo(), kind)
    assert reason(data[: len(data) // 2]) == BROKEN


def test_a_png_without_extent_is_refused() -> None:
    assert reason(png(0, 6)) == BROKEN


@given(st.binary() | st.binary().map(lambda data: b"\x89PNG\r\n\x1a\n" + data) | st.binary().map(lambda d: b"<svg" + d))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    for made in (for_lesson(data), for_emblem(data)):
        with pytest.raises(PictureRefused):
            unpacked(made)


def test_an_emblem_is_a_png_for_print() -> None:
    made = opened(unpacked(for_emblem(written(drawing(1500, 900, "RGBA"), "PNG"))))
    assert (made.format, made.mode, max(made.size)) == ("PNG", "RGBA", SIDES[0])


@pytest.mark.walk
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_an_emblem_is_light_whatever_it_shows(mode: str) -> None:
    grain = Image.merge("RGB", [Image.effect_noise((900, 900), 200) for _ in range(3)])
    if mode == "RGBA":
        grain.putalpha(Image.effect_noise((900, 900), 200))
    made = unpacked(for_emblem(written(grain.convert(mode), "PNG")))
    assert (len(made.data) <= TARGET, made.width >= SIDES[-1]) == (True, True)
    assert opened(made).convert("RGBA").getcolors(16) is None


SHIELD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 80"><rect x="10" y="20" width="20" height="40"
fill="#0e5a43"/>{more}</svg>"""


def test_a_drawing_becomes_an_emblem_one_sees_through() -> None:
    made = opened(unpacked(for_emblem(SHIELD.format(more="").encode()))).convert("RGBA")
    assert made.size == (300, 600)
    assert (made.getpixel((150, 300)), made.getpixel((3, 3))) == ((14, 90, 67, 255), (0, 0, 0, 0))


@pytest.mark.parametrize(
    "more",
    [
        "<script>1</script>",
        '<image href="file:///etc/passwd"/>',
        '<use href="http://example.org/a.svg#b"/>',
        "<style>@import url(http://example.org/a.css)</style>",
        '<rect width="9" height="9" onload="1"/>',
        '<text y="9">PSM</text>',
        '<s:text xmlns:s="http://www.w3.org/2000/svg" y="9">PSM</s:text>',
    ],
)
def test_a_drawing_that_acts_or_fetches_is_no_emblem(more: str) -> None:
    assert "SVG" in reason_of(for_emblem(SHIELD.format(more=more).encode()))


def test_a_drawing_that_only_names_letters_is_an_emblem() -> None:
    shape = '<s:rect xmlns:s="http://www.w3.org/2000/svg" id="s:text" width="9" height="9"/>'
    assert opened(unpacked(for_emblem(SHIELD.format(more=shape).encode()))).height == SIDES[0]


def reason_of(answer: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        unpacked(answer)
    return str(refused.value)


def test_a_drawing_that_is_broken_or_endless_is_answered() -> None:
    assert "rusak" in reason_of(for_emblem(SHIELD.format(more="<rect").encode()))
    for more in ('<path d="M0 0h1e300v1e300z"/>' * 9, f'<rect width="{"9" * 400}" height="1"/>'):
        assert opened(unpacked(for_emblem(SHIELD.format(more=more).encode()))).height == SIDES[0]

"""An emblem made anew as a small PNG for print, a drawing too. Runs in a child process only."""

import re

from lms.course.pictures import Picture, PictureRefused, is_drawing
from lms.course.redraw import TARGET, answer, few_colours, opened, plain_svg, saved_png
from lms.paper.typesetting import png

SIDES = (600, 480, 400, 300)
LETTERS = (
    "SVG ini memuat tulisan, yang tidak dapat digambar tanpa hurufnya. Ubah dulu tulisannya menjadi bentuk "
    "(di Inkscape: Path, Object to Path), atau simpan sebagai PNG, lalu unggah lagi."
)
TEXT = re.compile(rb"<(?:[^<>\s/]+:)?text")
TEMPLATE = "people/lambang.typ"


def for_emblem(data: bytes) -> bytes:
    """The packed picture as a PNG of at most 600 pixels and 100 KB, or why there is none."""
    return answer(_for_emblem, data)


def _for_emblem(data: bytes) -> Picture:
    """In fewer colours and then smaller until it is light: it goes into every file of every certificate."""
    image = opened(_drawn(data) if is_drawing(data) else data, SIDES[0])
    made = saved_png(image)
    for side in SIDES:
        if len(made.data) <= TARGET:
            break
        image.thumbnail((side, side))
        made = saved_png(few_colours(image))
    return made


def _drawn(data: bytes) -> bytes:
    """The drawing as a picture: what could act or fetch is refused before any of it is set."""
    plain = plain_svg(data)
    if TEXT.search(plain.data):
        raise PictureRefused(LETTERS)
    return png(TEMPLATE, {"svg": plain.data.decode(), "wide": plain.width >= plain.height})

"""Pictures that somebody sends, made anew in a child process before anything of them is kept."""

from lms.course.pictures import BROKEN, Picture, PictureRefused, is_drawing, refuse_others, unpacked
from lms.paper.child import ChildFailed, run

SECONDS = 30
MEGABYTES, MEGABYTES_OF_TYPESETTING = 600, 2_000
TOO_HEAVY = (
    "Gambar ini terlalu besar untuk diolah. Kecilkan dulu, misalnya kirim ke WhatsApp Anda sendiri, lalu unggah."
)


def for_lesson(data: bytes) -> Picture:
    """The picture as a lesson shows it; raises PictureRefused with the reason and the remedy."""
    return _made("for_lesson", data, MEGABYTES)


def for_emblem(data: bytes) -> Picture:
    """The picture as a PNG to be printed; raises PictureRefused with the reason and the remedy."""
    return _made("for_emblem", data, MEGABYTES_OF_TYPESETTING if is_drawing(data) else MEGABYTES)


def _made(function: str, data: bytes, megabytes: int) -> Picture:
    refuse_others(data)
    try:
        return unpacked(run(function, data, seconds=SECONDS, megabytes=megabytes))
    except ChildFailed as failed:
        raise PictureRefused(BROKEN if failed.reason == "crash" else TOO_HEAVY) from failed

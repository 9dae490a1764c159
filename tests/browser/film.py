"""A phone before whose camera QR codes are held: Chromium plays a film of them for the camera."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import segno
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import CHROMIUM, FLAGS, PHONE
from tests.browser.watch import Watch

WIDE, HIGH = 640, 480
FRAMES_EACH = 10


def film_of(texts: Sequence[str], file: Path, scale: int) -> None:
    """What a camera sees that is held over one QR after another: grey levels in a YUV4MPEG2 file, over and over."""
    blank = b"\x80" * (WIDE * HIGH // 2)
    with file.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDE} H{HIGH} F5:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            symbol = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(scale=scale, border=4)]
            left, top = (WIDE - len(symbol)) // 2, (HIGH - len(symbol)) // 2
            rows = [b"\xeb" * WIDE] * top
            rows += [
                b"\xeb" * left + bytes(16 if dark else 235 for dark in row) + b"\xeb" * (WIDE - left - len(row))
                for row in symbol
            ]
            rows += [b"\xeb" * WIDE] * (HIGH - len(rows))
            film.write((b"FRAME\n" + b"".join(rows) + blank) * FRAMES_EACH)


@contextmanager
def filming(chromium: Browser, texts: Sequence[str], file: Path, scale: int = 8) -> Iterator[BrowserContext]:
    """The phone; at the end no page of it may have thrown, complained or met the policy."""
    film_of(texts, file, scale)
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*FLAGS, *flags, f"--use-file-for-fake-video-capture={file}"]
    )
    watch = Watch()
    context = browser.new_context(viewport=PHONE, locale="id-ID", permissions=["camera"])
    context.set_default_timeout(20_000)
    watch.on(context)
    yield context
    browser.close()
    assert watch.said == []

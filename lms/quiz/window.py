"""When a test of a cohort may be begun and answered, and how its trainer sets it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lms.web.dates import read_day, read_hour

State = Literal["ditahan", "dijadwalkan", "terbuka", "ditutup"]


@dataclass(frozen=True, slots=True)
class Window:
    """Held back until somebody sets `opens_at`; from `closes_at` on answers are late, without it there is no end."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """How it stands at this moment; it opens and closes by itself."""
        if self.closes_at is not None and self.closes_at <= now:
            return "ditutup"
        if self.opens_at is None:
            return "ditahan"
        return "dijadwalkan" if now < self.opens_at else "terbuka"


def state_of(window: Window | None, now: datetime) -> State:
    """A test that nobody set a window for is open."""
    return window.state(now) if window else "terbuka"


ACTS = {"tahan": "ditahan", "buka": "dibuka", "jadwal": "dijadwalkan", "tutup": "ditutup"}
"""What may be asked, and how the audit tells it."""

FARTHEST = timedelta(days=366)
_MOMENT = re.compile(r"(\S+?)[T ,]+(\d{1,2}[.:]\d{2})(?::\d{2})?", re.ASCII)


def read_window(form: Mapping[str, str], held: Window | None, now: datetime) -> Window | str:
    """The window that is asked for, or what keeps it from being set; what is so already stays as it is."""
    wanted, state = form.get("aksi"), state_of(held, now)
    if wanted == "tahan":
        return Window()
    if wanted == "buka":
        later = held.closes_at if held and state != "ditutup" else None
        return held if held and state == "terbuka" else Window(now, later)
    if wanted == "tutup":
        return held if held and state == "ditutup" else Window(held.opens_at if held else now, now)
    return _scheduled(form, held, now)


def _scheduled(form: Mapping[str, str], held: Window | None, now: datetime) -> Window | str:
    """An empty hour of opening leaves it as it is, an empty hour of closing sets none."""
    hours: list[datetime | None] = []
    for text in (form.get("buka", "").strip(), form.get("tutup", "").strip()):
        moment = moment_in(text)
        if text and (moment is None or abs(moment - now) > FARTHEST):
            return "Tulis tanggal dan jamnya, misalnya 7/12/2026 08.30, paling jauh setahun dari sekarang."
        hours.append(moment)
    opens_at, closes_at = hours[0] or (held.opens_at if held else now), hours[1]
    if opens_at is None:
        return "Isi juga kapan tes dibuka, atau tekan “Buka sekarang”."
    if closes_at is not None and closes_at <= max(opens_at, now):
        return "Jam tutup harus sesudah jam buka, dan sesudah sekarang."
    return Window(opens_at, closes_at)


def moment_in(text: str) -> datetime | None:
    """The moment that a person in Wonogiri means; None where it can't be read."""
    found = _MOMENT.fullmatch(text)
    day, hour = (read_day(found[1]), read_hour(found[2])) if found else (None, None)
    return datetime.combine(day, hour) if day and hour else None

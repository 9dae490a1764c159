"""`## Dasar hukum`: the rules a lesson rests on, and when somebody last compared it with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.course.lines import Heading, Line, heading_of, markdown_of, read_items
from lms.web.dates import MONTHS

MONTH_NAMES = [month.casefold() for month in MONTHS]
CHECKED = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]*diperiksa[ \t]*:[*_ \t]*(.*)", re.IGNORECASE)
DATE = re.compile(r"([0-9]{1,2}) ([a-z]{3,9}) ([0-9]{4})")
NUMBERS = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
BULLET = re.compile(r"([ \t]{0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)(.*)")


@dataclass(frozen=True)
class LegalBasis:
    """The rules a lesson rests on (Markdown) and when somebody last checked them."""

    rules: tuple[str, ...]
    checked: date | None
    line: int = 0


def is_legal(heading: Heading) -> bool:
    """True for the heading that opens the legal basis."""
    return heading.level == 2 and " ".join(heading.title.casefold().split()) == "dasar hukum"


def read_legal_basis(lines: Sequence[Line]) -> LegalBasis:
    """Rules are list items or paragraphs; the date may stand anywhere among them; lines[0] is the heading."""
    dates = [(line.number, match[1]) for line in lines if (match := _checked(line))]
    written = [line for line in lines if not _checked(line) and not heading_of(line)]
    at = next((at for at, line in enumerate(written) if BULLET.match(line.text)), len(written))
    listed = read_items(written[at:], BULLET)
    loose = markdown_of([*written[:at], *listed.between, *listed.rest]).split("\n\n")
    rules = [item.markdown for item in listed.items] + [text.strip() for text in loose]
    number, text = dates[0] if dates else (lines[0].number, "")
    return LegalBasis(tuple(rule for rule in rules if rule), read_date(text), number)


def _checked(line: Line) -> re.Match[str] | None:
    return None if line.code else CHECKED.match(line.text)


def read_any_date(text: str) -> date | None:
    """The date in 2026-10-12, "12 Oktober 2026", 12/10/2026 or 12-10-2026: what people type, and what browsers send."""
    match = NUMBERS.fullmatch(text.strip()[:20])
    if not match:
        return read_date(text)
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_date(text: str) -> date | None:
    """The date in "24 November 2026"."""
    match = DATE.fullmatch(" ".join(text[:60].split()).strip("*_. ").casefold())
    if not match or match[2] not in MONTH_NAMES:
        return None
    try:
        return date(int(match[3]), MONTH_NAMES.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None

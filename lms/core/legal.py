"""`## Dasar hukum`: the rules a lesson rests on, and when somebody last compared it with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.core.dates import MONTHS
from lms.core.lines import Line, markdown_of, read_items
from lms.core.notes import Notes

MONTH_NAMES = [month.casefold() for month in MONTHS]
CHECKED = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]*diperiksa[ \t]*:[*_ \t]*(.*)", re.IGNORECASE)
DATE = re.compile(r"([0-9]{1,2}) ([a-z]{3,9}) ([0-9]{4})")
BULLET = re.compile(r"([ \t]{0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)(.*)")


@dataclass(frozen=True)
class LegalBasis:
    """The rules a lesson rests on (Markdown) and when somebody last checked them."""

    rules: tuple[str, ...]
    checked: date | None


def read_legal_basis(lines: Sequence[Line], notes: Notes) -> LegalBasis:
    """Rules are list items or paragraphs; the line with the date may stand anywhere among them."""
    written = [line for line in lines if line.code or not CHECKED.match(line.text)]
    listed = read_items(written, BULLET)
    before = written[: next((at for at, line in enumerate(written) if BULLET.match(line.text)), len(written))]
    loose = listed.between + listed.rest if listed.items else []
    paragraphs = markdown_of([*before, *loose]).split("\n\n")
    rules = [item.markdown for item in listed.items] + [text.strip() for text in paragraphs]
    dates = [match for line in lines if (match := CHECKED.match(line.text)) and not line.code]
    checked = read_date(dates[0][1]) if dates else None
    if dates and not checked:
        number = next(line.number for line in lines if CHECKED.match(line.text))
        notes.warn(number, 'tanggal tidak terbaca; tulis seperti "Diperiksa: 24 November 2026"')
    return LegalBasis(tuple(rule for rule in rules if rule), checked)


def read_date(text: str) -> date | None:
    """The date in "24 November 2026"."""
    match = DATE.fullmatch(" ".join(text[:60].split()).strip("*_. ").casefold())
    if not match or match[2] not in MONTH_NAMES:
        return None
    try:
        return date(int(match[3]), MONTH_NAMES.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None

"""Questions that were written elsewhere: read into one value, written as our Markdown, put into a lesson."""

from lms.core.intake.draft import (
    LONGEST_SOURCE,
    NewQuestion,
    Option,
    Reading,
    apart,
)
from lms.core.intake.gift import read_gift
from lms.core.intake.markdown import NoPlace, as_markdown, put_into
from lms.core.intake.numbered import read_numbered
from lms.core.intake.rows import COLUMNS, KINDS, LETTERS, read_rows

__all__ = [
    "COLUMNS",
    "KINDS",
    "LETTERS",
    "LONGEST_SOURCE",
    "NewQuestion",
    "NoPlace",
    "Option",
    "Reading",
    "apart",
    "as_markdown",
    "put_into",
    "read_gift",
    "read_numbered",
    "read_rows",
]

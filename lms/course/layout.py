"""Markdown that viewers read differently because a blank line is missing."""

from collections.abc import Collection, Iterable

from lms.course.lines import FENCE, LIST_ITEM, Line, heading_of, is_rule
from lms.course.notes import Notes


def note_glued(lines: Iterable[Line], choices: Collection[int], notes: Notes) -> None:
    """Note a rule, quote or fence directly under a list item; a quote under a choice is its feedback."""
    item, was_code = 0, False
    for line in lines:
        glued = _block_start(line, was_code)
        was_code = line.code
        if glued and item and not (glued == "kutipan" and item in choices):
            text = f"{glued} menempel pada butir daftar di atasnya; beri satu baris kosong di antaranya"
            notes.galat(line.number, text)
            item = 0
        elif line.code or glued:
            item = item if glued == "kutipan" else 0
        elif not line.text.strip() or heading_of(line):
            item = 0
        elif LIST_ITEM.match(line.text.lstrip(" \t")):
            item = line.number


def _block_start(line: Line, was_code: bool) -> str | None:
    """What starts here: a fence, a rule or a quote."""
    stripped = line.text.strip(" \t")
    if line.code:
        return "blok kode" if not was_code and FENCE.match(stripped) else None
    if stripped.startswith(">"):
        return "kutipan"
    return "garis pemisah" if stripped[:1] in "-*_" and is_rule(stripped) else None


def note_open_fence(line: int | None, notes: Notes) -> None:
    """Note the fence that is opened on this line and never closed."""
    if line:
        notes.galat(line, "blok kode tidak ditutup; tulis penutup yang sama dengan pembukanya pada baris sendiri")

"""Answers as they arrive: JSON from the outbox, or a plain form of the whole sheet."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.course.drawing import Sheet
from lms.course.grading import Saved, latest
from lms.course.questions.base import Askable
from lms.quiz.actions import Entry

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
HIGHEST_COUNTER = 2**31 - 1
MOST_ENTRIES = 200
MOST_PARTS = 100


class BadAnswers(ValueError):
    """A request that does not have the form our pages send."""


def read_entries(data: Any, sheet: Sheet, questions: Mapping[str, Askable]) -> tuple[list[Entry], bool]:
    """Entries and wish to submit of `{"entries": [{"id", "number", "counter", "value": [text]}], "submit": bool}`.

    Raises BadAnswers for every other form.
    """
    rows = data.get("entries") if isinstance(data, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_ENTRIES:
        raise BadAnswers("entries")
    return [_entry(row, sheet, questions) for row in rows], data.get("submit") is True


def _entry(row: Any, sheet: Sheet, questions: Mapping[str, Askable]) -> Entry:
    match row:
        case {"id": str(client_id), "number": int(number), "counter": int(counter), "value": list(value)}:
            is_number = bool not in (type(number), type(counter)) and 1 <= number <= len(sheet.items)
            is_value = len(value) <= MOST_PARTS and all(isinstance(part, str) for part in value)
            if CLIENT_ID.fullmatch(client_id) and is_number and 1 <= counter <= HIGHEST_COUNTER and is_value:
                item = sheet.items[number - 1]
                return Entry(client_id, number, counter, questions[item.hash].clean(value, item.shown))
    raise BadAnswers("entry")


def read_sheet(
    form: MultiDict[str, str], sheet: Sheet, questions: Mapping[str, Askable], held: list[Saved]
) -> list[Entry]:
    """Return what a plain form changed against the answers that it was shown with.

    The form brings `form_id`, `counter` (the next one when it was shown), per question `q{n}` and `c{n}`, the counter
    of the answer it showed. Its ids follow from form and value, so the same form sent twice is one answer.
    """
    form_id, counter = form.get("form_id", ""), _number(form.get("counter"))
    if not CLIENT_ID.fullmatch(form_id) or counter < 1:
        raise BadAnswers("form")
    entries = []
    for number, item in enumerate(sheet.items, start=1):
        question, seen = questions[item.hash], _number(form.get(f"c{number}"))
        value = question.clean(form.getlist(f"q{number}"), item.shown)
        shown = latest(saved for saved in held if saved.number == number and saved.counter <= seen).get(number)
        if value != (shown.value if shown else question.clean([], item.shown)):
            digest = hashlib.sha256(f"{form_id}|{number}|{json.dumps(value)}".encode()).hexdigest()
            entries.append(Entry(digest[:32], number, counter, value))
    return entries


def _number(text: str | None) -> int:
    """A counter from a form; 0 for anything that is none."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if number <= HIGHEST_COUNTER else 0

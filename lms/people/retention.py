"""Letting go of what is past its time, as the labels say; what remains is how much went."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, String, Table, cast, delete, func, or_, select, tuple_, update

from lms.db.engine import db, read, writer, writing
from lms.db.labels import ERASED, TABLES, Keep
from lms.people.actions import note
from lms.people.processing import personal_columns

A_TIME = 500
"""Rows of one table in one write, so that nobody waits long for the lock."""


def past_its_time(now: datetime) -> dict[str, int]:
    """Title of a table -> rows that would go or be blanked now, where there are any."""
    found: Counter[str] = Counter()
    for table, column, keep in _clocks():
        count = select(func.count()).select_from(table).where(_is_past(table, column, keep, now))
        found[TABLES[table.name]] += read(count).scalar_one()
    return dict(+found)


def let_go(now: datetime) -> dict[str, int]:
    """Delete and blank it, in writes of their own that each leave an entry with their counts; how much in all."""
    done: Counter[str] = Counter()
    while True:
        with writing():
            counts = _some(now)
            if counts:
                said = ", ".join(f"{title} {count}" for title, count in counts.items())
                note(None, "retensi", "site", now, reason=said)
        if not counts:
            return dict(done)
        done += counts


def let_files_go(files: Sequence[Path], now: datetime) -> None:
    """Delete the files of exported rows that are past their last day, which leaves an entry."""
    for file in files:
        file.unlink()
    if files:
        with writing():
            note(None, "retensi", "site", now, reason=f"Berkas keluaran {len(files)}")


def _some(now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    for table, column, keep in _clocks():
        key = tuple_(*table.primary_key.columns)
        past = select(*table.primary_key.columns).where(_is_past(table, column, keep, now)).limit(A_TIME)
        some: Any = key.in_(past)
        change = update(table).values({column.name: _blank(column)}) if keep.blanks else delete(table)
        counts[TABLES[table.name]] += writer().execute(change.where(some)).rowcount
    return +counts


def _clocks() -> Iterator[tuple[Table, Column[Any], Keep]]:
    """Each table whose rows go, once, and each column that is blanked."""
    for name in TABLES:
        table = db.metadata.tables[name]
        seen = set()
        for column, label in personal_columns(table):
            keep = label.retention
            if keep.days is not None and (keep.blanks or keep not in seen):
                seen.add(keep)
                yield table, column, keep


def _blank(column: Column[Any]) -> Any:
    return ERASED if isinstance(column.type, String) else [ERASED]


def _blanked(column: Column[Any]) -> str:
    """The blank as it stands in the table; a text in which somebody only wrote this word is none."""
    blank = _blank(column)
    return blank if isinstance(blank, str) else json.dumps(blank)


def _is_past(table: Table, column: Column[Any], keep: Keep, now: datetime) -> ColumnElement[bool]:
    limit = now - timedelta(days=keep.days or 0)
    moments = [table.c[name] for name in keep.since]
    past = or_(
        *(moment < (int(limit.timestamp()) if isinstance(moment.type, Integer) else limit) for moment in moments)
    )
    return past & (cast(column, String) != _blanked(column)) if keep.blanks else past

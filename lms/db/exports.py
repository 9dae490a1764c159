"""Rows of tables that a migration drops: kept as files of the data folder, until the last day that their names bear."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select

FOLDER = "keluaran"
UNTIL = "-sampai-"


def rows_of(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Return every row of a table that no model knows any more."""
    table = Table(name, MetaData(), autoload_with=connection)
    rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
    return [{column: _in_utc(value) for column, value in row.items()} for row in rows]


def _in_utc(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def export(data: Path, name: str, tables: Mapping[str, Sequence[Mapping[str, Any]]], until: date | None = None) -> None:
    """Write table -> its rows as JSON into a new file that only its owner reads; nothing when there is no row."""
    if not any(tables.values()):
        return
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    ending = f"{UNTIL}{until}" if until else ""
    path = folder / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{ending}.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(tables, file, ensure_ascii=False, indent=1, default=lambda value: value.isoformat())
        file.flush()
        os.fsync(file.fileno())  # The rows are dropped right after it.


def past(data: Path, day: date) -> list[Path]:
    """Return the files whose last day is before this one."""
    return [
        file for file in sorted((data / FOLDER).glob(f"*{UNTIL}*.json")) if file.stem.rpartition(UNTIL)[2] < f"{day}"
    ]

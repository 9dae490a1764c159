"""The record of processing, printed from the labels of the tables."""

from sqlalchemy import Column, MetaData, Table

from lms.db.labels import TABLES, Personal

HEAD = ("| catatan | data | tujuan | dasar | disimpan | dilihat oleh |", "|---|---|---|---|---|---|")


def label_of(column: Column[object]) -> Personal | None:
    """The label of a column; None for one that is not personal."""
    found = column.info.get("data")
    return found if isinstance(found, Personal) else None


def personal_columns(table: Table) -> list[tuple[Column[object], Personal]]:
    """The personal columns of a table with their labels, in their order."""
    return [(column, label) for column in table.columns if (label := label_of(column))]


def data_register(metadata: MetaData) -> str:
    """The Markdown table: a line for what of one table has the same purpose, basis, retention and readers."""
    rows = list(HEAD)
    for name, title in TABLES.items():
        grouped: dict[tuple[str, ...], list[str]] = {}
        for _, label in personal_columns(metadata.tables[name]):
            use = (label.purpose, label.basis, label.retention.words, label.seen_by)
            grouped.setdefault(use, []).append(label.label)
        rows += [f"| {title} | {', '.join(labels)} | {' | '.join(use)} |" for use, labels in grouped.items()]
    return "\n".join(rows) + "\n"

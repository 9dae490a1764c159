"""Every column is labelled as personal or declared as not; the record of processing is the labels, printed."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, Column, Date, Integer, MetaData, String, Table
from sqlalchemy.sql.type_api import TypeEngine

from lms.db import labels
from lms.db.engine import UtcTime, db
from lms.db.labels import TABLES, Personal
from lms.db.settings import ROOT
from lms.people.processing import data_register, personal_columns

DOCUMENT = ROOT / "docs" / "data-pribadi.md"
LABELLED = [
    (table.name, column, label) for table in db.metadata.sorted_tables for column, label in personal_columns(table)
]


NOT_PERSONAL = {
    "person": "id",
    "device": "id person_id",
    "notice_agreement": "id person_id",
    "joining": "form_id person_id",
    "person_change": "id person_id",
    "erasure_request": "id person_id",
    "one_time_code": "person_id",
    "limit_count": "",
    "course_editor": "person_id",
    "membership": "id person_id",
    "enrolment": "id person_id",
    "reading": "enrolment_id edition_id",
    "attempt": "enrolment_id membership_id edition_id",
    "answer": "id client_id counter",
    "grading": "id",
    "extra_try": "id enrolment_id membership_id",
    "reflection_reply": "id",
    "inquiry": "form_id person_id edition_id question_hash",
    "inquiry_reply": "id",
    "certificate": "membership_id edition_id series_id revision signature key_id",
    "certificate_event": "id",
    "exemption": "",
    "signed_sheet": "certificate_id hash",
    "trusted_certificate": "id fingerprint role valid_from valid_to data at removed_at reason",
    "audit_entry": "id",
    "draft_file": "course_id path blob_hash",
    "publication": "id course_id edition_id at why",
    "ruling": "id course_id question_hash kind value reason at",
    "signer": "id side is_active",
    "number_block": "id series_id year first last reason at",
    "cohort": "id course_id kind name code edition_id starts_on ends_on place map_link bring basis quota online_from "
    "online_until report predicates prints_scores prints_own_days dropped is_open self_issue signing "
    "posttest_closed_at closed_at archived_at",
    "meeting": "id cohort_id starts_at ends_at subject module jp cancelled_at",
    "attendance": "id meeting_id membership_id mark",
    "survey_ticket": "",
    "action_plan": "id membership_id number",
    "job": "id kind cohort_id title onward position total told outcome fault begun_at ended_at",
    "import_batch": "id cohort_id columns left_out at ready_at job_id",
    "import_row": "id batch_id number place state outcome person_id",
    **dict.fromkeys(("handed_sheet", "blob", "course", "edition", "edition_file", "number_series", "office"), "*"),
    **dict.fromkeys(("reread", "signing_key", "survey_response", "period"), "*"),
}
"""Columns that say nothing of a person by themselves: keys, links to whose row it is, the course's own; `*`: all."""


def undecided(metadata: MetaData) -> Iterator[str]:
    """Columns of which nobody said whether they are personal, and what was said of columns that are none."""
    for table in metadata.tables.values():
        plain = NOT_PERSONAL.get(table.name, "")
        listed = {column.name for column in table.columns} if plain == "*" else set(plain.split())
        labelled = {column.name for column, _ in personal_columns(table)}
        for column in table.columns:
            if (column.name in listed) == (column.name in labelled):
                yield f"{table.name}.{column.name}"
        yield from (f"{table.name}.{name} is no column" for name in sorted(listed - {*table.columns.keys()}))
        if labelled and table.name not in TABLES:
            yield f"{table.name} has no name"


def copy_of_tables() -> MetaData:
    copied = MetaData()
    for table in db.metadata.sorted_tables:
        table.to_metadata(copied)
    return copied


def test_of_every_column_somebody_said_whether_it_is_personal() -> None:
    assert list(undecided(db.metadata)) == []


def test_a_new_column_without_a_label_is_red() -> None:
    copied = copy_of_tables()
    copied.tables["person"].append_column(Column("mother", String(120)))
    copied.tables["office"].append_column(Column("fax", String(20)))
    assert list(undecided(copied)) == ["person.mother"], "a table that is the course's own has a star on purpose"


def test_a_new_table_and_a_label_of_something_else_are_red() -> None:
    copied = copy_of_tables()
    Table("diary", copied, Column("id", Integer), Column("text", String, info={"data": "rahasia"}))
    assert list(undecided(copied)) == ["diary.id", "diary.text"]


def test_a_column_that_is_both_or_gone_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NOT_PERSONAL, "person", "id name age")
    assert list(undecided(db.metadata)) == ["person.name", "person.age is no column"]


def test_only_tables_with_nothing_of_people_are_left_out_whole() -> None:
    """A star is no way around the labels: such a table has neither a link to a person nor a text somebody types."""
    for name, plain in NOT_PERSONAL.items():
        if plain == "*":
            linked = {key.column.table.name for key in db.metadata.tables[name].foreign_keys}
            assert not linked & {"person", "membership", "enrolment", "attempt"}, name


def test_each_label_says_purpose_basis_retention_and_readers_in_words() -> None:
    assert len(LABELLED) > 100
    for table, column, label in LABELLED:
        assert isinstance(label, Personal)
        parts = (label.label, label.purpose, label.basis, label.retention.words, label.seen_by)
        assert all(part and (part[0].isupper() or part[0].isdigit()) and "|" not in part for part in parts), (
            table,
            column.name,
        )
        assert re.search(r"\(Pasal \d+", label.basis), column.name


def test_labels_are_told_apart_within_a_table() -> None:
    for name in TABLES:
        found = [label.label for _, label in personal_columns(db.metadata.tables[name])]
        assert len(found) == len(set(found)), name


def test_what_the_retention_command_goes_by_is_there() -> None:
    for table, column, label in LABELLED:
        keep = label.retention
        assert (keep.days is None) == (not keep.since), column.name
        for name in keep.since:
            kind: TypeEngine[object] = db.metadata.tables[table].columns[name].type
            assert isinstance(kind, UtcTime | Integer | Date), f"{table}.{name}"
        if keep.blanks:
            assert isinstance(column.type, String | JSON), column.name


def test_rows_of_one_table_go_by_one_clock() -> None:
    for name in TABLES:
        keeps = [label.retention for _, label in personal_columns(db.metadata.tables[name])]
        clocks = {keep for keep in keeps if keep.days and not keep.blanks}
        assert len(clocks) <= 1, name
        if clocks:
            assert set(keeps) == clocks, f"{name}: what is said to stay would go with its row"


def test_hashes_are_shown_to_nobody() -> None:
    hashed = {f"{table}.{column.name}" for table, column, label in LABELLED if label.seen_by == labels.NOBODY}
    assert hashed == {
        "person.password_hash",
        "person.pin_hash",
        "person.card_hash",
        "one_time_code.hash",
        "one_time_code.claim",
    }


def test_the_document_is_the_record_that_the_command_prints() -> None:
    assert DOCUMENT.read_text(encoding="utf-8").endswith("\n\n" + data_register(db.metadata))


def test_a_label_that_is_not_in_the_document_is_red() -> None:
    copied = copy_of_tables()
    copied.tables["person"].append_column(Column("age", Integer, info=labels.IDENTITY("Umur")))
    assert "Umur" in data_register(copied)
    assert not DOCUMENT.read_text(encoding="utf-8").endswith("\n\n" + data_register(copied))

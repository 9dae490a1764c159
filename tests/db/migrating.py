"""A database as an earlier release left it, with rows in it; and what is asked of it once it was brought up to date."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from lms.certificate import register
from lms.certificate.papers import paper
from lms.certificate.snapshot import canonical, key_id, public_key, sign
from lms.db.engine import db
from lms.db.migrations import FOLDER, migrate
from lms.db.tables import Certificate, Cohort, Office, PaperCertificate
from tests.certificate.samples import BIMTEK
from tests.conftest import KEY, START

SHEETS = {
    "lama": ("Siti", "A/001/2026", {"sequence": 1, "revision": 0}),
    "revisi": ("Siti", "A/001/2026", {"sequence": 1, "revision": 1}),
    "kembar": ("Budi", "a / 1 / 2026", {"sequence": 2, "revision": 0}),
    "contoh": ("Budi", None, {"sequence": None, "revision": 0}),
}
"""Id -> whose, the number on it, where it is counted; in the order in which they were issued."""
PAPER = {"number": "01/12/2019", "name": "Siti A."}
EMPTY: dict[type, Any] = {str: "", int: 0, bool: False, bytes: b"", object: [], date: START.date(), type(START): START}
"""What a column gets that must hold something and of which nothing is said."""


def difference(metadata: sa.MetaData) -> list[Any]:
    """What the migrations made and the models say differently."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found


def release_before(number: str, folder: Path) -> Path:
    """The migrations up to this one, as the release before it had them."""
    folder.mkdir()
    for script in (FOLDER / "versions").glob("0*.py"):
        if script.name < number:
            shutil.copy(script, folder)
    return folder


class Rows:
    """Rows for the tables as they are in the database now, whatever the models say."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._tables = connection, sa.MetaData()
        self._tables.reflect(connection)

    def add(self, into: str, /, **said: Any) -> Any:
        """The key of a new row; what it must hold and is not said is empty."""
        table = self._tables.tables[into]
        needed = [
            each for each in table.columns if not each.nullable and each.name not in said and not each.primary_key
        ]
        row = {each.name: EMPTY[each.type.python_type] for each in needed if not each.server_default} | said
        return self._connection.execute(sa.insert(table).values(row)).inserted_primary_key[0]


def add_old_rows() -> None:
    """What an office had before sheets could be signed electronically: a bimtek, its sheets, paper, a report."""
    with db.engine.begin() as connection:
        rows = Rows(connection)
        people = {name: rows.add("person", name=name) for name in ("Siti", "Budi")}
        course = rows.add("course", slug="dasar")
        edition = rows.add("edition", course_id=course, number=1)
        cohort = rows.add("cohort", course_id=course, kind="bimtek", edition_id=edition, code="LAMA22")
        part = {"cohort_id": cohort, "role": "peserta"}
        members = {name: rows.add("membership", person_id=person, **part) for name, person in people.items()}
        rows.add("office")
        rows.add("signer", side="depan")
        key = rows.add("signing_key", id=key_id(public_key(KEY)), public=public_key(KEY))
        common = {"edition_id": edition, "key_id": key}
        counted = {"series_id": rows.add("number_series", kind="bimtek"), "year": 2026}
        for hour, (name, (whose, number, place)) in enumerate(SHEETS.items()):
            payload = canonical(replace(BIMTEK, number=number, sample=number is None, revision=place["revision"]))
            said = {"payload": payload, "signature": sign(KEY, payload), "sample": number is None}
            said |= {"token": name, "short_code": name, "membership_id": members[whose]} | (counted if number else {})
            rows.add("certificate", id=name, issued_at=START + timedelta(hours=hour), **common, **said, **place)
            rows.add("certificate_event", certificate_id=name, kind="issued")
        rows.add("certificate_event", certificate_id="lama", kind="replaced")
        rows.add("difference_report", certificate_id="lama", text="nama")
        batch = rows.add("paper_batch", id="daftar", by_id=people["Budi"], written_at=START)
        rows.add("paper_certificate", batch_id=batch, check_key="kunci", year=2019, **PAPER)


def assert_old_rows_hold() -> None:
    """The models read every row, what is new says that nothing of it was, and the book and its checks find all.

    Of a number that was written twice before that was refused, the sheet that was first keeps it.
    """
    for mapper in db.Model.registry.mappers:
        db.session.query(mapper.class_).all()
    cohort, office = db.session.query(Cohort).one(), db.session.query(Office).one()
    assert (cohort.signing, cohort.predicates, cohort.prints_scores) == ("basah", [], False)
    assert office.legal_basis == ""
    sheets = db.session.query(Certificate).all()
    assert {each.renumbered_at for each in sheets} == {None}
    assert {each.id: each.number_key for each in sheets} == {
        "lama": "a/1/2026",
        "revisi": "a/1/2026",
        "kembar": None,
        "contoh": None,
    }
    listed, _ = register.lines(2026, "", 1)
    assert [(line.number, line.note.rpartition(", ")[2]) for line in listed] == [
        ("A/001/2026", "diganti revisi yang lebih baru"),
        ("A/001/2026", "berlaku"),
        ("a / 1 / 2026", "berlaku"),
    ]
    assert paper("01-12-2019", "SITI A")
    assert db.session.query(PaperCertificate.number_key).scalar() == "1/12/2019"


def assert_brought_up_to_date(data: Path, before: Path) -> None:
    """From the release before sheets were signed electronically, with its rows, to what the models say."""
    migrate(db.engine, data, release_before("0012", before))
    add_old_rows()
    migrate(db.engine, data)
    assert difference(db.metadata) == []
    assert_old_rows_hold()

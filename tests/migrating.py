"""A database as an earlier release left it, with rows in it; and what is asked of it once it was brought up to date."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from lms.core.certificate import canonical, key_id, public_key, sign
from lms.database import db
from lms.migrations import FOLDER, migrate
from lms.models import Certificate, Cohort, Office, PaperCertificate
from lms.office import register
from lms.office.papers import paper
from tests.certificates.samples import BIMTEK
from tests.conftest import KEY, START

NUMBER = str(BIMTEK.number)
PAPER = ("800/12/PSM/2019", "SITI AMINAH, S.Pd.")
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
        person = rows.add("person", name="Siti Aminah")
        course = rows.add("course", slug="dasar")
        edition = rows.add("edition", course_id=course, number=1)
        bimtek = {"course_id": course, "kind": "bimtek", "edition_id": edition}
        cohort = rows.add("cohort", **bimtek, name="Angkatan I", code="LAMA22")
        member = rows.add("membership", person_id=person, cohort_id=cohort, role="peserta")
        rows.add("office", government="PEMERINTAH KABUPATEN WONOGIRI", name="DINAS SOSIAL")
        rows.add("signer", name="Drs. Contoh", title="Kepala", side="depan")
        series = rows.add("number_series", kind="bimtek", pattern="{urut:03}/{tahun}")
        key = rows.add("signing_key", id=key_id(public_key(KEY)), public=public_key(KEY))
        payload = canonical(BIMTEK)
        sheet = {"membership_id": member, "edition_id": edition, "key_id": key, "signature": sign(KEY, payload)}
        sheet |= {"payload": payload, "issued_at": START, "series_id": series, "year": 2026, "sequence": 27}
        for revision, name in enumerate(("pertama", "revisi")):
            held = rows.add("certificate", id=name, token=name, short_code=name, revision=revision, **sheet)
            rows.add("certificate_event", certificate_id=held, kind="issued", at=START)
        rows.add("certificate_event", certificate_id="pertama", kind="replaced", at=START)
        rows.add("difference_report", certificate_id="pertama", text="nama", at=START)
        batch = rows.add("paper_batch", id="daftar", by_id=person, at=START, written_at=START)
        number, name = PAPER
        rows.add("paper_certificate", batch_id=batch, check_key="lama", year=2019, number=number, name=name)


def assert_old_rows_hold() -> None:
    """Every row can be read by the models, and says of what is new that nothing of it was."""
    for mapper in db.Model.registry.mappers:
        db.session.query(mapper.class_).all()
    cohort, office = db.session.query(Cohort).one(), db.session.query(Office).one()
    assert (cohort.signing, cohort.predicates, cohort.prints_scores) == ("basah", [], False)
    assert office.legal_basis == ""
    sheets = db.session.query(Certificate).order_by(Certificate.revision).all()
    key = "400/9/27/psm/bimtek/2026"
    assert [(each.id, each.number_key, each.renumbered_at) for each in sheets] == [
        ("pertama", key, None),
        ("revisi", key, None),
    ]
    assert db.session.query(PaperCertificate.number_key).scalar() == "800/12/psm/2019"
    found = paper(*PAPER)
    assert found
    assert found.number == PAPER[0]
    listed, count = register.lines(2026, "", 1)
    assert count == 2
    assert [(line.number, line.note) for line in listed] == [
        (NUMBER, "predikat BAIK, diganti revisi yang lebih baru"),
        (NUMBER, "predikat BAIK, berlaku"),
    ]


def assert_brought_up_to_date(data: Path, before: Path) -> None:
    """From the release before sheets were signed electronically, with its rows, to what the models say."""
    migrate(db.engine, data, release_before("0012", before))
    add_old_rows()
    migrate(db.engine, data)
    assert difference(db.metadata) == []
    assert_old_rows_hold()

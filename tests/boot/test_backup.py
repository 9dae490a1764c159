"""Backup and restore, rehearsed: the same certificates hold and the same cards sign in on the restored site."""

import hashlib
import json
import re
import shutil
import sqlite3
import stat
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from lms.boot import backup
from lms.boot.app import create_app
from lms.boot.backup import BackupError, back_up, restore, where_keys_are
from lms.certificate import actions
from lms.certificate.snapshot import new_key
from lms.db.engine import Busy, close_all, db, journal_mode, writing
from lms.db.migrations import migrate, refusal
from lms.db.settings import Settings
from lms.db.tables import Certificate, Person
from lms.people.cards import card_token
from tests.certificate.test_take import draft_of, office
from tests.conftest import KEY, START, Cast, Client, add_person, settings_for

__all__ = ["office"]

CARD_KEY = KEY[::-1]


@pytest.fixture
def file(app: Flask, cast: Cast, office: None, tmp_path: Path) -> Path:
    """A backup of a site with people, answers and certificates."""
    with writing():
        first = actions.issue(draft_of(cast.participant), KEY, START)
        actions.issue(draft_of(cast.other), KEY, START)
    with writing():
        actions.revoke(first, "Keliru.", START)
    db.session.rollback()
    back_up(db.engine, tmp_path / "cadangan.zip", START)
    return tmp_path / "cadangan.zip"


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """Another machine with nothing but the keys."""
    return settings_for(tmp_path / "lain")


def rows(data: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(data / "sinau.db")
    try:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(connection.execute(f'select * from "{name}"'), key=repr) for name in names}
    finally:
        connection.close()


def test_one_private_file_holds_database_and_manifest_and_no_key(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in file.parent.iterdir() if path.name.startswith(".cadangan")) == []
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["manifest.json", "sinau.db"]
        manifest = json.loads(archive.read("manifest.json"))
        data = archive.read("sinau.db")
    assert manifest["counts"]["person"] == 6
    assert manifest["counts"]["certificate"] == 2
    assert manifest["size"] == len(data)
    assert manifest["made_at"] == "2026-11-24T02:14:00+00:00"
    assert refusal(manifest["revision"]) == ""
    for key in (KEY, CARD_KEY):
        assert key not in data
        assert key not in file.read_bytes()


def data_of(app: Flask) -> Path:
    """The folder that holds the database of the site."""
    with app.app_context():
        return Path(str(db.engine.url.database)).parent


def test_restored_elsewhere_every_row_is_the_same(file: Path, empty: Settings, app: Flask) -> None:
    manifest, copy, unfit = restore(file, empty, replace=False)
    assert rows(empty.data) == rows(data_of(app))
    assert copy is None
    assert unfit == []
    assert manifest.counts == {name: len(found) for name, found in sorted(rows(empty.data).items())}
    assert stat.S_IMODE((empty.data / "sinau.db").stat().st_mode) == 0o600
    assert [path.name for path in empty.data.iterdir() if path.name.startswith(".cadangan")] == []


def test_on_the_restored_site_certificates_hold_and_cards_sign_in(file: Path, empty: Settings, cast: Cast) -> None:
    tokens = [token for (token,) in db.session.query(Certificate.token)]
    before = [db.session.get_one(Person, person).name for person in (cast.participant, cast.other)]
    db.session.rollback()
    restore(file, empty, replace=False)
    app = create_app(empty)
    app.testing, app.test_client_class = True, Client
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, Client)
        newest = db.session.query(Certificate.id).order_by(Certificate.sequence.desc()).limit(1).scalar()
        words = sorted(client.page(f"/cek/{token}").partition("<h1>")[2].partition("<")[0] for token in tokens)
        assert words == ["Sertifikat ini benar", "Sertifikat ini sudah dicabut"]
        for person, name in zip((cast.participant, cast.other), before, strict=True):
            client.send("/kartu/masuk", kode=card_token(CARD_KEY, person, 1))
            assert name in client.page("/saya")
        with writing():
            actions.revoke(newest, "Sesudah pulih.", START)
        assert db.session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == journal_mode()
        db.session.remove()
        close_all()


def test_a_site_goes_on_writing_while_it_is_backed_up(app: Flask, tmp_path: Path) -> None:
    stop, failed = threading.Event(), []

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    add_person()
                except Busy as error:
                    failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifests = [back_up(db.engine, tmp_path / f"{number}.zip", START) for number in range(3)]
    finally:
        stop.set()
        writer.join()
    assert not failed
    people = [manifest.counts["person"] for manifest in manifests]
    assert people == sorted(people)
    for number in range(3):
        restore(tmp_path / f"{number}.zip", settings_for(tmp_path / f"lain-{number}"), replace=False)


def test_a_database_in_place_is_never_lost(file: Path, empty: Settings) -> None:
    restore(file, empty, replace=False)
    connection = sqlite3.connect(empty.data / "sinau.db")
    connection.execute("update person set name = 'Nama Sesudahnya'")
    connection.commit()
    connection.close()
    changed = rows(empty.data)
    with pytest.raises(BackupError, match="--timpa"):
        restore(file, empty, replace=False)
    assert rows(empty.data) == changed
    _, copy, _ = restore(file, empty, replace=True)
    assert copy is not None
    assert rows(empty.data) != changed
    shutil.copy(copy, empty.data / "sinau.db")
    assert rows(empty.data) == changed
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_running_site_is_not_replaced_under_its_feet(file: Path, app: Flask) -> None:
    before = rows(data_of(app))
    with db.engine.connect() as connection:
        connection.execute(text("select 1 from person"))
        with pytest.raises(BackupError, match="Situs masih berjalan"):
            restore(file, settings_for(data_of(app)), replace=True)
    assert rows(data_of(app)) == before


def test_a_database_too_broken_to_open_is_kept_as_it_is(file: Path, empty: Settings) -> None:
    empty.data.mkdir()
    (empty.data / "sinau.db").write_bytes(b"rusak" * 1_000)
    (empty.data / "sinau.db-wal").write_bytes(b"sisa")
    _, copy, _ = restore(file, empty, replace=True)
    assert copy is not None
    assert copy.read_bytes() == b"rusak" * 1_000
    assert copy.with_name(f"{copy.name}-wal").read_bytes() == b"sisa"
    assert len(rows(empty.data)["person"]) == 6


def repacked(file: Path, **parts: object) -> Path:
    """The backup with its manifest changed by fields, or with another database in it."""
    with zipfile.ZipFile(file) as archive:
        manifest, data = json.loads(archive.read("manifest.json")), archive.read("sinau.db")
    changed = parts.pop("data", data)
    assert isinstance(changed, bytes)
    other = file.with_name("lain.zip")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, **parts}))
        archive.writestr("sinau.db", changed)
    return other


def refused(file: Path, settings: Settings) -> str:
    """In which words a backup is refused, of which nothing is left in the folder."""
    with pytest.raises(BackupError) as error:
        restore(file, settings, replace=False)
    assert [path.name for path in settings.data.iterdir()] == [".init.lock"]
    return str(error.value)


@pytest.mark.parametrize("data", [b"", b"bukan zip", b"PK\x03\x04" + bytes(100), b"SQLite format 3\0" + bytes(500)])
def test_what_is_no_backup_is_said_to_be_none(empty: Settings, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "lain.zip").write_bytes(data)
    assert "bukan cadangan Sinau PSM" in refused(tmp_path / "lain.zip", empty)


def test_another_zip_file_is_no_backup(empty: Settings, tmp_path: Path) -> None:
    for names in (["foto.jpg"], ["manifest.json"], ["sinau.db"]):
        with zipfile.ZipFile(tmp_path / "lain.zip", "w") as archive:
            for name in names:
                archive.writestr(name, "[]")
        assert "bukan cadangan Sinau PSM" in refused(tmp_path / "lain.zip", empty)


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "0" * 64},
        {"size": 10},
        {"size": 10**12},
        {"size": -1},
        {"counts": {"person": 7}},
        {"counts": {}},
        {"revision": "9999"},
        {"data": b"bukan basis data"},
    ],
)
def test_a_backup_that_is_not_what_it_says_is_refused(file: Path, empty: Settings, changes: dict[str, object]) -> None:
    assert "rusak" in refused(repacked(file, **changes), empty)


@pytest.mark.parametrize("changes", [{"sha256": 5}, {"counts": [1]}, {"lebih": 1}, {"size": "1"}])
def test_a_manifest_of_another_form_is_no_backup(file: Path, empty: Settings, changes: dict[str, object]) -> None:
    assert "bukan cadangan" in refused(repacked(file, **changes), empty)


def test_any_damaged_part_of_the_file_is_noticed(file: Path, empty: Settings) -> None:
    whole = file.read_bytes()
    for place in range(60, len(whole) - 200, len(whole) // 25):
        other = file.with_name("rusak.zip")
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(BackupError):
            restore(other, empty, replace=False)
    file.with_name("rusak.zip").write_bytes(whole[: len(whole) // 2])
    assert "bukan cadangan" in refused(file.with_name("rusak.zip"), empty)


def changed(file: Path, folder: Path, statement: str) -> bytes:
    """The database of a backup after somebody changed it."""
    with zipfile.ZipFile(file) as archive:
        (folder / "luar.db").write_bytes(archive.read("sinau.db"))
    connection = sqlite3.connect(folder / "luar.db")
    connection.execute(statement)
    connection.commit()
    connection.close()
    return (folder / "luar.db").read_bytes()


def test_a_database_with_lost_parents_is_refused(file: Path, empty: Settings, tmp_path: Path) -> None:
    data = changed(file, tmp_path, "update membership set person_id = 999 where id = 1")
    broken = repacked(file, data=data, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    assert "rusak" in refused(broken, empty)


@pytest.mark.parametrize(
    ("revision", "words"), [("9999", "lebih baru daripada program ini"), ("0016", "langkah 0016, .*git checkout")]
)
def test_a_backup_of_an_unknown_program_is_refused_in_words(
    file: Path, empty: Settings, tmp_path: Path, revision: str, words: str
) -> None:
    data = changed(file, tmp_path, f"update alembic_version set version_num = '{revision}'")
    made = repacked(file, data=data, size=len(data), sha256=hashlib.sha256(data).hexdigest(), revision=revision)
    assert re.search(f"dibuat oleh Sinau PSM .*{words}", refused(made, empty))


def test_a_backup_is_brought_up_to_date(file: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def watch(engine: Engine, data: Path) -> str | None:
        assert not (data / "sinau.db").exists()
        seen.append(data)
        return migrate(engine, data)

    monkeypatch.setattr(backup, "migrate", watch)
    restore(file, empty, replace=False)
    assert seen == [empty.data]


def test_other_keys_than_the_databases_are_named(file: Path, empty: Settings) -> None:
    other = replace(empty, card_key=bytes(32), signing_key=new_key())
    assert restore(file, other, replace=False)[2] == ["CARD_KEY", "SIGNING_KEY"]


def test_a_backup_never_overwrites_and_says_where_it_can_not_write(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="sudah ada"):
        back_up(db.engine, file, START)
    with pytest.raises(BackupError, match="tidak dapat ditulis"):
        back_up(db.engine, tmp_path / "tidak/ada/cadangan.zip", START)


def test_a_database_without_tables_is_not_backed_up(tmp_path: Path) -> None:
    with create_app(settings_for(tmp_path / "kosong")).app_context():
        (tmp_path / "kosong").mkdir()
        with pytest.raises(BackupError, match="lms init"):
            back_up(db.engine, tmp_path / "cadangan.zip", START)
        close_all()
    assert not (tmp_path / "cadangan.zip").exists()


def test_postgresql_is_left_to_its_own_tools(tmp_path: Path, file: Path) -> None:
    settings = settings_for(tmp_path / "lain", database_url="postgresql+psycopg://localhost/sinau")
    with pytest.raises(BackupError, match="pg_restore"):
        restore(file, settings, replace=True)
    with create_app(settings).app_context(), pytest.raises(BackupError, match="pg_dump"):
        back_up(db.engine, tmp_path / "baru.zip", START)


def test_where_the_keys_are_is_said_for_each(tmp_path: Path) -> None:
    (tmp_path / "card_key.key").write_bytes(b"x")
    lines = where_keys_are(settings_for(tmp_path))
    assert lines == [
        "SECRET_KEY: di pengaturan (lingkungan atau .env)",
        f"CARD_KEY: {tmp_path / 'card_key.key'}",
        "SIGNING_KEY: di pengaturan (lingkungan atau .env)",
    ]


def test_a_memory_stick_without_links_gets_the_same_backup(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("lms.boot.backup.os.link", refuse)
    manifest = back_up(db.engine, tmp_path / "stik.zip", START)
    with zipfile.ZipFile(tmp_path / "stik.zip") as archive:
        assert hashlib.sha256(archive.read("sinau.db")).hexdigest() == manifest.sha256

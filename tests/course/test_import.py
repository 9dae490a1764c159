"""Taking a folder in and writing it out again: every byte, nothing besides, nothing outside."""

import hashlib
import os
from pathlib import Path

import pytest
from flask import Flask

from lms.course import actions, folder, queries
from lms.course.folder import FolderError, read_folder, write_folder
from lms.db.engine import db, writing
from lms.db.tables import Blob, DraftFile
from tests.conftest import COURSE, SLUG, Client, publish_course

PICTURE = bytes(range(256)) * 40 + b"\r\n\x00\xff\xfe"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    target = tmp_path / "kursus"
    write_folder(target, read_folder(COURSE))
    return target


def test_what_comes_in_goes_out_byte_for_byte(app: Flask, tmp_path: Path, copied: Path) -> None:
    (copied / "dasar/media/foto.png").write_bytes(PICTURE)
    (copied / "dasar/media/kosong.gif").write_bytes(b"")
    (copied / "dasar/dua.md").write_bytes((COURSE / "dasar/dua.md").read_bytes().replace(b"\n", b"\r\n"))
    (copied / "catatan penulis é.txt").write_text("bukan pelajaran", encoding="utf-8")
    before = read_folder(copied)
    with writing():
        course_id = actions.import_draft("bolak-balik", before).id
    write_folder(tmp_path / "keluar", queries.files_of(queries.draft_hashes(course_id)))
    assert read_folder(tmp_path / "keluar") == before
    assert len(before) == 8


def test_an_edition_goes_out_as_it_was_published(app: Flask, tmp_path: Path) -> None:
    files = {**read_folder(COURSE), "dasar/media/foto.png": PICTURE}
    edition_id = publish_course(SLUG, files)
    with writing():
        actions.import_draft(SLUG, read_folder(COURSE))
    write_folder(tmp_path / "keluar", queries.files_of(queries.edition_hashes(edition_id)))
    assert read_folder(tmp_path / "keluar") == files


def test_hidden_files_and_links_stay_outside(copied: Path, tmp_path: Path) -> None:
    before = read_folder(copied)
    secret = tmp_path / "rahasia.txt"
    secret.write_text("rahasia")
    (copied / ".env").write_text("SECRET_KEY=x")
    (copied / ".git").mkdir()
    (copied / ".git/config").write_text("x")
    (copied / "dasar/.sembunyi.md").write_text("x")
    os.symlink(secret, copied / "dasar/tautan.md")
    os.symlink(tmp_path, copied / "folder")
    assert read_folder(copied) == before


def test_a_folder_without_its_mark_and_one_too_big_are_refused(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FolderError, match=r"tidak ada kursus\.toml"):
        read_folder(tmp_path)
    monkeypatch.setattr(folder, "MAX_FILES", 2)
    with pytest.raises(FolderError, match="terlalu besar"):
        read_folder(copied)
    monkeypatch.setattr(folder, "MAX_FILES", 2_000)
    monkeypatch.setattr(folder, "MAX_BYTES", 100)
    with pytest.raises(FolderError, match="terlalu besar"):
        read_folder(copied)


def test_writing_never_mixes_with_what_is_there_and_never_leaves_the_folder(tmp_path: Path) -> None:
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi/lama.md").write_text("x")
    with pytest.raises(FolderError, match="sudah berisi"):
        write_folder(tmp_path / "isi", {"baru.md": b"x"})
    with pytest.raises(FolderError, match="sudah berisi"):
        write_folder(tmp_path / "isi/lama.md", {"baru.md": b"x"})
    with pytest.raises(FolderError, match="keluar dari folder"):
        write_folder(tmp_path / "luar", {"../bocor.md": b"x"})
    assert not (tmp_path / "bocor.md").exists()
    (tmp_path / "kosong").mkdir()
    write_folder(tmp_path / "kosong", {"a/b.md": b"x"})
    assert (tmp_path / "kosong/a/b.md").read_bytes() == b"x"


def test_equal_bytes_are_kept_once_over_files_courses_and_editions(app: Flask) -> None:
    before = db.session.query(Blob).count()
    files = {**read_folder(COURSE), "dasar/media/satu.png": PICTURE, "dasar/media/dua.png": PICTURE}
    publish_course(SLUG, files)
    publish_course("kursus-dua", files)
    assert db.session.query(Blob).count() == before + 1
    assert db.session.get(Blob, hashlib.sha256(PICTURE).hexdigest()) is not None


def test_importing_again_replaces_the_whole_draft(app: Flask) -> None:
    files = read_folder(COURSE)
    less = {path: data for path, data in files.items() if not path.endswith("dua.md")}
    for wanted in (files, less, files):
        with writing():
            course_id = actions.import_draft(SLUG, wanted).id
        assert queries.draft_hashes(course_id).keys() == wanted.keys()
    assert db.session.query(DraftFile).count() == len(files)


def test_a_course_of_many_files_comes_in_whole(app: Flask) -> None:
    files = {**read_folder(COURSE), **{f"dasar/media/{number}.png": str(number).encode() for number in range(900)}}
    with writing():
        course_id = actions.import_draft("besar", files).id
    assert queries.files_of(queries.draft_hashes(course_id)) == dict(sorted(files.items()))


def test_a_draft_is_read_by_nobody(app: Flask, client: Client) -> None:
    with writing():
        actions.import_draft("rancangan", read_folder(COURSE))
    assert client.get("/belajar/rancangan").status_code == 404
    assert client.page("/").count("Kursus kecil") == 1

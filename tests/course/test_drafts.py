"""The draft as several people edit it: nothing is overwritten unseen, and some of it is published without the rest."""

import pytest
from flask import Flask

from lms.course import actions, queries
from lms.course.actions import DraftChanged, EditedMeanwhile
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import EditionFile
from tests.conftest import COURSE, SLUG, START, Cast, Client

SATU = "dasar/satu.md"


@pytest.fixture
def course_id(app: Flask) -> int:
    course = queries.course_by_slug(SLUG)
    assert course is not None
    return course.id


def opened(course_id: int, path: str) -> str:
    db.session.rollback()
    return queries.draft_hash(course_id, path)


def save(course_id: int, path: str, data: bytes | None, base: str, by: int) -> str:
    with writing():
        return actions.save_file(course_id, path, data, base, by, START)


def publish(course_id: int, *paths: str) -> int | None:
    checked = actions.check_changes(course_id, paths, START.date())
    with writing():
        edition = actions.publish(checked, START)
        return edition.id if edition else None


def test_a_file_is_saved_with_who_and_when(course_id: int, cast: Cast) -> None:
    fresh = save(course_id, SATU, b"# Baru\n", opened(course_id, SATU), cast.admin)
    change = queries.changes(course_id)[0]
    assert (change.path, change.draft, change.by_id, change.at) == (SATU, fresh, cast.admin, START)
    assert change.edition not in (None, fresh)


def test_the_second_to_save_is_told_and_overwrites_nothing(course_id: int, cast: Cast) -> None:
    base = opened(course_id, SATU)
    theirs = save(course_id, SATU, b"# Punya mereka\n", base, cast.admin)
    with pytest.raises(EditedMeanwhile) as caught:
        save(course_id, SATU, b"# Punya saya\n", base, cast.trainer)
    assert caught.value.theirs == theirs == opened(course_id, SATU)


def test_the_same_text_twice_is_no_quarrel(course_id: int, cast: Cast) -> None:
    base = opened(course_id, SATU)
    first = save(course_id, SATU, b"# Sama\n", base, cast.admin)
    assert save(course_id, SATU, b"# Sama\n", base, cast.trainer) == first
    assert queries.changes(course_id)[0].by_id == cast.admin


def test_what_is_back_as_published_is_no_change(course_id: int, cast: Cast) -> None:
    base = opened(course_id, SATU)
    fresh = save(course_id, SATU, b"# Baru\n", base, cast.admin)
    save(course_id, SATU, queries.blobs({base})[base], fresh, cast.admin)
    assert queries.changes(course_id) == []


def test_a_file_taken_out_is_read_until_a_publication_follows(course_id: int, cast: Cast) -> None:
    save(course_id, "glosarium.md", None, opened(course_id, "glosarium.md"), cast.admin)
    assert "glosarium.md" not in queries.draft_hashes(course_id)
    assert [(change.path, change.draft) for change in queries.changes(course_id)] == [("glosarium.md", None)]
    edition_id = publish(course_id, "glosarium.md")
    assert edition_id is not None
    assert "glosarium.md" not in queries.edition_hashes(edition_id)
    assert queries.changes(course_id) == []


def test_a_file_that_a_roll_back_brought_again_can_be_taken_out_again(course_id: int, cast: Cast) -> None:
    save(course_id, "glosarium.md", None, opened(course_id, "glosarium.md"), cast.admin)
    publish(course_id, "glosarium.md")
    with writing():
        actions.roll_back(course_id, 1, START)
    assert [(change.path, change.draft) for change in queries.changes(course_id)] == [("glosarium.md", None)]
    edition_id = publish(course_id, "glosarium.md")
    assert edition_id is not None
    assert "glosarium.md" not in queries.edition_hashes(edition_id)


def test_a_new_file_taken_out_again_leaves_nothing(course_id: int, cast: Cast) -> None:
    base = save(course_id, "dasar/tiga.md", b"# Tiga\n", "", cast.admin)
    save(course_id, "dasar/tiga.md", None, base, cast.admin)
    assert queries.changes(course_id) == []


def test_what_is_not_ticked_neither_blocks_nor_slips_in(course_id: int, cast: Cast, client: Client) -> None:
    files = read_folder(COURSE)
    save(course_id, SATU, b"tanpa judul, setengah jadi", opened(course_id, SATU), cast.admin)
    changed = files["dasar/dua.md"] + b"\nKALIMAT-BARU\n"
    save(course_id, "dasar/dua.md", changed, opened(course_id, "dasar/dua.md"), cast.trainer)
    edition_id = publish(course_id, "dasar/dua.md")
    assert edition_id is not None
    assert queries.files_of(queries.edition_hashes(edition_id)) == {**files, "dasar/dua.md": changed}
    assert [change.path for change in queries.changes(course_id)] == [SATU]


def test_a_colleagues_new_lesson_stays_out_of_the_list_of_lessons(course_id: int, cast: Cast) -> None:
    files = read_folder(COURSE)
    toml = files["kursus.toml"].replace(b'"dasar/dua.md"]', b'"dasar/dua.md", "dasar/mine.md", "dasar/theirs.md"]')
    assert toml != files["kursus.toml"]
    save(course_id, "kursus.toml", toml, opened(course_id, "kursus.toml"), cast.admin)
    save(course_id, "dasar/mine.md", b"# Punya saya\n\nIsi.\n", "", cast.admin)
    save(course_id, "dasar/theirs.md", b"belum ada judul", "", cast.trainer)
    checked = actions.check_changes(course_id, ["kursus.toml", "dasar/mine.md"], START.date())
    assert checked.left_out == ("dasar/theirs.md",)
    with writing():
        edition = actions.publish(checked, START)
        assert edition is not None
        number = edition.id
    listed = queries.files_of(queries.edition_hashes(number))["kursus.toml"]
    assert b"dasar/mine.md" in listed
    assert b"theirs" not in listed
    waiting = [change.path for change in queries.changes(course_id)]
    assert waiting == ["dasar/theirs.md", "kursus.toml"]


def test_nothing_is_published_over_an_edition_that_nobody_checked(course_id: int, cast: Cast) -> None:
    files = read_folder(COURSE)
    for path in (SATU, "dasar/dua.md"):
        save(course_id, path, files[path] + b"\nTambahan.\n", opened(course_id, path), cast.admin)
    checked = actions.check_changes(course_id, [SATU], START.date())
    publish(course_id, "dasar/dua.md")
    with pytest.raises(DraftChanged), writing():
        actions.publish(checked, START)


def test_a_file_saved_after_the_check_is_not_published(course_id: int, cast: Cast) -> None:
    fresh = save(course_id, SATU, b"# Satu\n\nIsi.\n", opened(course_id, SATU), cast.admin)
    checked = actions.check_changes(course_id, [SATU], START.date())
    save(course_id, SATU, b"# Satu\n\nLain.\n", fresh, cast.trainer)
    before = db.session.query(EditionFile).count()
    with pytest.raises(DraftChanged), writing():
        actions.publish(checked, START)
    assert db.session.query(EditionFile).count() == before

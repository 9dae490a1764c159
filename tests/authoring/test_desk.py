"""The desk of a course: who may come, what it says of each lesson, and moving by buttons."""

import re
from pathlib import Path

import pytest

from lms.course import actions, queries
from lms.course.folder import read_folder
from lms.course.outline import parse_course
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor, Inquiry
from tests.conftest import COURSE, SLUG, START, Cast, Client, publish_course, sign_in
from tests.learn.test_queries_count import counted

HOME = f"/pelatih/kursus/{SLUG}"


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def save(path: str, data: bytes, by: int) -> None:
    with writing():
        actions.save_file(1, path, data, queries.draft_hash(1, path), by, START)


def order() -> list[tuple[str, ...]]:
    db.session.rollback()
    course, _ = parse_course(queries.files_of(queries.draft_hashes(1))["kursus.toml"].decode())
    assert course is not None
    return [module.lessons for module in course.modules]


def test_only_who_may_edit_the_course_finds_it(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert client.get(HOME).status_code == 404
    assert "Belum ada kursus yang boleh Anda sunting" in client.page("/pelatih/kursus")
    sign_in(client, cast.admin)
    assert client.get(HOME).status_code == 200
    sign_in(client, cast.participant)
    assert client.get("/pelatih/kursus").status_code == 403


def test_my_courses_with_what_waits(editor: Client, cast: Cast) -> None:
    text = editor.page("/pelatih/kursus")
    assert "Kursus kecil" in text
    assert "Terbitan 1 sedang dibaca" in text
    assert "belum terbit" not in text
    save("dasar/satu.md", b"# Satu\n", cast.admin)
    assert "1 berkas belum terbit" in editor.page("/pelatih/kursus")


def test_each_lesson_says_its_state(editor: Client, cast: Cast) -> None:
    calm = editor.page(HOME)
    assert "berubah sejak" not in calm
    assert "galat" not in calm
    save("dasar/satu.md", read_folder(COURSE)["dasar/satu.md"].replace(b"[x]", b"[ ]", 1), cast.other_trainer)
    text = editor.page(HOME)
    assert "berubah sejak terbitan 1" in text
    assert "1 harus dibetulkan" in text
    line = re.search(r'<h2 id="perhatian">.*?sunting/dasar/satu.md#baris-(\d+)"', text, re.DOTALL)
    assert line
    assert "### Warna daun?" in read_folder(COURSE)["dasar/satu.md"].decode().split("\n")[int(line[1]) - 1]
    assert "Disunting" in text
    assert "1 berkas di rancangan belum terbit (Anda 1)" in text
    save("dasar/dua.md", b"# Dua\n", cast.admin)
    assert re.search(r"2 berkas di rancangan belum terbit \(Anda 1, [A-Z][^,()]+ 1\)", editor.page(HOME))


def test_a_lesson_taken_out_is_still_named(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {"dasar/dua.md": None}, cast.admin, START)
    text = editor.page(HOME)
    assert "dihapus, masih dibaca peserta" in text


def test_a_broken_kursus_toml_says_its_line_and_leads_to_the_text(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b'judul = "x"\nrusak', cast.admin)
    text = editor.page(HOME)
    assert f"{HOME}/sunting/kursus.toml#baris-2" in text
    assert "TOML tidak terbaca" in text


def test_a_lesson_moves_once_however_often_the_button_is_pressed(editor: Client, cast: Cast) -> None:
    fields = {"pelajaran": "dasar/dua.md", "materi": "1", "tempat": "1"}
    for _ in range(2):
        assert editor.send(f"{HOME}/urut", **fields).status_code == 303
    assert order() == [("dasar/dua", "dasar/satu")]
    held = queries.files_of(queries.draft_hashes(1))["kursus.toml"].decode()
    untouched = Path(COURSE / "kursus.toml").read_text()
    assert re.sub(r"pelajaran = \[.*?\]", "", held) == re.sub(r"pelajaran = \[.*?\]", "", untouched)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"pelajaran": "dasar/satu.md", "materi": "x", "tempat": "1"}, 400),
        ({"pelajaran": "tidak/ada.md", "materi": "1", "tempat": "1"}, 303),
        ({"pelajaran": "dasar/satu.md", "materi": "9", "tempat": "1"}, 303),
        ({"judul": "Tidak ada", "tempat": "1"}, 409),
        ({"judul": "Dasar", "tempat": "7"}, 409),
    ],
)
def test_a_move_that_cannot_be_changes_nothing(editor: Client, fields: dict[str, str], status: int) -> None:
    assert editor.send(f"{HOME}/urut", **fields).status_code == status
    assert order() == [("dasar/satu", "dasar/dua")]


def test_a_lesson_of_no_module_is_put_into_one(editor: Client, cast: Cast) -> None:
    save("dasar/tiga.md", b"# Tiga\n\nIsi.\n", cast.admin)
    text = editor.page(HOME)
    assert "Masukkan ke “Dasar”" in text.partition("Tidak masuk materi mana pun")[2]
    for _ in range(2):
        fields = {"pelajaran": "dasar/tiga.md", "materi": "1", "tempat": "3"}
        assert editor.send(f"{HOME}/urut", **fields).status_code == 303
    assert order() == [("dasar/satu", "dasar/dua", "dasar/tiga")]
    assert "Tidak masuk materi mana pun" not in editor.page(HOME)
    for path in ("kursus.toml", "glosarium.md", "tes.md"):
        editor.send(f"{HOME}/urut", pelajaran=path, materi="1", tempat="1")
    assert order() == [("dasar/satu", "dasar/dua", "dasar/tiga")]


def test_what_readers_doubt_stands_at_its_lesson_without_a_name(editor: Client, cast: Cast) -> None:
    with writing():
        for number, kind in enumerate(("keliru", "tanya")):
            db.session.add(
                Inquiry(
                    form_id=f"f{number:031}",
                    person_id=cast.participant,
                    edition_id=1,
                    kind=kind,
                    lesson="dasar/satu",
                    text=f"ISI-{kind}",
                    at=START,
                )
            )
    assert "1 laporan pembaca" in editor.page(HOME)
    text = editor.page(HOME)
    assert "ISI-keliru" in text
    assert "ISI-tanya" not in text
    assert "Siti Aminah" not in text


def many_lessons(count: int) -> dict[str, bytes]:
    files = read_folder(COURSE)
    names = [f"dasar/p{number}.md" for number in range(count)]
    listed = ", ".join(f'"{name}"' for name in names)
    files["kursus.toml"] = re.sub(rb"pelajaran = \[[^]]*\]", f"pelajaran = [{listed}]".encode(), files["kursus.toml"])
    return files | {name: f"# Pelajaran {name}\n\nIsi.\n".encode() for name in names}


def test_a_desk_of_a_hundred_lessons_asks_no_more(editor: Client) -> None:
    publish_course(SLUG, many_lessons(3))
    few = len(counted(editor, HOME))
    publish_course(SLUG, many_lessons(100))
    assert len(counted(editor, HOME)) == few <= 8

"""A course leaves and comes back by the pages; nothing is written before its editor has seen what changes."""

import io
import re
import time as clock
from urllib.parse import quote

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.authoring import actions as exchange_actions
from lms.authoring import exchange_views
from lms.authoring.archive import pack
from lms.course import actions, queries
from lms.course.folder import read_folder
from lms.db.engine import db, writing
from lms.db.tables import Blob, Course, CourseEditor
from tests.authoring.test_archive import HOSTILE
from tests.conftest import COURSE, SLUG, START, Cast, Client, Time, sign_in
from tests.course.test_hostile import LESSONS, TABLES
from tests.effort import often

HOME = f"/pelatih/kursus/{SLUG}"
BRING = f"{HOME}/bawa"
NEW = "/pelatih/kursus/baru-dari-zip"
FILES = read_folder(COURSE)
SOME = 8_000


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def upload(client: Client, address: str, step: str, field: str, name: str, data: bytes, **fields: str) -> TestResponse:
    """Choose a file and press the button."""
    form = {"csrf_token": client.token(), "aksi": step, field: (io.BytesIO(data), name), **fields}
    return client.post(address, data=form, content_type="multipart/form-data")


def look(client: Client, data: bytes, address: str = BRING) -> str:
    response = upload(client, address, "lihat-zip", "zip", "kursus.zip", data)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def seal(page: str) -> str:
    found = re.search(r'name="titipan" value="([^"]+)"', page)
    assert found
    return found[1]


def draft(course_id: int = 1) -> dict[str, bytes]:
    db.session.rollback()
    return queries.files_of(queries.draft_hashes(course_id))


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Blob.hash.startswith("titipan-"))) or 0


def test_a_course_exported_and_imported_again_is_the_same_byte_for_byte(editor: Client) -> None:
    response = editor.get(f"{BRING}/zip")
    data = response.get_data()
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{SLUG}.zip"'
    assert editor.get(f"{BRING}/zip").get_data() == data
    with writing():
        actions.save_files(1, {"dasar/satu.md": None, "dasar/baru.md": b"# Baru\r\n"}, 1, START)
    changed = draft()
    page = look(editor, data)
    assert "dasar/satu.md" in page
    assert draft() == changed
    assert editor.send(BRING, aksi="pakai-zip", titipan=seal(page)).status_code == 303
    assert draft() == FILES
    assert waiting() == 0
    assert editor.get(f"{BRING}/zip").get_data() == data


def test_the_preview_says_what_is_added_changed_and_removed_and_what_the_checker_says(editor: Client) -> None:
    files = {**FILES, "dasar/tiga.md": b"tanpa judul", "dasar/dua.md": FILES["dasar/dua.md"] + b"\nTambahan.\n"}
    del files["dasar/satu.md"]
    before = draft()
    page = look(editor, pack(files, "apa-saja"))
    assert re.search(r"Dihapus dari rancangan \(1\).*dasar/satu.md", page, re.S)
    assert re.search(r"Berubah \(1\).*dasar/dua.md", page, re.S)
    assert re.search(r"Ditambah \(1\).*dasar/tiga.md", page, re.S)
    assert "pelajaran belum punya judul" in page
    assert "galat</b> harus dibetulkan" in page
    assert draft() == before
    assert waiting() == 1


def test_a_photo_that_says_where_it_was_taken_is_named(editor: Client) -> None:
    photos = {
        "dasar/media/a.jpg": b"\xff\xd8Exif\0\0GPS",
        "dasar/media/b.jpg": b"\xff\xd8",
        "dasar/c.md": b"# Exif\0\0",
    }
    page = look(editor, pack({**FILES, **photos}, "k"))
    assert re.findall(r"<b>([^<]*)</b>: foto ini membawa data kamera", page) == ["dasar/media/a.jpg"]


def test_the_same_course_again_has_nothing_to_confirm(editor: Client) -> None:
    page = look(editor, pack(FILES, SLUG))
    assert "sama persis" in page
    assert "pakai-zip" not in page


def test_who_pressed_twice_and_who_changed_their_mind(editor: Client) -> None:
    sealed = seal(look(editor, pack({**FILES, "dasar/dua.md": b"# Dua\n"}, "k")))
    assert editor.send(BRING, aksi="batal-zip", titipan=sealed).status_code == 303
    assert waiting() == 0
    lapsed = editor.send(BRING, aksi="pakai-zip", titipan=sealed)
    assert lapsed.status_code == 422
    assert "sekali lagi" in lapsed.get_data(as_text=True)
    assert draft() == FILES
    sealed = seal(look(editor, pack({**FILES, "dasar/dua.md": b"# Dua\n"}, "k")))
    for _ in range(2):
        assert editor.send(BRING, aksi="pakai-zip", titipan=sealed).status_code == 303
    assert draft()["dasar/dua.md"] == b"# Dua\n"


def test_only_what_differs_counts_as_changed_by_me(editor: Client, cast: Cast) -> None:
    sealed = seal(look(editor, pack({**FILES, "dasar/dua.md": b"# Dua\n"}, "k")))
    editor.send(BRING, aksi="pakai-zip", titipan=sealed)
    db.session.rollback()
    assert [(change.path, change.by_id) for change in queries.changes(1)] == [("dasar/dua.md", cast.other_trainer)]


def test_a_draft_that_moved_on_is_looked_at_again(editor: Client, cast: Cast) -> None:
    sealed = seal(look(editor, pack({**FILES, "dasar/dua.md": b"# Dua\n"}, "k")))
    with writing():
        actions.save_files(1, {"dasar/empat.md": b"# Empat\n"}, cast.admin, START)
    response = editor.send(BRING, aksi="pakai-zip", titipan=sealed)
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "diubah orang lain" in page
    assert "dasar/empat.md" in page
    assert "dasar/empat.md" in draft()
    assert editor.send(BRING, aksi="pakai-zip", titipan=seal(page)).status_code == 303
    assert "dasar/empat.md" not in draft()


def test_a_seal_is_good_for_its_person_its_course_and_a_day(
    editor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal(look(editor, pack({**FILES, "a.md": b"# A\n"}, "k")))
    for spoiled in ("", "x", sealed[:-2], sealed.replace(".", "", 1)):
        assert editor.send(BRING, aksi="pakai-zip", titipan=spoiled).status_code == 422
    later = clock.time() + 25 * 3600
    with monkeypatch.context() as patched:
        patched.setattr(clock, "time", lambda: later)
        assert editor.send(BRING, aksi="pakai-zip", titipan=sealed).status_code == 422
    sign_in(editor, cast.admin)
    assert editor.send(BRING, aksi="pakai-zip", titipan=sealed).status_code == 422
    assert draft() == FILES


def test_what_waited_for_days_is_cleared_away(editor: Client, time: Time) -> None:
    look(editor, pack({**FILES, "a.md": b"# A\n"}, "k"))
    time.forward(days=1)
    look(editor, pack({**FILES, "b.md": b"# B\n"}, "k"))
    assert waiting() == 2
    time.forward(days=1)
    look(editor, pack({**FILES, "c.md": b"# C\n"}, "k"))
    assert waiting() == 2


def test_a_hostile_zip_gets_a_page_with_the_reason(editor: Client) -> None:
    for make, reason in HOSTILE.values():
        data = make()
        for address in (BRING, NEW):
            response = upload(editor, address, "lihat-zip", "zip", "k.zip", data)
            assert response.status_code == 422
            assert (reason if data else "Pilih dulu berkasnya") in response.get_data(as_text=True)
    assert waiting() == 0


@pytest.mark.walk
def test_a_zip_with_a_hostile_text_is_shown_with_what_is_wrong(editor: Client) -> None:
    # Each of them is read without a page in tests/core.
    for name, text in list({**LESSONS, **TABLES}.items())[:: often(4, 1)]:
        data = text.encode("utf-8", "replace")[:SOME]
        path = "kursus.toml" if name in TABLES else "dasar/dua.md"
        page = look(editor, pack({**FILES, path: data}, "k"))
        assert 'class="galat"' in page or 'class="peringatan"' in page, name
        assert editor.send(BRING, aksi="pakai-zip", titipan=seal(page)).status_code == 303, name
        assert draft()[path] == data, name
        assert editor.get(HOME).status_code == 200, name
        assert editor.get(BRING).status_code == 200, name


def test_too_large_a_zip_is_refused_by_its_size(editor: Client) -> None:
    said = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(15 * 2**20 + 1)}
    response = editor.post(BRING, environ_overrides=said)
    assert response.status_code == 413
    assert "terlalu besar" in response.get_data(as_text=True)


def test_an_unknown_step_is_no_step(editor: Client) -> None:
    for step in ("", "hapus"):
        assert editor.send(BRING, aksi=step).status_code == 400


def test_one_text_leaves_as_it_is(editor: Client) -> None:
    response = editor.get(f"{BRING}/md/dasar/satu.md")
    assert response.get_data() == FILES["dasar/satu.md"]
    assert response.headers["Content-Disposition"] == 'attachment; filename="satu.md"'
    for path in ("dasar/tidak-ada.md", "kursus.toml", "dasar/media/rumah.svg", "../kursus.md"):
        assert editor.get(f"{BRING}/md/{path}").status_code == 404


def carried(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(pelajaran|dasar|materi|isi)" value="([^"]*)"', page))


def test_one_text_comes_back_byte_for_byte_over_the_old_one(editor: Client) -> None:
    data = "\ufeff# Satu\r\n\r\nIsi – baru.\r".encode()
    page = upload(editor, BRING, "lihat-md", "md", "satu.md", data, tujuan="ganti:dasar/satu.md").get_data(as_text=True)
    assert "dasar/satu.md" in page
    assert draft() == FILES
    for _ in range(2):
        response = editor.send(BRING, aksi="pakai-md", **carried(page))
        assert response.status_code == 303
        assert response.location == f"{HOME}/sunting/dasar/satu.md"
    assert draft() == {**FILES, "dasar/satu.md": data}


def test_a_new_text_joins_its_module(editor: Client) -> None:
    page = upload(editor, BRING, "lihat-md", "md", "Pelajaran Satu.md", b"# Baru\n", tujuan="baru:0").get_data(
        as_text=True
    )
    assert "dasar/pelajaran-satu.md" in page
    assert "tidak tercantum" not in page
    assert editor.send(BRING, aksi="pakai-md", **carried(page)).status_code == 303
    held = draft()
    assert held["dasar/pelajaran-satu.md"] == b"# Baru\n"
    assert b'"dasar/pelajaran-satu.md"' in held["kursus.toml"]
    again = upload(editor, BRING, "lihat-md", "md", "pelajaran-satu.md", b"# Lagi\n", tujuan="baru:0").get_data(
        as_text=True
    )
    assert "dasar/pelajaran-satu-2.md" in again


def test_a_text_that_was_saved_meanwhile_is_shown_again(editor: Client, cast: Cast) -> None:
    page = upload(editor, BRING, "lihat-md", "md", "satu.md", b"# Saya\n", tujuan="ganti:dasar/satu.md").get_data(
        as_text=True
    )
    with writing():
        actions.save_files(1, {"dasar/satu.md": b"# Mereka\n"}, cast.admin, START)
    response = editor.send(BRING, aksi="pakai-md", **carried(page))
    assert response.status_code == 409
    assert draft()["dasar/satu.md"] == b"# Mereka\n"
    assert editor.send(BRING, aksi="pakai-md", **carried(response.get_data(as_text=True))).status_code == 303
    assert draft()["dasar/satu.md"] == b"# Saya\n"


@pytest.mark.parametrize(
    ("data", "target", "reason"),
    [
        (b"", "baru:0", "Pilih dulu berkasnya"),
        (b"x" * (200 * 1024 + 1), "baru:0", "paling besar 200 KB"),
        (b"\x89PNG\xff", "baru:0", "bukan tulisan UTF-8"),
        (b"a\0b", "baru:0", "bukan tulisan UTF-8"),
        ("# Jüdül".encode("utf-16"), "baru:0", "bukan tulisan UTF-8"),
        (b"# A\n", "", "Pilih dulu pelajaran"),
        (b"# A\n", "baru:9", "Pilih dulu pelajaran"),
        (b"# A\n", "baru:-1", "Pilih dulu pelajaran"),
        (b"# A\n", "ganti:../x.md", "Pilih dulu pelajaran"),
        (b"# A\n", "ganti:kursus.toml", "Pilih dulu pelajaran"),
    ],
)
def test_a_text_that_cannot_come_in_is_refused_with_its_reason(
    editor: Client, data: bytes, target: str, reason: str
) -> None:
    response = upload(editor, BRING, "lihat-md", "md", "a.md", data, tujuan=target)
    assert response.status_code == 422
    assert reason in response.get_data(as_text=True)
    assert draft() == FILES


@pytest.mark.parametrize(
    "fields",
    [
        {"pelajaran": "a.md", "isi": "%%%"},
        {"pelajaran": "../a.md", "isi": "eA=="},
        {"pelajaran": "/a.md", "isi": "eA=="},
        {"pelajaran": "a.exe", "isi": "eA=="},
        {"pelajaran": "a\x1b.md", "isi": "eA=="},
        {"isi": "eA=="},
    ],
)
def test_a_carried_text_that_was_tampered_with_is_refused(editor: Client, fields: dict[str, str]) -> None:
    assert editor.send(BRING, aksi="pakai-md", **fields).status_code == 400
    assert draft() == FILES


@pytest.mark.walk
def test_a_hostile_text_alone_gets_an_answer(editor: Client) -> None:
    for name, text in list(LESSONS.items())[:: often(4, 1)]:
        data = text.encode("utf-8", "replace")[:SOME]
        response = upload(editor, BRING, "lihat-md", "md", "a.md", data, tujuan="ganti:dasar/dua.md")
        assert response.status_code in (200, 422), name
        assert "Kata pemeriksa" in response.get_data(as_text=True) or response.status_code == 422, name


def test_a_zip_becomes_a_new_course_of_whoever_brings_it(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert f'action="{NEW}"' in client.page("/pelatih/kursus")
    page = look(client, pack(FILES, "k"), NEW)
    assert "kursus-kecil" in page
    assert queries.course_by_slug("kursus-kecil") is None
    for _ in range(2):
        response = client.send(NEW, aksi="pakai-zip", titipan=seal(page))
        assert (response.status_code, response.location) == (303, "/pelatih/kursus/kursus-kecil")
    db.session.rollback()
    made = queries.course_by_slug("kursus-kecil")
    assert made is not None
    assert draft(made.id) == FILES
    assert client.get("/pelatih/kursus/kursus-kecil").status_code == 200
    assert client.get(HOME).status_code == 404
    assert waiting() == 0


def test_a_second_course_of_the_same_title_gets_an_address_of_its_own(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    for slug in ("kursus-kecil", "kursus-kecil-2", "kursus-kecil-3"):
        sealed = seal(look(client, pack(FILES, "k"), NEW))
        assert client.send(NEW, aksi="pakai-zip", titipan=sealed).location == f"/pelatih/kursus/{slug}"


def test_a_new_course_that_nobody_wants_leaves_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    courses = db.session.scalar(select(func.count()).select_from(Course))
    sealed = seal(look(client, pack(FILES, "k"), NEW))
    assert client.send(NEW, aksi="batal-zip", titipan=sealed).location == "/pelatih/kursus"
    assert client.send(NEW, aksi="pakai-zip", titipan=sealed).status_code == 422
    db.session.rollback()
    assert (waiting(), db.session.scalar(select(func.count()).select_from(Course))) == (0, courses)


def test_only_what_waits_is_forgotten(app: object, cast: Cast) -> None:
    blob = queries.draft_hashes(1)["dasar/satu.md"]
    with writing():
        exchange_actions.forget_waiting(blob)
    assert draft() == FILES


def test_a_stranger_brings_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    for path in (BRING, f"{BRING}/zip", f"{BRING}/md/dasar/satu.md"):
        assert client.get(path).status_code == 404
    assert client.send(BRING, aksi="lihat-zip").status_code == 404
    sign_in(client, cast.participant)
    assert client.send(NEW).status_code == 403


def test_a_text_never_takes_the_name_of_one_that_was_read(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {"dasar/dua.md": None}, cast.other_trainer, START)
    shown = upload(editor, BRING, "lihat-md", "md", "dua.md", b"# Lain sama sekali\n\nIsi.\n", tujuan="baru:0")
    assert "dasar/dua-2.md" in shown.get_data(as_text=True)


def test_two_presses_at_once_make_one_course(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, cast.trainer)
    sealed = seal(look(client, pack(FILES, "k"), NEW))
    unpacked, second = exchange_views.unpack, []

    def slow(data: bytes) -> object:
        if not second:
            second.append("")
            second[0] = client.send(NEW, aksi="pakai-zip", titipan=sealed).location
        return unpacked(data)

    monkeypatch.setattr(exchange_views, "unpack", slow)
    first = client.send(NEW, aksi="pakai-zip", titipan=sealed).location
    assert [first, *second] == ["/pelatih/kursus/kursus-kecil"] * 2
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Course.slug.startswith("kursus-kecil"))) == 1


def test_an_archive_that_brings_a_name_back_says_what_was_learned_under_it_counts(editor: Client, cast: Cast) -> None:
    words = "pernah ada pelajaran bernama ini"
    archive = pack({**FILES, "dasar/dua.md": b"# Lain sama sekali\n\nIsi.\n"}, "k")
    assert words not in look(editor, archive).lower(), "it is the draft's own name"
    with writing():
        actions.save_files(1, {"dasar/dua.md": None}, cast.other_trainer, START)
    page = look(editor, archive)
    assert words in page.lower()
    assert "dasar/dua.md" in page


@pytest.mark.parametrize("name", ["apa? #1.md", "50%25.md", "é.md"])
def test_a_path_that_must_be_quoted_leads_to_its_text(editor: Client, cast: Cast, name: str) -> None:
    path = f"dasar/{name}"
    with writing():
        actions.save_files(1, {path: b"# Dulu\n"}, cast.other_trainer, START)
    shown = upload(editor, BRING, "lihat-md", "md", "x.md", b"# Kini\n\nIsi.\n", tujuan=f"ganti:{path}")
    taken = editor.send(BRING, aksi="pakai-md", **carried(shown.get_data(as_text=True)))
    assert "# Kini" in editor.page(taken.location)
    base = queries.draft_hash(1, path)
    saved = editor.send(f"{HOME}/sunting/{quote(path)}", teks="# Nanti\n", dasar=base)
    assert "# Nanti" in editor.page(saved.location)


def test_a_name_that_no_path_can_hold_is_refused_in_words(editor: Client, cast: Cast) -> None:
    folder = "x" * 190
    with writing():
        course = FILES["kursus.toml"].replace(b'"dasar/satu.md"', f'"{folder}/a.md"'.encode())
        files = {"kursus.toml": course, f"{folder}/a.md": b"# A\n", "dasar/satu.md": None, "dasar/dua.md": None}
        files["kursus.toml"] = course.replace(b', "dasar/dua.md"', b"")
        actions.save_files(1, files, cast.other_trainer, START)
    response = upload(editor, BRING, "lihat-md", "md", "nama-panjang.md", b"# A\n", tujuan="baru:0")
    assert response.status_code == 422
    assert "terlalu panjang" in response.get_data(as_text=True)

"""Pictures of a course that is being written: what is kept of them, who sees them, which may go."""

import io
import re
from functools import cache
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.course import actions, queries
from lms.course import redrawn as content_pictures
from lms.course.load import edition_view
from lms.course.markup import render
from lms.course.pictures import LARGEST
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor, DraftFile
from lms.paper import child
from lms.paper.child import ChildBusy
from tests.conftest import SLUG, START, Cast, Client, sign_in
from tests.course.test_redraw import photo, talkative, told, written
from tests.learn.test_queries_count import counted
from tests.people.pictures import png

pytestmark = pytest.mark.child

HOME = f"/pelatih/kursus/{SLUG}"
LESSON = "dasar/satu.md"
SEND = f"{HOME}/gambar/{LESSON}"
WORDS = "Dua orang berbicara di teras"
MANY = {"Accept": "application/json", "Referer": "https://sinau.test/"}


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.other_trainer, at=START))
    return sign_in(client, cast.other_trainer)


def send(client: Client, data: bytes, words: str = WORDS, address: str = SEND, **how: Any) -> TestResponse:
    picture = FileStorage(io.BytesIO(data), "IMG_0001.JPG")
    boundary, body = encode_multipart({"csrf_token": client.token(), "teks": words, "gambar": picture})
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}", **how)


def sent(client: Client, data: bytes, words: str = WORDS, address: str = SEND) -> dict[str, Any]:
    """What a script is told of a picture that was taken."""
    answer = send(client, data, words, address, headers=MANY)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


@cache
def largest(kind: str) -> bytes:
    """As many pixels one sees through as are taken."""
    side, how = (5_477, {"method": 0, "quality": 1}) if kind == "WEBP" else (6_324, {"compress_level": 1})
    return written(Image.new("RGBA", (side, side), (9, 9, 9, 99)), kind, **how)


def draft() -> dict[str, str]:
    db.session.rollback()
    return queries.draft_hashes(1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_without_what_it_told(editor: Client, kind: str) -> None:
    data = talkative(kind)
    assert "RAHASIA" in "".join(told(data))
    answer = sent(editor, data)
    assert answer == {
        "markdown": f"![{WORDS}](media/dua-orang-berbicara-di-teras.jpg)",
        "path": "dasar/media/dua-orang-berbicara-di-teras.jpg",
        "kb": answer["kb"],
        "width": 300,
        "height": 200,
    }
    kept = editor.get(f"{HOME}/berkas/{answer['path']}")
    assert told(kept.data) == []
    assert Image.open(io.BytesIO(kept.data)).size == (300, 200)
    row = db.session.query(DraftFile).filter_by(path=answer["path"]).one()
    assert row.changed_by_id is not None


def test_without_script_the_line_to_write_is_shown(editor: Client) -> None:
    form = editor.page(f"{HOME}/gambar?pelajaran={LESSON}")
    assert 'enctype="multipart/form-data"' in form
    answer = send(editor, png(40, 30))
    assert answer.status_code == 303
    page = editor.page(answer.location)
    assert f"![{WORDS}](media/dua-orang-berbicara-di-teras.png)" in page
    assert f"{HOME}/berkas/dasar/media/dua-orang-berbicara-di-teras.png" in page
    assert f"{HOME}/sunting/{LESSON}" in page


def test_sent_twice_it_is_one(editor: Client) -> None:
    first, again = sent(editor, png()), sent(editor, png(), "Kata lain")
    assert first["path"] == again["path"]
    assert again["markdown"].startswith("![Kata lain](media/dua-orang")


def test_another_picture_of_the_same_words_has_a_name_of_its_own(editor: Client) -> None:
    paths = [sent(editor, png(8, height))["path"] for height in (6, 7, 8)]
    assert [path.rpartition("/")[2] for path in paths] == [
        "dua-orang-berbicara-di-teras.png",
        "dua-orang-berbicara-di-teras-2.png",
        "dua-orang-berbicara-di-teras-3.png",
    ]


def test_a_long_text_makes_a_short_name(editor: Client) -> None:
    path = sent(editor, png(), "Seorang pekerja sosial masyarakat mengunjungi keluarga di dusun yang jauh")["path"]
    assert path == "dasar/media/seorang-pekerja-sosial-masyarakat.png"
    assert sent(editor, png(9, 9), "王")["path"] == "dasar/media/bagian.png"


def test_words_with_marks_of_the_format_stay_words(editor: Client) -> None:
    words = "Papan [baru] *besar* _dan_ `kode` \\ garis"
    line = sent(editor, png(), words)["markdown"]
    assert f'alt="{words}"' in render(line, LESSON)


def test_a_picture_of_a_course_file_beside_kursus_toml(editor: Client) -> None:
    assert sent(editor, png(), address=f"{HOME}/gambar/glosarium.md")["path"].startswith("media/")


@pytest.mark.parametrize(
    ("data", "words", "field", "hint"),
    [
        (b"", WORDS, "gambar", "Pilih gambarnya"),
        (b"\0\0\0\x18ftypheic", WORDS, "gambar", "HEIC"),
        (b"%PDF-1.7", WORDS, "gambar", "PDF"),
        (b"MZ\x90\0", WORDS, "gambar", "bukan gambar yang dikenal"),
        (png()[:-20], WORDS, "gambar", "rusak atau terpotong"),
        (bytes(LARGEST + 1), WORDS, "gambar", "paling besar 5 MB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>', WORDS, "gambar", "script"),
        (png(), "  ", "teks", "Tulis apa yang terlihat"),
        (png(), "a" * 201, "teks", "Paling banyak 200 huruf"),
    ],
)
def test_what_can_not_be_taken_is_refused_with_the_way_out(
    editor: Client, data: bytes, words: str, field: str, hint: str
) -> None:
    before = draft()
    answer = send(editor, data, words, headers=MANY)
    assert answer.status_code == 422
    assert hint in answer.get_json()["faults"][field]
    page = send(editor, data, words)
    text = page.get_data(as_text=True)
    assert (page.status_code, f'id="{field}-salah"' in text, f'value="{words.strip()}"' in text) == (422, True, True)
    assert draft() == before


def test_a_form_without_a_file_is_told_to_choose_one(editor: Client) -> None:
    assert "Pilih gambarnya dulu" in editor.send(SEND, teks=WORDS).get_data(as_text=True)


def test_too_large_a_picture_comes_back_on_the_form_with_its_words(editor: Client) -> None:
    answer = send(editor, png() + bytes(9 * 2**20))
    text = answer.get_data(as_text=True)
    assert (answer.status_code, f'value="{WORDS}"' in text, 'id="gambar-salah"' in text) == (422, True, True)
    assert "9,0 MB; paling besar 5 MB. Kirim dulu" in text


def test_what_is_far_too_large_is_not_even_read(editor: Client) -> None:
    answer = send(editor, bytes(16 * 2**20), headers=MANY)
    assert (answer.status_code, "Kiriman terlalu besar" in answer.get_json()["text"]) == (413, True)


def test_only_what_takes_files_takes_large_bodies(editor: Client) -> None:
    assert send(editor, png() + bytes(4 * 2**20)).status_code == 303
    assert send(editor, bytes(4 * 2**20), address=f"{HOME}/urut").status_code == 413


@pytest.mark.walk
@pytest.mark.parametrize(("limit", "hint"), [("SECONDS", "terlalu besar untuk diolah"), ("MEGABYTES", "untuk diolah")])
def test_a_bomb_is_refused_in_words(editor: Client, monkeypatch: pytest.MonkeyPatch, limit: str, hint: str) -> None:
    bomb = largest("PNG")
    monkeypatch.setattr(content_pictures, limit, 0.2 if limit == "SECONDS" else 150)
    answer = send(editor, bomb, headers=MANY)
    assert (answer.status_code, hint in answer.get_json()["text"]) == (422, True)


@pytest.mark.walk
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_largest_picture_that_is_taken_fits_its_limits(editor: Client, kind: str) -> None:
    assert sent(editor, largest(kind))["width"] == 1280


def test_while_others_are_at_work_it_is_to_be_sent_again(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> bytes:
        raise ChildBusy

    monkeypatch.setattr(content_pictures, "run", busy)
    answer = send(editor, png(), headers=MANY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


def test_a_place_that_is_no_text_of_the_draft_is_404(editor: Client) -> None:
    for path in ("dasar/tiada.md", "kursus.toml", "dasar/media/rumah.svg", "../dasar/satu.md", "%00.md"):
        assert send(editor, png(), address=f"{HOME}/gambar/{path}").status_code == 404
        assert editor.get(f"{HOME}/gambar?pelajaran={path}").status_code == 404


def test_a_file_of_the_draft_comes_powerless_and_to_editors_only(editor: Client, cast: Cast) -> None:
    address = f"{HOME}/berkas/dasar/media/rumah.svg"
    answer = editor.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert editor.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert editor.get(f"{HOME}/berkas/{LESSON}").mimetype == "text/plain"
    assert editor.get(f"{HOME}/berkas/tiada.png").status_code == 404
    sign_in(editor, cast.trainer)
    assert editor.get(address).status_code == 404


def test_a_file_of_an_unknown_kind_is_not_given_out(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {"dasar/media/x.html": b"<script>1</script>"}, cast.other_trainer, START)
    assert editor.get(f"{HOME}/berkas/dasar/media/x.html").status_code == 404


def test_the_list_says_where_a_picture_is_used_and_what_may_go(editor: Client) -> None:
    unused = sent(editor, written(photo(), "JPEG"))["path"]
    page = editor.page(f"{HOME}/gambar")
    assert re.search(rf'value="{unused}"', page)
    assert "dasar/media/rumah.svg" in page
    assert 'value="dasar/media/rumah.svg"' not in page
    assert "Pelajaran satu</a>" in page
    answer = editor.send(f"{HOME}/gambar", hapus=[unused, "dasar/media/rumah.svg", LESSON])
    assert answer.location == f"{HOME}/gambar?dihapus=1"
    assert "1 gambar dihapus" in editor.page(answer.location)
    assert unused not in draft()
    assert {"dasar/media/rumah.svg", LESSON} <= set(draft())
    assert editor.send(f"{HOME}/gambar", hapus=[unused]).location == f"{HOME}/gambar?dihapus=0"


def test_readers_keep_a_picture_until_the_next_edition(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {LESSON: b"# Pelajaran satu\n"}, cast.other_trainer, START)
    editor.send(f"{HOME}/gambar", hapus="dasar/media/rumah.svg")
    assert "dasar/media/rumah.svg" not in draft()
    assert editor.get(f"/media/{edition_view(1, SLUG).files['dasar/media/rumah.svg']}").status_code == 200


def test_a_course_without_pictures_says_how_one_comes_in(editor: Client, cast: Cast) -> None:
    with writing():
        actions.save_files(1, {"dasar/media/rumah.svg": None}, cast.other_trainer, START)
    assert "belum punya gambar" in editor.page(f"{HOME}/gambar")


def test_the_list_asks_as_much_for_many_as_for_one(editor: Client, cast: Cast) -> None:
    few = len(counted(editor, f"{HOME}/gambar"))
    with writing():
        many = {f"dasar/media/g{number}.png": png(8, number) for number in range(1, 40)}
        actions.save_files(1, many, cast.other_trainer, START)
    assert len(counted(editor, f"{HOME}/gambar")) == few


def test_children_have_a_place_again_after_every_picture(editor: Client) -> None:
    kept = [sent(editor, png(8, height))["path"] for height in range(1, child.AT_ONCE + 2)]
    assert len(set(kept)) == child.AT_ONCE + 1


def test_a_picture_that_a_form_shows_is_used_and_does_not_go(editor: Client, cast: Cast) -> None:
    form = b'judul = "Formulir"\npengantar = "![Kartu keluarga](media/kartu.png)"\n'
    with writing():
        files = {"dasar/formulir.toml": form, "dasar/media/kartu.png": png(9, 9), "dasar/media/lain.png": png(8, 9)}
        actions.save_files(1, files, cast.other_trainer, START)
    page = editor.page(f"{HOME}/gambar")
    assert 'name="hapus" value="dasar/media/kartu.png"' not in page
    assert f'<a href="{HOME}/sunting/dasar/formulir.toml">Formulir</a>' in page
    editor.send(f"{HOME}/gambar", hapus=["dasar/media/kartu.png", "dasar/media/lain.png"])
    db.session.rollback()
    assert {"dasar/media/kartu.png", "dasar/media/lain.png"} & queries.draft_hashes(1).keys() == {
        "dasar/media/kartu.png"
    }


def test_a_path_that_the_table_cannot_hold_is_given_to_no_picture(editor: Client, cast: Cast) -> None:
    near, far = (f"{'x' * length}/a.md" for length in (183, 190))
    with writing():
        actions.save_files(1, {near: b"# A\n", far: b"# A\n"}, cast.other_trainer, START)
    kept = sent(editor, png(7, 9), address=f"{HOME}/gambar/{near}")["path"]
    assert kept.startswith(f"{'x' * 183}/media/")
    assert len(kept) <= 200
    refused = send(editor, png(7, 9), address=f"{HOME}/gambar/{far}")
    assert refused.status_code == 422
    assert "Nama folder pelajaran ini terlalu panjang" in refused.get_data(as_text=True)

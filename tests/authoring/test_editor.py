"""The editor: every text of a draft opens and is saved, byte for byte where nothing was changed."""

import html
import re
from collections.abc import Callable

import pytest

from lms.authoring.text import closed, opened, typed
from lms.course import actions, queries
from lms.course.check import LONGEST_FILE
from lms.db.engine import writing
from tests.authoring.editing import HOME, SATU, as_editor, base_of, held, put
from tests.conftest import SLUG, START, Cast, Client, sign_in
from tests.course.form_texts import SOURCE


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_editor(client, cast)


def area(page: str) -> str:
    """The text of the area as a browser has it: the first line end after the tag is none of it."""
    found = re.search(r'<textarea[^>]*id="teks"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found is not None
    return html.unescape(found[1])


def as_browser_sends(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_lesson_opens_with_its_text_its_tools_and_its_help(editor: Client) -> None:
    page = editor.page(f"{HOME}/sunting/{SATU}")
    assert area(page) == held(SATU).decode()
    assert f'value="{base_of(SATU)}"' in page
    assert 'data-gambar data-alamat="/pelatih/kursus/kursus/gambar/dasar/satu.md"' in page
    for slug in (
        "pilihan",
        "pilihan-ganda",
        "benar-salah",
        "isian",
        "urutan",
        "jodoh",
        "bebas",
        "dasar-hukum",
        "ingat",
    ):
        assert f'data-sisip="{slug}"' in page
        assert f'id="contoh-{slug}"' in page
    assert '<option value="dua.md">Pelajaran dua</option>' in page


@pytest.mark.parametrize("path", ["kursus.toml", "glosarium.md", SATU])
def test_every_text_of_a_course_opens_and_saved_unchanged_stays_what_it_was(editor: Client, path: str) -> None:
    before = held(path)
    text = area(editor.page(f"{HOME}/sunting/{path}"))
    answer = editor.send(f"{HOME}/sunting/{path}", teks=as_browser_sends(text), dasar=base_of(path))
    assert answer.status_code == 303
    assert held(path) == before


@pytest.mark.parametrize(
    "data",
    [
        b"# Satu\r\n\r\nIsi.\r\n",
        b"# Satu\n\nTanpa akhir baris",
        b"\xef\xbb\xbf# Satu\n",
        b"\n\n# Dua baris kosong dulu\n",
        b"# Campur\r\nsatu\ndua\rtiga\r\n",
        b"# Lama\rsatu\rdua",
        "# Huruf\x0c\u2028\u0085\n".encode(),
        b"",
        b"\n",
    ],
)
def test_line_ends_marks_and_a_missing_last_line_end_are_kept(editor: Client, cast: Cast, data: bytes) -> None:
    base = put("dasar/tiga.md", data, cast.admin)
    text = area(editor.page(f"{HOME}/sunting/dasar/tiga.md"))
    editor.send(f"{HOME}/sunting/dasar/tiga.md", teks=as_browser_sends(text), dasar=base)
    assert held("dasar/tiga.md") == data


def test_what_was_not_changed_keeps_its_line_ends_among_what_was() -> None:
    original = b"satu\r\ndua\ntiga\r\nempat\r\n"
    assert closed("satu\ndua\nTIGA\nbaru\nempat\n", original) == b"satu\r\ndua\nTIGA\r\nbaru\r\nempat\r\n"
    assert closed("satu\ndua\ntiga\nempat", original) == b"satu\r\ndua\ntiga\r\nempat"
    assert closed("lain", original) == b"lain"
    assert closed("satu\nlagi", b"satu") == b"satu\nlagi"
    assert closed("satu\n\n", b"satu\r\nx\n") == b"satu\r\n\r\n"


def test_a_typed_text_holds_nothing_that_no_file_can() -> None:
    assert typed("a\r\nb\rc\0d\ud800e") == "a\nb\ncde"
    assert opened("x.md", b"\xef\xbb\xbfa\r\nb") == "a\nb"


@pytest.mark.parametrize(
    ("path", "title"),
    [(SATU, "Pelajaran satu"), ("kursus.toml", "Urutan dan aturan"), ("glosarium.md", "Daftar istilah")],
)
def test_a_text_is_called_by_its_title_and_not_by_its_file(editor: Client, path: str, title: str) -> None:
    above = editor.page(f"{HOME}/sunting/{path}").partition("<main")[2].partition("<form")[0]
    page = re.sub("<[^>]*>", "", above)
    assert title in page
    assert path not in page


def test_a_form_and_a_story_of_it_are_called_by_their_titles(editor: Client, cast: Cast) -> None:
    put("dasar/kunjungan.toml", b'judul = "Formulir kunjungan"\nrusak', cast.admin)
    put("dasar/catatan.md", b"tanpa judul\n", cast.admin)
    assert "<h1>dasar/kunjungan.toml</h1>" in editor.page(f"{HOME}/sunting/dasar/kunjungan.toml")
    assert "<h1>dasar/catatan.md</h1>" in editor.page(f"{HOME}/sunting/dasar/catatan.md")
    put("dasar/kunjungan.toml", SOURCE.encode(), cast.admin)
    assert "<h1>Formulir kunjungan</h1>" in editor.page(f"{HOME}/sunting/dasar/kunjungan.toml")


def test_a_change_is_saved_by_form_and_by_script(editor: Client, cast: Cast) -> None:
    base = base_of(SATU)
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks="# Satu\r\n\r\nBaru.\r\n", dasar=base)
    assert answer.location.endswith("?tersimpan=09.14")
    assert "Tersimpan 09.14, belum terbit" in editor.page(answer.location)
    assert held(SATU) == b"# Satu\n\nBaru.\n"
    reply = editor.post(
        f"{HOME}/sunting/{SATU}",
        json={"teks": "# Satu\n\nLagi.\n", "dasar": base_of(SATU)},
        headers={"X-CSRFToken": editor.token(), "Referer": "https://sinau.test/"},
    )
    assert reply.get_json() == {"dasar": base_of(SATU), "jam": "09.14"}
    assert held(SATU) == b"# Satu\n\nLagi.\n"


def test_who_started_from_an_older_text_sees_both_and_loses_neither(editor: Client, cast: Cast) -> None:
    base = base_of(SATU)
    theirs = put(SATU, b"# Satu\n\nPUNYA-MEREKA\n", cast.admin)
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks="# Satu\n\nPUNYA-SAYA\n", dasar=base)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "PUNYA-SAYA" in text
    assert "PUNYA-MEREKA" in text
    assert theirs in text
    assert held(SATU) == b"# Satu\n\nPUNYA-MEREKA\n"
    reply = editor.post(
        f"{HOME}/sunting/{SATU}",
        json={"teks": "# Satu\n\nPUNYA-SAYA\n", "dasar": base},
        headers={"X-CSRFToken": editor.token(), "Referer": "https://sinau.test/"},
    )
    assert reply.status_code == 409
    assert reply.get_json() == {"error": "berubah", "dasar": theirs, "teks": "# Satu\n\nPUNYA-MEREKA\n"}


def test_a_save_that_is_repeated_because_its_reply_got_lost_is_no_quarrel(editor: Client) -> None:
    base = base_of(SATU)
    for _ in range(2):
        assert editor.send(f"{HOME}/sunting/{SATU}", teks="# Satu\n", dasar=base).status_code == 303
    assert held(SATU) == b"# Satu\n"


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("dasar/media/rumah.svg", None, "Ini gambar, bukan tulisan"),
        ("dasar/biner.md", b"\x89PNG\r\n\x1a\n\0\0", "bukan UTF-8"),
        ("dasar/nul.md", b"# a\0b", "karakter kosong"),
        ("dasar/utf16.md", "# Satu".encode("utf-16"), "UTF-16"),
        ("dasar/latin.md", b"# Satu\n\n\xe9\n", "baris 3 bukan UTF-8"),
        ("dasar/besar.md", b"x" * (LONGEST_FILE + 1), "200 KB"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(
    editor: Client, cast: Cast, path: str, data: bytes | None, reason: str
) -> None:
    if data is not None:
        put(path, data, cast.admin)
    before = held(path)
    answer = editor.get(f"{HOME}/sunting/{path}")
    assert answer.status_code == 422
    assert reason in html.unescape(answer.get_data(as_text=True))
    assert editor.send(f"{HOME}/sunting/{path}", teks="x", dasar=base_of(path)).status_code == 422
    assert held(path) == before


@pytest.mark.parametrize("words", [45_000, 400_000])
def test_a_text_that_got_too_long_is_shown_again_and_not_saved(editor: Client, words: int) -> None:
    before, text = held(SATU), "kata " * words
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks=text, dasar=base_of(SATU))
    assert answer.status_code == 422
    assert "lebih dari 200 KB dan belum tersimpan" in answer.get_data(as_text=True)
    assert area(answer.get_data(as_text=True)) == text
    assert held(SATU) == before


def test_a_text_above_two_megabytes_is_refused_with_what_to_do(editor: Client) -> None:
    before = held(SATU)
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks="kata " * 450_000, dasar=base_of(SATU))
    assert answer.status_code == 413
    assert "pendekkan tulisannya, lalu kirim lagi" in answer.get_data(as_text=True)
    assert held(SATU) == before


@pytest.mark.parametrize("fields", [{}, {"dasar": "x"}, {"teks": ["a"], "dasar": ""}, {"teks": "a", "dasar": 7}])
def test_what_is_no_text_of_a_form_is_refused(editor: Client, fields: dict[str, object]) -> None:
    head = {"X-CSRFToken": editor.token(), "Referer": "https://sinau.test/"}
    for way in ("sunting", "pratinjau"):
        assert editor.post(f"{HOME}/{way}/{SATU}", json=fields, headers=head).status_code == 400
        assert editor.post(f"{HOME}/{way}/{SATU}", json=["x"], headers=head).status_code == 400


def test_a_file_that_is_not_there_is_not_made_by_saving(editor: Client) -> None:
    for path in ("dasar/tidak-ada.md", "../luar.md", "dasar"):
        assert editor.send(f"{HOME}/sunting/{path}", teks="x", dasar="").status_code == 404
        assert editor.get(f"{HOME}/sunting/{path}").status_code == 404


def test_the_bank_of_questions_may_be_written_where_there_is_none(editor: Client) -> None:
    assert area(editor.page(f"{HOME}/sunting/tes.md")) == ""
    assert editor.send(f"{HOME}/sunting/tes.md", teks="## Kuis: Dasar (ambil 1)\r\n", dasar="").status_code == 303
    assert held("tes.md") == b"## Kuis: Dasar (ambil 1)\n"


def test_a_file_that_was_deleted_meanwhile_shows_what_was_written(editor: Client, cast: Cast) -> None:
    base = base_of(SATU)
    with writing():
        actions.save_files(1, {SATU: None}, cast.admin, START)
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks="# PUNYA-SAYA\n", dasar=base)
    assert answer.status_code == 409
    assert "PUNYA-SAYA" in answer.get_data(as_text=True)


def test_a_file_that_went_before_anybody_read_it_is_made_anew_with_what_was_written(editor: Client, cast: Cast) -> None:
    path = "dasar/tiga.md"
    way = f"{HOME}/sunting/{path}"
    base = put(path, b"# Tiga\n", cast.admin)
    with writing():
        actions.save_files(1, {path: None}, cast.admin, START)
    answer = editor.send(way, teks="# PUNYA-SAYA\n", dasar=base)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Berkas ini sudah dihapus" in page, "PUNYA-SAYA" in page) == (409, True, True)
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.partition('id="gabung"')[2]))
    fields.pop("csrf_token")
    assert editor.send(way, **{**fields, "mulai": "f" * 64}).status_code == 404, "nothing was ever there"
    assert editor.send(f"{HOME}/sunting/media/x.png", **fields).status_code == 404
    for _ in range(2):
        assert editor.send(way, **fields).status_code == 303
    assert held(path) == b"# PUNYA-SAYA\n"
    assert "Tidak masuk materi mana pun" in editor.page(HOME)


def test_only_editors_of_the_course_find_it(client: Client, cast: Cast) -> None:
    for who in (cast.trainer, cast.participant):
        sign_in(client, who)
        assert client.get(f"{HOME}/sunting/{SATU}").status_code == 404
        assert client.send(f"{HOME}/sunting/{SATU}", teks="x", dasar=base_of(SATU)).status_code == 404


def test_the_page_lets_pictures_from_the_phone_show_and_nothing_else(editor: Client) -> None:
    policy = editor.get(f"{HOME}/sunting/{SATU}").headers["Content-Security-Policy"]
    assert "img-src 'self' blob:;" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy


def test_the_page_is_sent_compressed_and_kept_by_nobody(editor: Client) -> None:
    head = {"Accept-Encoding": "gzip", "Referer": "https://sinau.test/"}
    editor.lint = False
    answer = editor.get(f"{HOME}/sunting/{SATU}", headers=head)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "private, no-store"


def renamed_by_a_colleague(client: Client, cast: Cast, new: str, page: str = SATU) -> None:
    """Another editor gives the lesson another path, by the page."""
    colleague = sign_in(client, cast.admin)
    answer = colleague.send(f"{HOME}/nama/{page}", aksi="ganti", folder="dasar", nama=new, sama="ya")
    assert answer.status_code == 303


def carried(page: str) -> dict[str, str]:
    """What the form of two texts sends when nothing is left to choose."""
    found = re.findall(r'<input type="hidden" name="(dasar|bagian|tetap-\d+)" value="([^"]*)"', page)
    return {name: as_browser_sends(html.unescape(value)) for name, value in found}


def test_a_text_whose_file_was_renamed_meanwhile_is_saved_under_its_new_name(
    editor: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    base, before = base_of(SATU), held(SATU).decode()
    renamed_by_a_colleague(browser(), cast, "mula/awal")
    answer = editor.send(f"{HOME}/sunting/{SATU}", teks=f"{before}\nPUNYA-SAYA\n", dasar=base)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "menjadi <b>mula/awal.md</b>" in page
    assert "PUNYA-SAYA" in page
    assert f'action="{HOME}/sunting/mula/awal.md"' in page
    answer = editor.send(f"{HOME}/sunting/mula/awal.md", teks="", **carried(page))
    assert answer.status_code == 303
    text = held("mula/awal.md").decode()
    assert text.endswith("PUNYA-SAYA\n")
    assert "](../dasar/media/rumah.svg)" in text, "its pictures are found from the new folder"
    assert SATU not in queries.draft_hashes(1)


def test_both_who_renamed_and_who_wrote_keep_their_words(
    editor: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    base, before = base_of(SATU), held(SATU).decode()
    renamed_by_a_colleague(browser(), cast, "awal")
    put("dasar/awal.md", before.replace("Kalimat penting", "Kalimat PUNYA-MEREKA").encode(), cast.admin)
    mine = before.replace("Kalimat pembuka", "Kalimat PUNYA-SAYA")
    page = editor.send(f"{HOME}/sunting/{SATU}", teks=mine, dasar=base).get_data(as_text=True)
    assert editor.send(f"{HOME}/sunting/dasar/awal.md", teks="", **carried(page)).status_code == 303
    assert {b"PUNYA-SAYA", b"PUNYA-MEREKA"} <= set(re.findall(rb"PUNYA-\w+", held("dasar/awal.md")))


def test_a_lesson_that_nobody_read_yet_is_found_under_its_new_name_too(
    editor: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    base = put("dasar/tiga.md", b"# Tiga\n\nIsi.\n", cast.admin)
    renamed_by_a_colleague(browser(), cast, "empat", "dasar/tiga.md")
    answer = editor.send(f"{HOME}/sunting/dasar/tiga.md", teks="# Tiga\n\nPUNYA-SAYA\n", dasar=base)
    assert answer.status_code == 409
    assert "menjadi <b>dasar/empat.md</b>" in answer.get_data(as_text=True)


def test_a_script_learns_the_new_name_and_no_text_that_it_could_take_for_its_own(
    editor: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    base, text = base_of(SATU), held(SATU).decode()
    renamed_by_a_colleague(browser(), cast, "awal")
    head = {"X-CSRFToken": editor.token(), "Referer": "https://sinau.test/"}
    answer = editor.post(f"{HOME}/sunting/{SATU}", json={"teks": text, "dasar": base}, headers=head)
    assert (answer.status_code, answer.get_json()) == (409, {"error": "berubah", "ke": "dasar/awal.md"})
    seen = editor.post(f"{HOME}/pratinjau/{SATU}", json={"teks": "# Masih dilihat\n"}, headers=head)
    assert "Masih dilihat" in seen.get_json()["html"]


def test_the_old_address_of_the_editor_leads_to_the_new_name(
    editor: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    renamed_by_a_colleague(browser(), cast, "awal")
    location = editor.get(f"{HOME}/sunting/{SATU}").location
    assert location == f"{HOME}/sunting/dasar/awal.md?dulu={SATU}"
    page = editor.page(location)
    assert f"dulu bernama <b>{SATU}</b>" in page
    assert f'data-dulu="{SLUG}/{SATU}"' in page, "what a phone kept under the old name is offered"

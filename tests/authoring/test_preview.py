"""The preview: a draft as a participant would see it, with everything that is said of it."""

import html
import re
from typing import Any

import pytest

from lms.course import queries
from lms.course.check import check_course
from tests.authoring.editing import HOME, SATU, as_editor, base_of, held, put
from tests.conftest import SLUG, START, Cast, Client
from tests.course.form_texts import PATH as FORM
from tests.course.form_texts import SOURCE as FORM_SOURCE
from tests.course.form_texts import case_of, course_files
from tests.learn.test_queries_count import statements


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_editor(client, cast)


def look(client: Client, text: str, path: str = SATU) -> dict[str, Any]:
    """What a script is told of a text."""
    head = {"X-CSRFToken": client.token(), "Referer": "https://sinau.test/"}
    answer = client.post(f"{HOME}/pratinjau/{path}", json={"teks": text}, headers=head)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


def article(page: str) -> str:
    found = re.search(r'<article class="prose">.*?</article>', page, re.S)
    assert found is not None
    return found[0]


def test_the_prose_is_the_very_same_as_in_the_lesson(editor: Client) -> None:
    read = article(editor.page(f"/belajar/{SLUG}/dasar/satu"))
    seen = article(look(editor, held(SATU).decode())["html"])
    seen = seen[: seen.index('<section class="practice" aria-label="Kuis">')].rstrip()
    read = re.sub(r"/media/[0-9a-f]{64}", f"{HOME}/berkas/dasar/media/rumah.svg", read)
    read = read.replace(f"/belajar/{SLUG}/dasar/dua", f"{HOME}/sunting/dasar/dua.md")
    assert read.removesuffix("</article>").rstrip() == seen


def test_the_quiz_is_shown_to_be_tried_and_says_so(editor: Client) -> None:
    seen = look(editor, held(SATU).decode())["html"]
    assert "KUNCI-BENAR" in seen
    assert "hanya dicoba: tidak dikirim dan tidak dicatat" in seen
    assert seen.count("data-latihan") == 2
    assert "KUNCI-BENAR" not in editor.page(f"/belajar/{SLUG}/dasar/satu")


def test_a_change_is_seen_before_it_is_saved_and_nothing_is_kept(editor: Client) -> None:
    before = held(SATU)
    told = look(editor, "# Judul baru\n\nKalimat yang BARU-DITULIS.\n")
    assert "<h1>Judul baru</h1>" in told["html"]
    assert "BARU-DITULIS" in told["html"]
    assert held(SATU) == before


def test_problems_are_those_of_the_checker_with_their_lines(editor: Client) -> None:
    text = held(SATU).decode().replace("- [x] KUNCI", "- [ ] KUNCI")
    told = look(editor, text)
    assert told["must"] == 1
    fault = told["problems"][0]
    assert fault["level"] == "galat"
    assert text.split("\n")[fault["line"] - 1] == "### Ibu kota kabupaten?"
    files = queries.files_of(queries.draft_hashes(1)) | {SATU: text.encode()}
    expected = [each for each in check_course(files, START.date()).problems if each.path == SATU]
    said = [(each["line"], each["text"]) for each in [*told["problems"], *told["readability"]]]
    assert sorted(said) == sorted((each.line, each.text) for each in expected)


def test_links_and_pictures_are_judged_by_what_the_draft_has_now(editor: Client, cast: Cast) -> None:
    text = "# Satu\n\n[tiga](tiga.md) dan ![Foto](media/baru.png)\n"
    assert {each["line"] for each in look(editor, text)["problems"] if each["level"] == "galat"} == {3}
    put("dasar/tiga.md", b"# Tiga\n", cast.admin)
    put("dasar/media/baru.png", b"x" * 5_000, cast.admin)
    told = look(editor, text)
    assert told["must"] == 0
    assert f'href="{HOME}/sunting/dasar/tiga.md"' in told["html"]
    assert f'src="{HOME}/berkas/dasar/media/baru.png"' in told["html"]
    assert told["kb"] == 6


def test_readability_speaks_of_sentences_abbreviations_and_plainer_words(editor: Client, cast: Cast) -> None:
    put("glosarium.md", b"## Sinergi | bersinergi\n\nBekerja sama.\n\nKata mudah: kerja sama\n", cast.admin)
    text = "# Satu\n\nKita bersinergi.\n\n" + "kata " * 26 + ".\n\nTanya BAPPEDA dulu.\n"
    told = look(editor, text)
    said = [(each["line"], each["kind"]) for each in told["readability"]]
    assert said == [(3, "istilah"), (5, "kalimat"), (7, "singkatan")]
    assert 'pakai "kerja sama"' in told["readability"][0]["text"]
    assert not any("singkatan" in each["text"] for each in told["problems"])
    assert told["words"] > 26


def test_without_script_the_preview_is_a_page_with_each_line_quoted(editor: Client) -> None:
    text = held(SATU).decode().replace("- [x] KUNCI", "- [ ] KUNCI")
    answer = editor.send(f"{HOME}/pratinjau/{SATU}", teks=text, dasar=base_of(SATU))
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "1 harus dibetulkan" in page
    assert "<q>### Ibu kota kabupaten?</q>" in page
    line = text.split("\n").index("### Ibu kota kabupaten?") + 1
    assert f'<a href="#teks" data-baris="{line}">Baris {line}</a>' in page
    assert '<p class="judul">Pelajaran satu</p>' in page
    assert "Belum tersimpan" in page


def test_every_text_of_a_course_has_a_preview_of_its_kind(editor: Client, cast: Cast) -> None:
    assert "Dasar" in look(editor, held("kursus.toml").decode(), "kursus.toml")["html"]
    assert "<dt id=" in look(editor, "## PSM\n\nRelawan.\n", "glosarium.md")["html"]
    put("tes.md", b"x", cast.admin)
    told = look(editor, "## Kuis: Dasar (ambil 1)\n\n### Satu?\n\nJawaban: 1\n", "tes.md")
    assert 'data-latihan="isian"' in told["html"]


def test_a_broken_kursus_toml_says_its_line(editor: Client) -> None:
    told = look(editor, 'judul = "x"\nrusak\n', "kursus.toml")
    assert [each["line"] for each in told["problems"]] == [2]
    assert "Belum ada yang dapat ditampilkan" in told["html"]


def test_a_form_is_shown_with_its_fields(editor: Client, cast: Cast) -> None:
    put("dasar/formulir.toml", b"x", cast.admin)
    text = 'judul = "F"\n[[bagian]]\njudul = "A"\n[[bagian.isian]]\nnama = "n"\nlabel = "Nama warga"\njenis = "teks"\n'
    told = look(editor, text, "dasar/formulir.toml")
    assert "Nama warga" in told["html"]


def test_a_form_is_shown_empty_as_it_is_asked_and_its_example_filled_in(editor: Client, cast: Cast) -> None:
    for path, data in course_files().items():
        if path != "kursus.toml":
            put(path, data, cast.admin)
    seen = look(editor, FORM_SOURCE, FORM)["html"]
    asked, mark, example = seen.partition("Contoh terisi: ")
    assert mark
    assert not re.search(r'<input[^>]*type="(?:text|date)"[^>]*value="[^"]', asked)
    assert " checked" not in asked
    assert "Alasan:" not in asked
    form, case = case_of("ibu-sari")
    for name, value in case.model.items():
        assert html.escape(form.fields[name].in_words(value)[0], quote=False) in example
    assert "<b>Alasan:</b>" in example


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "#",
            "## Kuis",
            "## Kuis\n\n### ",
            "## Latihan\n\n### a\n\nUrutkan:",
            "## Kuis\n\n### a\n\nJodohkan:\n\n| a |",
        ),
        *("```\n", "![](", "[x](javascript:alert(1))", "<script>alert(1)</script>", "|" * 500, "> " * 300, "\ufeff# a"),
    ],
)
def test_whatever_stands_there_while_it_is_being_written_is_shown(editor: Client, text: str) -> None:
    for path in (SATU, "glosarium.md", "kursus.toml"):
        told = look(editor, text, path)
        assert "<script" not in told["html"]
        assert "javascript:" not in told["html"].lower().replace("[x](javascript", "")


def test_a_preview_asks_no_more_for_a_longer_text(editor: Client) -> None:
    text = held(SATU).decode()

    def asked(content: str) -> int:
        look(editor, content)
        with statements() as sent:
            look(editor, content)
        return len(sent)

    assert asked(text) == asked(text + "\n\nKalimat lagi.\n" * 50) <= 6


def test_a_heavy_lesson_is_told_so_while_it_is_written_and_publishes_all_the_same(editor: Client, cast: Cast) -> None:
    put("dasar/media/berat.png", b"x" * 100_300, cast.other_trainer)
    told = look(editor, held(SATU).decode() + "\n![Sawah](media/berat.png)\n")
    (heavy,) = [each for each in told["problems"] if "bersama gambarnya" in each["text"]]
    assert (heavy["level"], told["must"], f"{told['kb']} KB" in heavy["text"]) == ("peringatan", 0, True)
    assert "bersama gambarnya" not in str(look(editor, held(SATU).decode())["problems"])
